"""How far a point lies from the border of its unit, and which unit lies on the other side; one point at a time.

Around the point a plane of metres is laid, true to the WGS 84 ellipsoid at the point; edges are straight in
longitude and latitude, as everywhere in the index. Plain Python over the mapped arrays: neither numpy nor
shapely is loaded for it, unless a cell has more units or edges than a record can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from geoaddr.boundaries.edge_search import NOBODY, REACH_M, Plane, edge_search
from geoaddr.distance import metres_a_degree
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.scalar import Lookup
    from geoaddr.boundaries.sections import SectionSource

__all__ = ["REACH_M", "Border", "BorderLookup", "border_lookup"]

BEYOND_M = 1.0
"""How far beyond a border that no other unit shares one is looked for on the other side: past the slivers that
layers have along their borders."""

ON_BORDER_M = 0.001
"""Nearer than this, no direction leads from the point to the border: both sides of it are looked at."""


class Border(NamedTuple):
    """The nearest border: metres to it, and the row of the unit on its other side, -1 where there is none."""

    distance_m: float
    neighbour: int


BorderLookup = Callable[[float, float, int], Border | None]


def border_lookup(grid: Grid, source: SectionSource, prefix: str, at: Lookup) -> BorderLookup:
    """A function from latitude, longitude (finite degrees) and a unit's row to the nearest border of the unit;
    of any unit for -1; ``None`` where none lies within ``REACH_M``.

    On the other side lies the unit that shares the nearest edge, the one of the smallest row where several do;
    where none does, the one that holds the point ``BEYOND_M`` beyond the edge.
    """
    search = edge_search(grid, source, prefix)
    coords, records, candidates = (source.view(prefix + name) for name in ("coords", "records", "candidates"))

    def nearest(lat: float, lon: float, unit: int) -> Border | None:
        plane = Plane(lat, lon, *metres_a_degree(lat))
        squared, edge, record = search(plane, unit)
        if record < 0:
            return None
        begin, owners = records[record + 1], edge & 255
        for bit, row in enumerate(candidates[begin : begin + owners.bit_length()]):
            if owners >> bit & 1 and row != unit:
                return Border(sqrt(squared), row)
        first = edge >> 8 & ~1
        return Border(sqrt(squared), _beyond(coords[first : first + 4].tolist(), unit, plane, at))

    return nearest


def _beyond(ends: Sequence[float], unit: int, plane: Plane, at: Lookup) -> int:
    """The smallest row of the other units on the far side of an edge, -1 where there is none.

    They are those that hold the point ``BEYOND_M`` beyond the nearest place of the edge, on the way from the
    plane's middle; or on either side of it, where the middle lies on the edge.
    """
    lat, lon, lat_m, lon_m = plane
    ax, ay = (ends[0] - lon) * lon_m, (ends[1] - lat) * lat_m
    bx, by = (ends[2] - lon) * lon_m, (ends[3] - lat) * lat_m
    ux, uy = bx - ax, by - ay
    length = sqrt(ux * ux + uy * uy)
    part = min(1.0, max(0.0, -(ax * ux + ay * uy) / (length * length)))
    x, y = ax + part * ux, ay + part * uy
    away = sqrt(x * x + y * y)
    ways = (
        [(x / away, y / away)]
        if away > ON_BORDER_M
        else [(-uy / length, ux / length), (uy / length, -ux / length)]
    )
    for east, north in ways:
        for row in at(lat + (y + BEYOND_M * north) / lat_m, lon + (x + BEYOND_M * east) / lon_m):
            if row != unit:
                return row
    return NOBODY
