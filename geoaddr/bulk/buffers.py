"""Arrow's numbers and truth values as numpy's, read from their buffers.

pyarrow's own ``to_numpy`` loads pandas wherever that is installed, which takes longer than a small file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def floats(column: Any) -> NDArray[np.float64]:
    """A column of float64 as an array of its own; NaN for null."""
    data = column.buffers()[1]
    if data is None:
        return np.full(len(column), np.nan)
    values = np.frombuffer(data, dtype=np.float64, count=len(column), offset=8 * column.offset).copy()
    if column.null_count:
        values[~valid(column)] = np.nan
    return values


def flags(column: Any) -> NDArray[np.bool_]:
    """A column of truth values; false for null."""
    data = column.buffers()[1]
    found = np.zeros(len(column), dtype=bool) if data is None else _bits(data, column)
    return found & valid(column) if column.null_count else found


def valid(column: Any) -> NDArray[np.bool_]:
    """Which rows of a column of any type are not null."""
    bitmap = column.buffers()[0]
    if column.null_count == 0:
        return np.ones(len(column), dtype=bool)
    if pa.types.is_null(column.type) or bitmap is None:
        return np.zeros(len(column), dtype=bool)
    return _bits(bitmap, column)


def _bits(data: Any, column: Any) -> NDArray[np.bool_]:
    first, end = column.offset // 8, -(-(column.offset + len(column)) // 8)
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8)[first:end], bitorder="little")
    begin = column.offset - 8 * first
    return bits[begin : begin + len(column)].view(bool)
