"""Cells of CSV that a quote opened and nothing closed: they swallowed the lines after their own."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.quotes import Quotes, swallowed
from geoaddr.errors import Said

NO_CLOSING_QUOTE = Said(
    "a quote is opened and not closed: {column} holds the next {lines} lines of the file",
    "dấu nháy kép mở mà không đóng: cột {column} chứa luôn {lines} dòng sau của tệp",
)


def unclosed(batch: pa.RecordBatch, lang: str, quotes: Quotes) -> Any:
    """For each row what is wrong with it, or null; ``None`` where nothing is wrong with any.

    :param quotes: those of the file, as far as the rows were read from it.
    """
    if not quotes.any:
        return None
    found: list[str | None] = [None] * batch.num_rows
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pc.any(pc.match_substring(column, "\n")).as_py():
            for row, cell in swallowed(quotes, column.to_pylist()):
                said = NO_CLOSING_QUOTE.in_language(lang)
                found[row] = said.format(column=name, lines=cell.lines)
    return pa.array(found, pa.string())
