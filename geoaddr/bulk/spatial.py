"""Points of the input looked at before the work, and written for the formats that have geometry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from geoaddr.bulk.answers import Plan
from geoaddr.bulk.geoparquet import WKB_FIELD
from geoaddr.bulk.pointing import coordinates, refuse_misplaced
from geoaddr.bulk.readers import Source

GEOMETRY = "geometry"
ONLY_WGS84 = frozenset({".geojson", ".json"})
"""Formats whose coordinates are WGS 84 by their specification (RFC 7946)."""


def watched(source: Source, planned: Plan, path: Path) -> Source:
    """The same source, once its first rows were found to lie where the plan says.

    :raises DataError: see :func:`geoaddr.bulk.pointing.refuse_misplaced`.
    """
    first = next(source.batches, None)
    if first is None:
        return source
    refuse_misplaced(first, planned, path)
    return replace(source, batches=chain([first], source.batches))


def with_points(
    schema: pa.Schema, pieces: Iterator[pa.RecordBatch], planned: Plan
) -> tuple[pa.Schema, Iterator[pa.RecordBatch], str | None]:
    """The same rows with a column of WKB points (WGS 84), empty where a row has no usable coordinates."""
    if planned.lat is None and "lat" in planned.names and "lon" in planned.names:
        planned = replace(planned, lat=planned.names["lat"], lon=planned.names["lon"])  # what the verb found out
    if planned.lat is None or planned.lon is None:
        return schema, pieces, None
    name = GEOMETRY if GEOMETRY not in schema.names else "geoaddr_" + GEOMETRY
    wider = schema.append(pa.field(name, pa.binary(), metadata=WKB_FIELD))
    widened = (pa.record_batch([*p.columns, _wkb(p, planned)], schema=wider) for p in pieces)
    return wider, widened, name


def moves(planned: Plan, out: Path) -> bool:
    """Whether the geometries of an output differ from the input's: put the right way round, or all WGS 84."""
    other = planned.crs is not None and out.suffix.lower() in ONLY_WGS84
    return planned.geometry is not None and (planned.swap or other)


def moved(pieces: Iterator[pa.RecordBatch], planned: Plan) -> Iterator[pa.RecordBatch]:
    """The same rows with their points in WGS 84."""
    for piece in pieces:
        at = piece.schema.get_field_index(planned.geometry)
        columns = [*piece.columns]
        columns[at] = _wkb(piece, planned)
        yield pa.record_batch(columns, schema=piece.schema)


def _wkb(piece: pa.RecordBatch, planned: Plan) -> Any:
    import shapely

    lat, lon = coordinates(piece, planned)
    good = lat.good & lon.good
    wkb = shapely.to_wkb(shapely.points(np.where(good, lon.values, 0.0), np.where(good, lat.values, 0.0)))
    return pa.array(wkb, pa.binary(), mask=~good)
