"""Files of existing records: what ``registry load`` reads and ``registry export`` writes."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from geoaddr.bulk.readers import CSV_ENDINGS, Source, open_source
from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.registry import Registry
from geoaddr.registry.rows import COLUMNS, REQUIRED
from geoaddr.store import Piece

_SQLITE = b"SQLite format 3\0"


@contextmanager
def load_batches(path: Path, progress: Callable[[int, int | None], None]) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of a file in batches, read as they are asked for.

    :raises DataError: a file that cannot be read, a column that records do not have, or a required one
        that the file lacks; before any row.
    """
    with open_source(path) as source:
        _check_columns(path, source.schema.names)
        yield _shown(source, progress)


def export_files(registry: Registry, out: Path, history: Path | None, *, overwrite: bool) -> dict[str, str | int]:
    """Write a registry's records to a file by its ending, and its histories to another; what was written.

    :raises InvalidInput: for an ending of no format that is written here, or a file that exists, without
        ``overwrite``.
    :raises DataError: when a file cannot be written.
    """
    from geoaddr.exporting import histories, record_columns, records

    def write(pieces: Iterable[Piece]) -> int:
        if out.suffix.lower() in records.LAYERS:
            return records.write_layer(pieces, out, overwrite=overwrite)
        return write_rows(COLUMNS, _rows(record_columns.batches(pieces)), out, overwrite=overwrite)

    if history is None:
        return {"file": str(out), "records": write(registry.store.pieces(history=False))}
    histories.check_history(history, overwrite=overwrite)
    with histories.Histories(history) as events:
        written = write(events.passing(registry.store.pieces()))
    return {"file": str(out), "records": written, "history": str(history), "events": events.written}


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[object, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], path: Path, *, overwrite: bool) -> int:
    """Write rows of the values of ``columns`` as CSV, whole or not at all; how many. Nothing is asked of ``rows``
    before the file can be made. What is ``None`` is left blank.

    The ending of ``path`` says the delimiter: a tab for ``.tsv``, a comma for ``.csv`` and ``.txt``.

    :raises InvalidInput: when the ending is another one, or the file exists, without ``overwrite``.
    :raises DataError: when it cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in CSV_ENDINGS:
        raise InvalidInput(
            "out",
            str(path),
            Said(
                "not a format that is written here: the name must end in .csv, .tsv or .txt",
                "không phải định dạng ghi ở đây: tên tệp phải có đuôi .csv, .tsv hoặc .txt",
            ),
        )
    if path.exists() and not overwrite:
        raise InvalidInput("out", str(path), Said("exists; add --overwrite", "đã có; hãy thêm --overwrite"))
    if _is_database(path):
        raise InvalidInput(
            "out", str(path), Said("a database, not a CSV file", "là cơ sở dữ liệu, không phải tệp CSV")
        )
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("x", encoding="utf-8", newline="") as out:
            written = _write(columns, rows, out, "\t" if ending == ".tsv" else ",")
        partial.replace(path)
    except OSError as error:
        why = os_reason(error)
        raise DataError(path, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None
    finally:
        partial.unlink(missing_ok=True)
    return written


def _is_database(path: Path) -> bool:
    """Whether a registry may stand there, such as the one that is being exported."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _check_columns(path: Path, names: list[str]) -> None:
    for name in names:
        if name not in COLUMNS:
            raise DataError(
                path, Said("not a column of records", "không phải cột của bản ghi"), line=1, column=name
            )
    for name in REQUIRED:
        if name not in names:
            raise DataError(path, Said(f"the column {name} is missing", f"thiếu cột {name}"))


def _shown(source: Source, progress: Callable[[int, int | None], None]) -> Iterator[pa.RecordBatch]:
    number = 0
    for batch in source.batches:
        yield batch
        number += batch.num_rows
        progress(number, source.rows)


def _write(columns: Sequence[str], rows: Iterable[Sequence[object]], out: TextIO, delimiter: str) -> int:
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    written = 0
    for row in rows:
        writer.writerow(row)
        written += 1
    return written
