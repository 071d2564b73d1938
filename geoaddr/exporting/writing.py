"""Tables of outlines to files, by the file's ending; whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geoaddr.errors import DataError, Said, os_reason

GEOMETRY = "geometry"

CRS84 = "OGC:CRS84"
"""WGS 84 with longitude first, as GeoJSON has it and as GeoParquet takes it where nothing else is said."""

EXACT_DECIMALS = 17
"""Decimals with which every coordinate of more than 8 degrees reads back as it was, to the last bit."""

_USUAL_DECIMALS = range(5, 16)


def check_ending(path: Path) -> None:
    """Refuse an output that could not be written, before any work is done.

    :raises DataError: for an ending of no known format.
    """
    if path.suffix.lower() not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise DataError(path, Said(f"not one of: {known}", f"phần đuôi tệp phải là: {known}"))


def decimals_of(geometries: NDArray[Any]) -> int:
    """The fewest decimals, at least 5, with which all coordinates read back as they are."""
    numbers = shapely.get_coordinates(geometries)
    for decimals in _USUAL_DECIMALS:
        if (np.round(numbers, decimals) == numbers).all():
            return decimals
    return EXACT_DECIMALS


def write(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """Write a row for each unit; a reader sees no file or the whole one.

    :param name: of the layer.
    :param geometries: polygons and multipolygons in degrees, shells counter-clockwise, beside the rows.
    :raises DataError: when the file cannot be written.
    """
    import pyogrio

    partial = path.with_name(f".{path.name}.partial{path.suffix}")
    partial.unlink(missing_ok=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _WRITERS[path.suffix.lower()](partial, name, table, geometries)
        partial.replace(path)
    except (pyogrio.errors.DataSourceError, pa.ArrowException) as error:
        line = str(error).strip().splitlines()[0]
        raise DataError(path, Said(f"cannot be written: {line}", f"không ghi được: {line}")) from None
    except OSError as error:
        raise DataError(path, os_reason(error)) from None
    finally:
        for leftover in (partial, partial.with_name(f"{partial.name}-journal")):
            leftover.unlink(missing_ok=True)


def _geojson(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """RFC 7946, each feature with its code as ``id``."""
    _ogr(
        path, name, table.add_column(0, "id", table["code"]), geometries, driver="GeoJSON", RFC7946="YES",
        ID_FIELD="id", WRITE_BBOX="YES", COORDINATE_PRECISION=str(decimals_of(geometries)),
    )  # fmt: skip


def _geopackage(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """A layer has geometries of one kind, so a polygon becomes a multipolygon of one."""
    parts, unit = shapely.get_parts(geometries, return_index=True)
    _ogr(path, name, table, shapely.multipolygons(parts, indices=unit), driver="GPKG")


def _ogr(path: Path, name: str, table: pa.Table, geometries: NDArray[Any], **options: str) -> None:
    import pyogrio

    pyogrio.raw.write_arrow(
        table.append_column(GEOMETRY, _wkb(geometries)),
        path,
        layer=name,
        geometry_name=GEOMETRY,
        geometry_type="MultiPolygon" if options["driver"] == "GPKG" else "Unknown",
        crs="EPSG:4326",
        **options,
    )


def _geoparquet(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """GeoParquet 1.1. Source: https://geoparquet.org/releases/v1.1.0/"""
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({geometry.geom_type for geometry in geometries}),
        "orientation": "counterclockwise",
        "edges": "planar",
        "bbox": shapely.total_bounds(geometries).tolist(),
    }
    about = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    whole = table.append_column(GEOMETRY, _wkb(geometries))
    pq.write_table(whole.replace_schema_metadata({"geo": json.dumps(about)}), path, compression="zstd")


def _wkb(geometries: NDArray[Any]) -> pa.Array:
    return pa.array(shapely.to_wkb(geometries).tolist(), pa.binary())


_WRITERS: dict[str, Callable[[Path, str, pa.Table, NDArray[Any]], None]] = {
    ".geojson": _geojson,
    ".json": _geojson,
    ".gpkg": _geopackage,
    ".parquet": _geoparquet,
}
