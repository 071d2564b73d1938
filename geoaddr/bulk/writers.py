"""Streams of Arrow record batches to files, by the file's ending; whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from geoaddr.bulk.layers import DRIVERS, Styled, write_layer
from geoaddr.bulk.readers import CSV_ENDINGS, first_line, unknown_ending
from geoaddr.errors import DataError, MissingExtra, Said, os_reason

SOME_ROWS = 8_192
EXCEL_ROWS = 1_048_575
"""What a sheet holds below its header."""
NOT_IN_SHEETS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0, in which sheets are written, has no place for."""


def check_ending(path: Path) -> None:
    """Refuse an output that could not be written, before any work is done.

    :raises DataError: for an ending of no known format.
    """
    ending = path.suffix.lower()
    if ending not in CSV_ENDINGS | {".parquet", ".xlsx"} | DRIVERS.keys():
        raise DataError(path, unknown_ending(ending))


def check_columns(path: Path, schema: pa.Schema) -> None:
    """Refuse columns that an output cannot hold, before any work is done.

    :raises DataError: naming the first of them, for a format of cells whose values are single ones.
    """
    if path.suffix.lower() not in CSV_ENDINGS | {".xlsx"}:
        return
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_nested(kind) or pa.types.is_large_binary(kind) or pa.types.is_duration(kind):
            raise DataError(
                path,
                Said(
                    f"a cell cannot hold its values ({field.type}); write .parquet, or leave the column out",
                    f"một ô không chứa được giá trị của cột này ({field.type}); hãy ghi .parquet hoặc bỏ cột này",
                ),
                column=field.name,
            )


def write(
    path: Path,
    schema: pa.Schema,
    batches: Iterator[pa.RecordBatch],
    *,
    geometry: str | None = None,
    crs: str | None = None,
    styled: Styled | None = None,
) -> None:
    """Write all batches to ``path``; a reader sees no file or the whole one.

    :param geometry: the column of WKB points, for formats that have geometry.
    :param styled: what a GeoPackage's style shows.
    """
    partial = path.with_name(f".{path.name}.partial{path.suffix}")
    partial.unlink(missing_ok=True)
    ending = path.suffix.lower()
    try:
        if ending in CSV_ENDINGS:
            _csv(partial, schema, batches, "\t" if ending == ".tsv" else ",")
        elif ending == ".parquet":
            _parquet(partial, schema, batches)
        elif ending == ".xlsx":
            _excel(partial, schema, batches)
        else:
            write_layer(partial, path.stem, schema, batches, geometry, crs, styled)
        partial.replace(path)
    except OSError as error:
        why = os_reason(error)
        raise DataError(path, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(path, f"cannot be written: {first_line(error)}") from None
    finally:
        partial.unlink(missing_ok=True)


def _parquet(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    first = next(batches, None)
    repeated = [] if first is None else repeating(first)
    numbers = [f.name for f in schema if not (pa.types.is_string(f.type) or pa.types.is_nested(f.type))]
    statistics = [*numbers, *(name for name in repeated if name.endswith("_code"))]
    with pq.ParquetWriter(path, schema, use_dictionary=repeated, write_statistics=statistics) as out:
        for batch in () if first is None else chain([first], batches):
            out.write_batch(batch)


def repeating(batch: pa.RecordBatch) -> list[str]:
    """The columns of texts of which some rows are enough to tell that they say the same things again: a dictionary
    of them pays, and one of codes that are all different takes longer than the codes."""
    some = batch.slice(0, SOME_ROWS)
    texts = [field.name for field in some.schema if pa.types.is_string(field.type)]
    return [name for name in texts if pc.count_distinct(some[name]).as_py() <= some.num_rows / 2]


def _csv(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch], delimiter: str) -> None:
    kept = pa.schema([_printable(f) for f in schema])
    options = pacsv.WriteOptions(delimiter=delimiter, quoting_style="needed")
    with pacsv.CSVWriter(path, kept, write_options=options) as out:
        for batch in batches:
            out.write_batch(pa.record_batch([_hex(batch[i], f) for i, f in enumerate(schema)], schema=kept))


def _printable(field: pa.Field) -> pa.Field:
    return pa.field(field.name, pa.string()) if pa.types.is_binary(field.type) else field


def _hex(column: Any, field: pa.Field) -> Any:
    if not pa.types.is_binary(field.type):
        return column
    return pa.array([None if v is None else v.hex() for v in column.to_pylist()], pa.string())


def _excel(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("excel", "an Excel file") from None
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("geoaddr")
    sheet.append([_text_cell(sheet, name) for name in schema.names])
    count = 0
    for batch in batches:
        count += batch.num_rows
        if count > EXCEL_ROWS:
            raise DataError(path, f"more rows than a sheet holds ({EXCEL_ROWS}); write .csv or .parquet")
        columns = [_single(_hex(c, f)).to_pylist() for c, f in zip(batch.columns, schema, strict=True)]
        for row in zip(*columns, strict=True):
            sheet.append([_text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    book.save(path)


def _single(column: Any) -> Any:
    """A column whose values a sheet has room for: times with a zone, or finer than it counts, are texts there."""
    kind = column.type
    if pa.types.is_timestamp(kind) and (kind.tz is not None or kind.unit == "ns"):
        return column.cast(pa.string())
    return column.cast(pa.string()) if pa.types.is_time64(kind) else column


def _text_cell(sheet: Any, value: str) -> Any:
    """A text as a text, even one that begins with ``=``: no cell of ours is ever a formula. Characters that no
    sheet may hold, such as a NUL, are shown as replaced."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, NOT_IN_SHEETS.sub("\N{REPLACEMENT CHARACTER}", value))
    cell.data_type = "s"
    return cell
