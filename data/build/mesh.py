"""A net of triangles over the ground, fine where communes are small."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .field import KM_PER_DEGREE, PATCH_DEGREES, Field, Floats, Ints

FINENESS = 2.5
"""Points to a radius of the smallest commune near."""

_DEEPEST = 6
_COARSE_KM = 2.5
_ZONE_FINENESS = 4.0
_CLEAR_DEGREES = 0.0008
"""No point of the net is nearer than this to a commune's point, so that no triangle is too small to round."""


def net(field: Field, ground: Any, zones: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """The net's points, longitude and latitude: middles of squares that are halved until small enough.

    :param zones: rows of longitude, latitude, reach (km).
    """
    lon, lat = _roots(ground, zones)
    size = PATCH_DEGREES
    done: list[NDArray[np.float64]] = []
    shapely.prepare(ground)
    for depth in range(_DEEPEST + 1):
        split = _too_large(field, ground, zones, lon, lat, size * KM_PER_DEGREE) & (depth < _DEEPEST)
        done.append(np.column_stack([lon[~split], lat[~split]]))
        size /= 2
        lon = (lon[split][:, None] + np.array([-1, 1, -1, 1]) * size / 2).ravel()
        lat = (lat[split][:, None] + np.array([-1, -1, 1, 1]) * size / 2).ravel()
    points = np.vstack(done)
    return points[:, 0], points[:, 1]


def thinned(lon: Floats, lat: Floats, kept_lon: Floats, kept_lat: Floats) -> tuple[Floats, Floats]:
    """The points, without those next to one of ``kept``, followed by ``kept``."""
    tree = shapely.STRtree(shapely.points(lon, lat))
    near = tree.query(shapely.points(kept_lon, kept_lat), predicate="dwithin", distance=_CLEAR_DEGREES)[1]
    far = np.ones(len(lon), bool)
    far[near] = False
    return np.concatenate([lon[far], kept_lon]), np.concatenate([lat[far], kept_lat])


def triangles(lon: Floats, lat: Floats) -> Ints:
    """Delaunay's triangles over the points: three rows of points each, anticlockwise."""
    parts = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(np.column_stack([lon, lat]))))
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    order = np.lexsort([lat, lon])
    keys = _key(lon[order], lat[order])
    found = order[np.searchsorted(keys, _key(corners[..., 0], corners[..., 1]))]
    (ax, ay), (bx, by), (cx, cy) = ((lon[found[:, k]], lat[found[:, k]]) for k in range(3))
    clockwise = (bx - ax) * (cy - ay) < (by - ay) * (cx - ax)
    found[clockwise] = found[clockwise][:, ::-1]
    return found


def _key(lon: Floats, lat: Floats) -> NDArray[Any]:
    """Pairs that compare as longitude, then latitude."""
    pairs = np.empty(lon.shape, dtype=[("lon", "f8"), ("lat", "f8")])
    pairs["lon"], pairs["lat"] = lon, lat
    return pairs


def _roots(ground: Any, zones: NDArray[np.float64]) -> tuple[Floats, Floats]:
    discs = shapely.buffer(shapely.points(zones[:, 0], zones[:, 1]), zones[:, 2] / KM_PER_DEGREE)
    reach = shapely.buffer(shapely.union_all([ground, *discs]), PATCH_DEGREES)
    west, south, east, north = np.floor(np.array(shapely.bounds(reach)) / PATCH_DEGREES).astype(int)
    column, row = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
    lon, lat = (column.ravel() + 0.5) * PATCH_DEGREES, (row.ravel() + 0.5) * PATCH_DEGREES
    half = PATCH_DEGREES / 2
    shapely.prepare(reach)
    kept = shapely.intersects(reach, shapely.box(lon - half, lat - half, lon + half, lat + half))
    return lon[kept], lat[kept]


def _too_large(
    field: Field, ground: Any, zones: NDArray[np.float64], lon: Floats, lat: Floats, size_km: float
) -> NDArray[np.bool_]:
    if not len(lon):
        return np.zeros(0, bool)
    need = np.full(len(lon), 2 * _COARSE_KM)
    near = shapely.dwithin(ground, shapely.points(lon, lat), size_km / KM_PER_DEGREE)
    need[near] = np.minimum(_COARSE_KM, field.finest(lon[near], lat[near]) / FINENESS)
    for x, y, reach in zones:
        away = np.hypot((lon - x) * np.cos(np.radians(y)), lat - y) * KM_PER_DEGREE
        need[away < reach + size_km] = np.minimum(need[away < reach + size_km], reach / _ZONE_FINENESS)
    large: NDArray[np.bool_] = size_km > need
    return large
