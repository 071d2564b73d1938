"""The words around names: what kind of unit they announce, or that what follows is no unit at all."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from geoaddr.model import Level
from geoaddr.profiles.vn import UNIT_TYPES

MAX_WORDS = 3
"""Words that an entry has at the most."""

LEVEL_RANKS: tuple[Level, ...] = ("province", "district", "commune")


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A word for a type of unit: the ``types`` it may mean, the level ranks these have, and what its use
    costs (an abbreviation can mean other things too)."""

    types: tuple[str, ...]
    ranks: frozenset[int]
    cost: float


@dataclass(slots=True)
class Lexicon:
    """The entries of ``text/lexicon.csv`` by role; keys are folded words joined by blanks."""

    types: dict[str, TypeWord] = field(default_factory=dict)
    types_after: dict[str, TypeWord] = field(default_factory=dict)
    street: set[str] = field(default_factory=set)
    street_after: set[str] = field(default_factory=set)
    country: set[str] = field(default_factory=set)

    def syllables(self) -> set[str]:
        """Every single word of the entries that has a meaning of its own when glued to a name."""
        keys = set(self.types) | self.country | self.street
        return {word for key in keys for word in key.split() if len(word) > 1}


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    read = Lexicon()
    text = files("geoaddr.text").joinpath("lexicon.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        words, role = row["words"], row["role"]
        if role in ("type", "type_after"):
            target = read.types if role == "type" else read.types_after
            types = tuple(row["types"].split(";"))
            target[words] = TypeWord(types, _ranks(types), float(row["cost"]))
        else:
            getattr(read, role).add(words)
    return read


def _ranks(types: tuple[str, ...]) -> frozenset[int]:
    return frozenset(
        LEVEL_RANKS.index(level) for level, names in UNIT_TYPES.items() for name in types if name in names
    )
