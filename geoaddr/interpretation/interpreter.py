"""The interpreter: a text in, its readings out, best first."""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from typing import NamedTuple

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.abroad import is_abroad
from geoaddr.interpretation.dictionary import BOTH, COMMUNE, DISTRICT, NEW, PROVINCE, Dictionary
from geoaddr.interpretation.matching import Match, exact_matches, fuzzy_matches, near_matches
from geoaddr.interpretation.ranking import PARTS, Ranked, Ranker
from geoaddr.interpretation.reading import Era, Interpretation, UnitMatch
from geoaddr.interpretation.words import WordReader, Words
from geoaddr.interpretation.written import Writings
from geoaddr.model import Level, Unit
from geoaddr.profiles.vn import REFORM

SURE = 0.9
"""A reading that costs no more needs no search for typos."""
DOUBTFUL = 2.0
"""One that costs more, or has no commune, is searched for names with several typos."""
MOST_HOLDERS = 2
"""Readings in whose smallest district or province a misspelt name is looked for."""
LEVELS: tuple[Level, ...] = ("province", "district", "commune")


class Trace(NamedTuple):
    """The marked words of a text, every match that was looked at, and whether it was taken for an address of
    another country."""

    words: Words
    matches: list[Match]
    abroad: bool


class Interpreter:
    """Recognises administrative units in any text. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    @cached_property
    def dictionary(self) -> Dictionary:
        """The names of all eras, built when first needed."""
        return Dictionary(self.gazetteer)

    @cached_property
    def _reader(self) -> WordReader:
        return WordReader(self.dictionary.syllables, self.dictionary.index)

    @cached_property
    def _writings(self) -> Writings:
        return Writings(self.dictionary)

    def interpret(self, text: str, *, as_of: dt.date | None = None, limit: int = 5) -> list[Interpretation]:
        """The readings of ``text``, best first; none when no unit is understood.

        :param as_of: read with the units of that day; names gone before it are understood as aliases, units
            that came later are not known. Without it the units of all days compete.
        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        words = self._reader.read(text)
        day = None if as_of is None else as_of.toordinal()
        readings = self._ranked(words, day, max(1, limit))
        if not readings or (readings[0].cost > DOUBTFUL and self._abroad(text, words, readings[0])):
            return []
        total = sum(math.exp(readings[0].cost - r.cost) for r in readings)
        return [
            self._interpretation(r, words, len(text), day, math.exp(readings[0].cost - r.cost) / total)
            for r in readings
        ]

    def _abroad(self, text: str, words: Words, reading: Ranked) -> bool:
        chosen = reading.chosen
        taken = [(words.words[match.begin].start, words.words[match.end - 1].end) for match in chosen]
        return is_abroad(text, taken, alone=len(chosen) == 1 and chosen[0].rank == COMMUNE)

    def trace(self, text: str, *, as_of: dt.date | None = None, limit: int = 5) -> Trace:
        """What :meth:`interpret` goes through; for explanations, which may take their time."""
        words = self._reader.read(text)
        seen: list[Match] = []
        readings = self._ranked(words, None if as_of is None else as_of.toordinal(), max(1, limit), seen)
        doubtful = bool(readings) and readings[0].cost > DOUBTFUL
        return Trace(words, seen, doubtful and self._abroad(text, words, readings[0]))

    def _ranked(
        self, words: Words, day: int | None, limit: int, seen: list[Match] | None = None
    ) -> list[Ranked]:
        """:param seen: is given every match that was looked at."""
        dictionary = self.dictionary
        matches = exact_matches(words, dictionary, self._writings)
        readings = Ranker(words, dictionary, matches, day).ranked(limit)
        if seen is not None:
            seen += matches
        if readings and readings[0].cost <= SURE:
            return readings
        free = _free(words, readings)
        if any(free):
            typos = fuzzy_matches(words, dictionary, self._writings, free, matches)
            matches = matches + typos
            if seen is not None:
                seen += typos
            readings = Ranker(words, dictionary, matches, day).ranked(limit)
        if readings and (readings[0].cost > DOUBTFUL or dictionary.entities[readings[0].leaf].rank != COMMUNE):
            more = self._near(words, readings)
            if more:
                readings = Ranker(words, dictionary, matches + more, day).ranked(limit)
            if seen is not None:
                seen += more
        return readings

    def _near(self, words: Words, readings: list[Ranked]) -> list[Match]:
        """Misspelt names in the stretches left over, among the units of what was understood."""
        dictionary = self.dictionary
        holders: list[int] = []
        for reading in readings[:MOST_HOLDERS]:
            higher = [match.entity for match in reading.chosen if match.rank != COMMUNE]
            if higher and higher[0] not in holders:
                holders.append(higher[0])
        return near_matches(words, dictionary, self._writings, _stretches(words, readings[0]), holders)

    def _interpretation(
        self, ranked: Ranked, words: Words, length: int, day: int | None, weight: float
    ) -> Interpretation:
        dictionary = self.dictionary
        entities = dictionary.entities
        units: list[Unit | None] = [None, None, None]
        matches = []
        spans = []
        named = set()
        for match in ranked.chosen:
            span = (words.words[match.begin].start, words.words[match.end - 1].end)
            spans.append(span)
            rank = entities[match.entity].rank
            unit = dictionary.unit(match.entity, day)
            matches.append(UnitMatch(unit, match.name.text, span, match.how, round(match.cost, 4)))
            named.add(rank)
            units[rank] = unit
        inferred: list[Level] = []
        above: int | None = ranked.leaf
        while above is not None:
            rank = entities[above].rank
            unit = dictionary.unit(above, day)
            if rank not in named:
                inferred.append(LEVELS[rank])
                matches.append(UnitMatch(unit, unit.name, None, "inferred", 0.0))
            units[rank] = unit
            above = entities[above].parent
        parts = {name: round(-cost, 4) + 0.0 for name, cost in zip(PARTS, ranked.parts, strict=True)}
        return Interpretation(
            province=units[PROVINCE],
            district=units[DISTRICT],
            commune=units[COMMUNE],
            era=self._era(ranked, day),
            matches=tuple(matches),
            inferred=tuple(inferred),
            score=math.exp(-ranked.cost),
            score_parts=parts,
            weight=weight,
            rest=_rest(spans, length),
        )

    def _era(self, ranked: Ranked, day: int | None) -> Era:
        holders = self.dictionary.holders[ranked.leaf]
        if any(holders.get(match.entity) for match in ranked.chosen[1:]):
            return "mixed"
        if day is not None and day < REFORM.toordinal():
            return "old"  # a unit that the reform left as it was belongs to the day asked for
        return "new" if self.dictionary.entities[ranked.leaf].era in (NEW, BOTH) else "old"


