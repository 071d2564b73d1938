"""Chains: the short way for addresses that end in a commune, what holds it, and what holds that.

Most addresses do, each part between its commas being one unit's whole name: ``Bến Nghé, Quận 1, TP.HCM``.
What such parts name is kept by part, and what they mean together is put together from that, without asking
after every namesake in the country. It is an answer only where it is certain that the long way
(:meth:`geoaddr.interpretation.interpreter.Interpreter.interpret_whole`) finds no better reading:

- the best reading costs at most ``CERTAIN``, less than any reading must that leaves a part of the chain
  unused, a level unnamed, or takes the units in another order;
- no part names by another of its meanings what holds, or lies in, what another part names;
- the head, which is what stands before the chain, names nothing that holds a unit of the chain, and
  nothing that the chain's commune could hold; it makes no reading dearer.

The answer is a function of the text alone. Its best reading is the long way's. Of the readings beside it
only those are given that take every part of the chain; the long way may know more of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from geoaddr.interpretation import costs
from geoaddr.interpretation.assembling import Assembler, Span, country_spans
from geoaddr.interpretation.dictionary import COMMUNE, DISTRICT, PROVINCE, Dictionary
from geoaddr.interpretation.heads import Head, HeadReader
from geoaddr.interpretation.matching import Match, exact_matches, has_open_twins
from geoaddr.interpretation.placing import POSTCODE_DIGITS, place_matches
from geoaddr.interpretation.ranking import DISTRICT_NAMED, MISSING, PROVINCE_NAMED, Ranked
from geoaddr.interpretation.reading import Interpretation, UnitMatch
from geoaddr.interpretation.words import FIRST_WORDS, LAST_WORDS, WordReader
from geoaddr.interpretation.written import Writings

CERTAIN = 0.65
"""Below ``OLD_DISTRICT``: what a reading costs at the least that takes a district for one of the other era."""
CERTAIN_IF_MIXED = costs.OLD_PROVINCE - 0.01
"""The same where a province of the other era is named and no district."""
CHEAP_PROVINCE = costs.NO_PROVINCE
"""A province whose writing, or a district and a province whose writings cost more may be better left out."""
CHEAP_DISTRICT = costs.SAID_AGAIN - 0.01
"""The same for the district of a unit that needs none."""
LONGEST_PART = 60
LONGEST_HEAD = 160
MOST_PARTS = 32_768
MOST_CHAINS = 16_384
STAND_IN = 2
"""Characters that stand before the chain in the readings that are kept."""
MOST_SAID_AGAIN = 2
"""Times that a head may name the commune."""


class Part(NamedTuple):
    """A part of the line by itself.

    ``country``: it is the country's name. ``whole``: the matches that take all of it, a postcode left out,
    the cheapest first; ``communes``: those of them that are. ``named``: all that stands there with a type word
    or takes the whole; ``higher``: of these the districts and provinces.
    """

    country: bool
    span: Span
    words: int
    whole: tuple[Match, ...] = ()
    communes: tuple[Match, ...] = ()
    named: frozenset[int] = frozenset()
    higher: frozenset[int] = frozenset()


@dataclass(slots=True)
class Chain:
    """The readings of some parts, and what a head is judged by.

    ``templates``: the readings, with ``STAND_IN`` characters before the chain; ``moving``: what in them was read
    at a place in the text. ``leaves``: their smallest units; ``beside``: what may hold these. ``first``: all that
    the first part names; ``holders``: what may hold any of its communes. ``plain``: the best reading's commune
    costs next to nothing. ``stated``: all readings have its type word. ``full``: they name all levels.
    """

    templates: list[Interpretation]
    moving: list[UnitMatch]
    leaves: frozenset[int]
    beside: frozenset[int]
    first: frozenset[int]
    holders: frozenset[int]
    plain: bool
    stated: bool
    full: bool
    words: int


class Chains:
    """Interprets texts by the chain that they end in, where that is certain. Safe to share between threads."""

    def __init__(
        self, dictionary: Dictionary, reader: WordReader, writings: Writings, assembler: Assembler
    ) -> None:
        self._dictionary, self._reader, self._writings = dictionary, reader, writings
        self._assembler = assembler
        self._heads = HeadReader(dictionary, reader)
        self._parts: dict[str, Part | None] = {}
        self._chains: dict[tuple[tuple[str, ...], int | None, int], Chain | None] = {}

    def interpret(self, text: str, day: int | None, limit: int) -> list[Interpretation] | None:
        """The readings of ``text``, or ``None`` where they cannot be told from its chain."""
        pieces = text.rsplit(",", 4)
        if len(pieces) < 3:
            return None
        last = self._part(pieces[-1])
        if last is None:
            return None
        end = len(pieces) - last.country
        head: Head | None = None
        for size in (3, 2):
            if end <= size:
                continue
            taken = tuple(pieces[end - size :])
            cut = len(text) - sum(map(len, taken)) - len(taken) + 1
            if not 1 < cut <= LONGEST_HEAD:
                continue
            asked = (taken, day, limit)
            try:
                chain = self._chains[asked]
            except KeyError:
                chain = self._keep(asked, self._chain(taken, end - len(pieces), day, limit))
            if chain is not None:
                head = self._heads.read(text[: cut - 1])
                if head is not None and self._is_innocent(head, chain):
                    return _moved(chain, cut - STAND_IN)
        return None

    def _keep(self, asked: tuple[tuple[str, ...], int | None, int], chain: Chain | None) -> Chain | None:
        if len(self._chains) >= MOST_CHAINS:
            self._chains.clear()
        self._chains[asked] = chain
        return chain

    def _part(self, text: str) -> Part | None:
        """What a part of the line names, ``None`` where it is no chain's."""
        try:
            return self._parts[text]
        except KeyError:
            pass
        part = self._read(text) if len(text) <= LONGEST_PART else None
        if len(self._parts) >= MOST_PARTS:
            self._parts.clear()
        self._parts[text] = part
        return part

    def _read(self, text: str) -> Part | None:
        words = self._reader.read(text)
        n = len(words)
        if not n or "/" in text or words.types_after[0] is not None:
            return None
        if all(words.country[:n]):
            return Part(True, country_spans(words)[0], words=n) if len(country_spans(words)) == 1 else None
        matches = exact_matches(words, self._dictionary, self._writings)
        place_matches(words, matches)
        end, last = n, words.words[-1]
        whole = [m for m in matches if m.begin == 0 and m.end == n]
        if not whole and last.number and last.end - last.start in POSTCODE_DIGITS:
            end = n - 1
            whole = [m for m in matches if m.begin == 0 and m.end == end]
        if not whole or _has_cheap_pieces(matches, end) or has_open_twins(whole, self._dictionary):
            return None
        whole.sort(key=lambda m: m.cost)
        span = words.words[0].start, words.words[end - 1].end
        named = [m for m in matches if m.typed or m.end - m.begin == end]
        higher = frozenset([m.entity for m in named if m.rank != COMMUNE])
        communes = [m for m in whole if m.rank == COMMUNE]
        return Part(False, span, n, tuple(whole), tuple(communes), frozenset([m.entity for m in named]), higher)

    def _chain(self, taken: tuple[str, ...], after: int, day: int | None, limit: int) -> Chain | None:
        """The chain of the parts ``taken``, of which ``after``, negated, stand behind it: the country's name."""
        found = [self._part(text) for text in taken]
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return None
        named = parts[:after] if after else parts
        if any(part.country or not part.whole for part in named):
            return None
        readings = self._readings(named, day)
        if not readings or not self._is_alone(named, readings[0]):
            return None
        if readings[0].cost > (CERTAIN_IF_MIXED if len(named) == 2 and self._mixes(named) else CERTAIN):
            return None
        most = costs.most_kept(readings[0].cost)
        readings = [each for each in readings[:limit] if each.cost <= most]
        return self._made(readings, taken, parts, named, day)

    def _readings(self, parts: list[Part], day: int | None) -> list[Ranked] | None:
        """The readings that take all ``parts``, with units of one era that hold one another, best first;
        ``None`` where one that leaves a part unused might be as good."""
        first, *others = parts
        dictionary = self._dictionary
        table, kinds = MISSING, dictionary.kinds
        found: dict[int, Ranked] = {}
        for match in first.communes:
            leaf = match.entity
            if leaf in found or (len(parts) == 2 and first.higher and not match.typed):
                continue
            if day is not None and dictionary.begins(leaf) > day:
                continue
            gone = 0.0 if day is None or dictionary.holds(leaf, day) else costs.GONE
            above = self._above(leaf, others, day)
            if above is None:
                return None
            for chosen in above:
                levels = sum([DISTRICT_NAMED if m.rank == DISTRICT else PROVINCE_NAMED for m in chosen])
                reading = _ranked(leaf, (match, *chosen), table[kinds[leaf]][levels], gone)
                if leaf not in found or reading.cost < found[leaf].cost:
                    found[leaf] = reading
        return sorted(found.values(), key=lambda each: (each.cost, each.leaf))

    def _above(self, leaf: int, parts: list[Part], day: int | None) -> list[tuple[Match, ...]] | None:
        """What holds ``leaf`` in its own era, one in each of ``parts``, each way; none where a part has none.

        ``None`` where that is not all: a part has several of a level, or is as well left out.
        """
        mine, old = self._dictionary.holders[leaf], self._dictionary.kinds[leaf] % 2
        if any(part.higher.isdisjoint(mine) for part in parts):
            return []
        held: list[dict[int, Match]] = []
        for part in parts:
            of_rank: dict[int, Match] = {}
            for match in part.whole:
                if mine.get(match.entity) is not False:
                    continue
                if day is not None and self._dictionary.begins(match.entity) > day:
                    continue
                if of_rank.setdefault(match.rank, match).entity != match.entity:
                    return None
            held.append(of_rank)
        if not all(held):
            return []
        if len(held) == 1:
            return [(match,) for match in held[0].values()]
        district, province = held[0].get(DISTRICT), held[1].get(PROVINCE)
        if not old and (PROVINCE in held[0] or (district is not None and district.cost > CHEAP_DISTRICT)):
            return None
        if district is None or province is None:
            return []
        dear = district.cost + district.right + province.cost + province.right > CHEAP_PROVINCE
        return None if dear else [(district, province)]

    def _is_alone(self, parts: list[Part], best: Ranked) -> bool:
        """Whether no part of the chain means by another of its names what goes with the others' names."""
        first, *others = parts
        holders = self._dictionary.holders
        mine = holders[best.leaf].keys()
        for number, part in enumerate(others):
            for commune in part.communes:
                held = holders[commune.entity]
                if commune.entity in first.named or not first.higher.isdisjoint(held) or commune.typed:
                    return False
                # a reading of it passes over the first part, which is dear where that lies beside it
                after = others[number + 1 :]
                if mine.isdisjoint(held) and any(not other.higher.isdisjoint(held) for other in after):
                    return False
        return True

    def _mixes(self, parts: list[Part]) -> bool:
        """Whether a commune of since the reform stands with its province of before."""
        kinds, holders = self._dictionary.kinds, self._dictionary.holders
        return any(
            holders[commune.entity].get(match.entity)
            for commune in parts[0].communes
            if not kinds[commune.entity] % 2
            for match in parts[1].whole
            if match.rank == PROVINCE
        )

    def _made(
        self, readings: list[Ranked], taken: tuple[str, ...], parts: list[Part], named: list[Part], day: int | None
    ) -> Chain:
        spans: list[Span] = []
        at = STAND_IN
        for text, part in zip(taken, parts, strict=True):
            spans.append((at + part.span[0], at + part.span[1]))
            at += len(text) + 1
        # by its place in the reading, for a district and its province of one name are one and the same part
        span_of = {id(m): span for each in readings for m, span in zip(each.chosen, spans, strict=False)}
        templates = self._assembler.placed(readings, span_of, spans[len(named) :], at - 1, day)
        moving = {id(match): match for each in templates for match in each.matches if match.span is not None}
        holders = self._dictionary.holders
        first = named[0]
        return Chain(
            templates=templates,
            moving=list(moving.values()),
            leaves=frozenset([each.leaf for each in readings]),
            beside=_union(holders[each.leaf] for each in readings),
            first=first.named,
            holders=_union(holders[commune.entity] for commune in first.communes),
            plain=readings[0].chosen[0].cost < costs.SAID_AGAIN,
            stated=all(each.chosen[0].typed for each in readings),
            full=len(named) == 3,
            words=sum(part.words for part in parts),
        )

    def _is_innocent(self, head: Head, chain: Chain) -> bool:
        """Whether no reading takes anything of the head, and none pays for anything in it."""
        if head.words + chain.words > FIRST_WORDS + LAST_WORDS or (head.typed and not chain.full):
            return False
        again = 0
        for name in head.names:
            if not name.higher.isdisjoint(chain.holders) or not chain.first.isdisjoint(name.holders):
                return False
            if not chain.first.isdisjoint(name.entities):
                again += 1
                if not chain.plain or again > MOST_SAID_AGAIN:
                    return False
            # a part that names a neighbour of the commune makes its reading dearer
            matters = head.typed or (name.alone and not chain.stated)
            if matters and not chain.beside.isdisjoint(name.holders) and not chain.leaves <= name.entities:
                return False
        return True


