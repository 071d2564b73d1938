"""From polygons to the arrays of an index (:mod:`geoaddr.boundaries.sections`), all in whole columns."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.cover import Coverage
from geoaddr.boundaries.edges import Edges, Ints, distinct_edges, runs, touched_cells
from geoaddr.boundaries.layer import Layer, take_apart
from geoaddr.boundaries.records import Records, make_records
from geoaddr.boundaries.sections import LAYOUT, SUBCOLUMNS
from geoaddr.grid import Grid

_FINEST = 1024
"""Cells to a degree at most: about 100 m. Finer cells make the index larger and no answer faster."""

_TILE_SHIFT = 4
_MOST_TILES = 2**24


def build_index(polygons: NDArray[Any], *, cells_per_degree: int | None = None) -> dict[str, NDArray[Any]]:
    """See :func:`geoaddr.boundaries.build`."""
    layer = take_apart(polygons)
    edges = distinct_edges(layer)
    grid = _grid(layer, edges, cells_per_degree)
    keys, touching = touched_cells(edges, grid)
    cells, begins = np.unique(keys, return_index=True)
    del keys
    coverage = Coverage(edges, grid)
    edge_offsets = np.append(begins, len(touching))
    records = make_records(cells, edge_offsets, touching, edges, layer.coords, coverage, grid)
    table = _tabulate(cells, coverage, grid)
    return _sections(layer, grid, records, table)


def _grid(layer: Layer, edges: Edges, cells_per_degree: int | None) -> Grid:
    size = cells_per_degree or _size_for(edges)
    shift = _TILE_SHIFT
    while True:
        grid = Grid.over(layer.extent, cells_per_degree=size, tile_shift=shift)
        if grid.tile_columns * grid.tile_rows <= _MOST_TILES:
            break
        shift += 1
    places = len(layer.bounds) * grid.rows * grid.columns * SUBCOLUMNS
    if places >= 2**63:  # the key of a crossing would not fit
        return _grid(layer, edges, size // 2)
    return grid


def _size_for(edges: Edges) -> int:
    """The finest grid in which most touched cells are touched because an edge begins there, not because a
    long edge passes: past that, halving the cells only multiplies them."""
    length = float(np.hypot(edges.x2 - edges.x1, edges.y2 - edges.y1).sum())
    room = (2 * len(edges) + 4096) / length
    return min(_FINEST, 1 << max(0, math.floor(math.log2(room))))


class _Table(NamedTuple):
    """The two levels, and the sets of units that cover whole cells together, one record each."""

    tiles: NDArray[np.int32]
    cells: NDArray[np.int32]
    set_offsets: Ints
    set_units: Ints


def _tabulate(touched: Ints, coverage: Coverage, grid: Grid) -> _Table:
    """Blocks of cells for the tiles that are not all alike, and one shared block for each answer that some
    whole tile gives."""
    size, shift = grid.tile_size, grid.tile_shift
    row, column = np.divmod(touched, grid.columns)
    mixed = np.unique((row >> shift) * grid.tile_columns + (column >> shift))
    tile = np.arange(grid.tile_columns * grid.tile_rows)
    corner = (tile // grid.tile_columns * size) * grid.columns + tile % grid.tile_columns * size
    within = (np.arange(size)[:, None] * grid.columns + np.arange(size)).ravel()
    cells = (corner[mixed][:, None] + within).ravel()
    untouched = np.ones(len(cells), dtype=bool)
    order = np.argsort(cells)
    untouched[order[np.searchsorted(cells, touched, sorter=order)]] = False

    asked = np.concatenate([corner, cells[untouched]])
    values, set_offsets, set_units = _values(asked, coverage, first_record=len(touched))
    block = np.empty(len(cells), dtype=np.int32)
    block[untouched] = values[len(tile) :]
    block[order[np.searchsorted(cells, touched, sorter=order)]] = -2 - np.arange(len(touched))
    whole = np.delete(tile, mixed)
    alike, which = np.unique(values[whole], return_inverse=True)
    number = np.empty(len(tile), dtype=np.int64)
    number[whole] = which
    number[mixed] = np.arange(len(alike), len(alike) + len(mixed))
    base = number * size * size - (tile // grid.tile_columns * size * size + tile % grid.tile_columns * size)
    filled = np.repeat(alike.astype(np.int32), size * size)
    return _Table(base.astype(np.int32), np.concatenate([filled, block]), set_offsets, set_units)


def _values(cells: Ints, coverage: Coverage, *, first_record: int) -> tuple[Ints, Ints, Ints]:
    """What untouched cells say (see the section ``cells``), with the sets that several units form."""
    count, unit, mark = coverage.ask(cells)
    values = np.where(count == 0, -1, unit)
    many = np.flatnonzero(count > 1)
    _, first, which = np.unique(mark[many], return_index=True, return_inverse=True)
    position, units = coverage.covering(cells[many[first]])
    offsets = np.searchsorted(position, np.arange(len(first) + 1))
    number, distinct = _same_runs(offsets, units)
    values[many] = -2 - first_record - number[which]
    pick, step = runs(np.diff(offsets)[distinct])
    lengths = np.append(0, np.cumsum(np.diff(offsets)[distinct]))
    return values, lengths, units[offsets[:-1][distinct][pick] + step]


def _same_runs(offsets: Ints, values: Ints) -> tuple[Ints, Ints]:
    """A number for every run, the same for equal runs; and for each number one run that has it."""
    lengths = np.diff(offsets)
    number = np.unique(lengths, return_inverse=True)[1].astype(np.int64)
    span = int(values.max()) + 1 if len(values) else 1
    for step in range(int(lengths.max()) if len(lengths) else 0):
        has = np.flatnonzero(lengths > step)
        pairs = number[has] * span + values[offsets[has] + step]
        number[has] = np.unique(pairs, return_inverse=True)[1] + len(lengths)
        number = np.unique(number, return_inverse=True)[1].astype(np.int64)
    return number, np.unique(number, return_index=True)[1]


def _sections(layer: Layer, grid: Grid, records: Records, table: _Table) -> dict[str, NDArray[Any]]:
    several = len(table.set_offsets) - 1
    offsets = np.append(records.candidate_offsets[:-1], table.set_offsets + len(records.candidates))
    units = np.append(records.candidates, table.set_units)
    number, distinct = _same_runs(offsets, units)
    pick, step = runs(np.diff(offsets)[distinct])
    all_of = np.left_shift(1, np.minimum(np.diff(table.set_offsets), 8)) - 1
    too_many = np.where(np.diff(table.set_offsets) > 8, 255, 0)
    last = records.edge_offsets[-1]
    fields = (
        LAYOUT, len(layer.bounds), grid.cells_per_degree, grid.tile_shift,
        grid.first_column, grid.first_row, grid.tile_columns, grid.tile_rows,
    )  # fmt: skip
    return {
        "grid": np.array(fields, dtype=np.int64),
        "tiles": table.tiles,
        "cells": table.cells,
        "record_edges": np.append(records.edge_offsets, np.full(several, last)).astype(np.uint32),
        "record_sets": number.astype(np.uint32),
        "record_refs": np.append(records.refs, too_many).astype(np.uint8),
        "record_masks": np.append(records.masks, all_of).astype(np.uint8),
        "edges": records.edges.astype(np.uint32),
        "edge_masks": records.edge_masks,
        "set_offsets": np.append(0, np.cumsum(np.diff(offsets)[distinct])).astype(np.uint32),
        "set_units": units[offsets[:-1][distinct][pick] + step].astype(np.int32),
        "coords": layer.coords,
        "ring_offsets": layer.ring_offsets.astype(np.uint32),
        "part_offsets": layer.part_offsets.astype(np.uint32),
        "unit_offsets": layer.unit_offsets.astype(np.uint32),
        "multipart": layer.multipart,
        "bounds": layer.bounds,
    }
