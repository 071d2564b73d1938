"""From a layer of boundaries to a complete pack, in one call."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries import build
from geoaddr.errors import DataError, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.importing import assemble
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

COMMUNES = "boundaries.communes"

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
) -> ImportReport:
    """Make a pack of ``base``'s gazetteer and the boundaries in ``source``, and say all that was found.

    :param source: GeoParquet, GeoPackage, GeoJSON, shapefile, or a folder or zip of one GeoJSON file a unit.
    :param out: the pack to write; written whole at the end, so that a failed import leaves no trace.
    :param base: where units, names, postcodes and the date come from.
    :param columns: role (``code``, ``name``, ``province_code``, ``geometry``) to the name of its column;
        by default known names are recognised; ``""`` leaves a role unused.
    :param name: of the pack; by default the source's.
    :param level: of every row; by default the width of its code tells.
    :param layer: which layer of a file that holds several.
    :param encoding: of the attributes of a shapefile that does not say.
    :param check_names: whether names that do not belong to their codes are looked for, and many refused.
    :param overwrite: whether ``out`` may exist.
    :param url: where the source came from, for the pack's record.
    :param report: told of each step before it begins.
    :raises DataError: one line naming the file, and the column where there is one; nothing was written.
    :raises MissingExtra: the layer's coordinate system needs pyproj.
    """
    origin, target = Path(source), Path(out)
    free_target(origin, target, overwrite)
    tell = report or (lambda _: None)

    tell(Said("reading", "đang đọc"))
    with opened(origin) as found:
        rows = read(found, layer=layer, geometry=(columns or {}).get("geometry"), encoding=encoding)
    chosen = choose(rows, columns)
    coded, code_notes = read_codes(rows, chosen.get("code"), level)
    as_of = base.info.date
    gazetteer = Gazetteer.from_pack(base)
    roster = match(rows, chosen, coded, gazetteer, as_of, check_names=check_names)

    tell(Said("checking geometries", "đang kiểm tra hình học"))
    geometries, closed, notes = decode(rows)
    rows.wkb = np.empty(len(rows), dtype=object)  # the bytes are as large as the geometries; free them now
    communes = [row for _, row in roster.communes]
    valid, mended = make_valid(geometries[communes])
    fixes = [fix for fix in closed if fix.row in set(communes)] + [_at(fix, communes) for fix in mended]
    units = assemble.gather(rows, roster.communes, valid)

    tell(Said("looking for overlaps and gaps", "đang tìm chồng lấn và khe hở"))
    topology = examine(units.polygons)
    tell(Said("building the index", "đang lập chỉ mục"))
    sections: dict[str, NDArray[Any] | list[str] | bytes] = dict(copy_sections(base))
    sections |= {f"{COMMUNES}.{key}": value for key, value in build(units.polygons).items()}
    sections[COMMUNES + ".codes"] = [unit.code for unit in units.units]

    info = PackInfo(name or origin.stem, base.info.version.partition("+")[0], as_of, "exact")
    result = assemble.Result(
        rows, chosen, roster, units, topology, fixes, [*code_notes, *notes], label(rows.crs),
        gazetteer.units("commune", as_of=as_of),
    )  # fmt: skip
    made = assemble.report(result, info)
    tell(Said("writing the pack", "đang ghi gói dữ liệu"))
    return replace(made, pack=write_pack(target, info, sections, meta=assemble.meta(made, base, url)))


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
