"""The arrays that an index is made of, and where it reads them from.

=================  =======  ==========================================================================
section            type     meaning
=================  =======  ==========================================================================
``grid``           int64    layout, units, then the six fields of :class:`geoaddr.grid.Grid`
``tiles``          int32    per tile, row by row: what to add to ``(row << tile_shift) + column`` of a
                            cell in it, counted from latitude and longitude zero, to find the cell's
                            place in ``cells``
``cells``          int16,   block of cells by block, each a tile's, row by row. A unit's row: that unit
                   int32    holds the whole cell; -1: none does; -2 - i: see the block's ``i``-th record
``block_records``  uint32   the first record of each block
``records``        uint32   four numbers a record: begin of its run in ``edges``; begin and length of its
                            run in ``candidates``; and packed, from the lowest bit, 8 bits where the
                            reference point lies (which part of 256 of the cell's width; 255: no answer
                            can be proved here), 8 bits which candidates hold that point (the first in
                            the lowest), 16 bits the length of its run in ``edges``
``edges``          int64    packed, from the lowest bit: 8 bits which candidates the edge bounds, 1 bit
                            whether the reference point lies to its left, then the place in ``coords``
                            of the vertex where it begins (it ends at the next)
``candidates``     int32    rows of units, ascending within a run; records with the same share one
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

MOST_EDGES = 2**16 - 1
"""Edges that a record can count; a cell with more is left to GEOS."""

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
        codes = {"|u1": "B", "<u4": "I", "<i2": "h", "<i4": "i", "<i8": "q", "<f8": "d"}
        return self.raw(name).cast(codes[array.dtype.str])  # type: ignore[call-overload, no-any-return]

    def array(self, name: str) -> NDArray[Any]:
        """A section as it is."""
        return self._sections[name]

    def raw(self, name: str) -> memoryview:
        """The bytes of a section."""
        return self._sections[name].reshape(-1).view("u1").data

    def __contains__(self, name: str) -> bool:
        return name in self._sections
