"""The crosswalk: what became of every unit between two days, as one table, for those who convert codes.

A row is a pair of an old unit and a new one that got all or part of its ground. An old unit that was split has
a row for each part: the table says where an address may be now and never which of the parts it is in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geoaddr.errors import InvalidDate, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Level, Record, Unit
from geoaddr.profiles.vn import REFORM

if TYPE_CHECKING:
    import pyarrow as pa

EVE = REFORM - dt.timedelta(days=1)
"""The last day of the old units, and the default for the old side of the table."""

LEVELS: tuple[Level, ...] = ("province", "district", "commune")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Record):
    """One row. Codes are strings with their leading zeros; names are short, the type stands beside.

    ``level`` is the old unit's, ``new_level`` the new one's (an island district became a commune); the
    ``district`` and ``province`` columns name what holds a unit. A district that ended with its level has
    nothing on the new side. ``grade``: ``whole`` when all of the old unit went there, ``part`` when it was
    split. ``main``: all of it, or the part that the source takes by default. ``legal_basis``: every resolution on
    the way, in order, joined by ``; ``; ``None`` where the unit is as it was, or the data has none.
    ``effective_on``: the first day on which the old unit was no longer what the row says, ``None`` when it
    still is. ``new_valid_from``: since when the new one is what the row says; a later change of its type
    moves this day.
    """

    level: Level
    old_code: str
    old_type: str
    old_name: str
    old_district_code: str | None = None
    old_district: str | None = None
    old_province_code: str | None = None
    old_province: str | None = None
    new_level: Level | None = None
    new_code: str | None = None
    new_type: str | None = None
    new_name: str | None = None
    new_province_code: str | None = None
    new_province: str | None = None
    grade: Literal["whole", "part"] | None = None
    main: bool = False
    legal_basis: str | None = None
    effective_on: dt.date | None = None
    new_valid_from: dt.date | None = None


COLUMNS = tuple(Pair.__dataclass_fields__)


def crosswalk(gazetteer: Gazetteer, *, known_on: dt.date, as_of: dt.date, level: Level | None = None) -> pa.Table:
    """The pairs as an Arrow table: texts, one boolean, two dates. The order is that of :func:`pairs`."""
    import pyarrow as pa

    rows = list(pairs(gazetteer, known_on=known_on, as_of=as_of, level=level))
    kinds = {"main": pa.bool_(), "effective_on": pa.date32(), "new_valid_from": pa.date32()}
    schema = pa.schema([pa.field(name, kinds.get(name, pa.string())) for name in COLUMNS])
    columns = [pa.array([getattr(row, f.name) for row in rows], f.type) for f in schema]
    return pa.table(columns, schema=schema)


def pairs(
    gazetteer: Gazetteer, *, known_on: dt.date, as_of: dt.date, level: Level | None = None
) -> Iterator[Pair]:
    """Every unit of ``known_on`` with what holds its ground on ``as_of``: provinces, districts, communes, each
    by code, then by the new code.

    :param level: only the old units of this level.
    :raises InvalidDate: when ``as_of`` lies before ``known_on``.
    """
    if as_of < known_on:
        raise InvalidDate(
            "as_of",
            as_of.isoformat(),
            Said(
                f"lies before {known_on.isoformat()}; the table goes forward in time: read it from right to left",
                f"trước ngày {known_on.isoformat()}; bảng đi theo chiều thời gian: hãy đọc từ phải sang trái",
            ),
        )
    for each in LEVELS if level is None else (level,):
        for unit in gazetteer.units(each, as_of=known_on):
            yield from _pairs_of(gazetteer, unit, known_on, as_of)


@dataclass(frozen=True, slots=True)
class _Way:
    """How an old unit came to ``unit``: the links on the way, taken together."""

    unit: Unit
    whole: bool = True
    main: bool = True
    bases: tuple[str, ...] = ()


def _pairs_of(gazetteer: Gazetteer, old: Unit, known_on: dt.date, as_of: dt.date) -> Iterator[Pair]:
    above = gazetteer.ancestors(old, as_of=known_on)
    district = next((u for u in above if u.level == "district"), None)
    province = next((u for u in above if u.level == "province"), None)
    changed = old.valid_to is not None and old.valid_to <= as_of
    ways: list[_Way] | list[None] = _ways(gazetteer, old, as_of) or [None]
    for way in ways:
        new = way.unit if way else None
        over = gazetteer.ancestors(new, as_of=as_of) if new else []
        new_province = next((u for u in over if u.level == "province"), None)
        yield Pair(
            level=old.level,
            old_code=old.code,
            old_type=old.type,
            old_name=old.name,
            old_district_code=district.code if district else None,
            old_district=district.name if district else None,
            old_province_code=province.code if province else None,
            old_province=province.name if province else None,
            new_level=new.level if new else None,
            new_code=new.code if new else None,
            new_type=new.type if new else None,
            new_name=new.name if new else None,
            new_province_code=new_province.code if new_province else None,
            new_province=new_province.name if new_province else None,
            grade=("whole" if way.whole else "part") if way else None,
            main=way.main if way else False,
            legal_basis=("; ".join(way.bases) or None) if way else None,
            effective_on=old.valid_to if changed else None,
            new_valid_from=new.valid_from if new else None,
        )


def _ways(gazetteer: Gazetteer, old: Unit, as_of: dt.date) -> list[_Way]:
    """The units of ``as_of`` that got ground of ``old``, by code; none where it ended without a successor.

    Where several ways lead to one unit, the surest stands for them.
    """
    found: dict[str, _Way] = {}
    open_ways = [_Way(old)]
    while open_ways:
        way = open_ways.pop()
        if way.unit.valid_to is None or as_of < way.unit.valid_to:
            known = found.get(way.unit.code)
            if known is None or (way.whole, way.main) > (known.whole, known.main):
                found[way.unit.code] = way
            continue
        for link in gazetteer.successors(way.unit):
            whole = link.grade == "whole"
            bases = way.bases + ((link.legal_basis,) if link.legal_basis else ())
            following = gazetteer.unit(link.code, as_of=link.on, level=link.level)
            open_ways.append(
                _Way(following, way.whole and whole, way.main and (whole or link.note == "main"), bases)
            )
    return [found[code] for code in sorted(found)]
