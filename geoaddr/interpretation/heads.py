"""Heads: what may be named in the part of an address before its units, without the cost of matching it."""

from __future__ import annotations

from typing import NamedTuple

from geoaddr.interpretation.dictionary import COMMUNE, ROMAN, Dictionary
from geoaddr.interpretation.matching import MAX_NAME_WORDS
from geoaddr.interpretation.words import WordReader

MOST_REMEMBERED = 65_536


class Named(NamedTuple):
    """What some words may name: ``entities``, which of them are ``higher`` than communes, and what may hold
    any of them. ``alone``: they are all of their part of the line, and it is not the first."""

    entities: frozenset[int]
    higher: frozenset[int]
    holders: frozenset[int]
    alone: bool


class Head(NamedTuple):
    """``names``: what any of its words may name. ``typed``: a type word is among them."""

    names: list[Named]
    typed: bool
    words: int


class HeadReader:
    """Reads heads, and remembers what names are of."""

    def __init__(self, dictionary: Dictionary, reader: WordReader) -> None:
        self._dictionary, self._reader = dictionary, reader
        self._named: dict[str, Named] = {}

    def read(self, text: str) -> Head | None:
        """What ``text`` may name; ``None`` where it may be more than a head: it has no words, names the
        country or a unit and what holds it, or ends in a stroke."""
        words = self._reader.read(text)
        items, n, hard, opens = words.words, len(words), words.hard, words.opens
        if not n or True in words.country or "/" in text[items[-1].end :]:
            return None
        known, shortened = self._dictionary.keys, self._dictionary.shortened
        typed = any(words.types_end) or any(words.types_after)
        found: list[Named] = []
        higher: set[int] = set()
        districts: list[tuple[int, frozenset[int]]] = []
        for i, first in enumerate(items):
            number, after_type = first.number, words.types_end[i] is not None
            key = ""
            for j in range(i, min(i + MAX_NAME_WORDS, n)):
                if j > i and hard[j]:
                    break
                key += items[j].folded
                if not (key in known or key in shortened or (after_type and key in ROMAN)):
                    continue
                if number and j == i and not after_type:
                    continue
                name = self._named.get(key) or self._name(key)
                if (
                    higher
                    and not name.holders.isdisjoint(higher)
                    and any(end <= i and not name.holders.isdisjoint(units) for end, units in districts)
                ):
                    return None  # a unit after what holds it: an address written backwards
                if name.higher:
                    districts.append((j + 1, name.higher))
                    higher |= name.higher
                if i and opens[i] and opens[j + 1]:
                    name = name._replace(alone=True)
                found.append(name)
        return Head(found, typed, n)

    def _name(self, key: str) -> Named:
        names = [*self._dictionary.index[key], *self._dictionary.shortened.get(key, ())]
        if key in ROMAN:
            names += self._dictionary.index[ROMAN[key]]
        entities = frozenset([name.entity for name in names])
        kinds, holders = self._dictionary.kinds, self._dictionary.holders
        named = Named(
            entities,
            frozenset([entity for entity in entities if kinds[entity] < 2 * COMMUNE]),
            frozenset().union(*[holders[entity] for entity in entities]),
            False,
        )
        if len(self._named) >= MOST_REMEMBERED:
            self._named.clear()
        self._named[key] = named
        return named
