"""The records of a registry to files of columns, with their histories beside them; whole or not at all.

All comes from one state of the registry, in one pass; memory does not grow with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from geoaddr.bulk import writers
from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.model import AddressRecord, Event
from geoaddr.model.base import plain
from geoaddr.registry.rows import COLUMNS, row_from_record
from geoaddr.store import Scanned
from geoaddr.stores.rows import to_json

T = TypeVar("T")

TOGETHER = 16_384
"""Records that are held in memory."""

LAYERS = (".parquet", ".gpkg")
"""What records are written to beside CSV."""

GEOMETRY = "geometry"
WGS84 = "EPSG:4326"

_TYPES = {"lat": pa.float64(), "lon": pa.float64(), "issued_on": pa.date32(), "uncertainty_m": pa.float64()}
_SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])

HISTORY_COLUMNS = ("ndas", "number", "kind", "at", "reason", "details")
_HISTORY_SCHEMA = pa.schema([(name, pa.int32() if name == "number" else pa.string()) for name in HISTORY_COLUMNS])


def write_layer(records: Iterable[AddressRecord], path: Path, *, overwrite: bool) -> int:
    """Write records to Parquet, in the columns that a load reads, or as points to a GeoPackage; how many.

    :raises InvalidInput: when the file exists, without ``overwrite``.
    :raises DataError: when it cannot be written.
    """
    refuse_existing("out", path, overwrite=overwrite)
    written = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal written
        for some in _some(records):
            written += len(some)
            yield _batch(some, points=points)

    points = path.suffix.lower() == ".gpkg"
    schema = _SCHEMA.append(pa.field(GEOMETRY, pa.binary())) if points else _SCHEMA
    writers.write(path, schema, counted(), geometry=GEOMETRY if points else None, crs=WGS84 if points else None)
    return written


def _batch(records: Sequence[AddressRecord], *, points: bool) -> pa.RecordBatch:
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
    arrays = [columns[name] for name in COLUMNS]
    if not points:
        return pa.record_batch(arrays, schema=_SCHEMA)
    import shapely

    places = shapely.points([record.point.lon for record in records], [record.point.lat for record in records])
    arrays.append(pa.array(shapely.to_wkb(places), pa.binary()))
    return pa.record_batch(arrays, schema=_SCHEMA.append(pa.field(GEOMETRY, pa.binary())))


class Histories:
    """Writes the events of records that pass, to CSV or Parquet by the file's ending.

    Who made a change is left out, since that may be a person's address; all else is free of personal data.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
        self._held: list[Event] = []
        self.written = 0

    def __enter__(self) -> Histories:
        with _told(self._path):
            if self._path.suffix.lower() == ".parquet":
                self._out = pq.ParquetWriter(self._partial, _HISTORY_SCHEMA, use_dictionary=["kind", "details"])
            else:
                self._out = pacsv.CSVWriter(self._partial, _HISTORY_SCHEMA)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        try:
            with _told(self._path):
                if kind is None:
                    self._flush()
                self._out.close()
                if kind is None:
                    self._partial.replace(self._path)
        finally:
            self._partial.unlink(missing_ok=True)

    def passing(self, scanned: Iterable[Scanned]) -> Iterator[AddressRecord]:
        """The records, whose events are written on the way."""
        for each in scanned:
            self._held.extend(each.events)
            if len(self._held) >= TOGETHER:
                self._flush()
            yield each.record

    def _flush(self) -> None:
        events, self._held = self._held, []
        self.written += len(events)
        values = (
            [event.ndas for event in events],
            [event.number for event in events],
            [event.kind for event in events],
            [event.at for event in events],
            [event.reason for event in events],
            [to_json(plain(event.details)) for event in events],
        )
        arrays = [pa.array(value, field.type) for value, field in zip(values, _HISTORY_SCHEMA, strict=True)]
        with _told(self._path):
            self._out.write_batch(pa.record_batch(arrays, schema=_HISTORY_SCHEMA))


def check_history(path: Path, *, overwrite: bool) -> None:
    """Refuse a file of histories that could not be written. :raises InvalidInput:"""
    if path.suffix.lower() not in (".csv", ".parquet"):
        said = Said("the name must end in .csv or .parquet", "tên tệp phải có đuôi .csv hoặc .parquet")
        raise InvalidInput("history", str(path), said)
    refuse_existing("history", path, overwrite=overwrite)


def refuse_existing(name: str, path: Path, *, overwrite: bool) -> None:
    """:raises InvalidInput: for a file that exists, without ``overwrite``."""
    if path.exists() and not overwrite:
        raise InvalidInput(name, str(path), Said("exists; add --overwrite", "đã có; hãy thêm --overwrite"))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = os_reason(error)
        raise DataError(path, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None


def _some(records: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(records)
    while some := list(islice(waiting, TOGETHER)):
        yield some
