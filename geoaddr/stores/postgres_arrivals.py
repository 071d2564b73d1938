"""Columns of new records as lines that PostgreSQL copies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from geoaddr.arrivals import Arrivals
from geoaddr.model import COMPONENT_NAMES, STATUSES
from geoaddr.stores.column_rows import stated
from geoaddr.stores.rows import milliseconds, to_json

_ADDRESS = (
    "ndas", "status", "version", "commune", "lat", "lon", "issued_day", "created_ms", "updated_ms", "components",
    "point_source", "uncertainty_m", "likeness", "street", "number", "division", "place",
)  # fmt: skip
_EVENT = ("ndas", "number", "kind", "at_ms", "actor", "reason", "details")
COPY_ADDRESSES = f"COPY address ({', '.join(_ADDRESS)}) FROM STDIN (FORMAT csv)"
COPY_EVENTS = f"COPY event ({', '.join(_EVENT)}) FROM STDIN (FORMAT csv)"

_DETAILS = pa.array([to_json({"to": status}) for status in STATUSES])
_QUOTED = csv.WriteOptions(include_header=False, quoting_style="needed")


def address_lines(arrivals: Arrivals) -> memoryview:
    """What :data:`COPY_ADDRESSES` takes."""
    made_ms = milliseconds(arrivals.at)
    filed = pc.or_(pc.is_valid(arrivals.street), pc.is_valid(arrivals.place))
    columns = {
        "ndas": arrivals.ndas,
        "status": arrivals.status,
        "version": _all(1, arrivals),
        "commune": _texts(arrivals.commune),
        "lat": arrivals.lat,
        "lon": arrivals.lon,
        "issued_day": arrivals.issued_day,
        "created_ms": _all(made_ms, arrivals),
        "updated_ms": _all(made_ms, arrivals),
        "components": stated(arrivals.parts, COMPONENT_NAMES, len(arrivals)),
        "point_source": _texts(arrivals.point_source),
        "uncertainty_m": pa.array(arrivals.uncertainty_m, mask=np.isnan(arrivals.uncertainty_m)),
        "likeness": arrivals.likeness,
        "street": _texts(arrivals.street),
        "number": arrivals.number,
        "division": pc.if_else(filed, pa.array(arrivals.division), pa.scalar(None, pa.int8())),
        "place": _texts(arrivals.place),
    }
    return _lines([columns[name] for name in _ADDRESS])


def event_lines(arrivals: Arrivals) -> memoryview:
    """What :data:`COPY_EVENTS` takes."""
    told = (arrivals.kind, milliseconds(arrivals.at), arrivals.actor, arrivals.reason)
    details = _DETAILS.take(pa.array(arrivals.status))
    return _lines([arrivals.ndas, _all(1, arrivals), *(_all(value, arrivals) for value in told), details])


def _lines(columns: list[Any]) -> memoryview:
    sink = pa.BufferOutputStream()
    csv.write_csv(pa.table(columns, names=[str(n) for n in range(len(columns))]), sink, _QUOTED)
    return memoryview(sink.getvalue())


def _all(value: int | str, arrivals: Arrivals) -> Any:
    return pa.repeat(value, len(arrivals))


def _texts(column: Any) -> Any:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
