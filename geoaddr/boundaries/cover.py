"""Which units cover a cell that none of their edges touches, read off the crossings of its row.

Along the reference line of a row, each crossing of a unit's boundary changes between inside and outside. So a
unit covers the cells strictly between the first crossing and the second, between the third and the fourth,
and so on. Cells with a crossing are touched cells, about which nothing is said here.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries.edges import Edges, Ints, row_crossings, runs
from geoaddr.boundaries.sections import SUBCOLUMNS
from geoaddr.grid import Grid

_AT_ONCE = 2**22
"""Pairs that a join looks at in one step, to keep memory flat."""


class Coverage:
    """The crossings of all units and rows, ready to be asked."""

    def __init__(self, edges: Edges, grid: Grid) -> None:
        self._grid = grid
        edge, row, subcolumn = row_crossings(edges, grid)
        self.crossed = (grid.keys(row, subcolumn // SUBCOLUMNS), subcolumn % SUBCOLUMNS)
        """Key and subcolumn of every crossing."""
        owned = np.diff(edges.owner_offsets)[edge]
        crossing, step = runs(owned)
        unit = edges.owners[edges.owner_offsets[edge][crossing] + step].astype(np.int64)
        keys = self._key(unit, row[crossing], subcolumn[crossing])
        keys.sort()
        self._crossings = keys
        self._lay_intervals(keys)

    def _key(self, unit: Ints, row: Ints, subcolumn: Ints) -> Ints:
        return (unit * self._grid.rows + row) * (self._grid.columns * SUBCOLUMNS) + subcolumn

    def _lay_intervals(self, keys: Ints) -> None:
        columns, rows = self._grid.columns, self._grid.rows
        line, place = np.divmod(keys // SUBCOLUMNS, columns)
        unit, row = np.divmod(line[::2], rows)
        low, high = row * columns + place[::2] + 1, row * columns + place[1::2]
        some = low < high
        unit, low, high = unit[some], low[some], high[some]
        at = np.concatenate([low, high])
        order = np.argsort(at, kind="stable")
        ones = np.ones(len(low), dtype=np.int64)
        self._events = at[order]
        self._count = np.concatenate([[0], np.cumsum(np.concatenate([ones, -ones])[order])])
        self._total = np.concatenate([[0], np.cumsum(np.concatenate([unit, -unit])[order])])
        order = np.argsort(low, kind="stable")
        self._low, self._high, self._unit = low[order], high[order], unit[order]

    def inside(self, unit: Ints, cell: Ints, subcolumn: Ints) -> NDArray[np.bool_]:
        """Whether the units hold the point on the reference line at the middle of a cell's subcolumn.

        The caller sees to it that no crossing of that unit lies in that subcolumn.
        """
        row, column = self._grid.places(cell)
        key = self._key(unit, row, column * SUBCOLUMNS + subcolumn)
        # each unit crosses each row an even number of times: what lies before this row changes no parity
        found: NDArray[np.bool_] = np.searchsorted(self._crossings, key) % 2 == 1
        return found

    def ask(self, cells: Ints) -> tuple[Ints, Ints, Ints]:
        """Of each cell: how many units cover it; which, where it is one; and a mark that two cells share
        only when the same units cover them."""
        mark = np.searchsorted(self._events, self._along_rows(cells), side="right")
        return self._count[mark], self._total[mark], mark

    def _along_rows(self, cells: Ints) -> Ints:
        row, column = self._grid.places(cells)
        return row * self._grid.columns + column

    def covering(self, cells: Ints) -> tuple[Ints, Ints]:
        """All pairs of a position in ``cells`` and a unit that covers that cell; by position, then unit."""
        count, unit, mark = self.ask(cells)
        one, many = np.flatnonzero(count == 1), np.flatnonzero(count > 1)
        which, units = self._several(cells[many], mark[many])
        position = np.concatenate([one, many[which]])
        units = np.concatenate([unit[one], units])
        order = np.lexsort((units, position))
        return position[order], units[order]

    def _several(self, cells: Ints, marks: Ints) -> tuple[Ints, Ints]:
        """The same for cells that several units cover: one cell of each mark meets its row's intervals."""
        _, first, which_mark = np.unique(marks, return_index=True, return_inverse=True)
        asked = self._along_rows(cells[first])
        row_begin = asked - asked % self._grid.columns
        begin = np.searchsorted(self._low, row_begin)
        counts = np.searchsorted(self._low, asked, side="right") - begin
        found: list[tuple[Ints, Ints]] = []
        pieces = np.flatnonzero(np.diff(np.cumsum(counts) // _AT_ONCE, prepend=-1))
        for low, high in pairwise([*pieces, len(asked)]):
            which, step = runs(counts[low:high])
            interval = begin[low:high][which] + step
            holds = self._high[interval] > asked[low:high][which]
            found.append((which[holds] + low, self._unit[interval[holds]]))
        mark_of = np.concatenate([f[0] for f in found] or [np.empty(0, dtype=np.int64)])
        units = np.concatenate([f[1] for f in found] or [np.empty(0, dtype=np.int64)])
        begins = np.searchsorted(mark_of, np.arange(len(asked) + 1))
        which, step = runs(np.diff(begins)[which_mark])
        return which, units[begins[which_mark][which] + step]
