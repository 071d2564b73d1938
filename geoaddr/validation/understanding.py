"""One line out of all that was asked, and how it is read. A form's fields say at which level a name stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from geoaddr.conversion import EVE
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter, UnitMatch
from geoaddr.interpretation.codes_in_text import CodeInText, codes_in
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_beside_codes import detail_below
from geoaddr.interpretation.reading_two import Pair, detail_of_pair, pair_of
from geoaddr.interpretation.weighing import weighed
from geoaddr.model import Level, Unit
from geoaddr.text.fold import fold
from geoaddr.validation.fields import UNITS, Asked
from geoaddr.validation.unit_codes import UnitCodes

MORE_READINGS = 10
"""Of a form, whose fields rule some of them out."""

COMPONENTS = ("plus_code", "postcode")
"""The systems whose codes are components of an address."""

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
    """``line``: what was read, with its ``readings``, best first, and its ``detail``. ``codes``: those that
    stand in it, as written. ``stated``: the fields that name units. ``sides``: where a text and such fields
    were both given, the readings of the fields alone, and of the text alone that may contradict them.
    ``in_text``: where fields below the commune were given beside it, what the text alone says there.
    ``pair``: the two addresses of a line that has two.
    ``meanings``: how many units of different times the code of a commune may be; 0 without one."""

    line: str
    readings: Sequence[Interpretation]
    detail: Detail
    codes: tuple[str, ...] = ()
    stated: tuple[StatedUnit, ...] = ()
    sides: tuple[Sequence[Interpretation], Sequence[Interpretation]] | None = None
    in_text: Detail | None = None
    meanings: int = 0
    pair: Pair | None = None


class Understanding:
    """Reads what was asked."""

    def __init__(self, interpreter: Interpreter, gazetteer: Gazetteer) -> None:
        self._interpreter, self._gazetteer = interpreter, gazetteer
        self._unit_codes = UnitCodes(gazetteer)

    def read(self, asked: Asked, as_of: dt.date | None) -> Understood:
        """The readings of a text, of a form, or of both on one line.

        :raises InvalidQuery: for a line longer than 4,096 characters.
        """
        if not (asked.units or asked.detail or asked.alley):
            line = asked.text or ""
            pair = pair_of(self._interpreter, line, as_of=as_of)
            if pair is not None:
                found = codes_in(line, self._gazetteer)
                detail = detail_of_pair(line, pair, self._gazetteer, codes=found)
                return Understood(
                    line=line, readings=pair.first, detail=detail, codes=_written(line, found), pair=pair
                )
            readings = weighed(self._interpreter, line, as_of=as_of) if line else []
            detail, codes = self._below(line, readings)
            return Understood(line=line, readings=readings, detail=detail, codes=codes)
        return self._form(asked, as_of)

    def _form(self, asked: Asked, as_of: dt.date | None) -> Understood:
        in_fields = asked.detail_of_fields()
        below = "" if "commune" in asked.units else _as_written(asked)  # a commune may stand in the street's field
        head = ", ".join(piece for piece in (below, asked.text) if piece)
        units = self._units(asked, as_of)
        line, stated = head, list[StatedUnit]()
        if not all(_says(asked.text or "", name, asked.units[level]) for level, name in units.items()):
            for level in UNITS:
                name = units.get(level, "")
                line += ", " if line and name else ""
                span = (len(line), len(line) + len(name))
                line += name
                stated += [StatedUnit(_level(level), asked.units[level], span)] if name else []
        readings = weighed(self._interpreter, line, as_of=as_of, shown=MORE_READINGS) if line else []
        readings = fitting(readings, stated)
        meant = self._meant(asked, stated, readings, len(head), as_of)
        readings = meant or readings
        detail, codes = self._below(line, readings, stated)
        if not below or not _touched(readings, len(below)):
            detail = _merged(in_fields, detail)
        sides = None
        if asked.text and units:
            fields_alone = ", ".join(units[level] for level in UNITS if level in units)
            of_text = weighed(self._interpreter, asked.text, as_of=as_of)
            of_fields = meant or weighed(self._interpreter, fields_alone, as_of=as_of)
            sides = [reading for reading in of_text if _speaks(reading, asked.text)], of_fields
        in_text = None
        if asked.text and (asked.detail or asked.alley):
            in_text = self._below(asked.text, weighed(self._interpreter, asked.text, as_of=as_of))[0]
        return Understood(
            line=line,
            readings=readings,
            detail=detail,
            codes=codes,
            stated=tuple(stated),
            sides=sides,
            in_text=in_text,
            meanings=len(meant),
        )

    def _below(
        self, line: str, readings: Sequence[Interpretation], stated: Sequence[StatedUnit] = ()
    ) -> tuple[Detail, tuple[str, ...]]:
        """What stands below the units, and the codes there; a unit's field holds nothing of it, understood or
        not."""
        end = stated[0].span[0] if stated else len(line)  # such fields stand last
        codes = codes_in(line[:end], self._gazetteer)
        detail = detail_below(line, readings, self._gazetteer, codes=codes, end=end)
        return detail, _written(line, codes)

    def _meant(
        self,
        asked: Asked,
        stated: Sequence[StatedUnit],
        readings: Sequence[Interpretation],
        end: int,
        as_of: dt.date | None,
    ) -> list[Interpretation]:
        """The readings of a line whose commune is stated by a code: no name decides then which one it is."""
        spans = {field.level: field.span for field in stated}
        rest = readings[0].rest if readings else ((0, end),)
        meanings = self._unit_codes.meanings(asked.units, as_of) if spans else []
        return [self._unit_codes.reading(meaning, spans, rest) for meaning in meanings]

    def _units(self, asked: Asked, as_of: dt.date | None) -> dict[str, str]:
        """The units' fields as they are put on the line: codes by name, bare names with their type where that
        is certain, among the units of today in the province that is stated or all of the country."""
        named = {}
        for name, written in asked.units.items():
            level = _level(name)
            if written.isascii() and written.isdigit():
                named[name] = self._by_digits(level, written, asked, as_of)
                continue
            types = {unit.type for unit in self._named_so(written, level)}
            if level == "commune" and len(types) > 1 and "district" not in asked.units:
                types = {unit.type for unit in self._named_today(written, asked.units.get("province"))} or types
            named[name] = f"{types.pop()} {written}" if len(types) == 1 else written
        return named

    def _named_so(self, written: str, level: Level) -> Iterator[Unit]:
        """The units of a level, of today and of before the reform, with this name as their own."""
        for day in (self._gazetteer.date, EVE):
            found = self._gazetteer.find(written, level=level, as_of=day)
            yield from (unit for unit in found if fold(written) == fold(unit.name))

    def _named_today(self, written: str, province: str | None) -> Iterator[Unit]:
        """Today's communes of this name in the province that a form states: without a district, who fills in a
        form of two levels means them."""
        today = self._gazetteer.date
        for above in self._gazetteer.find(province, level="province", as_of=today) if province else ():
            found = self._gazetteer.find(written, level="commune", parent=above.code, as_of=today)
            yield from (unit for unit in found if fold(written) == fold(unit.name))

    def _by_digits(self, level: Level, written: str, asked: Asked, as_of: dt.date | None) -> str:
        unit = self._unit_codes.unit(level, written, asked.units, as_of)
        if unit is not None:
            return unit.full_name
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


def _written(line: str, codes: Sequence[CodeInText]) -> tuple[str, ...]:
    """The codes that are no component of an address, as written."""
    spans = {(code.start, code.end) for code in codes if code.system not in COMPONENTS}
    return tuple(line[start:stop] for start, stop in sorted(spans))


def _touched(readings: Sequence[Interpretation], length: int) -> bool:
    """Whether a unit was read in the first ``length`` characters, which came from fields below the commune."""
    matches = readings[0].matches if readings else ()
    return any(match.span and match.span[0] < length for match in matches)


def _speaks(reading: Interpretation, text: str) -> bool:
    """Whether a reading of a line beside a form's fields can be held against them: it names a unit with its type
    word, or several units, or a province at the end. A bare name in such a line is a street's."""
    written = [match for match in reading.matches if match.span and match.how != "fuzzy"]
    if len(written) != 1:
        return len(written) > 1
    match = written[0]
    return is_typed(match, text) or (match.unit.level == "province" and _ends_the_line(match, text))


def is_typed(match: UnitMatch, text: str) -> bool:
    """Whether a unit stands in ``text`` with a word beside its name, its type that is."""
    return match.span is not None and len(fold(text[slice(*match.span)])) > len(fold(match.name))


def _ends_the_line(match: UnitMatch, text: str) -> bool:
    """Whether a unit is all of the last part of a line that has more than one."""
    start, end = match.span or (0, 0)
    return text[:start].rstrip().endswith(",") and not any(c.isalnum() for c in text[end:])


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