def _has_cheap_pieces(matches: list[Match], end: int) -> bool:
    """Whether a reading that takes only some words of a part could be good."""
    begins = {(match.begin, match.rank) for match in matches}
    ends = {(match.end, match.rank) for match in matches}
    for match in matches:
        if match.begin == 0 and match.end == end:
            continue
        others = [rank for rank in (PROVINCE, DISTRICT, COMMUNE) if rank != match.rank]
        before = any((match.begin, rank) in ends for rank in others)
        after = any((match.end, rank) in begins for rank in others)
        cost = match.cost + costs.WITHIN * match.within
        cost += 0.0 if before else match.left
        cost += 0.0 if after else match.right
        cost += 0.0 if before or after else costs.UNUSED_WORDS
        if cost <= CERTAIN:
            return True
    return False


def _union(sets: Iterable[Iterable[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def _ranked(leaf: int, chosen: tuple[Match, ...], missing: float, gone: float) -> Ranked:
    """A reading of parts that follow one another, with nothing between them; added up as the ranker does."""
    spelling = type_ = place = 0.0
    for match in chosen:
        spelling += match.spelling
        type_ += match.type
        place += match.right
    cost = spelling + type_ + place + missing + gone
    return Ranked(leaf, chosen, (spelling, type_, place, missing, 0.0, gone), cost)


def _moved(chain: Chain, shift: int) -> list[Interpretation]:
    """The readings where the chain stands ``shift`` characters further on, and more of the text before it."""
    moved = {}
    for match in chain.moving:
        begin, end = match.span or (0, 0)
        moved[id(match)] = UnitMatch(match.unit, match.name, (begin + shift, end + shift), match.how, match.cost)
    rests: dict[tuple[Span, ...], tuple[Span, ...]] = {}
    readings = []
    for reading in chain.templates:
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
