"""One line out of all that was asked, and how it is read. A form's fields say at which level a name stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from geoaddr.conversion import EVE
from geoaddr.errors import UnknownUnit
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.model import Level
from geoaddr.profiles.vn import CODE_WIDTH
from geoaddr.text.fold import fold
from geoaddr.validation.fields import UNITS, Asked

READINGS = 5
MORE_READINGS = 10
"""Of a form, whose fields rule some of them out."""

NUMBERED: dict[str, str] = {"commune": "Phường", "district": "Quận"}
"""The type of a unit that is called by a number alone."""


@dataclass(frozen=True, slots=True)
class StatedUnit:
    """A unit's field: its ``level``, what was ``written`` in it, and where that stands in the line."""

    level: Level
    written: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """``line``: what was read, with its ``readings``, best first, and its ``detail``. ``stated``: the fields
    that name units. ``sides``: where a text and such fields were both given, the readings of each alone."""

    line: str
    readings: Sequence[Interpretation]
    detail: Detail
    stated: tuple[StatedUnit, ...] = ()
    sides: tuple[Sequence[Interpretation], Sequence[Interpretation]] | None = None


class Understanding:
    """Reads what was asked."""

    def __init__(self, interpreter: Interpreter, gazetteer: Gazetteer) -> None:
        self._interpreter, self._gazetteer = interpreter, gazetteer

    def read(self, asked: Asked, as_of: dt.date | None) -> Understood:
        """The readings of a text, of a form, or of both on one line.

        :raises InvalidQuery: for a line longer than 4,096 characters.
        """
        if not (asked.units or asked.detail or asked.alley):
            line = asked.text or ""
            readings = self._interpreter.interpret(line, as_of=as_of, limit=READINGS) if line else []
            return Understood(line=line, readings=readings, detail=_detail(line, readings))
        return self._form(asked, as_of)

    def _form(self, asked: Asked, as_of: dt.date | None) -> Understood:
        in_fields = asked.detail_of_fields()
        below = "" if "commune" in asked.units else _as_written(asked)  # a commune may stand in the street's field
        head = ", ".join(piece for piece in (below, asked.text) if piece)
        units = self._units(asked)
        line, stated = head, list[StatedUnit]()
        if not all(_says(asked.text or "", name, asked.units[level]) for level, name in units.items()):
            for level in UNITS:
                name = units.get(level, "")
                line += ", " if line and name else ""
                span = (len(line), len(line) + len(name))
                line += name
                stated += [StatedUnit(_level(level), asked.units[level], span)] if name else []
        readings = self._interpreter.interpret(line, as_of=as_of, limit=MORE_READINGS) if line else []
        readings = fitting(readings, stated)[:READINGS]
        detail = _detail(line, readings, stated)
        if not below or not _touched(readings, len(below)):
            detail = _merged(in_fields, detail)
        sides = None
        if asked.text and units:
            fields_alone = ", ".join(units[level] for level in UNITS if level in units)
            sides = (
                self._interpreter.interpret(asked.text, as_of=as_of, limit=READINGS),
                self._interpreter.interpret(fields_alone, as_of=as_of, limit=READINGS),
            )
        return Understood(line=line, readings=readings, detail=detail, stated=tuple(stated), sides=sides)

    def _units(self, asked: Asked) -> dict[str, str]:
        """The units' fields as they are put on the line: codes by name, bare names with their type where that
        is certain."""
        named = {}
        for name, written in asked.units.items():
            level = _level(name)
            if written.isascii() and written.isdigit():
                named[name] = self._by_digits(level, written)
                continue
            types = {
                unit.type
                for day in (self._gazetteer.date, EVE)
                for unit in self._gazetteer.find(written, level=level, as_of=day)
                if fold(written) == fold(unit.name)
            }
            named[name] = f"{types.pop()} {written}" if len(types) == 1 else written
        return named

    def _by_digits(self, level: Level, written: str) -> str:
        if len(written) == CODE_WIDTH[level]:
            for day in (self._gazetteer.date, EVE):
                try:
                    return self._gazetteer.unit(written, level=level, as_of=day).full_name
                except UnknownUnit:
                    continue
        return f"{NUMBERED[level]} {written}" if level in NUMBERED else written


def fitting(readings: Sequence[Interpretation], stated: Sequence[StatedUnit]) -> list[Interpretation]:
    """The readings that take each field for a unit of its level; all of them where none does."""
    if not stated:
        return list(readings)
    kept = [reading for reading in readings if all(_fits(reading, field) for field in stated)]
    if not kept or len(kept) == len(readings):
        return list(readings)
    total = sum(reading.weight for reading in kept)
    return [replace(reading, weight=reading.weight / total) for reading in kept]


def _fits(reading: Interpretation, field: StatedUnit) -> bool:
    levels = {match.unit.level for match in reading.matches if match.span and meets(match.span, field.span)}
    return field.level in levels


def meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches share a character."""
    return one[0] < other[1] and other[0] < one[1]


def _touched(readings: Sequence[Interpretation], length: int) -> bool:
    """Whether a unit was read in the first ``length`` characters, which came from fields below the commune."""
    matches = readings[0].matches if readings else ()
    return any(match.span and match.span[0] < length for match in matches)


def _detail(line: str, readings: Sequence[Interpretation], stated: Sequence[StatedUnit] = ()) -> Detail:
    """What stands below the units; a unit's field holds nothing of it, understood or not."""
    rest = readings[0].rest if readings else ((0, len(line)),)
    end = stated[0].span[0] if stated else len(line)  # such fields stand last
    return read_detail(line, [(a, min(b, end)) for a, b in rest if a < end])


def _says(text: str, *names: str) -> bool:
    """Whether a text has one of these names."""
    said = f" {fold(text)} "
    return any(f" {fold(name)} " in said for name in names)


def _as_written(asked: Asked) -> str:
    """The fields below the commune on one line, small to large."""
    field = asked.detail.get
    door = " ".join(part for part in (field("house_number"), *reversed(asked.alley), field("street")) if part)
    parts = (field("poi"), field("unit"), field("floor"), field("building"), door, field("hamlet"))
    return ", ".join(part for part in parts if part)


def _merged(stated: Detail, read: Detail) -> Detail:
    """What the fields state, and what the line says besides."""
    values = {field.name: getattr(stated, field.name) or getattr(read, field.name) for field in fields(Detail)}
    return Detail(**values)


def _level(name: str) -> Level:
    return "commune" if name == "commune" else "district" if name == "district" else "province"
