"""The borders nearest to many points: the steps of :mod:`geoaddr.boundaries.edge_distance`, each over a column.

Cells are asked ring by ring around the points' own; a point leaves when no further ring can hold a nearer edge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.edge_distance import BEYOND_M, ON_BORDER_M, Border, BorderLookup
from geoaddr.boundaries.edge_search import NOBODY, REACH_M
from geoaddr.boundaries.sections import MOST_CANDIDATES, UNPROVEN
from geoaddr.distance import metres_a_degree_many
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.index import Hits
    from geoaddr.boundaries.sections import SectionSource

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]

_CHUNK = 2**12
"""Points in one step: a ring of cells around all of them fits into the processor's cache, or nearly."""


class _Points(NamedTuple):
    """Points of a chunk with their units, and the metres to a degree around each."""

    lat: Floats
    lon: Floats
    lat_m: Floats
    lon_m: Floats
    units: Int32s


class _Nearest(NamedTuple):
    """Of each point of a chunk: the square of the distance to its nearest edge; the edge as the index packs it;
    its record, -1 for none; and whether a record could not tell."""

    squared: Floats
    edge: Ints
    record: Ints
    unclear: NDArray[np.bool_]


class BorderColumns:
    """The arrays of an index, ready for columns of points."""

    def __init__(
        self, grid: Grid, source: SectionSource, prefix: str, at_many: Callable[[Floats, Floats], Hits],
        one: BorderLookup,
    ) -> None:  # fmt: skip
        self._grid, self._at_many, self._one = grid, at_many, one
        self._tiles, self._cells, self._block_records, self._records, self._edges, self._candidates = (
            source.array(prefix + name)
            for name in ("tiles", "cells", "block_records", "records", "edges", "candidates")
        )
        self._coords = source.array(prefix + "coords")
        shift = grid.tile_shift
        self._corner = (grid.first_row >> shift) * grid.tile_columns + (grid.first_column >> shift)

    def borders(self, lat: Floats, lon: Floats, units: Int32s) -> tuple[Floats, Int32s]:
        """Metres to the nearest border of each unit (-1: of any), NaN where none is near; and the row beyond."""
        distance, neighbour = np.full(len(lat), np.nan), np.full(len(lat), NOBODY, dtype=np.int32)
        for begin in range(0, len(lat), _CHUNK):
            piece = slice(begin, begin + _CHUNK)
            good = np.flatnonzero(np.isfinite(lat[piece]) & np.isfinite(lon[piece])) + begin
            points = _Points(lat[good], lon[good], *metres_a_degree_many(lat[good]), units[good])
            nearest = self._search(points)
            found = nearest.record >= 0
            distance[good[found]] = np.sqrt(nearest.squared[found])
            neighbour[good[found]] = self._beyond(points, nearest, np.flatnonzero(found))
            for at in good[nearest.unclear].tolist():
                border = self._one(float(lat[at]), float(lon[at]), int(units[at])) or Border(np.nan, NOBODY)
                distance[at], neighbour[at] = border
        return distance, neighbour

    def _search(self, points: _Points) -> _Nearest:
        size, grid, count = self._grid.cells_per_degree, self._grid, len(points.lat)
        x, y, wide, high = points.lon * size, points.lat * size, points.lon_m / size, points.lat_m / size
        column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
        along, up = x - column, y - row
        nearest = _Nearest(
            np.full(count, REACH_M * REACH_M),
            np.zeros(count, dtype=np.int64),
            np.full(count, -1),
            np.zeros(count, bool),
        )
        open_ = np.arange(count)
        inner = np.minimum(np.minimum(along, 1 - along) * wide, np.minimum(up, 1 - up) * high)
        narrow = np.minimum(wide, high)
        for ring in range(max(grid.columns, grid.rows)):
            # no cell of the ring is nearer than its inner side
            bound = np.maximum(0.0, (ring - 1) * narrow[open_] + inner[open_]) if ring else np.zeros(len(open_))
            open_ = open_[(bound * bound <= nearest.squared[open_]) & ~nearest.unclear[open_]]
            if not len(open_):
                break
            rows, columns = _ring(ring)
            which, cell, records = self._touched(row[open_, None] + rows, column[open_, None] + columns)
            at = open_[which]
            dx = _gap(columns[cell], along[at]) * wide[at]
            dy = _gap(rows[cell], up[at]) * high[at]
            squared = dx * dx + dy * dy
            order = np.lexsort((squared, at))
            order = order[squared[order] <= nearest.squared[at[order]]]
            at, squared, records = at[order], squared[order], records[order]
            first = np.diff(at, prepend=-1) > 0
            self._ask(points, at[first], records[first], nearest)
            rest = ~first & (squared <= nearest.squared[at])
            self._ask(points, at[rest], records[rest], nearest)
        return nearest

    def _touched(self, row: Ints, column: Ints) -> tuple[Ints, Ints, Ints]:
        """Of cells in two dimensions, counted from latitude and longitude zero: where those with records are, and
        their records."""
        grid, shift = self._grid, self._grid.tile_shift
        # the rim of the grid stands for what lies outside: nothing is there
        row = np.clip(row, grid.first_row, grid.first_row + grid.rows - 1)
        column = np.clip(column, grid.first_column, grid.first_column + grid.columns - 1)
        place = self._tiles[(row >> shift) * grid.tile_columns + (column >> shift) - self._corner] + (row << shift)
        place += column
        values = self._cells[place]
        which, cell = np.nonzero(values < -1)
        block = place[which, cell] >> 2 * shift
        return which, cell, self._block_records[block].astype(np.int64) - 2 - values[which, cell]

    def _ask(self, points: _Points, which: Ints, records: Ints, nearest: _Nearest) -> None:
        """Look among the edges of cells, each for a point, and write what is nearer into ``nearest``."""
        begins, candidates, units, packed = self._records[records].astype(np.int64).T
        unit, counts = points.units[which], packed >> 16
        wanted = np.where(unit == NOBODY, 255, 0)
        own = unit == NOBODY
        for rank in range(int(units.max(initial=0))):
            is_own = (rank < units) & (self._candidates[np.where(rank < units, candidates + rank, 0)] == unit)
            own |= is_own
            wanted[is_own] = 1 << min(rank, MOST_CANDIDATES)
        untold = (units > MOST_CANDIDATES) | ((counts == 0) & (packed & 255 == UNPROVEN))
        nearest.unclear[which[untold & own]] = True
        counts = np.where(own & ~untold, counts, 0)
        pair = np.repeat(np.arange(len(which)), counts)
        edge = self._edges[np.arange(len(pair)) + np.repeat(begins - (np.cumsum(counts) - counts), counts)]
        bounds = (edge & wanted[pair]) > 0
        pair, edge = pair[bounds], edge[bounds]
        at = which[pair]
        ax, ay, bx, by = self._ends(points, at, edge)
        ux, uy = bx - ax, by - ay
        part, length = -(ax * ux + ay * uy), ux * ux + uy * uy
        across = ax * by - ay * bx
        squared = np.where(
            part <= 0.0, ax * ax + ay * ay, np.where(part >= length, bx * bx + by * by, across * (across / length))
        )
        order = np.lexsort((edge >> 9, squared, at))
        best = order[np.diff(at[order], prepend=-1) > 0]
        at, squared, edge, record = at[best], squared[best], edge[best], records[pair[best]]
        before = nearest.squared[at]
        nearer = (squared < before) | ((squared == before) & (edge >> 9 < nearest.edge[at] >> 9))
        at = at[nearer]
        nearest.squared[at], nearest.edge[at], nearest.record[at] = squared[nearer], edge[nearer], record[nearer]

    def _ends(self, points: _Points, at: Ints, edge: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """The ends of edges, as metres east and north of points."""
        a, b = self._coords[edge >> 9], self._coords[(edge >> 9) + 1]
        lat, lon, lat_m, lon_m = points.lat[at], points.lon[at], points.lat_m[at], points.lon_m[at]
        return (a[:, 0] - lon) * lon_m, (a[:, 1] - lat) * lat_m, (b[:, 0] - lon) * lon_m, (b[:, 1] - lat) * lat_m

    def _beyond(self, points: _Points, nearest: _Nearest, at: Ints) -> Int32s:
        """The unit beyond the nearest edge of each of these points, -1 where there is none."""
        unit, edge = points.units[at], nearest.edge[at]
        begins = self._records[nearest.record[at], 1].astype(np.int64)
        beyond = np.full(len(at), NOBODY, dtype=np.int32)
        for rank in reversed(range(MOST_CANDIDATES)):
            owned = np.flatnonzero(edge >> rank & 1)
            owner = self._candidates[begins[owned] + rank]
            other = owner != unit[owned]
            beyond[owned[other]] = owner[other]
        lone = np.flatnonzero(beyond == NOBODY)
        beyond[lone] = self._probed(points, at[lone], edge[lone])
        return beyond

    def _probed(self, points: _Points, at: Ints, edge: Ints) -> Int32s:
        ax, ay, bx, by = self._ends(points, at, edge)
        ux, uy = bx - ax, by - ay
        length = np.sqrt(ux * ux + uy * uy)
        part = np.minimum(1.0, np.maximum(0.0, -(ax * ux + ay * uy) / (length * length)))
        x, y = ax + part * ux, ay + part * uy
        away = np.sqrt(x * x + y * y)
        on, off = away <= ON_BORDER_M, np.where(away > ON_BORDER_M, away, 1.0)
        left = self._other_at(
            points, at, x, y, np.where(on, -uy / length, x / off), np.where(on, ux / length, y / off)
        )
        right = self._other_at(points, at, x, y, uy / length, -ux / length)
        return np.where(on & (left == NOBODY), right, left)

    def _other_at(self, points: _Points, at: Ints, x: Floats, y: Floats, east: Floats, north: Floats) -> Int32s:
        """The smallest row but the points' own of the units one step beyond places on edges."""
        hits = self._at_many(
            points.lat[at] + (y + BEYOND_M * north) / points.lat_m[at],
            points.lon[at] + (x + BEYOND_M * east) / points.lon_m[at],
        )
        unit = points.units[at]
        found = np.where(hits.primary == unit, np.int32(NOBODY), hits.primary)
        again = np.flatnonzero(hits.primary[hits.multi_rows] == unit[hits.multi_rows])
        again = again[hits.multi_units[again] != unit[hits.multi_rows[again]]][
            ::-1
        ]  # the smallest is written last
        found[hits.multi_rows[again]] = hits.multi_units[again]
        return found


def _ring(ring: int) -> tuple[Ints, Ints]:
    """Rows and columns, from the middle, of the cells of a square ring."""
    if ring == 0:
        return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    line = np.arange(-ring, ring + 1)
    side = np.arange(1 - ring, ring)
    rows = np.concatenate([np.full_like(line, -ring), np.full_like(line, ring), side, side])
    columns = np.concatenate([line, line, np.full_like(side, -ring), np.full_like(side, ring)])
    return rows, columns


def _gap(steps: Ints, within: Floats) -> Floats:
    """How far cells so many steps away begin, in cells, from a place ``within`` its own."""
    return np.where(steps > 0, steps - within, np.where(steps < 0, within - steps - 1, 0.0))
