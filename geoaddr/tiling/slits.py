"""Slits: gaps between neighbours that do not quite meet. They are too narrow to be seen, but their two sides
would be drawn as one thick stroke."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.tiling.drawing import STEPS

PIXEL = 1 / 512
"""Of a tile's side, as maps show tiles."""

_POLYGON = 3


def pixel(zoom: int) -> float:
    """A pixel in world units."""
    return PIXEL * 0.5**zoom


def without_slits(polygons: NDArray[Any], step: int) -> NDArray[Any]:
    """Polygons in world units without the holes that are narrower than a pixel of the step's last zoom."""
    if not len(polygons):
        return polygons
    narrow = pixel(STEPS[step].max_zoom)
    closed = polygons.copy()
    parts, of = shapely.get_parts(polygons, return_index=True)
    holed = shapely.get_num_interior_rings(parts) > 0
    parts[holed] = [_open_holes(part, narrow) for part in parts[holed]]
    for unit in np.unique(of[holed]).tolist():
        own = parts[of == unit]
        closed[unit] = own[0] if len(own) == 1 else shapely.multipolygons(own)
    return closed


def closed_between(polygons: NDArray[Any], box: tuple[float, float, float, float], zoom: int) -> NDArray[Any]:
    """Polygons in world units that were cut to a box, each with the slits of a zoom beside it; what lies between
    two goes to the one that it has more border with."""
    if not len(polygons):
        return polygons
    uncovered = shapely.get_parts(shapely.difference(shapely.box(*box), shapely.union_all(polygons)))
    slits = uncovered[(shapely.get_type_id(uncovered) == _POLYGON) & (_width(uncovered) < pixel(zoom))]
    closed = polygons.copy()
    for slit in slits:
        shared = shapely.length(shapely.intersection(shapely.boundary(slit), closed))
        beside = int(np.argmax(shared))
        closed[beside] = shapely.union_all([closed[beside], slit])
    return closed


def _open_holes(part: Any, narrow: float) -> Any:
    holes = np.array(part.interiors, dtype=object)
    return shapely.polygons(part.exterior, holes[_width(shapely.polygons(holes)) >= narrow])


def _width(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """The mean width of long polygons."""
    length = shapely.length(polygons)
    width: NDArray[np.float64] = np.divide(2 * shapely.area(polygons), length, where=length > 0, out=length * 0)
    return width
