"""Evidence: the parts of the line, and the units that they name, whether a reading uses them or not.

Stretches of words are bit masks here (bit ``i`` is word ``i``), so that overlap is one operation.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import COMMUNE, Dictionary
from geoaddr.interpretation.matching import Match
from geoaddr.interpretation.words import Words

POSTCODE_DIGITS = (5, 6)


def mask_of(begin: int, end: int) -> int:
    """The words ``[begin, end)`` as bits."""
    return (1 << end) - (1 << begin)


@dataclass(slots=True)
class Named:
    """A stretch of words that names units: with a type word, or by standing alone in its part of the line."""

    mask: int
    begin: int
    typed_ranks: set[int] = field(default_factory=set)
    entities: set[int] = field(default_factory=set)
    commune_holders: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the line: its words but numbers that may be postcodes and the country; the levels of
    the type words that stand in it; what it names."""

    mask: int
    typed_ranks: frozenset[int]
    named: tuple[Named, ...]


class Evidence:
    """The parts of one line and what each names."""

    def __init__(self, words: Words, dictionary: Dictionary, matches: list[Match]) -> None:
        named: dict[tuple[int, int], Named] = {}
        for match in matches:
            alone = words.opens[match.begin] and words.opens[match.end]
            if not (match.typed or alone) or match.how == "fuzzy":
                continue
            place = (match.begin, match.end)
            entry = named.get(place)
            if entry is None:
                entry = named[place] = Named(mask_of(*place), match.begin)
            entry.entities.add(match.entity)
            rank = dictionary.entities[match.entity].rank
            if match.typed:
                entry.typed_ranks.add(rank)
            if alone and rank == COMMUNE:
                entry.commune_holders.update(dictionary.holders[match.entity])
        self.parts = _parts(words, list(named.values()))
        self.last: Set[int] = max(named.values(), key=lambda n: n.mask).entities if named else frozenset()
        """What is named last, where the highest level stands."""

    def unused(
        self, taken: int, region: int, known: Mapping[int, bool], ranks: Set[int], chosen: Set[int]
    ) -> float:
        """What a reading pays for what it does not use.

        :param taken: the words that its matches took.
        :param region: the words where units are expected.
        :param known: the smallest unit read and all that hold it, with whether that mixes the eras; naming one
            of these again is little harm.
        :param ranks: the levels that were read.
        :param chosen: the units that were read.
        """
        cost = 0.0
        for part in self.parts:
            free = part.mask & ~taken
            if free:
                cost += self._part(part, free, taken, region, known, ranks, chosen)
        return min(costs.UNUSED_MOST, cost)

    def _part(
        self,
        part: Part,
        free: int,
        taken: int,
        region: int,
        known: Mapping[int, bool],
        ranks: Set[int],
        chosen: Set[int],
    ) -> float:
        within = free & region
        worst = 0.0
        if within and not taken & part.mask:
            worst = costs.UNUSED_TYPED if part.typed_ranks else costs.UNUSED_WORDS
        elif within:
            worst = costs.UNUSED_WORDS
        elif part.typed_ranks and part.typed_ranks.isdisjoint(ranks) and not part.named:
            worst = costs.UNUSED_TYPED
        least = None
        for named in part.named:
            if named.mask & taken:
                continue
            again = [known[entity] for entity in named.entities if entity in known]
            if again:
                return 0.0 if not within else costs.OLD_DISTRICT if all(again) else costs.SAID_AGAIN
            if named.mask & region:
                least = costs.UNUSED_TYPED if named.typed_ranks else costs.UNUSED_UNIT
            elif named.typed_ranks and named.typed_ranks.isdisjoint(ranks):
                least = costs.UNUSED_TYPED
            elif (named.begin or named.typed_ranks) and not named.commune_holders.isdisjoint(chosen):
                least = costs.UNUSED_TYPED if named.typed_ranks else costs.UNUSED_FITTING
            if least is not None:
                worst = max(worst, least)
        return worst


def _parts(words: Words, named: list[Named]) -> tuple[Part, ...]:
    parts = []
    begin = 0
    for end in range(1, len(words) + 1):
        if not words.opens[end]:
            continue
        mask = 0
        typed: frozenset[int] = frozenset()
        for i in range(begin, end):
            word = words.words[i]
            if not (words.country[i] or (word.number and word.end - word.start in POSTCODE_DIGITS)):
                mask |= 1 << i
            announced = words.types_end[i + 1]
            if announced is not None and announced[1].cost == 0:
                typed |= announced[1].ranks
        inside = tuple(entry for entry in named if entry.mask & mask_of(begin, end))
        if mask:
            parts.append(Part(mask, typed, inside))
        begin = end
    return tuple(parts)
