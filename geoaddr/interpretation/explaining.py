"""Every stage of understanding a text, laid open: what was seen, tried, weighed, taken, and left over.

Made only when asked for, by going through the stages once more; nothing is kept of them otherwise.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import costs
from geoaddr.interpretation import explaining_words as say
from geoaddr.interpretation.codes_in_text import CodeInText, spans_without
from geoaddr.interpretation.detail_around import Around
from geoaddr.interpretation.detail_parts import Cutter, Part
from geoaddr.interpretation.detail_roles import SAME, Roles
from geoaddr.interpretation.detail_words import Word, words_of
from geoaddr.interpretation.interpreter import Interpreter
from geoaddr.interpretation.matching import Match
from geoaddr.interpretation.reading import Interpretation
from geoaddr.interpretation.stray_provinces import role_of
from geoaddr.interpretation.words import Words
from geoaddr.interpretation.written import How
from geoaddr.model import Record, Unit
from geoaddr.text.fold import fold
from geoaddr.text.tokens import tokenise

MOST_NAMES = 200
"""So many matched names are shown at the most: those that a reading uses, then the cheapest."""

Sentence = Mapping[str, str]
"""A sentence in English (``en``) and Vietnamese (``vi``)."""


@dataclass(frozen=True, slots=True)
class TokenSeen(Record):
    """A word: as written, its search key, its characters (half open), and what it was taken for."""

    text: str
    folded: str
    start: int
    end: int
    marks: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class NameSeen(Record):
    """A stretch of the text that may name a unit.

    ``name``: which of the unit's names, with its type where the type is written; ``costs``: what is unusual
    about it (natural logarithms, 0 left out), ``cost`` their sum; ``why``: how it is written, then each cost in
    words; ``readings``: the numbers, from 1, of the readings that use it.
    """

    unit: Unit
    name: str
    text: str
    start: int
    end: int
    how: How
    cost: float
    costs: Mapping[str, float]
    why: tuple[Sentence, ...]
    readings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScorePart(Record):
    """One named part of a reading's cost (0 at best), and what it is about."""

    name: str
    cost: float
    why: Sentence


@dataclass(frozen=True, slots=True)
class ReadingSeen(Record):
    """A reading's rank from 1, its units, smallest first, its weight, and its cost in parts."""

    number: int
    units: tuple[Unit, ...]
    weight: float
    cost: float
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class ComponentSeen(Record):
    """Words that became a component (``rest`` for none, ``same`` for a name said again), and by which rule."""

    component: str
    text: str
    start: int
    end: int
    rule: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation(Record):
    """The stages, in order.

    ``folded`` the text as it is searched; ``tokens`` its words; ``codes`` codes found in it; ``names`` the
    names of units matched as written, ``names_in_all`` how many were; ``typos`` those matched with a typo,
    ``typos_searched`` whether any was looked for; ``abroad`` whether the text was taken for an address of
    another country, which leaves no reading; ``readings`` how each was weighed; ``rest`` what no unit took;
    ``components`` which rule took which words of that.
    """

    folded: str
    tokens: tuple[TokenSeen, ...]
    codes: tuple[CodeInText, ...]
    names: tuple[NameSeen, ...]
    names_in_all: int
    typos_searched: bool
    typos: tuple[NameSeen, ...]
    abroad: bool
    readings: tuple[ReadingSeen, ...]
    rest: tuple[str, ...]
    components: tuple[ComponentSeen, ...]


def explain(
    interpreter: Interpreter,
    text: str,
    readings: Sequence[Interpretation],
    codes: tuple[CodeInText, ...],
    *,
    as_of: dt.date | None,
    limit: int,
) -> Explanation:
    """How ``text`` came to its ``readings``."""
    trace = interpreter.trace(text, as_of=as_of, limit=limit)
    names = list(_names(interpreter, text, trace.words, trace.matches, readings, as_of))
    names.sort(key=lambda name: (not name.readings, name.cost, name.start, name.unit.code))
    plain = [name for name in names if name.how != "fuzzy"]
    typos = [name for name in names if name.how == "fuzzy"]
    spans = readings[0].rest if readings else ((0, len(text)),)
    return Explanation(
        folded=fold(text),
        tokens=tuple(_tokens(text, trace.words)),
        codes=codes,
        names=tuple(plain[:MOST_NAMES]),
        names_in_all=len(plain),
        typos_searched=bool(typos) or trace.abroad or not readings or -math.log(readings[0].score) > costs.SURE,
        typos=tuple(typos[:MOST_NAMES]),
        abroad=trace.abroad,
        readings=tuple(_reading(number, reading) for number, reading in enumerate(readings, 1)),
        rest=tuple(piece for a, b in spans if (piece := text[a:b].strip(" ,.;-\n\t"))),
        components=tuple(_components(text, spans_without(spans, codes), readings[:1], interpreter.gazetteer)),
    )


