"""From a pack's boundaries to a file, in one call."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geoaddr.coverage import chosen_tolerance
from geoaddr.errors import Said
from geoaddr.exporting.choosing import Choice, Chosen, ExportLevel, choose
from geoaddr.exporting.report import ExportReport, LargestChange, Missing
from geoaddr.exporting.writing import check_ending, write
from geoaddr.importing.area import areas_m2
from geoaddr.importing.layer_import import free_target
from geoaddr.locating import Locator
from geoaddr.outlines import outlines

Progress = Callable[[Said], None]

_M2_IN_KM2 = 1e6
_AREA_DECIMALS = 6
_PERCENT_DECIMALS = 4


class _Drawn(NamedTuple):
    """The outlines of some units; their areas before simplification and after, in square metres; and how many
    vertices the rows have that they are made of."""

    geometries: NDArray[Any]
    before_m2: NDArray[np.float64]
    after_m2: NDArray[np.float64]
    vertices_before: int


def export_layer(
    locator: Locator,
    out: str | os.PathLike[str],
    *,
    level: ExportLevel = "commune",
    units: Sequence[str] = (),
    as_of: dt.date | None = None,
    tolerance_m: float | None = None,
    zoom: int | None = None,
    overwrite: bool = False,
    report: Progress | None = None,
) -> ExportReport:
    """Write the boundaries of a whole layer, or of some units, to GeoJSON, GeoPackage or GeoParquet.

    Columns: ``code, name, full_name, type, level, province_code, province_name, postcode, valid_from, valid_to,
    boundary_accuracy, pack, pack_version, as_of, tolerance_m, area_km2`` (on the ellipsoid, not simplified), and
    the geometry, WGS 84.

    :param out: written whole at the end, so that a failed export leaves no trace. Its ending tells the format.
    :param units: codes of communes and provinces; none for all. A province stands for its communes where communes
        are written.
    :param as_of: the day of names and units; by default the pack's.
    :param tolerance_m, zoom: see :meth:`geoaddr.platform.Geoaddr.boundary`.
    :param overwrite: whether ``out`` may exist.
    :param report: told of each step before it begins.
    :raises DataError: an output that exists or cannot be written.
    :raises UnknownUnit: a code of no unit, or of one without a polygon.
    :raises InvalidInput: a commune where provinces are wanted; a day, tolerance or zoom out of range.
    """
    target, allowed_m = Path(out), chosen_tolerance(tolerance_m, zoom)
    free_target(None, target, overwrite)
    check_ending(target)
    day = locator.info.date if as_of is None else as_of
    choice = choose(locator, level, units, day)
    tell = report or (lambda _: None)
    tell(Said("drawing the outlines", "đang dựng đường ranh"))
    whole = _together([_draw(group, allowed_m) for group in choice.by_province()])
    tell(Said("writing", "đang ghi"))
    write(target, f"{level}s", _table(locator, choice, whole, day, allowed_m), whole.geometries)
    return ExportReport(
        file=str(target),
        format=target.suffix.lower().removeprefix("."),
        level=level,
        as_of=day,
        tolerance_m=allowed_m,
        units=len(choice.units),
        missing=tuple(Missing(unit.code, unit.full_name) for unit in choice.missing),
        vertices_before=whole.vertices_before,
        vertices=int(shapely.get_num_coordinates(whole.geometries).sum()),
        largest_change=_largest_change(choice, whole) if allowed_m else None,
        bytes=target.stat().st_size,
        pack=locator.info,
    )


def _draw(group: list[Chosen], tolerance_m: float) -> _Drawn:
    """The units of one province, all of one layer.

    The area before of several rows joined is taken from the area after, and what the rows lost or gained in sum:
    where they overlap or leave gaps nothing is simplified, so that joining the full polygons would give the same.
    """
    rows = [row for each in group for row in each.rows]
    drawn = outlines(group[0].sheet.index, rows, tolerance_m)
    full = drawn.around[np.searchsorted(drawn.company, drawn.rows)]
    geometries = np.array([drawn.of(each.rows) for each in group], dtype=object)
    lost = dict(zip(drawn.rows.tolist(), areas_m2(full) - areas_m2(drawn.polygons), strict=True))
    after = areas_m2(geometries)
    before = after + [sum(lost[row] for row in each.rows) for each in group]
    return _Drawn(geometries, before, after, int(shapely.get_num_coordinates(full).sum()))


def _together(drawn: Sequence[_Drawn]) -> _Drawn:
    geometries, before, after, vertices = zip(*drawn, strict=True)
    return _Drawn(np.concatenate(geometries), np.concatenate(before), np.concatenate(after), sum(vertices))


def _largest_change(choice: Choice, drawn: _Drawn) -> LargestChange:
    percent = (drawn.after_m2 / drawn.before_m2 - 1) * 100
    most = int(np.argmax(np.abs(percent)))
    unit = choice.units[most].unit
    return LargestChange(unit.code, unit.full_name, round(float(percent[most]), _PERCENT_DECIMALS))


def _table(locator: Locator, choice: Choice, drawn: _Drawn, day: dt.date, tolerance_m: float) -> pa.Table:
    """The attributes, a row for each unit."""
    info, units = locator.info, [each.unit for each in choice.units]
    postcodes = [
        locator.gazetteer.postcode(unit.code, as_of=day) if unit.level == "commune" else None for unit in units
    ]
    text = pa.string()
    columns = {
        "code": pa.array([unit.code for unit in units], text),
        "name": pa.array([unit.name for unit in units], text),
        "full_name": pa.array([unit.full_name for unit in units], text),
        "type": pa.array([unit.type for unit in units], text),
        "level": pa.array([unit.level for unit in units], text),
        "province_code": pa.array([each.province.code for each in choice.units], text),
        "province_name": pa.array([each.province.full_name for each in choice.units], text),
        "postcode": pa.array(postcodes, text),
        "valid_from": pa.array([unit.valid_from for unit in units], pa.date32()),
        "valid_to": pa.array([unit.valid_to for unit in units], pa.date32()),
        "boundary_accuracy": pa.array([each.sheet.info.accuracy for each in choice.units], text),
        "pack": pa.repeat(info.name, len(units)),
        "pack_version": pa.repeat(info.version, len(units)),
        "as_of": pa.repeat(pa.scalar(day, pa.date32()), len(units)),
        "tolerance_m": pa.repeat(tolerance_m, len(units)),
        "area_km2": pa.array(np.round(drawn.before_m2 / _M2_IN_KM2, _AREA_DECIMALS)),
    }
    return pa.table(columns)
