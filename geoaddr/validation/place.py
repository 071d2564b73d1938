"""Which commune is meant: by the names, and where they leave it open by a code, a point or a postcode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from geoaddr.conversion import EVE, Basis, Candidate, Carrier, Converted
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation
from geoaddr.interpretation.confidence import log_odds, logistic
from geoaddr.locating import Locator
from geoaddr.model import Unit
from geoaddr.validation.evidence import CodeFound, PointFound, PostcodeFound
from geoaddr.validation.understanding import Understood

SHOWN_CANDIDATES = 10
LEAST_WEIGHT = 0.005
"""Candidates lighter than this are not shown to a buyer."""

By = Literal["names", "code", "point", "postcode"]
PLAIN = 0.9
"""The least score of a reading that is written as addresses of today are."""
WRONG: dict[By, float] = {"names": 0.05, "code": 0.001, "point": 0.01, "postcode": 0.005}
"""How often such evidence names a commune although another one is right: an estimate. Names are evidence of
their own where a second unit, of another time say, leads to the same commune."""

CELL_ALONE = 0.75
"""How often the commune whose approximate cell holds a point is the right one, where only one cell is near.
Fitted, as are the four below, to real addresses with points: see ``docs/explanation/checkout-verdicts.md``."""
CELL_CHOOSES, CELL_WEIGHT = 1.42, 0.40
"""Log odds of a commune that a cell picks among those that names leave open, and how far their weight counts."""
CELL_AGREES, CELL_DISAGREES = 0.42, -1.75
"""What a cell adds to the log odds of a commune that names are enough for."""


class Evidence(NamedTuple):
    """What a thing given besides names allows: codes of communes, and its own commune. ``rough``: by approximate
    cells alone."""

    by: By
    allowed: frozenset[str]
    unit: Unit | None
    rough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the address is.

    ``stands``: one commune that we stand behind, found ``by`` the names or, where these left it open, by
    something else. ``commune`` without it is the heaviest candidate. ``reading``: that leads to it.
    """

    stands: bool
    by: By
    commune: Unit | None
    province: Unit | None
    candidates: tuple[Candidate, ...]
    confidence: float | None
    reading: Interpretation | None
    named: bool
    """Whether the names leave some commune possible at all."""


