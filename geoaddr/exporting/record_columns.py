"""Records of a registry and their events by the column, in the columns of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.arrivals import Beginnings, Plain
from geoaddr.model import STATUSES, AddressRecord, Event
from geoaddr.model.base import plain as plainly
from geoaddr.registry.rows import COLUMNS, row_from_record
from geoaddr.store import Piece
from geoaddr.stores.rows import to_json

_TYPES = {"lat": pa.float64(), "lon": pa.float64(), "issued_on": pa.date32(), "uncertainty_m": pa.float64()}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])
"""What a load reads."""

HISTORY_COLUMNS = ("ndas", "number", "kind", "at", "reason", "details")
HISTORY_SCHEMA = pa.schema([(name, pa.int32() if name == "number" else pa.string()) for name in HISTORY_COLUMNS])
"""Who made a change is left out, since that may be a person's address; all else is free of personal data."""


def batches(pieces: Iterable[Piece]) -> Iterator[pa.RecordBatch]:
    """The records of pieces in the columns that a load reads, by code ascending."""
    for piece in pieces:
        made = [] if piece.plain is None else [_plain_batch(piece.plain)]
        if piece.others:
            made.append(_batch([scanned.record for scanned in piece.others]))
        yield _merged(made)


def events_of(piece: Piece) -> pa.RecordBatch:
    """The events of a piece that was read with them, by code and number ascending."""
    plain = piece.plain
    made = [] if plain is None or plain.begun is None else [_begun(plain, plain.begun)]
    if piece.others:
        made.append(_events([event for scanned in piece.others for event in scanned.events]))
    return _merged(made)


def _merged(made: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches of which each ascends by code, as one that does."""
    if len(made) == 1:
        return made[0]
    table = pa.Table.from_batches(made)
    order = np.argsort([int(code) for code in table["ndas"].to_pylist()], kind="stable")
    return table.take(pa.array(order)).combine_chunks().to_batches()[0]


def _batch(records: Sequence[AddressRecord]) -> pa.RecordBatch:
    rows = [row_from_record(record) for record in records]
    columns: dict[str, Any] = {
        name: pa.array([row[name] or None for row in rows], pa.string()) for name in COLUMNS if name not in _TYPES
    }
    columns |= {
        "lat": pa.array([record.point.lat for record in records], pa.float64()),
        "lon": pa.array([record.point.lon for record in records], pa.float64()),
        "issued_on": pa.array([record.issued_on for record in records], pa.date32()),
        "uncertainty_m": pa.array([record.uncertainty_m for record in records], pa.float64()),
    }
    return pa.record_batch([columns[name] for name in COLUMNS], schema=SCHEMA)


def _plain_batch(plain: Plain) -> pa.RecordBatch:
    columns = {
        "ndas": _codes(plain.ndas),
        "lat": pa.array(plain.lat),
        "lon": pa.array(plain.lon),
        "commune_code": plain.commune,
        "issued_on": pa.array(plain.issued_day).cast(pa.date32()),
        "status": pa.array(STATUSES).take(pa.array(plain.status)),
        "point_source": plain.point_source,
        "uncertainty_m": pa.array(plain.uncertainty_m, mask=np.isnan(plain.uncertainty_m)),
        **plain.parts,
    }
    nothing = pa.nulls(len(plain), pa.string())
    arrays = [columns.get(field.name, nothing).cast(field.type) for field in SCHEMA]
    return pa.record_batch(arrays, schema=SCHEMA)


def _codes(numbers: NDArray[np.int64]) -> Any:
    return pa.array([f"{number:010}" for number in numbers.tolist()], pa.string())


def _begun(plain: Plain, begun: Beginnings) -> pa.RecordBatch:
    led = pa.array([to_json({"to": status}) for status in STATUSES])
    columns = {
        "ndas": _codes(plain.ndas),
        "number": pa.array(np.ones(len(plain), dtype=np.int32)),
        "kind": begun.kind,
        "at": begun.at,
        "reason": begun.reason,
        "details": led.take(pa.array(begun.to)),
    }
    return pa.record_batch(
        [columns[field.name].cast(field.type) for field in HISTORY_SCHEMA], schema=HISTORY_SCHEMA
    )


def _events(events: Sequence[Event]) -> pa.RecordBatch:
    values = (
        [event.ndas for event in events],
        [event.number for event in events],
        [event.kind for event in events],
        [event.at for event in events],
        [event.reason for event in events],
        [to_json(plainly(event.details)) for event in events],
    )
    arrays = [pa.array(value, field.type) for value, field in zip(values, HISTORY_SCHEMA, strict=True)]
    return pa.record_batch(arrays, schema=HISTORY_SCHEMA)
