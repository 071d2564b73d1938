"""Where labelled points lie, by the shared layer of the communes of today."""

from __future__ import annotations

import math
from typing import Any

from tests.benchmarks.understanding.rows import SHARED

LAYER = SHARED / "boundaries/vn2025_wards_simpl50m.parquet"
SLACK_M = 100.0
"""The layer is simplified to 50 m; a point this near to a commune may lie in it."""
METRES_PER_DEGREE = 111_320.0


class Ground:
    """Distances from points to communes."""

    def __init__(self) -> None:
        import pyarrow.parquet as pq
        import shapely

        table = pq.read_table(LAYER, columns=["code", "geometry"])
        shapes = shapely.from_wkb(table["geometry"].to_pylist())
        self._shapes: dict[str, Any] = dict(zip(table["code"].to_pylist(), shapes, strict=True))

    def distance_m(self, code: str, lat: float, lon: float) -> float:
        """Metres from a point to a commune, 0 inside; infinite for a commune that the layer does not have.

        Degrees of longitude are shortened by the cosine of the latitude, good to a per mille at such distances.
        """
        import shapely
        from shapely.ops import nearest_points

        shape = self._shapes.get(code)
        if shape is None:
            return math.inf
        point = shapely.Point(lon, lat)
        if shape.covers(point):
            return 0.0
        _, nearest = nearest_points(point, shape)
        east = (nearest.x - lon) * math.cos(math.radians(lat))
        return METRES_PER_DEGREE * math.hypot(east, nearest.y - lat)
