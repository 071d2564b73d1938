"""The geometry of a GeoParquet file: its column and its coordinate system.

Source: GeoParquet specification 1.1.0 (file metadata under the key ``geo``).
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from geoaddr.errors import DataError, Said
from geoaddr.reprojection import is_wgs84

DEFAULT_CRS = "OGC:CRS84"
"""What a column is in that has no ``crs`` member at all; a ``null`` one means unknown."""

WKB_FIELD = {"ARROW:extension:name": "geoarrow.wkb"}
"""How Arrow says that bytes are geometries."""


def point_column(schema: pa.Schema, file: object) -> tuple[str | None, str | None]:
    """The primary column of geometries where it is WKB, and its system (authority code or PROJJSON), if known.

    :raises DataError: when the metadata is broken.
    """
    raw = (schema.metadata or {}).get(b"geo")
    if raw is None:
        return None, None
    try:
        geo = json.loads(raw)
        name, about = geo["primary_column"], geo["columns"][geo["primary_column"]]
        crs, encoding = about.get("crs", DEFAULT_CRS), about.get("encoding")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(file, Said("its geo metadata is broken", "siêu dữ liệu geo bị hỏng")) from None
    if encoding != "WKB" or name not in schema.names or not pa.types.is_binary(schema.field(name).type):
        return None, None
    return name, as_text(crs)


def as_text(crs: Any) -> str | None:
    """A system as text: its authority and code where it has one, else its PROJJSON."""
    if crs is None or isinstance(crs, str):
        return crs
    identity = crs.get("id") if isinstance(crs, dict) else None
    if isinstance(identity, dict) and {"authority", "code"} <= identity.keys():
        return f"{identity['authority']}:{identity['code']}"
    return DEFAULT_CRS if isinstance(crs, dict) and is_wgs84(crs) else json.dumps(crs)


def as_wkb(schema: pa.Schema, geometry: str) -> pa.Schema:
    """The same schema with a column of bytes declared as geometries."""
    at = schema.get_field_index(geometry)
    field = schema.field(at)
    return schema.set(at, field.with_metadata({**(field.metadata or {}), **WKB_FIELD}))