class Places:
    """Settles where an address is."""

    def __init__(self, locator: Locator, carrier: Carrier) -> None:
        self._locator, self._carrier = locator, carrier
        self._gazetteer: Gazetteer = locator.gazetteer
        self._provinces: dict[tuple[str, object], frozenset[str]] = {}

    def settle(
        self,
        understood: Understood,
        converted: Converted,
        codes: Sequence[CodeFound],
        point: PointFound | None,
        postcode: PostcodeFound | None,
    ) -> Place:
        """The place that names and evidence agree on, or what is left open."""
        readings, candidates = understood.readings, converted.candidates
        place = Place(
            stands=converted.status == "ok" or _in_full(readings, converted.commune),
            by="names",
            commune=converted.commune,
            province=converted.province or self._province_read(readings),
            candidates=candidates,
            confidence=converted.confidence,
            reading=self._leading(readings, converted.commune if converted.status != "partial" else None),
            named=bool(candidates),
        )
        if place.stands:
            return self._weighed(place, self._evidence(codes, point, postcode))
        for evidence in self._evidence(codes, point, postcode):
            found = self._decided(place, evidence)
            if found is not None:
                return replace(found, reading=self._leading(readings, found.commune))
        return self._weighed(place, self._evidence(codes, point, postcode))

    def provinces_of(self, unit: Unit) -> frozenset[str]:
        """The codes of today's provinces that a unit of any time and level lies in."""
        key = (unit.code, unit.valid_from)
        known = self._provinces.get(key)
        if known is None:
            known = self._provinces[key] = frozenset(self._provinces_now(unit))
        return known

    def _provinces_now(self, unit: Unit) -> Iterator[str]:
        today = self._gazetteer.date
        if unit.level != "province":
            yield from (c.commune.parent or "" for c in self._carrier.carried(unit, today))
        elif unit.valid_to is None or today < unit.valid_to:
            yield unit.code
        else:
            after = self._gazetteer.translate(unit.code, "province", known_on=unit.valid_from, as_of=today)
            yield from (province.code for province, _ in after)

    def agrees(self, unit: Unit, place: Place) -> bool:
        """Whether an address in ``unit``, of any time and level, can be at ``place``."""
        if place.commune is None:
            return place.province is None or place.province.code in self.provinces_of(unit)
        if unit.level == "province":
            return place.commune.parent in self.provinces_of(unit)
        today = self._gazetteer.date
        carried = {candidate.commune.code for candidate in self._carrier.carried(unit, today)}
        read = place.reading.commune or place.reading.district if place.reading and not place.stands else None
        if read is None:
            return place.commune.code in carried
        return not carried.isdisjoint(candidate.commune.code for candidate in self._carrier.carried(read, today))

    def old(self, place: Place) -> tuple[Candidate, ...]:
        """The communes of 30 June 2025 that the address may have been in, heaviest first."""
        reading = place.reading
        if reading is not None and reading.commune is not None and reading.era != "new":
            unit = reading.commune
            if unit.valid_to is not None and place.by == "names":
                return self._carrier.carried(unit, EVE)
        if place.commune is None or not place.stands:
            return ()
        before = self._carrier.carried(place.commune, EVE)
        district = reading.district if reading is not None else None
        inside = [c for c in before if district is not None and c.commune.parent == district.code]
        if inside and len(inside) < len(before):
            total = sum(candidate.weight for candidate in inside)
            return tuple(replace(candidate, weight=candidate.weight / total) for candidate in inside)
        return before

    def _evidence(
        self, codes: Sequence[CodeFound], point: PointFound | None, postcode: PostcodeFound | None
    ) -> Iterator[Evidence]:
        """What was given besides names, surest first."""
        roughly = self._locator.info.boundary_accuracy != "exact"
        for code in codes:
            if code.reading is not None and code.issued:
                yield Evidence("code", code.communes, code.reading.commune, roughly and code.by_cells)
        if point is not None and point.at:
            commune = self._gazetteer.unit(point.at[0], level="commune", as_of=self._gazetteer.date)
            yield Evidence("point", frozenset(point.near), commune, roughly)
        if postcode is not None and postcode.commune is not None:
            yield Evidence("postcode", frozenset({postcode.commune.code}), postcode.commune, False)

    @staticmethod
    def _weighed(place: Place, evidence: Iterator[Evidence]) -> Place:
        """The same place, surer where evidence says the same. An approximate cell that says otherwise makes it
        less sure, but for units of today by name. Such cells count once, however many things they tell of."""
        confidence, by_cells = place.confidence, False
        named_today = place.stands and place.reading is not None and place.reading.era == "new"
        for each in evidence:
            if confidence is None or place.commune is None or (each.rough and by_cells):
                continue
            by_cells = by_cells or each.rough
            if place.commune.code not in each.allowed:
                confidence = shifted(confidence, CELL_DISAGREES) if each.rough and not named_today else confidence
            elif place.stands:
                confidence = shifted(confidence, CELL_AGREES) if each.rough else supported(confidence, each.by)
        return replace(place, confidence=confidence)

    def _decided(self, place: Place, evidence: Evidence) -> Place | None:
        by, allowed, unit, rough = evidence
        kept = [c for c in place.candidates if c.commune.code in allowed]
        own = [c for c in kept if unit is not None and c.commune.code == unit.code]
        if len(kept) == 1 or own:
            chosen = (own or kept)[0]
            weight = chosen_by_cell(chosen.weight) if rough else supported(chosen.weight, by)
            others = [
                replace(c, weight=(1 - weight) * c.weight / (1 - chosen.weight))
                for c in place.candidates
                if c is not chosen
            ]
            if others and others[0].weight > weight:  # the names speak louder
                return None
            candidates = (replace(chosen, weight=weight), *others)
        elif unit is not None and not place.candidates:
            if place.province is not None and unit.parent != place.province.code:
                return None
            weight = CELL_ALONE / max(len(allowed), 1) if rough else 1 - WRONG[by]
            basis: Basis = "prior" if by == "postcode" else "cell" if rough else "boundary"
            candidates = (Candidate(unit, 1.0, basis, None, unit.legal_basis),)
        else:
            return None
        commune = candidates[0].commune
        province = self._gazetteer.unit(commune.parent or "", as_of=self._gazetteer.date)
        return replace(
            place,
            stands=True,
            by=by,
            commune=commune,
            province=province,
            candidates=candidates,
            confidence=weight,
        )

    def _leading(self, readings: Sequence[Interpretation], commune: Unit | None) -> Interpretation | None:
        """The best reading that leads to ``commune``."""
        for reading in readings if commune is not None else ():
            unit = reading.commune or reading.district
            carried = self._carrier.carried(unit, self._gazetteer.date) if unit is not None else ()
            if any(candidate.commune.code == commune.code for candidate in carried if commune):
                return reading
        return readings[0] if readings else None

    def _province_read(self, readings: Sequence[Interpretation]) -> Unit | None:
        if not readings or readings[0].province is None:
            return None
        now = self.provinces_of(readings[0].province)
        if len(now) != 1:
            return None
        return self._gazetteer.unit(next(iter(now)), level="province", as_of=self._gazetteer.date)


def supported(probability: float, by: By) -> float:
    """The probability of a commune when evidence, too, names it (Bayes)."""
    return probability / (probability + (1 - probability) * WRONG[by])


def shifted(probability: float, by: float) -> float:
    """A probability with something added to its log odds."""
    return logistic(log_odds(probability) + by)


def chosen_by_cell(weight: float) -> float:
    """The probability of a commune when an approximate cell picks it among those that names leave open."""
    return logistic(CELL_CHOOSES + CELL_WEIGHT * log_odds(weight))


def _in_full(readings: Sequence[Interpretation], commune: Unit | None) -> bool:
    """Whether the text is a whole address of today: a commune and its province, written without a fault. That an
    old commune of the same name is meant, its district left out, is then a matter for the confidence."""
    best = readings[0] if readings else None
    if best is None or best.commune is None or commune is None or best.commune.code != commune.code:
        return False
    return best.era == "new" and not best.inferred and best.score >= PLAIN