def _tokens(text: str, words: Words) -> Iterator[TokenSeen]:
    """All tokens; those that the search for units cut in pieces, in these pieces."""
    pieces = {word.start: i for i, word in enumerate(words.words)}
    for token in tokenise(text):
        at = pieces.get(token.start)
        if at is None:
            yield TokenSeen(token.text, token.folded, token.start, token.end, (say.both(say.UNREAD),))
            continue
        while at < len(words) and words.words[at].end <= token.end:
            word = words.words[at]
            yield TokenSeen(
                text[word.start : word.end], word.folded, word.start, word.end, tuple(_marks(words, at))
            )
            at += 1


def _marks(words: Words, at: int) -> Iterator[Sentence]:
    if words.opens[at]:
        yield say.both(say.OPENS)
    announced = words.types_end[at + 1]
    if announced is not None:
        yield say.both(say.TYPE, types=", ".join(announced[1].types))
    after = words.types_after[at]
    if after is not None:
        yield say.both(say.TYPE_AFTER, types=", ".join(after[1].types))
    for marks, sentence in ((words.street_after, say.STREET_AFTER), (words.country, say.COUNTRY)):
        if marks[at]:
            yield say.both(sentence)
    if words.street[at + 1]:
        yield say.both(say.STREET)


def _names(
    interpreter: Interpreter,
    text: str,
    words: Words,
    matches: Sequence[Match],
    readings: Sequence[Interpretation],
    as_of: dt.date | None,
) -> Iterator[NameSeen]:
    day = None if as_of is None else as_of.toordinal()
    used: dict[tuple[tuple[int, int], Unit], list[int]] = {}
    for number, reading in enumerate(readings, 1):
        for chosen in reading.matches:
            if chosen.span is not None:
                used.setdefault((chosen.span, chosen.unit), []).append(number)
    dictionary = interpreter.dictionary
    seen: set[tuple[int, int, int]] = set()
    for match in sorted(matches, key=lambda match: match.cost):
        place = (match.entity, match.begin, match.end)
        if place in seen or (day is not None and dictionary.begins(match.entity) > day):
            continue
        seen.add(place)
        start, end = words.words[match.begin].start, words.words[match.end - 1].end
        unit = dictionary.unit(match.entity, day)
        dear = _costs(match)
        yield NameSeen(
            unit=unit,
            name=" ".join(filter(None, (match.name.type, match.name.text))) if match.typed else match.name.text,
            text=text[start:end],
            start=start,
            end=end,
            how=match.how,
            cost=round(sum(dear.values()), 4),
            costs=dear,
            why=(say.both(say.HOW[match.how]), *(say.both(say.COSTS[name]) for name in dear)),
            readings=tuple(used.get(((start, end), unit), ())),
        )


def _costs(match: Match) -> dict[str, float]:
    within = costs.WITHIN * match.within
    found = {"spelling": match.spelling, "type": match.type, "left": match.left, "right": match.right}
    return {name: round(cost, 4) for name, cost in {**found, "within": within}.items() if cost}


def _reading(number: int, reading: Interpretation) -> ReadingSeen:
    units = (reading.commune, reading.district, reading.province)
    parts = reading.score_parts.items()
    return ReadingSeen(
        number=number,
        units=tuple(unit for unit in units if unit),
        weight=reading.weight,
        cost=round(-math.log(reading.score), 4) + 0.0,
        parts=tuple(ScorePart(name, round(-part, 4) + 0.0, say.both(say.PARTS[name])) for name, part in parts),
    )


def _components(
    text: str, spans: Sequence[tuple[int, int]], readings: Sequence[Interpretation], gazetteer: Gazetteer
) -> Iterator[ComponentSeen]:
    taken = [(a, b) for a, b in spans if text[a:b].strip()]
    words = words_of(text, taken)
    if not words:
        return
    around = Around(text, taken)
    parts = Cutter(words, "," in text, lambda: around.names).parts()
    for part, role in zip(parts, Roles(words, parts, around).roles(), strict=True):
        start, end = words[part.first].start, words[part.last - 1].end
        rule = _rule(text, words, part, role)
        for reading in readings:
            told = role_of(text, (role, start, end), reading, gazetteer)
            role, rule = told, rule if told == role else say.both(say.PROVINCE)
        yield ComponentSeen(role, text[start:end], start, end, rule)


def _rule(text: str, words: Sequence[Word], part: Part, role: str) -> Sentence:
    if role == SAME:
        return say.both(say.SAME)
    if part.body > part.first:
        opening = text[words[part.first].start : words[part.body - 1].end]
        return {"en": say.OPENED.en.replace("{words}", opening), "vi": say.OPENED.vi.replace("{words}", opening)}
    return say.both(say.RULES.get(part.kind, say.OTHER_RULE))
