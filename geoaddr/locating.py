"""Point to units, postcode and codes, for one point and for columns of them."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from geoaddr.boundaries import BoundaryIndex
from geoaddr.codes import geohash, plus_code, vpostcode
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Located, PackInfo, Point, Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.uncertain import checked_uncertainty, rows_around, weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLUS_CODE_LENGTH = 11
"""Digits of the Plus Codes that answers carry: a cell of about 3 m x 3 m, that of the Vpostcode."""

REMEMBERED_VIEWS = 20_000
"""Units of boundary rows on dates kept at hand, several dates of the whole country; a caller may ask for any date,
so that more than these are worked out again."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """The units that hold every point of one boundary row on one date, worked out once."""

    province: Unit | None
    district: Unit | None
    commune: Unit | None
    candidates: tuple[Unit, ...]
    postcode: str | None


NOWHERE = UnitView(None, None, None, (), None)


class Locator:
    """Finds the units that hold a point, on any date.

    The polygons are those of the units from 1 July 2025 on. For a later date the units' names, types and
    parents are taken as of that date. For an earlier one, the predecessors of the present commune are:
    one predecessor is an answer, several are candidates, and a district or province that all of them
    share is certain again.
    """

    def __init__(self, gazetteer: Gazetteer, index: BoundaryIndex, codes: Sequence[str], info: PackInfo) -> None:
        self.gazetteer = gazetteer
        self.index = index
        self.codes = codes
        self.info = info
        self._views: dict[tuple[int, dt.date], UnitView] = {}

    def locate(
        self,
        *,
        lat: float,
        lon: float,
        as_of: dt.date,
        uncertainty_m: float | None = None,
        border: bool = True,
    ) -> Located:
        """The units, postcode and codes at a point, which may be known only to ``uncertainty_m`` metres.

        :param border: look for the nearest border too; without, nothing is said of it.
        :raises InvalidPoint: for anything but finite degrees in range.
        :raises InvalidInput: for an uncertainty that is not 0 to 10,000 metres.
        """
        point = Point(lat=lat, lon=lon)
        held = self.index.at(point.lat, point.lon)
        rows, outside_weight = held, 0.0 if held else 1.0
        if uncertainty_m is None:
            view = self.view_of(rows, as_of)
            candidates = weighed([(view.candidates, 1.0)]) if view.candidates else ()
        else:
            uncertainty_m = checked_uncertainty(uncertainty_m)
            weights, outside_weight = rows_around(self.index, point.lat, point.lon, uncertainty_m)
            rows = tuple(weights)
            view = self.view_of(rows, as_of)
            candidates = weighed((self.communes_of(row, as_of), weights[row]) for row in rows)
        code = plus_code.encode(point.lat, point.lon, PLUS_CODE_LENGTH)
        edge_distance_m, neighbour = self.border_of(held, point, as_of) if border else (None, None)
        return Located(
            point=point,
            as_of=as_of,
            inside=bool(rows),
            province=view.province,
            district=view.district,
            commune=view.commune,
            postcode=view.postcode,
            vpostcode=vpostcode.joined(view.postcode, code) if view.postcode else None,
            plus_code=code,
            parcel_geohash=geohash.encode(point.lat, point.lon),
            edge_distance_m=edge_distance_m,
            neighbour=neighbour,
            boundary_accuracy=self.info.boundary_accuracy,
            basis=basis(as_of),
            candidates=candidates,
            outside_weight=outside_weight,
            uncertainty_m=uncertainty_m,
            pack=self.info,
        )

    def border_of(self, held: tuple[int, ...], point: Point, as_of: dt.date) -> tuple[float | None, Unit | None]:
        """Metres to the centimetre from a point to the nearest border of the first boundary row that holds it, and
        the commune beyond; outside, to the nearest of any, and whose it is."""
        if basis(as_of) != "boundary":
            return None, None
        nearest = self.index.border(point.lat, point.lon, held[0] if held else -1)
        if nearest is None:
            return None, None
        beyond = self.view(nearest.neighbour, as_of).commune if nearest.neighbour >= 0 else None
        return round(nearest.distance_m, 2), beyond

    def communes_of(self, row: int, as_of: dt.date) -> tuple[Unit, ...]:
        """The commune of a boundary row on a date, or those that it may have been."""
        view = self.view(row, as_of)
        return (view.commune,) if view.commune else view.candidates

    def commune_codes_at(self, point: Point) -> tuple[str, ...]:
        """The codes of every commune whose polygon holds the point, smallest first."""
        return tuple(self.codes[row] for row in self.index.at(point.lat, point.lon))

    def bounds_of(self, commune_code: str) -> tuple[float, float, float, float] | None:
        """The box of a commune's polygon (west, south, east, north); ``None`` where it has no polygon."""
        row = bisect.bisect_left(self.codes, commune_code)
        if row == len(self.codes) or self.codes[row] != commune_code:
            return None
        return self.index.bounds(row)

    def rows_at(self, lat: NDArray[Any], lon: NDArray[Any]) -> Any:
        """The columnar twin: see :meth:`geoaddr.boundaries.BoundaryIndex.at_many`."""
        return self.index.at_many(lat, lon)

    def view_of(self, rows: tuple[int, ...], as_of: dt.date) -> UnitView:
        """The units of a point that lies in these boundary rows.

        In several, all their communes are candidates. The first row is the primary one; before the reform only
        what all of them share is certain.
        """
        if not rows:
            return NOWHERE
        first = self.view(rows[0], as_of)
        if len(rows) == 1:
            return first
        views = [self.view(row, as_of) for row in rows]
        candidates = tuple(dict.fromkeys(c for v in views for c in ((v.commune,) if v.commune else v.candidates)))
        if as_of >= REFORM:
            return replace(first, candidates=candidates)
        one = candidates[0] if len(candidates) == 1 and all(v.commune for v in views) else None
        province, district = self._shared([v.province for v in views]), self._shared([v.district for v in views])
        return UnitView(province, district, one, () if one else candidates, first.postcode if one else None)

    def view(self, row: int, as_of: dt.date) -> UnitView:
        """The units of one boundary row on a date."""
        key = (row, as_of)
        found = self._views.get(key)
        if found is None:
            if len(self._views) >= REMEMBERED_VIEWS:
                self._views.clear()
            found = self._views[key] = self._view(row, as_of)
        return found

    def _view(self, row: int, as_of: dt.date) -> UnitView:
        code = self.codes[row]
        if as_of >= REFORM:
            commune = self.gazetteer.unit(code, level="commune", as_of=as_of)
            postcode = self.gazetteer.postcode(code, as_of=as_of)
            return UnitView(self._parent(commune, as_of), None, commune, (), postcode)
        past = [unit for unit, _ in self.gazetteer.translate(code, "commune", known_on=REFORM, as_of=as_of)]
        communes = tuple(unit for unit in past if unit.level == "commune")
        one = communes[0] if len(communes) == len(past) == 1 else None
        # An island district without communes is what its special zone goes back to.
        district = self._shared([u if u.level == "district" else self._parent(u, as_of) for u in past])
        province = self._shared([self._province(c, as_of) for c in past])
        postcode = self.gazetteer.postcode(one.code, as_of=as_of) if one else None
        return UnitView(province, district, one, () if one else communes, postcode)

    def _parent(self, unit: Unit, as_of: dt.date) -> Unit | None:
        if unit.parent is None:
            return None
        return self.gazetteer.unit(unit.parent, as_of=as_of)

    def _province(self, unit: Unit | None, as_of: dt.date) -> Unit | None:
        while unit is not None and unit.level != "province":
            unit = self._parent(unit, as_of)
        return unit

    @staticmethod
    def _shared(units: list[Unit | None]) -> Unit | None:
        distinct = {u.code if u else None for u in units}
        return units[0] if len(distinct) == 1 else None


def basis(as_of: dt.date) -> Literal["boundary", "succession"]:
    """How units on this date are found: by polygon or through the table of changes."""
    return "boundary" if as_of >= REFORM else "succession"
