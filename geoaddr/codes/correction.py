"""What a wrong NDAS code may have been meant as.

One slip is undone in every way: another digit in a place, two neighbours swapped back, a missing digit put in,
an extra one taken out, a letter read as the digit that it looks like. A check letter that was typed sorts the
right undoing from the wrong ones: of a hundred, about four fit it. The number of variants is bounded (under
120), so that one question to the registry settles which of them exist.

How often slips happen is after J. Verhoeff, "Error Detecting Decimal Codes" (Amsterdam, 1969): four in five
are single digits, spread over 90 variants; one in ten is a swap of neighbours, over 9 at most.

>>> [v.code for v in variants("1112O12345")][:3]
['1112012345', '1112112345', '1112212345']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from geoaddr.codes import check_letter, clean, ndas
from geoaddr.errors import Said
from geoaddr.model import Record, Suggestion

Kind = Literal["substitution", "transposition", "missing", "extra", "check_letter"]

LIMIT = 10

_LOOKS_LIKE = {
    "O": "0", "Q": "0", "D": "0", "U": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "A": "4", "S": "5",
    "G": "6", "T": "7", "B": "8", "P": "9",
}  # fmt: skip
_ALIKE = frozenset({"17", "38", "56", "06", "08", "68", "49", "09", "35", "27", "69", "VW", "CG", "PR", "WX"})
"""Pairs of characters, in the order of their codes, that a careless hand or a worn label confuses."""


@dataclass(frozen=True, slots=True)
class Variant(Record):
    """A code one slip away: ``position`` is where, counted from 1 among the typed characters that are no
    separators (for a missing digit: where it belongs); ``typed`` and ``meant`` are the characters there."""

    code: str
    kind: Kind
    position: int
    typed: str
    meant: str


def variants(code: str) -> list[Variant]:
    """Every ten-digit code that one slip turns into ``code``, likeliest kind first; each code once.

    Empty for a text that is more than one slip away from an NDAS code, such as a code of another system.

    :raises InvalidLength, InvalidFormat: for an empty or enormous text and for characters foreign to all codes.
    """
    text = clean.compact(code)
    found: dict[str, Variant] = {}
    for body, letter in _bodies(text):
        for variant in _undo(body):
            if not letter or check_letter.matches(variant.code, letter):
                found.setdefault(variant.code, variant)
    body, letter = ndas.split_letter(text)
    if letter and clean.is_digits(body):
        found.pop(body, None)
        right = check_letter.letter(body)
        if letter != right:
            found[body] = Variant(body, "check_letter", len(text), letter, right)
        for variant in _undo(body):
            found.setdefault(variant.code, variant)
    return list(found.values())


def suggest(
    code: str,
    *,
    issued: Callable[[Iterable[str]], AbstractSet[str]] | AbstractSet[str],
    area_known: Callable[[str], bool] | AbstractSet[str],
    limit: int = LIMIT,
) -> list[Suggestion]:
    """The codes that ``code`` may have been meant as, best first, at most ``limit``.

    ``issued`` answers which of some codes the registry knows, ``area_known`` whether five digits are a postcode;
    both may also be plain sets. Issued codes come first, then the same digits with another check letter, then
    those that fit a typed check letter, then those of a known area, then the likelier slip. A code that differs
    in length from the right one by a digit has so many variants that only issued ones are offered for it.

    :raises InvalidLength, InvalidFormat: as :func:`variants`.
    """
    candidates = variants(code)
    codes = [variant.code for variant in candidates]
    known = issued(codes) if callable(issued) else issued
    in_area = area_known if callable(area_known) else area_known.__contains__
    areas = {area: in_area(area) for area in dict.fromkeys(ndas.area(c) for c in codes)}
    letter = _typed_letter(code)

    def order(variant: Variant) -> tuple[object, ...]:
        fits = bool(letter) and check_letter.matches(variant.code, letter)
        unknown = not areas[ndas.area(variant.code)]
        sound = variant.kind == "check_letter"  # the digits may stand as they are
        known_first = (variant.code not in known, not sound, not fits, unknown)
        return (*known_first, -likelihood(variant), variant.position, variant.code)

    offered = [v for v in candidates if v.code in known or v.kind not in ("missing", "extra")]
    return [
        Suggestion(
            variant.code,
            variant.kind,
            variant.position,
            variant.code in known,
            areas[ndas.area(variant.code)],
            _reason(
                variant,
                issued=variant.code in known,
                area=areas[ndas.area(variant.code)],
                fits=bool(letter) and check_letter.matches(variant.code, letter),
            ),
        )
        for variant in sorted(offered, key=order)[:limit]
    ]


def _bodies(text: str) -> Iterator[tuple[str, str]]:
    """The text as digits with a slip and, where it ends in a letter, as such digits and their check letter."""
    if 9 <= len(text) <= 12 and text[-1] in check_letter.LETTERS:
        yield text[:-1], text[-1]
    if 9 <= len(text) <= 11:
        yield text, ""


def _undo(body: str) -> Iterator[Variant]:
    """Every ten-digit code one slip before ``body``, 9 to 11 characters of which at most one is no digit."""
    odd = [i for i, char in enumerate(body) if not clean.is_digits(char)]
    if len(odd) > 1:
        return
    if len(body) == ndas.DIGITS:
        if not odd:
            yield from _swapped(body)
        for i in odd or range(len(body)):
            yield from _replaced(body, i)
    elif len(body) == ndas.DIGITS + 1:
        for i in odd or range(len(body)):
            yield Variant(body[:i] + body[i + 1 :], "extra", i + 1, body[i], "")
    elif len(body) == ndas.DIGITS - 1 and not odd:
        for i in range(len(body) + 1):
            for digit in "0123456789":
                yield Variant(body[:i] + digit + body[i:], "missing", i + 1, "", digit)


def _swapped(body: str) -> Iterator[Variant]:
    for i in range(len(body) - 1):
        a, b = body[i], body[i + 1]
        if a != b:
            yield Variant(body[:i] + b + a + body[i + 2 :], "transposition", i + 1, a + b, b + a)


def _replaced(body: str, i: int) -> Iterator[Variant]:
    typed = body[i]
    meant = sorted("0123456789", key=lambda digit: _LOOKS_LIKE.get(typed) != digit)
    for digit in meant:
        if digit != typed:
            yield Variant(body[:i] + digit + body[i + 1 :], "substitution", i + 1, typed, digit)


def _typed_letter(code: str) -> str:
    text = clean.compact(code)
    return text[-1] if text[-1] in check_letter.LETTERS else ""


def likelihood(variant: Variant) -> int:
    """How common the slip is among its like, 3 the commonest."""
    if variant.kind in ("transposition", "check_letter"):
        return 2
    pair = "".join(sorted(variant.typed + variant.meant))
    if _LOOKS_LIKE.get(variant.typed) == variant.meant:
        return 3
    if variant.kind == "substitution" and (pair in _ALIKE or _side_by_side(variant.typed, variant.meant)):
        return 2
    return 1


def _side_by_side(typed: str, meant: str) -> bool:
    """Whether two digits lie side by side in the row of a keyboard."""
    row = "1234567890"
    return abs(row.find(typed) - row.find(meant)) == 1 if typed in row else False


SLIPS: dict[Kind, Said] = {
    "substitution": Said("character {at}: {meant} instead of {typed}", "ký tự thứ {at}: {meant} thay vì {typed}"),
    "transposition": Said(
        "characters {at} and {next}: {meant} instead of {typed}",
        "ký tự thứ {at} và {next}: {meant} thay vì {typed}",
    ),
    "missing": Said("a missing {meant} as character {at}", "thiếu {meant} ở ký tự thứ {at}"),
    "extra": Said("one {typed} too many, character {at}", "thừa {typed} ở ký tự thứ {at}"),
    "check_letter": Said(
        "the same digits; their check letter is {meant}, not {typed}",
        "đúng các chữ số này; chữ kiểm tra là {meant}, không phải {typed}",
    ),
}


def what_happened(variant: Variant) -> Said:
    """The slip in words: what stands at which place instead of what."""
    at, slip = variant.position, SLIPS[variant.kind]
    slots = {"at": at, "next": at + 1, "typed": variant.typed, "meant": variant.meant}
    return Said(slip.en.format(**slots), slip.vi.format(**slots))


def _reason(variant: Variant, *, issued: bool, area: bool, fits: bool) -> dict[str, str]:
    """Why a variant is offered, in both languages."""
    slip = what_happened(variant)
    en, vi = [slip.en], [slip.vi]
    en.append("issued" if issued else "not issued")
    vi.append("đã cấp" if issued else "chưa cấp")
    area_code = ndas.area(variant.code)
    en.append(f"{area_code} is a postcode" if area else f"{area_code} is no postcode")
    vi.append(f"{area_code} là mã bưu chính" if area else f"{area_code} không phải mã bưu chính")
    if fits:
        en.append("fits the check letter")
        vi.append("khớp chữ kiểm tra")
    return {"en": "; ".join(en), "vi": "; ".join(vi)}
