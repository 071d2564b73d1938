"""Confidence: the probability that an answer is right."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.conversion.records import Candidate
from geoaddr.interpretation.confidence import of_reading

__all__ = ["of_commune", "of_reading"]


def of_commune(candidates: Sequence[Candidate]) -> float | None:
    """The probability that the heaviest candidate is the right commune; ``None`` without one."""
    return candidates[0].weight if candidates else None
