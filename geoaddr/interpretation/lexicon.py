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
    """The entries of ``text/lexicon.csv``.

    ``roles``: for folded words, joined by blanks, what they may be: ``type`` and ``type_after`` (a type word
    before or after a name), ``street`` and ``street_after`` (what they stand beside is no unit), ``country``.
    ``beginnings``: the entries and whatever begins one, so that a search knows when to stop.
    """

    roles: dict[str, list[tuple[str, TypeWord | None]]] = field(default_factory=dict)
    beginnings: set[str] = field(default_factory=set)

    def syllables(self) -> set[str]:
        """Every single word that may be glued to a name."""
        glued = {"type", "street", "country"}
        keys = [key for key, roles in self.roles.items() if any(role in glued for role, _ in roles)]
        return {word for key in keys for word in key.split() if len(word) > 1}


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    read = Lexicon()
    text = files("geoaddr.text").joinpath("lexicon.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        key = row["words"]
        announced = None
        if row["types"]:
            types = tuple(row["types"].split(";"))
            announced = TypeWord(types, _ranks(types), float(row["cost"]))
        read.roles.setdefault(key, []).append((row["role"], announced))
        words = key.split()
        read.beginnings.update(" ".join(words[:n]) for n in range(1, len(words) + 1))
    return read


def _ranks(types: tuple[str, ...]) -> frozenset[int]:
    return frozenset(
        LEVEL_RANKS.index(level) for level, names in UNIT_TYPES.items() for name in types if name in names
    )
