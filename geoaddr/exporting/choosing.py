"""Which units an export writes, and which rows of the boundaries each is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from geoaddr.errors import InvalidInput, Said
from geoaddr.locating import Locator
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.shapes import no_polygon

ExportLevel = Literal["commune", "province"]


class Chosen(NamedTuple):
    """A unit to be written, its province, and its rows in the loaded boundaries."""

    unit: Unit
    province: Unit
    rows: tuple[int, ...]


class Choice(NamedTuple):
    """What is written, by code, and the communes that should be but have no polygon."""

    units: list[Chosen]
    missing: list[Unit]

    def by_province(self) -> list[list[Chosen]]:
        """The units in groups that are worked on together: this bounds the memory."""
        return [list(group) for _, group in groupby(self.units, key=lambda each: each.province.code)]


def choose(locator: Locator, level: ExportLevel, codes: Sequence[str], as_of: dt.date) -> Choice:
    """The units of ``level`` that were asked for; all of them where no code is given.

    :param codes: of communes and provinces. For communes, a province stands for all that it has.
    :raises UnknownUnit: for a code that no unit has on the day, or whose unit has no polygon.
    :raises InvalidInput: for a commune where provinces are wanted; for a day before the boundaries'.
    """
    if as_of < REFORM:
        reason = Said("the loaded boundaries begin on 2025-07-01", "ranh giới đã nạp chỉ có từ ngày 2025-07-01")
        raise InvalidInput("as_of", as_of.isoformat(), reason)
    gazetteer = locator.gazetteer
    provinces = {unit.code: unit for unit in gazetteer.units("province", as_of=as_of)}
    communes = gazetteer.units("commune", as_of=as_of)
    named = {code: gazetteer.unit(code, as_of=as_of) for code in codes}
    if level == "province":
        _check_provinces(named)
    wanted = named or provinces
    inside = [unit for unit in communes if unit.code in wanted or unit.parent in wanted]
    row_of = {code: row for row, code in enumerate(locator.codes)}
    found: dict[str, list[int]] = {}
    for commune in inside:
        if commune.code in row_of:
            found.setdefault(commune.code if level == "commune" else str(commune.parent), []).append(
                row_of[commune.code]
            )
    units = [*(inside if level == "commune" else (provinces[code] for code in wanted))]
    chosen = [Chosen(u, provinces[u.parent or u.code], tuple(found[u.code])) for u in units if u.code in found]
    for unit in named.values():
        if not any(unit.code in (each.unit.code, each.province.code) for each in chosen):
            raise no_polygon(unit, as_of)
    chosen.sort(key=lambda each: (each.province.code, each.unit.code))
    return Choice(chosen, [unit for unit in inside if unit.code not in row_of])


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
