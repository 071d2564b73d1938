"""The edges of a layer: each once, however many units it bounds; the cells they touch; where they cross rows.

Everything here works in cells, not degrees: coordinates times a power of two, which is exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.layer import Layer
from geoaddr.boundaries.sections import REFERENCE_ROW, SUBCOLUMNS
from geoaddr.grid import Grid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SLACK = 2.0**-20
"""How far, in cells, a computed crossing may be off. The true error is under six roundings of a coordinate,
that is under 2**-30 at 1,024 cells a degree."""


class Edges(NamedTuple):
    """The distinct edges, in the order of the vertex that each begins with.

    ``x1 y1 x2 y2`` are its ends in degrees, the lexicographically smaller first, so that all units on an
    edge see the same numbers. ``owners[owner_offsets[e]:owner_offsets[e + 1]]`` are the units that it bounds.
    """

    start: Ints
    x1: Floats
    y1: Floats
    x2: Floats
    y2: Floats
    owner_offsets: Ints
    owners: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)


def runs(counts: Ints) -> tuple[Ints, Ints]:
    """For runs of these lengths laid end to end: of every place the run's number, and the place within it."""
    which = np.repeat(np.arange(len(counts)), counts)
    begins = np.cumsum(counts) - counts
    return which, np.arange(len(which)) - begins[which]


def distinct_edges(layer: Layer) -> Edges:
    """Every edge once; edges of no length are left out, as they bound nothing."""
    x, y = layer.coords[:, 0] + 0.0, layer.coords[:, 1] + 0.0  # adding zero turns -0.0 into 0.0
    begins = np.ones(len(x), dtype=bool)
    begins[layer.ring_offsets[1:] - 1] = False
    start = np.flatnonzero(begins)
    start = start[(x[start] != x[start + 1]) | (y[start] != y[start + 1])]
    swap = (x[start] > x[start + 1]) | ((x[start] == x[start + 1]) & (y[start] > y[start + 1]))
    first, second = start + swap, start + 1 - swap
    ends = np.stack([x[first], y[first], x[second], y[second]])
    group, representative = _groups_of_equals(ends)
    order = np.argsort(group, kind="stable")
    owner_offsets = np.zeros(len(representative) + 1, dtype=np.int64)
    np.cumsum(np.bincount(group), out=owner_offsets[1:])
    owners = layer.unit_of_vertices()[start][order]
    x1, y1, x2, y2 = ends[:, representative]
    return Edges(start[representative], x1, y1, x2, y2, owner_offsets, owners)


def _groups_of_equals(ends: Floats) -> tuple[Ints, Ints]:
    """A number for every column of ``ends``, the same for equal columns, in order of first appearance; and
    where each number appears first.

    Columns are brought together by a hash. Two different columns with one hash can only tear a group of
    equals apart, and an edge that stands twice, each time with its own units, answers the same.
    """
    mixed = np.zeros(ends.shape[1], dtype=np.uint64)
    for row in ends:
        mixed = (mixed ^ row.view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    fresh = np.ones(len(order), dtype=bool)
    mixed = mixed[order]
    alike = np.flatnonzero(mixed[1:] == mixed[:-1])
    fresh[alike + 1] = (ends[:, order[alike]] != ends[:, order[alike + 1]]).any(axis=0)
    number = np.cumsum(fresh) - 1
    first = order[fresh]
    by_appearance = np.argsort(first)
    rank = np.empty(len(first), dtype=np.int64)
    rank[by_appearance] = np.arange(len(first))
    group = np.empty(len(order), dtype=np.int64)
    group[order] = rank[number]
    return group, first[by_appearance]


def touched_cells(edges: Edges, grid: Grid) -> tuple[Ints, Ints]:
    """Every pair of a cell and an edge that touches it, its sides included: cells' keys and edges.

    Sorted by cell, then by edge. A pair too many does no harm; none is missing.
    """
    size = grid.cells_per_degree
    x1, y1, x2, y2 = (v * size for v in (edges.x1, edges.y1, edges.x2, edges.y2))
    south, north = np.minimum(y1, y2), np.maximum(y1, y2)
    low = (np.ceil(south) - 1).astype(np.int64)
    edge, step = runs(np.floor(north).astype(np.int64) - low + 1)
    row = low[edge] + step
    # the stretch of the edge inside the row, first in y, then in x; x1 <= x2 in every edge
    ax, ay, bx, by = x1[edge], y1[edge], x2[edge], y2[edge]
    at_low = _x_at(np.maximum(row, south[edge]), ax, ay, bx, by, where_level=ax)
    at_high = _x_at(np.minimum(row + 1, north[edge]), ax, ay, bx, by, where_level=bx)
    west = np.maximum(np.minimum(at_low, at_high) - _SLACK, ax)
    east = np.minimum(np.maximum(at_low, at_high) + _SLACK, bx)
    first = (np.ceil(west) - 1).astype(np.int64)
    pair, step = runs(np.floor(east).astype(np.int64) - first + 1)
    key = grid.keys(row[pair] - grid.first_row, first[pair] + step - grid.first_column)
    edge = edge[pair]
    order = np.argsort(key, kind="stable")
    return key[order], edge[order]


def row_crossings(edges: Edges, grid: Grid) -> tuple[Ints, Ints, Ints]:
    """Where edges cross the reference line of a row of cells: edge, row, and subcolumn of the crossing.

    An edge crosses when one end lies above the line and the other does not: of the edges of a ring, an even
    number does so. The subcolumn counts parts of ``1 / SUBCOLUMNS`` of a cell from the grid's west side; it
    may be one off where the crossing lies within ``_SLACK`` of a line between two.
    """
    size = grid.cells_per_degree
    x1, y1, x2, y2 = (v * size for v in (edges.x1, edges.y1, edges.x2, edges.y2))
    low = _first_row_above(np.minimum(y1, y2))
    edge, step = runs(_first_row_above(np.maximum(y1, y2)) - low)
    row = low[edge] + step
    ax, bx = x1[edge], x2[edge]
    level = (row + REFERENCE_ROW).astype(np.float64)
    x = _x_at(level, ax, y1[edge], bx, y2[edge], where_level=ax)
    x = np.clip(x, ax, bx)  # no rounding may move it to a cell that the edge does not touch
    subcolumn = np.floor(x * SUBCOLUMNS).astype(np.int64) - grid.first_column * SUBCOLUMNS
    return edge, row - grid.first_row, subcolumn


def _x_at(y: Floats, ax: Floats, ay: Floats, bx: Floats, by: Floats, *, where_level: Floats) -> Floats:
    """Where edges reach the height ``y``, which lies between their ends."""
    part = np.divide(y - ay, by - ay, out=np.zeros_like(y), where=by != ay)
    return np.where(by == ay, where_level, ax + part * (bx - ax))


def _first_row_above(y: Floats) -> Ints:
    """The first row whose reference line lies at ``y`` or above; exact, as both sides of the test are."""
    row = np.floor(y)
    return (row + (row + REFERENCE_ROW < y)).astype(np.int64)
