"""From a layer of boundaries to a complete pack, in one call."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries import build
from geoaddr.boundaries.vintages import LayerInfo
from geoaddr.errors import DataError, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.importing import assemble, dated_layers
from geoaddr.importing.codes import read_codes
from geoaddr.importing.columns import choose
from geoaddr.importing.gazetteer_sections import copy_sections
from geoaddr.importing.intake import opened
from geoaddr.importing.polygons import Fix, decode, make_valid
from geoaddr.importing.read import read
from geoaddr.importing.report import ImportReport
from geoaddr.importing.topology import examine
from geoaddr.importing.units import match
from geoaddr.model import Level, PackInfo
from geoaddr.pack import Pack, write_pack
from geoaddr.reprojection import label

Progress = Callable[[Said], None]


def import_layer(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    base: Pack,
    columns: Mapping[str, str | None] | None = None,
    name: str | None = None,
    level: Level | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    check_names: bool = True,
    overwrite: bool = False,
    url: str | None = None,
    report: Progress | None = None,
    valid_from: dt.date | str | None = None,
    valid_to: dt.date | str | None = None,
) -> ImportReport:
    """Make a pack of ``base``'s gazetteer and the boundaries in ``source``, and say all that was found.

    Without dates the layer is that of the communes of the base's date, and the only one. With dates it holds on
    the days ``[valid_from, valid_to)`` and stands beside all layers of the base, in the place of one with the
    same level and days.

    :param source: GeoParquet, GeoPackage, GeoJSON, shapefile, or a folder or zip of one GeoJSON file a unit.
    :param out: the pack to write; written whole at the end, so that a failed import leaves no trace.
    :param base: where units, names, postcodes and the date come from.
    :param columns: role (``code``, ``name``, ``province_code``, ``geometry``) to the name of its column;
        by default known names are recognised; ``""`` leaves a role unused.
    :param name: of the pack; by default the source's.
    :param level: of every row; by default the width of its code tells. In an import with dates, which rows of
        a layer with several levels are taken.
    :param layer: which layer of a file that holds several.
    :param encoding: of the attributes of a shapefile that does not say.
    :param check_names: whether names that do not belong to their codes are looked for, and many refused.
    :param overwrite: whether ``out`` may exist.
    :param url: where the source came from, for the pack's record.
    :param report: told of each step before it begins.
    :param valid_from, valid_to: the first day on which the polygons hold, and the first on which they no longer
        do; ``None`` for an open end.
    :raises InvalidDate: days between which units of the level were made or ended.
    :raises DataError: one line naming the file, and the column where there is one; nothing was written.
    :raises MissingExtra: the layer's coordinate system needs pyproj.
    """
    origin, target = Path(source), Path(out)
    stretch = dated_layers.days(valid_from, valid_to)
    free_target(origin, target, overwrite)
    tell = report or (lambda _: None)

    tell(Said("reading", "đang đọc"))
    with opened(origin) as found:
        rows = read(found, layer=layer, geometry=(columns or {}).get("geometry"), encoding=encoding)
    chosen = choose(rows, columns)
    coded, code_notes = read_codes(rows, chosen.get("code"), level)
    gazetteer = Gazetteer.from_pack(base)
    wanted: Level = "commune"
    as_of = base.info.date
    if stretch is not None:
        wanted, coded, as_of = dated_layers.taken(rows, chosen, coded, gazetteer, level, stretch)
    roster = match(rows, chosen, coded, gazetteer, as_of, check_names=check_names, wanted=wanted)

    tell(Said("checking geometries", "đang kiểm tra hình học"))
    geometries, closed, notes = decode(rows)
    rows.wkb = np.empty(len(rows), dtype=object)  # the bytes are as large as the geometries; free them now
    taken = [row for _, row in roster.units]
    valid, mended = make_valid(geometries[taken])
    fixes = [fix for fix in closed if fix.row in set(taken)] + [_at(fix, taken) for fix in mended]
    units = assemble.gather(rows, roster.units, valid)

    tell(Said("looking for overlaps and gaps", "đang tìm chồng lấn và khe hở"))
    topology = examine(units.polygons)
    tell(Said("building the index", "đang lập chỉ mục"))
    own: dict[str, NDArray[Any] | list[str] | bytes] = {**build(units.polygons)}
    own["codes"] = [unit.code for unit in units.units]
    begin, end = stretch or (dated_layers.communes_since(gazetteer, as_of), None)
    info = LayerInfo(wanted, begin, end, "exact", origin.name)
    layers = dated_layers.with_layer({} if stretch is None else dated_layers.layers_of(base), info, own)
    sections, present = dated_layers.arranged(layers, base.info.date, base.path)

    named = name or (origin.stem if stretch is None else base.info.name)
    pack = PackInfo(named, base.info.version.partition("+")[0], base.info.date, present.accuracy)
    result = assemble.Result(
        rows, chosen, roster, units, topology, fixes,
        [*code_notes, *notes, *(_left_out(base) if stretch is None else ())], label(rows.crs),
        gazetteer.units(wanted, as_of=as_of),
    )  # fmt: skip
    made = assemble.report(result, pack, info, as_of, dated=stretch is not None)
    about = assemble.meta(made, base, url) if present is info else dict(base.meta)
    about |= assemble.layer_facts(layers, info, made, base, url)
    tell(Said("writing the pack", "đang ghi gói dữ liệu"))
    return replace(made, pack=write_pack(target, pack, dict(copy_sections(base)) | sections, meta=about))


def _left_out(base: Pack) -> list[Said]:
    """A note on the other layers of the base, which an import without dates does not take over."""
    others = [info for info in dated_layers.layers_of(base) if info.level != "commune" or info.valid_to]
    listed = ", ".join(f"{info.level} {info.valid_from}" for info in others)
    if not others:
        return []
    return [
        Said(
            f"dated layers of the base were left out ({listed}); import the communes with dates to keep them",
            f"các lớp có ngày của gói gốc không được đưa vào ({listed}); hãy nhập lớp xã kèm ngày để giữ lại",
        )
    ]


def free_target(source: Path | None, target: Path, overwrite: bool) -> None:
    """See that a pack may be written at ``target``, before any work is done.

    :raises DataError: a folder, the source itself, or a file that must not be replaced.
    """
    if target.is_dir():
        raise DataError(target, Said("is a folder; name a file", "là thư mục; hãy chỉ tên tệp"))
    if source and target.exists() and target.resolve() == source.resolve():
        raise DataError(target, Said("is the source itself", "chính là tệp nguồn"))
    if target.exists() and not overwrite:
        raise DataError(
            target,
            Said("exists already; --overwrite replaces it", "đã tồn tại; dùng --overwrite để thay thế"),
        )


def _at(fix: Fix, rows: list[int]) -> Fix:
    return Fix(rows[fix.row], fix.fault, fix.detail, fix.before_m2, fix.after_m2)
