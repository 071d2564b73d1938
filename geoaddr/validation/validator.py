"""The validator: what was asked in, a verdict out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from geoaddr.codes import plus_code, vpostcode
from geoaddr.conversion import EVE, Converter
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.abroad import is_abroad
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_print import reprint
from geoaddr.known import KnownStreets
from geoaddr.locating import PLUS_CODE_LENGTH, Locator
from geoaddr.model import Components, Point, Unit
from geoaddr.resolving import Resolver
from geoaddr.validation.case import Case
from geoaddr.validation.components import components
from geoaddr.validation.contradictions import contradictions
from geoaddr.validation.evidence import CodeFound, CodeReader, PostcodeFound, point_found, postcode_found
from geoaddr.validation.fields import Asked, asked
from geoaddr.validation.household import Households, household_of
from geoaddr.validation.leftovers import Leftover, Leftovers
from geoaddr.validation.place import LEAST_WEIGHT, SHOWN_CANDIDATES, Places, supported
from geoaddr.validation.records import Codes, Contradiction, Normalised, Validated
from geoaddr.validation.streets import Streets
from geoaddr.validation.understanding import Understanding, Understood
from geoaddr.validation.verdict import decide
from geoaddr.validation.wording import action_text


class Validator:
    """Judges addresses. Safe to share between threads."""

    def __init__(
        self,
        interpreter: Interpreter,
        locator: Locator,
        converter: Converter,
        resolver: Callable[[], Resolver],
        known: Callable[[], KnownStreets | None] = lambda: None,
        households: Households | None = None,
    ) -> None:
        """:param households: finds a household by its address."""
        self._locator, self._converter = locator, converter
        self._gazetteer = locator.gazetteer
        self._understanding = Understanding(interpreter, self._gazetteer)
        self._codes = CodeReader(locator, resolver)
        self._places = Places(locator, converter.carrier)
        self._leftovers = Leftovers(interpreter, self._places)
        self._streets = Streets(self._gazetteer, known)
        self._households = households

    def validate(
        self,
        address: str | Mapping[str, Any] | None = None,
        *,
        code: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        as_of: dt.date | None = None,
        area_only: bool = False,
        look_up: bool = False,
    ) -> Validated:
        """A verdict on a line of text, a form's fields, a code, a point, or several of these at once.

        :param as_of: read with the units of that day; by default those of all days compete.
        :param area_only: let nothing be learnt of a house.
        :param look_up: look the household up that a line of text names, and say so of its parts: no verdict
            changes by it.
        :raises InvalidInput: for a field that is not known, not a text, or given twice.
        :raises InvalidQuery: for a text that is too long.
        :raises InvalidPoint: for half a point, or degrees out of range.
        """
        question = asked(address, code=code, lat=lat, lon=lon, is_postcode=self._is_postcode)
        understood = self._understanding.read(question, as_of)
        case = self._case(question, understood, as_of, area_only)
        return self._answer(case, self._households if look_up and not area_only else None)

    def _case(self, question: Asked, understood: Understood, as_of: dt.date | None, area_only: bool) -> Case:
        readings, detail = understood.readings, understood.detail
        converted = self._converter.converted(
            understood.line, readings, detail, point=question.point, names_first=True, pair=understood.pair
        )
        if understood.meanings > 1 and converted.confidence is not None:  # names say more than codes do
            heaviest = converted.candidates[0].weight
            converted = replace(converted, confidence=min(converted.confidence, heaviest))
        day = as_of or self._gazetteer.date
        written = [*question.codes, *understood.codes, *(detail.plus_code or "").split(", ")]
        codes = tuple(
            self._codes.read(one, day, area_only=area_only, beside=converted.commune)
            for one in [*dict.fromkeys(filter(None, written))][:MOST_CODES]
        )
        point = None if question.point is None else point_found(self._locator, question.point)
        postcode = self._postcode(question.postcode or detail.postcode)
        place = self._places.settle(understood, converted, codes, point, postcode)
        commune = place.commune if place.stands else None
        right = self._gazetteer.postcode(commune.code, as_of=self._gazetteer.date) if commune else None
        if not place.candidates and detail.street:
            place = replace(place, candidates=self._streets.candidates(detail, place.province))
        leftovers = self._leftovers.of(understood, place, as_of)
        if place.confidence is not None and any(each.agrees and each.means == "commune" for each in leftovers):
            place = replace(place, confidence=supported(place.confidence, "names"))
        detail = _of_record(codes) if not understood.line and detail == Detail() else _without(detail, leftovers)
        here, elsewhere = self._streets.beside(place, detail)
        return Case(
            asked=question,
            understood=understood,
            detail=detail,
            place=place,
            leftovers=leftovers,
            codes=codes,
            point=point,
            postcode=postcode,
            right_postcode=right,
            old=self._places.old(place),
            foreign=not (readings or place.stands) and is_abroad(understood.line, (), alone=False),
            exact=self._locator.info.boundary_accuracy == "exact",
            sides_agree=self._agree(understood.sides),
            street_here=here,
            street_elsewhere=elsewhere,
        )

    def _is_postcode(self, digits: str) -> bool:
        return bool(self._gazetteer.by_postcode(digits, as_of=self._gazetteer.date))

    def _postcode(self, written: str | None) -> PostcodeFound | None:
        return None if written is None else postcode_found(self._gazetteer, written)

    def _agree(self, sides: tuple[Sequence[Interpretation], Sequence[Interpretation]] | None) -> bool:
        """Whether a text and a form's fields can mean one place."""
        if sides is None or not all(sides):
            return True
        one, other = (self._communes(readings) for readings in sides)
        if one and other:
            return not one.isdisjoint(other)
        first, second = (
            {code for r in readings if r.province for code in self._places.provinces_of(r.province)}
            for readings in sides
        )
        return not (first and second) or not first.isdisjoint(second)

    def _communes(self, readings: Sequence[Interpretation]) -> set[str]:
        """The codes of the communes that readings make likely; none where the best names a province alone."""
        weights: dict[str, float] = {}
        for reading in readings:
            unit = reading.commune or reading.district
            if unit is None and reading is readings[0]:
                return set()
            for candidate in self._converter.carrier.carried(unit, self._gazetteer.date) if unit else ():
                code = candidate.commune.code
                weights[code] = weights.get(code, 0.0) + reading.weight * candidate.weight
        most = max(weights.values(), default=0.0)
        return {code for code, weight in weights.items() if weight >= LIKELY_SHARE * most}

    def _answer(self, case: Case, households: Households | None) -> Validated:
        place = case.place
        against = contradictions(case, self._gazetteer)
        rule = decide(case, against)
        if households is not None and not _left_open(case, against):
            case = replace(case, household=household_of(households, case))
        shown = [c for c in place.candidates if c.weight >= LEAST_WEIGHT][:SHOWN_CANDIDATES]
        return Validated(
            input=case.asked.given,
            verdict=rule.verdict,
            possible_next_action=rule.action,
            action_text=action_text(rule.action),
            components=components(case, self._gazetteer),
            normalised=self._normalised(case, against),
            postcode=case.right_postcode,
            codes=_codes(case, against),
            candidates=tuple(shown),
            old_candidates=case.old,
            province=place.province,
            commune=place.commune,
            confidence=place.confidence,
            era=place.reading.era if place.reading else None,
            contradictions=against,
            point=_point(case),
            pack=self._locator.info,
        )

    def _normalised(self, case: Case, against: Sequence[Contradiction]) -> Normalised:
        place = case.place
        if not place.stands or place.commune is None or _left_open(case, against):
            return Normalised(new=None, old=None)
        old = case.old[0].commune if len(case.old) == 1 else None
        return Normalised(
            new=self._line(case.detail, place.commune, self._gazetteer.date),
            old=None if old is None else self._line(case.detail, old, EVE),
        )

    def _line(self, detail: Detail, commune: Unit, day: dt.date) -> str:
        units = (commune, *self._gazetteer.ancestors(commune, as_of=day))
        return ", ".join(piece for piece in (reprint(detail), *(unit.full_name for unit in units)) if piece)


