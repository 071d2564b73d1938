"""Areas and widths on the WGS 84 ellipsoid, for whole columns of polygons.

An edge is the straight line in longitude and latitude that GEOS and the index take it for. The area west of
it, down to the equator, is the integral along the edge of a function of latitude alone (the authalic one),
taken by Simpson's rule: for edges under a degree it is exact to nine digits. So an edge that is cut in two
encloses what it enclosed before, and pieces add up to the whole.

Formula: Snyder, *Map Projections: A Working Manual* (USGS Professional Paper 1395, 1987), 3-12 and 10-1 f.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
_E2 = FLATTENING * (2 - FLATTENING)
_E = math.sqrt(_E2)

_TOGETHER = 512
"""Polygons whose coordinates are looked at together: bounds the memory."""

SLIVER_WIDTH_M = 2.0
"""A piece whose mean width (twice the area over the perimeter) is below this is called a sliver."""


def areas_m2(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """The area of each polygon or multipolygon, in square metres; not a number for ``None``.

    Rings are taken without regard to their orientation: the first adds, holes subtract.
    """
    areas = np.zeros(len(polygons))
    for start in range(0, len(polygons), _TOGETHER):
        areas[start : start + _TOGETHER] = _areas(polygons[start : start + _TOGETHER])
    return np.where(shapely.is_missing(polygons), np.nan, areas)


def _areas(polygons: NDArray[Any]) -> NDArray[np.float64]:
    parts, of_polygon = shapely.get_parts(polygons, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    degrees, of_ring = shapely.get_coordinates(rings, return_index=True)
    if not len(rings):
        return np.zeros(len(polygons))
    x, latitude = np.radians(degrees[:, 0]) * SEMI_MAJOR_M, np.radians(degrees[:, 1])
    y = _authalic_m(latitude)
    first = np.searchsorted(of_ring, np.arange(len(rings)))
    base = y[first][of_ring]  # near the ring, for precision
    middle = _authalic_m((latitude[1:] + latitude[:-1]) / 2) - base[1:]
    mean = (y[1:] - base[1:] + 4 * middle + y[:-1] - base[:-1]) / 6
    within = of_ring[1:] == of_ring[:-1]
    swept = np.bincount(of_ring[1:][within], ((x[1:] - x[:-1]) * mean)[within], minlength=len(rings))
    shell = np.concatenate([[True], of_part[1:] != of_part[:-1]])
    signed = np.where(shell, 1.0, -1.0) * np.abs(swept)
    return np.bincount(of_polygon[of_part], signed, minlength=len(polygons)).astype(np.float64)


def mean_widths_m(polygons: NDArray[Any], areas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice the area over the perimeter: for a long thin piece, about its width in metres.

    The perimeter is taken on a sphere flattened at each piece's own latitude, good to about a percent.
    """
    middle = np.radians(shapely.bounds(polygons)[:, [1, 3]].mean(axis=1))
    coordinates, owner = shapely.get_coordinates(shapely.boundary(polygons), return_index=True)
    metres = np.radians(coordinates) * SEMI_MAJOR_M
    metres[:, 0] *= np.cos(middle)[owner]
    stretched = shapely.set_coordinates(shapely.boundary(polygons), metres)
    perimeters = shapely.length(stretched)
    widths: NDArray[np.float64] = np.divide(2 * areas, perimeters, out=np.zeros_like(areas), where=perimeters > 0)
    return widths


def _authalic_m(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Northing of the equal-area cylinder: a strip of x metres along the equator, up to ``latitude``
    (radians), has x times this area."""
    sine = np.sin(latitude)
    q = (1 - _E2) * (sine / (1 - _E2 * sine * sine) + np.arctanh(_E * sine) / _E)
    northing: NDArray[np.float64] = SEMI_MAJOR_M * q / 2
    return northing
