"""Rows exchanged among pieces of a file that stand near each other, so that texts which end alike are answered
together: their units, streets and rows of a registry are then at hand, and each worker meets them once.

A piece keeps its number and its size; what it is made of are rows of all pieces of its span. The answers are put
back to the rows that they belong to, so a file is answered in its own order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.bulk.answers import Plan, joined
from geoaddr.bulk.columns import combine, text_column
from geoaddr.bulk.endings import ENDING, by_ending
from geoaddr.bulk.parts import one_batch
from geoaddr.errors import DataError, Said

SPAN_ROWS = 1_048_576
"""Rows that are exchanged: the more, the nearer they come to one another."""

SPAN_BYTES = 268_435_456
"""What they may take; they are held until they are answered."""

LAYOUT = (2, SPAN_ROWS, SPAN_BYTES, ENDING)
"""What decides which rows a piece is made of: a stopped run goes on only where it is the same. The first is one
more for every other change of that."""

OTHER_ROWS = Said(
    "the unfinished run answered other rows in this place; run without --resume to start again",
    "lần chạy chưa xong đã trả lời các dòng khác ở chỗ này; hãy chạy không có --resume để làm lại từ đầu",
)

Batches = Iterator[pa.RecordBatch]
_Asked = tuple[pa.RecordBatch, pa.RecordBatch]
"""A piece of the file, and what is asked about of it."""
InOrder = Callable[[Iterable[Callable[[], pa.RecordBatch]]], Batches]
"""Does pieces of work, some at a time, and gives what they make in their order."""


@dataclass(slots=True)
class _Span:
    """Pieces of the file, the rows of each exchanged piece by their places in the span, ascending, and the
    answers of those that were made. ``texts``: of all rows, where answers of an earlier run may be among them."""

    pieces: list[pa.RecordBatch]
    texts: Any | None
    places: list[NDArray[np.int64]]
    made: list[pa.RecordBatch] = field(default_factory=list)


class Exchange:
    """The pieces of one run on their way to those who answer, and back.

    :param resumed: whether answers of an earlier run may be put back, which are then held against the rows.
    """

    def __init__(self, planned: Plan, *, resumed: bool = False) -> None:
        assert planned.text is not None
        self._planned, self._resumed = planned, resumed
        self._asked = [planned.text] if planned.ragged is None else [planned.text, planned.ragged]
        self._open: deque[_Span] = deque()

    def given(self, pieces: Batches) -> Batches:
        """Pieces of the same sizes with what is asked about of other rows."""
        for some in _spans((piece, self._asked_of(piece)) for piece in pieces):
            asked = pa.Table.from_batches([each for _, each in some]).combine_chunks()
            texts, stand = asked.column(0), [piece for piece, _ in some]
            span = _Span(stand, texts if self._resumed else None, _places(texts, stand))
            self._open.append(span)
            for at in span.places:
                yield one_batch(asked.take(pa.array(at)))

    def _asked_of(self, piece: pa.RecordBatch) -> pa.RecordBatch:
        """What is asked about, its texts as such: not every kind of column can be taken rows of."""
        asked = piece.select(self._asked)
        return asked.set_column(0, self._asked[0], text_column(asked[0]))

    def put_back(self, made: Batches, in_order: InOrder) -> Batches:
        """The pieces of the file with their answers, from those of the given ones in their order.

        :raises DataError: for answers to other texts than those that were given.
        """
        for batch in made:
            span = self._open[0]
            if span.texts is not None:
                asked = span.texts.take(pa.array(span.places[len(span.made)]))
                if not pa.chunked_array([batch.column(self._asked[0])]).equals(asked):
                    raise DataError(self._asked[0], OTHER_ROWS)
            span.made.append(batch.select([self._planned.names[name] for name in self._planned.names]))
            if len(span.made) == len(span.pieces):
                self._open.popleft()
                yield from in_order(self._joined(span))

    def _joined(self, span: _Span) -> Iterator[Callable[[], pa.RecordBatch]]:
        begin = 0
        for piece in span.pieces:
            yield _Joining(self._planned, span, piece, begin)
            begin += piece.num_rows


@dataclass(frozen=True, slots=True)
class _Joining:
    """A piece of the file, from the row ``begin`` of its span on, joined to its answers."""

    planned: Plan
    span: _Span
    piece: pa.RecordBatch
    begin: int

    def __call__(self) -> pa.RecordBatch:
        ends = self.begin, self.begin + self.piece.num_rows
        bounds = [np.searchsorted(at, ends) for at in self.span.places]
        rows = np.concatenate([at[a:b] for at, (a, b) in zip(self.span.places, bounds, strict=True)])
        there = [made.slice(a, b - a) for made, (a, b) in zip(self.span.made, bounds, strict=True)]
        back = pa.array(np.argsort(rows, kind="stable"))
        answers = one_batch(pa.Table.from_batches(there).combine_chunks().take(back))
        named = {name: answers[column] for name, column in self.planned.names.items()}
        return joined(_without(self.piece, self.planned.ragged), named, self.planned)


def _without(batch: pa.RecordBatch, column: str | None) -> pa.RecordBatch:
    return batch if column is None else batch.drop_columns([column])


def _spans(pieces: Iterator[_Asked]) -> Iterator[list[_Asked]]:
    """Pieces that stand together, as many as may be exchanged."""
    held: list[_Asked] = []
    rows = size = 0
    for piece, asked in pieces:
        held.append((piece, asked))
        rows, size = rows + piece.num_rows, size + max(piece.nbytes, asked.nbytes)  # few bytes may stand for many
        if rows >= SPAN_ROWS or size >= SPAN_BYTES:
            yield held
            held, rows, size = [], 0, 0
    if held:
        yield held


def _places(texts: Any, pieces: list[pa.RecordBatch]) -> list[NDArray[np.int64]]:
    """Of the rows in the order of their endings as many to each piece as it has."""
    if len(pieces) == 1:
        return [np.arange(pieces[0].num_rows)]
    ends = np.cumsum([piece.num_rows for piece in pieces])
    return [np.sort(at) for at in np.split(by_ending(combine(texts)), ends[:-1])]
