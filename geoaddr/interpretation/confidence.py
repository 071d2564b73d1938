"""Confidence in a reading: the probability that its smallest unit is the right one.

A logistic curve over few named terms. Its figures come from ``python -m tests.benchmarks.calibration --fit``,
which also tells how far they are off on addresses that were held out; see ``docs/explanation/confidence.md``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.reading import Interpretation, Reading
from geoaddr.model import Unit
from geoaddr.text.fold import fold_keep_accents

LEAST, MOST = 0.01, 0.95
"""Weights beyond these say no more: what is certain among the readings may still be none of them."""

ZONE = "Đặc khu"

DEAREST = 2.5
"""Costs beyond this say no more."""

READING = {"commune": 1.62, "district": 2.12, "province": 1.91, "weight": 0.99, "cost": -0.3}
"""The terms of a reading: one by the level of its smallest unit, the log odds of its weight, its cost."""


AMONG_WORDS = -2.5
"""For a district or province that is the only name understood: log odds for each unit of what the words about it
cost. That levels are missing costs all of these the same; that the name stands amid words that nobody understood
tells other texts from addresses. Set by hand: the texts of the fit are all addresses."""


def logistic(score: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + math.exp(-score))


def log_odds(weight: float) -> float:
    """The log odds of a weight, bounded on either side."""
    weight = min(max(weight, LEAST), MOST)
    return math.log(weight / (1.0 - weight))


def cost_of(reading: Reading) -> float:
    """What a reading costs, at most ``DEAREST``: 0 for one that is written in full."""
    return min(DEAREST, -math.log(max(reading.score, 1e-9)))


def terms_of(readings: Sequence[Interpretation], gazetteer: Gazetteer) -> dict[str, float]:
    """The terms of the best reading; its weight is that of all readings that mean the same place."""
    best = readings[0]
    level = "commune" if best.commune else "district" if best.district else "province"
    weight = sum(reading.weight for reading in _meaning(best, readings, gazetteer))
    return {level: 1.0, "weight": log_odds(weight), "cost": cost_of(best)}


def most_of(readings: Sequence[Interpretation], gazetteer: Gazetteer) -> float:
    """The most that a confidence in the best of ``readings`` may be: less, the nearer a place that lies elsewhere
    comes to it, as for a conversion; two that are as likely have half each, whatever the curve says."""
    best = readings[0]
    if best.commune is None and best.district is None:
        return 1.0
    mine = _meaning(best, readings, gazetteer)
    mine += [r for r in readings if r not in mine and best.commune is None and _lies_in(best, r)]
    others = [r for r in readings if r not in mine and (r.commune or r.district)]
    if not others:
        return 1.0
    first = sum(reading.weight for reading in mine)
    second = sum(reading.weight for reading in _meaning(others[0], others, gazetteer))
    return 1.0 - (1.0 - first) * min(1.0, second / first)


def _lies_in(district: Interpretation, reading: Interpretation) -> bool:
    """Whether a reading ends in the same district, or in a commune of its name and province: of its middle."""
    one, other = district.district, reading.commune
    if one is None or (reading.district is not None and reading.district.code == one.code):
        return one is not None
    if other is None or district.province is None or reading.province is None:
        return False
    return fold_keep_accents(one.name) == fold_keep_accents(other.name) and (
        district.province.name == reading.province.name
    )


def _meaning(
    one: Interpretation, readings: Sequence[Interpretation], gazetteer: Gazetteer
) -> list[Interpretation]:
    """Those of ``readings`` that mean the same place as ``one`` of them."""
    return [reading for reading in readings if reading is one or _alike(one, reading, gazetteer)]


def among_words(reading: Interpretation) -> float:
    """What the words about it cost a reading that is one name alone, and no commune's; else 0."""
    if reading.commune is not None or sum(match.span is not None for match in reading.matches) > 1:
        return 0.0
    parts = reading.score_parts
    return -parts.get("place", 0.0) - parts.get("unused", 0.0)


def _alike(a: Interpretation, b: Interpretation, gazetteer: Gazetteer) -> bool:
    """Whether two readings end in units of one name, accents and all, and of one level, and are held by one
    district, or mean by one name the commune of today and one of before that it holds some of: a special zone is
    the island that was a district."""
    one, other = a.commune or a.district, b.commune or b.district
    if one is None or other is None or fold_keep_accents(one.name) != fold_keep_accents(other.name):
        return False
    if one.level != other.level:
        return ZONE in (one.type, other.type)
    if a.district is not None and b.district is not None:
        return a.district.code == b.district.code
    named = a.province is not None and b.province is not None and a.province.name == b.province.name
    if {a.era, b.era} != {"old", "mixed"} and not (named and not {"province"} & {*a.inferred, *b.inferred}):
        return False
    return one.level != "commune" or _share_ground(one, other, gazetteer)


def _share_ground(one: Unit, other: Unit, gazetteer: Gazetteer) -> bool:
    """Whether the commune that came later holds some of the earlier one."""
    earlier, later = sorted((one, other), key=lambda unit: unit.valid_from)
    became = gazetteer.translate(
        earlier.code, "commune", known_on=earlier.valid_from, as_of=max(later.valid_from, earlier.valid_from)
    )
    return any(unit.code == later.code for unit, _ in became)


def of_reading(readings: Sequence[Interpretation], gazetteer: Gazetteer) -> float:
    """The probability that the smallest unit of the first of ``readings`` is right; 0 without any."""
    if not readings:
        return 0.0
    score = sum(READING[name] * value for name, value in terms_of(readings, gazetteer).items())
    score += AMONG_WORDS * among_words(readings[0])
    return min(most_of(readings, gazetteer), logistic(score))
