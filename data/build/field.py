"""The field that says which commune a place belongs to: one score a commune, the highest wins.

A commune reaches as far as a disc of its area would: at distance d (km) from its site its score is
``radius * (weight - (d / radius) ** 2)``. The country's old provinces, known as generalised polygons, speak
too: outside the province that a commune came from its score falls with the logarithm of the distance, since
the polygons are a kilometre or two off as often as not, and a firm clip would cost more than it gains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KM_PER_DEGREE = 111.2
"""Of latitude, and of longitude at the equator; 0.3 % is nothing here."""

PROVINCE_PULL = 0.35
"""How many radii of the nearest commune one unit of ``log(1 + km outside)`` costs."""

WEIGHT_LIMIT = 0.3
"""No weight is larger, either way: a wrong area or point then harms its surroundings only so far."""

PATCH_DEGREES = 0.08
_REACH = 2.0


@dataclass(frozen=True, slots=True)
class Communes:
    """Columns, one place a commune: site, radius, weight, and the old provinces it came from (boolean)."""

    codes: list[str]
    lon: Floats
    lat: Floats
    radius_km: Floats
    weight: Floats
    provinces: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Patch:
    """Some places (``rows`` of the points given) and the communes that may win there.

    ``outside`` is ``log(1 + km)`` to the nearest of each candidate's provinces, a row a place.
    """

    rows: Ints
    candidates: Ints
    outside: NDArray[np.float32]


class Field:
    """The scores of ``communes`` over the polygons of the old ``provinces``."""

    def __init__(self, communes: Communes, provinces: NDArray[Any], *, used: NDArray[np.bool_]) -> None:
        """``used``: the communes that take part; the others lie on islands of their own."""
        self.communes = communes
        self._used = np.flatnonzero(used)
        scale = [KM_PER_DEGREE * np.cos(np.radians(16.0)), KM_PER_DEGREE]
        self._scale = np.array(scale)
        self._provinces = shapely.transform(provinces, lambda xy: xy * self._scale)
        shapely.prepare(self._provinces)

    def patches(self, lon: Floats, lat: Floats) -> Iterator[Patch]:
        """The places, box by box."""
        column, row = (
            np.floor(lon / PATCH_DEGREES).astype(np.int64),
            np.floor(lat / PATCH_DEGREES).astype(np.int64),
        )
        key = row * 100_000 + column
        order = np.argsort(key, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
            candidates = self._candidates(lon[rows], lat[rows])
            yield Patch(rows, candidates, self._outside(lon[rows], lat[rows], candidates))

    def squares(self, lon: Floats, lat: Floats, candidates: Ints) -> NDArray[np.float32]:
        """Squared distances (km2) to the candidates' sites: a row a place."""
        east, north = self.offsets(lon, lat, candidates)
        return east**2 + north**2

    def offsets(
        self, lon: Floats, lat: Floats, candidates: Ints
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Kilometres east and north of the candidates' sites: a row a place."""
        c = self.communes
        east = (lon[:, None] - c.lon[candidates]) * (KM_PER_DEGREE * np.cos(np.radians(lat)))[:, None]
        north = (lat[:, None] - c.lat[candidates]) * KM_PER_DEGREE
        return east.astype(np.float32), north.astype(np.float32)

    def scores(
        self, patch: Patch, squares: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The candidates' scores at a patch's places, and at each place the radius of the nearest commune."""
        radius = self.communes.radius_km[patch.candidates].astype(np.float32)
        plain = squares / radius
        unit = radius[plain.argmin(axis=1)]
        weight = self.communes.weight[patch.candidates].astype(np.float32)
        return radius * weight - plain - np.float32(PROVINCE_PULL) * patch.outside * unit[:, None], unit

    def winners(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
        """The winning commune at each place, and the radius of the nearest."""
        label, unit = np.empty(len(lon), np.int64), np.empty(len(lon))
        for patch in self.patches(lon, lat):
            squares = self.squares(lon[patch.rows], lat[patch.rows], patch.candidates)
            scores, unit[patch.rows] = self.scores(patch, squares)
            label[patch.rows] = patch.candidates[scores.argmax(axis=1)]
        return label, unit

    def finest(self, lon: Floats, lat: Floats, among: int = 3) -> Floats:
        """The smallest radius among the few nearest communes: how fine a mesh must be there."""
        found = np.empty(len(lon))
        for patch in self.patches(lon, lat):
            radius = self.communes.radius_km[patch.candidates]
            plain = self.squares(lon[patch.rows], lat[patch.rows], patch.candidates) / radius
            few = np.argsort(plain, axis=1)[:, :among]
            found[patch.rows] = radius[few].min(axis=1)
        return found

    def score(self, lon: Floats, lat: Floats, unit: Floats, label: Ints) -> Floats:
        """The score of one commune a place."""
        c = self.communes
        east = (lon - c.lon[label]) * KM_PER_DEGREE * np.cos(np.radians(lat))
        north = (lat - c.lat[label]) * KM_PER_DEGREE
        outside = np.full(len(lon), np.inf)
        for province in np.flatnonzero(c.provinces[np.unique(label)].any(axis=0)):
            rows = np.flatnonzero(c.provinces[label, province])
            outside[rows] = np.minimum(outside[rows], self._distance(lon[rows], lat[rows], province))
        radius = c.radius_km[label]
        scored: Floats = (
            radius * c.weight[label] - (east**2 + north**2) / radius - PROVINCE_PULL * np.log1p(outside) * unit
        )
        return scored

    def _candidates(self, lon: Floats, lat: Floats) -> Ints:
        """The communes that can win somewhere between these places, with room for sites that move a little."""
        c, used = self.communes, self._used
        middle = np.array([(lon.min() + lon.max()) / 2]), np.array([(lat.min() + lat.max()) / 2])
        half = np.hypot(np.ptp(lon), np.ptp(lat)) / 2 * KM_PER_DEGREE
        distance = np.sqrt(self.squares(*middle, used)[0])
        radius = c.radius_km[used]
        best = radius * WEIGHT_LIMIT - np.maximum(distance - half - radius / 2, 0) ** 2 / radius
        worst = -(radius * WEIGHT_LIMIT) - (distance + half + radius / 2) ** 2 / radius
        least = worst.max() - _REACH * PROVINCE_PULL * radius[worst.argmax()]
        return used[best >= least]

    def _outside(self, lon: Floats, lat: Floats, candidates: Ints) -> NDArray[np.float32]:
        member = self.communes.provinces[candidates]
        if (member == member[0]).all():
            return np.zeros((len(lon), len(candidates)), np.float32)  # all pay alike: it decides nothing
        outside = np.full((len(lon), len(candidates)), np.inf, np.float32)
        for province in np.flatnonzero(member.any(axis=0)):
            own = np.flatnonzero(member[:, province])
            away = self._distance(lon, lat, province).astype(np.float32)
            outside[:, own] = np.minimum(outside[:, own], away[:, None])
        return np.log1p(outside)

    def _distance(self, lon: Floats, lat: Floats, province: int) -> Floats:
        places = shapely.points(lon * self._scale[0], lat * self._scale[1])
        away: Floats = shapely.distance(places, self._provinces[province])
        return away
