"""The advisory locks of a registry in PostgreSQL: who waits for whom, and in which order.

Households first, then areas, then the turn, then the feed; those of a kind in ascending order. So nobody waits in
a circle.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from geoaddr.model import Cell
from geoaddr.store import Like

LOCKS = 0x67616472
"""The first number of locks ("gadr"); the second is an area, or one of those below."""

LOCK_OF_SCHEMA = -1
LOCK_OF_PARTITIONS = -2
LOCK_OF_TURN = -3
LOCK_OF_FEED = -4
LOCK_OF_DRAWING = -5
"""Those of partitions, of the feed and of drawing a position are taken in the steps of the schema, by number."""

HOUSEHOLDS = LOCKS + 1
"""The first number of locks of households; the second is a key of :func:`household_keys`, or :data:`ALL`."""

ALL = -1
"""Shared by whoever has a key of a household; alone with whoever would need too many keys."""

MOST_KEYS = 512
"""More locks of one transaction could use up the server's table of locks."""

_TILES_PER_DEGREE = 8
"""Of keys, so that whoever issues for a commune in bulk holds up nobody elsewhere: 14 km."""

_LIKENESSES = 64
"""By which keys of one tile differ."""


def household_keys(wanted: Iterable[Like]) -> Sequence[int]:
    """The keys of all addresses that could be the like of these, ascending; :data:`ALL` alone for too many.

    Two whose boxes touch and whose likenesses are equal have a key in common.
    """
    keys = sorted({key for likeness, box in wanted for key in _keys(likeness % _LIKENESSES, box)})
    return keys if len(keys) <= MOST_KEYS else (ALL,)


def _keys(likeness: int, box: Cell) -> Iterable[int]:
    rows = range(_tile(box.south), _tile(box.north) + 1)
    columns = range(_tile(box.west), _tile(box.east) + 1)
    return (((row + 720) * 2880 + column + 1440) * _LIKENESSES + likeness for row in rows for column in columns)


def _tile(degrees: float) -> int:
    return math.floor(degrees * _TILES_PER_DEGREE)
