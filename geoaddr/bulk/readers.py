"""Files as streams of Arrow record batches, whatever their format, with every column and row kept."""

from __future__ import annotations

import csv
import io
import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from geoaddr.bulk.datasets import open_dataset
from geoaddr.bulk.geoparquet import as_wkb, point_column
from geoaddr.bulk.quotes import Quotes
from geoaddr.bulk.ragged import RaggedRows
from geoaddr.bulk.sheets import open_sheet
from geoaddr.errors import DataError, Said, os_reason
from geoaddr.text.encodings import not_utf8

DELIMITERS = ",;\t|"
SNIFFED_BYTES = 64 * 1024
CSV_BLOCK_BYTES = 1 << 20
"""Read at once; a row must fit."""
QUOTES_BLOCK_BYTES = 1 << 18
"""Looked at together for quotes."""
PIECE_ROWS = 65_536
"""As many rows as are held to be answered together, and read at once from Parquet unless they are large."""
MOST_HELD_BYTES = 1 << 30
"""What those rows may take."""
PROBED_ROWS = 64
"""Rows of a group of Parquet that tell how large its rows are: a value that many share is stored once, so a small
file may hold any amount."""
RAGGED = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")
"""How the reader of CSV says that a row is too short or too long."""

CSV_ENDINGS = frozenset({".csv", ".tsv", ".txt"})
_EMPTY = Said("the file is empty", "tệp rỗng")
_LONG_ROW = Said(
    "a row is longer than a megabyte; perhaps a quotation mark is opened and never closed",
    "có dòng dài hơn một megabyte; có thể một dấu ngoặc kép mở ra mà không đóng lại",
)
_LARGE_ROWS = Said(
    "its rows are too large: 65,536 of them take more than a gibibyte",
    "các dòng quá lớn: 65.536 dòng chiếm hơn một gibibyte",
)
_OTHER_FORMAT = Said(
    "cannot be read: it is not of the format that its ending names",
    "không đọc được: nội dung không đúng định dạng mà đuôi tệp nêu",
)
STYLES = "layer_styles"
"""The table of a GeoPackage that holds how QGIS shows the others."""

VECTOR_ENDINGS = frozenset({".gpkg", ".geojson", ".json", ".shp", ".fgb"})


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: its schema, its batches, its number of rows where known, its geometry column.

    ``ragged``: a column that the batches have beside those of the schema, for what is wrong with the width of a
    row; null for sound ones.
    """

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    rows: int | None
    geometry: str | None = None
    crs: str | None = None
    ragged: str | None = None

    @property
    def read(self) -> pa.Schema:
        """The schema of the batches."""
        return self.schema if self.ragged is None else self.schema.append(pa.field(self.ragged, pa.string()))


@contextmanager
def open_source(path: Path, *, ragged: str | None = None) -> Iterator[Source]:
    """Open a file by its ending: CSV (comma, semicolon, tab or bar; BOM), Parquet, GeoPackage, GeoJSON, Excel; a
    folder as one of Parquet files.

    :param ragged: keep rows of CSV of another width than the header, and say in this language, ``en`` or ``vi``,
        what is wrong with them; without it they are an error.
    :raises DataError: when it is missing, of no known ending, empty or broken.
    """
    if not path.exists():
        raise DataError(path, Said("no such file", "không có tệp này"))
    with ExitStack() as stack:
        try:
            source = _opened(path, ragged, stack)
        except (pa.ArrowInvalid, OSError) as error:
            raise _unreadable(path, error) from None
        yield replace(source, batches=_told(path, source.batches))


def _opened(path: Path, ragged: str | None, stack: ExitStack) -> Source:
    ending = path.suffix.lower()
    if path.is_dir():
        return Source(*open_dataset(path))
    if ending not in CSV_ENDINGS | VECTOR_ENDINGS | {".parquet", ".xlsx"}:
        raise DataError(path, unknown_ending(ending))
    if not path.stat().st_size:
        raise DataError(path, _EMPTY)
    if ending in CSV_ENDINGS:
        return _csv(path, ragged)
    if ending == ".parquet":
        return _parquet(path, pq.ParquetFile(path))
    if ending in VECTOR_ENDINGS:
        return stack.enter_context(_vector(path))
    return Source(*open_sheet(path))


def _told(path: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same batches; what is wrong with the file on the way is said of the file."""
    rows = held = 0
    try:
        for batch in batches:
            rows, held = rows + batch.num_rows, held + batch.nbytes
            if held > MOST_HELD_BYTES:
                raise DataError(path, _LARGE_ROWS)
            if rows >= PIECE_ROWS:
                rows = held = 0
            yield batch
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(path, error) from None
    except MemoryError:
        raise DataError(path, _LARGE_ROWS) from None


def _unreadable(path: Path, error: pa.ArrowInvalid | OSError) -> DataError:
    ragged = RAGGED.search(str(error))
    if "invalid UTF8" in str(error) and path.suffix.lower() in CSV_ENDINGS:
        return other_encoding(path)
    if "straddling object" in str(error):
        return DataError(path, _LONG_ROW)
    if isinstance(error, OSError):
        why = os_reason(error)
        return DataError(path, Said(f"cannot be read: {first_line(OSError(why.en))}", f"không đọc được: {why.vi}"))
    if ragged is None:
        return DataError(path, f"cannot be read: {first_line(error)}")
    row, wanted, found = map(int, ragged.groups())
    return DataError(
        path,
        Said(
            f"this row has {found} columns, the header {wanted}", f"dòng này có {found} cột, dòng đầu có {wanted}"
        ),
        line=row,
    )


