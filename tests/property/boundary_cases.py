"""Layers, points that are hard for them, and GEOS as the judge of an index."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries import ArraySections, BoundaryIndex, build
from geoaddr.boundaries.compiled import compiled_loops

Points = NDArray[np.float64]  # n x 2: longitude, latitude

COMPILED = (False, True) if compiled_loops() else (False,)
"""Ways to ask columns: with numpy, and with numba where it is installed."""


def index_of(polygons: NDArray[Any], cells_per_degree: int | None = None) -> BoundaryIndex:
    return BoundaryIndex.from_pack(ArraySections(build(polygons, cells_per_degree=cells_per_degree)), "")


def pairs_by_geos(polygons: NDArray[Any], points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair of a point and a unit whose polygon meets it, by point, then unit."""
    found_points, found_units = [], []
    order = np.argsort(points[:, 0])  # NaN last
    longitudes = points[order, 0]
    for unit, polygon in enumerate(polygons):
        west, south, east, north = polygon.bounds
        near = order[np.searchsorted(longitudes, west) : np.searchsorted(longitudes, east, side="right")]
        near = near[(points[near, 1] >= south) & (points[near, 1] <= north)]
        shapely.prepare(polygon)
        held = near[shapely.intersects_xy(polygon, points[near, 0], points[near, 1])]
        shapely.destroy_prepared(polygon)
        found_points.append(held)
        found_units.append(np.full(len(held), unit))
    of_point, units = np.concatenate(found_points), np.concatenate(found_units)
    order = np.lexsort((units, of_point))
    return of_point[order], units[order]


def assert_as_geos(index: BoundaryIndex, polygons: NDArray[Any], points: Points, *, scalar: int = 2000) -> None:
    """The columnar answers, with numpy and compiled, are GEOS's for all points, and the scalar ones for the first
    ``scalar`` and last."""
    of_point, units = pairs_by_geos(polygons, points)
    first, begin, count = np.unique(of_point, return_index=True, return_counts=True)
    primary = np.full(len(points), -1)
    primary[first] = units[begin]
    several = np.repeat(count > 1, count)
    for compiled in COMPILED:
        hits = index.at_many(points[:, 1], points[:, 0], compiled=compiled)
        wrong = np.flatnonzero(hits.primary != primary)
        assert not len(wrong), (compiled, points[wrong[0]].tolist(), hits.primary[wrong[0]], primary[wrong[0]])
        assert np.array_equal(hits.multi_rows, of_point[several])
        assert np.array_equal(hits.multi_units, units[several])
        assert [column.dtype for column in hits] == [np.int32, np.int64, np.int32]

    ends = np.searchsorted(of_point, np.arange(len(points) + 1))
    asked = range(len(points)) if len(points) <= scalar else np.r_[: scalar // 2, -scalar // 2 : 0] % len(points)
    for i in map(int, asked):
        expected = tuple(units[ends[i] : ends[i + 1]].tolist())
        assert index.at(*points[i, ::-1].tolist()) == expected, points[i].tolist()


def hard_points(polygons: NDArray[Any], cells_per_degree: int, random: np.random.Generator, n: int) -> Points:
    """Points of every kind, about ``n`` of each."""
    return np.concatenate([*kinds_of_points(polygons, cells_per_degree, random, n).values()])


def kinds_of_points(
    polygons: NDArray[Any], cells_per_degree: int, random: np.random.Generator, n: int
) -> dict[str, Points]:
    """About ``n`` points of each kind, by its name."""
    rings, unit = shapely.get_coordinates(polygons, return_index=True)
    vertices = rings[random.permutation(len(rings))[:n]]
    starts = random.permutation(np.flatnonzero(unit[1:] == unit[:-1]))[:n]
    middles = (rings[starts + 1] + rings[starts]) / 2
    along = rings[starts] + random.random((len(starts), 1)) * (rings[starts + 1] - rings[starts])
    box = shapely.bounds(polygons)[random.integers(0, len(polygons), n)]
    west, south, east, north = shapely.total_bounds(polygons)
    uniform = random.uniform((west, south), (east, north), (n, 2))
    corners = np.round(uniform * cells_per_degree) / cells_per_degree
    sides = np.where(random.random((n, 2)) < 0.5, corners, uniform)
    abroad = (uniform - (west, south)) * 1.5 + (west, south) - 0.25 * np.array([east - west, north - south])
    outside = (abroad < (west, south)).any(axis=1) | (abroad > (east, north)).any(axis=1)
    exact = {
        "on vertices": vertices,
        "in the middle of edges": middles,
        "along edges": along,
        "corners of cells": corners,
        "sides of cells": sides,
    }
    off = {f"{name}, up to 4 ulp off": ulps_off(points, random) for name, points in exact.items()}
    return {
        "households: a unit, then uniform in its box": random.uniform(box[:, :2], box[:, 2:]),
        "uniform": uniform,
        **exact,
        **off,
        "abroad": abroad[outside],
        "nowhere": NOWHERE,
    }


def ulps_off(points: Points, random: np.random.Generator) -> Points:
    """The points, each moved up to four steps of floating point either way, both coordinates or one."""
    steps = random.integers(-4, 5, points.shape)
    moved = points.copy()
    for step in range(4):
        moved = np.where(steps > step, np.nextafter(moved, np.inf), moved)
        moved = np.where(steps < -step, np.nextafter(moved, -np.inf), moved)
    return moved


NOWHERE = np.array(
    [
        *[(lon, lat) for lon in (np.nan, np.inf, -np.inf, 1e308, -1e300) for lat in (0.5, np.nan, np.inf)],
        *[(lon, lat) for lon in (-180.0, 180.0, 181.0, -540.0) for lat in (-90.0, 90.0, 91.0, 0.0)],
    ]
)
"""Longitudes and latitudes that are no place, or the ends of the earth."""
