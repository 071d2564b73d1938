"""Folders of Parquet files, in partitions or not, as one stream of rows; and a stream of rows as such a folder.

Partitions are named as Hive does: ``province_code=01/part-0.parquet``. The column of a partition is read from the
folders' names, and stands last among the columns.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from geoaddr.bulk.geoparquet import as_wkb, point_column
from geoaddr.errors import SHOWN_CHARACTERS, DataError, InvalidInput, Said

BATCH_ROWS = 65_536
MOST_OPEN = 128
"""Files that are written at once; when more partitions take turns the oldest is closed, and gets a second file."""


def files_of(folder: Path) -> list[Path]:
    """The Parquet files in a folder and the folders in it, by name; what begins with ``.`` or ``_`` is none.

    :raises DataError: when there is none.
    """
    below = (file.relative_to(folder) for file in folder.rglob("*.parquet") if file.is_file())
    found = sorted(folder / name for name in below if not any(part[0] in "._" for part in name.parts))
    if not found:
        raise DataError(folder, Said("a folder without Parquet files", "thư mục không có tệp Parquet nào"))
    return found


class Dataset(NamedTuple):
    """A folder as a table: the schema of all files together, their rows in the order of the files' names, and how
    many there are; where all files state it, the column of their points and its coordinate system."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    rows: int
    geometry: str | None = None
    crs: str | None = None


def open_dataset(folder: Path) -> Dataset:
    """Read a folder.

    :raises DataError: for no file, one that is none of Parquet, columns that are of different types in two, or
        points in different coordinate systems.
    """
    import pyarrow.dataset as ds  # brings pandas along, for which few commands have time

    files = [str(file) for file in files_of(folder)]
    try:
        options: dict[str, Any] = {"format": "parquet", "partitioning": "hive", "partition_base_dir": str(folder)}
        first = ds.dataset(files, **options)
        if codes := _codes(Path(file).relative_to(folder) for file in files):
            options["partitioning"] = ds.partitioning(_of_folders(first, codes), flavor="hive")
            first = ds.dataset(files, **options)
        of_files = [fragment.physical_schema for fragment in first.get_fragments()]
        together = pa.unify_schemas([*of_files, first.schema], promote_options="permissive")
        whole = ds.dataset(files, schema=together, **options)
        batches, rows = whole.to_batches(batch_size=BATCH_ROWS), whole.count_rows()
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(folder, f"cannot be read: {str(error).strip().splitlines()[0]}") from None
    geometry, crs = _points(of_files, folder)
    if geometry is None:
        return Dataset(together, batches, rows)
    declared = as_wkb(together, geometry)
    return Dataset(declared, (pa.record_batch(b.columns, schema=declared) for b in batches), rows, geometry, crs)


def _codes(files: Iterable[Path]) -> set[str]:
    """The columns of partitions that have a value with zeros before it: codes, which are taken for numbers where
    nothing else is said."""
    named = {part.partition("=")[::2] for file in files for part in file.parts[:-1]}
    return {name for name, value in named if value.isascii() and value.isdigit() and value != str(int(value))}


def _of_folders(found: pa.dataset.Dataset, codes: Set[str]) -> pa.Schema:
    """The columns that the names of folders say; ``codes`` are texts."""
    inside = {name for fragment in found.get_fragments() for name in fragment.physical_schema.names}
    outside = [field for field in found.schema if field.name not in inside]
    return pa.schema([field.with_type(pa.string()) if field.name in codes else field for field in outside])


def _points(of_files: Sequence[pa.Schema], folder: Path) -> tuple[str | None, str | None]:
    """The column of points that all files have, and its system.

    :raises DataError: naming the systems, where files state different ones.
    """
    stated = list(dict.fromkeys(point_column(schema, folder) for schema in of_files))
    if len(stated) == 1:
        return stated[0]
    named = [f"{crs or '?'}"[:SHOWN_CHARACTERS] for column, crs in stated if column is not None]
    if len(named) > 1:
        listed = ", ".join(named)
        said = Said(
            f"its files have points in different systems: {listed}", f"các tệp có điểm theo hệ khác nhau: {listed}"
        )
        raise DataError(folder, said)
    return None, None


def check_partitions(out: Path, columns: Sequence[str]) -> None:
    """Refuse an output in partitions that could not be written, before any work is done.

    :raises InvalidInput: for an ending other than that of Parquet, or a folder there that holds other files.
    """
    if not columns:
        return
    if out.suffix.lower() != ".parquet":
        said = Said("partitions are written as .parquet only", "chỉ chia phần được khi ghi .parquet")
        raise InvalidInput("partition_by", ", ".join(columns), said)
    others = (
        [file for file in out.rglob("*") if file.is_file() and file.suffix != ".parquet"] if out.is_dir() else []
    )
    if others or (out.exists() and not out.is_dir()):
        said = Said("is no folder of Parquet files", "không phải thư mục các tệp Parquet")
        raise InvalidInput("out", str(out), said)


def write_dataset(
    folder: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch], partition_by: Sequence[str]
) -> None:
    """Write all batches below ``folder``, a partition for each value of the columns; in a partition their order
    is kept. A reader sees no folder or the whole one.

    :raises InvalidInput: for a column that the output does not have.
    """
    import pyarrow.dataset as ds

    for name in partition_by:
        if name not in schema.names:
            listed = ", ".join(schema.names[:40])
            said = Said(f"no such column; the output has: {listed}", f"không có cột này; kết quả có: {listed}")
            raise InvalidInput("partition_by", name, said)
    partial, old = (folder.with_name(f".{folder.name}.{state}") for state in ("partial", "replaced"))
    for left in (partial, old):
        shutil.rmtree(left, ignore_errors=True)
    try:
        ds.write_dataset(
            pa.RecordBatchReader.from_batches(schema, batches),
            partial,
            format="parquet",
            partitioning=ds.partitioning(pa.schema([schema.field(name) for name in partition_by]), flavor="hive"),
            use_threads=False,
            max_open_files=MOST_OPEN,
        )
        partial.mkdir(exist_ok=True)  # of no rows no file is written
        if folder.exists():
            folder.replace(old)
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
