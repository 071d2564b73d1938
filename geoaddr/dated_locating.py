"""Point to units where a pack holds several layers of boundaries: each level by the polygons of the date.

The rules, with their reasons, stand in ``docs/explanation/boundaries.md``. The unit of a province or district
whose polygon holds the point is the answer for its level; a commune without polygons of the date is looked for
among the predecessors that lie in it; whatever does not agree is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geoaddr.boundaries.vintages import LayerInfo, Vintage, Vintages
from geoaddr.codes import vpostcode
from geoaddr.errors import Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.locating import Locator, Sheet, UnitView
from geoaddr.model import Disagreement, Level, LevelBasis, Located, PackInfo, Point, Unit
from geoaddr.uncertain import weighed

AREAS: tuple[Level, ...] = ("district", "province")
"""The levels above the commune, the smaller first: what a smaller unit tells serves for the larger."""

REMEMBERED_ANSWERS = 20_000
REMEMBERED_DAYS = 64
"""Days, and answers on each, kept at hand; a caller may ask for any, so that more are worked out again."""

_WORDS: dict[Level, tuple[str, str]] = {
    "province": ("province", "tỉnh"),
    "district": ("district", "huyện"),
    "commune": ("commune", "xã"),
}

Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DatedAnswer:
    """The units at a point, how each was found, and what does not agree. ``inside``: some polygon holds it."""

    view: UnitView
    basis_by_level: Mapping[Level, LevelBasis]
    disagreements: tuple[Disagreement, ...]
    inside: bool


class DatedLocator(Locator):
    """A :class:`Locator` of the communes of the pack's date that knows the pack's other layers too."""

    def __init__(self, gazetteer: Gazetteer, vintages: Vintages, info: PackInfo) -> None:
        present = vintages.present
        super().__init__(gazetteer, present.index, present.codes, info, present.info)
        self.vintages = vintages
        self._others: dict[LayerInfo, Locator] = {}
        self._areas: dict[dt.date, Areas | None] = {}

    def on(self, as_of: dt.date) -> Locator:
        """The locator of the communes of a date, or of the nearest day that has polygons."""
        nearest = self.vintages.nearest_communes(as_of)
        if nearest.info == self.layer:
            return self
        found = self._others.get(nearest.info)
        if found is None:
            found = Locator(self.gazetteer, nearest.index, nearest.codes, self.info, nearest.info)
            self._others[nearest.info] = found
        return found

    def areas_on(self, as_of: dt.date) -> Areas | None:
        """The provinces and districts of a date by their polygons; ``None`` where the pack has neither."""
        if as_of in self._areas:
            return self._areas[as_of]
        layers = {level: self.vintages.holding(level, as_of) for level in AREAS}
        held = {level: layer for level, layer in layers.items() if layer is not None}
        found = Areas(self._communes_on(as_of), held, as_of) if held else None
        if len(self._areas) < REMEMBERED_DAYS:  # never emptied: another thread may be reading
            self._areas[as_of] = found
        return found

    def locate(
        self,
        *,
        lat: float,
        lon: float,
        as_of: dt.date,
        uncertainty_m: float | None = None,
        border: bool = True,
    ) -> Located:
        """The units, postcode and codes at a point; of one that is known only to ``uncertainty_m`` metres by the
        layers of communes alone, because it may lie on either side of a border between larger units.

        :param border: look for the nearest border too; without, nothing is said of it.
        :raises InvalidPoint: for anything but finite degrees in range.
        :raises InvalidInput: for an uncertainty that is not 0 to 10,000 metres.
        """
        communes = self._communes_on(as_of)
        located = communes.locate(lat=lat, lon=lon, as_of=as_of, uncertainty_m=uncertainty_m, border=border)
        areas = None if uncertainty_m is not None else self.areas_on(as_of)
        if areas is None:
            return located
        answer = areas.at(located.point)
        view, postcode = answer.view, answer.view.postcode
        return replace(
            located,
            inside=answer.inside,
            province=view.province,
            district=view.district,
            commune=view.commune,
            candidates=weighed([(view.candidates, 1.0)]) if view.candidates else (),
            outside_weight=0.0 if answer.inside else 1.0,
            postcode=postcode,
            vpostcode=vpostcode.joined(postcode, located.plus_code) if postcode else None,
            basis_by_level=answer.basis_by_level,
            disagreements=answer.disagreements,
        )

    def units_at(self, point: Point, as_of: dt.date) -> UnitView:
        """The units and postcode at a point, as :meth:`locate` answers them, and nothing else."""
        areas = self.areas_on(as_of)
        return self._communes_on(as_of).units_at(point, as_of) if areas is None else areas.at(point).view

    @property
    def layers(self) -> Sequence[LayerInfo]:
        """Every layer of polygons that may answer."""
        return tuple(vintage.info for vintage in self.vintages.all)

    def sheet_of(self, level: Level, as_of: dt.date) -> Sheet | None:
        """The layer of a level of units that holds on a date; ``None`` where there is none."""
        layer = self.vintages.holding(level, as_of)
        return None if layer is None else Sheet(layer.index, layer.codes, layer.info)

    def _communes_on(self, as_of: dt.date) -> Locator:
        """:meth:`on`, but for the communes of the pack's date a plain locator: :meth:`locate` builds on it."""
        found = self.on(as_of)
        if found is not self:
            return found
        plain = self._others.get(self.layer)
        if plain is None:
            plain = Locator(self.gazetteer, self.index, self.codes, self.info, self.layer)
            self._others[self.layer] = plain
        return plain


