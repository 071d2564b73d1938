"""What a Vpostcode that fits no place in its area may have been meant as.

A wrong postcode, or a wrong character among the first of the tail, moves the cell out of the area that the
postcode names; every code one slip away whose cell lies in its postcode's area is offered. A slip in the last
characters moves the cell by metres and mostly stays in the area: nothing in the code itself can show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from geoaddr.codes import clean, vpostcode
from geoaddr.codes.correction import LIMIT, Variant, likelihood, what_happened
from geoaddr.codes.plus_code import ALPHABET
from geoaddr.codes.vpostcode import LENGTH, POSTCODE_DIGITS, Area
from geoaddr.model import Suggestion

_DIGITS = "0123456789"


def variants(code: str) -> list[Variant]:
    """Every Vpostcode that one wrong character or one swap of neighbours turns into ``code``, under 200.

    Empty for a text that is not twelve characters, or has more than one that a Vpostcode cannot have there.

    :raises InvalidLength, InvalidFormat: for an empty or enormous text and for characters foreign to all codes.
    """
    text = clean.compact(code)
    if len(text) != LENGTH:
        return []
    odd = [i for i, char in enumerate(text) if char not in _alphabet(i)]
    found = {variant.code: variant for variant in _undo(text, odd)}
    found.pop(text, None)
    return list(found.values())


def suggest(code: str, *, areas_of: Callable[[str], Sequence[Area]], limit: int = LIMIT) -> list[Suggestion]:
    """The Vpostcodes one slip from ``code`` whose cell lies in their postcode's area, likeliest first.

    ``areas_of`` gives the area of exactly one postcode, nothing for an unknown one; it is asked once for each
    of at most fifty postcodes.

    :raises InvalidLength, InvalidFormat: as :func:`variants`.
    """
    areas: dict[str, Sequence[Area]] = {}
    ranked: list[tuple[tuple[int, int, str], Suggestion]] = []
    for variant in variants(code):
        postcode = variant.code[:POSTCODE_DIGITS]
        if postcode not in areas:
            areas[postcode] = areas_of(postcode)
        if not any(reading.within for reading in vpostcode.decode(variant.code, areas[postcode])):
            continue
        slip = what_happened(variant)
        reason = {
            "en": f"{slip.en}; lies in the area of postcode {postcode}",
            "vi": f"{slip.vi}; nằm trong khu vực của mã bưu chính {postcode}",
        }
        order = (-likelihood(variant), variant.position, variant.code)
        ranked.append((order, Suggestion(variant.code, variant.kind, variant.position, False, True, reason)))
    ranked.sort(key=lambda pair: pair[0])
    return [suggestion for _, suggestion in ranked[:limit]]


def _alphabet(place: int) -> str:
    return _DIGITS if place < POSTCODE_DIGITS else ALPHABET


def _undo(text: str, odd: list[int]) -> Iterator[Variant]:
    """Swaps back first, then other characters; ``odd`` are the places with a character that cannot stand there."""
    for i in range(LENGTH - 1):
        a, b = text[i], text[i + 1]
        settled = set(odd) <= {i, i + 1} and b in _alphabet(i) and a in _alphabet(i + 1)
        if a != b and settled:
            yield Variant(text[:i] + b + a + text[i + 2 :], "transposition", i + 1, a + b, b + a)
    if len(odd) > 1:
        return
    for i in odd or range(LENGTH):
        for char in _alphabet(i):
            if char != text[i]:
                yield Variant(text[:i] + char + text[i + 1 :], "substitution", i + 1, text[i], char)