def _free(words: Words, readings: list[Ranked]) -> list[bool]:
    """The words in which a typo may hide: all that the best reading did not take without any doubt."""
    free = [not country for country in words.country[: len(words)]]
    if readings:
        for match in readings[0].chosen:
            if match.cost + match.left + match.right < SURE / 2 and not match.within:
                free[match.begin : match.end] = [False] * (match.end - match.begin)
    return free


def _stretches(words: Words, reading: Ranked) -> list[tuple[int, int]]:
    """Stretches that may be a misspelt name: parts of the line, and what follows a type word."""
    taken = [False] * (len(words) + 1)
    for match in reading.chosen:
        taken[match.begin : match.end] = [True] * (match.end - match.begin)
    found = []
    for begin in range(len(words)):
        if taken[begin] or not (words.opens[begin] or words.types_end[begin] is not None):
            continue
        end = begin + 1
        while end < len(words) and not words.opens[end] and not taken[end]:
            end += 1
        if end - begin <= 6:
            found.append((begin, end))
    return found


def _rest(spans: list[tuple[int, int]], length: int) -> tuple[tuple[int, int], ...]:
    rest = []
    at = 0
    for begin, end in sorted(spans):
        if begin > at:
            rest.append((at, begin))
        at = end
    if at < length:
        rest.append((at, length))
    return tuple(rest)
