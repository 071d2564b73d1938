"""Proofs that a gazetteer is sound, and a comparison of its links with another table of them."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoaddr.errors import DataError, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import LEVELS
from geoaddr.model import EARLIEST_DATE, Grade, Level, Record, Unit
from geoaddr.profiles.vn import CODE_WIDTH, POSTCODE_WIDTH, POSTCODES_FROM, REFORM

EVE = REFORM - dt.timedelta(days=1)
"""The last day of the provinces, districts and communes of before the reform."""

UNITS_ON: dict[dt.date, dict[Level, int]] = {
    EVE: {"province": 63, "district": 696, "commune": 10_035},
    REFORM: {"province": 34, "district": 0, "commune": 3_321},
}
COMMUNES_BY_TYPE: dict[dt.date, dict[str, int]] = {
    REFORM: {"Xã": 2_621, "Phường": 687, "Đặc khu": 13},
    dt.date(2026, 4, 30): {"Xã": 2_611, "Phường": 697, "Đặc khu": 13},
    dt.date(2026, 9, 20): {"Xã": 2_599, "Phường": 709, "Đặc khu": 13},
}
PROVINCES_BY_TYPE: dict[dt.date, dict[str, int]] = {
    REFORM: {"Tỉnh": 28, "Thành phố": 6},
    dt.date(2026, 4, 30): {"Tỉnh": 27, "Thành phố": 7},
    dt.date(2026, 9, 1): {"Tỉnh": 26, "Thành phố": 8},
    dt.date(2026, 9, 20): {"Tỉnh": 25, "Thành phố": 9},
}
ARCHIPELAGOS = {"Hoàng Sa": ("20333", "48"), "Trường Sa": ("22736", "56")}
"""The special zones that every data set must show: code of the commune, code of its province."""


@dataclass(frozen=True, slots=True)
class Check(Record):
    """One invariant: what was found where what was expected. ``found`` names up to five offenders."""

    name: str
    ok: bool
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class LinkDifference(Record):
    """One pair of an old and a new commune on which two tables differ; a grade is ``None`` where a table
    does not have the pair."""

    old: str
    old_name: str
    new: str
    ours: Grade | None
    theirs: Grade | None


def check_gazetteer(gazetteer: Gazetteer, amended_from: dt.date | None = None) -> list[Check]:
    """Every invariant of the reference data, each as one :class:`Check`.

    :param amended_from: the first day of a change that was added to the reference data, whose counts of that day
        and later no longer hold.
    """
    return [
        *_counts(gazetteer, min(gazetteer.date, (amended_from or dt.date.max) - dt.timedelta(days=1))),
        _none("every unit has exactly one parent", _parents(gazetteer)),
        _none("no code stands for two units on one day", _overlaps(gazetteer)),
        _none("no two units of one parent have one full name", _same_names(gazetteer)),
        _none("every old commune has a successor", _without_successor(gazetteer)),
        _none("every new commune has a predecessor", _without_predecessor(gazetteer)),
        _none("whole means one successor, part several", _odd_grades(gazetteer)),
        _none("every commune has its own postcode", _postcodes(gazetteer)),
        _none("Hoàng Sa and Trường Sa are there", _archipelagos(gazetteer)),
        _none("names are NFC with single blanks", _untidy(gazetteer)),
        _none("codes have their level's width", _widths(gazetteer)),
        _none("every stretch since the reform cites its resolution", _uncited(gazetteer)),
    ]


def compare_links(gazetteer: Gazetteer, splits: str | Path, merges: str | Path) -> list[LinkDifference]:
    """Where the gazetteer and the split and merge tables of 2025 differ, by old code, then new.

    :param splits: JSON; for each old commune the new ones that got it.
    :param merges: JSON; for each new commune the old ones, each ``full`` or ``partial``.
    :raises DataError: for a file that cannot be read as such a table.
    """
    theirs, names = _their_links(Path(splits), Path(merges))
    ours: dict[tuple[str, str], Grade] = {}
    for unit in [*gazetteer.units("district", as_of=EVE), *gazetteer.units("commune", as_of=EVE)]:
        names[unit.code] = unit.full_name
        for link in gazetteer.successors(unit):
            ours[unit.code, link.code] = link.grade
    return [
        LinkDifference(old, names.get(old, ""), new, ours.get((old, new)), theirs.get((old, new)))
        for old, new in sorted({**ours, **theirs})
        if ours.get((old, new)) != theirs.get((old, new))
    ]


def _their_links(splits: Path, merges: Path) -> tuple[dict[tuple[str, str], Grade], dict[str, str]]:
    grade: dict[str, Grade] = {"full": "whole", "partial": "part"}
    found: dict[tuple[str, str], Grade] = {}
    names: dict[str, str] = {}
    try:
        for province in _json(splits)["data"]:
            for old in province["level3s"]:
                names[old["level3_id"]] = old["name"]
                divided = len(old["splits"]) > 1
                for part in old["splits"]:
                    found[old["level3_id"], part["new_id"]] = "part" if divided else "whole"
        for province in _json(merges)["data"]:
            for new in province["level2s"]:
                for old in new["merges"]:
                    found[old["old_id"], new["level2_id"]] = grade[old["type"]]
    except (KeyError, TypeError) as error:
        raise DataError(
            splits, Said(f"not a table of splits and merges: {error}", f"không phải bảng chia, nhập: {error}")
        ) from None
    return found, names


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(path, Said("no such file", "không có tệp này")) from None
    except ValueError as error:
        raise DataError(path, Said(f"not JSON: {error}", f"không phải JSON: {error}")) from None


def _none(name: str, offenders: Iterator[str]) -> Check:
    listed = list(offenders)
    found = "; ".join(listed[:5]) + (f"; … {len(listed)} in all" if len(listed) > 5 else "")
    return Check(name, not listed, found or "none against it", "none against it")


def _counts(gazetteer: Gazetteer, until: dt.date) -> Iterator[Check]:
    for day, levels in UNITS_ON.items():
        for level, expected in levels.items():
            number = len(gazetteer.units(level, as_of=day))
            yield Check(f"{level} units on {day}", number == expected, str(number), str(expected))
    tables: tuple[tuple[Level, dict[dt.date, dict[str, int]]], ...] = (
        ("province", PROVINCES_BY_TYPE),
        ("commune", COMMUNES_BY_TYPE),
    )
    for level, by_day in tables:
        for day, types in by_day.items():
            if day <= until:
                counted = dict(Counter(unit.type for unit in gazetteer.units(level, as_of=day)))
                yield Check(f"{level} types on {day}", counted == types, _spelled(counted), _spelled(types))


def _spelled(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {counts[kind]}" for kind in sorted(counts))


def _days(gazetteer: Gazetteer) -> list[dt.date]:
    """The days on which anything begins or ends, and the first and last that the data speaks of."""
    days = {EARLIEST_DATE, EVE, gazetteer.date}
    for level in LEVELS:
        for unit in _all(gazetteer, level):
            days.add(unit.valid_from)
    return sorted(days)


def _all(gazetteer: Gazetteer, level: Level) -> Iterator[Unit]:
    """Every stretch of every unit of a level."""
    codes = {u.code for day in (EVE, REFORM, gazetteer.date) for u in gazetteer.units(level, as_of=day)}
    for code in sorted(codes):
        yield from gazetteer.versions(code, level)


def _parents(gazetteer: Gazetteer) -> Iterator[str]:
    for day in _days(gazetteer):
        above: set[str] = set()
        for level in LEVELS:
            units = gazetteer.units(level, as_of=day)
            for unit in units:
                if (unit.parent in above) if level != "province" else (unit.parent is None):
                    continue
                yield f"{unit.code} {unit.full_name} on {day}: parent {unit.parent}"
            if units:
                above = {unit.code for unit in units}


def _overlaps(gazetteer: Gazetteer) -> Iterator[str]:
    for level in LEVELS:
        last: Unit | None = None
        for unit in _all(gazetteer, level):
            if unit.valid_to is not None and unit.valid_to <= unit.valid_from:
                yield f"{unit.code} {unit.full_name}: ends before it begins"
            if last is not None and last.code == unit.code and (last.valid_to or dt.date.max) > unit.valid_from:
                yield f"{unit.code}: {last.full_name} and {unit.full_name}"
            last = unit


def _same_names(gazetteer: Gazetteer) -> Iterator[str]:
    for day in _days(gazetteer):
        seen: dict[tuple[str | None, str], str] = {}
        for level in LEVELS:
            for unit in gazetteer.units(level, as_of=day):
                other = seen.setdefault((unit.parent, unit.full_name), unit.code)
                if other != unit.code and unit.level != "province":
                    yield f"{other} and {unit.code}: {unit.full_name} in {unit.parent} on {day}"


def _without_successor(gazetteer: Gazetteer) -> Iterator[str]:
    for unit in gazetteer.units("commune", as_of=EVE):
        if not gazetteer.successors(unit):
            yield f"{unit.code} {unit.full_name}"


def _without_predecessor(gazetteer: Gazetteer) -> Iterator[str]:
    for unit in gazetteer.units("commune", as_of=REFORM):
        if not gazetteer.predecessors(unit):
            yield f"{unit.code} {unit.full_name}"


def _odd_grades(gazetteer: Gazetteer) -> Iterator[str]:
    for unit in gazetteer.units("commune", as_of=EVE):
        grades = sorted(link.grade for link in gazetteer.successors(unit))
        if grades != ["whole"] and (len(grades) < 2 or set(grades) != {"part"}):
            yield f"{unit.code} {unit.full_name}: {', '.join(grades)}"


def _postcodes(gazetteer: Gazetteer) -> Iterator[str]:
    for day in sorted({POSTCODES_FROM, gazetteer.date}):
        seen: dict[str, str] = {}
        for unit in gazetteer.units("commune", as_of=day):
            postcode = gazetteer.postcode(unit.code, as_of=day)
            if postcode is None or len(postcode) != POSTCODE_WIDTH:
                yield f"{unit.code} {unit.full_name} on {day}: {postcode}"
            elif seen.setdefault(postcode, unit.code) != unit.code:
                yield f"{seen[postcode]} and {unit.code} on {day}: {postcode}"


def _archipelagos(gazetteer: Gazetteer) -> Iterator[str]:
    for name, (code, province) in ARCHIPELAGOS.items():
        held = [u.code for u in gazetteer.find(name, level="commune", parent=province, as_of=REFORM)]
        if held != [code]:
            yield f"{name}: {held}"


def _untidy(gazetteer: Gazetteer) -> Iterator[str]:
    for level in LEVELS:
        for unit in _all(gazetteer, level):
            tidy = " ".join(unicodedata.normalize("NFC", unit.full_name).split())
            if unit.full_name != tidy or not unit.name:
                yield f"{unit.code} {unit.full_name!r}"


def _widths(gazetteer: Gazetteer) -> Iterator[str]:
    for level in LEVELS:
        for unit in _all(gazetteer, level):
            if len(unit.code) != CODE_WIDTH[level] or not unit.code.isdigit():
                yield f"{level} {unit.code}"


def _uncited(gazetteer: Gazetteer) -> Iterator[str]:
    for level in LEVELS:
        for unit in _all(gazetteer, level):
            if unit.valid_from >= REFORM and not unit.legal_basis:
                yield f"{unit.code} {unit.full_name} from {unit.valid_from}"
