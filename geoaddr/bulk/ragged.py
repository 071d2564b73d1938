"""Rows of CSV with too few or too many fields, or with the lines after them in a cell: kept at their places, each
with what is wrong with it."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from geoaddr.bulk.columns import new_names
from geoaddr.bulk.quotes import Quotes
from geoaddr.bulk.unclosed import unclosed
from geoaddr.errors import Said

HEADER_AND_FIRST = 2
"""The reader counts rows from 1, and the header is one."""


MOST_TOGETHER = 16_384
"""Rows of another width that are taken apart at once."""
MOST_HELD = 2_000_000
"""Rows of another width, one after another, that the reader runs through to reach a sound one. More mean that the
header belongs to another file."""


class Ragged(NamedTuple):
    """A row of another width: which of the rows below the header it is, from 0, and its text."""

    place: int
    text: str


class RaggedRows:
    """Takes the rows that a reader of CSV cannot fit under the header, and puts them back where they stood.

    The reader hands them over while it reads the block that they stand in, so that no more are held than stand
    in the blocks that it is ahead. Fields beyond the header have no column; the message repeats them in full.
    """

    def __init__(self, names: Sequence[str], delimiter: str, lang: str, quotes: Quotes) -> None:
        """:param quotes: those of the same file, read beside the reader."""
        self._names, self._delimiter, self._lang, self._quotes = list(names), delimiter, lang, quotes
        self.column = new_names(["ragged"], names)[0]
        """The column of the woven batches that says what is wrong with a row; null in all others."""
        self._held: deque[Ragged] = deque()

    def take(self, row: Any) -> str:
        """The reader's ``invalid_row_handler``."""
        if len(self._held) >= MOST_HELD:
            return "error"
        self._held.append(Ragged(row.number - HEADER_AND_FIRST, row.text))
        return "skip"

    def woven(self, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The reader's ``batches`` of a file's ``schema`` with the rows that it left out, and their column."""
        wider = schema.append(pa.field(self.column, pa.string()))
        at = 0
        for batch in batches:
            for rows in self._alone(at, batch.num_rows):
                yield self._with(batch[:0], rows, at, wider)
                at += len(rows)
            rows = self._before(at + batch.num_rows)
            yield self._with(batch, rows, at, wider, self._unclosed(batch, rows, at))
            at += batch.num_rows + len(rows)
        for rows in self._alone(at, 0):
            yield self._with(pa.RecordBatch.from_pylist([], schema), rows, at, wider)
            at += len(rows)

    def _alone(self, at: int, sound: int) -> Iterator[list[Ragged]]:
        """The rows that stand from place ``at`` on without a sound one among them, as many together as are taken
        apart at once; before ``sound`` rows only whole such lots, the rest goes with those."""
        while len(self._held) >= MOST_TOGETHER or (self._held and not sound):
            lot = min(MOST_TOGETHER, len(self._held))
            if self._held[lot - 1].place != at + lot - 1:
                return
            yield [self._held.popleft() for _ in range(lot)]
            at += lot

    def _before(self, end: int) -> list[Ragged]:
        """The rows that stand among others, which without them would end before place ``end``."""
        rows: list[Ragged] = []
        while self._held and self._held[0].place < end + len(rows):
            rows.append(self._held.popleft())
        return rows

    def _unclosed(self, batch: pa.RecordBatch, rows: list[Ragged], at: int) -> Any:
        """What is wrong with rows of a batch that have the right width; from place ``at`` on ``rows`` stand among
        them."""
        others = [row.place for row in rows]
        cells: dict[int, int] = {}
        for row, nth in self._quotes.until(at + batch.num_rows + len(rows)):
            before = bisect_left(others, row)
            if row >= at and others[before : before + 1] != [row]:
                cells.setdefault(row - at - before, nth)
        return unclosed(batch, cells, self._lang)

    def _with(
        self, batch: pa.RecordBatch, rows: list[Ragged], at: int, schema: pa.Schema, wrong: Any = None
    ) -> pa.RecordBatch:
        wrong = pa.nulls(batch.num_rows, pa.string()) if wrong is None else wrong
        good = pa.record_batch([*batch.columns, wrong], schema=schema)
        if not rows:
            return good
        width = len(self._names)
        taken = [self._fields(row.text) for row in rows]
        cells = [(*fields[:width], *[None] * (width - len(fields)), self._why(fields)) for fields in taken]
        bad = pa.record_batch(
            [pa.array(column, pa.string()) for column in zip(*cells, strict=True)], schema=schema
        )
        order = np.arange(good.num_rows + len(rows))
        ragged = np.zeros(len(order), bool)
        ragged[[row.place - at for row in rows]] = True
        order[~ragged], order[ragged] = order[: good.num_rows].copy(), order[good.num_rows :].copy()
        both = pa.Table.from_batches([good, bad]).take(pa.array(order))
        return pa.record_batch([column.combine_chunks() for column in both.columns], schema=schema)

    def _fields(self, text: str) -> list[str]:
        try:
            return next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
        except csv.Error:  # a field longer than it reads, or a NUL
            return text.split(self._delimiter)

    def _why(self, fields: list[str]) -> str:
        wanted, found = len(self._names), len(fields)
        said = Said(
            f"this row has {found} fields, the header {wanted}", f"dòng này có {found} ô, dòng đầu có {wanted}"
        )
        if found > wanted:
            written = io.StringIO(newline="")
            csv.writer(written, delimiter=self._delimiter).writerow(fields[wanted:])
            rest = written.getvalue().removesuffix("\r\n")
            said = Said(f"{said.en}; left over: {rest}", f"{said.vi}; phần thừa: {rest}")
        return said.in_language(self._lang)
