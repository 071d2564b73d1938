"""Names of units by their beginning: those of today, and old ones with what they became."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Level, Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold

EVE = REFORM - dt.timedelta(days=1)
_LAST = "\U0010ffff"


class UnitName(NamedTuple):
    """A name of a unit: its folded form, how early it is shown among those of one beginning, and the unit."""

    key: str
    rank: int
    unit: Unit


class UnitNames:
    """Completes names of units. Safe to share between threads.

    Today's provinces come before today's communes, these before districts, communes and provinces of before the
    reform.

    :param as_of: units of that day alone.
    """

    def __init__(self, gazetteer: Gazetteer, as_of: dt.date | None = None) -> None:
        self._gazetteer, self._as_of = gazetteer, as_of

    def beginning(self, begin: str) -> Iterator[UnitName]:
        """All names that begin with a folded text, by their key; a unit comes once for each of its forms."""
        names = self._names
        at = bisect_left(names, (begin,))
        end = bisect_left(names, (begin + _LAST,), at)
        yield from names[at:end]

    @cached_property
    def _names(self) -> list[UnitName]:
        found = []
        for rank, (level, day) in enumerate(self._kinds()):
            for unit in self._gazetteer.units(level, as_of=day):
                if self._as_of is None and day == EVE and unit.valid_to is None:
                    continue  # it stands today
                found += [UnitName(key, rank, unit) for key in dict.fromkeys(_forms(unit))]
        return sorted(found, key=lambda name: (name.key, name.rank, name.unit.code))

    def _kinds(self) -> tuple[tuple[Level, dt.date], ...]:
        if self._as_of is not None:
            day = self._as_of
            return (("province", day), ("commune", day), ("district", day))
        today = self._gazetteer.date
        return (("province", today), ("commune", today), ("district", EVE), ("commune", EVE), ("province", EVE))


def _forms(unit: Unit) -> Iterator[str]:
    """What people type for a unit: its name with and without its type, and the type's short form."""
    yield fold(unit.name)
    yield fold(unit.full_name)
    short = "".join(word[0] for word in fold(unit.type).split())
    yield f"{short} {fold(unit.name)}"
    if unit.name.isdigit():
        yield f"{short}{unit.name}"
