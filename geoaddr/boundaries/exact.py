"""The original polygons, put together from their vertices when someone needs one, and GEOS's answer on them."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.boundaries.sections import SectionSource

_KEPT = 64
"""Polygons kept between questions about single points."""

_WORTH_PREPARING = 8
"""Points in one polygon from which GEOS's own index of it pays."""


class Polygons:
    """The units' polygons, bit for bit as they were given."""

    def __init__(self, source: SectionSource, prefix: str) -> None:
        self._source, self._prefix = source, prefix
        self._bounds = source.view(prefix + "bounds")
        self._kept = lru_cache(maxsize=_KEPT)(self.polygon)

    def bounds(self, row: int) -> tuple[float, float, float, float]:
        """West, south, east, north of a unit, in degrees."""
        west, south, east, north = self._bounds[4 * row : 4 * row + 4]
        return west, south, east, north

    def polygon(self, row: int) -> Any:
        """A unit's polygon or multipolygon, as shapely has it."""
        import numpy as np
        import shapely

        part_of_unit, ring_of_part, vertex_of_ring = (
            self._source.array(self._prefix + name) for name in ("unit_offsets", "part_offsets", "ring_offsets")
        )
        parts = ring_of_part[part_of_unit[row] : part_of_unit[row + 1] + 1].astype(np.int64)
        rings = vertex_of_ring[parts[0] : parts[-1] + 1].astype(np.int64)
        coords = self._source.array(self._prefix + "coords")[rings[0] : rings[-1]]
        offsets = (rings - rings[0], parts - parts[0])
        if not self._source.array(self._prefix + "multipart")[row]:
            return shapely.from_ragged_array(shapely.GeometryType.POLYGON, coords, offsets)[0]
        whole = np.array([0, len(parts) - 1])
        return shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, coords, (*offsets, whole))[0]

    def holding(self, rows: list[int], lat: float, lon: float) -> tuple[int, ...]:
        """Those of the units whose polygon the point meets, its boundary included."""
        import shapely

        found = []
        for row in rows:
            west, south, east, north = self.bounds(row)
            if west <= lon <= east and south <= lat <= north and shapely.intersects_xy(self._kept(row), lon, lat):
                found.append(row)
        return tuple(found)

    def hold(
        self, rows: NDArray[np.int32], lat: NDArray[np.float64], lon: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """The same for many pairs of a unit and a point; each polygon is put together once and let go."""
        import numpy as np
        import shapely

        found = np.zeros(len(rows), dtype=bool)
        order = np.argsort(rows, kind="stable")
        distinct, begins = np.unique(rows[order], return_index=True)
        for row, (begin, end) in zip(distinct.tolist(), pairwise([*begins, len(order)]), strict=True):
            pairs = order[begin:end]
            polygon = self.polygon(row)
            if len(pairs) >= _WORTH_PREPARING:
                shapely.prepare(polygon)
            found[pairs] = shapely.intersects_xy(polygon, lon[pairs], lat[pairs])
        return found
