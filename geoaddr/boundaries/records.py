"""The records of the cells that need more than one number: edges, candidates and a reference point.

A reference point lies on its row's reference line, in the middle of a subcolumn that no edge of the cell
crosses. So it is inside a unit exactly when an odd number of the unit's crossings lie in subcolumns west of
it: whole numbers are compared, and rounding has no say.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.cover import Coverage
from geoaddr.boundaries.edges import Edges, Floats, Ints, runs
from geoaddr.boundaries.sections import (
    MOST_CANDIDATES,
    MOST_EDGES,
    ORIENTATION_ERROR,
    REFERENCE_ROW,
    SUBCOLUMNS,
    UNDERFLOW,
    UNPROVEN,
)
from geoaddr.grid import Grid


class Records(NamedTuple):
    """One row per touched cell, in the order of the cells.

    ``edges`` is as in the sections. The runs of edges and of candidates are by offsets.
    """

    edge_offsets: Ints
    refs: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    edges: Ints
    candidate_offsets: Ints
    candidates: Ints


def make_records(
    cells: Ints, edge_offsets: Ints, touching: Ints, edges: Edges, coords: Floats, coverage: Coverage, grid: Grid
) -> Records:
    """The records of the touched ``cells`` (keys, ascending), touched by runs of ``touching``."""
    which = np.repeat(np.arange(len(cells)), np.diff(edge_offsets))
    pair, step = runs(np.diff(edges.owner_offsets)[touching])
    owner = edges.owners[edges.owner_offsets[touching][pair] + step].astype(np.int64)
    units = int(edges.owners.max()) + 1
    covered, covering = coverage.covering(cells)
    keys = np.unique(np.concatenate([which[pair] * units + owner, covered * units + covering]))
    cell_of, candidates = np.divmod(keys, units)
    offsets = np.searchsorted(cell_of, np.arange(len(cells) + 1))
    rank = np.searchsorted(keys, which[pair] * units + owner) - offsets[which[pair]]
    edge_masks = _merged(rank, pair, len(touching))

    refs = _reference_subcolumns(cells, coverage)
    refs[np.diff(offsets) > MOST_CANDIDATES] = UNPROVEN
    inside = coverage.inside(candidates, cells[cell_of], refs[cell_of].astype(np.int64))
    masks = _merged((np.arange(len(keys)) - offsets[cell_of])[inside], cell_of[inside], len(cells))

    left, sure = _sides(cells[which], refs[which], edges.start[touching], coords, grid)
    refs[which[~sure]] = UNPROVEN
    refs[np.diff(edge_offsets) > MOST_EDGES] = UNPROVEN
    packed = edges.start[touching] << 9 | left.astype(np.int64) << 8 | edge_masks.astype(np.int64)
    return Records(edge_offsets, refs, masks, packed, offsets, candidates)


def _merged(rank: Ints, group: Ints, groups: int) -> NDArray[np.uint8]:
    """Per group, the mask of the ranks in it. Groups of more candidates than a mask holds are never read."""
    fits = rank < MOST_CANDIDATES
    bits = np.left_shift(1, rank[fits])
    return np.bincount(group[fits], weights=bits, minlength=groups).astype(np.uint8)


def _reference_subcolumns(cells: Ints, coverage: Coverage) -> NDArray[np.uint8]:
    """Per cell the middle of the widest run of subcolumns that nothing crosses, or UNPROVEN."""
    crossed, subcolumn = coverage.crossed
    everywhere = np.arange(len(cells))
    which = np.concatenate([everywhere, np.searchsorted(cells, crossed), everywhere])
    place = np.concatenate([np.full(len(cells), -1), subcolumn, np.full(len(cells), SUBCOLUMNS)])
    order = np.lexsort((place, which))
    which, place = which[order], place[order]
    wide = np.diff(place, append=0)
    wide[np.flatnonzero(np.diff(which, append=len(cells)))] = -1  # from one cell to the next
    widest = np.lexsort((-wide, which))[np.searchsorted(which, everywhere)]
    found = place[widest] + wide[widest] // 2
    found[(wide[widest] < 2) | (found >= UNPROVEN)] = UNPROVEN
    refs: NDArray[np.uint8] = found.astype(np.uint8)
    return refs


def _sides(
    cells: Ints, refs: NDArray[np.uint8], starts: Ints, coords: Floats, grid: Grid
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the reference point lies left of each edge, and whether that is sure."""
    row, column = grid.places(cells)
    x = (column + grid.first_column + (refs + 0.5) / SUBCOLUMNS) / grid.cells_per_degree
    y = (row + grid.first_row + REFERENCE_ROW) / grid.cells_per_degree
    ax, ay = coords[starts, 0] - x, coords[starts, 1] - y
    bx, by = coords[starts + 1, 0] - x, coords[starts + 1, 1] - y
    one, other = ax * by, ay * bx
    turn = one - other
    sure = np.abs(turn) > (np.abs(one) + np.abs(other)) * ORIENTATION_ERROR + UNDERFLOW
    return turn > 0, sure
