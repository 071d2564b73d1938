"""Reading the text tables of a data folder: sums checked against the manifest, corrections applied.

A table is a CSV file whose header names the columns. A correction is a row of ``corrections.csv`` that
names a table, a row by its key, a column, the value that stands and the value that should: the source's
text stays as it came, and a correction that no longer fits its source is an error, not a shrug.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoaddr.errors import DataError, Said

ROW = "(row)"
"""In a correction's ``column``: the row as a whole, ``present`` or ``absent``."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its fields by column, and where it stands."""

    file: Path
    number: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]

    def error(self, en: str, vi: str, column: str | None = None) -> DataError:
        """An error that points at this row."""
        return DataError(self.file, Said(en, vi), line=self.number, column=column)


class DataFolder:
    """The text tables under ``folder / "sources"``, with the manifest beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sums = {
            line["file"]: line["sha256"] for line in self._read(folder / "manifest.csv", ("file", "sha256"), "")
        }
        self._corrections: dict[str, list[Line]] = {}
        if (folder / "sources" / "corrections.csv").exists():
            for line in self.table("corrections.csv", ("file", "key", "column", "old", "new", "reason", "source")):
                self._corrections.setdefault(line["file"], []).append(line)

    def table(self, name: str, columns: Sequence[str], key: Sequence[str] = ()) -> list[Line]:
        """The rows of ``sources/name``, corrected.

        :param columns: the columns that must be there.
        :param key: the columns whose values, joined by ``/``, name a row for corrections.
        :raises DataError: for a file that is missing, altered, not NFC, or not of this shape.
        """
        path = self.folder / "sources" / name
        lines = list(self._read(path, columns, self._sums.get(f"sources/{name}")))
        return _correct(lines, self._corrections_of(name), key, path) if key else lines

    def _corrections_of(self, name: str) -> list[Line]:
        return self._corrections.get(name, [])

    def _read(self, path: Path, columns: Sequence[str], sha256: str | None = "") -> Iterator[Line]:
        """Rows of a file; ``sha256`` is ``""`` where no sum is kept and ``None`` where one is missing."""
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except FileNotFoundError:
            raise DataError(path, Said("no such file", "không có tệp này")) from None
        except UnicodeDecodeError:
            raise DataError(path, Said("not UTF-8 text", "không phải văn bản UTF-8")) from None
        if sha256 is None:
            raise DataError(path, Said("not listed in the manifest", "không có trong bản kê"))
        if sha256 and hashlib.sha256(content).hexdigest() != sha256:
            raise DataError(
                path,
                Said(
                    "not the file that the manifest describes: its SHA-256 differs",
                    "không phải tệp mà bản kê mô tả: mã SHA-256 khác",
                ),
            )
        if not unicodedata.is_normalized("NFC", text):
            raise DataError(path, Said("the text is not in NFC", "văn bản không ở dạng NFC"))
        return rows(path, text, columns)


def rows(path: Path, text: str, columns: Sequence[str]) -> Iterator[Line]:
    """The rows of a table as text.

    :raises DataError: without one of the columns, or a row of another length than the header.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    missing = [c for c in columns if c not in (reader.fieldnames or ())]
    if missing:
        listed = ", ".join(missing)
        raise DataError(path, Said(f"columns are missing: {listed}", f"thiếu cột: {listed}"), line=1)
    for fields in reader:
        if None in fields or None in fields.values():
            raise DataError(
                path,
                Said("more or fewer fields than the header", "số trường khác với dòng tiêu đề"),
                line=reader.line_num,
            )
        yield Line(path, reader.line_num, fields)


def _correct(lines: list[Line], corrections: list[Line], key: Sequence[str], path: Path) -> list[Line]:
    rows = {"/".join(line[c] for c in key): line for line in lines}
    if len(rows) != len(lines):
        raise DataError(path, Said("two rows have the same key", "hai dòng có cùng khóa"), column="/".join(key))
    for change in corrections:
        at, column, old, new = change["key"], change["column"], change["old"], change["new"]
        found = rows.get(at)
        if column == ROW and old == "absent" and found is None:
            fields = dict.fromkeys(lines[0].fields, "") | dict(zip(key, at.split("/"), strict=True))
            rows[at] = Line(change.file, change.number, fields | _named(change))
        elif column == ROW and new == "absent" and found is not None:
            del rows[at]
        elif found is not None and found.fields.get(column) == old:
            rows[at] = Line(found.file, found.number, {**found.fields, column: new})
        else:
            raise change.error(
                "the row or value to correct is not there", "không có dòng hoặc giá trị cần sửa", "key"
            )
    return list(rows.values())


def _named(change: Line) -> dict[str, str]:
    """The fields of an added row, written ``column=value; column=value``."""
    pairs = (part.partition("=") for part in change["new"].split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
