"""Ranking: which matches together make a reading, and what each part of it costs.

Costs add up in named parts (see :mod:`geoaddr.interpretation.costs`); readings are weighed against one
another by ``exp(-cost)``.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import COMMUNE, DISTRICT, NEW, PROVINCE, Dictionary
from geoaddr.interpretation.evidence import Evidence
from geoaddr.interpretation.matching import Match
from geoaddr.interpretation.placing import place_matches
from geoaddr.interpretation.words import Words

PLACES = 3
"""Places in the text that are tried for one unit."""
PARTS = ("spelling", "type", "place", "missing", "unused", "era")
MOST_LEAVES = 80
"""Smallest units that are tried for one text, likeliest first."""
DISTRICT_NAMED, PROVINCE_NAMED = 1, 2
NOWHERE = (-1, -1)
_DISTRICTS = 2 * DISTRICT
"""Kinds below this are provinces."""


def _missing(kind: int, district: bool, province: bool) -> float:
    rank, old = divmod(kind, 2)
    if rank == PROVINCE:
        return costs.ONLY_PROVINCE
    if rank == DISTRICT:
        return costs.NO_COMMUNE if province else costs.NO_COMMUNE + costs.NO_PROVINCE
    cost = costs.NO_DISTRICT if old and not district else 0.0
    if not province:
        cost += costs.NO_PROVINCE if district else costs.ALONE
    return cost


MISSING = [
    [_missing(kind, bool(levels & DISTRICT_NAMED), bool(levels & PROVINCE_NAMED)) for levels in range(4)]
    for kind in range(2 * COMMUNE + 2)
]
"""What it costs that levels are not named: by the kind of the smallest unit, and the levels that are."""


@dataclass(slots=True)
class Ranked:
    """One reading: ``leaf``, the smallest unit, the matches of it and its holders, and its cost in parts
    (as in ``PARTS``)."""

    leaf: int
    chosen: tuple[Match, ...]
    parts: tuple[float, ...]
    cost: float


def _cost_first(reading: Ranked) -> tuple[float, int]:
    return reading.cost, reading.leaf


class Ranker:
    """Makes the readings of one text from its matches."""

    def __init__(self, words: Words, dictionary: Dictionary, matches: list[Match], day: int | None) -> None:
        if day is not None:
            matches = [match for match in matches if dictionary.begins(match.entity) <= day]
        self.dictionary = dictionary
        self.day = day
        self.length = len(words)
        place_matches(words, matches)
        self.evidence = Evidence(words, dictionary, matches)
        self.by_entity: dict[int, list[Match]] = {}
        self.higher: set[int] = set()
        self.higher_at: dict[tuple[int, int], set[int]] = {}
        self.short_at: set[tuple[int, int]] = set()
        for match in matches:
            self.by_entity.setdefault(match.entity, []).append(match)
            if match.rank != COMMUNE:
                self.higher.add(match.entity)
                self.higher_at.setdefault((match.begin, match.end), set()).add(match.entity)
                if match.rank == PROVINCE and match.how == "alias":
                    self.short_at.add((match.begin, match.end))
        for found in self.by_entity.values():
            if len(found) > 1:
                found.sort(key=lambda m: (m.cost + m.left + m.right, -m.begin))
                del found[PLACES:]
        self.neighbourhood = self._neighbourhood(words, matches)
        self.foreign: dict[tuple[int, int, bool, float, float, int], Ranked | None] = {}

    def _neighbourhood(self, words: Words, matches: list[Match]) -> dict[int, tuple[int, int]]:
        """What holds the communes that are named alone in a part of the line: the place in the text where
        they are, ``NOWHERE`` when there are several. Districts and provinces that are named are among them."""
        opens, holders = words.opens, self.dictionary.holders
        near: dict[int, tuple[int, int]] = dict.fromkeys(self.higher, NOWHERE)
        for match in matches:
            if match.rank == COMMUNE and opens[match.begin] and opens[match.end]:
                place = (match.begin, match.end)
                for holder in holders[match.entity]:
                    if near.setdefault(holder, place) != place:
                        near[holder] = NOWHERE
        return near

    def ranked(self, limit: int, wide: bool = False) -> list[Ranked]:
        """At most ``limit`` readings, best first: the best one of each unit that may be the smallest named.

        :param wide: beside a sure one, too, keep what is kept beside a doubtful one.
        """
        most = float("inf")
        found: list[Ranked] = []
        for bound, leaf, above in self._leaves()[:MOST_LEAVES]:
            if bound > most:
                break
            if above or not self._is_foreign(leaf):
                reading = self._best_of(leaf, above, most)
            else:
                reading = self._foreign(leaf)
            if reading is not None:
                insort(found, reading, key=_cost_first)
                most = costs.most_kept(found[0].cost, wide)
                if len(found) >= limit:
                    most = min(most, found[limit - 1].cost)
        return [r for r in found[:limit] if r.cost <= most]

    def _leaves(self) -> list[tuple[float, int, Sequence[int]]]:
        """Units that may be the smallest named, each with a lower bound of its cost and its named holders."""
        kinds, holders = self.dictionary.kinds, self.dictionary.holders
        higher, last = self.higher, self.evidence.last
        leaves: list[tuple[float, int, Sequence[int]]] = []
        for leaf, matches in self.by_entity.items():
            mine = holders[leaf]
            above: Sequence[int] = ()
            levels = 0
            if not higher.isdisjoint(mine):
                above = [holder for holder in mine if holder in higher]
                for holder in above:
                    levels |= PROVINCE_NAMED if kinds[holder] < _DISTRICTS else DISTRICT_NAMED
            bound = MISSING[kinds[leaf]][levels]
            bound += matches[0].floor if len(matches) == 1 else min([match.floor for match in matches])
            if last and leaf not in last and last.isdisjoint(mine):
                bound += costs.UNUSED_UNIT
            leaves.append((bound, leaf, above))
        leaves.sort()
        return leaves

    def _foreign(self, leaf: int) -> Ranked | None:
        """The best reading of a unit that has nothing to do with anything else that the text names.

        All that are written alike cost the same, so it is worked out once for them.
        """
        match = self.by_entity[leaf][0]
        alike = (match.begin, match.end, match.typed, match.spelling, match.type, self.dictionary.kinds[leaf])
        known = self.foreign.get(alike)
        if known is None:
            known = self.foreign[alike] = self._best_of(leaf, (), float("inf"))
            return known
        return Ranked(leaf, (match,), known.parts, known.cost)

    def _is_foreign(self, leaf: int) -> bool:
        """Whether nothing else that the text names holds ``leaf``, lies in it, or lies beside it."""
        matches = self.by_entity[leaf]
        if self.day is not None or len(matches) > 1 or matches[0].how == "fuzzy" or leaf in self.neighbourhood:
            return False
        match, near = matches[0], self.neighbourhood
        own = (match.begin, match.end)
        return all(near.get(holder, own) == own for holder in self.dictionary.holders[leaf])

    def _best_of(self, leaf: int, above: Sequence[int], most: float) -> Ranked | None:
        """The best reading with ``leaf`` as the smallest unit, or ``None`` when all cost more than ``most``."""
        kinds, mine = self.dictionary.kinds, self.dictionary.holders[leaf]
        districts: list[tuple[Match | None, float]] = []
        provinces: list[tuple[Match | None, float]] = []
        for holder in above:
            era = self._other_era(leaf, holder) if mine[holder] else 0.0
            found = provinces if kinds[holder] < _DISTRICTS else districts
            found.extend([(match, era) for match in self.by_entity[holder]])
        # the fullest readings first: they are the cheapest as a rule, and then bound the others
        districts.append((None, 0.0))
        provinces.append((None, 0.0))
        table = MISSING[kinds[leaf]]
        gone = costs.GONE if self.day is not None and not self.dictionary.holds(leaf, self.day) else 0.0
        best: Ranked | None = None
        relations: list[int] | None = None
        for match in self.by_entity[leaf]:
            for district, of_district in districts:
                if district is not None and district.mask & match.mask:
                    continue
                for province, of_province in provinces:
                    era = of_district + of_province + gone
                    least = match.floor + era
                    levels = 0
                    if district is not None:
                        levels = DISTRICT_NAMED
                        least += district.floor
                    if province is not None:
                        levels |= PROVINCE_NAMED
                        least += province.floor
                    missing = table[levels]
                    if least + missing > most:
                        continue
                    if relations is None:
                        relations = self.evidence.relations(leaf, mine)
                    chosen = [each for each in (match, district, province) if each is not None]
                    reading = self._reading(leaf, chosen, relations, missing, era, most)
                    if reading is not None and (best is None or reading.cost < best.cost):
                        best, most = reading, reading.cost
        return best

    def _reading(
        self, leaf: int, chosen: list[Match], relations: list[int], missing: float, era: float, most: float
    ) -> Ranked | None:
        """The reading, or ``None`` when two matches share a word or it costs more than ``most``."""
        spelling = type_ = 0.0
        taken = ranks = 0
        for match in chosen:
            if match.mask & taken:
                return None
            taken |= match.mask
            ranks |= 1 << match.rank
            spelling += match.spelling
            type_ += match.type
        first = chosen[0]
        place = self._place(chosen, taken)
        if not first.typed and (first.begin, first.end) in self.higher_at:
            era += self._likeness(leaf, chosen)
        cost = spelling + type_ + place + missing + era
        if cost > most:
            return None
        if first.begin > chosen[-1].begin:
            region = (1 << taken.bit_length()) - 1
        else:
            region = (1 << self.length) - (taken & -taken)
        stated = first.typed and first.rank == COMMUNE
        new = self.dictionary.entities[leaf].era == NEW
        unused = self.evidence.unused(taken, region, relations, ranks, stated, new)
        cost += unused
        if cost > most:
            return None
        return Ranked(leaf, tuple(chosen), (spelling, type_, place, missing, unused, era), cost)

    def _place(self, chosen: list[Match], taken: int) -> float:
        cost = 0.0
        for match in chosen:
            if match.left and not (match.begin and taken >> (match.begin - 1) & 1):
                cost += match.left
            if match.right and not taken >> match.end & 1:
                cost += match.right
            if match.within:
                cost += costs.WITHIN
        first = chosen[0]
        if first.begin == 0 and first.rank == COMMUNE and not first.typed:
            cost += costs.FIRST
        if len(chosen) > 1:
            backwards = sum([a.begin > b.begin for a, b in pairwise(chosen)])
            if backwards:
                cost += costs.REVERSED if backwards == len(chosen) - 1 else costs.SHUFFLED
        return cost

    def _other_era(self, leaf: int, holder: int) -> float:
        """What it costs that a unit is written with a holder of the other era."""
        if self.dictionary.entities[holder].rank == DISTRICT:
            return costs.OLD_DISTRICT
        return costs.OLD_PROVINCE if self.dictionary.entities[leaf].era == NEW else costs.NEW_PROVINCE

    def _likeness(self, leaf: int, chosen: list[Match]) -> float:
        """What it costs that the words of the smallest unit name a higher one as well."""
        match = chosen[0]
        alike = None if match.typed else self.higher_at.get((match.begin, match.end))
        if alike is None:
            return 0.0
        entities = self.dictionary.entities
        rank = entities[leaf].rank
        cost = 0.0
        own = rank == DISTRICT and not match.within and (match.begin, match.end) in self.short_at
        if rank != PROVINCE and entities[chosen[-1].entity].rank != PROVINCE and not own:
            cost += costs.LIKE_PROVINCE * any(entities[other].rank == PROVINCE for other in alike)
        if rank == COMMUNE and not any(entities[m.entity].rank == DISTRICT for m in chosen[1:]):
            top = chosen[-1].entity if len(chosen) > 1 else None
            meant = any(
                entities[other].rank == DISTRICT and (top is None or top in self.dictionary.holders[other])
                for other in alike
            )
            if meant and entities[leaf].era == NEW:
                cost += costs.LIKE_DISTRICT * (self.day is None)
            elif meant:
                cost += costs.LIKE_OLD_DISTRICT if top is not None else costs.LIKE_DISTRICT_ALONE
        return cost
