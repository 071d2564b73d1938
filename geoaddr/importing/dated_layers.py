"""Layers of several dates in one pack: for which days a layer may stand, and where each lies in the file."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoaddr.boundaries.vintages import COMMUNES, TABLE, LayerInfo, Vintages, present_of, table_of
from geoaddr.errors import DataError, InvalidDate, InvalidInput, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import LEVEL_VI, LEVELS, OPEN, level_of
from geoaddr.importing.codes import CodedRow, as_text
from geoaddr.importing.layer import Layer
from geoaddr.importing.units import difference
from geoaddr.model import EARLIEST_DATE, Level, as_date
from geoaddr.pack import Pack
from geoaddr.profiles.vn import REFORM

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sections = Mapping[str, "NDArray[Any] | list[str] | bytes"]


def days(
    valid_from: dt.date | str | None, valid_to: dt.date | str | None
) -> tuple[dt.date, dt.date | None] | None:
    """The days that a caller gives a layer; ``None`` where he gives none.

    :raises InvalidInput, InvalidDate: an end without a beginning or before it; no dates.
    """
    if valid_from is None:
        if valid_to is None:
            return None
        raise InvalidInput("valid_to", str(valid_to), Said("goes with valid_from", "phải đi cùng valid_from"))
    begin = as_date(valid_from, "valid_from")
    end = None if valid_to is None else as_date(valid_to, "valid_to")
    if end is not None and end <= begin:
        said = Said(f"not after valid_from, {begin}", f"không sau valid_from, {begin}")
        raise InvalidDate("valid_to", end.isoformat(), said)
    return begin, end


def taken(
    layer: Layer,
    columns: Mapping[str, str],
    rows: list[CodedRow],
    gazetteer: Gazetteer,
    level: Level | None,
    stretch: tuple[dt.date, dt.date | None],
) -> tuple[Level, list[CodedRow], dt.date]:
    """The level of a dated layer, its rows with the level of each, and the day whose units they are.

    :raises DataError: the rows are of several levels and the caller names none.
    :raises InvalidDate: units of the level were made or ended within the layer's days.
    """
    begin, end = stretch
    day = last_day(end, begin, gazetteer.date)
    told = at_face_value(layer, columns, rows, gazetteer, day)
    wanted, told = level_in(told, level, layer.source.named)
    judge_days(gazetteer, wanted, begin, end)
    return wanted, told, day


def level_in(rows: list[CodedRow], level: Level | None, source: Path) -> tuple[Level, list[CodedRow]]:
    """The level that a dated layer is of, and the rows with the level that each code's width tells.

    :raises DataError: the rows are of several levels and the caller names none.
    """
    told = [CodedRow(row.code, row.level or (level_of(row.code) if row.code else None)) for row in rows]
    held = Counter(row.level for row in told if row.level)
    if level is None and len(held) > 1:
        listed = ", ".join(f"{each} {count}" for each, count in sorted(held.items()))
        said = Said(f"holds several levels ({listed}); name one", f"có nhiều cấp ({listed}); hãy chọn một")
        raise DataError(source, said, column="level")
    return level or min(held), told


def at_face_value(
    layer: Layer, columns: Mapping[str, str], rows: list[CodedRow], gazetteer: Gazetteer, day: dt.date
) -> list[CodedRow]:
    """The rows without the zeros that were filled in where they do not belong: in a layer of provinces and
    districts 31 is not district 031.

    A column of texts that all have a level's width lost none. Else a code that, as it stands, is that of a unit
    of the row's name is taken as it stands.
    """
    if "code" not in columns:
        return rows
    values = layer.columns[columns["code"]]
    texts = [as_text(value) for value in values]
    whole = all(isinstance(value, str) for value in values) and all(text and level_of(text) for text in texts)
    names = layer.columns.get(columns.get("name", ""), [None] * len(layer))
    found = []
    for row, text, name in zip(rows, texts, names, strict=True):
        level = level_of(text) if text else None
        filled = text is not None and level is not None and text != row.code
        if filled and (whole or _is_named(gazetteer, str(text), level, as_text(name), day)):
            row = CodedRow(text, level)
        found.append(row)
    return found


def _is_named(gazetteer: Gazetteer, code: str, level: Level | None, name: str | None, day: dt.date) -> bool:
    held = (unit for unit in gazetteer.versions(code, level) if unit.valid_from <= day)
    unit = next((u for u in held if u.valid_to is None or day < u.valid_to), None)
    return unit is not None and name is not None and difference(unit, name) != "name"


def last_day(valid_to: dt.date | None, begin: dt.date, date: dt.date) -> dt.date:
    """The last day of a layer that the pack's data speak of."""
    return max(begin, date) if valid_to is None else valid_to - dt.timedelta(days=1)


