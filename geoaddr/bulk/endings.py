"""Texts in the order of how they end: neighbours then share a commune, and mostly a street."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ENDING = 64
"""Bytes of an ending: a province, a commune and a street with its number, where they are not very long."""


def by_ending(texts: Any) -> NDArray[np.int64]:
    """The places of an array of texts in the order of their last bytes, from the last one on."""
    endings = pc.binary_slice(texts.cast(pa.binary()), -ENDING).dictionary_encode(null_encoding="encode")
    ordered = pc.array_sort_indices(pc.binary_reverse(endings.dictionary)).to_numpy()
    ranks = np.empty(len(ordered), dtype=np.int32)
    ranks[ordered] = np.arange(len(ordered), dtype=np.int32)
    found: NDArray[np.int64] = np.argsort(ranks[endings.indices.to_numpy()], kind="stable")
    return found
