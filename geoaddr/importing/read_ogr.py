"""GeoPackage, GeoJSON and shapefiles through GDAL, without pandas."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geoaddr.errors import DataError, Said
from geoaddr.importing.intake import Source
from geoaddr.importing.layer import Layer, as_layer

_NAMED_BY_CODE = re.compile(r"([0-9]{2,5})(?:_|$)")


def read_file(source: Source, layer: str | None, encoding: str | None) -> Layer:
    """Read one layer of one file.

    :raises DataError: not readable, no layer with geometries, several and none chosen.
    """
    file = source.files[0]
    chosen = _choose_layer(source, file, layer)
    table, geometry, crs = _table(source.named, file, chosen, encoding)
    return as_layer(source, table, geometry, crs, [f"feature {n}" for n in range(1, table.num_rows + 1)])


def read_unit_files(source: Source) -> Layer:
    """Read the publisher's layout, ``NN_province/wards/CODE_commune.geojson``: one unit, or few, a file."""
    columns: dict[str, list[Any]] = {}
    wkb: list[Any] = []
    origins: list[str] = []
    codes: list[str | None] = []
    provinces: list[str | None] = []
    stated: set[str | None] = set()
    for file in source.files:
        table, geometry, crs = _table(f"{source.named} ({file.name})", file, None, None)
        part = as_layer(source, table, geometry, crs, [file.name] * table.num_rows)
        before, rows = len(wkb), len(part)
        for name in columns.keys() | part.columns.keys():
            columns.setdefault(name, [None] * before).extend(part.columns.get(name, [None] * rows))
        wkb.extend(part.wkb)
        origins.extend(part.origins)
        codes.extend([_code_in(file.stem)] * rows)
        provinces.extend([_province_in(file)] * rows)
        stated.add(crs)
    if len(stated) > 1:
        raise DataError(
            source.named,
            Said("its files are in several coordinate systems", "các tệp dùng nhiều hệ tọa độ khác nhau"),
        )
    geometries = np.empty(len(wkb), dtype=object)
    geometries[:] = wkb
    return Layer(source, columns, geometries, stated.pop() if stated else None, origins, codes, provinces)


def _code_in(name: str) -> str | None:
    found = _NAMED_BY_CODE.match(name)
    return found.group(1) if found else None


def _province_in(file: Path) -> str | None:
    """The code in the nearest folder's name that begins with two digits."""
    for folder in list(file.parents)[:2]:
        code = _code_in(folder.name)
        if code is not None and len(code) == 2:
            return code
    return None


def _choose_layer(source: Source, file: Path, wanted: str | None) -> str | None:
    import pyogrio

    try:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(file)]
    except (RuntimeError, ValueError) as error:
        raise _unreadable(source.named, error) from None
    mapped = [name for name, kind in listed if kind is not None]
    if wanted is not None and wanted not in mapped:
        names = ", ".join(mapped)
        raise DataError(
            source.named, Said(f"no layer '{wanted}' (it has: {names})", f"không có lớp '{wanted}' (có: {names})")
        )
    if not mapped:
        raise DataError(
            source.named, Said("no layer with geometries", "không có lớp nào chứa hình học"), column="geometry"
        )
    if wanted is None and len(mapped) > 1:
        names = ", ".join(mapped)
        raise DataError(
            source.named,
            Said(
                f"holds several layers; choose one with --layer: {names}",
                f"có nhiều lớp; hãy chọn một bằng --layer: {names}",
            ),
        )
    return wanted or mapped[0]


def _table(named: object, file: Path, layer: str | None, encoding: str | None) -> tuple[pa.Table, str, str | None]:
    """The whole layer, the name of its column of geometries, and its coordinate system."""
    from pyogrio import raw

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # unclosed rings are found and reported later
            meta, table = raw.read_arrow(file, layer=layer, encoding=encoding)
    except (RuntimeError, ValueError, LookupError) as error:
        raise _unreadable(named, error) from None
    geometry = meta["geometry_name"] or "wkb_geometry"
    if geometry not in table.column_names:
        raise DataError(named, Said("has no geometries", "không có hình học"), column="geometry")
    return table, geometry, meta["crs"]


def _unreadable(named: object, error: BaseException) -> DataError:
    """GDAL's own words, without its advice to programmers and the temporary path."""
    said = re.sub(r"'?/[^\s']*/([^\s/']+)'?", r"\1", str(error).split("; It might help")[0])
    line = (said.splitlines() or [type(error).__name__])[0][:200]
    return DataError(named, Said(f"cannot be read: {line}", f"không đọc được: {line}"))
