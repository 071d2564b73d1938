"""Which units a map shows on a day: each level by polygons of its own, or joined of the communes'."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import day_of
from geoaddr.locating import Locator, Sheet
from geoaddr.model import Accuracy, Level, Unit
from geoaddr.profiles.vn import ARCHIPELAGOS
from geoaddr.tiling.drawing import Drawing

SPECIAL_ZONE = "Đặc khu"

_FAR_OFF = frozenset(each.unit for each in ARCHIPELAGOS)

DrawingOf = Callable[[Sheet], Drawing]


@dataclass(frozen=True, eq=False)
class Ground:
    """One level of units on a day.

    ``unit_of_row``: for each row of ``drawing`` the position among ``units``, or -1. ``joined``: a unit may be of
    several rows. ``basis`` as in :class:`~geoaddr.model.LevelBasis`; ``apart``: rows of archipelagos far off.
    """

    level: Level
    drawing: Drawing
    units: Sequence[Unit]
    unit_of_row: NDArray[np.int64]
    apart: NDArray[np.bool_]
    joined: bool
    basis: Literal["boundary", "succession"]
    accuracy: Accuracy


class Eras:
    """The days on which units changed, and the grounds between them.

    :param drawing_of: the drawing of a layer, the same one each time.
    """

    def __init__(self, gazetteer: Gazetteer, locator: Locator, drawing_of: DrawingOf) -> None:
        self._gazetteer, self._locator, self._drawing_of = gazetteer, locator, drawing_of

    @cached_property
    def changes(self) -> list[dt.date]:
        """The days on which a unit or a layer of polygons began or ended, ascending."""
        units, _, _ = self._gazetteer.tables
        numbers = {day for column in (units.begins, units.ends) for day in set(column)}
        days = {day for number in numbers if (day := day_of(number)) is not None}
        for layer in self._locator.layers:
            days |= {layer.valid_from, *([layer.valid_to] if layer.valid_to else [])}
        return sorted(days)

    def first_day(self, as_of: dt.date) -> dt.date:
        """The first day of the stretch around ``as_of`` in which no unit changed."""
        place = bisect_right(self.changes, as_of)
        return self.changes[place - 1] if place else self.changes[0] - dt.timedelta(days=1)

    def ground(self, level: Level, day: dt.date) -> Ground | None:
        """A level on a day; ``None`` where there are no such units, or no polygons that they can be joined of."""
        own = self._locator.sheet_of(level, day)
        if own is not None:
            return self._own(level, own, day)
        return None if level == "commune" else self._joined(level, day)

    def _own(self, level: Level, sheet: Sheet, day: dt.date) -> Ground:
        standing = {unit.code: unit for unit in self._gazetteer.units(level, as_of=day)}
        units = [standing[code] for code in sheet.codes if code in standing]
        place = {unit.code: i for i, unit in enumerate(units)}
        of_row = np.array([place.get(code, -1) for code in sheet.codes], dtype=np.int64)
        apart = np.array([row >= 0 and _is_far_off(units[row]) for row in of_row.tolist()], dtype=bool)
        drawing = self._drawing_of(sheet)
        return Ground(level, drawing, units, of_row, apart, False, "boundary", sheet.info.accuracy)

    def _joined(self, level: Level, day: dt.date) -> Ground | None:
        """Of the communes whose unit of this level is certain: of a divided one it may not be."""
        communes = self._locator.on(day)
        own_day = communes.layer.nearest_day(day)
        units: list[Unit] = []
        place: dict[str, int] = {}
        of_row = np.full(len(communes.codes), -1, dtype=np.int64)
        apart = np.zeros(len(communes.codes), dtype=bool)
        for row in range(len(communes.codes)):
            present = communes.view(row, own_day).commune
            apart[row] = present is not None and _is_far_off(present)
            view = communes.view(row, day)
            unit = view.province if level == "province" else view.district
            if unit is not None:
                of_row[row] = place.setdefault(unit.code, len(units))
                if of_row[row] == len(units):
                    units.append(unit)
        if not units:
            return None
        basis = communes.basis(day)
        sheet = Sheet(communes.index, communes.codes, communes.layer)
        drawing = self._drawing_of(sheet)
        return Ground(level, drawing, units, of_row, apart, True, basis.basis, basis.accuracy)


def _is_far_off(unit: Unit) -> bool:
    return unit.type == SPECIAL_ZONE and unit.name in _FAR_OFF
