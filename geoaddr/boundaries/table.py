"""The two levels of the cell table, and the records as they are stored.

Tiles with touched cells have a block of cells each. The other tiles share one block for every answer that
some of them gives: a lookup is then the same two steps everywhere. Inside a block, a cell of several units
refers to a record just as a touched cell does, one without edges.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.cover import Coverage
from geoaddr.boundaries.edges import Ints, runs
from geoaddr.boundaries.records import Records
from geoaddr.boundaries.sections import MOST_CANDIDATES, MOST_EDGES, UNPROVEN
from geoaddr.grid import Grid

_SHORT = 2**15 - 2
"""Rows of units and records of a block below this fit a cell of 16 bits, which halves the table."""


class Table(NamedTuple):
    """The sections of the cell table, and where records for several units go among those with edges.

    ``inserted[i]`` such records come before the ``i``-th record with edges or at the end; the units of all
    of them are runs of ``set_units``.
    """

    tiles: NDArray[np.int32]
    cells: NDArray[Any]
    block_records: NDArray[np.uint32]
    inserted: Ints
    set_offsets: Ints
    set_units: Ints


def tabulate(touched: Ints, coverage: Coverage, grid: Grid, *, units: int) -> Table:
    """The table of a grid of whose cells the ``touched`` ones (keys, ascending) have a record each."""
    shift, area = grid.tile_shift, grid.tile_size**2
    tiles = np.arange(grid.tile_columns * grid.tile_rows)
    mixed, blocks_touched = np.unique(touched >> 2 * shift, return_counts=True)
    cells = ((mixed << 2 * shift)[:, None] + np.arange(area)).ravel()
    place = np.searchsorted(cells, touched)
    untouched = np.ones(len(cells), dtype=bool)
    untouched[place] = False
    whole = np.delete(tiles, mixed)

    asked = np.concatenate([cells[untouched], whole << 2 * shift])
    answers, set_offsets, set_units = _answers(asked, coverage)
    inner = np.flatnonzero(untouched)
    alike, which = np.unique(answers[len(inner) :], return_inverse=True)
    filled = np.concatenate([np.empty(len(cells), dtype=np.int64), np.repeat(alike, area)])
    filled[inner] = answers[: len(inner)]
    filled[place] = -1

    blocks_touched = np.concatenate([blocks_touched, np.zeros(len(alike), dtype=np.int64)])
    begins = np.cumsum(blocks_touched) - blocks_touched
    several = np.flatnonzero(filled < -1)
    pairs, pair = np.unique((several // area) * (len(set_offsets)) - 2 - filled[several], return_inverse=True)
    block_of, set_of = np.divmod(pairs, len(set_offsets))
    earlier = np.searchsorted(block_of, np.arange(len(begins)))
    filled[several] = -2 - (blocks_touched[block_of] + np.arange(len(pairs)) - earlier[block_of])[pair]
    filled[place] = -2 - (np.arange(len(touched)) - begins[place // area])

    block_of_tile = np.empty(len(tiles), dtype=np.int64)
    block_of_tile[mixed] = np.arange(len(mixed))
    block_of_tile[whole] = len(mixed) + which
    row, column = grid.places(tiles << 2 * shift)
    corner = ((row + grid.first_row) << shift) + column + grid.first_column
    pick, step = runs(np.diff(set_offsets)[set_of])
    return Table(
        tiles=(block_of_tile * area - corner).astype(np.int32),
        cells=filled.astype(np.int16 if max(units, area) < _SHORT else np.int32),
        block_records=(begins + earlier).astype(np.uint32),
        inserted=(begins + blocks_touched)[block_of],
        set_offsets=np.append(0, np.cumsum(np.diff(set_offsets)[set_of])),
        set_units=set_units[set_offsets[set_of][pick] + step],
    )


def _answers(cells: Ints, coverage: Coverage) -> tuple[Ints, Ints, Ints]:
    """What untouched cells say: a unit's row, -1 for none, -2 - i for the ``i``-th set; and the sets."""
    count, unit, mark = coverage.ask(cells)
    answers = np.where(count == 0, -1, unit)
    many = np.flatnonzero(count > 1)
    _, first, which = np.unique(mark[many], return_index=True, return_inverse=True)
    position, units = coverage.covering(cells[many[first]])
    offsets = np.searchsorted(position, np.arange(len(first) + 1))
    number, offsets, units = _shared(offsets, units)
    answers[many] = -2 - number[which]
    return answers, offsets, units


def _shared(offsets: Ints, values: Ints) -> tuple[Ints, Ints, Ints]:
    """A number for every run, the same for equal runs; and the distinct runs in the order of numbers."""
    lengths = np.diff(offsets)
    number = np.unique(lengths, return_inverse=True)[1].astype(np.int64)
    span = int(values.max()) + 1 if len(values) else 1
    for step in range(int(lengths.max()) if len(lengths) else 0):
        has = np.flatnonzero(lengths > step)
        pairs = number[has] * span + values[offsets[has] + step]
        number[has] = np.unique(pairs, return_inverse=True)[1] + len(lengths)
        number = np.unique(number, return_inverse=True)[1].astype(np.int64)
    first = np.unique(number, return_index=True)[1]
    pick, step_in = runs(lengths[first])
    return number, np.append(0, np.cumsum(lengths[first])), values[offsets[first][pick] + step_in]


def pack_records(records: Records, table: Table) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """The sections ``records`` and ``candidates``."""
    several = np.diff(table.set_offsets)
    offsets = np.append(records.candidate_offsets[:-1], table.set_offsets + len(records.candidates))
    number, begins, candidates = _shared(offsets, np.append(records.candidates, table.set_units))
    edge_counts = np.diff(records.edge_offsets)
    edge_counts[edge_counts > MOST_EDGES] = 0
    all_of = np.left_shift(1, np.minimum(several, MOST_CANDIDATES)) - 1
    reference = np.where(several > MOST_CANDIDATES, UNPROVEN, 0)
    numbers = np.stack(
        [
            np.append(records.edge_offsets[:-1], np.zeros_like(several)),
            begins[:-1][number],
            np.diff(offsets),
            np.append(records.refs, reference)
            + (np.append(records.masks, all_of) << 8)
            + (np.append(edge_counts, np.zeros_like(several)) << 16),
        ],
        axis=1,
    ).astype(np.uint32)
    touched = len(records.refs)
    return np.insert(numbers[:touched], table.inserted, numbers[touched:], axis=0), candidates.astype(np.int32)
