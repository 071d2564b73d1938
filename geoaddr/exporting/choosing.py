"""Which units an export writes, and which rows of the boundaries each is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from geoaddr.errors import InvalidInput, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.locating import Locator, Sheet
from geoaddr.model import Unit
from geoaddr.shapes import no_polygon

ExportLevel = Literal["commune", "province"]


class Chosen(NamedTuple):
    """A unit to be written, its province, and its rows in one of the loaded layers."""

    unit: Unit
    province: Unit
    sheet: Sheet
    rows: tuple[int, ...]


class Choice(NamedTuple):
    """What is written, by code, and the units that should be but have no polygon."""

    units: list[Chosen]
    missing: list[Unit]

    def by_province(self) -> list[list[Chosen]]:
        """The units in groups that are worked on together: this bounds the memory. Each is of one layer."""
        return [list(group) for _, group in groupby(self.units, key=lambda each: each.province.code)]


class _Commune(NamedTuple):
    """A commune, and the codes of itself and of all that holds it, the province's last."""

    unit: Unit
    codes: tuple[str, ...]


class _Ground(NamedTuple):
    """A layer that holds on the day, and the row of each code."""

    sheet: Sheet
    row_of: Mapping[str, int]


def choose(locator: Locator, level: ExportLevel, codes: Sequence[str], as_of: dt.date) -> Choice:
    """The units of ``level`` that were asked for; all of them where no code is given.

    A province is that of a layer of provinces, where one holds on the day and has it, or else its communes.

    :param codes: of units of the day. For communes, a province or district stands for all that it has.
    :raises UnknownUnit: for a code that no unit has on the day, or whose unit has no polygon.
    :raises InvalidInput: for another unit where provinces are wanted; for a day that no layer holds on.
    """
    communes = _ground(locator, "commune", as_of)
    own = None if level == "commune" else _ground(locator, level, as_of)
    if communes is None and own is None:
        raise _no_layer(locator, as_of)
    gazetteer = locator.gazetteer
    provinces = {unit.code: unit for unit in gazetteer.units("province", as_of=as_of)}
    named = {code: gazetteer.unit(code, as_of=as_of) for code in codes}
    if level == "province":
        _check_provinces(named)
    wanted = named or provinces
    inside = [each for each in _communes(gazetteer, as_of) if not wanted.keys().isdisjoint(each.codes)]
    if level == "province":
        choice = _provinces([provinces[code] for code in wanted], inside, own, communes)
    else:
        choice = _each_commune(inside, provinces, communes)
    drawn = {each.unit.code for each in choice.units}
    held = drawn.union(*(each.codes for each in inside if each.unit.code in drawn))
    for unit in named.values():
        if unit.code not in held:
            raise no_polygon(unit, as_of)
    choice.units.sort(key=lambda each: (each.province.code, each.unit.code))
    return choice


def _ground(locator: Locator, level: ExportLevel, as_of: dt.date) -> _Ground | None:
    sheet = locator.sheet_of(level, as_of)
    return None if sheet is None else _Ground(sheet, {code: row for row, code in enumerate(sheet.codes)})


def _communes(gazetteer: Gazetteer, as_of: dt.date) -> Iterator[_Commune]:
    for unit in gazetteer.units("commune", as_of=as_of):
        above = gazetteer.ancestors(unit, as_of=as_of)
        yield _Commune(unit, (unit.code, *(each.code for each in above)))


def _each_commune(inside: Sequence[_Commune], provinces: Mapping[str, Unit], communes: _Ground | None) -> Choice:
    choice = Choice([], [])
    for unit, codes in inside:
        row = communes.row_of.get(unit.code) if communes else None
        if communes is None or row is None:
            choice.missing.append(unit)
        else:
            choice.units.append(Chosen(unit, provinces[codes[-1]], communes.sheet, (row,)))
    return choice


def _provinces(
    wanted: Sequence[Unit], inside: Sequence[_Commune], own: _Ground | None, communes: _Ground | None
) -> Choice:
    """Provinces by their own layer, or joined of their communes; without either, they are missing."""
    choice = Choice([], [])
    members: dict[str, list[Unit]] = {}
    for unit, codes in inside:
        members.setdefault(codes[-1], []).append(unit)
    for province in wanted:
        if own is not None and province.code in own.row_of:
            choice.units.append(Chosen(province, province, own.sheet, (own.row_of[province.code],)))
        elif communes is None:
            choice.missing.append(province)
        else:
            held = members.get(province.code, [])
            rows = tuple(communes.row_of[unit.code] for unit in held if unit.code in communes.row_of)
            choice.missing.extend(unit for unit in held if unit.code not in communes.row_of)
            if rows:
                choice.units.append(Chosen(province, province, communes.sheet, rows))
    return choice


def _no_layer(locator: Locator, as_of: dt.date) -> InvalidInput:
    layer = locator.on(as_of).layer
    if as_of < layer.valid_from:
        en, vi = f"begin on {layer.valid_from}", f"chỉ có từ ngày {layer.valid_from}"
    else:
        en, vi = f"end before {layer.valid_to}", f"chỉ có đến trước ngày {layer.valid_to}"
    reason = Said(
        f"no boundaries of this day are loaded; those of communes {en}",
        f"chưa nạp ranh giới của ngày này; ranh giới cấp xã {vi}",
    )
    return InvalidInput("as_of", as_of.isoformat(), reason)


def _check_provinces(named: Mapping[str, Unit]) -> None:
    for code, unit in named.items():
        if unit.level != "province":
            raise InvalidInput(
                "unit",
                code,
                Said(
                    f"{unit.full_name} is no province; give a province's code, or write communes",
                    f"{unit.full_name} không phải tỉnh, thành phố; hãy cho mã tỉnh hoặc xuất cấp xã",
                ),
            )
