"""Assembling: from what was ranked to what is answered, with units, characters and weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from geoaddr.interpretation.dictionary import BOTH, COMMUNE, DISTRICT, NEW, PROVINCE, Dictionary
from geoaddr.interpretation.ranking import PARTS, Ranked
from geoaddr.interpretation.reading import Best, Era, Interpretation, Likely, UnitMatch
from geoaddr.interpretation.words import Words
from geoaddr.interpretation.written import How
from geoaddr.model import Level, Unit
from geoaddr.profiles.vn import REFORM

LEVELS: tuple[Level, ...] = ("province", "district", "commune")
MOST_REMEMBERED = 32_768
_DISTRICTS = 2 * DISTRICT
"""Kinds below this are provinces."""

Span = tuple[int, int]
Chosen = tuple[int, int, str, How, float, int, int]
"""A match of the compiled engine: its entity and that one's rank, the name, how that is written and what it costs,
its first character and the one after its last."""
Read = tuple[int, float, tuple[Chosen, ...], tuple[float, ...]]
"""One of its readings: the smallest unit, the cost, the matches, and the cost in ``PARTS``."""
Answer = tuple[tuple[Read, ...], tuple[Span, ...]]
"""Its readings, the best one first, and where the country's name stands."""
BestRead = tuple[int, float, tuple[tuple[int, int, Span], ...], tuple[Span, ...], tuple[tuple[int, float], ...]]
"""Of the best reading the smallest unit, the cost, the units with their ranks and places, and what they leave; of
all others the smallest unit and the cost."""
Short = BestRead | tuple[()]
"""The same where no more is asked for; empty without a reading."""


