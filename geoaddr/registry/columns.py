"""Columns of a file to load: texts as distinct values with a place for each row, and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NONE = -1
"""The place of a row that has nothing."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of texts: ``values``, each once, and ``at`` for each row the place of its own, or :data:`NONE`."""

    values: Sequence[str]
    at: NDArray[np.int32]

    def mapped(self, work: Callable[[str], str | None]) -> Texts:
        """``work`` done to each value; rows for whose value it gives ``None`` or nothing have none."""
        return placed_texts([work(value) for value in self.values], self.at)

    def pieces(self, work: Callable[[str], str]) -> Any:
        """For each row what ``work`` makes of its value: an array of Arrow, null for rows that have none."""
        made = pa.array([*map(work, self.values)], pa.string())
        return made.take(pa.array(self.at, mask=self.at == NONE))

    def array(self) -> Any:
        """The same as a dictionary array of Arrow."""
        indices = pa.array(self.at, mask=self.at == NONE)
        return pa.DictionaryArray.from_arrays(indices, pa.array(self.values, pa.string()))

    def numbers(self, work: Callable[[str], int | None]) -> NDArray[np.int64]:
        """For each row what ``work`` makes of its value; :data:`NONE` where that is nothing, or it has none."""
        made = [NONE if (number := work(value)) is None else number for value in self.values]
        return np.array([*made, NONE], dtype=np.int64)[self.at]

    @property
    def stated(self) -> NDArray[np.bool_]:
        """Which rows have a text."""
        found: NDArray[np.bool_] = self.at != NONE
        return found


def placed_texts(values: Sequence[str | None], at: NDArray[np.int32]) -> Texts:
    """A column of values that may come twice, be ``None`` or empty."""
    places: dict[str, int] = {}
    new = [places.setdefault(value, len(places)) if value else NONE for value in values]
    return Texts([*places], np.array([*new, NONE], dtype=np.int32)[at])


def texts(column: Any) -> Texts | None:
    """The texts of a column, blank ones left out; ``None`` for a column of something else that has values."""
    if column.null_count == len(column):
        return Texts([], np.full(len(column), NONE, dtype=np.int32))
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return None
    encoded = column.dictionary_encode()
    at = numbers(pc.fill_null(encoded.indices, NONE), np.int32)
    return placed_texts(encoded.dictionary.to_pylist(), at)


def numbers(column: Any, kind: type[np.generic]) -> NDArray[Any]:
    """The numbers of a column of the same kind without nulls; pyarrow's own way loads pandas where that is."""
    size = np.dtype(kind).itemsize
    return np.frombuffer(column.buffers()[1], dtype=kind, count=len(column), offset=size * column.offset)


def places(column: Any) -> NDArray[np.int32]:
    """For each row of a dictionary array the place of its value, :data:`NONE` for null."""
    found: NDArray[np.int32] = numbers(column.indices.fill_null(NONE), np.int32)
    return found


def texts_of(column: Any) -> Texts:
    """A dictionary array as a column of texts."""
    return Texts(column.dictionary.to_pylist(), places(column))


_PLAIN_NUMBER = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,30})?$"
"""What Arrow and Python read alike."""


def floats(column: Any) -> NDArray[np.float64]:
    """The numbers of a column of numbers or texts; NaN for what is none, or is not plainly one."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        plain = pc.fill_null(pc.match_substring_regex(column, _PLAIN_NUMBER), False)
        column = pc.cast(pc.if_else(plain, column, pa.scalar(None, column.type)), pa.float64())
    elif not pa.types.is_float64(column.type):
        return np.full(len(column), np.nan)
    return numbers(pc.fill_null(column, np.nan), np.float64)


DIGITS = 10


def codes(column: Any) -> NDArray[np.int64]:
    """The numbers of a column of texts of ten ASCII digits; :data:`NONE` for any other text, and for nothing."""
    found = np.full(len(column), NONE, dtype=np.int64)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return found
    right = pc.fill_null(pc.equal(pc.binary_length(column), DIGITS), False)
    column = pc.if_else(right, column, pa.scalar("x" * DIGITS, column.type))
    wide = pa.types.is_large_string(column.type)
    begin = int(numbers_of_offsets(column, wide)[0])
    letters = np.frombuffer(column.buffers()[2], dtype=np.uint8, count=DIGITS * len(column), offset=begin)
    digits = letters.reshape(-1, DIGITS) - np.uint8(ord("0"))  # what comes before the digits wraps around
    good = (digits <= 9).all(axis=1)
    values = digits[good].astype(np.int64) @ (10 ** np.arange(DIGITS - 1, -1, -1, dtype=np.int64))
    found[good] = values
    return found


def numbers_of_offsets(column: Any, wide: bool) -> NDArray[Any]:
    """Where the texts of a column begin in its buffer, one more than there are."""
    kind = np.dtype(np.int64 if wide else np.int32)
    start = kind.itemsize * column.offset
    return np.frombuffer(column.buffers()[1], dtype=kind, count=len(column) + 1, offset=start)
