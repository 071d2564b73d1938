"""The edge nearest to a point: cells with records are asked in the order of the least distance that an edge in
them can have, until none can have a nearer one than what is found."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import ceil, floor, inf, sqrt
from typing import TYPE_CHECKING

from geoaddr.boundaries.cell_edges import NOBODY, Edge, Plane, cell_lookup
from geoaddr.boundaries.touched import Tiles, tiles_lookup
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.sections import SectionSource

__all__ = ["NOBODY", "REACH_M", "Edge", "Plane", "edge_search"]

REACH_M = 1_000.0
"""How far is looked for a border: it bounds the cost of a point in the mountains or at sea. In Viet Nam a tile
of the finest grid is a little wider, so that the tiles around the point's are enough."""

NO_EDGE: Edge = (REACH_M * REACH_M, 0, -1)

Search = Callable[[Plane, int], Edge]


def edge_search(grid: Grid, source: SectionSource, prefix: str) -> Search:
    """A function from a plane around a point and a unit's row (-1: any) to its nearest edge within ``REACH_M``;
    the place of the record is -1 where there is none."""
    tiles_of, in_cell = tiles_lookup(grid, source, prefix), cell_lookup(grid, source, prefix)
    size, shift = grid.cells_per_degree, grid.tile_shift
    within, full = grid.tile_size - 1, (1 << grid.tile_size) - 1
    widest = max(grid.tile_columns, grid.tile_rows)

    def search(plane: Plane, unit: int, *, narrow: bool = True) -> Edge:
        """``narrow``: take it that an edge of the unit touches every cell with a record, so that cells beyond the
        far corner of one need not wait. Where that proves wrong, all is searched again without."""
        lat, lon, lat_m, lon_m = plane
        x, y, wide, high = lon * size, lat * size, lon_m / size, lat_m / size
        column, row = floor(x), floor(y)
        along, up = x - column, y - row
        span = min(widest, ceil(REACH_M / max(1.0, min(wide, high)) / (1 << shift)))
        first = (column >> shift) - span
        here = column - (first << shift)
        tiles: dict[int, Tiles] = {}
        best, limit, window = NO_EDGE, NO_EDGE[0], span << shift
        waiting: list[tuple[float, float, int, int, int]] = []

        def wait(dy: float, at: int, bits: int, *, east: bool) -> None:
            """Of a row's cells on one side of the point, the nearest waits, with all of them as bits: the nearest
            is the lowest to the east, the highest to the west."""
            nonlocal limit, window
            if east:
                away = (bits & -bits).bit_length() - 1
                dx = (away - along) * wide if away else 0.0
            else:
                away = bits.bit_length() - 1 - here
                dx = (along - away - 1) * wide
            if -window <= away <= window:
                heappush(waiting, (dx * dx + dy * dy, dy, at, away, bits))
                farthest = (dx + wide) ** 2 + (dy + high) ** 2
                if narrow and farthest < limit:
                    limit, window = farthest, ceil(sqrt(farthest) / wide)

        for step in range((span << shift) + 2):
            north, south = (step - up) * high, (step - 1 + up) * high
            bound = 0.0 if not step else inf if step > span << shift else min(north, south) ** 2
            while waiting and waiting[0][0] <= bound and waiting[0][0] <= best[0]:
                _, dy, at, away, bits = heappop(waiting)
                best = in_cell(at, column + away, plane, unit, best)
                bits = bits & bits - 1 if away >= 0 else bits ^ 1 << away + here
                if bits:
                    wait(dy, at, bits, east=away >= 0)
            if bound > best[0]:
                break
            for at, dy in ((row + step, north), (row - step, south)) if step else ((row, 0.0),):
                line = at >> shift
                if line not in tiles:
                    tiles[line] = tiles_of(line, first, 2 * span + 1)
                bits, below = 0, (at & within) << shift
                for tile, columns in tiles[line]:
                    bits |= (tile >> below & full) << columns
                if bits >> here:
                    wait(dy, at, bits >> here, east=True)
                if bits & (1 << here) - 1:
                    wait(dy, at, bits & (1 << here) - 1, east=False)
        return search(plane, unit, narrow=False) if narrow and best[0] > limit else best

    return search
