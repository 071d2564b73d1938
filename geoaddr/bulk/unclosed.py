"""Cells of CSV that a quote opened and nothing closed: they swallowed the lines after their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.errors import Said

QUOTE = '"'
NO_CLOSING_QUOTE = Said(
    "a quote is opened and not closed: {column} holds the next {lines} lines of the file",
    "dấu nháy kép mở mà không đóng: cột {column} chứa luôn {lines} dòng sau của tệp",
)


def with_last(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, bool]]:
    """The batches, and of each whether it is the last."""
    held: pa.RecordBatch | None = None
    for batch in batches:
        if held is not None:
            yield held, False
        held = batch
    if held is not None:
        yield held, True


def unclosed(batch: pa.RecordBatch, lang: str, *, odd_at_end: bool) -> Any:
    """For each row what is wrong with it, or null.

    A reader takes what stands between the next two quotes as it is, so that a cell which swallowed lines has line
    breaks and a quote without its fellow; what nothing closes runs to the end of the file.

    :param odd_at_end: whether these are the last rows of a file with an odd number of quotes.
    """
    found: list[str | None] = [None] * batch.num_rows
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        lines = pc.fill_null(pc.count_substring(column, "\n"), 0)
        if not pc.any(pc.greater(lines, 0)).as_py():
            continue
        odd = pc.equal(pc.bit_wise_and(pc.fill_null(pc.count_substring(column, QUOTE), 0), 1), 1)
        wrong = pc.and_(pc.greater(lines, 0), odd).to_pylist()
        if odd_at_end and (column[-1].as_py() or "").endswith("\n"):
            wrong[-1] = True
        for row in (at for at, is_wrong in enumerate(wrong) if is_wrong):
            said = NO_CLOSING_QUOTE.in_language(lang)
            found[row] = said.format(column=name, lines=lines[row].as_py())
    return pa.array(found, pa.string())
