"""Points for the formats that have geometry, where the input has columns of coordinates only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from geoaddr.bulk.answers import Plan
from geoaddr.bulk.columns import degrees

GEOMETRY = "geometry"


def with_points(
    schema: pa.Schema, pieces: Iterator[pa.RecordBatch], planned: Plan
) -> tuple[pa.Schema, Iterator[pa.RecordBatch], str | None]:
    """The same rows with a column of WKB points, empty where a row has no usable coordinates."""
    lat = planned.lat or planned.names.get("lat")
    lon = planned.lon or planned.names.get("lon")
    if lat is None or lon is None:
        return schema, pieces, None
    name = GEOMETRY if GEOMETRY not in schema.names else "geoaddr_" + GEOMETRY
    field = pa.field(name, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    wider = schema.append(field)
    return wider, (_wider(piece, wider, lat, lon) for piece in pieces), name


def _wider(piece: pa.RecordBatch, schema: pa.Schema, lat: str, lon: str) -> pa.RecordBatch:
    import shapely

    y, x = degrees(piece[lat], "lat", 90.0).values, degrees(piece[lon], "lon", 180.0).values
    good = np.isfinite(y) & np.isfinite(x)
    wkb = shapely.to_wkb(shapely.points(np.where(good, x, 0.0), np.where(good, y, 0.0)))
    return pa.record_batch([*piece.columns, pa.array(wkb, pa.binary(), mask=~good)], schema=schema)
