"""Arrow's values as numpy's, held to what pyarrow says of them, whatever slice of whatever array."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.bulk.buffers import flags, floats, valid

NUMBERS = st.lists(st.none() | st.floats(allow_nan=False), max_size=40)
TRUTHS = st.lists(st.none() | st.booleans(), max_size=40)
CUTS = st.tuples(st.integers(0, 20), st.integers(0, 40))


@given(NUMBERS, CUTS)
def test_floats_and_nulls(values: list[float | None], cut: tuple[int, int]) -> None:
    column = pa.array(values, pa.float64()).slice(*cut)
    expected = [np.nan if value is None else value for value in column.to_pylist()]
    np.testing.assert_array_equal(floats(column), expected)
    assert valid(column).tolist() == [value is not None for value in column.to_pylist()]


@given(TRUTHS, CUTS)
def test_truth_values(values: list[bool | None], cut: tuple[int, int]) -> None:
    column = pa.array(values, pa.bool_()).slice(*cut)
    assert flags(column).tolist() == [value is True for value in column.to_pylist()]


@pytest.mark.parametrize("column", [pa.nulls(3), pa.nulls(3, pa.float64()), pa.array(["a", None, ""])])
def test_what_is_there(column: pa.Array) -> None:
    assert valid(column).tolist() == [value is not None for value in column.to_pylist()]


def test_an_array_of_its_own_may_be_written() -> None:
    column = pa.array([1.0, 2.0])
    values = floats(column)
    values[0] = 9.0
    assert column.to_pylist() == [1.0, 2.0]
