"""Many points at once: the steps of :mod:`geoaddr.boundaries.scalar`, each over a column.

Where numba is installed and the points are very many, compiled loops settle most of them, and the columns in
here the rest: the answers are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.compiled import WORTH_COMPILING, CompiledLookup, compiled_loops
from geoaddr.boundaries.sections import (
    ORIENTATION_ERROR,
    REFERENCE_ROW,
    SUBCOLUMNS,
    UNDERFLOW,
    UNPROVEN,
)
from geoaddr.errors import MissingExtra
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.exact import Polygons
    from geoaddr.boundaries.sections import SectionSource

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Uint32s = NDArray[np.uint32]

_CHUNK = 2**15
"""Points in one step: their columns stay in the processor's cache, and memory stays flat."""


_PAIRS = 2**15
"""Pairs of a point and an edge in one step, for the same reasons."""


class _Open(NamedTuple):
    """Points of a chunk that the cell table does not settle: each one's place, its cell and its record."""

    points: Ints
    records: Ints
    row: Int32s
    column: Int32s


class _Cells:
    """The two levels of the cell table, with the columns of one chunk."""

    def __init__(self, grid: Grid, source: SectionSource, prefix: str) -> None:
        self._grid = grid
        self._tiles, self._cells = source.array(prefix + "tiles"), source.array(prefix + "cells")
        self._block_records = source.array(prefix + "block_records")
        self._corner = (grid.first_row >> grid.tile_shift) * grid.tile_columns + (
            grid.first_column >> grid.tile_shift
        )
        self._scaled = np.empty(_CHUNK)
        self._columns = [np.empty(_CHUNK, dtype=np.int32) for _ in range(5)]
        self._values = np.empty(_CHUNK, dtype=self._cells.dtype)

    def read(self, lat: Floats, lon: Floats, out: Int32s) -> _Open:
        """Write the row of the unit that holds each point's whole cell, -1 for none; return the others."""
        grid, shift = self._grid, self._grid.tile_shift
        row, column, tile, place, step = (c[: len(lat)] for c in self._columns)
        values = self._values[: len(lat)]
        self._number(lat, grid.first_row, grid.rows, row)
        self._number(lon, grid.first_column, grid.columns, column)
        np.right_shift(row, shift, out=tile)
        tile *= grid.tile_columns
        tile += np.right_shift(column, shift, out=step)
        tile -= self._corner
        # "wrap" is numpy's fastest way to take; no place lies outside
        self._tiles.take(tile, out=place, mode="wrap")
        place += np.left_shift(row, shift, out=step)
        place += column
        self._cells.take(place, out=values, mode="wrap")
        out[:] = values
        points = np.flatnonzero(values < -1)
        block = place[points] >> 2 * shift
        records = self._block_records[block] - (values[points].astype(np.int64) + 2)
        return _Open(points, records, row[points], column[points])

    def _number(self, degrees: Floats, first: int, count: int, out: Int32s) -> None:
        """Rows or columns, counted from zero degrees; those of the margin for points outside and for NaN."""
        scaled = np.multiply(degrees, self._grid.cells_per_degree, out=self._scaled[: len(degrees)])
        if not (scaled.min() >= first and scaled.max() < first + count):
            np.fmax(scaled, first, out=scaled)
            np.fmin(scaled, first + count - 1, out=scaled)
        if first < 0:  # above zero, the cast rounds down by itself
            np.floor(scaled, out=scaled)
        np.copyto(out, scaled, casting="unsafe")


