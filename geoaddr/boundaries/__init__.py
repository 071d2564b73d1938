"""Which units hold a point: exact, and identical to GEOS on the original polygons for every point.

:func:`build` makes the index of a layer of polygons as arrays for a pack; :class:`BoundaryIndex` reads it in
place. How it works, and why its answers are exact: ``docs/explanation/boundaries.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoaddr.boundaries.index import BoundaryIndex, Hits
from geoaddr.boundaries.sections import ArraySections, SectionSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ArraySections", "BoundaryIndex", "Hits", "SectionSource", "build"]


def build(polygons: NDArray[Any], *, cells_per_degree: int | None = None) -> dict[str, NDArray[Any]]:
    """The index of a layer, as named arrays (without prefix) for a pack.

    :param polygons: shapely polygons and multipolygons, valid, WGS 84, longitude before latitude. A unit's
        row is its position here. Units may overlap and leave gaps; heights are dropped.
    :param cells_per_degree: a power of two; by default chosen from the lengths of the edges.
    :raises InvalidInput: naming the first row that is not a valid, non-empty polygon in WGS 84.
    """
    from geoaddr.boundaries.building import build_index

    return build_index(polygons, cells_per_degree=cells_per_degree)
