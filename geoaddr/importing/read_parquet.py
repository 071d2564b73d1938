"""GeoParquet, and plain Parquet with a column of WKB.

Source: GeoParquet specification 1.1.0 (file metadata under the key ``geo``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geoaddr.errors import DataError, Said
from geoaddr.importing.intake import Source
from geoaddr.importing.layer import Layer, as_layer

DEFAULT_CRS = "OGC:CRS84"
"""What GeoParquet means where a column has no ``crs`` member at all; a ``null`` one means unknown."""

_USUAL_NAMES = ("geometry", "geom", "wkb_geometry", "wkb", "shape")


def read_parquet(source: Source, geometry: str | None) -> Layer:
    """Read one Parquet file; ``geometry`` names the column of geometries where the file does not.

    :raises DataError: not readable as Parquet, no column of geometries, an encoding other than WKB.
    """
    try:
        with pq.ParquetFile(source.files[0]) as file:
            schema = file.schema_arrow
            name, crs = _geometry_of(source, schema, geometry)
            nested = {f.name for f in schema if pa.types.is_nested(f.type)}
            table = file.read(columns=[n for n in schema.names if n == name or n not in nested])
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(
            source.named,
            Said(
                f"cannot be read as Parquet: {_first_line(error)}",
                f"không đọc được dưới dạng Parquet: {_first_line(error)}",
            ),
        ) from None
    return as_layer(source, table, name, crs, [f"row {n}" for n in range(1, table.num_rows + 1)])


def _geometry_of(
    source: Source, schema: pa.Schema, wanted: str | None
) -> tuple[str, str | Mapping[str, Any] | None]:
    columns, primary = _geo_metadata(source, schema)
    names = {n.lower(): n for n in schema.names if _is_binary(schema.field(n).type)}
    name = wanted or primary or next((names[n] for n in _USUAL_NAMES if n in names), None)
    if name is None or name not in schema.names:
        listed = ", ".join(schema.names)
        raise DataError(
            source.named,
            Said(f"no column of geometries (columns: {listed})", f"không có cột hình học (các cột: {listed})"),
            column=name or "geometry",
        )
    about = columns.get(name, {})
    encoding = about.get("encoding", "WKB")
    if encoding != "WKB" or not _is_binary(schema.field(name).type):
        raise DataError(
            source.named,
            Said("geometries are read as WKB only", "chỉ đọc được hình học dạng WKB"),
            column=name,
        )
    return name, about.get("crs", DEFAULT_CRS) if about else None


def _geo_metadata(source: Source, schema: pa.Schema) -> tuple[dict[str, Any], str | None]:
    raw = (schema.metadata or {}).get(b"geo")
    if raw is None:
        return {}, None
    try:
        geo = json.loads(raw)
        columns, primary = geo["columns"], geo["primary_column"]
    except (ValueError, KeyError, TypeError):
        columns = primary = None
    if not isinstance(columns, dict) or not isinstance(primary, str):
        raise DataError(source.named, Said("its geo metadata is broken", "siêu dữ liệu geo bị hỏng"))
    return columns, primary


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
