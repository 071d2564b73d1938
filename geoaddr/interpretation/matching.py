"""Matching: every stretch of words that may name a unit, with what the spelling and the type word cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import COMMUNE, FUZZY_FROM, PROVINCE, ROMAN, Dictionary, Name, letters_of
from geoaddr.interpretation.lexicon import TypeWord
from geoaddr.interpretation.spelling import distance, near
from geoaddr.interpretation.words import Words

How = Literal["exact", "alias", "no_accents", "fuzzy", "inferred"]

MAX_NAME_WORDS = 5
MAX_NAME_LETTERS = 24


@dataclass(slots=True)
class Match:
    """Words ``[begin, end)`` that may name ``entity``; the type word is among them when ``typed``.

    ``spelling`` and ``type`` are costs; so are ``left`` and ``right``, of what stands beside it. ``within``:
    it is a piece of a longer name. ``mask``: its words as bits. ``floor``: what it costs in any reading.
    """

    entity: int
    begin: int
    end: int
    how: How
    spelling: float
    type: float
    typed: bool
    name: Name
    rank: int
    left: float = 0.0
    right: float = 0.0
    within: bool = False
    mask: int = 0
    floor: float = 0.0

    @property
    def cost(self) -> float:
        """What the writing costs in all."""
        return self.spelling + self.type


def exact_matches(words: Words, dictionary: Dictionary) -> list[Match]:
    """The matches of names written in full, with or without accents."""
    found: list[Match] = []
    index, items, hard = dictionary.index, words.words, words.hard
    n = len(items)
    for i in range(n):
        if items[i].number:
            before = words.types_end[i]
            if before is not None and items[i].folded in index:
                _take(found, words, dictionary, i, i + 1, index[items[i].folded], "exact", 0.0)
            if before is None:
                continue
        if items[i].folded in ROMAN and words.types_end[i] is not None:
            meant = [name for name in index.get(ROMAN[items[i].folded], ()) if name.text.isdigit()]
            _take(found, words, dictionary, i, i + 1, meant, "alias", costs.ALIAS)
        key = ""
        for j in range(i, min(i + MAX_NAME_WORDS, n)):
            if j > i and hard[j]:
                break
            key += items[j].folded
            names = index.get(key)
            if names and (j > i or not items[i].number):
                _take(found, words, dictionary, i, j + 1, names, "exact", 0.0)
            # an initial and a stop before the rest of the name (T.Giang), or initials alone (BRVT)
            if (j > i and len(items[i].folded) == 1 and items[i + 1].gap[:1] == ".") or (
                j == i and 1 < len(key) < 5
            ):
                short = dictionary.shortened.get(key)
                if short:
                    _take(found, words, dictionary, i, j + 1, short, "alias", costs.SHORTENED)
    return found


def fuzzy_matches(words: Words, dictionary: Dictionary, free: list[bool], exact: list[Match]) -> list[Match]:
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
        key = ""
        for j in range(i, min(i + MAX_NAME_WORDS, n)):
            if not free[j] or (j > i and hard[j]):
                break
            key += items[j].folded
            if len(key) > MAX_NAME_LETTERS:
                break
            if len(key) < FUZZY_FROM - 1:
                continue
            for similar in dictionary.similar(key):
                edits = near(key, similar)
                if (edits == 1 or len(key) > 6) and _digits(key) == _digits(similar):
                    cost = (costs.TYPO if edits == 1 else costs.TYPO + costs.MORE_TYPOS) * _shortness(similar)
                    names = dictionary.index[similar]
                    if above:
                        names = [name for name in names if _inside(name.entity, above, dictionary)]
                    _take(found, words, dictionary, i, j + 1, names, "fuzzy", cost)
    return found


def _inside(entity: int, above: set[int], dictionary: Dictionary) -> bool:
    return dictionary.entities[entity].rank == PROVINCE or not above.isdisjoint(dictionary.holders[entity])


def near_matches(
    words: Words, dictionary: Dictionary, spans: list[tuple[int, int]], holders: list[int]
) -> list[Match]:
    """The matches of whole ``spans`` with names of units inside ``holders``, with several typos allowed."""
    found: list[Match] = []
    for begin, end in spans:
        key = "".join(word.folded for word in words.words[begin:end])
        if not FUZZY_FROM - 1 <= len(key) <= MAX_NAME_LETTERS:
            continue
        letters = letters_of(key)
        for holder in holders:
            for other_letters, other, entity in dictionary.inside(holder):
                most = len(other) // 3 or 1
                if (letters ^ other_letters).bit_count() > 2 * most or abs(len(other) - len(key)) > most:
                    continue
                edits = distance(key, other)
                if 0 < edits <= most:
                    cost = (costs.TYPO + costs.MORE_TYPOS * (edits - 1)) * _shortness(other)
                    names = [name for name in dictionary.index[other] if name.entity == entity]
                    _take(found, words, dictionary, begin, end, names, "fuzzy", cost)
    return found


def _digits(key: str) -> str:
    return "" if key.isalpha() else "".join(filter(str.isdigit, key))


def _shortness(key: str) -> float:
    """A typo in a short name is likelier to be another name."""
    return 1.0 if len(key) >= 7 else 1.4 if len(key) >= 5 else 1.8


def _take(
    found: list[Match],
    words: Words,
    dictionary: Dictionary,
    begin: int,
    end: int,
    names: list[Name],
    how: How,
    cost: float,
) -> None:
    """Add a match for each of ``names``: with the type word beside it where it agrees, else without."""
    before, after = words.types_end[begin], words.types_after[end]
    accented = "".join(word.accented for word in words.words[begin:end])
    number = words.words[begin].number and end == begin + 1
    plain = accented == "".join(word.folded for word in words.words[begin:end])
    entities = dictionary.entities
    for name in names:
        rank = entities[name.entity].rank
        spelling, manner = cost, how
        if how == "exact":
            if name.alias:
                spelling, manner = spelling + costs.ALIAS, "alias"
            if not (number or name.accented == accented):
                if plain:
                    spelling += costs.NO_ACCENTS
                    manner = "no_accents" if manner == "exact" else manner
                else:
                    spelling += costs.OTHER_ACCENTS * _other_letters(accented, name.accented)
                    manner = "no_accents" if manner == "exact" else manner
        typed = False
        if before is not None and rank in before[1].ranks:
            penalty = _type_cost(before[1], name, number)
            if penalty is not None:
                found.append(Match(name.entity, before[0], end, manner, spelling, penalty, True, name, rank))
                typed = words.types_after[before[0]] is None  # an English one may belong to the name before it
        if not typed and after is not None and rank in after[1].ranks:
            penalty = _type_cost(after[1], name, number)
            if penalty is not None:
                found.append(Match(name.entity, begin, after[0], manner, spelling, penalty, True, name, rank))
                typed = True
        if not (typed or number):
            found.append(Match(name.entity, begin, end, manner, spelling, 0.0, False, name, rank))


def _type_cost(word: TypeWord, name: Name, number: bool) -> float | None:
    if name.type is None or name.type in word.types:
        return word.cost
    return None if number else word.cost + costs.OTHER_TYPE


def _other_letters(a: str, b: str) -> float:
    """How much the accents of ``a`` disagree with those of ``b``; a missing one disagrees less."""
    if len(a) != len(b):
        return 1.0
    return min(3.0, sum(costs.MISSING_ACCENT if x.isascii() else 1.0 for x, y in zip(a, b, strict=True) if x != y))