def judge_days(gazetteer: Gazetteer, level: Level, begin: dt.date, end: dt.date | None) -> None:
    """See that the units of a level stayed the same on all days of a layer.

    :raises InvalidDate: units were made or ended on a day within.
    """
    for day in sorted(set(_changes(gazetteer, level))):
        if begin < day and (end is None or day < end):
            said = Said(
                f"units of the level {level} change on {day}: a layer holds until then or from then on",
                f"các đơn vị {LEVEL_VI[level]} thay đổi vào ngày {day}: lớp chỉ có giá trị đến hoặc từ ngày đó",
            )
            raise InvalidDate("valid_to", end.isoformat() if end else None, said)


def communes_since(gazetteer: Gazetteer, date: dt.date) -> dt.date:
    """The day since which the communes of ``date`` are the same ones."""
    return max((day for day in _changes(gazetteer, "commune") if day <= date), default=REFORM)


def _changes(gazetteer: Gazetteer, level: Level) -> Iterator[dt.date]:
    """The days on which a unit of a level was made or ended."""
    table = gazetteer.tables[0]
    first = LEVELS.index(level) * 100_000
    for row, key in enumerate(table.keys):
        if not first <= key < first + 100_000:
            continue
        if not table.continues[row] and table.begins[row] > EARLIEST_DATE.toordinal():
            yield dt.date.fromordinal(table.begins[row])
        following = row + 1
        goes_on = following < len(table.keys) and table.continues[following]
        if table.ends[row] != OPEN and not goes_on:
            yield dt.date.fromordinal(table.ends[row])


def layers_of(pack: Pack) -> dict[LayerInfo, Sections]:
    """The layers of a pack, each with its sections by their names in it, not copied."""
    origin = pack.meta.get("boundaries")
    source = origin.get("name", "") if isinstance(origin, Mapping) else ""
    return {
        replace(vintage.info, source=vintage.info.source or source): {
            name.removeprefix(vintage.prefix + "."): pack.array(name)
            for name in pack.sections
            if name.startswith(vintage.prefix + ".")
        }
        for vintage in Vintages(pack, pack.info.date, pack.info.boundary_accuracy).all
        if vintage.prefix + ".codes" in pack
    }


def with_layer(layers: Mapping[LayerInfo, Sections], info: LayerInfo, own: Sections) -> dict[LayerInfo, Sections]:
    """The layers with one more, which takes the place of that with the same level and days."""
    same = info.level, info.valid_from, info.valid_to
    kept = {k: v for k, v in layers.items() if (k.level, k.valid_from, k.valid_to) != same}
    return kept | {info: own}


def arranged(layers: Mapping[LayerInfo, Sections], date: dt.date, pack: Path) -> tuple[dict[str, Any], LayerInfo]:
    """The sections of a pack of ``date`` with these layers, and which of them is that of its communes.

    The communes made in 2025 alone need no table.

    :raises DataError: naming ``pack``: none of the layers has communes.
    """
    if not any(info.level == "commune" for info in layers):
        said = Said(
            "has no communes: import them first, without dates",
            "chưa có lớp xã: hãy nhập lớp xã trước, không kèm ngày",
        )
        raise DataError(pack, said)
    present = present_of([*layers], date)
    sections: dict[str, Any] = {}
    for info, own in layers.items():
        prefix = COMMUNES if info is present else info.own_prefix
        sections |= {f"{prefix}.{name}": value for name, value in own.items()}
    if len(layers) > 1 or (present.valid_from, present.valid_to) != (REFORM, None):
        sections[TABLE] = table_of(layers)
    return sections, present
