"""Points of what has no single one: the middle of houses, of a commune, and how far off it may be."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from statistics import median

from geoaddr.distance import metres_a_degree
from geoaddr.locating import Locator
from geoaddr.model import Point
from geoaddr.store import House

SURE = 0.68
"""The share of places that lie within an uncertainty, as for the uncertainties that phones report."""

LEAST_M = 30.0
"""No point of a street or of a place is better than this."""

OWN_M = {"survey": 5.0, "declared": 30.0, "imported": 30.0}
"""How good a house's own point is where its record does not say, by how it was obtained."""

SETTLED_SHARE = 0.95
"""How far from the middle of a commune 68 % of its addresses lie, as a share of the radius of a circle of the
commune's area. Measured on 3,500 real addresses in the exact boundaries of the communes; evenly spread over a
circle they would lie within 0.82."""


def middle(houses: Sequence[House]) -> tuple[Point, float]:
    """The known address nearest to the middle of some, and the radius about it that holds 68 % of them, metres."""
    lat, lon = median(house.lat for house in houses), median(house.lon for house in houses)
    centre = min(zip(_off(houses, lat, lon), houses, strict=True), key=lambda each: (each[0], each[1].ndas))[1]
    away = sorted(_off(houses, centre.lat, centre.lon))
    reach = math.sqrt(away[min(len(away) - 1, math.ceil(SURE * len(away)) - 1)])
    if len(houses) < FEW:  # they do not show how far the street goes
        reach = max(reach, UNSEEN_M)
    return Point(lat=centre.lat, lon=centre.lon), max(LEAST_M, round(reach, 1))


def _off(houses: Sequence[House], lat: float, lon: float) -> list[float]:
    """How far houses are from a point of their commune, as squares of metres on a plane: see
    :func:`metres_a_degree`."""
    tall, wide = metres_a_degree(lat)
    found = []
    for house in houses:
        y, x = (house.lat - lat) * tall, (house.lon - lon) * wide
        found.append(y * y + x * x)  # as columns have it, to the last bit
    return found


FEW = 5
UNSEEN_M = 800.0
"""Of a street or place with fewer known addresses than ``FEW``, 68 % of the others lie within this: measured,
with the addresses of the real sample that were left out of a registry of the others."""


class CommunePoints:
    """The middles of communes. Safe to share between threads."""

    def __init__(self, locator: Locator) -> None:
        self._locator = locator
        self._known: dict[str, tuple[Point, float] | None] = {}

    def of(self, commune: str) -> tuple[Point, float] | None:
        """A point inside a commune of today, its centroid where that is, and its uncertainty in metres; ``None``
        where the commune has no polygon."""
        if commune not in self._known:
            self._known[commune] = self._of(commune)
        return self._known[commune]

    def _of(self, commune: str) -> tuple[Point, float] | None:
        codes = self._locator.codes
        row = bisect.bisect_left(codes, commune)
        if row == len(codes) or codes[row] != commune:
            return None
        polygon = self._locator.index.polygon(row)
        inside = polygon.centroid
        if not polygon.covers(inside):
            inside = polygon.representative_point()
        tall, wide = metres_a_degree(inside.y)
        radius = math.sqrt(polygon.area * tall * wide / math.pi)
        return Point(lat=inside.y, lon=inside.x), round(SETTLED_SHARE * radius, 1)
