"""Whether a text is an address of another country, so that a chance likeness to a unit's name is no answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from geoaddr.interpretation.detail_syllables import is_syllable
from geoaddr.interpretation.lexicon import lexicon
from geoaddr.text.fold import fold, fold_keep_accents

_PART_ENDS = re.compile(r"[,;|()\[\]\n\r、，。]| - ")
_BESIDE = re.compile(r"^\d{4,7} | \d{4,7}$| (?:province|district|city|capital|state|prefecture)$|^tinh |^thu do ")
"""What may stand beside a place's name: a postcode, a word for what it is."""
FOREIGN_WORDS = 2
"""So many words that are built like no Vietnamese ones, or more, and no fewer than the others."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The entries of ``text/abroad.csv`` by role: a ``place`` fills a part of the line by itself, ``last`` is
    a country only at the very end and with its accents, a ``word`` stands anywhere."""

    place: frozenset[str]
    last: frozenset[str]
    word: frozenset[str]


@cache
def _names() -> _Names:
    text = files("geoaddr.text").joinpath("abroad.csv").read_text(encoding="utf-8")
    roles: dict[str, set[str]] = {"place": set(), "last": set(), "word": set()}
    for row in csv.DictReader(text.splitlines()):
        roles[row["role"]].add(row["words"])
    return _Names(*(frozenset(roles[role]) for role in ("place", "last", "word")))


def is_abroad(text: str, taken: Sequence[tuple[int, int]], *, alone: bool) -> bool:
    """Whether ``text`` says that it lies in another country.

    It does when a part of the line is a country or a place abroad, or has a word that only addresses there
    have, unless Viet Nam is named as well; and when most of its words are not Vietnamese. Asked of poor
    readings only: good ones have a street that is called after a place abroad.

    :param taken: the characters that a reading took, which are left out of account.
    :param alone: the reading names one commune and nothing that holds it; many foreign words then weigh more.
    """
    names = _names()
    parts = [fold(part) for part in _PART_ENDS.split(text)]
    parts = [part for part in parts if part]
    words = [word for part in parts for word in part.split()]
    if "viet nam" in text.lower() or any(_is_home(part) for part in parts):
        return False
    if any(_BESIDE.sub("", part) in names.place for part in parts):
        return True
    if not names.word.isdisjoint(words):
        return True
    last = fold_keep_accents(_PART_ENDS.split(text.rstrip(" .,;"))[-1])
    return last in names.last or (alone and _sounds_foreign(text, taken))


def _is_home(part: str) -> bool:
    return part.endswith(("viet nam", "vietnam"))


def _sounds_foreign(text: str, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether what no unit took has more foreign words than Vietnamese ones."""
    free, at = "", 0
    for begin, end in sorted(taken):
        free += text[at:begin] + " "
        at = max(at, end)
    known = lexicon().beginnings
    words = [word for word in fold(free + text[at:]).split() if word.isalpha() and len(word) > 1]
    foreign = sum(not is_syllable(word) for word in words if word not in known)
    return foreign >= FOREIGN_WORDS and 2 * foreign >= len(words)