MOST_CODES = 8
LIKELY_SHARE = 0.1
"""Communes with less than this of the likeliest one's weight do not make a text and its fields agree."""

OPEN = frozenset({"units", "text_and_fields", "two_addresses", "code_units"})
"""Contradictions that leave it open which commune is right."""


def _left_open(case: Case, against: Sequence[Contradiction]) -> bool:
    return any(c.kind in OPEN and (c.kind != "code_units" or case.codes_elsewhere) for c in against)


def _point(case: Case) -> Point | None:
    if case.point is not None:
        return case.point.point
    return next((code.reading.point for code in case.codes if code.reading and code.reading.point), None)


def _without(detail: Detail, leftovers: Sequence[Leftover]) -> Detail:
    """The detail without names that turned out to be units."""
    units = {leftover.text for leftover in leftovers if leftover.units}
    return replace(detail, hamlet=_kept(detail.hamlet, units), poi=_kept(detail.poi, units)) if units else detail


def _kept(value: str | None, units: Set[str]) -> str | None:
    return ", ".join(part for part in (value or "").split(", ") if part not in units) or None


def _codes(case: Case, against: Sequence[Contradiction]) -> Codes:
    point, readings = _point(case), [code.reading for code in case.codes if code.reading]
    ndas = next((reading.ndas or _own(reading.system, reading.code) for reading in readings), None)
    if point is None:
        return Codes(ndas=ndas)
    postcode, agreed = (
        case.right_postcode,
        not any(c.kind in ("point", "point_outside", "code_units") for c in against),
    )
    return Codes(
        ndas=ndas,
        vpostcode=vpostcode.encode(point.lat, point.lon, postcode) if postcode and agreed else None,
        plus_code=plus_code.encode(point.lat, point.lon, PLUS_CODE_LENGTH),
    )


def _own(system: str, code: str) -> str | None:
    return code if system == "ndas" else None


def _of_record(codes: Sequence[CodeFound]) -> Detail:
    """The parts below the commune from the record of a code that was given alone."""
    found = (code.reading.address.components for code in codes if code.reading and code.reading.address)
    record: Components | None = next(found, None)
    if record is None:
        return Detail()
    return Detail(
        house_number=record.house_number,
        alley=record.alley,
        street=record.street,
        hamlet=record.hamlet,
        building=record.building,
        floor=record.floor,
        unit=record.unit,
        poi=record.poi,
    )
