"""Point to units, postcode and codes, for one point and for columns of them."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geoaddr.boundaries import BoundaryIndex
from geoaddr.boundaries.vintages import LayerInfo
from geoaddr.codes import geohash, plus_code, vpostcode
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Level, LevelBasis, Located, PackInfo, Point, Unit
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One layer of polygons: ``codes`` of its rows, ascending, beside ``index``."""

    index: BoundaryIndex
    codes: Sequence[str]
    info: LayerInfo


NOWHERE = UnitView(None, None, None, (), None)


class Locator:
    """Finds the units that hold a point, on any date, from one layer of communes.

    The polygons are those of the days of ``layer``, by default from 1 July 2025 on. On these days the units'
    names, types and parents are taken as of the date. For an earlier date, the predecessors of the commune are
    (for a later one, what it became): one is an answer, several are candidates, and a district or province
    that all of them share is certain again.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        index: BoundaryIndex,
        codes: Sequence[str],
        info: PackInfo,
        layer: LayerInfo | None = None,
    ) -> None:
        self.gazetteer = gazetteer
        self.index = index
        self.codes = codes
        self.info = info
        self.layer = layer or LayerInfo("commune", REFORM, None, info.boundary_accuracy, "")
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
            basis=self.basis(as_of).basis,
            candidates=candidates,
            outside_weight=outside_weight,
            uncertainty_m=uncertainty_m,
            pack=self.info,
            basis_by_level=self.basis_by_level(view, as_of),
        )

    def units_at(self, point: Point, as_of: dt.date) -> UnitView:
        """The units and postcode at a point, as :meth:`locate` answers them, and nothing else."""
        return self.view_of(self.index.at(point.lat, point.lon), as_of)

    def on(self, as_of: dt.date) -> Locator:
        """The locator whose communes are the ones of a date, or of the nearest day that has polygons."""
        return self

    def basis(self, as_of: dt.date) -> LevelBasis:
        """How units on a date are found: by polygon or through the table of changes."""
        days = self.layer.valid_from, self.layer.valid_to
        return LevelBasis("boundary" if self.layer.holds(as_of) else "succession", *days, self.layer.accuracy)

    def basis_by_level(self, view: UnitView, as_of: dt.date) -> dict[Level, LevelBasis]:
        """:meth:`basis` of each level that a view answers."""
        found: dict[Level, Any] = {
            "province": view.province, "district": view.district, "commune": view.commune or view.candidates
        }  # fmt: skip
        basis = self.basis(as_of)
        return {level: basis for level, unit in found.items() if unit}

    @property
    def layers(self) -> Sequence[LayerInfo]:
        """Every layer of polygons that may answer."""
        return (self.layer,)

    def sheet_of(self, level: Level, as_of: dt.date) -> Sheet | None:
        """The layer of a level of units that holds on a date; ``None`` where there is none."""
        holds = level == self.layer.level and self.layer.holds(as_of)
        return Sheet(self.index, self.codes, self.layer) if holds else None

    def border_of(self, held: tuple[int, ...], point: Point, as_of: dt.date) -> tuple[float | None, Unit | None]:
        """Metres to the centimetre from a point to the nearest border of the first boundary row that holds it, and
        the commune beyond; outside, to the nearest of any, and whose it is. Nothing on a date without polygons."""
        if not self.layer.holds(as_of):
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
        if self.layer.holds(as_of):
            return replace(first, candidates=candidates)
        one = candidates[0] if len(candidates) == 1 and all(v.commune for v in views) else None
        province, district = self.shared([v.province for v in views]), self.shared([v.district for v in views])
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
        if self.layer.holds(as_of):
            commune = self.gazetteer.unit(code, level="commune", as_of=as_of)
            postcode = self.gazetteer.postcode(code, as_of=as_of)
            province, district = (self.above(commune, level, as_of) for level in ("province", "district"))
            return UnitView(province, district, commune, (), postcode)
        known_on = self.layer.nearest_day(as_of)
        past = [unit for unit, _ in self.gazetteer.translate(code, "commune", known_on=known_on, as_of=as_of)]
        communes = tuple(unit for unit in past if unit.level == "commune")
        one = communes[0] if len(communes) == len(past) == 1 else None
        # An island district without communes is what its special zone goes back to.
        district = self.shared([self.above(u, "district", as_of) for u in past])
        province = self.shared([self.above(u, "province", as_of) for u in past])
        postcode = self.gazetteer.postcode(one.code, as_of=as_of) if one else None
        return UnitView(province, district, one, () if one else communes, postcode)

    def _parent(self, unit: Unit, as_of: dt.date) -> Unit | None:
        if unit.parent is None:
            return None
        return self.gazetteer.unit(unit.parent, as_of=as_of)

    def above(self, unit: Unit | None, level: Level, as_of: dt.date) -> Unit | None:
        """The unit of a level that holds ``unit``, or is it; ``None`` where the date has no such level."""
        while unit is not None and unit.level != level:
            unit = self._parent(unit, as_of)
        return unit

    @staticmethod
    def shared(units: list[Unit | None]) -> Unit | None:
        """The unit that all of several are; ``None`` where they differ or there are none."""
        distinct = {u.code if u else None for u in units}
        return units[0] if len(distinct) == 1 else None
