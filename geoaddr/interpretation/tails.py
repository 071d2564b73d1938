"""Tails: the units at the end of an address, read once for all the houses and streets before them.

Most addresses end in their commune, district and province, and many end alike. Such a tail is read as the
whole of any text is, with a mere number before it, and kept. A text with that tail has the same readings,
provided that its head changes none of them and adds none. That is worked out for each head with the costs
that the readings are ranked by:

- the head's parts must not make any of the kept readings dearer (nothing in it names a neighbour of theirs);
- it must name no district or province that could hold what the tail names, or what it names itself;
- whatever else it names must cost more, at the least, than the dearest reading that is kept.

Where any of this is not certain the whole text is read, and so it is when a tail is met for the first time
behind a head that has names of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from geoaddr.interpretation import costs
from geoaddr.interpretation.assembling import Assembler
from geoaddr.interpretation.dictionary import COMMUNE, PROVINCE, Dictionary
from geoaddr.interpretation.evidence import RELATED, UNRELATED, Evidence
from geoaddr.interpretation.matching import Match, exact_matches
from geoaddr.interpretation.placing import POSTCODE_DIGITS, place_matches
from geoaddr.interpretation.ranking import (
    DISTRICT_NAMED,
    MISSING,
    MOST_LEAVES,
    PLACES,
    PROVINCE_NAMED,
    Ranked,
    Ranker,
)
from geoaddr.interpretation.reading import Interpretation, UnitMatch
from geoaddr.interpretation.words import FIRST_WORDS, LAST_WORDS, WordReader, Words
from geoaddr.interpretation.written import Writings

MOST_REMEMBERED = 4096
"""Tails that are kept, some 20 kB each; there are some 14,000 communes, and any place has few."""
MOST_ENDINGS = 32_768
LONGEST_TAIL = 160
LONGEST_HEAD = 160
STAND_IN = "0,"
"""What a tail is read behind: a part of the line that names nothing."""
LEVELS, ALL_LEVELS = 3, 7


@dataclass(slots=True)
class Tail:
    """The readings of a tail, and what a head is judged by.

    ``templates``: the readings, as of the text ``STAND_IN`` and the tail; ``moving``: what in them was read at
    a place in the text. ``kept``: the cost of each, by its smallest unit; ``most``: what a reading may cost
    to be kept. ``read``: for each its smallest unit, the levels that it reads, and whether that unit is a
    commune with its type word. ``to_communes``: all of them go down to a commune. ``places``: how often a unit
    is named. ``holding``: the districts and provinces that may hold one of these. ``foreign``: what a
    reading that takes nothing of the tail pays for that.
    """

    templates: list[Interpretation]
    moving: list[UnitMatch]
    kept: dict[int, float]
    most: float
    read: list[tuple[int, int, bool]]
    to_communes: bool
    places: dict[int, int]
    holding: set[int]
    higher: set[int]
    evidence: Evidence
    foreign: float
    words: int


@dataclass(slots=True)
class Ending:
    """The end of a line, read backwards part by part between the commas.

    ``inside``: the districts and provinces that the part before may lie in. ``is_tail``: it begins with a
    commune. ``goes_on``: the part before may belong to it. ``before``: the endings that are longer by a part.
    """

    inside: frozenset[int] = frozenset()
    is_tail: bool = False
    goes_on: bool = True
    before: dict[str, Ending] = field(default_factory=dict)


NO_ENDING = Ending(goes_on=False)


class Tails:
    """Interprets texts by their tails, where that is certain to be right. Safe to share between threads.

    :param sure: the cost of a reading up to which no typos are looked for.
    """

    def __init__(
        self, dictionary: Dictionary, reader: WordReader, writings: Writings, assembler: Assembler, sure: float
    ) -> None:
        self._dictionary, self._reader, self._writings = dictionary, reader, writings
        self._assembler, self._sure = assembler, sure
        self._end, self._endings = Ending(), 0
        self._tails: dict[tuple[str, int | None, int], Tail | None] = {}
        self._met: set[tuple[str, int | None, int]] = set()

    def interpret(self, text: str, day: int | None, limit: int) -> list[Interpretation] | None:
        """The readings of ``text``, or ``None`` where they cannot be told from its tail."""
        cut = self._cut(text)
        if not 1 < cut <= LONGEST_HEAD or len(text) - cut > LONGEST_TAIL:
            return None
        asked = (text[cut:], day, limit)
        words = self._reader.read(text[: cut - 1])
        matches = exact_matches(words, self._dictionary, self._writings)
        if asked in self._tails:
            tail = self._tails[asked]
        elif asked in self._met or not (matches or any(words.types_end)):
            if len(self._tails) >= MOST_REMEMBERED:
                self._tails.clear()
            tail = self._tails[asked] = self._read(*asked)
        else:  # behind a head that may matter, a tail is worth the work when it comes again
            if len(self._met) >= MOST_ENDINGS:
                self._met.clear()
            self._met.add(asked)
            return None
        if tail is None or not self._is_innocent(words, matches, text[: cut - 1], tail, day):
            return None
        return _moved(tail, cut - len(STAND_IN))

    def _cut(self, text: str) -> int:
        """Where the tail begins: a commune, what it lies in, and what that lies in, one or both; 0 without."""
        end, cut = len(text), 0
        ending = self._end
        for _ in range(LEVELS + 2):
            begin = text.rfind(",", 0, end) + 1
            if begin == 0:
                break
            part = text[begin:end]
            longer = ending.before.get(part)
            if longer is None:
                longer = self._longer(ending, part)
            if longer.is_tail:
                cut = begin
            if not longer.goes_on:
                break
            ending, end = longer, begin - 1
        return cut

    def _longer(self, ending: Ending, part: str) -> Ending:
        if len(part) > LONGEST_TAIL or part.lstrip()[:1].isdigit():
            return NO_ENDING
        if self._endings >= MOST_ENDINGS:
            self._end, self._endings = Ending(), 0
        self._endings += 1
        longer = ending.before[part] = self._with_part(ending, part)
        return longer

    def _with_part(self, ending: Ending, part: str) -> Ending:
        words = self._reader.read(part)
        n = len(words)
        if not n:
            return NO_ENDING
        if all(words.country[:n]):
            return Ending(ending.inside, goes_on=not ending.inside)
        found = self._named_by_all(words)
        ranks, holders = self._dictionary.kinds, self._dictionary.holders
        if not ending.inside:
            higher = frozenset(entity for entity in found if ranks[entity] < 2 * COMMUNE)
            return Ending(higher, goes_on=bool(higher))
        found = {entity for entity in found if not ending.inside.isdisjoint(holders[entity])}
        districts = frozenset(entity for entity in found if ranks[entity] < 2 * COMMUNE)
        return Ending(districts, is_tail=len(districts) < len(found), goes_on=bool(districts))

    def _named_by_all(self, words: Words) -> set[int]:
        """The units that a part of the line names by all its words, but for a postcode; those of its type
        word where it has one."""
        keys, index, kinds = self._dictionary.keys, self._dictionary.index, self._dictionary.kinds
        folded = [word.folded for word in words.words]
        n, last = len(folded), words.words[-1]
        if n > 1 and last.number and last.end - last.start in POSTCODE_DIGITS:
            n -= 1
        for begin in range(1, n):
            typed = words.types_end[begin]
            key = "".join(folded[begin:n])
            if typed is not None and typed[0] == 0 and key in keys:
                return {name.entity for name in index[key] if kinds[name.entity] // 2 in typed[1].ranks}
        for end in range(1, n):
            after = words.types_after[end]
            key = "".join(folded[:end])
            if after is not None and after[0] == n and key in keys:
                return {name.entity for name in index[key] if kinds[name.entity] // 2 in after[1].ranks}
        key = "".join(folded[:n])
        return {name.entity for name in index[key]} if key in keys and not words.words[0].number else set()

    def _read(self, text: str, day: int | None, limit: int) -> Tail | None:
        """The tail, or ``None`` for one whose readings a head could change."""
        stood_in = STAND_IN + text
        words = self._reader.read(stood_in)
        if len(words) > LAST_WORDS or words.types_after[1] is not None or "/" in words.words[1].gap:
            return None
        matches = exact_matches(words, self._dictionary, self._writings)
        ranker = Ranker(words, self._dictionary, matches, day)
        readings = ranker.ranked(limit)
        if not readings or readings[0].cost > self._sure or any(_is_backwards(each) for each in readings):
            return None
        most = readings[0].cost + costs.MARGIN
        if len(readings) >= limit:
            most = min(most, readings[-1].cost)
        evidence = ranker.evidence
        holders = self._dictionary.holders
        holding = {holder for entity in ranker.by_entity for holder in holders[entity]} | ranker.higher
        unrelated = [UNRELATED] * len(evidence.named)
        templates = self._assembler.interpretations(readings, words, len(stood_in), day)
        moving = {id(match): match for each in templates for match in each.matches if match.span is not None}
        return Tail(
            templates=templates,
            moving=list(moving.values()),
            kept={each.leaf: each.cost for each in readings},
            most=most,
            read=[(each.leaf, _levels(each), _is_stated(each)) for each in readings],
            to_communes=all(_levels(each) >> COMMUNE & 1 for each in readings),
            places={entity: len(found) for entity, found in ranker.by_entity.items()},
            holding=holding,
            higher=ranker.higher,
            evidence=evidence,
            foreign=evidence.unused(1, (1 << len(words)) - 1, unrelated, ALL_LEVELS, stated=True),
            words=len(words),
        )

    def _is_innocent(self, words: Words, matches: list[Match], head: str, tail: Tail, day: int | None) -> bool:
        """Whether a text's readings are those of its tail, with these words and names in its head."""
        n = len(words)
        if not n or n + tail.words > FIRST_WORDS + LAST_WORDS or any(words.country):
            return False
        if "/" in head[words.words[-1].end :]:
            return False
        if day is not None:
            matches = [match for match in matches if self._dictionary.begins(match.entity) <= day]
        if len(tail.places) + len(matches) > MOST_LEAVES:
            return False
        higher = {match.entity for match in matches if match.rank != COMMUNE}
        matches = [match for match in matches if not self._is_far(match, tail, higher)]
        if not matches and not any(words.types_end):
            return True
        place_matches(words, matches)
        evidence = Evidence(words, self._dictionary, matches)
        return self._keeps(evidence, tail) and self._adds_nothing(matches, tail)

    def _is_far(self, match: Match, tail: Tail, higher: set[int]) -> bool:
        """Whether a name is of a commune elsewhere, so that it can neither be meant nor matter.

        :param higher: the districts and provinces that the head names.
        """
        entity = match.entity
        holders = self._dictionary.holders[entity]
        return (
            match.rank == COMMUNE
            and entity not in tail.places
            and entity not in tail.holding
            and (tail.to_communes or not match.typed)
            and MISSING[self._dictionary.kinds[entity]][0] + match.cost + tail.foreign > tail.most
            and tail.holding.isdisjoint(holders)
            and higher.isdisjoint(holders)
        )

    def _keeps(self, evidence: Evidence, tail: Tail) -> bool:
        """Whether no kept reading pays for anything in the head."""
        if not evidence.named and not any(part.typed_ranks for part in evidence.parts):
            return True
        holders = self._dictionary.holders
        return all(
            evidence.unused(0, 0, evidence.relations(leaf, holders[leaf]), ranks, stated) == 0
            for leaf, ranks, stated in tail.read
        )

    def _adds_nothing(self, matches: list[Match], tail: Tail) -> bool:
        """Whether every reading that takes a name of the head costs too much to be kept."""
        own: dict[int, int] = {}
        for match in matches:
            own[match.entity] = own.get(match.entity, 0) + 1
            if match.rank != COMMUNE and match.entity in tail.holding:
                return False
        higher = [match for match in matches if match.rank != COMMUNE]
        for match in matches:
            entity = match.entity
            holders = self._dictionary.holders[entity]
            if any(other.entity in holders and not other.mask & match.mask for other in higher):
                return False
            if entity in tail.places and tail.places[entity] + own[entity] > PLACES:
                return False
            if self._least(match, tail) <= tail.kept.get(entity, tail.most):
                return False
        return True

    def _least(self, match: Match, tail: Tail) -> float:
        """What a reading with a name of the head as its smallest unit costs at the least."""
        leaf, kinds = match.entity, self._dictionary.kinds
        holders = self._dictionary.holders[leaf]
        least = match.floor
        if leaf not in tail.places and leaf not in tail.holding and tail.holding.isdisjoint(holders):
            return least + MISSING[kinds[leaf]][0] + tail.foreign
        levels = 0
        for holder in holders:
            if holder in tail.higher:
                levels |= PROVINCE_NAMED if self._dictionary.entities[holder].rank == PROVINCE else DISTRICT_NAMED
        relations = tail.evidence.relations(leaf, holders)
        taken = 1
        for named, relation in zip(tail.evidence.named, relations, strict=True):
            if relation >= RELATED:
                taken |= named.mask
        unused = tail.evidence.unused(taken, (1 << tail.words) - 1, relations, ALL_LEVELS, stated=True)
        return least + MISSING[kinds[leaf]][levels] + unused


