"""Evidence: the parts of the line, and the units that they name, whether a reading uses them or not.

Stretches of words are bit masks here (bit ``i`` is word ``i``), so that overlap is one operation; sets of
levels are bit masks too (bit ``r`` is rank ``r``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import COMMUNE, DISTRICT, Dictionary
from geoaddr.interpretation.matching import Match
from geoaddr.interpretation.placing import POSTCODE_DIGITS, mask_of
from geoaddr.interpretation.words import Words

ONLY_DISTRICT = 1 << DISTRICT
UNRELATED, BESIDE, RELATED, OF_OTHER_ERA = range(4)


@dataclass(slots=True)
class Named:
    """A stretch of words that names units: with a type word, or by standing alone in its part of the line."""

    mask: int
    begin: int
    number: int
    typed_ranks: int = 0
    entities: set[int] = field(default_factory=set)
    commune_holders: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Part:
    """A part of the line: its words but numbers that may be postcodes and the country; the levels of
    the type words that stand in it; what it names."""

    mask: int
    typed_ranks: int
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
                entry = named[place] = Named(match.mask, match.begin, len(named))
            entry.entities.add(match.entity)
            if match.typed:
                entry.typed_ranks |= 1 << match.rank
            if alone and match.rank == COMMUNE:
                entry.commune_holders.update(dictionary.holders[match.entity])
        self.named = list(named.values())
        self.parts = _parts(words, self.named)
        self.last: set[int] = max(self.named, key=lambda n: n.mask).entities if named else set()
        """What is named last, where the highest level stands."""

    def relations(self, leaf: int, holders: Mapping[int, bool]) -> list[int]:
        """What each stretch that names something is to ``leaf``: ``RELATED`` when it names it or one of its
        ``holders``, ``OF_OTHER_ERA`` when only a holder of the other era, ``BESIDE`` when it names communes
        that share a holder."""
        found = []
        for named in self.named:
            relation = RELATED if leaf in named.entities else UNRELATED
            if relation == UNRELATED:
                relation = BESIDE if leaf in named.commune_holders else UNRELATED
                for holder, mixed in holders.items():
                    if holder in named.entities:
                        relation = OF_OTHER_ERA if mixed else RELATED
                        if not mixed:
                            break
                    elif relation == UNRELATED and holder in named.commune_holders:
                        relation = BESIDE
            found.append(relation)
        return found

    def unused(self, taken: int, region: int, relations: list[int], ranks: int, stated: bool, new: bool) -> float:
        """What a reading pays for what it does not use.

        :param taken: the words that its matches took.
        :param region: the words where units are expected.
        :param relations: see :meth:`relations`; naming a unit again is little harm.
        :param ranks: the levels that were read.
        :param stated: whether the smallest unit is a commune with its type word.
        :param new: whether the smallest unit is of since the reform, which no district holds.
        """
        cost = 0.0
        for part in self.parts:
            free = part.mask & ~taken
            if free:
                within = free & region
                if within:
                    all_free = not taken & part.mask
                    worst = costs.UNUSED_TYPED if all_free and part.typed_ranks else costs.UNUSED_WORDS
                    if new and all_free and part.typed_ranks == ONLY_DISTRICT:
                        worst += costs.OLD_DISTRICT
                else:
                    unknown = part.typed_ranks and not part.typed_ranks & ranks and not part.named
                    worst = costs.UNUSED_TYPED if unknown else 0.0
                for named in part.named:
                    if named.mask & taken:
                        continue
                    relation = relations[named.number]
                    if relation >= RELATED:
                        again = costs.SAID_AGAIN if relation == RELATED else costs.OLD_DISTRICT
                        if named.typed_ranks and not named.typed_ranks & ranks:
                            again = costs.UNUSED_UNIT  # said once, and not even read
                        worst = again if within else 0.0
                        break
                    worst = max(worst, _passed_over(named, region, ranks, relation == BESIDE, stated))
                cost += worst
        return min(costs.UNUSED_MOST, cost)


def _passed_over(named: Named, region: int, ranks: int, beside: bool, stated: bool) -> float:
    """What it costs to leave a stretch unused that names other units."""
    if named.typed_ranks:
        expected = named.mask & region or not named.typed_ranks & ranks
        return costs.UNUSED_TYPED if expected or beside else 0.0
    if named.mask & region:
        return costs.UNUSED_UNIT
    # beside a commune with its type word, a bare name is likelier a street or a hamlet
    return costs.UNUSED_FITTING if named.begin and beside and not stated else 0.0


def _parts(words: Words, named: list[Named]) -> tuple[Part, ...]:
    parts = []
    begin = 0
    for end in range(1, len(words) + 1):
        if not words.opens[end]:
            continue
        mask = typed = 0
        for i in range(begin, end):
            word = words.words[i]
            if not (words.country[i] or (word.number and word.end - word.start in POSTCODE_DIGITS)):
                mask |= 1 << i
            announced = words.types_end[i + 1]
            if announced is not None and announced[1].cost == 0:
                typed |= sum(1 << rank for rank in announced[1].ranks)
        if mask:
            whole = mask_of(begin, end)
            parts.append(Part(mask, typed, tuple(entry for entry in named if entry.mask & whole)))
        begin = end
    return tuple(parts)
