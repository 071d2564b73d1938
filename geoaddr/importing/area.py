"""Areas and widths on the WGS 84 ellipsoid, for whole columns of polygons.

Longitude and latitude are mapped to Lambert's cylindrical equal-area projection of the ellipsoid, where a
plane area is the true one; edges are taken as straight between their vertices there. For edges as short as
those of administrative boundaries this differs from geodesic edges by less than a millionth of the area.

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

SLIVER_WIDTH_M = 2.0
"""A piece whose mean width (twice the area over the perimeter) is below this is called a sliver."""


def areas_m2(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """The area of each polygon, in square metres; ``polygons`` has longitude and latitude in degrees."""
    areas: NDArray[np.float64] = shapely.area(shapely.transform(polygons, _equal_area))
    return areas


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


def _equal_area(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    sine = np.sin(np.radians(degrees[:, 1]))
    q = (1 - _E2) * (sine / (1 - _E2 * sine * sine) + np.arctanh(_E * sine) / _E)
    return np.column_stack([SEMI_MAJOR_M * np.radians(degrees[:, 0]), SEMI_MAJOR_M * q / 2])