def other_encoding(path: Path) -> DataError:
    """What is said of a file of text that is not UTF-8: read once more, to tell where and what it may be."""
    with path.open("rb") as raw:
        found = not_utf8(iter(partial(raw.read, CSV_BLOCK_BYTES), b""))
    if found is None:
        return DataError(path, Said("not UTF-8", "không phải UTF-8"))
    said, form = found.said, "CSV UTF-8" if path.suffix.lower() in CSV_ENDINGS else "UTF-8"
    return DataError(
        path, Said(f"{said.en}; save it as '{form}'", f"{said.vi}; hãy lưu dạng '{form}'"), line=found.line
    )


def unknown_ending(ending: str) -> Said:
    """The sentence about a file format that is not one of ours."""
    known = ".csv, .parquet, .gpkg, .geojson, .xlsx"
    return Said(
        f"no format is known for '{ending}'; use {known}", f"không biết định dạng '{ending}'; hãy dùng {known}"
    )


def first_line(error: Exception) -> str:
    """An error of a library as one line."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _csv(path: Path, lang: str | None) -> Source:
    with path.open("rb") as raw:
        head = raw.read(SNIFFED_BYTES)
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            raise other_encoding(path) from None
        text = head[: error.start].decode("utf-8-sig")
    if b"\0" in head and (found := not_utf8([head])) and found.encoding == "UTF-16":  # without a mark
        raise other_encoding(path)
    if not text.strip():
        raise DataError(path, _EMPTY)
    whole, text = text, text.lstrip("\r\n")
    before = whole[: len(whole) - len(text)]
    first = text.splitlines()[0]
    if len(first) == len(text) and len(head) == SNIFFED_BYTES:
        raise DataError(path, _LONG_ROW)
    delimiter = max(DELIMITERS, key=first.count)
    names = next(csv.reader([first], delimiter=delimiter))
    blank_rows = len(names) <= 1
    quotes = Quotes(_blocks(path, len(before)), delimiter, blank_rows=blank_rows)
    rows = None if lang is None else RaggedRows(names, delimiter, lang, quotes)
    header_alone = len(first) == len(text)  # without the end of its line, which the reader wants
    reader = pacsv.open_csv(
        pa.BufferReader(head + b"\n") if header_alone else pa.PythonFile(_WholeLineEnds(path), "r"),
        read_options=pacsv.ReadOptions(
            use_threads=False, block_size=CSV_BLOCK_BYTES, skip_rows=len(before.splitlines()) if blank_rows else 0
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=not blank_rows,
            invalid_row_handler=rows and rows.take,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    if rows is None:
        return Source(reader.schema, iter(reader), None)
    return Source(reader.schema, rows.woven(iter(reader), reader.schema), None, ragged=rows.column)


def _parquet(path: Path, file: pq.ParquetFile) -> Source:
    schema, rows = file.schema_arrow, file.metadata.num_rows
    geometry, crs = point_column(schema, path)
    if geometry is None:
        return Source(schema, _row_groups(file), rows)
    schema = as_wkb(schema, geometry)
    batches = (pa.record_batch(batch.columns, schema=schema) for batch in _row_groups(file))
    return Source(schema, batches, rows, geometry, crs)


class _WholeLineEnds(io.FileIO):
    """A file read in pieces of which none ends between the two characters of a line's end: Arrow takes the second,
    at the beginning of a block, for one that it has seen, and leaves it out, even of a quoted cell."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size) or b""
        if len(found) > 1 and found.endswith(b"\r"):
            self.seek(-1, os.SEEK_CUR)
            found = found[:-1]
        return found


def _blocks(path: Path, before: int) -> Iterator[bytes]:
    """A file's bytes behind its byte order mark and so many bytes. Opened anew: Arrow reads the other one in a
    thread of its own."""
    with path.open("rb") as raw:
        if raw.read(len(BOM_UTF8)) != BOM_UTF8:
            raw.seek(0)
        raw.read(before)
        while block := raw.read(QUOTES_BLOCK_BYTES):
            yield block


def _row_groups(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """All rows, as many at once as do not take much."""
    for group in range(file.num_row_groups):
        first = next(file.iter_batches(PROBED_ROWS, row_groups=[group]), None)
        if first is None or not first.num_rows:
            continue
        fit = int(MOST_HELD_BYTES / 8 / max(1.0, first.nbytes / first.num_rows))
        yield from file.iter_batches(max(1, min(PIECE_ROWS, fit)), row_groups=[group])


@contextmanager
def _vector(path: Path) -> Iterator[Source]:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path) if name != STYLES]
        layer = layers[0] if layers else None
        info = pyogrio.read_info(path, layer=layer)
        with pyogrio.raw.open_arrow(path, layer=layer, use_pyarrow=True) as (meta, reader):
            geometry = meta["geometry_name"] or "wkb_geometry"
            geometry = geometry if geometry in reader.schema.names else None
            yield Source(reader.schema, iter(reader), int(info["features"]), geometry, meta["crs"])
    except DataSourceError as error:
        if "not recognized" in str(error):
            raise DataError(path, _OTHER_FORMAT) from None
        raise DataError(path, f"cannot be read: {first_line(error)}") from None
