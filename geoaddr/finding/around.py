"""The communes about a point, by their boxes."""

from __future__ import annotations

from geoaddr.distance import metres_a_degree
from geoaddr.locating import Locator
from geoaddr.model import Point

MOST = 12
"""Communes that are near a point."""

FARTHEST_M = 20_000.0


class Around:
    """Finds communes near points. Safe to share between threads."""

    def __init__(self, locator: Locator) -> None:
        self._locator = locator

    def nearest(self, point: Point) -> list[str]:
        """The codes of the communes whose boxes hold a point or lie within 20 km of it, the nearest first; those
        that hold the point itself before all."""
        import numpy as np

        west, south, east, north = self._locator.index.all_bounds().T
        tall, wide = metres_a_degree(point.lat)
        across = np.maximum(np.maximum(west - point.lon, point.lon - east), 0.0) * wide
        along = np.maximum(np.maximum(south - point.lat, point.lat - north), 0.0) * tall
        away = np.hypot(across, along)
        order = np.argsort(away, kind="stable")[:MOST]
        held = self._locator.commune_codes_at(point)
        near = [self._locator.codes[row] for row in order.tolist() if away[row] <= FARTHEST_M]
        return [*held, *(code for code in near if code not in held)]