def _is_backwards(reading: Ranked) -> bool:
    return reading.chosen[0].begin > reading.chosen[-1].begin


def _is_stated(reading: Ranked) -> bool:
    return reading.chosen[0].typed and reading.chosen[0].rank == COMMUNE


def _levels(reading: Ranked) -> int:
    levels = 0
    for match in reading.chosen:
        levels |= 1 << match.rank
    return levels


def _moved(tail: Tail, shift: int) -> list[Interpretation]:
    """The readings where the tail stands ``shift`` characters further on, and more of the text before it."""
    moved = {}
    for match in tail.moving:
        begin, end = match.span or (0, 0)
        moved[id(match)] = UnitMatch(match.unit, match.name, (begin + shift, end + shift), match.how, match.cost)
    rests: dict[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = {}
    readings = []
    for reading in tail.templates:
        rest = rests.get(reading.rest)
        if rest is None:
            (_, first), *others = reading.rest
            rest = ((0, first + shift), *[(begin + shift, end + shift) for begin, end in others])
            rests[reading.rest] = rest
        readings.append(
            Interpretation(
                province=reading.province,
                district=reading.district,
                commune=reading.commune,
                era=reading.era,
                matches=tuple([moved.get(id(match), match) for match in reading.matches]),
                inferred=reading.inferred,
                score=reading.score,
                score_parts=reading.score_parts,
                weight=reading.weight,
                rest=rest,
            )
        )
    return readings
