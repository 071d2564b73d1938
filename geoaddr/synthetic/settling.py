"""Where settlements lie: points drawn over a commune's land, with room around them where there is some."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.locating import Locator
from geoaddr.synthetic import draws
from geoaddr.synthetic.communes import Columns
from geoaddr.synthetic.draws import Use
from geoaddr.synthetic.ground import METRES_A_DEGREE, PART_SHARES, alone_in, on_surface
from geoaddr.synthetic.ways import Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DECIMALS = 7
"""Of coordinates in degrees: a centimetre."""

ROOM = (1.0,) * 12 + (0.5,) * 8 + (0.2,) * 8 + (0.0,) * 36
"""The room that each further draw asks for, as a share of the settlement's radius."""

_AROUND = ((0, 1), (0, -1), (1, 0), (-1, 0))
_DRAWS_EACH = len(ROOM)


class Centres(NamedTuple):
    """The middle of each settlement, in degrees."""

    lat: Floats
    lon: Floats


def settle(locator: Locator, ways: Ways, radius_m: Floats) -> Centres:
    """A point for each settlement, inside its commune and no other."""
    communes, owner = ways.communes, ways.settlement_commune
    land = _Land(communes)
    lat, lon = np.full(len(owner), np.nan), np.full(len(owner), np.nan)
    open_ = np.arange(len(owner))
    for attempt, room in enumerate(ROOM):
        index = ways.settlement_number[open_] * _DRAWS_EACH + attempt
        at, on = land.draw(owner[open_], index)
        fits = _has_room(locator, communes.rows[owner[open_]], at, on, room * radius_m[open_])
        lat[open_[fits]], lon[open_[fits]] = at[fits], on[fits]
        open_ = open_[~fits]
        if not len(open_):
            break
    for settlement in open_.tolist():
        lat[settlement], lon[settlement] = on_surface(locator, int(communes.rows[owner[settlement]]))
    return Centres(lat, lon)


class _Land:
    """The parts of the communes' land in one table, ready to be drawn from."""

    def __init__(self, communes: Columns) -> None:
        grounds = [commune.ground for commune in communes.communes]
        self._keys = communes.keys
        self._boxes = np.concatenate([g.boxes for g in grounds])
        ends = [g.shares + (PART_SHARES + 1) * i for i, g in enumerate(grounds)]
        self._ends = np.concatenate(ends)

    def draw(self, commune: Ints, index: Ints) -> tuple[Floats, Floats]:
        """A latitude and longitude each in the box of one of a commune's parts, a larger one more often."""
        keys = self._keys[commune]
        pick = draws.below(PART_SHARES, keys, Use.PART, index)
        part = np.searchsorted(self._ends, pick + (PART_SHARES + 1) * commune, side="right")
        west, south, east, north = self._boxes[part].T
        lat = south + (north - south) * draws.share(keys, Use.LAT, index)
        lon = west + (east - west) * draws.share(keys, Use.LON, index)
        return lat.round(DECIMALS), lon.round(DECIMALS)


def _has_room(locator: Locator, rows: Ints, lat: Floats, lon: Floats, room_m: Floats) -> NDArray[np.bool_]:
    """Whether points, and those around them at a distance, lie in the communes."""
    fits = alone_in(locator, rows, lat, lon)
    for north, east in _AROUND:
        some = np.flatnonzero(fits & (room_m > 0))
        step = room_m[some] / METRES_A_DEGREE
        at = lat[some] + north * step
        on = lon[some] + east * step / np.cos(np.radians(lat[some]))
        fits[some] = alone_in(locator, rows[some], at, on)
    return fits
