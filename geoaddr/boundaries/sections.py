"""The arrays that an index is made of, and where it reads them from.

=================  =======  ==========================================================================
section            type     meaning
=================  =======  ==========================================================================
``grid``           int64    layout, units, then the six fields of :class:`geoaddr.grid.Grid`
``tiles``          int32    per tile, row by row: what to add to ``(row << tile_shift) + column`` of a
                            cell in it to find the cell's place in ``cells``
``cells``          int32    a unit's row: that unit holds the whole cell; -1: none does; -2 - i: see the
                            ``i``-th record
``record_edges``   uint32   per record the begin of its run in ``edges`` (one more at the end)
``record_sets``    uint32   per record its candidates: a position in ``set_offsets``
``record_refs``    uint8    per record where its reference point lies: the part of 256, from the west;
                            255: no answer can be proved in this cell
``record_masks``   uint8    per record which candidates hold the reference point, the first in bit 0
``edges``          uint32   twice the position in ``coords`` of the edge's first vertex (the next vertex
                            is its other end), plus 1 where the reference point lies to its left
``edge_masks``     uint8    which candidates the edge bounds
``set_offsets``    uint32   per set of candidates the begin of its run in ``set_units`` (one more)
``set_units``      int32    rows of units, ascending within a set
``coords``         float64  longitude and latitude of every vertex of every ring, as they came
``ring_offsets``   uint32   begin of each ring in ``coords`` (one more)
``part_offsets``   uint32   begin of each polygon in the rings, its shell first (one more)
``unit_offsets``   uint32   begin of each unit in the polygons (one more)
``multipart``      uint8    1 where the unit came as a multipolygon
``bounds``         float64  west, south, east, north of each unit
=================  =======  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYOUT = 1
"""The arrangement above; an index of another number is refused."""

SUBCOLUMNS = 256
"""Parts of a cell's width at whose middles a reference point may lie."""

REFERENCE_ROW = 37 / 64
"""How high in its cell a reference point lies, as a part of the cell's height.

A fraction of this form is never a number of at most six decimals, so that no vertex of the usual data lies
level with a reference point.
"""

UNPROVEN = 255
"""The reference of a record whose points all go to GEOS."""

MOST_CANDIDATES = 8
"""Candidates that a mask has room for; a cell with more is left to GEOS."""

ORIENTATION_ERROR = 3.3306690738754716e-16
"""Shewchuk's bound for the sign of a 2 x 2 determinant of differences, ``(3 + 16u)u`` with ``u = 2**-53``:
where the determinant exceeds this times the sum of its products' magnitudes, its sign is right.
Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates",
Discrete & Computational Geometry 18 (1997), the error bound called A of the two-dimensional test."""

UNDERFLOW = 1e-290
"""Added to that bound, which assumes that no product underflows."""


class SectionSource(Protocol):
    """Where an index reads its arrays from; :class:`geoaddr.pack.Pack` is one."""

    def view(self, name: str) -> memoryview[Any]:
        """A section as a flat typed memoryview."""

    def array(self, name: str) -> NDArray[Any]:
        """A section as a numpy array, not copied."""

    def raw(self, name: str) -> memoryview:
        """The bytes of a section."""

    def __contains__(self, name: str) -> bool:
        """Whether there is a section of this name."""


class ArraySections:
    """A source over arrays in memory: an index straight from :func:`geoaddr.boundaries.build`."""

    def __init__(self, sections: Mapping[str, NDArray[Any]]) -> None:
        self._sections = sections

    def view(self, name: str) -> memoryview[Any]:
        """A section as a flat typed memoryview."""
        array = self._sections[name]
        # numpy calls 64-bit integers "l"; memoryview.cast knows them under the name that packs use
        codes = {"|u1": "B", "<u4": "I", "<i4": "i", "<i8": "q", "<f8": "d"}
        return self.raw(name).cast(codes[array.dtype.str])  # type: ignore[call-overload, no-any-return]

    def array(self, name: str) -> NDArray[Any]:
        """A section as it is."""
        return self._sections[name]

    def raw(self, name: str) -> memoryview:
        """The bytes of a section."""
        array = self._sections[name]
        return memoryview(array.reshape(-1)).cast("B") if array.size else memoryview(b"")

    def __contains__(self, name: str) -> bool:
        return name in self._sections
