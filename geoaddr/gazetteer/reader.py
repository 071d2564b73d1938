"""The reader: every question that the rest asks of the gazetteer."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Protocol

from geoaddr.errors import Said, UnknownUnit
from geoaddr.gazetteer.changes import ChangeTable
from geoaddr.gazetteer.layout import LEVELS, OPEN, SectionSource, key_of, level_of
from geoaddr.gazetteer.names import NameHit, NameTable
from geoaddr.gazetteer.units import UnitTable
from geoaddr.model import Grade, Level, PackInfo, Unit, UnitLink
from geoaddr.profiles.vn import POSTCODE_PREFIX_WIDTH, POSTCODE_WIDTH, POSTCODES_FROM


class DatedSource(SectionSource, Protocol):
    """A pack: sections and the facts about them."""

    @property
    def info(self) -> PackInfo:
        """The pack's name, version and date."""


class Gazetteer:
    """The dated units of a pack. Opens in milliseconds; safe to share between threads."""

    def __init__(self, source: SectionSource, date: dt.date) -> None:
        self.date = date
        """The latest day for which the sources' state is known; the default ``as_of``."""
        self._units = UnitTable(source)
        self._changes = ChangeTable(source, self._units)
        self._names = NameTable(source, self._units)
        self._post_unit = source.view("postcodes.unit")
        self._post_code = source.view("postcodes.code")
        self._post_from = source.view("postcodes.from")
        self._post_to = source.view("postcodes.to")
        self._post_order = source.view("postcodes.by_code")
        self._answers: dict[tuple[str, Level | None, dt.date], Unit] = {}

    @classmethod
    def from_pack(cls, pack: DatedSource) -> Gazetteer:
        """The gazetteer that ``pack`` holds."""
        return cls(pack, pack.info.date)

    @property
    def tables(self) -> tuple[UnitTable, NameTable, ChangeTable]:
        """The tables themselves, for what indexes them in its own way: a row is one stretch of a unit."""
        return self._units, self._names, self._changes

    def unit(self, code: str, *, as_of: dt.date, level: Level | None = None) -> Unit:
        """The unit that had ``code`` on the day ``as_of``; the code's width tells the level.

        :raises UnknownUnit: when none had; the reason says whether another day knows the code.
        """
        asked = (code, level, as_of)
        known = self._answers.get(asked)
        if known is None:
            known = self._look_up(code, level, as_of)
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[asked] = known
        return known

    def versions(self, code: str, level: Level | None = None) -> list[Unit]:
        """All stretches of all units that ever had ``code``, oldest first."""
        return [self._units.unit(row) for row in self._units.rows_of(self._key(code, level))]

    def units(self, level: Level, *, as_of: dt.date, parent: str | None = None) -> list[Unit]:
        """The units of ``level`` on a day, by code; with ``parent`` only those inside that unit.

        :raises UnknownUnit: when ``parent`` names no unit of that day.
        """
        day = as_of.toordinal()
        if parent is None:
            return [self._units.unit(row) for row in self._units.rows_at(level, day)]
        above = self.unit(parent, as_of=as_of)
        rows = self._units.children(key_of(above.level, above.code))
        nearer = [self._units.unit(row) for row in sorted(rows) if self._units.holds(row, day)]
        found = [unit for unit in nearer if unit.level == level]
        for unit in nearer:
            if LEVELS.index(unit.level) < LEVELS.index(level):
                found += self.units(level, as_of=as_of, parent=unit.code)
        return sorted(found, key=lambda unit: unit.code)

    def ancestors(self, unit: Unit, *, as_of: dt.date) -> list[Unit]:
        """The units that hold ``unit`` on a day, nearest first: its district, if any, and its province."""
        found = []
        while unit.parent is not None:
            unit = self.unit(unit.parent, as_of=as_of)
            found.append(unit)
        return found

    def postcode(self, commune_code: str, *, as_of: dt.date) -> str | None:
        """The national postcode of a commune on a day; ``None`` before 24 August 2025."""
        key, day = self._key(commune_code, "commune"), as_of.toordinal()
        low = bisect_left(self._post_unit, key)
        for i in range(low, bisect_right(self._post_unit, key, low)):
            if self._post_from[i] <= day and (self._post_to[i] == OPEN or day < self._post_to[i]):
                return f"{self._post_code[i]:0{POSTCODE_WIDTH}d}"
        return None

    def by_postcode(self, postcode: str, *, as_of: dt.date) -> list[Unit]:
        """The communes whose postcode was ``postcode`` on a day: one, or none."""
        if not (postcode.isascii() and postcode.isdigit() and len(postcode) == POSTCODE_WIDTH):
            return []
        return self._with_postcodes(int(postcode), int(postcode), as_of)

    def heirs_of_postcode(self, postcode: str, *, as_of: dt.date) -> list[Unit]:
        """The communes of a day that hold ground of the last commune with a postcode which ended before it;
        none for one that is in force, or never was."""
        if not (postcode.isascii() and postcode.isdigit() and len(postcode) == POSTCODE_WIDTH):
            return []
        order, code = range(len(self._post_order)), int(postcode)
        low = bisect_left(order, code, key=lambda n: self._post_code[self._post_order[n]])
        high = bisect_right(order, code, low, key=lambda n: self._post_code[self._post_order[n]])
        held = (self._post_order[n] for n in range(low, high))
        ends = ((self._post_to[i], self._post_unit[i]) for i in held)
        last = max((end for end in ends if OPEN != end[0] <= as_of.toordinal()), default=None)
        row = None if last is None else self._units.row_at(last[1], last[0] - 1)
        found = [] if row is None else self._changes.translate(row, as_of.toordinal())
        return [self._units.unit(at) for at, _ in found]

    @cached_property
    def postcode_prefixes(self) -> frozenset[str]:
        """The first two digits of all postcodes in force: each says a province, or several."""
        day = max(self.date, POSTCODES_FROM).toordinal()
        ends = zip(self._post_code, self._post_from, self._post_to, strict=True)
        codes = {code for code, begin, end in ends if begin <= day and (end == OPEN or day < end)}
        return frozenset(f"{code:0{POSTCODE_WIDTH}d}"[:POSTCODE_PREFIX_WIDTH] for code in codes)

    def provinces_of_prefix(self, two_digits: str, *, as_of: dt.date) -> list[Unit]:
        """The provinces in which postcodes begin with ``two_digits``.

        Prefixes outlive reforms, so for a day before the postcodes in force those serve, translated to the
        provinces of that day.
        """
        if not (two_digits.isascii() and two_digits.isdigit() and len(two_digits) == 2):
            return []
        low = int(two_digits) * 1000
        day = max(as_of, POSTCODES_FROM)
        communes = self._with_postcodes(low, low + 999, day)
        provinces = {unit.parent for unit in communes if unit.parent}
        found = {
            unit.code: unit
            for code in provinces
            for unit, _ in self.translate(code, "province", known_on=day, as_of=as_of)
        }
        return [found[code] for code in sorted(found)]

    def successors(self, unit: Unit) -> list[UnitLink]:
        """What became of this stretch of ``unit`` at its end; empty for what stands, and for districts
        that ended with their level."""
        return [link for _, link in self._changes.after(self._row(unit))]

    def predecessors(self, unit: Unit) -> list[UnitLink]:
        """What this stretch of ``unit`` was made of at its beginning. A link's grade says how much of the
        older unit came here. An island district that had no communes is named with its own level."""
        return [link for _, link in self._changes.before(self._row(unit))]

    def made_of(self, unit: Unit) -> list[tuple[Unit, UnitLink]]:
        """The same, each with the unit as it was then."""
        return [(self._units.unit(row), link) for row, link in self._changes.before(self._row(unit))]

    def main_parts(self, unit: Unit) -> frozenset[str]:
        """The codes of those that the main part of this stretch of ``unit`` went to, where the source says."""
        return self._changes.main_after(self._row(unit))

    def became(self, unit: Unit, *, as_of: dt.date) -> list[tuple[Unit, Grade]]:
        """As :meth:`translate`, of this stretch of ``unit``."""
        found = self._changes.translate(self._row(unit), as_of.toordinal())
        return [(self._units.unit(at), grade) for at, grade in found]

    def translate(
        self, unit_code: str, level: Level, *, known_on: dt.date, as_of: dt.date
    ) -> list[tuple[Unit, Grade]]:
        """The units of ``as_of`` that hold the ground of a unit of ``known_on``, through all changes.

        One entry graded ``whole`` means certain: everything in the unit lies there. Several ``part``
        entries mean that more must be known. A district has no successor: the list is empty.

        :raises UnknownUnit: when no unit had the code on ``known_on``.
        """
        row = self._units.row_at(self._key(unit_code, level), known_on.toordinal())
        if row is None:
            raise UnknownUnit("code", unit_code, self._why_unknown(unit_code, level, known_on))
        found = self._changes.translate(row, as_of.toordinal())
        return [(self._units.unit(at), grade) for at, grade in found]

    def find(
        self, name: str, *, level: Level | None = None, parent: str | None = None, as_of: dt.date
    ) -> list[Unit]:
        """The units of a day that ``name`` names exactly, folded: with or without the type, by an alias
        (a former or well-known name), or by a code written as text.

        A text with accents that agree with some of them gives only those; one without accents gives all.
        Higher levels first, then own names before aliases, then by code. ``parent`` is the code of a unit
        that must hold them.
        """
        day = as_of.toordinal()
        above = None if parent is None else key_of(level_of(parent) or "province", parent)
        hits = [
            hit
            for hit in self._named(name, day)
            if (level is None or self._units.unit(hit.row).level == level)
            and (above is None or self._units.within(hit.row, above, day))
        ]
        if any(hit.accented for hit in hits):
            hits = [hit for hit in hits if hit.accented]
        order = sorted(hits, key=lambda hit: (self._units.keys[hit.row] // 100_000, hit.alias, hit.row))
        return [self._units.unit(row) for row in dict.fromkeys(hit.row for hit in order)]

    def _named(self, name: str, day: int) -> list[NameHit]:
        hits = [hit for hit in self._names.hits(name) if self._units.holds(hit.row, day)]
        text = name.strip()
        by_width = level_of(text)
        if by_width is not None:
            row = self._units.row_at(key_of(by_width, text), day)
            if row is not None:
                hits.append(NameHit(row, typed=False, accented=False, alias=False))
        return hits

    def _look_up(self, code: str, level: Level | None, as_of: dt.date) -> Unit:
        row = self._units.row_at(self._key(code, level), as_of.toordinal())
        if row is None:
            raise UnknownUnit("code", code, self._why_unknown(code, level, as_of))
        return self._units.unit(row)

    def _why_unknown(self, code: str, level: Level | None, as_of: dt.date) -> Said:
        others = self.versions(code, level)
        if not others:
            return Said("no administrative unit has this code", "không có đơn vị hành chính nào mang mã này")
        last = others[-1]
        until = last.valid_to.isoformat() if last.valid_to else "…"
        span = f"[{last.valid_from.isoformat()}, {until})"
        return Said(
            f"no unit had this code on {as_of.isoformat()}; {last.full_name} had it during {span}",
            f"không đơn vị nào mang mã này vào ngày {as_of.isoformat()}; {last.full_name} mang mã trong {span}",
        )

    def _key(self, code: str, level: Level | None) -> int:
        by_width = level or level_of(code)
        if by_width is None:
            raise UnknownUnit(
                "code",
                code,
                Said("not the code of a unit: 2, 3 or 5 digits", "không phải mã đơn vị: 2, 3 hoặc 5 chữ số"),
            )
        return key_of(by_width, code)

    def _row(self, unit: Unit) -> int:
        row = self._units.row_of(unit)
        if row is None:
            raise UnknownUnit("code", unit.code, self._why_unknown(unit.code, unit.level, unit.valid_from))
        return row

    def _with_postcodes(self, low: int, high: int, as_of: dt.date) -> list[Unit]:
        day = as_of.toordinal()
        order = range(len(self._post_order))
        found = []
        for n in range(bisect_left(order, low, key=lambda n: self._post_code[self._post_order[n]]), len(order)):
            i = self._post_order[n]
            if self._post_code[i] > high:
                break
            if self._post_from[i] <= day and (self._post_to[i] == OPEN or day < self._post_to[i]):
                row = self._units.row_at(self._post_unit[i], day)
                if row is not None:
                    found.append(self._units.unit(row))
        return found


_REMEMBERED = 20_000
"""Looked-up units kept at hand; more are looked up again."""