class Assembler:
    """Makes interpretations."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._units: dict[int, Unit] = {}
        self._chains: dict[tuple[int, int | None], tuple[tuple[int, Unit, UnitMatch], ...]] = {}
        self._holding: dict[int, tuple[tuple[int, Unit], ...]] = {}

    def interpretations(
        self, readings: Sequence[Ranked], words: Words, length: int, day: int | None
    ) -> list[Interpretation]:
        """``readings``, the best one first, of a text of ``length`` characters, weighed against one another."""
        items = words.words
        spans = {
            id(match): (items[match.begin].start, items[match.end - 1].end)
            for reading in readings
            for match in reading.chosen
        }
        return self.placed(readings, spans, country_spans(words), length, day)

    def placed(
        self,
        readings: Sequence[Ranked],
        spans: Mapping[int, Span],
        countries: list[Span],
        length: int,
        day: int | None,
    ) -> list[Interpretation]:
        """The same, where it is known at which characters each match, by its identity, and the country stand."""
        weights = _weights([reading.cost for reading in readings])
        made: dict[int, UnitMatch] = {}  # readings share what they match alike
        return [
            self._interpretation(reading, spans, countries, made, length, day, weight)
            for reading, weight in zip(readings, weights, strict=True)
        ]

    def answered(self, answer: Answer, length: int) -> list[Interpretation]:
        """The same from what the compiled engine answers."""
        readings, countries = answer
        weights = _weights([reading[1] for reading in readings])
        return [
            self._answered(reading, countries, length, weight)
            for reading, weight in zip(readings, weights, strict=True)
        ]

    def likeliest(self, answer: Short) -> tuple[Best | None, list[Likely]]:
        """The best of them, and what each of them comes down to."""
        if not answer:
            return None, []
        kinds, others = self._dictionary.kinds, answer[4]
        if not others:  # as most have none
            best = self._best(answer, 1.0)
            return best, [Likely(None if kinds[answer[0]] < _DISTRICTS else best.commune or best.district, 1.0)]
        weights = _weights([answer[1], *[cost for _, cost in others]])
        unit = self._unit
        return self._best(answer, weights[0]), [
            Likely(None if kinds[leaf] < _DISTRICTS else unit(leaf), weight)
            for leaf, weight in zip([answer[0], *[leaf for leaf, _ in others]], weights, strict=True)
        ]

    def _best(self, answer: BestRead, weight: float) -> Best:
        """What :meth:`_answered` makes of a reading, no more of it than a conversion asks for."""
        leaf, cost, chosen, rest, _ = answer
        named = []
        units: list[Unit | None] = [None, None, None]
        for entity, rank, span in chosen:
            unit = self._unit(entity)
            named.append((unit, span))
            units[rank] = unit
        inferred: list[Level] = []
        for rank, unit in self._held(leaf):
            if units[rank] is None:
                inferred.append(LEVELS[rank])
            units[rank] = unit
        province, district, commune = units
        return Best(province, district, commune, tuple(named), tuple(inferred), math.exp(-cost), weight, rest)

    def _unit(self, entity: int) -> Unit:
        """An entity's unit as it was last."""
        unit = self._units.get(entity)
        if unit is None:
            unit = self._units[entity] = self._dictionary.unit(entity, None)
        return unit

    def _answered(self, reading: Read, countries: tuple[Span, ...], length: int, weight: float) -> Interpretation:
        leaf, cost, chosen, parts = reading
        units: list[Unit | None] = [None, None, None]
        matches = []
        taken = [*countries]
        for entity, rank, text, how, spelling, begin, end in chosen:
            unit = self._unit(entity)
            matches.append(UnitMatch(unit, text, (begin, end), how, round(spelling, 4)))
            taken.append((begin, end))
            units[rank] = unit
        inferred: list[Level] = []
        for rank, unit, match_of_it in self._chain(leaf, None):
            if units[rank] is None:
                inferred.append(LEVELS[rank])
                matches.append(match_of_it)
            units[rank] = unit
        return Interpretation(
            province=units[PROVINCE],
            district=units[DISTRICT],
            commune=units[COMMUNE],
            era=self._era(leaf, [each[0] for each in chosen[1:]], None),
            matches=tuple(matches),
            inferred=tuple(inferred),
            score=math.exp(-cost),
            score_parts={name: round(-part, 4) if part else 0.0 for name, part in zip(PARTS, parts, strict=True)},
            weight=weight,
            rest=_rest(taken, length),
        )

    def _interpretation(
        self,
        ranked: Ranked,
        spans: Mapping[int, Span],
        countries: list[Span],
        made: dict[int, UnitMatch],
        length: int,
        day: int | None,
        weight: float,
    ) -> Interpretation:
        units: list[Unit | None] = [None, None, None]
        matches = []
        taken = countries.copy()
        for match in ranked.chosen:
            span = spans[id(match)]
            read = made.get(id(match))
            if read is None:
                unit = self._dictionary.unit(match.entity, day)
                read = UnitMatch(unit, match.name.text, span, match.how, round(match.cost, 4))
                made[id(match)] = read
            matches.append(read)
            taken.append(span)
            units[match.rank] = read.unit
        inferred: list[Level] = []
        for rank, unit, match_of_it in self._chain(ranked.leaf, day):
            if units[rank] is None:
                inferred.append(LEVELS[rank])
                matches.append(match_of_it)
            units[rank] = unit
        return Interpretation(
            province=units[PROVINCE],
            district=units[DISTRICT],
            commune=units[COMMUNE],
            era=self._era(ranked.leaf, [match.entity for match in ranked.chosen[1:]], day),
            matches=tuple(matches),
            inferred=tuple(inferred),
            score=math.exp(-ranked.cost),
            score_parts={
                name: round(-cost, 4) if cost else 0.0 for name, cost in zip(PARTS, ranked.parts, strict=True)
            },
            weight=weight,
            rest=_rest(taken, length),
        )

    def _chain(self, leaf: int, day: int | None) -> tuple[tuple[int, Unit, UnitMatch], ...]:
        """The unit and those that hold it, each with its rank and as it is answered when it is not named.

        Without a day, one that is gone stands with those that held it on its last: the city Hạ Long never was
        in a city Quảng Ninh.
        """
        known = self._chains.get((leaf, day))
        if known is None:
            if len(self._chains) >= MOST_REMEMBERED:
                self._chains.clear()
            known = self._chains[leaf, day] = tuple(
                (rank, unit, UnitMatch(unit, unit.name, None, "inferred", 0.0))
                for rank, unit in self._holders(leaf, day)
            )
        return known

    def _held(self, leaf: int) -> tuple[tuple[int, Unit], ...]:
        """The same of a reading of no day, each with its rank alone."""
        known = self._holding.get(leaf)
        if known is None:
            if len(self._holding) >= MOST_REMEMBERED:
                self._holding.clear()
            known = self._holding[leaf] = tuple(self._holders(leaf, None))
        return known

    def _holders(self, leaf: int, day: int | None) -> list[tuple[int, Unit]]:
        entities = self._dictionary.entities
        held = []
        above: int | None = leaf
        last = self._dictionary.unit(leaf, day)
        when = last.valid_to.toordinal() - 1 if day is None and last.valid_to else day
        while above is not None:
            entity = entities[above]
            held.append((entity.rank, self._dictionary.unit(above, when)))
            above = entity.parent
        return held

    def _era(self, leaf: int, named: Sequence[int], day: int | None) -> Era:
        """Of what time a reading is that ends in ``leaf``; ``named`` are its holders that the text names."""
        holders = self._dictionary.holders[leaf]
        for holder in named:
            if holders[holder]:
                return "mixed"
        if day is not None and day < REFORM.toordinal():
            return "old"  # a unit that the reform left as it was belongs to the day asked for
        return "new" if self._dictionary.entities[leaf].era in (NEW, BOTH) else "old"


def _weights(costs: list[float]) -> list[float]:
    """The weights of readings among one another by their costs, the least first."""
    if len(costs) == 1:
        return [1.0]
    shares = [math.exp(costs[0] - cost) for cost in costs]
    total = sum(shares)
    return [share / total for share in shares]


def country_spans(words: Words) -> list[Span]:
    """Where the country's name stands, in characters."""
    found: list[Span] = []
    if True in words.country:
        for i, word in enumerate(words.words):
            if words.country[i]:
                begin = found.pop()[0] if i and words.country[i - 1] else word.start
                found.append((begin, word.end))
    return found


def _rest(spans: list[Span], length: int) -> tuple[Span, ...]:
    spans.sort()
    rest = []
    at = 0
    for begin, end in spans:
        if begin > at:
            rest.append((at, begin))
        if end > at:
            at = end
    if at < length:
        rest.append((at, length))
    return tuple(rest)
