"""Ranking: which matches together make a reading, and what each part of it costs.

Costs add up in named parts (see :mod:`geoaddr.interpretation.costs`); readings are weighed against one
another by ``exp(-cost)``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import COMMUNE, DISTRICT, NEW, OLD, PROVINCE, Dictionary
from geoaddr.interpretation.evidence import POSTCODE_DIGITS, Evidence, mask_of
from geoaddr.interpretation.matching import Match
from geoaddr.interpretation.words import Words

PLACES = 3
"""Places in the text that are tried for one unit."""
PARTS = ("spelling", "type", "place", "missing", "unused", "era")
MOST_LEAVES = 80
"""Smallest units that are tried for one text, likeliest first."""


@dataclass(slots=True)
class Ranked:
    """One reading: ``leaf``, the smallest unit, the matches of it and its holders, and its cost in parts."""

    leaf: int
    chosen: tuple[Match, ...]
    parts: dict[str, float] = field(default_factory=dict)
    cost: float = 0.0


class Ranker:
    """Makes the readings of one text from its matches."""

    def __init__(self, words: Words, dictionary: Dictionary, matches: list[Match], day: int | None) -> None:
        if day is not None:
            matches = [match for match in matches if dictionary.begins(match.entity) <= day]
        self.words = words
        self.dictionary = dictionary
        self.day = day
        self.type_begins = {found[0] for found in words.types_end if found is not None}
        self.evidence = Evidence(words, dictionary, matches)
        self._besides: dict[tuple[int, int, bool], tuple[float, float]] = {}
        self._mark_within(matches)
        begins, ends = {m.begin for m in matches}, {m.end for m in matches}
        self.by_entity: dict[int, list[Match]] = defaultdict(list)
        self.least: dict[int, float] = {}
        for match in matches:
            self.by_entity[match.entity].append(match)
            match.left, match.right = self._beside(match)
            bound = match.cost + (0.0 if match.begin in ends else match.left)
            bound += 0.0 if match.end in begins else match.right
            self.least[match.entity] = min(bound, self.least.get(match.entity, bound))
        for found in self.by_entity.values():
            if len(found) > PLACES:
                found.sort(key=lambda m: (m.cost + m.left + m.right, -m.begin))
                del found[PLACES:]
        entities = dictionary.entities
        self.higher = {entity for entity in self.by_entity if entities[entity].rank != COMMUNE}
        self.higher_at: dict[tuple[int, int], set[int]] = defaultdict(set)
        for entity in self.higher:
            for match in self.by_entity[entity]:
                self.higher_at[match.begin, match.end].add(entity)

    def ranked(self, limit: int) -> list[Ranked]:
        """At most ``limit`` readings, best first: the best one of each unit that may be the smallest named."""
        most = float("inf")
        found: list[Ranked] = []
        for bound, leaf, above in self._leaves()[:MOST_LEAVES]:
            if bound > most:
                break
            reading = self._best_of(leaf, above, most)
            if reading is not None:
                found.append(reading)
                found.sort(key=lambda r: (r.cost, r.leaf))
                most = found[0].cost + costs.MARGIN
                if len(found) >= limit:
                    most = min(most, found[limit - 1].cost)
        return [r for r in found[:limit] if r.cost <= most]

    def _mark_within(self, matches: list[Match]) -> None:
        """Make dearer what is only a piece of a longer name that stands there."""
        longest: dict[int, int] = {}
        for match in matches:
            if match.how != "fuzzy" and match.spelling < costs.ALIAS:
                longest[match.begin] = max(match.end, longest.get(match.begin, 0))
        spans = [(begin, end) for begin, end in longest.items() if end - begin > 2]
        for match in matches if spans else ():
            match.within = any(
                begin <= match.begin and match.end <= end and (begin, end) != (match.begin, match.end)
                for begin, end in spans
            )

    def _leaves(self) -> list[tuple[float, int, list[int]]]:
        """Units that may be the smallest named, each with a lower bound of its cost and its named holders."""
        entities, holders = self.dictionary.entities, self.dictionary.holders
        higher, last = self.higher, self.evidence.last
        leaves = []
        for leaf, least in self.least.items():
            mine = holders[leaf]
            above = [holder for holder in mine if holder in higher]
            district = province = False
            for holder in above:
                if entities[holder].rank == DISTRICT:
                    district = True
                else:
                    province = True
            bound = least + self._missing(leaf, district, province)
            if leaf not in last and last and last.isdisjoint(mine):
                bound += costs.UNUSED_UNIT
            leaves.append((bound, leaf, above))
        leaves.sort()
        return leaves

    def _missing(self, leaf: int, district: bool, province: bool) -> float:
        """What it costs that levels are not named, given whether a district and a province are."""
        entity = self.dictionary.entities[leaf]
        if entity.rank == PROVINCE:
            return costs.ONLY_PROVINCE
        if entity.rank == DISTRICT:
            return costs.NO_COMMUNE if province else costs.NO_COMMUNE + costs.NO_PROVINCE
        cost = costs.NO_DISTRICT if entity.era == OLD and not district else 0.0
        if not province:
            cost += costs.NO_PROVINCE if district else costs.ALONE
        return cost

    def _best_of(self, leaf: int, above: list[int], most: float) -> Ranked | None:
        """The best reading with ``leaf`` as the smallest unit, or ``None`` when all cost more than ``most``."""
        entities = self.dictionary.entities
        districts: list[Match | None] = []
        provinces: list[Match | None] = []
        for holder in above:
            (districts if entities[holder].rank == DISTRICT else provinces).extend(self.by_entity[holder])
        # the fullest readings first: they are the cheapest as a rule, and then bound the others
        districts.append(None)
        provinces.append(None)
        best: Ranked | None = None
        known = {leaf: False, **self.dictionary.holders[leaf]}
        for match in self.by_entity[leaf]:
            for district in districts:
                for province in provinces:
                    missing = self._missing(leaf, district is not None, province is not None)
                    chosen = [m for m in (match, district, province) if m is not None]
                    if missing + sum(m.cost for m in chosen) > most or _overlapping(chosen):
                        continue
                    reading = self._cost(leaf, chosen, known, missing, most)
                    if reading is not None and (best is None or reading.cost < best.cost):
                        best, most = reading, reading.cost
        return best

    def _cost(
        self, leaf: int, chosen: list[Match], known: dict[int, bool], missing: float, most: float
    ) -> Ranked | None:
        """The reading, or ``None`` when it costs more than ``most``."""
        entities = self.dictionary.entities
        rank = entities[leaf].rank
        spelling = type_ = 0.0
        ranks = set()
        units = set()
        taken = 0
        for match in chosen:
            spelling += match.spelling
            type_ += match.type
            ranks.add(entities[match.entity].rank)
            units.add(match.entity)
            taken |= mask_of(match.begin, match.end)
        place = self._place(chosen, rank)
        era = self._era(leaf, chosen) + self._likeness(leaf, chosen)
        cost = spelling + type_ + place + missing + era
        if cost > most:
            return None
        if len(chosen) > 1 and chosen[0].begin > chosen[-1].begin:
            region = mask_of(0, max(match.end for match in chosen))
        else:
            region = mask_of(min(match.begin for match in chosen), len(self.words))
        unused = self.evidence.unused(taken, region, known, ranks, units)
        cost += unused
        if cost > most:
            return None
        values = (spelling, type_, place, missing, unused, era)
        return Ranked(leaf, tuple(chosen), dict(zip(PARTS, values, strict=True)), cost)

    def _place(self, chosen: list[Match], rank: int) -> float:
        cost = 0.0
        for match in chosen:
            if match.left and not any(other.end == match.begin for other in chosen):
                cost += match.left
            if match.right and not any(other.begin == match.end for other in chosen):
                cost += match.right
            if match.within:
                cost += costs.WITHIN
        first = chosen[0]
        if rank == COMMUNE and not first.typed and first.begin == 0:
            cost += costs.FIRST
        if len(chosen) > 1:
            backwards = [a.begin > b.begin for a, b in pairwise(chosen)]
            if any(backwards):
                cost += costs.REVERSED if all(backwards) else costs.SHUFFLED
        return cost

    def _beside(self, match: Match) -> tuple[float, float]:
        """What the words before and after a match cost; the same for all matches of one place."""
        place = (match.begin, match.end, match.typed)
        known = self._besides.get(place)
        if known is None:
            known = self._besides[place] = (self._left(match), self._right(match))
        return known

    def _left(self, match: Match) -> float:
        words, i = self.words, match.begin
        if words.opens[i]:
            return 0.0
        if words.street[i]:
            return costs.TYPED_AFTER_STREET if match.typed else costs.STREET
        if match.typed:
            return 0.0
        if words.words[i - 1].number:
            return costs.NUMBER_BEFORE
        return costs.OTHER_TYPE_BESIDE if words.types_end[i] is not None else costs.RUN_ON

    def _right(self, match: Match) -> float:
        words, j = self.words, match.end
        if words.opens[j] or words.country[j]:
            return 0.0
        if words.street_after[j]:
            return costs.STREET
        word = words.words[j]
        if word.number:
            return costs.POSTCODE_AFTER if word.end - word.start in POSTCODE_DIGITS else costs.NUMBER_AFTER
        after = words.types_after[j]
        if after is not None and not match.typed and (after[0] == len(words) or not words.words[after[0]].number):
            return costs.OTHER_TYPE_BESIDE
        return costs.TYPE_AFTER if j in self.type_begins else costs.WORDS_AFTER

    def _era(self, leaf: int, chosen: list[Match]) -> float:
        entities, holders = self.dictionary.entities, self.dictionary.holders[leaf]
        cost = 0.0
        for match in chosen[1:]:
            if holders[match.entity]:
                if entities[match.entity].rank == DISTRICT:
                    cost += costs.OLD_DISTRICT
                else:
                    cost += costs.OLD_PROVINCE if entities[leaf].era == NEW else costs.NEW_PROVINCE
        if self.day is not None and not self.dictionary.holds(leaf, self.day):
            cost += costs.GONE
        return cost

    def _likeness(self, leaf: int, chosen: list[Match]) -> float:
        """What it costs that the words of the smallest unit name a higher one as well."""
        match = chosen[0]
        alike = None if match.typed else self.higher_at.get((match.begin, match.end))
        if alike is None:
            return 0.0
        entities, holders = self.dictionary.entities, self.dictionary.holders[leaf]
        rank = entities[leaf].rank
        cost = 0.0
        if rank != PROVINCE and entities[chosen[-1].entity].rank != PROVINCE:
            cost += costs.LIKE_PROVINCE * any(entities[other].rank == PROVINCE for other in alike)
        if self.day is None and rank == COMMUNE and entities[leaf].era == NEW:
            # holders tell by their value that they are of the other era: an old district of this ground
            cost += costs.LIKE_DISTRICT * any(
                holders.get(other, False) and entities[other].rank == DISTRICT for other in alike
            )
        return cost


def _overlapping(chosen: list[Match]) -> bool:
    return any(a.begin < b.end and b.begin < a.end for a, b in combinations(chosen, 2))
