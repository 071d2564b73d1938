"""The interpreter: a text in, its readings out, best first."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from geoaddr.errors import InvalidQuery
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import costs
from geoaddr.interpretation.abroad import is_abroad
from geoaddr.interpretation.assembling import Assembler, Short
from geoaddr.interpretation.chains import Chains
from geoaddr.interpretation.dictionary import COMMUNE, Dictionary
from geoaddr.interpretation.matching import Match, exact_matches, fuzzy_matches, near_matches
from geoaddr.interpretation.ordinary import seen as as_seen
from geoaddr.interpretation.ranking import Ranked, Ranker
from geoaddr.interpretation.reading import Best, Interpretation, Likely
from geoaddr.interpretation.words import WordReader, Words
from geoaddr.interpretation.written import Writings

if TYPE_CHECKING:
    from geoaddr.interpretation.compiled import Engine

DOUBTFUL = 2.0
"""One that costs more, or has no commune, is searched for names with several typos."""
CHANCE = 3.3
"""What costs as much and is one bare name alone was right for none of the real addresses."""
FAR = 5.0
"""The same for the bare name of a district or a province that has words beside it: a street that is called after
it."""
LIGHT = 0.05
"""Where the last reading asked for weighs no more than this share of the first, those behind it change little."""
MOST_HOLDERS = 2
"""Readings in whose smallest district or province a misspelt name is looked for."""
MANY = 32
"""Texts after which the compiled engine is worth being made, which takes as long as reading some forty does."""


class Trace(NamedTuple):
    """The marked words of a text, every match that was looked at, and whether it was taken for an address of
    another country."""

    words: Words
    matches: list[Match]
    abroad: bool


class Interpreter:
    """Recognises administrative units in any text. Safe to share between threads.

    :param compiled: read with the compiled engine, where it was built, from the ``MANY``-th text on; the answers
        are the same.
    """

    def __init__(self, gazetteer: Gazetteer, *, compiled: bool = True) -> None:
        self.gazetteer = gazetteer
        self._engine: Engine | None = None
        self._left = MANY if compiled else -1
        self._alone = Lock()

    @cached_property
    def dictionary(self) -> Dictionary:
        """The names of all eras, built when first needed."""
        return Dictionary(self.gazetteer)

    @cached_property
    def _reader(self) -> WordReader:
        return WordReader(self.dictionary.syllables, self.dictionary.keys)

    @cached_property
    def _writings(self) -> Writings:
        return Writings(self.dictionary)

    @cached_property
    def _assembler(self) -> Assembler:
        return Assembler(self.dictionary)

    @cached_property
    def _chains(self) -> Chains:
        return Chains(self.dictionary, self._reader, self._writings, self._assembler)

    def interpret(
        self, text: str, *, as_of: dt.date | None = None, limit: int = 5, open_limit: int = 0
    ) -> list[Interpretation]:
        """The readings of ``text``, best first; none when no unit is understood.

        :param open_limit: how many are given at most where the last of ``limit`` weighs more than ``LIGHT`` of the
            first, so that those behind it matter.
        :param as_of: read with the units of that day; names gone before it are understood as aliases, units
            that came later are not known. Without it the units of all days compete.
        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        day = None if as_of is None else as_of.toordinal()
        text = as_seen(text)
        answer = None
        if day is None and self._has_engine():
            with self._alone:
                answer = self._engine.read(text, max(1, limit), open_limit) if self._engine else None
        if answer is not None:
            return self._assembler.answered(answer, len(text))
        found = self._chains.interpret(text, day, max(1, limit))
        if found is None:
            return self._whole(text, day, max(1, limit), open_limit)
        if open_limit > len(found) >= limit and found[-1].weight > LIGHT * found[0].weight:
            return self._chains.interpret(text, day, open_limit) or self._whole(text, day, open_limit)
        return found

    def endings(
        self, texts: Sequence[str | None], *, limit: int = 5, open_limit: int = 0
    ) -> tuple[list[int], list[tuple[str, bytes] | None]]:
        """Where in texts without codes and links the units of the best reading begin of those that
        :meth:`interpret` gives; and what is the same for two texts that from there on are the same and are read
        alike: ``None`` where nothing was understood, there is no text, or the compiled engine does not read it."""
        if self.expect(len(texts) - 1):
            with self._alone:
                if self._engine is not None:
                    return self._engine.endings([*texts], max(1, limit), open_limit)
        return [0] * len(texts), [None] * len(texts)

    def likeliest(self, text: str, *, limit: int = 5, open_limit: int = 0) -> tuple[Best | None, list[Likely]]:
        """The best of the readings that :meth:`interpret` gives, and what each of them comes down to."""
        [answer] = self._answers([as_seen(text)], limit, open_limit)
        return self._likeliest(text, limit, open_limit) if answer is None else self._assembler.likeliest(answer)

    def likeliest_of_all(
        self, texts: Sequence[str], *, limit: int = 5, open_limit: int = 0
    ) -> list[tuple[Best | None, list[Likely]] | InvalidQuery]:
        """The same of many texts, step by step together; for what is no text to be read, why."""
        seen = [_masked(text) for text in texts]
        answers = self._answers(seen, limit, open_limit)
        assembler = self._assembler
        found: list[tuple[Best | None, list[Likely]] | InvalidQuery] = []
        for text, read, answer in zip(texts, seen, answers, strict=True):
            if isinstance(read, InvalidQuery):
                found.append(read)
            elif answer is not None:
                found.append(assembler.likeliest(answer))
            else:
                found.append(self._likeliest(text, limit, open_limit))
        return found

    def _likeliest(self, text: str, limit: int, open_limit: int) -> tuple[Best | None, list[Likely]]:
        """The same by plain Python."""
        readings = self.interpret(text, limit=limit, open_limit=open_limit)
        return readings[0].best if readings else None, [reading.likely for reading in readings]

    def _answers(self, texts: Sequence[str | InvalidQuery], limit: int, open_limit: int) -> Sequence[Short | None]:
        """What the compiled engine says of texts, where there is one that can."""
        if not self.expect(len(texts) - 1):
            return [None] * len(texts)
        most = max(1, limit)
        with self._alone:
            if self._engine is None:
                return [None] * len(texts)
            read = self._engine.likeliest
            return [None if isinstance(text, InvalidQuery) else read(text, most, open_limit) for text in texts]

    def expect(self, texts: int) -> bool:
        """Say that so many texts are going to be read, so that the compiled engine is there in time.

        :returns: whether it is.
        """
        self._left = max(0, self._left - texts) if self._left > 0 else self._left
        return self._has_engine()

    def _has_engine(self) -> bool:
        return self._engine is not None or self._is_worth_an_engine()

    def _is_worth_an_engine(self) -> bool:
        """Count a text, and make the engine when it is time."""
        if self._left > 0:
            self._left -= 1
            return False
        with self._alone:
            if self._left == 0:
                from geoaddr.interpretation.compiled import engine_of

                self._left = -1
                self._engine = engine_of(self.dictionary, self._reader)
        return self._engine is not None

    def interpret_whole(
        self, text: str, *, as_of: dt.date | None = None, limit: int = 5, wide: bool = False
    ) -> list[Interpretation]:
        """The same best reading as :meth:`interpret` gives, without the short way for addresses that end in
        their units; beside it there may be more.

        :param wide: give as many beside a sure reading as beside a doubtful one.
        """
        day = None if as_of is None else as_of.toordinal()
        return self._whole(as_seen(text), day, max(1, limit), wide=wide)

    def _whole(
        self, text: str, day: int | None, limit: int, open_limit: int = 0, wide: bool = False
    ) -> list[Interpretation]:
        words = self._reader.read(text)
        ranker, readings = self._ranked(words, day, limit, wide=wide)
        if readings and readings[0].cost > DOUBTFUL:
            readings = self._believed(text, words, readings)
        if open_limit > len(readings) >= limit and readings[-1].cost - readings[0].cost < -math.log(LIGHT):
            readings = ranker.ranked(open_limit, wide)
            if readings[0].cost > DOUBTFUL:
                readings = self._believed(text, words, readings)
        if not readings:
            return []
        return self._assembler.interpretations(readings, words, len(text), day)

    def _believed(self, text: str, words: Words, readings: list[Ranked]) -> list[Ranked]:
        """Poor ``readings``: none of an address of another country, and none that is there by chance."""
        if self._abroad(text, words, readings[0]):
            return []
        return [r for r in readings if not _is_chance(r)] if _is_chance(readings[0]) else readings

    def _abroad(self, text: str, words: Words, reading: Ranked) -> bool:
        chosen = reading.chosen
        taken = [(words.words[match.begin].start, words.words[match.end - 1].end) for match in chosen]
        return is_abroad(text, taken, alone=len(chosen) == 1 and chosen[0].rank == COMMUNE)

    def trace(self, text: str, *, as_of: dt.date | None = None, limit: int = 5) -> Trace:
        """What :meth:`interpret` goes through; for explanations, which may take their time."""
        text = as_seen(text)
        words = self._reader.read(text)
        seen: list[Match] = []
        _, readings = self._ranked(words, None if as_of is None else as_of.toordinal(), max(1, limit), seen)
        doubtful = bool(readings) and readings[0].cost > DOUBTFUL
        return Trace(words, seen, doubtful and self._abroad(text, words, readings[0]))

    def _ranked(
        self, words: Words, day: int | None, limit: int, seen: list[Match] | None = None, wide: bool = False
    ) -> tuple[Ranker, list[Ranked]]:
        """The readings, and what ranked them.

        :param seen: is given every match that was looked at.
        """
        dictionary = self.dictionary
        matches = exact_matches(words, dictionary, self._writings)
        ranker = Ranker(words, dictionary, matches, day)
        readings = ranker.ranked(limit, wide)
        if seen is not None:
            seen += matches
        if readings and readings[0].cost <= costs.SURE:
            return ranker, readings
        free = _free(words, readings, matches)
        if any(free):
            typos = fuzzy_matches(words, dictionary, self._writings, free, matches)
            if typos:
                matches = matches + typos
                ranker = Ranker(words, dictionary, matches, day)
                readings = ranker.ranked(limit, wide)
            if seen is not None:
                seen += typos
        if readings and (readings[0].cost > DOUBTFUL or dictionary.entities[readings[0].leaf].rank != COMMUNE):
            more = self._near(words, readings, matches)
            if more:
                ranker = Ranker(words, dictionary, matches + more, day)
                readings = ranker.ranked(limit, wide)
            if seen is not None:
                seen += more
        return ranker, readings

    def _near(self, words: Words, readings: list[Ranked], matches: list[Match]) -> list[Match]:
        """Misspelt names in the stretches left over, among the units of what was understood."""
        dictionary = self.dictionary
        holders: list[int] = []
        for reading in readings[:MOST_HOLDERS]:
            higher = [match.entity for match in reading.chosen if match.rank != COMMUNE]
            if higher and higher[0] not in holders:
                holders.append(higher[0])
        return near_matches(
            words,
            dictionary,
            self._writings,
            _stretches(words, readings[0], matches),
            holders,
            readings[0].cost + costs.MARGIN,
        )


