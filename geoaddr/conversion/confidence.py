"""Confidence in a conversion: the probability that the heaviest candidate is the right commune.

A logistic curve over few named terms; see :mod:`geoaddr.interpretation.confidence` for where figures come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.conversion.records import Candidate
from geoaddr.interpretation.confidence import cost_of, log_odds, logistic, of_reading
from geoaddr.interpretation.reading import Interpretation

__all__ = ["BOUNDARY", "OK_FROM", "of_commune", "of_reading", "terms_of"]

COMMUNE = {"named": 3.19, "whole": 1.66, "divided": 0.72, "area": 1.33, "weight": 0.67, "cost": -0.81}
"""The terms of a conversion: one by what the best reading is (a commune of the day asked for; one that is now in
a single commune; one that was divided; a district), the log odds of the heaviest candidate, the reading's cost."""

KNOWN = {"known": 1.0, "weight": 1.2}
"""The same where known addresses on the street decide. Few are known of most streets, so their weights say more:
fitted to real old addresses, each asked of a registry with half of the others."""

BOUNDARY = 0.99
"""Where exact boundaries hold the point in one of the candidates. Points decide the labels of the real addresses
too, so that this cannot be measured on them: it leaves room for a point that is itself wrong."""

OK_FROM = 0.85
"""The least confidence of an answer that is stood behind."""


def terms_of(
    readings: Sequence[Interpretation], carried: Sequence[Candidate], candidates: Sequence[Candidate]
) -> dict[str, float]:
    """The terms of the heaviest of ``candidates``, where ``carried`` are those of the best reading alone."""
    if len(carried) != 1:
        kind = "divided" if readings[0].commune is not None else "area"
    else:
        kind = "named" if carried[0].basis == "name" else "whole"
    return {kind: 1.0, "weight": log_odds(candidates[0].weight), "cost": cost_of(readings[0])}


def of_commune(
    readings: Sequence[Interpretation], carried: Sequence[Candidate], candidates: Sequence[Candidate]
) -> float | None:
    """The probability that the heaviest candidate is the right commune; ``None`` without one."""
    if not candidates or not readings:
        return None
    if candidates[0].basis == "boundary":
        return BOUNDARY * candidates[0].weight
    if candidates[0].basis == "known":
        score = KNOWN["known"] + KNOWN["weight"] * log_odds(candidates[0].weight)
        return logistic(score + COMMUNE["cost"] * cost_of(readings[0]))
    terms = terms_of(readings, carried, candidates)
    return logistic(sum(COMMUNE[name] * value for name, value in terms.items()))
