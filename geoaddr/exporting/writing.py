"""Tables of outlines to files, by the file's ending; whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geoaddr.errors import DataError, Said, os_reason
from geoaddr.exporting.wholeness import check_geojson, check_geopackage

GEOMETRY = "geometry"

EXACT_DECIMALS = 17
"""Decimals with which every coordinate of more than 8 degrees reads back as it was, to the last bit."""

_USUAL_DECIMALS = range(5, 16)

_TOGETHER = 256
"""Units that are written together: bounds the memory, and makes a row group of a Parquet file."""


def check_ending(path: Path) -> None:
    """Refuse an output that could not be written, before any work is done.

    :raises DataError: for an ending of no known format.
    """
    if path.suffix.lower() not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise DataError(path, Said(f"not one of: {known}", f"phần đuôi tệp phải là: {known}"))


def decimals_of(geometries: NDArray[Any]) -> int:
    """The fewest decimals, at least 5, with which all coordinates read back as they are."""
    most = _USUAL_DECIMALS[0]
    for few in _few(geometries):
        numbers = shapely.get_coordinates(few)
        while (np.round(numbers, most) != numbers).any():
            if most == _USUAL_DECIMALS[-1]:
                return EXACT_DECIMALS
            most += 1
    return most


def write(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """Write a row for each unit; a reader sees no file or the whole one.

    :param name: of the layer.
    :param geometries: polygons and multipolygons in degrees, shells counter-clockwise, beside the rows.
    :raises DataError: when the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial{path.suffix}")
    leftovers = partial, partial.with_name(f"{partial.name}-journal")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        _WRITERS[path.suffix.lower()](partial, name, table, geometries)
        partial.replace(path)
    except (RuntimeError, pa.ArrowException) as error:  # what pyogrio raises are RuntimeErrors
        line = str(error).strip().splitlines()[0]
        raise DataError(path, Said(f"cannot be written: {line}", f"không ghi được: {line}")) from None
    except OSError as error:
        raise DataError(path, os_reason(error)) from None
    finally:
        for leftover in leftovers:
            with suppress(OSError):
                leftover.unlink()


def _geojson(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """RFC 7946, each feature with its code as ``id``."""
    _ogr(
        path,
        name,
        table.add_column(0, "id", table["code"]),
        geometries,
        driver="GeoJSON",
        geometry_type="Unknown",
        RFC7946="YES",
        ID_FIELD="id",
        WRITE_BBOX="YES",
        COORDINATE_PRECISION=str(decimals_of(geometries)),
    )
    check_geojson(path)


def _geopackage(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """A layer has geometries of one kind, so a polygon becomes a multipolygon of one."""
    _ogr(path, name, table, geometries, driver="GPKG", geometry_type="MultiPolygon", GEOMETRY_NAME="geom")
    check_geopackage(path, f"rtree_{name}_geom", len(table))


def _ogr(path: Path, name: str, table: pa.Table, geometries: NDArray[Any], **options: str) -> None:
    import pyogrio

    stopped: list[BaseException] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from _batches(table, geometries, multipart=options["geometry_type"] == "MultiPolygon")
        except BaseException as error:
            stopped.append(error)
            raise

    try:
        pyogrio.raw.write_arrow(
            pa.RecordBatchReader.from_batches(_with_geometry(table.schema), batches()),
            path,
            layer=name,
            geometry_name=GEOMETRY,
            crs="EPSG:4326",
            **options,
        )
    except RuntimeError:
        if stopped:  # pyogrio hides why the batches ended, Ctrl-C for one
            raise stopped[0] from None
        raise


def _geoparquet(path: Path, name: str, table: pa.Table, geometries: NDArray[Any]) -> None:
    """GeoParquet 1.1; without a word of it, the coordinates are OGC:CRS84, WGS 84 with longitude first.

    Source: https://geoparquet.org/releases/v1.1.0/
    """
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({geometry.geom_type for geometry in geometries}),
        "orientation": "counterclockwise",
        "edges": "planar",
        "bbox": shapely.total_bounds(geometries).tolist(),
    }
    about = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    schema = _with_geometry(table.schema).with_metadata({"geo": json.dumps(about)})
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for batch in _batches(table, geometries):
            out.write_batch(batch.replace_schema_metadata(schema.metadata))


def _with_geometry(schema: pa.Schema) -> pa.Schema:
    return schema.append(pa.field(GEOMETRY, pa.binary()))


def _batches(table: pa.Table, geometries: NDArray[Any], *, multipart: bool = False) -> Iterator[pa.RecordBatch]:
    """The rows with their geometries as WKB, made when they are written."""
    begin = 0
    for few in _few(geometries):
        rows = table.slice(begin, len(few)).combine_chunks()
        if multipart:
            parts, unit = shapely.get_parts(few, return_index=True)
            few = shapely.multipolygons(parts, indices=unit)
        wkb = pa.array(shapely.to_wkb(few).tolist(), pa.binary())
        yield from rows.append_column(pa.field(GEOMETRY, pa.binary()), wkb).to_batches()
        begin += len(few)


def _few(geometries: NDArray[Any]) -> Iterator[NDArray[Any]]:
    return (geometries[begin : begin + _TOGETHER] for begin in range(0, len(geometries), _TOGETHER))


_WRITERS: dict[str, Callable[[Path, str, pa.Table, NDArray[Any]], None]] = {
    ".geojson": _geojson,
    ".json": _geojson,
    ".gpkg": _geopackage,
    ".parquet": _geoparquet,
}