class Areas:
    """The provinces and districts of one date by polygon, with the communes that are known of it."""

    def __init__(self, communes: Locator, layers: Mapping[Level, Vintage], as_of: dt.date) -> None:
        self.communes, self.layers, self.as_of = communes, layers, as_of
        self._gazetteer = communes.gazetteer
        self._answers: dict[tuple[Rows, tuple[Rows, ...]], DatedAnswer] = {}

    def at(self, point: Point) -> DatedAnswer:
        """The units at a point."""
        rows = tuple(layer.index.at(point.lat, point.lon) for layer in self.layers.values())
        return self.answer(self.communes.index.at(point.lat, point.lon), rows)

    def answer(self, communes: Rows, areas: tuple[Rows, ...]) -> DatedAnswer:
        """The units of a point that lies in these rows of the layer of communes, and in these of each of
        :attr:`layers`, in their order; worked out once for all points that lie alike."""
        key = communes, areas
        found = self._answers.get(key)
        if found is None:
            if len(self._answers) >= REMEMBERED_ANSWERS:
                self._answers.clear()
            found = self._answers[key] = self._work_out(communes, dict(zip(self.layers, areas, strict=True)))
        return found

    def _work_out(self, commune_rows: Rows, area_rows: Mapping[Level, Rows]) -> DatedAnswer:
        view = self.communes.view_of(commune_rows, self.as_of)
        held = {level: self._units(level, rows) for level, rows in area_rows.items()}
        known = (view.commune,) if view.commune and not view.candidates else view.candidates
        dated = self.communes.layer.holds(self.as_of)
        kept = known if dated else self._within(known, held)
        found: dict[Level, tuple[Unit | None, LevelBasis]] = {}
        for level in AREAS:
            found[level] = self._area(level, held, found, kept if known and not dated else None, view)
        province, district = found["province"][0], found["district"][0]
        if kept == known:
            answered = replace(view, province=province, district=district)
        else:
            one = kept[0] if len(kept) == 1 else None
            postcode = self._gazetteer.postcode(one.code, as_of=self.as_of) if one else None
            answered = UnitView(province, district, one, () if one else kept, postcode)
        bases = {level: found[level][1] for level in reversed(AREAS) if found[level][0]}
        if answered.commune or answered.candidates:
            bases["commune"] = self.communes.basis(self.as_of)
        disagreements = [*self._contradicted(held, known, view), *self._orphaned(held, found)]
        if known and not kept:
            disagreements.append(_differ("commune", [], known))
        return DatedAnswer(answered, bases, tuple(disagreements), bool(commune_rows) or any(area_rows.values()))

    def _units(self, level: Level, rows: Rows) -> list[Unit]:
        codes = self.layers[level].codes
        return [self._gazetteer.unit(codes[row], level=level, as_of=self.as_of) for row in rows]

    def _within(self, known: tuple[Unit, ...], held: Mapping[Level, list[Unit]]) -> tuple[Unit, ...]:
        """The communes that lie in the smallest unit whose polygon holds the point."""
        for level in AREAS:
            if held.get(level):
                codes = _codes(held[level])
                return tuple(u for u in known if codes & _codes([self.communes.above(u, level, self.as_of)]))
        return known

    def _area(
        self,
        level: Level,
        held: Mapping[Level, list[Unit]],
        found: Mapping[Level, tuple[Unit | None, LevelBasis]],
        kept: tuple[Unit, ...] | None,
        view: UnitView,
    ) -> tuple[Unit | None, LevelBasis]:
        """The unit of one level, and how it was found.

        ``kept`` are the communes that it must hold, ``None`` where ``view`` says what they are in.
        """
        smaller = found.get("district", (None, None))[0]
        above = [self.communes.above(unit, level, self.as_of) for unit in ([smaller] if smaller else kept or ())]
        units = held.get(level, [])
        if units:
            fitting = units if len(units) == 1 else [unit for unit in units if unit.code in _codes(above)]
            return (fitting[0] if len(fitting) == 1 else None), self._basis(level)
        if smaller is not None:
            return above[0], found["district"][1]
        by_communes = getattr(view, level) if kept is None else self.communes.shared(above)
        return by_communes, self.communes.basis(self.as_of)

    def _basis(self, level: Level) -> LevelBasis:
        info = self.layers[level].info
        return LevelBasis("boundary", info.valid_from, info.valid_to, info.accuracy)

    def _contradicted(
        self, held: Mapping[Level, list[Unit]], known: tuple[Unit, ...], view: UnitView
    ) -> Iterator[Disagreement]:
        """Levels at which the polygons of the date name other units than the communes lie in, or none although
        they have polygons of them."""
        for level in reversed(AREAS):
            if level not in self.layers:
                continue
            others = [self.communes.above(u, level, self.as_of) for u in known] or [getattr(view, level)]
            otherwise = [unit for unit in others if unit]
            missing = _codes(otherwise) - self.layers[level].row_of.keys()
            if otherwise and not _codes(held[level]) & _codes(otherwise) and (held[level] or not missing):
                yield _differ(level, held[level], otherwise)

    def _orphaned(
        self, held: Mapping[Level, list[Unit]], found: Mapping[Level, tuple[Unit | None, LevelBasis]]
    ) -> Iterator[Disagreement]:
        """A district whose polygon holds the point where that of its province does not."""
        district = found["district"][0]
        if district and held.get("district") and held.get("province"):
            province = self.communes.above(district, "province", self.as_of)
            if province and province.code not in _codes(held["province"]):
                yield _differ("province", held["province"], [province])


def _codes(units: Iterable[Unit | None]) -> set[str]:
    return {unit.code for unit in units if unit is not None}


def _differ(level: Level, boundary: Iterable[Unit], otherwise: Iterable[Unit]) -> Disagreement:
    boundary, otherwise = list(boundary), list({unit.code: unit for unit in otherwise}.values())
    by_polygon, by_rest = (", ".join(unit.full_name for unit in units) for units in (boundary, otherwise))
    en, vi = _WORDS[level]
    why = Said(
        f"{en}: the polygons of the date say {by_polygon or 'none'}; what is known of the communes says {by_rest}",
        f"{vi}: ranh giới của ngày đó cho {by_polygon or 'không có'}; theo thông tin về các xã thì là {by_rest}",
    )
    return Disagreement(
        level, tuple(u.code for u in boundary), tuple(u.code for u in otherwise), {"en": why.en, "vi": why.vi}
    )
