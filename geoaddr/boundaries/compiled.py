"""The loops of :mod:`geoaddr.boundaries.loops`, compiled: optional, and only for millions of points.

To load numba and what it once compiled takes about as long as the loops save on :data:`WORTH_COMPILING` points.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries import loops
from geoaddr.boundaries.sections import ORIENTATION_ERROR, REFERENCE_ROW, SUBCOLUMNS, UNDERFLOW, UNPROVEN
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.sections import SectionSource

WORTH_COMPILING = 2**25
"""Points after which an index turns to the compiled loops by itself, where numba is installed."""

_CHUNK, _PORTION = 2**14, 2**10
"""Points in one step, and points with their edges: what they read stays in the processor's cache."""


class _Loops(NamedTuple):
    read_cells: Any
    read_ahead: Any
    settle: Any


@cache
def compiled_loops() -> _Loops | None:
    """The loops for numba to compile when they are first called; ``None`` where it is not installed, does not
    go with the numpy that is, or is switched off with its own ``NUMBA_DISABLE_JIT``."""
    try:
        from numba import njit
    except ImportError:
        return None
    functions = (loops.read_cells, loops.read_ahead, loops.settle)
    try:
        compiled = [njit(nogil=True, cache=True)(function) for function in functions]
    except RuntimeError:  # there is no folder where it could keep them
        compiled = [njit(nogil=True)(function) for function in functions]
    return None if compiled[0] is functions[0] else _Loops(*compiled)


class CompiledLookup:
    """The arrays of an index as the loops take them. Threads may share it."""

    def __init__(self, compiled: _Loops, grid: Grid, source: SectionSource, prefix: str) -> None:
        self._loops = compiled
        names = ("tiles", "cells", "block_records", "records", "edges", "candidates", "coords")
        tiles, cells, block_records, records, edges, candidates, coords = (
            _read_only(source.array(prefix + name)) for name in names
        )
        edges = edges.view(np.uint64)
        size, shift = float(grid.cells_per_degree), grid.tile_shift
        west, south, east, north = (degrees * size for degrees in grid.bounds)
        corner = (grid.first_row >> shift) * grid.tile_columns + (grid.first_column >> shift)
        table = (size, shift, grid.tile_columns, corner)
        constants = (size, ORIENTATION_ERROR, UNDERFLOW, REFERENCE_ROW, float(SUBCOLUMNS), UNPROVEN)
        self._cells = ((west, south, east, north), table, tiles, cells)
        self._ahead = (2 * shift, block_records, records, edges, coords[:-1])
        self._settle = (constants, records, edges, coords[:-1], coords[1:], candidates)

    def settle(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], primary: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        """Write the primary units; return the points, ascending, that lie in several or are not proved."""
        lat, lon = _read_only(lat), _read_only(lon)
        row, column = (np.empty(_CHUNK, dtype=np.int32) for _ in range(2))
        places, opened, numbers, left = (np.empty(_CHUNK, dtype=np.uint32) for _ in range(4))
        rest = [np.empty(0, dtype=np.int64)]
        for begin in range(0, len(lat), _CHUNK):
            chunk = slice(begin, begin + _CHUNK)
            y, x, units = lat[chunk], lon[chunk], primary[chunk]
            many = self._loops.read_cells(y, x, *self._cells, (row, column, places), units, opened)
            for first in range(0, many, _PORTION):
                some = opened[first : min(first + _PORTION, many)]
                self._loops.read_ahead(some, places, *self._ahead, units, numbers)
                unsettled = self._loops.settle(y, x, some, numbers, *self._settle, units, left)
                if unsettled:
                    rest.append(left[:unsettled].astype(np.int64) + begin)
        return np.concatenate(rest)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, not to be written: numba compiles once more for arrays that may be."""
    view = array.view()
    view.flags.writeable = False
    return view