class ColumnarLookup:
    """The arrays of an index, ready for columns of points."""

    def __init__(self, grid: Grid, source: SectionSource, prefix: str, polygons: Polygons) -> None:
        self._grid, self._polygons = grid, polygons
        self._source, self._prefix = source, prefix
        self._records, self._edges = source.array(prefix + "records"), source.array(prefix + "edges")
        self._candidates = source.array(prefix + "candidates")
        # a vertex as one complex number: half the reads from far memory
        self._coords = source.array(prefix + "coords").view(np.complex128).reshape(-1)
        bits = np.arange(256)[:, None] >> np.arange(8) & 1
        self._bits = bits.astype(bool)
        self._lowest = np.argmax(bits, axis=1)
        self._count = bits.sum(axis=1)
        self._asked = 0
        self._compiled: CompiledLookup | None = None

    def at_many(self, lat: Floats, lon: Floats, compiled: bool | None) -> tuple[Int32s, Ints, Int32s]:
        """The three columns of :class:`geoaddr.boundaries.index.Hits`."""
        self._asked += len(lat)
        loops = self._loops(compiled)
        if loops is None:
            return self._by_columns(lat, lon)
        primary = np.empty(len(lat), dtype=np.int32)
        rest = loops.settle(lat, lon, primary)
        primary[rest], rows, units = self._by_columns(lat[rest], lon[rest])
        return primary, rest[rows], units

    def _loops(self, compiled: bool | None) -> CompiledLookup | None:
        """The compiled loops, if they are to answer.

        :raises MissingExtra: they are, at all events, and there are none.
        """
        wanted = self._asked >= WORTH_COMPILING if compiled is None else compiled
        if wanted and self._compiled is None and (loops := compiled_loops()):
            self._compiled = CompiledLookup(loops, self._grid, self._source, self._prefix)
        if compiled and self._compiled is None:
            raise MissingExtra("fast", "compiled=True")
        return self._compiled if wanted else None

    def _by_columns(self, lat: Floats, lon: Floats) -> tuple[Int32s, Ints, Int32s]:
        """The answers with numpy alone."""
        cells = _Cells(self._grid, self._source, self._prefix)
        primary = np.empty(len(lat), dtype=np.int32)
        several: list[tuple[Ints, Int32s]] = []
        unproven: list[tuple[Ints, Ints]] = []
        for begin in range(0, len(lat), _CHUNK):
            piece = slice(begin, begin + _CHUNK)
            opened = cells.read(lat[piece], lon[piece], primary[piece])
            if not len(opened.points):
                continue
            for part in self._portions(opened):
                points = part.points + begin
                begins, candidates, _, packed = self._records.take(part.records, axis=0).T
                masks, proven = self._prove(lat[points], lon[points], part, begins, packed)
                several.append(self._settle(points, candidates, masks, proven, primary))
                unproven.append((points[~proven], part.records[~proven]))
        if unproven:
            points, records = (np.concatenate(column) for column in zip(*unproven, strict=True))
            several.append(self._ask_geos(points, records, lat, lon, primary))
        rows = np.concatenate([s[0] for s in several] or [np.empty(0, dtype=np.int64)])
        units = np.concatenate([s[1] for s in several] or [np.empty(0, dtype=np.int32)])
        order = np.lexsort((units, rows))
        return primary, rows[order], units[order]

    def _portions(self, opened: _Open) -> Iterator[_Open]:
        """The points in portions whose pairs of a point and an edge fit into little memory."""
        seen = np.cumsum(self._records[opened.records, 3] >> 16, dtype=np.int64) // _PAIRS
        if seen[-1] == 0:
            yield opened
            return
        for begin, end in pairwise([*np.flatnonzero(np.diff(seen, prepend=-1)), len(seen)]):
            points, records, row, column = opened
            part = slice(begin, end)
            yield _Open(points[part], records[part], row[part], column[part])

    def _prove(
        self, lat: Floats, lon: Floats, opened: _Open, begins: Uint32s, packed: Uint32s
    ) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Which candidates hold each point, as a mask, and whether that is proved."""
        size = self._grid.cells_per_degree
        refs, masks, count = packed & 255, (packed >> 8).astype(np.uint8), (packed >> 16).astype(np.int64)
        proven = refs != UNPROVEN
        point = np.repeat(np.arange(len(count)), count)
        edge = self._edges.take(np.arange(len(point)) + np.repeat(begins - (np.cumsum(count) - count), count))
        first = edge >> 9
        x, y = lon.take(point), lat.take(point)
        a, b = self._coords.take(first), self._coords.take(first + 1)
        ax, ay, bx, by = a.real - x, a.imag - y, b.real - x, b.imag - y
        side = _sign(ax * by, ay * bx)
        # where the point and the reference point lie on one side of the edge, there is nothing to cross
        near = np.flatnonzero(side != (edge >> 7 & 2) - 1)
        at, side = point[near], side[near]
        rx = ((opened.column + (refs + 0.5) / SUBCOLUMNS) / size - lon)[at]
        ry = ((opened.row + REFERENCE_ROW) / size - lat)[at]
        apart = _sign(rx * ay[near], ry * ax[near]) * _sign(rx * by[near], ry * bx[near])
        crossed = (apart < 0) & (side != 0)
        np.bitwise_xor.at(masks, at[crossed], edge[near[crossed]].astype(np.uint8))
        proven[at[(apart <= 0) & ~crossed]] = False
        return masks, proven

    def _settle(
        self,
        points: Ints,
        candidates: Uint32s,
        masks: NDArray[np.uint8],
        proven: NDArray[np.bool_],
        primary: Int32s,
    ) -> tuple[Ints, Int32s]:
        """Write the primary unit of the proved points; return the units of those in several."""
        units = self._candidates.take(candidates + self._lowest.take(masks))
        units[masks == 0] = -1
        primary[points] = units
        many = np.flatnonzero((self._count[masks] > 1) & proven)
        which, bit = np.nonzero(self._bits[masks[many]])
        return points[many[which]], self._candidates[candidates[many[which]] + bit]

    def _ask_geos(
        self, points: Ints, records: Ints, lat: Floats, lon: Floats, primary: Int32s
    ) -> tuple[Ints, Int32s]:
        """The same for points of which nothing is proved."""
        begin, count = self._records[records, 1].astype(np.int64), self._records[records, 2].astype(np.int64)
        pair = np.repeat(np.arange(len(points)), count)
        units = self._candidates[np.arange(len(pair)) + np.repeat(begin - (np.cumsum(count) - count), count)]
        holds = self._polygons.hold(units, lat[points[pair]], lon[points[pair]])
        pair, units = pair[holds], units[holds]
        first = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
        primary[points] = -1
        primary[points[pair[first]]] = units[first]
        many = np.bincount(pair, minlength=len(points))[pair] > 1
        return points[pair[many]], units[many]


def _sign(one: Floats, other: Floats) -> NDArray[np.int8]:
    """The sign of ``one - other`` where the error bound proves it, else zero."""
    turn = one - other
    bound = (np.abs(one) + np.abs(other)) * ORIENTATION_ERROR + UNDERFLOW
    return (turn > bound).astype(np.int8) - (turn < -bound)
