"""Confidence in a conversion: the probability that the heaviest candidate is the right commune.

A logistic curve over few named terms; see :mod:`geoaddr.interpretation.confidence` for where figures come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.conversion.records import Candidate
from geoaddr.interpretation.confidence import cost_of, log_odds, logistic
from geoaddr.interpretation.reading import Reading

__all__ = ["BOUNDARY", "LEAST_WEIGHT", "OK_FROM", "is_alone", "most_of", "of_commune", "terms_of"]

COMMUNE = {"named": 3.05, "whole": 1.12, "divided": 0.51, "area": 0.24, "weight": 0.69, "cost": -0.29}
"""The terms of a conversion: one by what the best reading is (a commune of the day asked for; one that is now in
a single commune; one that was divided; a district), the log odds of the heaviest candidate, the reading's cost."""

ALONE = {"named": 2.69, "whole": 2.73, "divided": 2.57, "area": 2.66, "weight": 1.12, "cost": -1.12}
"""The same for a unit that is named alone, with nothing that holds it."""

KNOWN = {"known": 1.0, "weight": 1.2}
"""The same where known addresses on the street decide. Few are known of most streets, so their weights say more:
fitted to real old addresses, each asked of a registry with half of the others."""

BOUNDARY = 0.99
"""Where exact boundaries hold the point in one of the candidates. Points decide the labels of the real addresses
too, so that this cannot be measured on them: it leaves room for a point that is itself wrong."""

OUTSIDE = 0.5
"""What is left of a confidence where an exact point lies in none of the candidates: the text or the point is
wrong, and nothing tells which."""

CONTRADICTED = 0.5
"""What is left of a confidence where the text names a province beside its units in which they do not lie: one of
the two is wrong, and nothing tells which. Set by hand."""

OK_FROM = 0.85
"""The least confidence of an answer that is stood behind."""

LEAST_WEIGHT = 0.7
"""The least weight of its heaviest candidate, whatever the curve says."""


def is_alone(reading: Reading) -> bool:
    """Whether a text names nothing that holds the smallest unit of its ``reading``."""
    if reading.province is None or "province" not in reading.inferred:
        return False
    return reading.commune is None or reading.district is None or "district" in reading.inferred


def most_of(readings: Sequence[Reading], carried: Sequence[Candidate], candidates: Sequence[Candidate]) -> float:
    """The most that a confidence may be: the weight of the heaviest of ``candidates`` where its unit is named
    alone, or where a second one is as heavy; 1 for the only one. Where the best reading leads to none, the
    weight of the other readings."""
    return _most_of(readings[0], carried, candidates, is_alone(readings[0]))


def _most_of(best: Reading, carried: Sequence[Candidate], candidates: Sequence[Candidate], alone: bool) -> float:
    first, second = candidates[0].weight, candidates[1].weight if len(candidates) > 1 else 0.0
    most = first if alone else 1.0 - (1.0 - first) * second / first
    return most if carried else min(most, 1.0 - best.weight)


def kind_of(reading: Reading, carried: Sequence[Candidate]) -> str:
    """What a reading is, where it alone leads to ``carried``: the first of the terms."""
    if len(carried) != 1:
        return "divided" if reading.commune is not None else "area"
    return "named" if carried[0].basis == "name" else "whole"


def terms_of(
    readings: Sequence[Reading], carried: Sequence[Candidate], candidates: Sequence[Candidate]
) -> dict[str, float]:
    """The terms of the heaviest of ``candidates``, where ``carried`` are those of the best reading alone."""
    kind = kind_of(readings[0], carried)
    return {kind: 1.0, "weight": log_odds(candidates[0].weight), "cost": cost_of(readings[0])}


def of_commune(
    readings: Sequence[Reading], carried: Sequence[Candidate], candidates: Sequence[Candidate]
) -> float | None:
    """The probability that the heaviest candidate is the right commune; ``None`` without one."""
    if not candidates or not readings:
        return None
    first, best = candidates[0], readings[0]
    if first.basis == "boundary":
        return BOUNDARY * first.weight
    alone = is_alone(best)
    most = _most_of(best, carried, candidates, alone)
    if first.basis == "known":
        score = KNOWN["known"] + KNOWN["weight"] * log_odds(first.weight)
        return min(most, logistic(score + COMMUNE["cost"] * cost_of(best)))
    curve, kind = ALONE if alone else COMMUNE, kind_of(best, carried)
    score = curve[kind] + curve["weight"] * log_odds(first.weight)
    return min(most, logistic(score + curve["cost"] * cost_of(best)))
