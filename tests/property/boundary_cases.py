"""Layers, points that are hard for them, and GEOS as the judge of an index."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries import ArraySections, BoundaryIndex, build

Points = NDArray[np.float64]  # n x 2: longitude, latitude


def index_of(polygons: NDArray[Any], cells_per_degree: int | None = None) -> BoundaryIndex:
    return BoundaryIndex.from_pack(ArraySections(build(polygons, cells_per_degree=cells_per_degree)), "")


def pairs_by_geos(polygons: NDArray[Any], points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair of a point and a unit whose polygon meets it, by point, then unit."""
    found_points, found_units = [], []
    order = np.argsort(points[:, 0])  # NaN last
    longitudes = points[order, 0]
    for unit, polygon in enumerate(polygons):
        west, _, east, _ = polygon.bounds
        near = order[np.searchsorted(longitudes, west) : np.searchsorted(longitudes, east, side="right")]
        shapely.prepare(polygon)
        held = near[shapely.intersects_xy(polygon, points[near, 0], points[near, 1])]
        shapely.destroy_prepared(polygon)
        found_points.append(held)
        found_units.append(np.full(len(held), unit))
    of_point, units = np.concatenate(found_points), np.concatenate(found_units)
    order = np.lexsort((units, of_point))
    return of_point[order], units[order]


def assert_as_geos(index: BoundaryIndex, polygons: NDArray[Any], points: Points, *, scalar: int = 2000) -> None:
    """The columnar answers are GEOS's for all points, the scalar ones for the first ``scalar`` and last."""
    of_point, units = pairs_by_geos(polygons, points)
    first, begin, count = np.unique(of_point, return_index=True, return_counts=True)
    primary = np.full(len(points), -1)
    primary[first] = units[begin]
    hits = index.at_many(points[:, 1], points[:, 0])
    wrong = np.flatnonzero(hits.primary != primary)
    assert not len(wrong), (points[wrong[0]].tolist(), hits.primary[wrong[0]], primary[wrong[0]])
    several = np.repeat(count > 1, count)
    assert np.array_equal(hits.multi_rows, of_point[several])
    assert np.array_equal(hits.multi_units, units[several])

    ends = np.searchsorted(of_point, np.arange(len(points) + 1))
    asked = range(len(points)) if len(points) <= scalar else np.r_[: scalar // 2, -scalar // 2 : 0] % len(points)
    for i in map(int, asked):
        expected = tuple(units[ends[i] : ends[i + 1]].tolist())
        assert index.at(*points[i, ::-1].tolist()) == expected, points[i].tolist()


def nudged(points: Points, ulps: int) -> Points:
    """The points, each coordinate moved by that many steps of floating point."""
    moved = points.copy()
    for _ in range(abs(ulps)):
        moved = np.nextafter(moved, np.inf if ulps > 0 else -np.inf)
    return moved


def hard_points(polygons: NDArray[Any], cells_per_degree: int, random: np.random.Generator, n: int) -> Points:
    """Vertices, edge middles, both up to 4 ulp off, corners and sides of cells, points within and around."""
    vertices = shapely.get_coordinates(polygons)
    vertices = vertices[random.permutation(len(vertices))[:n]]
    rings = shapely.get_coordinates(polygons, return_index=True)
    coords, unit = rings
    middles = ((coords[1:] + coords[:-1]) / 2)[unit[1:] == unit[:-1]]
    middles = middles[random.permutation(len(middles))[:n]]
    west, south, east, north = shapely.total_bounds(polygons)
    uniform = random.uniform((west, south), (east, north), (n, 2))
    around = (uniform - (west, south)) * 1.2 + (west, south) - 0.1 * np.array([east - west, north - south])
    corners = np.round(uniform * cells_per_degree) / cells_per_degree
    sides = np.where(random.random((n, 2)) < 0.5, corners, uniform)
    sharp = np.concatenate([vertices, middles, corners, sides])
    off = [nudged(sharp, k) for k in (-4, -1, 1, 4)]
    crossed = np.stack([nudged(sharp, 2)[:, 0], nudged(sharp, -3)[:, 1]], axis=1)
    return np.concatenate([uniform, around, sharp, *off, crossed, NOWHERE])


NOWHERE = np.array(
    [
        *[(lon, lat) for lon in (np.nan, np.inf, -np.inf, 1e308, -1e300) for lat in (0.5, np.nan, np.inf)],
        *[(lon, lat) for lon in (-180.0, 180.0, 181.0, -540.0) for lat in (-90.0, 90.0, 91.0, 0.0)],
    ]
)
"""Longitudes and latitudes that are no place, or the ends of the earth."""
