"""The gazetteer's sources as typed rows: units by stretch, links, other names, postcodes.

The tables hold two states, of 30 June 2025 (``*_old.csv``) and of 1 July 2025, and dated changes of single
fields. From these follow the stretches: a unit's state is cut where a change of it is dated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from geoaddr.gazetteer.layout import GRADES, LEVELS
from geoaddr.importing.tables import DataFolder, Line
from geoaddr.model import EARLIEST_DATE, Grade, Level
from geoaddr.profiles.vn import REFORM

_LEVELS: dict[str, Level] = {level: level for level in LEVELS}
_GRADES: dict[str, Grade] = {grade: grade for grade in GRADES}

PROVINCES_BASIS = "202/2025/QH15"
"""The resolution that made the 34 provinces."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of a unit's life. ``continues``: the unit is the one of the stretch before it."""

    level: Level
    code: str
    type: str
    name: str
    parent: str | None
    valid_from: dt.date
    valid_to: dt.date | None
    legal_basis: str | None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An old unit and a new one that got all or part of it on ``on``; ``main`` as the source marks it."""

    old_level: Level
    old: str
    new_level: Level
    new: str
    grade: Grade
    on: dt.date
    legal_basis: str | None
    main: bool


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of the unit that had ``code`` on ``on``, with its type where it has one."""

    level: Level
    code: str
    on: dt.date
    name: str
    type: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class Postcode:
    """A commune's postcode during a stretch."""

    commune: str
    postcode: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a gazetteer is built from. ``date``: the latest day for which the state is known."""

    date: dt.date
    stretches: list[Stretch]
    links: list[Link]
    names: list[OtherName]
    postcodes: list[Postcode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Change:
    on: dt.date
    column: str
    before: str
    after: str
    basis: str
    line: Line


def read_sources(folder: str | Path) -> Sources:
    """Read the data folder (the one that holds ``manifest.csv`` and ``sources/``).

    :raises DataError: for a table that is missing, altered or contradicts another.
    """
    data = DataFolder(Path(folder))
    changes = _changes(data)
    resolutions = {
        line["province"]: line["resolution"]
        for line in data.table("resolutions_communes.csv", ("province", "resolution"))
    }
    stretches = _provinces(data, changes) + _districts(data, changes) + _communes(data, changes, resolutions)
    last = max((c.on for found in changes.values() for c in found), default=REFORM)
    return Sources(
        date=last,
        stretches=stretches,
        links=_links(data, resolutions),
        names=_names(data),
        postcodes=[
            Postcode(line["commune"], line["postcode"], _date(line, "valid_from"), _open_date(line, "valid_to"))
            for line in data.table(
                "postcodes.csv", ("commune", "postcode", "valid_from", "valid_to"), ("commune", "valid_from")
            )
        ],
    )


def _changes(data: DataFolder) -> dict[tuple[str, str], list[_Change]]:
    columns = ("level", "code", "on", "field", "before", "after", "legal_basis")
    found: dict[tuple[str, str], list[_Change]] = {}
    for line in data.table("changes.csv", columns):
        change = _Change(
            _date(line, "on"), line["field"], line["before"], line["after"], line["legal_basis"], line
        )
        found.setdefault((line["level"], line["code"]), []).append(change)
    return {unit: sorted(rows, key=lambda c: c.on) for unit, rows in found.items()}


def _provinces(data: DataFolder, changes: dict[tuple[str, str], list[_Change]]) -> list[Stretch]:
    """Provinces of both states; one that the reform left alone is one unit throughout."""
    columns, key = ("code", "type", "name"), ("code",)
    old = {line["code"]: line for line in data.table("provinces_old.csv", columns, key)}
    new = {line["code"]: line for line in data.table("provinces.csv", columns, key)}
    sources: dict[str, set[str]] = {}
    for line in data.table("links_provinces.csv", ("old", "new")):
        sources.setdefault(line["new"], set()).add(line["old"])
    kept = {code for code, olds in sources.items() if olds == {code}}
    found: list[Stretch] = []
    for code, line in old.items():
        base = Stretch("province", code, line["type"], line["name"], None, EARLIEST_DATE, REFORM, None)
        found += _cut(base if code not in kept else replace(base, valid_to=None), changes, known_on=REFORM)
    for code, line in new.items():
        if code not in kept:
            base = Stretch("province", code, line["type"], line["name"], None, REFORM, None, PROVINCES_BASIS)
            found += _cut(base, changes, known_on=REFORM)
    return found


def _districts(data: DataFolder, changes: dict[tuple[str, str], list[_Change]]) -> list[Stretch]:
    found: list[Stretch] = []
    for line in data.table("districts_old.csv", ("code", "type", "name", "province"), ("code",)):
        parent = line["province"]
        base = Stretch("district", line["code"], line["type"], line["name"], parent, EARLIEST_DATE, REFORM, None)
        found += _cut(base, changes, known_on=REFORM)
    return found


def _communes(
    data: DataFolder, changes: dict[tuple[str, str], list[_Change]], resolutions: dict[str, str]
) -> list[Stretch]:
    found: list[Stretch] = []
    for line in data.table("communes_old.csv", ("code", "type", "name", "district"), ("code",)):
        parent = line["district"]
        base = Stretch("commune", line["code"], line["type"], line["name"], parent, EARLIEST_DATE, REFORM, None)
        found += _cut(base, changes, known_on=REFORM)
    for line in data.table("communes.csv", ("code", "type", "name", "province"), ("code",)):
        parent = line["province"]
        basis = resolutions.get(parent)
        base = Stretch("commune", line["code"], line["type"], line["name"], parent, REFORM, None, basis)
        found += _cut(base, changes, known_on=REFORM)
    return found


def _cut(base: Stretch, changes: dict[tuple[str, str], list[_Change]], known_on: dt.date) -> list[Stretch]:
    """The stretches of a unit whose state ``base`` is that of ``known_on`` (or of the day before it, for a
    unit that ended then), cut at each dated change."""
    own = [
        c
        for c in changes.get((base.level, base.code), [])
        if base.valid_from < c.on and (base.valid_to is None or c.on < base.valid_to)
    ]
    state = base
    for change in reversed([c for c in own if c.on < known_on]):
        state = _apply(state, change, change.after, change.before)
    stretches: list[Stretch] = []
    for on in sorted({c.on for c in own}):
        stretches.append(replace(state, valid_to=on))
        for change in (c for c in own if c.on == on):
            state = _apply(state, change, change.before, change.after)
        state = replace(state, valid_from=on, legal_basis=change.basis, continues=True)
    return [*stretches, replace(state, valid_to=base.valid_to)]


def _apply(state: Stretch, change: _Change, expected: str, value: str) -> Stretch:
    if change.column not in ("type", "name", "parent") or getattr(state, change.column) != expected:
        raise change.line.error(
            f"{state.type} {state.name} has no {change.column} {expected!r} to change",
            f"{state.type} {state.name} không có {change.column} {expected!r} để thay đổi",
            "before",
        )
    return _with[change.column](state, value)


_with: dict[str, Callable[[Stretch, str], Stretch]] = {
    "type": lambda state, value: replace(state, type=value),
    "name": lambda state, value: replace(state, name=value),
    "parent": lambda state, value: replace(state, parent=value),
}


def _links(data: DataFolder, resolutions: dict[str, str]) -> list[Link]:
    found: list[Link] = []
    rows = [(line["old"], line["new"]) for line in data.table("links_provinces.csv", ("old", "new"))]
    for old, new in rows:
        if old != new or sum(n == new for _, n in rows) > 1:
            found.append(Link("province", old, "province", new, "whole", REFORM, PROVINCES_BASIS, main=False))
    province_of = {
        line["code"]: line["province"] for line in data.table("communes.csv", ("code", "province"), ("code",))
    }
    for line in data.table("links_communes.csv", ("old", "new", "grade", "note"), ("old", "new")):
        grade = _GRADES.get(line["grade"])
        if grade is None:
            raise line.error("the grade is whole, part or unknown", "mức là whole, part hoặc unknown", "grade")
        level: Level = "commune" if len(line["old"]) == 5 else "district"
        basis = resolutions.get(province_of.get(line["new"], ""))
        found.append(
            Link(
                level,
                line["old"],
                "commune",
                line["new"],
                grade,
                REFORM,
                basis,
                main=line["note"] == "main" and grade == "part",
            )
        )
    return found


def _names(data: DataFolder) -> list[OtherName]:
    columns = ("level", "code", "on", "type", "name", "kind", "source")
    lines: Iterable[Line] = [*data.table("aliases.csv", columns), *data.table("former_names.csv", columns)]
    return [
        OtherName(_level(line), line["code"], _date(line, "on"), line["name"], line["type"] or None, line["kind"])
        for line in lines
    ]


def _level(line: Line) -> Level:
    level = _LEVELS.get(line["level"])
    if level is None:
        raise line.error(
            "the level is province, district or commune", "cấp là province, district hoặc commune", "level"
        )
    return level


def _date(line: Line, column: str) -> dt.date:
    try:
        return dt.date.fromisoformat(line[column])
    except ValueError:
        raise line.error("not a date; write YYYY-MM-DD", "không phải ngày; hãy viết YYYY-MM-DD", column) from None


def _open_date(line: Line, column: str) -> dt.date | None:
    return _date(line, column) if line[column] else None
