"""An opened index: the units that hold a point, for one point and for columns of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from geoaddr.boundaries.edge_distance import border_lookup
from geoaddr.boundaries.exact import Polygons
from geoaddr.boundaries.scalar import scalar_lookup
from geoaddr.boundaries.sections import LAYOUT
from geoaddr.errors import DataError, InvalidInput, Said
from geoaddr.grid import Grid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.boundaries.border_columns import BorderColumns
    from geoaddr.boundaries.columnar import ColumnarLookup
    from geoaddr.boundaries.sections import SectionSource
    from geoaddr.boundaries.whole_cells import WholeCells


class Hits(NamedTuple):
    """Units of many points.

    ``primary`` int32, one per point: the smallest row among the units that hold it, -1 where none does.
    ``multi_rows`` int64 and ``multi_units`` int32, of equal length: for points in several units, every pair
    of the point's position and a unit's row, ascending.
    """

    primary: NDArray[np.int32]
    multi_rows: NDArray[np.int64]
    multi_units: NDArray[np.int32]


class BoundaryIndex:
    """Point to units, exact: a unit holds a point when its polygon, boundary included, meets it.

    Build with :meth:`from_pack`. Reading is all in place and may be shared by threads and processes.
    """

    def __init__(self, source: SectionSource, prefix: str) -> None:
        self._source, self._prefix = source, f"{prefix}." if prefix else ""
        layout, self._units, *fields = source.view(self._prefix + "grid").tolist()
        if layout != LAYOUT:
            raise DataError(
                self._prefix + "grid",
                Said(
                    f"boundaries of layout {layout}; this software reads layout {LAYOUT}",
                    f"ranh giới theo bố cục {layout}; phần mềm này đọc bố cục {LAYOUT}",
                ),
            )
        self.grid = Grid(*fields)
        self._polygons = Polygons(source, self._prefix)
        self._columnar: ColumnarLookup | None = None
        self.at = scalar_lookup(self.grid, source, self._prefix, self._polygons)
        """``at(lat, lon)``: the rows of all units that hold the point, ascending; empty for a point in
        none, out of range or not finite. Degrees, WGS 84."""
        self.border = border_lookup(self.grid, source, self._prefix, self.at)
        """``border(lat, lon, row)``: the border of a unit, or of any unit for -1, nearest to a point, and the
        unit on its other side; ``None`` where none is near. See :mod:`geoaddr.boundaries.edge_distance`."""

    @classmethod
    def from_pack(cls, pack: SectionSource, prefix: str) -> BoundaryIndex:
        """The index whose sections are named ``prefix`` and a dot; no prefix where it is empty.

        :raises DataError: the index has another layout than this software reads.
        """
        return cls(pack, prefix)

    def __len__(self) -> int:
        return self._units

    def at_many(self, lat: NDArray[np.float64], lon: NDArray[np.float64], *, compiled: bool | None = None) -> Hits:
        """:attr:`at` for columns of equal length, in degrees.

        :param compiled: whether compiled loops answer, which needs ``geoaddr[fast]``: no answer depends on it. By
            default they do where that is installed, once this index has been asked about so many points
            that the loading pays. ``NUMBA_DISABLE_JIT=1`` in the environment is as if it were not installed.
        :raises InvalidInput: the columns are not one-dimensional, numeric and of equal length.
        :raises MissingExtra: ``compiled`` is true, and it is not installed.
        """
        import numpy as np

        columns = [_column("lat", lat), _column("lon", lon)]
        if len(columns[0]) != len(columns[1]):
            raise InvalidInput(
                "lon",
                len(columns[1]),
                Said(
                    f"a column of another length than lat, {len(columns[0])}",
                    f"cột có độ dài khác với lat, {len(columns[0])}",
                ),
            )
        if self._columnar is None:
            from geoaddr.boundaries.columnar import ColumnarLookup

            self._columnar = ColumnarLookup(self.grid, self._source, self._prefix, self._polygons)
        with np.errstate(over="ignore", invalid="ignore"):
            return Hits(*self._columnar.at_many(columns[0], columns[1], compiled))

    def border_many(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], rows: NDArray[np.int32]
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """:attr:`border` for columns of equal length: metres, NaN where no border is near, and rows, -1 for
        none."""
        return self._border_columns.borders(lat, lon, rows)

    @cached_property
    def _border_columns(self) -> BorderColumns:
        from geoaddr.boundaries.border_columns import BorderColumns

        return BorderColumns(self.grid, self._source, self._prefix, self.at_many, self.border)

    @cached_property
    def whole_cells(self) -> WholeCells:
        """Boxes that one unit plainly holds: see :mod:`geoaddr.boundaries.whole_cells`."""
        from geoaddr.boundaries.whole_cells import WholeCells

        return WholeCells(self.grid, self._source, self._prefix)

    def polygon(self, row: int) -> Any:
        """A unit's polygon or multipolygon for shapely, with the coordinates it was given.

        :raises IndexError: no such row.
        """
        return self._polygons.polygon(self._known(row))

    def bounds(self, row: int) -> tuple[float, float, float, float]:
        """West, south, east, north of a unit, in degrees.

        :raises IndexError: no such row.
        """
        return self._polygons.bounds(self._known(row))

    def all_bounds(self) -> NDArray[np.float64]:
        """:meth:`bounds` of every unit, (n, 4)."""
        return self._source.array(self._prefix + "bounds").reshape(-1, 4)

    @property
    def vertices(self) -> int:
        """How many vertices all polygons have."""
        return int(self._source.view(self._prefix + "ring_offsets")[-1])

    def _known(self, row: int) -> int:
        if not 0 <= row < self._units:
            raise IndexError(row)
        return row


def _column(name: str, values: Any) -> NDArray[np.float64]:
    import numpy as np

    try:
        column = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(name, values, Said("not a column of numbers", "không phải một cột số")) from None
    if column.ndim != 1:
        raise InvalidInput(name, column.shape, Said("not one column", "không phải một cột"))
    return column
