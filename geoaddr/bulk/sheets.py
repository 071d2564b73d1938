"""Sheets of Excel as streams of Arrow record batches.

A sheet is gone through twice, row by row: first to learn its width and what its columns hold, then to read them.
What is held is a batch of rows and the texts that the workbook shares between its cells. A workbook is an archive,
of which a small one may unpack to anything: what no sheet of people's is like is refused before it is unpacked.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import ParseError

import pyarrow as pa

from geoaddr.errors import DataError, MissingExtra, Said

MOST_ROWS = 1_048_576
"""Rows of a sheet, by the specification of Excel."""
BATCH_ROWS = 16_384
MOST_RATIO = 100
"""How many times its size an archive's member may unpack to; Apache POI refuses the same."""
FREE_BYTES = 16 * 2**20
"""What a member may unpack to whatever its ratio, and a row of a sheet take."""
MOST_SHARED_BYTES = 512 * 2**20
"""What all members but the sheets may unpack to; texts that cells share are held in memory."""
SHEETS = "worksheets/"
_ROW_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?row\s*>|<(?:[A-Za-z_][\w.-]*:)?row\b[^<>]*/>")
_LONGEST_TAG = 256
_BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, IndexError, EOFError, OverflowError)
"""What the reader of sheets raises for broken ones."""
_TOO_LARGE = Said(
    "unpacks to far more than a sheet of its size holds; save it anew, or as CSV",
    "giải nén ra lớn hơn nhiều so với bảng tính cỡ này; hãy lưu lại, hoặc lưu dạng CSV",
)
_TOO_LONG = Said("more rows than a sheet holds (1,048,576)", "nhiều dòng hơn một bảng tính chứa được (1.048.576)")


class Sheet(NamedTuple):
    """The first sheet of a workbook: its schema, its batches, its number of rows below the header."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    rows: int


def open_sheet(path: Path) -> Sheet:
    """The first sheet of a workbook; the first row is the header. Formulas have the values that were last saved.

    A column is of numbers when all its cells are, else of texts as they would be typed.

    :raises MissingExtra: without openpyxl.
    :raises DataError: for what is no workbook, empty, broken, or too large to be one.
    """
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise MissingExtra("excel", "an Excel file") from None
    try:
        _check_archive(path)
        sheets = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets
    except DataError:  # which is a ValueError too
        raise
    except (*_BROKEN, InvalidFileException) as error:
        raise _unreadable(path, error) from None
    if not sheets:
        raise DataError(path, Said("the workbook has no sheet of cells", "sổ tính không có bảng nào"))
    sheet = sheets[0]
    sheet.reset_dimensions()  # a sheet may state any
    names, kinds, rows = _surveyed(path, sheet)
    schema = pa.schema([*zip(names, kinds, strict=True)])
    return Sheet(schema, _batches(path, sheet, schema), rows)


def _check_archive(path: Path) -> None:
    """:raises DataError: when it unpacks to what no sheet is like."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        others = sum(member.file_size for member in members if SHEETS not in member.filename)
        dense = any(m.file_size > max(FREE_BYTES, MOST_RATIO * m.compress_size) for m in members)
        if dense or others > MOST_SHARED_BYTES:
            raise DataError(path, _TOO_LARGE)
        for member in members:
            if SHEETS in member.filename and member.file_size > FREE_BYTES:
                with archive.open(member) as unpacked:
                    _check_rows(path, unpacked)


def _check_rows(path: Path, unpacked: IO[bytes]) -> None:
    """:raises DataError: when a row is too long to be held."""
    since, rest = 0, b""
    while block := unpacked.read(2**20):
        seen = rest + block
        ends = [match.end() for match in _ROW_END.finditer(seen)]
        since = len(seen) - ends[-1] if ends else since + len(block)
        if since > FREE_BYTES:
            raise DataError(path, _TOO_LARGE)
        rest = seen[max(len(seen) - _LONGEST_TAG, ends[-1] if ends else 0) :]


def _rows(path: Path, sheet: Any) -> Iterator[tuple[Any, ...]]:
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            if number >= MOST_ROWS:
                raise DataError(path, _TOO_LONG)
            yield row
    except DataError:
        raise
    except _BROKEN as error:
        raise _unreadable(path, error) from None


def _surveyed(path: Path, sheet: Any) -> tuple[list[str], list[pa.DataType], int]:
    """The names and types of a sheet's columns, and how many rows stand below the header."""
    rows = _rows(path, sheet)
    header = next(rows, None)
    if header is None:
        raise DataError(path, Said("the file is empty", "tệp rỗng"))
    names = ["" if name is None else str(name) for name in header]
    found: list[set[type]] = [set() for _ in names]
    count = 0
    for row in rows:
        count += 1
        for at, value in enumerate(row):
            if value is None:
                continue
            while at >= len(found):  # cells beyond the header are kept under no name
                names.append("")
                found.append(set())
            found[at].add(_kind(value))
    return names, [_column_type(kinds) for kinds in found], count


def _kind(value: Any) -> type:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str
    if isinstance(value, int):
        return int if -(2**63) <= value < 2**63 else str
    return float


def _column_type(kinds: set[type]) -> pa.DataType:
    if not kinds or str in kinds:
        return pa.string()
    return pa.float64() if float in kinds else pa.int64()


def _batches(path: Path, sheet: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    rows = _rows(path, sheet)
    next(rows)
    width, held = len(schema), []
    for row in rows:
        held.append((*row, *[None] * (width - len(row)))[:width])
        if len(held) == BATCH_ROWS:
            yield _batch(held, schema)
            held = []
    if held:
        yield _batch(held, schema)


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        pa.array([None if value is None else _cast(value, field.type) for value in column], field.type)
        for field, column in zip(schema, zip(*rows, strict=True), strict=True)
    ]
    return pa.record_batch(columns, schema=schema)


def _cast(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return str(value)
    return float(value) if pa.types.is_floating(kind) else value


def _unreadable(path: Path, error: Exception) -> DataError:
    why = str(error).strip().splitlines()
    said = Said(
        f"cannot be read: {why[0] if why else type(error).__name__}",
        "không đọc được: sổ tính Excel bị hỏng hoặc sai dạng",
    )
    return DataError(path, said)
