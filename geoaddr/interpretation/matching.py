"""Matching: every stretch of words that may name a unit, with what the spelling and the type word cost."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import (
    COMMUNE,
    FUZZY_FROM,
    PROVINCE,
    ROMAN,
    Dictionary,
    Name,
)
from geoaddr.interpretation.lexicon import TypeWord
from geoaddr.interpretation.spelling import near
from geoaddr.interpretation.words import Words
from geoaddr.interpretation.written import How, Writings, Written

MAX_NAME_WORDS = 5
MAX_NAME_LETTERS = 24


class Match:
    """Words ``[begin, end)`` that may name ``entity``; the type word is among them when ``typed``.

    ``spelling`` and ``type`` are costs; so are ``left`` and ``right``, of what stands beside it. ``within``:
    it is a piece of a longer name. ``mask``: its words as bits. ``floor``: what it costs in any reading.
    """

    __slots__ = (
        "begin", "cost", "end", "entity", "floor", "how", "left", "mask", "name", "rank", "right", "spelling",
        "type", "typed", "within",
    )  # fmt: skip

    left: float
    right: float
    within: bool
    mask: int
    floor: float

    def __init__(
        self, entity: int, begin: int, end: int, how: How, spelling: float, type_: float, typed: bool,
        name: Name, rank: int,
    ) -> None:  # fmt: skip
        self.entity = entity
        self.begin = begin
        self.end = end
        self.how: How = how
        self.spelling = spelling
        self.type = type_
        self.cost = spelling + type_
        """What the writing costs in all."""
        self.typed = typed
        self.name = name
        self.rank = rank
        self.within = False


def exact_matches(words: Words, dictionary: Dictionary, writings: Writings) -> list[Match]:
    """The matches of names written in full, with or without accents."""
    found: list[Match] = []
    known, shortened, items, hard = dictionary.keys, dictionary.shortened, words.words, words.hard
    n = len(items)
    english = any(words.types_after)
    for i, first in enumerate(items):
        key = first.folded
        typed = words.types_end[i] is not None
        if first.number:
            if not (typed or english):
                continue
            if typed and key in known:
                _take(found, words, i, i + 1, writings.in_full(key, key, True))
        elif typed and key in ROMAN:
            meant = [name for name in dictionary.index[ROMAN[key]] if name.text.isdigit()]
            _take(found, words, i, i + 1, writings.costing(meant, "alias", costs.ALIAS))
        accented = ""
        key = ""
        for j in range(i, min(i + MAX_NAME_WORDS, n)):
            if j > i and hard[j]:
                break
            word = items[j]
            key += word.folded
            accented += word.accented
            if key in known and (not first.number or (j > i and (typed or words.types_after[j + 1]))):
                _take(found, words, i, j + 1, writings.in_full(key, accented, False))
            # an initial and a stop before the rest of the name (T.Giang), or initials alone (BRVT)
            if key in shortened and (
                (j > i and len(first.folded) == 1 and items[i + 1].gap[:1] == ".") or (j == i and 1 < len(key) < 5)
            ):
                short = writings.costing(shortened[key], "alias", costs.SHORTENED)
                _take(found, words, i, j + 1, short)
    _part_twins(found, words, dictionary)
    return found


def has_open_twins(matches: list[Match], dictionary: Dictionary) -> bool:
    """Whether words without any accent are, letter by letter, the name of one unit, and without its accents
    that of another in its province: which is meant depends on how the rest of the line is written."""
    return any(match.name.accented.isascii() for match, _ in _twins(matches, dictionary))


def _part_twins(matches: list[Match], words: Words, dictionary: Dictionary) -> None:
    """Make a name dearer that is written with the accents of another unit's name in the same province.

    A name without accents is written as it is only in a line that has some elsewhere.
    """
    accented: bool | None = None
    for one, other in _twins(matches, dictionary):
        if one.name.accented.isascii():
            if accented is None:
                accented = any(word.accented != word.folded for word in words.words)
            if not accented:
                continue
            other.spelling += costs.NO_TWIN_ACCENTS
        other.spelling += costs.TWIN
        other.cost = other.spelling + other.type


def _twins(matches: list[Match], dictionary: Dictionary) -> list[tuple[Match, Match]]:
    """For the matches that disagree in accents with what is written one that agrees, of the same words and in
    the same province."""
    unlike = [match for match in matches if match.how == "no_accents"]
    if not unlike:
        return []
    agreeing: dict[tuple[int, int], list[Match]] = {}
    for match in matches:
        if match.how == "exact" and match.rank != PROVINCE:
            agreeing.setdefault((match.begin, match.end), []).append(match)
    found = []
    for other in unlike:
        for one in agreeing.get((other.begin, other.end), ()):
            if _same_province(one.entity, other.entity, dictionary):
                found.append((one, other))
                break
    return found


def _same_province(one: int, other: int, dictionary: Dictionary) -> bool:
    holders = dictionary.holders
    mine = holders[one]
    return any(dictionary.entities[holder].rank == PROVINCE for holder in holders[other] if holder in mine)


def fuzzy_matches(
    words: Words, dictionary: Dictionary, writings: Writings, free: list[bool], exact: list[Match]
) -> list[Match]:
    """The matches of names with a typo, among the words that are ``free``.

    A name may begin a part of the line, or follow a type word or one of the ``exact`` matches; and it must
    be of a unit inside one of these, where they name any district or province.
    """
    found: list[Match] = []
    ends = {match.end for match in exact}
    above = {match.entity for match in exact if match.rank != COMMUNE}
    items, hard = words.words, words.hard
    n = len(items)
    for i in range(n):
        typed = words.types_end[i] is not None
        if not (typed or ((words.opens[i] or i in ends) and not items[i].number)):
            continue
        key = accented = ""
        for j in range(i, min(i + MAX_NAME_WORDS, n)):
            if not free[j] or (j > i and hard[j]):
                break
            key += items[j].folded
            accented += items[j].accented
            if len(key) > MAX_NAME_LETTERS:
                break
            if len(key) < FUZZY_FROM - 1 or _is_type_word(words, i, j + 1):
                continue
            for similar in dictionary.similar(key):
                edits = near(key, similar)
                if (edits == 1 or len(key) > 6) and _digits(key) == _digits(similar):
                    cost = (costs.TYPO if edits == 1 else costs.TYPO + costs.MORE_TYPOS) * _shortness(similar)
                    names = dictionary.index[similar]
                    if above:
                        names = [name for name in names if _inside(name.entity, above, dictionary)]
                    _take(found, words, i, j + 1, writings.misspelt(names, similar, key, accented, cost))
    return found


def _inside(entity: int, above: set[int], dictionary: Dictionary) -> bool:
    return dictionary.entities[entity].rank == PROVINCE or not above.isdisjoint(dictionary.holders[entity])


def near_matches(
    words: Words,
    dictionary: Dictionary,
    writings: Writings,
    spans: list[tuple[int, int]],
    holders: list[int],
    most: float,
) -> list[Match]:
    """The matches of whole ``spans`` with names of units inside ``holders``, with several typos allowed,
    but none in a number that is there: another number is another unit.

    :param most: what a name may cost.
    """
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extract

    found: list[Match] = []
    worth = 1 + int(max(0.0, most - costs.TYPO) / costs.MORE_TYPOS)
    for begin, end in spans:
        key = "".join([word.folded for word in words.words[begin:end]])
        accented = "".join([word.accented for word in words.words[begin:end]])
        if not FUZZY_FROM - 1 <= len(key) <= MAX_NAME_LETTERS or _is_type_word(words, begin, end):
            continue
        digits = _digits(key)
        for holder in holders:
            held = dictionary.inside(holder)
            near_by = extract(key, held.keys(), scorer=Levenshtein.distance, score_cutoff=worth, limit=None)
            for other, edits, _ in near_by:
                if not 0 < edits <= (len(other) // 3 or 1) or (digits and digits != _digits(other)):
                    continue
                cost = (costs.TYPO + costs.MORE_TYPOS * (edits - 1)) * _shortness(other)
                names = [name for name in dictionary.index[other] if name.entity in held[other]]
                _take(found, words, begin, end, writings.misspelt(names, other, key, accented, cost))
    return found


def _is_type_word(words: Words, begin: int, end: int) -> bool:
    """Whether a span is but a type word: ``Phường Xyz`` is not ``Phù Đổng`` with a typo."""
    announced = words.types_end[end]
    return announced is not None and announced[0] <= begin


def _digits(key: str) -> str:
    return "" if key.isalpha() else "".join(filter(str.isdigit, key))


def _shortness(key: str) -> float:
    """A typo in a short name is likelier to be another name."""
    return 1.0 if len(key) >= 7 else 1.4 if len(key) >= 5 else 1.8


def _take(found: list[Match], words: Words, begin: int, end: int, names: Sequence[Written]) -> None:
    """Add a match for each of ``names``: with the type word beside it where it agrees, else without."""
    before, after = words.types_end[begin], words.types_after[end]
    number = words.words[begin].number and end == begin + 1
    if before is None and after is None:
        if not number:
            for entity, rank, name, spelling, manner in names:
                found.append(Match(entity, begin, end, manner, spelling, 0.0, False, name, rank))
        return
    for entity, rank, name, spelling, manner in names:
        typed = False
        if before is not None and rank in before[1].ranks:
            penalty = _type_cost(before[1], name, number)
            if penalty is not None:
                found.append(Match(entity, before[0], end, manner, spelling, penalty, True, name, rank))
                typed = words.types_after[before[0]] is None  # an English one may belong to the name before it
        if not typed and after is not None and rank in after[1].ranks:
            penalty = _type_cost(after[1], name, number)
            if penalty is not None:
                found.append(Match(entity, begin, after[0], manner, spelling, penalty, True, name, rank))
                typed = True
        if not (typed or number):
            found.append(Match(entity, begin, end, manner, spelling, 0.0, False, name, rank))


def _type_cost(word: TypeWord, name: Name, number: bool) -> float | None:
    if name.type is None or name.type in word.types:
        return word.cost
    return None if number else word.cost + costs.OTHER_TYPE
