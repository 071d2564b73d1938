"""The cells that have a record, as bits: a row of cells is searched for the nearest one by whole-number
arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.sections import SectionSource

_KEPT = 2**16
"""Tiles whose bits are kept, about a hundred bytes each: more than the full layer has."""

_SIGN = bytes(b"01"[byte >= 128] for byte in range(256))
_FULL = bytes(b"01"[byte == 255] for byte in range(256))

Tiles = list[tuple[int, int]]
TilesLookup = Callable[[int, int, int], Tiles]


def tiles_lookup(grid: Grid, source: SectionSource, prefix: str) -> TilesLookup:
    """A function from a row of tiles, the first column of tiles and their number to those of them that have
    records.

    Of each: a bit for every cell, row by row, that of the south-west corner lowest; and how many columns of
    cells lie between the first column and the tile. Rows and columns count from latitude and longitude zero;
    what lies outside the grid has no records.
    """
    shift, tile_columns, tile_rows = grid.tile_shift, grid.tile_columns, grid.tile_rows
    first_row, first_column = grid.first_row >> shift, grid.first_column >> shift
    tiles, cells = source.view(prefix + "tiles"), source.view(prefix + "cells")
    area = grid.tile_size**2
    kept: dict[int, int] = {}

    def with_records(row: int, first: int, count: int) -> Tiles:
        if not 0 <= row - first_row < tile_rows:
            return []
        found = []
        line = (row - first_row) * tile_columns - first_column
        for column in range(max(first, first_column), min(first + count, first_column + tile_columns)):
            begin = tiles[line + column] + (row << 2 * shift) + (column << shift)
            bits = kept.get(begin)
            if bits is None:
                if len(kept) >= _KEPT:
                    kept.clear()
                bits = kept[begin] = _records_among(cells[begin : begin + area])
            if bits:
                found.append((bits, column - first << shift))
        return found

    return with_records


def _records_among(cells: memoryview) -> int:
    """A bit for each number below -1, the first in the lowest: negative, but not all ones."""
    width, backwards = cells.itemsize, cells.tobytes()[::-1]
    minus_one = -1
    for byte in range(width):
        minus_one &= int(backwards[byte::width].translate(_FULL), 2)
    return int(backwards[::width].translate(_SIGN), 2) & ~minus_one
