"""Whether a file was written to its end.

GDAL writes the last part of a file when it closes it, and pyogrio does not hear of a disk that is full by then.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

CUT_SHORT = "the end of the file is missing; is the disk full?"

_TAIL_BYTES = 64


def check_geojson(path: Path) -> None:
    """:raises RuntimeError: for a text that does not end where its first bracket closes."""
    with path.open("rb") as file:
        file.seek(-min(_TAIL_BYTES, path.stat().st_size), os.SEEK_END)
        tail = file.read().split()
    if tail[-2:] != [b"]", b"}"]:
        raise RuntimeError(CUT_SHORT)


def check_geopackage(path: Path, index: str, rows: int) -> None:
    """:param index: its spatial index, which GDAL makes last, a row for each of the layer's ``rows``.
    :raises RuntimeError: for a database with pages that are missing or damaged, or without its index.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            indexed = database.execute(f'SELECT count(*) FROM "{index}"').fetchone()  # noqa: S608  # our own name
    except sqlite3.DatabaseError:
        raise RuntimeError(CUT_SHORT) from None
    if not sound or indexed != (rows,):
        raise RuntimeError(CUT_SHORT)
