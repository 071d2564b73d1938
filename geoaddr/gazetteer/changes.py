"""What became of units: links between stretches, and translation through all changes, both ways."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from geoaddr.gazetteer.layout import GRADES, OPEN, SectionSource, code_of
from geoaddr.gazetteer.units import UnitTable
from geoaddr.model import Grade, UnitLink

_WORST: dict[tuple[Grade, Grade], Grade] = {
    (a, b): max(a, b, key=("whole", "part", "unknown").index) for a in GRADES for b in GRADES
}


class ChangeTable:
    """Read-only view of the ``links.*`` sections, together with the stretches that follow one another."""

    def __init__(self, source: SectionSource, units: UnitTable) -> None:
        self._units = units
        self._old: Sequence[int] = source.view("links.old")
        self._new: Sequence[int] = source.view("links.new")
        self._grade = source.view("links.grade")
        self._on: Sequence[int] = source.view("links.on")
        self._basis = source.view("links.basis")
        self._main = source.view("links.main")
        self._by_new: Sequence[int] = source.view("links.by_new")
        self._new_in_order: list[int] | None = None

    def take_in(self) -> None:
        """Read the columns whole, for one who is going to ask for many changes."""
        if self._new_in_order is None:
            self._old, self._new, self._on = [*self._old], [*self._new], [*self._on]
            self._by_new = [*self._by_new]
            self._new_in_order = [self._new[i] for i in self._by_new]

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Every link: the older unit's key, the newer one's, and the day."""
        yield from zip(self._old, self._new, self._on, strict=True)

    def after(self, row: int) -> list[tuple[int, UnitLink]]:
        """The rows that continue ``row``, each with its link; empty for what stands or ended."""
        return [
            (new, self._same(new, self._units.begins[new]) if i is None else self._link(i, self._new[i]))
            for new, i in self._after(row)
        ]

    def main_after(self, row: int) -> frozenset[str]:
        """The codes of what the main part of ``row`` went to, where the source says which that is."""
        mains = [self._new[i] for _, i in self._after(row) if i is not None and self._main[i]]
        return frozenset([code_of(key)[1] for key in mains])

    def _after(self, row: int) -> list[tuple[int, int | None]]:
        """The rows that continue ``row``, each with the place of its link; ``None`` where it is the same unit."""
        units = self._units
        end = units.ends[row]
        if end == OPEN:
            return []
        following = row + 1
        if self._joined(following) and units.begins[following] == end:
            return [(following, None)]
        key, old, on = units.keys[row], self._old, self._on
        found: list[tuple[int, int | None]] = []
        i, last = bisect_left(old, key), len(old)
        while i < last and old[i] == key:
            if on[i] == end:
                new = units.row_at(self._new[i], end)
                if new is not None:
                    found.append((new, i))
            i += 1
        return found

    def before(self, row: int) -> list[tuple[int, UnitLink]]:
        """The rows that ``row`` was made of, each with the link that led from it."""
        begin = self._units.begins[row]
        return [
            (old, self._same(row, begin) if i is None else self._link(i, self._old[i]))
            for old, i in self._before(row)
        ]

    def rows_before(self, row: int) -> list[int]:
        """The same without the links."""
        return [old for old, _ in self._before(row)]

    def _before(self, row: int) -> list[tuple[int, int | None]]:
        """The rows that ``row`` was made of, each with the place of its link; ``None`` where it is the same."""
        begin = self._units.begins[row]
        if self._joined(row):
            return [(row - 1, None)]
        key = self._units.keys[row]
        count = len(self._by_new)
        if self._new_in_order is None:
            low = bisect_left(range(count), key, key=lambda n: self._new[self._by_new[n]])
        else:
            low = bisect_left(self._new_in_order, key)
        found: list[tuple[int, int | None]] = []
        for n in range(low, count):
            i = self._by_new[n]
            if self._new[i] != key:
                break
            if self._on[i] == begin:
                old = self._units.row_at(self._old[i], begin - 1)
                if old is not None:
                    found.append((old, i))
        return found

    def translate(self, row: int, day: int) -> list[tuple[int, Grade]]:
        """The rows that hold on ``day`` and share ground with ``row``, each with how surely.

        Forward the grades of the links combine. Backward, a unit made of one other lies wholly in it;
        made of several, a part of it lies in each.
        """
        forward = day >= self._units.begins[row]
        if not self._units.holds(row, day):
            steps = self._steps(row, forward=forward)
            if len(steps) == 1 and self._units.holds(steps[0][0], day):
                return steps  # as most do
        found: dict[int, Grade] = {}
        open_rows: dict[int, Grade] = {row: "whole"}
        while open_rows:
            following: dict[int, Grade] = {}
            for at, grade in open_rows.items():
                if self._units.holds(at, day):
                    found[at] = _better(found.get(at), grade)
                    continue
                for other, step in self._steps(at, forward=forward):
                    following[other] = _better(following.get(other), _WORST[grade, step])
            open_rows = following
        return sorted(found.items())

    def _steps(self, row: int, *, forward: bool) -> list[tuple[int, Grade]]:
        if forward:
            return [(new, "whole" if i is None else GRADES[self._grade[i]]) for new, i in self._after(row)]
        sources = self.rows_before(row)
        return [(other, "whole" if len(sources) == 1 else "part") for other in sources]

    def _joined(self, row: int) -> bool:
        return row < len(self._units.keys) and bool(self._units.continues[row])

    def _same(self, row: int, on: int) -> UnitLink:
        level, code = code_of(self._units.keys[row])
        return UnitLink(level, code, "whole", dt.date.fromordinal(on), self._units.unit(row).legal_basis)

    def _link(self, i: int, key: int) -> UnitLink:
        level, code = code_of(key)
        grade, on = GRADES[self._grade[i]], dt.date.fromordinal(self._on[i])
        note = "main" if self._main[i] else None
        return UnitLink(level, code, grade, on, self._units.basis(self._basis[i]), note)


def _better(known: Grade | None, grade: Grade) -> Grade:
    return grade if known is None else min(known, grade, key=("whole", "part", "unknown").index)
