"""Houses on the ground: every one inside its commune, whatever the shape of that.

A group that does not lie inside with all its houses is drawn anew, in another direction and a little aside;
after some attempts also smaller. The last attempt puts what is left on the settlement's middle, which is inside.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoaddr.errors import DataError, Said
from geoaddr.locating import Locator
from geoaddr.synthetic.communes import numbered
from geoaddr.synthetic.ground import METRES_A_DEGREE, alone_in
from geoaddr.synthetic.lines import PITCH_M, draw_lines, house_places
from geoaddr.synthetic.settling import DECIMALS, Centres, settle
from geoaddr.synthetic.ways import GROUP, Ways

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SCALES = (1.0, 1.0, 1.0, 1.0, 1.0, 0.7, 0.5, 0.35, 0.25, 0.12, 0.06, 0.03, 0.01, 0.0)
"""The size of a group at each attempt."""

FILLED = 0.25
"""How much of a commune's land its groups may take at full size; where they need more, all of them are smaller."""


def place_houses(locator: Locator, ways: Ways) -> tuple[Floats, Floats]:
    """The latitude and longitude of every household, in the order of ways."""
    scale = _commune_scales(ways)
    radius = PITCH_M[True] * scale[ways.settlement_commune]
    centres = settle(locator, ways, np.where(_urban(ways), radius, radius * PITCH_M[False] / PITCH_M[True] / 2))
    way, place = numbered(ways.households)
    lat, lon = np.empty(len(way)), np.empty(len(way))
    group = _groups(ways)
    attempt = np.zeros(int(group[-1]) + 1, dtype=np.int64)
    open_ = np.arange(len(way))
    for tried, size in enumerate(SCALES):
        lines = draw_lines(ways, attempt[group])
        x, y = house_places(ways, lines, way[open_], place[open_])
        sized = scale[ways.commune[way[open_]]] * size
        lat[open_], lon[open_] = _degrees(centres, ways.settlement[way[open_]], x * sized, y * sized)
        rows = ways.communes.rows[ways.commune[way[open_]]]
        outside = np.zeros(len(attempt), dtype=bool)
        outside[group[way[open_[~alone_in(locator, rows, lat[open_], lon[open_])]]]] = True
        open_ = open_[outside[group[way[open_]]]]
        if not len(open_):
            return lat, lon
        attempt[outside] = tried + 1
    raise _no_ground(ways, int(way[open_[0]]))


def _commune_scales(ways: Ways) -> Floats:
    communes = ways.communes
    groups = np.bincount(ways.commune[ways.number % GROUP == 0], minlength=len(communes))
    pitch = np.where(communes.urban, PITCH_M[True], PITCH_M[False])
    scales: Floats = np.sqrt(FILLED * communes.areas_m2 / (np.maximum(groups, 1) * pitch**2))
    return np.minimum(scales, 1.0)


def _urban(ways: Ways) -> NDArray[np.bool_]:
    return ways.communes.urban[ways.settlement_commune]


def _groups(ways: Ways) -> Ints:
    """A number for each way's group, over all communes."""
    return np.cumsum(ways.part == 0) - 1


def _degrees(centres: Centres, settlement: Ints, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    lat, lon = centres.lat[settlement], centres.lon[settlement]
    north = lat + y / METRES_A_DEGREE
    east = lon + x / (METRES_A_DEGREE * np.cos(np.radians(lat)))
    return north.round(DECIMALS), east.round(DECIMALS)


def _no_ground(ways: Ways, way: int) -> DataError:
    unit = ways.communes.communes[int(ways.commune[way])].unit
    return DataError(
        "boundaries",
        Said(
            f"no point lies in {unit.full_name} ({unit.code}) and in no other commune",
            f"không điểm nào nằm trong {unit.full_name} ({unit.code}) mà không thuộc xã, phường khác",
        ),
    )
