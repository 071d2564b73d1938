"""Boxes of which it is plain from the cell table that one unit, or none, holds all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.sections import SectionSource
from geoaddr.grid import Grid

Floats = NDArray[np.float64]

NOT_PLAIN = -2
"""In place of a unit's row: several may hold a part of the box. Minus one is no unit at all."""

MOST_CELLS = 6
"""Cells along a side of a box up to which the table is asked."""


class WholeCells:
    """The cell table, ready to be asked about boxes."""

    def __init__(self, grid: Grid, source: SectionSource, prefix: str) -> None:
        self._grid = grid
        self._tiles, self._cells = source.array(prefix + "tiles"), source.array(prefix + "cells")
        self._corner = (grid.first_row >> grid.tile_shift) * grid.tile_columns + (
            grid.first_column >> grid.tile_shift
        )

    def holding(self, south: Floats, north: Floats, west: Floats, east: Floats) -> NDArray[np.int32]:
        """Per box (degrees) the row of the unit that holds every cell of it, -1 where none does, else -2."""
        grid = self._grid
        top, bottom = (
            self._number(north, grid.first_row, grid.rows),
            self._number(south, grid.first_row, grid.rows),
        )
        first = self._number(west, grid.first_column, grid.columns)
        last = self._number(east, grid.first_column, grid.columns)
        found = self._values(bottom, first)
        small = np.maximum(top - bottom, last - first) < MOST_CELLS
        found[~small | (found < NOT_PLAIN)] = NOT_PLAIN
        for up in range(int((top - bottom)[small].max(initial=-1)) + 1):
            for along in range(int((last - first)[small].max(initial=-1)) + 1):
                cell = self._values(np.minimum(bottom + up, top), np.minimum(first + along, last))
                found[cell != found] = NOT_PLAIN
        return found

    def _number(self, degrees: Floats, first: int, count: int) -> NDArray[np.int64]:
        """Rows or columns, counted from zero degrees; those of the margin for what lies outside."""
        scaled = np.floor(degrees * self._grid.cells_per_degree)
        return np.clip(scaled, first, first + count - 1).astype(np.int64)

    def _values(self, row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.int32]:
        shift = self._grid.tile_shift
        tile = (row >> shift) * self._grid.tile_columns + (column >> shift) - self._corner
        values: NDArray[np.int32] = self._cells[self._tiles[tile] + (row << shift) + column].astype(np.int32)
        return values
