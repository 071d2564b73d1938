"""Texts in the order of how they end: neighbours then share a commune, and mostly a street."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.bulk.columns import text_column
from geoaddr.bulk.spelling import numbers

ENDING = 64
"""Bytes of an ending: a province, a commune and a street with its number, where they are not very long."""


def by_ending(texts: Any) -> NDArray[np.int64]:
    """The places of an array of texts, or of a dictionary of them, in the order of their last bytes, from the last
    one on."""
    found: NDArray[np.int64]
    if pa.types.is_dictionary(texts.type):
        ranks = _ranks(pa.concat_arrays([text_column(texts.dictionary), pa.nulls(1, pa.string())]))
        found = np.argsort(ranks[numbers(texts)], kind="stable")
    else:
        found = np.argsort(_ranks(text_column(texts)), kind="stable")
    return found


def _ranks(texts: Any) -> NDArray[np.int32]:
    """The rank of each text in that order, the same for those that end alike."""
    endings = pc.binary_slice(texts.cast(pa.binary()), -ENDING).dictionary_encode(null_encoding="encode")
    ordered = pc.array_sort_indices(pc.binary_reverse(endings.dictionary)).to_numpy()
    ranks = np.empty(len(ordered), dtype=np.int32)
    ranks[ordered] = np.arange(len(ordered), dtype=np.int32)
    found: NDArray[np.int32] = ranks[endings.indices.to_numpy()]
    return found
