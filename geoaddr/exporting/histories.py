"""The histories of a registry to a file of columns; whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.exporting.record_columns import HISTORY_SCHEMA, events_of
from geoaddr.exporting.records import refuse_existing
from geoaddr.store import Piece


class Histories:
    """Writes the events of records that pass, to CSV or Parquet by the file's ending.

    Who made a change is left out, since that may be a person's address; all else is free of personal data.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
        self.written = 0

    def __enter__(self) -> Histories:
        with _told(self._path):
            if self._path.suffix.lower() == ".parquet":
                self._out = pq.ParquetWriter(self._partial, HISTORY_SCHEMA, use_dictionary=["kind", "details"])
            else:
                self._out = pacsv.CSVWriter(self._partial, HISTORY_SCHEMA)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        try:
            with _told(self._path):
                self._out.close()
                if kind is None:
                    self._partial.replace(self._path)
        finally:
            self._partial.unlink(missing_ok=True)

    def passing(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The pieces, whose events are written on the way."""
        for piece in pieces:
            batch = events_of(piece)
            with _told(self._path):
                self._out.write_batch(batch)
            self.written += batch.num_rows
            yield piece


def check_history(path: Path, *, overwrite: bool) -> None:
    """Refuse a file of histories that could not be written. :raises InvalidInput:"""
    if path.suffix.lower() not in (".csv", ".parquet"):
        said = Said("the name must end in .csv or .parquet", "tên tệp phải có đuôi .csv hoặc .parquet")
        raise InvalidInput("history", str(path), said)
    refuse_existing("history", path, overwrite=overwrite)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = os_reason(error)
        raise DataError(path, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None
