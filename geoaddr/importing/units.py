"""The rows of a layer against the gazetteer: which units they are, which are missing, what disagrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geoaddr.errors import DataError, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import LEVEL_VI
from geoaddr.importing.codes import CodedRow, as_text
from geoaddr.importing.layer import Layer
from geoaddr.importing.report import Disagreement, Unknown
from geoaddr.model import Level, Unit
from geoaddr.profiles.vn import CODE_WIDTH, UNIT_TYPES
from geoaddr.text.fold import fold, fold_keep_accents

Difference = Literal["name", "type", "accents"]


@dataclass(slots=True)
class Roster:
    """``units``: unit and row for each row that is a known unit of the layer's level, by code, then by row."""

    units: list[tuple[Unit, int]]
    provinces: list[tuple[Unit, int]]
    districts: int
    unknown: list[Unknown]
    disagreements: list[Disagreement]


def match(
    layer: Layer,
    columns: Mapping[str, str],
    rows: list[CodedRow],
    gazetteer: Gazetteer,
    as_of: dt.date,
    *,
    check_names: bool,
    wanted: Level = "commune",
) -> Roster:
    """Find the unit of every row, and compare what the row says of it with the gazetteer.

    :param wanted: the level of the layer. Provinces and districts in a layer of another level are passed over.
    :raises DataError: no known unit of the level, or names of another time or place under the same codes.
    """
    levels: set[Level] = {wanted, "province"}
    known = {level: {unit.code: unit for unit in gazetteer.units(level, as_of=as_of)} for level in levels}
    roster = Roster([], [], 0, [], [])
    names = layer.columns.get(columns.get("name", ""), [None] * len(layer))
    for row, (code, level) in enumerate(rows):
        name = as_text(names[row])
        if level is not None and level not in known:
            roster.districts += level == "district"
            continue
        unit = known[level].get(code) if level and code else None
        if unit is None:
            roster.unknown.append(_unknown(gazetteer, code, level, name, layer.origins[row], as_of))
            continue
        (roster.units if level == wanted else roster.provinces).append((unit, row))
        roster.disagreements += _disagreements(layer, columns, unit, row, name if check_names else None)
    roster.units.sort(key=lambda found: (found[0].code, found[1]))
    roster.provinces.sort(key=lambda found: (found[0].code, found[1]))
    _judge(layer, columns, roster, wanted)
    return roster


def difference(unit: Unit, given: str) -> Difference | None:
    """How ``given`` differs from the names of ``unit``; ``None`` where it does not.

    A text without any accents is not held against the accents.
    """
    folded = fold(given)
    own = {fold(unit.name), fold(unit.full_name)}
    if folded in own:
        kept = {fold_keep_accents(unit.name), fold_keep_accents(unit.full_name)}
        plain = fold_keep_accents(given) == folded
        return None if plain or fold_keep_accents(given) in kept else "accents"
    for word in UNIT_TYPES[unit.level]:
        if folded.startswith(fold(word) + " ") and folded.removeprefix(fold(word) + " ") == fold(unit.name):
            return "type"
    return "name"


def _disagreements(
    layer: Layer, columns: Mapping[str, str], unit: Unit, row: int, name: str | None
) -> list[Disagreement]:
    found = []
    origin = layer.origins[row]
    kind = difference(unit, name) if name else None
    if name and kind:
        found.append(Disagreement(unit.code, kind, name, unit.full_name, origin))
    if unit.level == "commune":
        stated = as_text(layer.columns[columns["province_code"]][row]) if "province_code" in columns else None
        stated = stated or (layer.path_provinces[row] if layer.path_provinces else None)
        if stated and stated.zfill(CODE_WIDTH["province"]) != unit.parent:
            found.append(Disagreement(unit.code, "province", stated, unit.parent or "", origin))
    path_code = layer.path_codes[row] if layer.path_codes else None
    if path_code and path_code != unit.code:
        found.append(Disagreement(unit.code, "file_name", path_code, unit.code, origin))
    return found


def _unknown(
    gazetteer: Gazetteer, code: str | None, level: Level | None, name: str | None, origin: str, as_of: dt.date
) -> Unknown:
    if not code:
        return Unknown("", name or "", origin, "the row has no code", "dòng không có mã")
    if level is None:
        return Unknown(code, name or "", origin, "not the code of a unit", "không phải mã đơn vị")
    past = gazetteer.versions(code, level)
    if not past:
        return Unknown(code, name or "", origin, "no unit ever had this code", "chưa từng có đơn vị mang mã này")
    last = past[-1].full_name
    return Unknown(
        code,
        name or "",
        origin,
        f"no unit had this code on {as_of}; it was {last}",
        f"không đơn vị nào mang mã này vào ngày {as_of}; trước đây là {last}",
    )


def _judge(layer: Layer, columns: Mapping[str, str], roster: Roster, wanted: Level) -> None:
    if not roster.units:
        seen = f"{len(roster.provinces)} / {roster.districts} / {len(roster.unknown)}"
        raise DataError(
            layer.source.named,
            Said(
                f"no {wanted} that the gazetteer knows (provinces / districts / unknown rows: {seen})",
                f"không có đơn vị {LEVEL_VI[wanted]} nào khớp danh mục (tỉnh / huyện / dòng lạ: {seen})",
            ),
            column=columns.get("code", "code"),
        )
    wrong = [d for d in roster.disagreements if d.field == "name"]
    if 2 * len(wrong) > len(roster.units) + len(roster.provinces):
        first = wrong[0]
        raise DataError(
            layer.source.named,
            Said(
                f"{len(wrong)} names are not those of their codes (first: {first.code} is {first.expected}, "
                f"here '{first.given[:40]}'): another date, another encoding or another column",
                f"{len(wrong)} tên không khớp với mã (đầu tiên: {first.code} là {first.expected}, ở đây là "
                f"'{first.given[:40]}'): có thể là dữ liệu thời điểm khác, bảng mã khác hoặc nhầm cột",
            ),
            column=columns.get("name", "name"),
        )
