"""A grid of square cells over longitude and latitude, a power of two of them to the degree.

Multiplying a float by a power of two is exact, and so is rounding down: the cell of a point is known without
error, on the lines between cells too. A cell holds its west and south side, not its east and north side.

Cells are gathered into square tiles, so that a table over the whole extent can stay coarse. A cell's key
counts tile by tile, and inside a tile row by row: the cells of one tile follow each other. Columns count
eastwards and rows northwards from the grid's south-west corner. One tile of margin surrounds the extent;
a table says "nothing here" in it, and so a point outside needs no case of its own: it is moved there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

MARGIN_TILES = 1
"""Tiles between the extent and the rim of the grid, on each side."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells lie.

    ``cells_per_degree`` is a power of two; a tile is ``2 ** tile_shift`` cells wide and high;
    ``first_column`` and ``first_row`` are the cell numbers of the south-west corner, counted from longitude
    and latitude zero, both multiples of the tile's width.
    """

    cells_per_degree: int
    tile_shift: int
    first_column: int
    first_row: int
    tile_columns: int
    tile_rows: int

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float], *, cells_per_degree: int, tile_shift: int) -> Grid:
        """The smallest grid with its margin over ``(west, south, east, north)``, in degrees.

        :raises ValueError: ``cells_per_degree`` is not a power of two.
        """
        if cells_per_degree < 1 or cells_per_degree & (cells_per_degree - 1):
            raise ValueError("cells_per_degree must be a power of two")
        west, south, east, north = (math.floor(b * cells_per_degree) >> tile_shift for b in bounds)
        return cls(
            cells_per_degree=cells_per_degree,
            tile_shift=tile_shift,
            first_column=(west - MARGIN_TILES) << tile_shift,
            first_row=(south - MARGIN_TILES) << tile_shift,
            tile_columns=east - west + 1 + 2 * MARGIN_TILES,
            tile_rows=north - south + 1 + 2 * MARGIN_TILES,
        )

    @property
    def tile_size(self) -> int:
        """Cells along one side of a tile."""
        return 1 << self.tile_shift

    @property
    def columns(self) -> int:
        """Cells from west to east."""
        return self.tile_columns << self.tile_shift

    @property
    def rows(self) -> int:
        """Cells from south to north."""
        return self.tile_rows << self.tile_shift

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the whole grid in degrees; exact. East and north are outside."""
        size = self.cells_per_degree
        return (
            self.first_column / size,
            self.first_row / size,
            (self.first_column + self.columns) / size,
            (self.first_row + self.rows) / size,
        )

    def keys(self, rows: Ints, columns: Ints) -> Ints:
        """The keys of cells."""
        shift, within = self.tile_shift, self.tile_size - 1
        tiles = (rows >> shift) * self.tile_columns + (columns >> shift)
        keys: Ints = (tiles << 2 * shift) + ((rows & within) << shift) + (columns & within)
        return keys

    def places(self, keys: Ints) -> tuple[Ints, Ints]:
        """Rows and columns of the cells of these keys."""
        shift, within = self.tile_shift, self.tile_size - 1
        tiles = keys >> 2 * shift
        rows = (tiles // self.tile_columns << shift) + (keys >> shift & within)
        return rows, (tiles % self.tile_columns << shift) + (keys & within)

    def cell(self, lat: float, lon: float) -> tuple[int, int] | None:
        """Column and row of the cell that holds a point, or ``None`` outside the grid and for NaN."""
        west, south, east, north = self.bounds
        if not (west <= lon < east and south <= lat < north):
            return None
        size = self.cells_per_degree
        return math.floor(lon * size) - self.first_column, math.floor(lat * size) - self.first_row
