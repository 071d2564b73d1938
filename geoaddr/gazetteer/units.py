"""The table of dated units: rows found by code and day, :class:`Unit` values built when asked for."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from geoaddr.gazetteer.layout import LEVELS, NO_KEY, OPEN, SectionSource, code_of, key_of
from geoaddr.model import Level, Unit


class UnitTable:
    """Read-only view of the ``units.*`` sections; a row is one stretch of one unit's life."""

    def __init__(self, source: SectionSource) -> None:
        self.keys: Sequence[int] = source.view("units.key")
        self.begins: Sequence[int] = source.view("units.from")
        self.ends: Sequence[int] = source.view("units.to")
        self.parents: Sequence[int] = source.view("units.parent")
        self.continues: Sequence[int] = source.view("units.continues")
        self._types = source.view("units.type")
        self._bases = source.view("units.basis")
        self._names = source.strings("units.name")
        words = source.strings("units.types")
        self.type_words = tuple(words[i] for i in range(len(words)))
        self._basis_texts = source.strings("units.bases")
        self._all_names: list[str] | None = None
        self._built: dict[int, Unit] = {}
        self._rows_built: dict[tuple[Level, str, dt.date], int] = {}
        self._days: dict[int, dt.date] = {}
        self._bases_read: dict[int, str] = {}
        self._by_parent: dict[int, list[int]] = {}

    def take_in(self) -> None:
        """Read the columns whole, for one who is going to ask for many rows: a number of a list is at hand, one of
        a section is made anew each time."""
        if not isinstance(self.keys, list):
            self.keys, self.begins, self.ends = [*self.keys], [*self.begins], [*self.ends]
            self.parents, self.continues = [*self.parents], [*self.continues]

    def rows_of(self, key: int) -> range:
        """The rows of one code, oldest first; empty when no unit ever had it."""
        low = bisect_left(self.keys, key)
        return range(low, bisect_right(self.keys, key, low))

    def row_at(self, key: int, day: int) -> int | None:
        """The row of ``key`` that holds on ``day``."""
        keys, begins, ends = self.keys, self.begins, self.ends
        row, last = bisect_left(keys, key), len(keys)
        while row < last and keys[row] == key:
            if begins[row] <= day and (ends[row] == OPEN or day < ends[row]):
                return row
            row += 1
        return None

    def row_of(self, unit: Unit) -> int | None:
        """The row that ``unit`` is the value of, or that of its code on the day on which it begins."""
        row = self._rows_built.get((unit.level, unit.code, unit.valid_from))
        return self.row_at(key_of(unit.level, unit.code), unit.valid_from.toordinal()) if row is None else row

    def holds(self, row: int, day: int) -> bool:
        """Whether ``day`` lies in the row's stretch."""
        if self.begins[row] > day:
            return False
        end = self.ends[row]
        return end == OPEN or day < end

    def rows_at(self, level: Level, day: int) -> Iterator[int]:
        """All rows of ``level`` that hold on ``day``, by code."""
        first = LEVELS.index(level)
        low = bisect_left(self.keys, first * 100_000)
        high = bisect_left(self.keys, (first + 1) * 100_000)
        return (row for row in range(low, high) if self.holds(row, day))

    def children(self, parent: int) -> list[int]:
        """The rows whose parent has the key ``parent``, on any day."""
        if not self._by_parent:
            grouped: dict[int, list[int]] = {}
            for row, key in enumerate(self.parents):
                grouped.setdefault(key, []).append(row)
            self._by_parent = grouped
        return self._by_parent.get(parent, [])

    def within(self, row: int, ancestor: int, day: int) -> bool:
        """Whether the row's unit is ``ancestor``'s, directly or through the level between, on ``day``."""
        parent = self.parents[row]
        while parent != NO_KEY:
            if parent == ancestor:
                return True
            above = self.row_at(parent, day)
            if above is None:
                return False
            parent = self.parents[above]
        return False

    def names(self) -> list[str]:
        """The short names of all rows' units."""
        if self._all_names is None:
            self._all_names = list(self._names)
        return self._all_names

    def name(self, row: int) -> str:
        """The short name of the row's unit."""
        return self._names[row]

    def basis(self, index: int) -> str | None:
        """A legal basis by its position; the first is empty and means: not known."""
        known = self._bases_read.get(index)
        if known is None:
            known = self._bases_read[index] = self._basis_texts[index]
        return known or None

    def unit(self, row: int) -> Unit:
        """The row as a value; the same object each time."""
        built = self._built.get(row)
        if built is None:
            built = self._built[row] = self._build(row)
            self._rows_built[built.level, built.code, built.valid_from] = row
        return built

    def _build(self, row: int) -> Unit:
        level, code = code_of(self.keys[row])
        names = self._names if self._all_names is None else self._all_names
        name, kind, parent = names[row], self.type_words[self._types[row]], self.parents[row]
        above = None if parent == NO_KEY else code_of(parent)[1]
        ends, basis = self.ends[row], self.basis(self._bases[row])
        begin, end = self._day(self.begins[row]), None if ends == OPEN else self._day(ends)
        return Unit(level, code, name, f"{kind} {name}", kind, begin, end, above, basis)

    def _day(self, number: int) -> dt.date:
        """A day by its number; many units share few days."""
        known = self._days.get(number)
        if known is None:
            known = self._days[number] = dt.date.fromordinal(number)
        return known
