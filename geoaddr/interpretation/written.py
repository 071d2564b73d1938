"""What it costs to have written a name as it stands in a text: accents, other names, typos."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from geoaddr.interpretation import costs
from geoaddr.interpretation.dictionary import Dictionary, Name
from geoaddr.interpretation.spelling import shared_ends

How = Literal["exact", "alias", "no_accents", "fuzzy", "inferred"]

MOST_REMEMBERED = 65_536


class Written(NamedTuple):
    """A name that words may be, of an entity of a level ``rank``, and what that writing of it costs."""

    entity: int
    rank: int
    name: Name
    spelling: float
    how: How


class Writings:
    """The names of a dictionary as they are written; remembers what it was asked."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._remembered: dict[tuple[str, str, bool], tuple[Written, ...]] = {}

    def in_full(self, key: str, accented: str, number: bool) -> tuple[Written, ...]:
        """The names of a ``key``, as written with the accents of ``accented``; ``number``: as one number."""
        asked = (key, accented, number)
        known = self._remembered.get(asked)
        if known is None:
            names = self._dictionary.index[key]
            entities = self._dictionary.entities
            others = [(n.text, n.type, entities[n.entity]) for n in names if n.alias]
            called = {(text, type_, each.parent, each.key) for text, type_, each in others}
            sharing = Counter([each[:3] for each in called])
            known = tuple(
                self._in_full(n, key, accented, number, sharing[n.text, n.type, entities[n.entity].parent])
                for n in names
            )
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[asked] = known
        return known

    def costing(self, names: Iterable[Name], how: How, cost: float) -> list[Written]:
        """``names`` that were all written at the same cost."""
        entities = self._dictionary.entities
        return [Written(name.entity, entities[name.entity].rank, name, cost, how) for name in names]

    def misspelt(self, names: Sequence[Name], meant: str, key: str, accented: str, cost: float) -> list[Written]:
        """``names`` of a key ``meant``, that were written ``key`` at a cost, and with the accents of ``accented``:
        where these disagree beside the typo, it costs more."""
        entities = self._dictionary.entities
        others = [costs.OTHER_ACCENTS_BESIDE * _others_beside(name, meant, key, accented) for name in names]
        return [
            Written(name.entity, entities[name.entity].rank, name, cost + more, "fuzzy")
            for name, more in zip(names, others, strict=True)
        ]

    def _in_full(self, name: Name, key: str, accented: str, number: bool, sharing: int) -> Written:
        """:param sharing: how many units beside one another, of whatever time, have this other name: each is as
        likely meant."""
        how: How = "alias" if name.alias else "exact"
        spelling = costs.ALIAS + math.log(sharing) if name.alias else 0.0
        if not (number or name.accented == accented):
            if key == accented or (name.alias and name.text.isascii()):  # of some old names no more is known
                spelling += costs.NO_ACCENTS
            else:
                spelling += costs.OTHER_ACCENTS * _other_letters(accented, name.accented)
            how = "no_accents" if how == "exact" else how
        return Written(name.entity, self._dictionary.entities[name.entity].rank, name, spelling, how)


def _others_beside(name: Name, meant: str, key: str, accented: str) -> float:
    """How much the accents of ``accented`` disagree with those of a name beyond the letters that a typo changed;
    not at all in a name without any."""
    its = name.accented
    if key == accented or its == meant or len(key) != len(accented) or len(meant) != len(its):
        return 0.0
    head, tail = shared_ends(key, meant)
    return _other_letters(accented[:head] + accented[len(key) - tail :], its[:head] + its[len(meant) - tail :])


def _other_letters(a: str, b: str) -> float:
    """How much the accents of ``a`` disagree with those of ``b``; a missing one disagrees less."""
    if len(a) != len(b):
        return 1.0
    return min(3.0, sum(costs.MISSING_ACCENT if x.isascii() else 1.0 for x, y in zip(a, b, strict=True) if x != y))
