"""The ground of communes: how large it is, and boxes in which to look for points on it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.distance import EARTH_RADIUS_M
from geoaddr.locating import Locator

METRES_A_DEGREE = math.radians(1) * EARTH_RADIUS_M
"""Of latitude, and of longitude on the equator, on the sphere."""

MOST_PARTS = 64
LEAST_PART = 0.01
"""Of a commune of many islands only the largest are settled: so many, none below this share of the largest."""

PART_SHARES = 2**31
"""Shares of parts are whole numbers out of this, so that a draw means the same part in any batch."""


class Ground(NamedTuple):
    """A commune's land.

    ``boxes`` west, south, east, north of its parts in degrees; ``shares`` how far each part's share of the
    whole reaches, out of :data:`PART_SHARES`.
    """

    area_km2: float
    lat: float
    boxes: NDArray[np.float64]
    shares: NDArray[np.int64]


def ground(locator: Locator, row: int) -> Ground:
    """The land of a row of the boundaries."""
    parts = shapely.get_parts(locator.index.polygon(row))
    boxes = shapely.bounds(parts)
    scale = np.cos(np.radians((boxes[:, 1] + boxes[:, 3]) / 2)) * (METRES_A_DEGREE / 1000) ** 2
    areas = shapely.area(parts) * scale
    kept = np.argsort(-areas, kind="stable")[:MOST_PARTS]
    kept = kept[areas[kept] >= LEAST_PART * areas[kept[0]]]
    reach = np.cumsum(areas[kept]) / areas[kept].sum()
    shares = np.minimum((reach * PART_SHARES).astype(np.int64), PART_SHARES)
    shares[-1] = PART_SHARES
    south, north = boxes[kept[0], 1], boxes[kept[0], 3]
    return Ground(float(areas.sum()), float(south + north) / 2, boxes[kept], shares)


def on_surface(locator: Locator, row: int) -> tuple[float, float]:
    """A latitude and longitude well inside the largest part, for ground that draws do not find."""
    parts = shapely.get_parts(locator.index.polygon(row))
    point: Any = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return float(point.y), float(point.x)


def alone_in(
    locator: Locator, rows: NDArray[Any], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether each point lies in its row's commune and in no other one."""
    hits = locator.rows_at(lat, lon)
    alone: NDArray[np.bool_] = hits.primary == rows
    alone[hits.multi_rows] = False
    return alone
