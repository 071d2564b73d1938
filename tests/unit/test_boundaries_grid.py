"""From a point to its cell, without rounding."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geoaddr.grid import Grid

VIET_NAM = Grid.over((102.14, 7.18, 117.83, 23.39), cells_per_degree=1024, tile_shift=4)


@pytest.mark.parametrize(
    ("lat", "lon", "row", "column"),
    [
        (21.0, 105.0, 21 * 1024, 105 * 1024),  # a corner belongs to the cell north-east of it
        (math.nextafter(21.0, 0), 105.0, 21 * 1024 - 1, 105 * 1024),
        (21.0, math.nextafter(105.0, 0), 21 * 1024, 105 * 1024 - 1),
        (21 + 1 / 1024, 105 - 1 / 1024, 21 * 1024 + 1, 105 * 1024 - 1),
    ],
)
def test_cell(lat: float, lon: float, row: int, column: int) -> None:
    assert VIET_NAM.cell(lat, lon) == (column - VIET_NAM.first_column, row - VIET_NAM.first_row)


@pytest.mark.parametrize(("lat", "lon"), [(0, 105), (21, 200), (math.nan, 105), (21, math.inf), (-21, 105)])
def test_outside(lat: float, lon: float) -> None:
    assert VIET_NAM.cell(lat, lon) is None


def test_a_margin_surrounds_the_extent() -> None:
    west, south, east, north = VIET_NAM.bounds
    tile = VIET_NAM.tile_size / VIET_NAM.cells_per_degree
    assert west + tile <= 102.14 < west + 2 * tile
    assert south + tile <= 7.18 < south + 2 * tile
    assert east - 2 * tile <= 117.83 < east - tile
    assert north - 2 * tile <= 23.39 < north - tile
    assert round((east - west) * 1024) == VIET_NAM.columns
    assert round((north - south) * 1024) == VIET_NAM.rows


def test_below_zero_cells_count_on() -> None:
    grid = Grid.over((-1.0, -2.0, 1.0, 2.0), cells_per_degree=4, tile_shift=1)
    assert (grid.first_column, grid.first_row) == (-6, -10)
    assert grid.cell(-2.0, -1.0) == (2, 2)
    assert grid.cell(-1e-320, -1e-320) == (5, 9)


def test_keys_count_tile_by_tile() -> None:
    grid = Grid.over((0.0, 0.0, 3.0, 1.0), cells_per_degree=2, tile_shift=1)
    rows, columns = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    keys = grid.keys(rows, columns)
    assert np.array_equal(np.sort(keys), np.arange(len(keys)))
    assert keys[[0, 1, grid.columns, grid.columns + 1, 2]].tolist() == [0, 1, 2, 3, 4]
    back = grid.places(keys)
    assert np.array_equal(back[0], rows)
    assert np.array_equal(back[1], columns)


def test_only_powers_of_two() -> None:
    for wrong in (0, 3, 100, -4):
        with pytest.raises(ValueError, match="power of two"):
            Grid.over((0.0, 0.0, 1.0, 1.0), cells_per_degree=wrong, tile_shift=2)
