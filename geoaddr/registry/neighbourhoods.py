"""The neighbours of many addresses at once: those of one area held together, and whoever stands near them.

An area is what codes with the same five digits begin with, a commune's; it has at most 100,000 addresses. So a
registry is read once from end to end, and memory does not grow with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from geoaddr.distance import EARTH_RADIUS_M
from geoaddr.model import AddressRecord, Cell
from geoaddr.registry.likeness import distance_m, features
from geoaddr.registry.nearness import box_around
from geoaddr.registry.streets import placed
from geoaddr.store import ENDS, Placed, Reads

METRES_A_DEGREE = 111_195.08
"""On the sphere; exact enough for a street's length."""

ROUGH_M = 0.1
"""What metres on a plane may be off by; nearer to a limit the great circle decides."""

TILES_PER_DEGREE = 64
"""Stores are asked for who stands near by squares of about 1.7 km."""

Square = tuple[int, int]


class Standing(NamedTuple):
    """A standing address with what it is compared by, worked out once: its features as one text and by their
    names, its street and number, its point in degrees."""

    record: AddressRecord
    features: str
    parts: dict[str, str]
    placed: Placed | None
    lat: float
    lon: float


class Near(NamedTuple):
    """A neighbour, metres east and north of the one that is looked at: exact to a few centimetres."""

    other: Standing
    east_m: float
    north_m: float

    def within(self, most_m: float, record: AddressRecord) -> bool:
        """Whether the great circle to the one that is looked at is no longer."""
        squared = self.east_m * self.east_m + self.north_m * self.north_m
        if squared < (most_m - ROUGH_M) ** 2:
            return True
        return squared < (most_m + ROUGH_M) ** 2 and distance_m(self.other.record, record.point) <= most_m


class Neighbourhoods:
    """Who stands near the standing addresses of one area.

    :param own: those addresses.
    :param reach_m: how far neighbours may be.
    """

    def __init__(self, reads: Reads, own: Sequence[AddressRecord], reach_m: float) -> None:
        self._reads, self._reach_m = reads, reach_m
        self._step = math.degrees(reach_m / EARTH_RADIUS_M)
        self._squares: dict[Square, list[Standing]] = {}
        for record in own:
            self._add(record)
        foreign = self._reads.records(list(self._near_by(own)))
        for record in foreign.values():
            if record.status not in ENDS:
                self._add(record)

    def around(self, record: AddressRecord) -> list[Near]:
        """All that may be within reach of a record, itself left out, by code ascending."""
        lat, lon, most_m = record.point.lat, record.point.lon, self._reach_m + ROUGH_M
        across = METRES_A_DEGREE * math.cos(math.radians(lat))
        found: list[Near] = []
        for square in self._touched(lat, lon):
            for each in self._squares.get(square, ()):
                north_m = (each.lat - lat) * METRES_A_DEGREE
                east_m = (each.lon - lon) * across
                if -most_m < north_m < most_m and -most_m < east_m < most_m and each.record is not record:
                    found.append(Near(each, east_m, north_m))
        found.sort(key=_code)
        return found

    def _add(self, record: AddressRecord) -> None:
        square = self._square(record.point.lat, record.point.lon)
        self._squares.setdefault(square, []).append(standing(record))

    def _square(self, lat: float, lon: float) -> Square:
        return math.floor(lat / self._step), math.floor(lon / self._step)

    def _touched(self, lat: float, lon: float) -> Iterator[Square]:
        box = box_around(lat, lon, self._reach_m)
        (south, west), (north, east) = self._square(box.south, box.west), self._square(box.north, box.east)
        for row in range(south, north + 1):
            for column in range(west, east + 1):
                yield row, column

    def _near_by(self, own: Sequence[AddressRecord]) -> Iterator[str]:
        """The codes of others that stand within reach of some of them."""
        codes = {record.ndas for record in own}
        seen: set[str] = set()
        for box in self._boxes(own):
            for ndas, lat, lon in self._reads.points_in(box):
                if ndas in codes or ndas in seen:
                    continue
                if any(square in self._squares for square in self._touched(lat, lon)):
                    seen.add(ndas)
                    yield ndas

    def _boxes(self, own: Sequence[AddressRecord]) -> Iterator[Cell]:
        """Boxes that hold all that is within reach of them, one for each square in which some are."""
        tiles: dict[Square, list[AddressRecord]] = {}
        for record in own:
            tile = math.floor(record.point.lat * TILES_PER_DEGREE), math.floor(record.point.lon * TILES_PER_DEGREE)
            tiles.setdefault(tile, []).append(record)
        for records in tiles.values():
            lats, lons = [record.point.lat for record in records], [record.point.lon for record in records]
            corners = [(lat, lon) for lat in (min(lats), max(lats)) for lon in (min(lons), max(lons))]
            boxes = [box_around(lat, lon, self._reach_m) for lat, lon in corners]
            yield Cell(
                min(box.south for box in boxes),
                min(box.west for box in boxes),
                max(box.north for box in boxes),
                max(box.east for box in boxes),
            )


def standing(record: AddressRecord) -> Standing:
    """A record with what it is compared by."""
    told = features(record.components)
    parts = {name: value for name, _, value in (part.partition("=") for part in told.split("|"))}
    return Standing(record, told, parts, placed(record), record.point.lat, record.point.lon)


def _code(near: Near) -> str:
    return near.other.record.ndas
