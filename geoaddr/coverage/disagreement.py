"""The places where a layer disagrees with itself, which simplification leaves as they are.

Where two units claim the same ground, or leave a gap between them, each has a border of its own. Simplified each
by itself, the overlap or gap would grow; which of the two is right is not ours to guess. So both are kept there,
vertex by vertex, and the simplified layer has the overlaps and gaps that the source has, to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.coverage.rings import Flags, Rings
from geoaddr.coverage.winding import faces, uncancelled

WIDEST_DEGREES = 0.05
"""An overlap or gap that is wider or higher than this (5.5 km) is not kept as it is: a unit that is missing from a
layer, or a bay between two, is no slip of the pen. The layer's own are smaller."""

_BESIDE_DEGREES = 1e-9
"""A corner where two borders cross is computed, and so off the borders by less than this (0.1 mm)."""


def disputed_places(polygons: NDArray[Any], rings: Rings) -> Flags:
    """Of each place whether it is the end of an edge on which an overlap or a gap of the layer borders."""
    flags = np.zeros(len(rings.places), dtype=bool)
    lines = uncancelled(polygons)
    found = faces(lines)
    if not len(found):
        return flags
    west, south, east, north = shapely.bounds(found).T
    found = found[(east - west <= WIDEST_DEGREES) & (north - south <= WIDEST_DEGREES)]
    inside = shapely.point_on_surface(found)
    depth = np.bincount(shapely.STRtree(polygons).query(inside, "intersects")[0], minlength=len(found))
    disputed = found[depth != 1]
    edges = np.unique(shapely.STRtree(lines).query(disputed, "dwithin", _BESIDE_DEGREES)[1])
    ends = np.ascontiguousarray(shapely.get_coordinates(lines[edges]) + 0.0).view(np.complex128).ravel()
    keys = np.ascontiguousarray(rings.places).view(np.complex128).ravel()
    flags[np.searchsorted(keys, ends)] = True
    return flags
