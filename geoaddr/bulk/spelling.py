"""Columns of categories spelt out for the verbs, a piece at a time.

A column of few distinct texts over many rows takes little room until every row has its own copy; an Arrow array of
texts then ends at 2 GB. So the column stays encoded, and a piece of it is as many rows as that allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MOST_SPELT = 1_000_000_000
"""Bytes of texts of one column in a piece, half of what an Arrow array of texts may hold."""


def of_texts(kind: pa.DataType) -> bool:
    """Whether a column holds texts by their numbers in a dictionary."""
    return pa.types.is_dictionary(kind) and _is_text(kind.value_type)


def numbers(column: Any) -> NDArray[np.int64]:
    """The place of each row's text in the dictionary; one more than the last for none."""
    found: NDArray[np.int64] = np.asarray(pc.fill_null(column.indices.cast(pa.int64()), len(column.dictionary)))
    return found


def spelt_out(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows without dictionaries."""
    columns = [c.dictionary_decode() if pa.types.is_dictionary(c.type) else c for c in batch.columns]
    return pa.record_batch(columns, names=batch.schema.names)


class Spelling:
    """The rows of a batch on their way to a verb, spelt out."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._lengths = [_lengths(c.dictionary) if of_texts(c.type) else None for c in batch.columns]

    def pieces(self, size: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Pieces of at most ``size`` rows, each with the number of its first; fewer where texts are long."""
        for first in range(0, self._batch.num_rows, size):
            yield from self._cut(first, min(first + size, self._batch.num_rows))

    def _cut(self, first: int, end: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        rows = self._batch.slice(first, end - first)
        if end - first > 1 and self._most(rows) > MOST_SPELT:
            middle = (first + end) // 2
            yield from self._cut(first, middle)
            yield from self._cut(middle, end)
        else:
            yield first, spelt_out(rows)

    def _most(self, rows: pa.RecordBatch) -> int:
        """The bytes of the largest column of texts."""
        return max((_size(*each) for each in zip(rows.columns, self._lengths, strict=True)), default=0)


def _size(column: Any, lengths: Any) -> int:
    if lengths is not None:
        return int(lengths[numbers(column)].sum())
    return int(_lengths(column).sum()) if _is_text(column.type) else 0


def _lengths(texts: Any) -> Any:
    """The bytes of each text, and at the end those of none."""
    return np.append(np.asarray(pc.fill_null(pc.binary_length(texts), 0), dtype=np.int64), 0)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
