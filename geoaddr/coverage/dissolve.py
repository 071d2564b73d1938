"""Units joined into one, without the slivers between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.coverage.shortcuts import METRES_PER_DEGREE

LARGEST_SLIVER_M2 = 10_000.0
"""A gap between units under a hectare is a slip of the pen; the smallest commune is thirty times as large."""


def dissolve(members: NDArray[Any], others: NDArray[Any]) -> Any:
    """The ground of all ``members``, with no border between them, and no gap under a hectare left between them.

    :param members: valid polygons and multipolygons in degrees. Their own holes stay.
    :param others: polygons around them; ground of theirs is no gap.
    """
    whole = shapely.union_all(members)
    parts = shapely.get_parts(whole)
    rings, part = shapely.get_rings(parts, return_index=True)
    hole = np.concatenate([[False], part[1:] == part[:-1]])
    if not hole.any():
        return whole
    holes = shapely.polygons(rings[hole])
    holes = holes[_areas_m2(holes) < LARGEST_SLIVER_M2]
    around = np.bincount(shapely.STRtree(members).query(holes, "intersects")[0], minlength=len(holes))
    taken = shapely.STRtree(others).query(shapely.point_on_surface(holes), "intersects")[0]
    gap = around > 1
    gap[taken] = False
    return shapely.union_all([whole, *holes[gap]]) if gap.any() else whole


def _areas_m2(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Good to a percent, which is enough for telling slivers."""
    _, south, _, north = shapely.bounds(polygons).T
    cosine = np.cos(np.radians((south + north) / 2))
    found: NDArray[np.float64] = shapely.area(polygons) * cosine * METRES_PER_DEGREE**2
    return found
