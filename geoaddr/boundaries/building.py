"""From polygons to the arrays of an index (:mod:`geoaddr.boundaries.sections`), all in whole columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.cover import Coverage
from geoaddr.boundaries.edges import Edges, distinct_edges, touched_cells
from geoaddr.boundaries.layer import Layer, take_apart
from geoaddr.boundaries.records import make_records
from geoaddr.boundaries.sections import LAYOUT, SUBCOLUMNS
from geoaddr.boundaries.table import pack_records, tabulate
from geoaddr.grid import Grid

_FINEST = 1024
"""Cells to a degree at most: about 100 m. Finer cells make the index larger and no answer faster."""

_FREE_CELLS = 2**16
"""Touched cells that a small layer may have beyond that: about two megabytes."""

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
    table = tabulate(cells, coverage, grid, units=len(layer.bounds))
    numbers, candidates = pack_records(records, table)
    fields = (
        LAYOUT, len(layer.bounds), grid.cells_per_degree, grid.tile_shift,
        grid.first_column, grid.first_row, grid.tile_columns, grid.tile_rows,
    )  # fmt: skip
    return {
        "grid": np.array(fields, dtype=np.int64),
        "tiles": table.tiles,
        "cells": table.cells,
        "block_records": table.block_records,
        "records": numbers,
        "edges": records.edges,
        "candidates": candidates,
        "coords": layer.coords,
        "ring_offsets": layer.ring_offsets.astype(np.uint32),
        "part_offsets": layer.part_offsets.astype(np.uint32),
        "unit_offsets": layer.unit_offsets.astype(np.uint32),
        "multipart": layer.multipart,
        "bounds": layer.bounds,
    }


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
    room = (2 * len(edges) + _FREE_CELLS) / length
    return min(_FINEST, 1 << max(0, math.floor(math.log2(room))))
