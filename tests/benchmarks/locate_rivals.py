"""Other ways from points to communes in Python: each gives the smallest row that holds a point, -1 for none."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def first_by_point(points: NDArray[Any], units: NDArray[Any], n: int) -> NDArray[Any]:
    """Per point the smallest of the units paired with it."""
    found = np.full(n, np.iinfo(np.int32).max)
    np.minimum.at(found, points, units)
    return np.where(found == np.iinfo(np.int32).max, -1, found)


class SJoin:
    """``geopandas.sjoin(predicate="within")``, its index built before the clock starts."""

    name = "geopandas.sjoin(within)"

    def __init__(self, polygons: NDArray[Any]) -> None:
        self._frame = gpd.GeoDataFrame(geometry=polygons.copy(), crs="EPSG:4326")
        assert self._frame.sindex is not None

    def __call__(self, lat: Floats, lon: Floats) -> NDArray[Any]:
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=self._frame.crs)
        joined = gpd.sjoin(points, self._frame, predicate="within")
        return first_by_point(joined.index.to_numpy(), joined["index_right"].to_numpy(), len(lat))


class Tree:
    """shapely's STRtree, pairs sorted by polygon, polygons prepared."""

    name = "STRtree, sorted, prepared"

    def __init__(self, polygons: NDArray[Any]) -> None:
        self._polygons = polygons.copy()
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    def __call__(self, lat: Floats, lon: Floats) -> NDArray[Any]:
        point, unit = self._tree.query(shapely.points(lon, lat))
        order = np.argsort(unit, kind="stable")
        point, unit = point[order], unit[order]
        distinct, begins = np.unique(unit, return_index=True)
        holds = [
            shapely.intersects_xy(self._polygons[u], lon[p], lat[p])
            for u, p in zip(distinct, np.split(point, begins[1:]), strict=True)
        ]
        held = np.concatenate(holds)
        return first_by_point(point[held], unit[held], len(lat))

    def one(self, lat: float, lon: float) -> list[int]:
        """The rows that hold one point."""
        near = self._tree.query(shapely.Point(lon, lat))
        return [u for u in near if shapely.intersects_xy(self._polygons[u], lon, lat)]
