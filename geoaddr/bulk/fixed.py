"""Codes of one width, as numpy has them, to texts as Arrow has them: the same bytes, none of them copied."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def fixed_texts(codes: NDArray[np.bytes_], known: NDArray[np.bool_]) -> Any:
    """An Arrow array of texts over the bytes of ``codes`` (type ``S``); null where a row is not ``known``.

    Every known code has the full width of the type, in ASCII, and all of them together less than 2 GiB.
    """
    codes = np.ascontiguousarray(codes)
    offsets = np.arange(len(codes) + 1, dtype=np.int32) * np.int32(codes.dtype.itemsize)
    validity = pa.py_buffer(np.packbits(known, bitorder="little"))
    nulls = len(codes) - int(np.count_nonzero(known))
    return pa.StringArray.from_buffers(len(codes), pa.py_buffer(offsets), pa.py_buffer(codes), validity, nulls)
