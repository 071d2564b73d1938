"""Confidence in a reading: the probability that its smallest unit is the right one."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.interpretation.reading import Interpretation


def of_reading(readings: Sequence[Interpretation]) -> float:
    """The probability that the smallest unit of the first of ``readings`` is right; 0 without any."""
    return readings[0].weight if readings else 0.0