def _masked(text: str) -> str | InvalidQuery:
    """A text as it is read, or why it cannot be."""
    try:
        return as_seen(text)
    except InvalidQuery as refusal:
        return refusal


def _is_chance(reading: Ranked) -> bool:
    """Whether a reading rests on one name alone, without its own type word, that is a commune's or misspelt,
    and costs more than a name that is meant: any few words are like some unit's name."""
    first = reading.chosen[0]
    own_type = first.typed and first.type < costs.OTHER_TYPE
    if len(reading.chosen) > 1 or own_type or reading.cost < CHANCE:
        return False
    beside_others = first.left + first.right > 0.0
    return first.rank == COMMUNE or first.spelling >= costs.SHORTENED or (reading.cost > FAR and beside_others)


def _said_again(reading: Ranked, matches: list[Match]) -> list[Match]:
    """Where the units of ``reading`` stand once more, without a typo (``Hà Nội, Hà Nội``): no other name."""
    units, taken = {match.entity for match in reading.chosen}, 0
    for match in reading.chosen:
        taken |= match.mask
    again = [m for m in matches if m.entity in units and not m.mask & taken]
    return [m for m in again if m.how != "fuzzy" and m.spelling < costs.ALIAS]


def _free(words: Words, readings: list[Ranked], matches: list[Match]) -> list[bool]:
    """The words in which a typo may hide: all that the best reading did not take without any doubt."""
    free = [not country for country in words.country[: len(words)]]
    if readings:
        for match in readings[0].chosen:
            if match.cost + match.left + match.right < costs.SURE / 2 and not match.within:
                free[match.begin : match.end] = [False] * (match.end - match.begin)
        for match in _said_again(readings[0], matches):
            free[match.begin : match.end] = [False] * (match.end - match.begin)
    return free


def _stretches(words: Words, reading: Ranked, matches: list[Match]) -> list[tuple[int, int]]:
    """Stretches that may be a misspelt name: parts of the line, and what follows a type word."""
    taken = [False] * (len(words) + 1)
    for match in (*reading.chosen, *_said_again(reading, matches)):
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
