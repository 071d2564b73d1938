"""One piece of input to one piece of output: the verb's columns joined to the rows they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from geoaddr.bulk.assigning import ASSIGN_COLUMNS, HouseholdColumns
from geoaddr.bulk.columns import Degrees, degrees, find_column, new_names, texts
from geoaddr.bulk.locating import LOCATE_COLUMNS, PointColumns
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.resolving import RESOLVE_COLUMNS, CodeColumns

ANSWER_COLUMNS = {"locate": LOCATE_COLUMNS, "resolve": RESOLVE_COLUMNS, "assign": ASSIGN_COLUMNS}

Answer = Callable[[int, pa.RecordBatch], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which input columns a verb reads, and what its answers are called in the output."""

    verb: str
    lat: str | None
    lon: str | None
    geometry: str | None
    code: str | None
    text: str | None
    commune: str | None
    names: dict[str, str]


def plan(verb: str, columns: list[str], geometry: str | None, given: dict[str, str | None], file: object) -> Plan:
    """Find the columns that ``verb`` needs.

    :raises DataError: naming the file and the column that is absent.
    """
    names = dict(zip(ANSWER_COLUMNS[verb], new_names(ANSWER_COLUMNS[verb], columns), strict=True))
    if verb == "resolve":
        code = find_column(columns, "code", given["code"], file)
        return Plan(verb, None, None, None, code, None, None, names)
    lat = lon = None
    if geometry is None or given["lat"] or given["lon"]:
        lat = find_column(columns, "lat", given["lat"], file)
        lon = find_column(columns, "lon", given["lon"], file)
        geometry = None
    if verb == "locate":
        return Plan(verb, lat, lon, geometry, None, None, None, names)
    text = find_column(columns, "text", given["text"], file)
    commune = find_column(columns, "commune", given["commune"], file) if given["commune"] else None
    return Plan(verb, lat, lon, geometry, None, text, commune, names)


def answerer(ga: Platform, planned: Plan, as_of: str | None, run: str, lang: str) -> Answer:
    """The function that answers a piece: (number of its first row, batch) to answer columns by name."""
    day = ga.as_of(as_of)
    if planned.verb == "resolve":
        codes = CodeColumns(ga, day, lang)
        return lambda _, batch: codes.resolve(texts(batch[planned.code]))
    if planned.verb == "locate":
        points = PointColumns(ga, day)
        return lambda _, batch: points.locate(*coordinates(batch, planned, lang))
    households = HouseholdColumns(ga, run, lang)
    return lambda first, batch: households.assign(
        first,
        texts(batch[planned.text]),
        *coordinates(batch, planned, lang),
        texts(batch[planned.commune]) if planned.commune else None,
    )


def coordinates(batch: pa.RecordBatch, planned: Plan, lang: str) -> tuple[Degrees, Degrees]:
    """Latitudes and longitudes of a piece, from its columns or its geometry."""
    if planned.geometry is None:
        return degrees(batch[planned.lat], "lat", 90.0, lang), degrees(batch[planned.lon], "lon", 180.0, lang)
    import shapely

    shapes = shapely.from_wkb(np.array(batch[planned.geometry].to_pylist(), dtype=object), on_invalid="ignore")
    points = np.where(shapely.get_type_id(shapes) == shapely.GeometryType.POINT, shapes, None)
    return (
        degrees(pa.array(shapely.get_y(points)), "lat", 90.0, lang),
        degrees(pa.array(shapely.get_x(points)), "lon", 180.0, lang),
    )


def joined(batch: pa.RecordBatch, answers: dict[str, Any], planned: Plan) -> pa.RecordBatch:
    """The input's columns, in order, then the answers'."""
    fields = [*batch.schema, *(pa.field(planned.names[n], a.type) for n, a in answers.items())]
    columns = [
        *batch.columns,
        *(a.combine_chunks() if isinstance(a, pa.ChunkedArray) else a for a in answers.values()),
    ]
    return pa.record_batch(columns, schema=pa.schema(fields, metadata=batch.schema.metadata))
