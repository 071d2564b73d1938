"""Many points at once: the steps of :mod:`geoaddr.boundaries.scalar`, each over a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.sections import (
    ORIENTATION_ERROR,
    REFERENCE_ROW,
    SUBCOLUMNS,
    UNDERFLOW,
    UNPROVEN,
)
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.exact import Polygons
    from geoaddr.boundaries.sections import SectionSource

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CHUNK = 2**15
"""Points in one step: their columns stay in the processor's cache, and memory stays flat."""


class _Open(NamedTuple):
    """Points that the cell table does not settle: where they stand in the input, and each one's record."""

    points: Ints
    records: Ints
    masks: NDArray[np.uint8]
    proven: NDArray[np.bool_]


class ColumnarLookup:
    """The arrays of an index, ready for columns of points."""

    def __init__(self, grid: Grid, source: SectionSource, prefix: str, polygons: Polygons) -> None:
        self._grid, self._polygons = grid, polygons
        self._tiles, self._cells = source.array(prefix + "tiles"), source.array(prefix + "cells")
        self._record_edges = source.array(prefix + "record_edges")
        self._record_sets = source.array(prefix + "record_sets")
        self._refs, self._masks = source.array(prefix + "record_refs"), source.array(prefix + "record_masks")
        self._edges, self._edge_masks = source.array(prefix + "edges"), source.array(prefix + "edge_masks")
        self._set_offsets = source.array(prefix + "set_offsets")
        self._set_units = source.array(prefix + "set_units")
        self._coords = source.array(prefix + "coords").reshape(-1)
        bits = np.arange(256, dtype=np.uint8)[:, None] >> np.arange(8, dtype=np.uint8) & 1
        self._bits = bits.astype(bool)
        self._lowest = np.argmax(bits, axis=1).astype(np.int64)
        self._count = bits.sum(axis=1)

    def at_many(self, lat: Floats, lon: Floats) -> tuple[NDArray[np.int32], Ints, NDArray[np.int32]]:
        """The three columns of :class:`geoaddr.boundaries.index.Hits`."""
        primary = np.empty(len(lat), dtype=np.int32)
        several: list[tuple[Ints, NDArray[np.int32]]] = []
        unproven: list[tuple[Ints, Ints]] = []
        for begin in range(0, len(lat), _CHUNK):
            piece = slice(begin, begin + _CHUNK)
            opened = self._chunk(lat[piece], lon[piece], primary[piece])
            if not len(opened.points):
                continue
            several.append(self._settle(opened, begin, primary))
            left = ~opened.proven
            unproven.append((opened.points[left] + begin, opened.records[left]))
        if unproven:
            points, records = (np.concatenate(column) for column in zip(*unproven, strict=True))
            several.append(self._ask_geos(points, records, lat, lon, primary))
        rows = np.concatenate([s[0] for s in several] or [np.empty(0, dtype=np.int64)])
        units = np.concatenate([s[1] for s in several] or [np.empty(0, dtype=np.int32)])
        order = np.lexsort((units, rows))
        return primary, rows[order], units[order]

    def _chunk(self, lat: Floats, lon: Floats, out: NDArray[np.int32]) -> _Open:
        """Write what the cell table says; answer the rest as far as it can be proved."""
        grid = self._grid
        column = _cell_numbers(lon, grid.cells_per_degree, grid.first_column, grid.columns)
        row = _cell_numbers(lat, grid.cells_per_degree, grid.first_row, grid.rows)
        place = row >> grid.tile_shift
        place *= grid.tile_columns
        place += column >> grid.tile_shift
        place = self._tiles.take(place) + (row << grid.tile_shift)
        place += column
        self._cells.take(place, out=out, mode="clip")
        points = np.flatnonzero(out < -1)
        records = -2 - out[points].astype(np.int64)
        masks, proven = self._prove(lat[points], lon[points], records, row[points], column[points])
        return _Open(points, records, masks, proven)

    def _prove(
        self, lat: Floats, lon: Floats, records: Ints, row: Ints, column: Ints
    ) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Which candidates hold each point, as a mask, and whether that is proved."""
        grid, size = self._grid, self._grid.cells_per_degree
        refs, masks = self._refs[records], self._masks[records]
        proven = refs != UNPROVEN
        begin = self._record_edges[records].astype(np.int64)
        count = self._record_edges[records + 1] - begin
        point = np.repeat(np.arange(len(records)), count)
        edge = np.arange(len(point)) + np.repeat(begin - (np.cumsum(count) - count), count)
        packed = self._edges[edge]
        first = (packed & ~np.uint32(1)).astype(np.int64)
        x, y = lon[point], lat[point]
        ax, ay = self._coords.take(first) - x, self._coords.take(first + 1) - y
        bx, by = self._coords.take(first + 2) - x, self._coords.take(first + 3) - y
        side = _sign(ax * by, ay * bx)
        # where the point and the reference point lie on one side of the edge, there is nothing to cross
        near = np.flatnonzero(side != (packed & np.uint32(1)).astype(np.int8) * 2 - 1)
        at, side = point[near], side[near]
        rx = (column + grid.first_column + (refs + 0.5) / SUBCOLUMNS) / size - lon
        ry = (row + grid.first_row + REFERENCE_ROW) / size - lat
        rx, ry = rx[at], ry[at]
        of_a = _sign(rx * ay[near], ry * ax[near])
        of_b = _sign(rx * by[near], ry * bx[near])
        apart = of_a * of_b
        crossed = (apart < 0) & (side != 0)
        np.bitwise_xor.at(masks, at[crossed], self._edge_masks[edge[near[crossed]]])
        proven[at[(apart <= 0) & ~crossed]] = False
        return masks, proven

    def _settle(self, opened: _Open, begin: int, primary: NDArray[np.int32]) -> tuple[Ints, NDArray[np.int32]]:
        """Write the primary unit of the proved points; return the units of those in several."""
        masks = opened.masks
        points = opened.points + begin
        candidates = self._set_offsets[self._record_sets[opened.records]].astype(np.int64)
        # of an empty mask the first candidate is read and put aside
        units = self._set_units[candidates + self._lowest[masks]]
        primary[points] = np.where(masks == 0, -1, units)
        many = np.flatnonzero((self._count[masks] > 1) & opened.proven)
        which, bit = np.nonzero(self._bits[masks[many]])
        return points[many[which]], self._set_units[candidates[many[which]] + bit]

    def _ask_geos(
        self, points: Ints, records: Ints, lat: Floats, lon: Floats, primary: NDArray[np.int32]
    ) -> tuple[Ints, NDArray[np.int32]]:
        """The same for points of which nothing is proved."""
        sets = self._record_sets[records].astype(np.int64)
        begin = self._set_offsets[sets].astype(np.int64)
        count = self._set_offsets[sets + 1] - begin
        pair = np.repeat(np.arange(len(points)), count)
        units = self._set_units[np.arange(len(pair)) + np.repeat(begin - (np.cumsum(count) - count), count)]
        holds = self._polygons.hold(units, lat[points[pair]], lon[points[pair]])
        pair, units = pair[holds], units[holds]
        first = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
        primary[points] = -1
        primary[points[pair[first]]] = units[first]
        many = np.bincount(pair, minlength=len(points))[pair] > 1
        return points[pair[many]], units[many]


def _cell_numbers(degrees: Floats, size: int, first: int, count: int) -> Ints:
    """Columns or rows of the grid; the margin's for points outside and for NaN."""
    scaled = degrees * size
    np.fmax(scaled, first, out=scaled)
    np.fmin(scaled, first + count - 1, out=scaled)
    np.floor(scaled, out=scaled)
    scaled -= first
    return scaled.astype(np.int64)


def _sign(one: Floats, other: Floats) -> NDArray[np.int8]:
    """The sign of ``one - other`` where the error bound proves it, else zero."""
    turn = one - other
    bound = (np.abs(one) + np.abs(other)) * ORIENTATION_ERROR + UNDERFLOW
    return (turn > bound).astype(np.int8) - (turn < -bound)
