"""How alike two names are, and how a score is put together. Stores filter; what is best is decided here.

A score is a product, so that no good part hides a bad one: ``units`` how much of what was found this place is,
by its commune; ``street`` how like the name is; ``number`` how far the house number was followed; ``agreement``
whether the place lies in all units that the text names. Parts that the text does not ask for are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geoaddr.finding.records import ScorePart

ABSENT = 0.3
"""The part ``street`` where the name that was asked for is not known in the commune."""

NUMBERS: Mapping[str, float] = {"house": 1.0, "alley": 0.7, "interpolated": 0.8, "neighbour": 0.6, "none": 0.4}
"""The part ``number``: the house itself; others at its number of the street, in its alley say; between its
neighbours; beside one of them; none is known."""

UNKNOWN_STREET = 0.2
"""How often a commune that is not known to have a street has it: no registry is complete."""

HOUSE_ELSEWHERE = 0.1
"""How much less likely that is where the very house is known in another of the communes that the text may name."""

NEXT_COMMUNE = 0.3
"""How often a street that is not known in the commune that a text names lies in the next one, where it is
known."""

FAR_COMMUNE = 0.03
"""The same for the other communes of the province: never so often that it outweighs the commune itself."""

_SIGNS = re.compile(r"\d+|\b[a-z]\b")

SHORTEST = 6
"""Shorter names are too like one another to be taken for a slip. Between those that are so short but for their
blanks another letter makes another name, as of Lê Lai and Lê Lợi; one too many or too few is still a slip."""

LONG = 13
"""From this length on a name may have two slips."""


def likeness(asked: str, known: str) -> float:
    """How like two keys of names are, 0 to 1; 0 where more than a slip or two lies between them.

    Numbers and single letters are not misspelt: ``duong so 3`` is not like ``duong so 8``, nor ``khu a`` like
    ``khu b``. In longer names two words may have a slip each.
    """
    if asked == known:
        return 1.0
    if max(len(asked), len(known)) < SHORTEST or _SIGNS.findall(asked) != _SIGNS.findall(known):
        return 0.0
    if _letters(asked) == _letters(known) < SHORTEST and sorted(asked) != sorted(known):
        return 0.0
    words, others = asked.split(), known.split()
    if len(words) != len(others):  # a blank too many or too few
        away = OSA.distance(asked, known, score_cutoff=1)
        return _like(away, asked, known) if away <= 1 else 0.0
    slips = [OSA.distance(*pair, score_cutoff=1) for pair in zip(words, others, strict=True)]
    allowed = 2 if len(asked) >= LONG else 1
    return _like(sum(slips), asked, known) if max(slips) <= 1 and sum(slips) <= allowed else 0.0


def _letters(key: str) -> int:
    return len(key) - key.count(" ")


def _like(away: int, asked: str, known: str) -> float:
    return 1.0 - 1.5 * away / max(len(asked), len(known))


def alike(asked: str, known: Collection[str]) -> dict[str, float]:
    """Those of the known keys that are like the one asked for, with how much; the likest alone where some is
    it."""
    if asked in known:
        return {asked: 1.0}
    if len(asked) < SHORTEST - 1:  # one slip does not make it long enough
        return {}
    slips = 2 if len(asked) >= LONG else 1
    near = process.extract(
        asked, known, scorer=OSA.distance, score_cutoff=slips, limit=None
    )  # slips of words add up
    return {key: like for key, _, _ in near if (like := likeness(asked, key)) > 0.0}


FORMER = 0.9
"""The part ``former`` of what has another address now: whoever asks may mean what stands there today."""


CONTRADICTED = 0.5
"""The part ``agreement`` of what does not lie in another unit that the text names: either may be what is wrong."""


def parts(
    units: float, street: float | None, number: str | None, *, former: bool = False, contradicted: float = 0.0
) -> dict[str, ScorePart]:
    """The parts of a score; ``None`` for what was not asked for.

    :param contradicted: the share of the readings whose text names a unit elsewhere.
    """
    found = {"units": ScorePart(round(units, 4), 1.0)}
    if street is not None:
        found["street"] = ScorePart(round(street, 4), 1.0)
    if number is not None:
        found["number"] = ScorePart(NUMBERS[number], 1.0)
    if former:
        found["former"] = ScorePart(FORMER, 1.0)
    if contradicted:
        found["agreement"] = ScorePart(round(1.0 - (1.0 - CONTRADICTED) * contradicted, 4), 1.0)
    return found


def score(of: Mapping[str, ScorePart]) -> float:
    """The product of the parts."""
    product = 1.0
    for part in of.values():
        product *= part.value
    return round(product, 4)
