"""Rows of CSV with a cell that a quote opened and nothing closed: it swallowed the lines after its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from geoaddr.errors import Said

NO_CLOSING_QUOTE = Said(
    "a quote is opened and not closed: {column} holds the next {lines} lines of the file",
    "dấu nháy kép mở mà không đóng: cột {column} chứa luôn {lines} dòng sau của tệp",
)


def unclosed(batch: pa.RecordBatch, cells: Mapping[int, int], lang: str) -> Any:
    """For each row what is wrong with it, or null; ``None`` where nothing is wrong with any.

    :param cells: by the place of a row in the batch, which of the row's cells with a line feed swallowed lines.
    """
    if not cells:
        return None
    taken = batch.take(pa.array(cells))
    texts = [
        (name, column.to_pylist())
        for name, column in zip(batch.schema.names, taken.columns, strict=True)
        if pa.types.is_string(column.type)
    ]
    found: list[str | None] = [None] * batch.num_rows
    for at, (row, nth) in enumerate(cells.items()):
        long = [(name, values[at]) for name, values in texts if "\n" in (values[at] or "")]
        for column, value in long[nth : nth + 1]:
            lines = value.rstrip("\r\n").count("\n")  # what nothing closes has the end of its last line, too
            if lines:
                found[row] = NO_CLOSING_QUOTE.in_language(lang).format(column=column, lines=lines)
    return pa.array(found, pa.string())
