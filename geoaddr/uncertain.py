"""How rough a point may be, and the communes that it may then lie in."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from geoaddr.errors import InvalidInput, Said
from geoaddr.model import Unit, WeighedUnit

if TYPE_CHECKING:
    from geoaddr.boundaries import BoundaryIndex

MOST_UNCERTAIN_M = 10_000
"""A point that is farther off says nothing of a commune."""

OUT_OF_RANGE = Said(
    f"not 0 to {MOST_UNCERTAIN_M:,} metres", f"phải từ 0 đến {MOST_UNCERTAIN_M:,} mét".replace(",", ".")
)


def within_range(metres: Any) -> Any:
    """Whether an uncertainty, or each of a column, can be used; NaN cannot."""
    return (metres >= 0) & (metres <= MOST_UNCERTAIN_M)


def checked_uncertainty(value: object) -> float:
    """An uncertainty in metres.

    :raises InvalidInput: for what is no finite number from 0 to 10,000.
    """
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise InvalidInput("uncertainty_m", value, Said("not a number", "không phải là số"))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidInput("uncertainty_m", value, Said("not a finite number", "không phải số hữu hạn"))
    if not within_range(number):
        raise InvalidInput("uncertainty_m", value, OUT_OF_RANGE)
    return number


def rows_around(
    index: BoundaryIndex, lat: float, lon: float, uncertainty_m: float
) -> tuple[dict[int, float], float]:
    """The rows of the units that a rough point may lie in with their weights, the heaviest first, and the weight
    of lying in none. See :mod:`geoaddr.boundaries.spread`."""
    import numpy as np

    from geoaddr.boundaries.spread import OUTSIDE, spread

    found = spread(index, np.array([lat]), np.array([lon]), np.array([uncertainty_m]))
    weights = dict(zip(found.rows.tolist(), found.weights.tolist(), strict=True))
    outside = weights.pop(OUTSIDE, 0.0)
    return weights, outside


def weighed(shares: Iterable[tuple[tuple[Unit, ...], float]]) -> tuple[WeighedUnit, ...]:
    """Communes with their weights, the heaviest first; of those alike, the one that is named first.

    :param shares: communes that nothing tells apart, and the weight that they share.
    """
    total: dict[Unit, float] = {}
    for communes, weight in shares:
        for commune in communes:
            total[commune] = total.get(commune, 0.0) + weight / len(communes)
    order = sorted(total.items(), key=lambda pair: -pair[1])
    return tuple(WeighedUnit.of(commune, weight) for commune, weight in order)
