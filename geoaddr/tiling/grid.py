"""The pyramid of tiles: Web Mercator, ``z/x/y`` from the north-west corner.

World units are the square of the whole projection, 0 to 1 from west to east and from north to south.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from geoaddr.errors import InvalidInput, Said

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_ZOOM = 16
"""The last zoom that is answered; a map enlarges its tiles beyond."""

MERCATOR_LATITUDE = 85.0511287798066
"""Where the square ends, degrees."""


class Tile(NamedTuple):
    """One tile of the pyramid."""

    zoom: int
    x: int
    y: int

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, north, east, south in world units; exact, since a tile's side is a power of two."""
        side = 0.5**self.zoom
        return self.x * side, self.y * side, (self.x + 1) * side, (self.y + 1) * side

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, north, east, south = self.box
        return west * 360 - 180, latitude(south), east * 360 - 180, latitude(north)


def tile_at(zoom: str, x: str, y: str) -> Tile:
    """The tile of these numbers, as a path names them.

    :raises InvalidInput: for what is no whole number, a zoom above :data:`MAX_ZOOM`, a column or row that the
        zoom does not have.
    """
    level = _number("z", zoom, MAX_ZOOM)
    most = 2**level - 1
    return Tile(level, _number("x", x, most), _number("y", y, most))


def tile_around(zoom: int, *, lat: float, lon: float) -> Tile:
    """The tile of a zoom that holds a point in degrees."""
    side, most = 2**zoom, 2**zoom - 1
    bound = math.radians(max(-MERCATOR_LATITUDE, min(MERCATOR_LATITUDE, lat)))
    down = 0.5 - math.asinh(math.tan(bound)) / (2 * math.pi)
    x, y = int((lon + 180) / 360 * side), int(down * side)
    return Tile(zoom, min(max(x, 0), most), min(max(y, 0), most))


def _number(field: str, given: str, most: int) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(most)) and int(given) <= most):
        reason = Said(f"not a whole number from 0 to {most}", f"không phải số nguyên từ 0 đến {most}")
        raise InvalidInput(field, given, reason)
    return int(given)


def latitude(y: float) -> float:
    """The latitude in degrees of a world unit from the north."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def to_world(lonlat: NDArray[Any]) -> NDArray[Any]:
    """World units of degrees, an array of longitudes and latitudes in rows."""
    import numpy as np

    world = np.empty_like(lonlat)
    world[:, 0] = lonlat[:, 0] / 360 + 0.5
    y = np.clip(lonlat[:, 1], -MERCATOR_LATITUDE, MERCATOR_LATITUDE)
    world[:, 1] = 0.5 - np.arcsinh(np.tan(np.radians(y))) / (2 * np.pi)
    return world
