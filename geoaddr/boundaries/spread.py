"""Which units a point that is known only roughly may lie in, and with what weight.

The model: the true place scatters around the point alike in every direction, by a normal distribution of which
68 % lie within the uncertainty. That is the horizontal accuracy that phones report (Android's
``Location.getAccuracy``). The weight of a unit is the part of a fixed set of places, spread by that law, that it
holds. Each place has its opposite, so that a straight border through the point halves the weights exactly;
anywhere else such a border makes them off by at most 0.006, in the root mean square by 0.0013.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.whole_cells import NOT_PLAIN
from geoaddr.distance import metres_a_degree_many

if TYPE_CHECKING:
    from geoaddr.boundaries.index import BoundaryIndex

Floats = NDArray[np.float64]

PLACES = 1_000
"""How many places stand for a rough point; a weight is a multiple of one part in as many."""

WITHIN = 0.68
"""The part of them that lies within the uncertainty."""

LEAST_WEIGHT = 0.005
"""Units of less weight are left out, and the heaviest has theirs: it is less than what the places can tell."""

DECIMALS = 4
"""Of a weight; what rounding leaves goes to the heaviest."""

OUTSIDE = -1
"""In place of a unit's row: outside all units."""

SHORTEST_DEGREE_M, EQUATOR_DEGREE_M = 110_574.0, 111_319.0
"""No degree of latitude is shorter; and no degree of longitude shorter than this times the cosine of its
latitude."""

_AT_ONCE = 64
"""Points whose places are looked up in one step: memory stays flat."""


class Spread(NamedTuple):
    """Pairs of a point's position (int64), a unit's row (int32, -1 for outside) and its weight (float64).

    By position, then the heaviest first, then by row. The weights of one point sum to 1.
    """

    positions: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float64]


def spread(index: BoundaryIndex, lat: Floats, lon: Floats, uncertainty_m: Floats) -> Spread:
    """The units of points (finite degrees, WGS 84) of which each is known to ``uncertainty_m`` metres (finite, not
    negative)."""
    alone = _plain(index, lat, lon, uncertainty_m)
    plain = np.flatnonzero(alone != NOT_PLAIN)
    found = [(plain, alone[plain], np.ones(len(plain)))]
    others = np.flatnonzero(alone == NOT_PLAIN)
    for begin in range(0, len(others), _AT_ONCE):
        some = others[begin : begin + _AT_ONCE]
        positions, rows, weights = _counted(index, lat[some], lon[some], uncertainty_m[some])
        found.append((some[positions], rows, weights))
    positions, rows, weights = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(positions, kind="stable")
    return Spread(positions[order], rows[order], weights[order])


def _plain(index: BoundaryIndex, lat: Floats, lon: Floats, uncertainty_m: Floats) -> NDArray[np.int32]:
    """The unit of the points all of whose places lie in cells that it holds whole; no place need be looked up."""
    east, north = scatter()
    far_m = uncertainty_m * float(np.hypot(east, north).max())
    high = far_m / SHORTEST_DEGREE_M
    wide = far_m / np.maximum(1.0, EQUATOR_DEGREE_M * np.cos(np.radians(lat)))
    return index.whole_cells.holding(lat - high, lat + high, lon - wide, lon + wide)


@cache
def scatter() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres east and north of the places around a point known to one metre.

    They follow a spiral whose turns of half the golden angle keep them apart; radii are the quantiles of the law.
    """
    number = np.arange(PLACES // 2)
    beyond = 1.0 - (number + 0.5) / len(number)
    radius = np.sqrt(np.log(beyond) / math.log(1.0 - WITHIN))
    angle = number * (math.pi * (3.0 - math.sqrt(5.0)) / 2.0)
    east, north = radius * np.cos(angle), radius * np.sin(angle)
    return np.concatenate([east, -east]), np.concatenate([north, -north])


def _counted(
    index: BoundaryIndex, lat: Floats, lon: Floats, uncertainty_m: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
    """The same, by counting places."""
    east, north = scatter()
    lat_m, lon_m = metres_a_degree_many(lat)
    hits = index.at_many(
        (lat[:, None] + np.outer(uncertainty_m / lat_m, north)).ravel(),
        (lon[:, None] + np.outer(uncertainty_m / lon_m, east)).ravel(),
    )
    # a place in several units counts for each of them in equal parts
    several = np.bincount(hits.multi_rows, minlength=len(hits.primary))
    single = np.flatnonzero(several == 0)
    place = np.concatenate([single, hits.multi_rows])
    unit = np.concatenate([hits.primary[single], hits.multi_units])
    part = 1.0 / np.maximum(several, 1)[place]
    keys, which = np.unique(place // PLACES * (len(index) + 1) + unit + 1, return_inverse=True)
    positions, rows = np.divmod(keys, len(index) + 1)
    weights: NDArray[np.float64] = np.bincount(which, weights=part) / PLACES
    kept = weights >= LEAST_WEIGHT
    positions, rows, weights = positions[kept], (rows[kept] - 1).astype(np.int32), weights[kept].round(DECIMALS)
    order = np.lexsort((rows, -weights, positions))
    positions, rows, weights = positions[order], rows[order], weights[order]
    heaviest = np.flatnonzero(np.diff(positions, prepend=-1))
    missing = 1.0 - np.bincount(positions, weights=weights, minlength=len(lat))
    weights[heaviest] = (weights[heaviest] + missing).round(DECIMALS)
    return positions, rows, weights
