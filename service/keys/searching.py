"""Under which subjects the trail has an address: its code, its other codes, and the tiles of the map it stood in.

A tile shows many addresses, and the trail names it and none of them. Where an erased address stood is not known
any more, so the tiles that showed it are not found by its code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from geoaddr.codes import ndas as ndas_codes
from geoaddr.errors import InvalidCode, UnknownAddress
from geoaddr.tiling.grid import MAX_ZOOM, tile_around
from geoaddr.tiling.tiles import FIRST_ADDRESS
from service.keys.trail import About

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

MOST_EVENTS = 100
"""Of an address whose life has more, the tiles after these are looked for, the latest ones."""

STANDING = ("proposed", "verified", "live")

AROUND_MS = 60_000
"""An entry has the time at which its request came, which may be a little before what it shows."""


def subjects_of(ga: Geoaddr, code: str) -> list[About]:
    """What to look for in the trail for all that was seen of a code."""
    try:
        code = ndas_codes.validate(code)
        record = ga.address(code)
    except (InvalidCode, UnknownAddress):
        return [About(code)]
    others = [About(alias.code) for alias in record.aliases if alias.system == "location_id"]
    return [About(code), *others, *_tiles(ga, code)]


def _tiles(ga: Geoaddr, code: str) -> Iterator[About]:
    """The tiles that showed an address, each while it stood there."""
    times = list(dict.fromkeys(event.at for event in ga.history(code)))[-MOST_EVENTS:]
    for at, then in pairwise([*times, None]):
        record = ga.address(code, as_of=at)
        if record.status in STANDING:
            before_ms = About.before_ms if then is None else _ms(then) + AROUND_MS
            for zoom in range(FIRST_ADDRESS, MAX_ZOOM + 1):
                tile = tile_around(zoom, lat=record.point.lat, lon=record.point.lon)
                yield About(f"{tile.zoom}/{tile.x}/{tile.y}", _ms(at) - AROUND_MS, before_ms)


def _ms(at: str | None) -> int:
    assert at is not None
    return int(dt.datetime.fromisoformat(at).timestamp() * 1000)
