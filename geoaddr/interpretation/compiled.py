"""The compiled twin of the interpreter, where it was built: what it is given, and what it answers.

The engine (``native/``) reads units of all days in texts as :mod:`geoaddr.interpretation.interpreter` does, some
ten times as fast. It has no name and no cost of its own: names, words and costs are handed to it here.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from geoaddr.interpretation import chains, costs, interpreter, matching, words
from geoaddr.interpretation.abroad import is_abroad
from geoaddr.interpretation.assembling import Answer, Short
from geoaddr.interpretation.detail_compiled import ENGINE, letters
from geoaddr.interpretation.dictionary import FUZZY_FROM, ROMAN, Dictionary, joined_accents
from geoaddr.interpretation.lexicon import MAX_WORDS, lexicon
from geoaddr.interpretation.placing import POSTCODE_DIGITS


class Engine(Protocol):
    """Reads units of all days in texts. Not safe to share between threads."""

    def read(self, text: str, limit: int, open_limit: int, /) -> Answer | None:
        """The readings of a masked ``text``, as many as the interpreter is asked for; ``None`` for a text of too
        many words, which is left to plain Python."""

    def endings(
        self, texts: list[str | None], limit: int, open_limit: int, /
    ) -> tuple[list[int], list[tuple[str, bytes] | None]]:
        """Where the units of the best of these readings of each text begin; and the text from there on, with what
        tells the readings from others of the same ending: which units they take, where, and at what cost. ``None``
        also where there is no reading."""

    def likeliest(self, text: str, limit: int, open_limit: int, /) -> Short | None:
        """The same, no more of them than a conversion asks for."""


def engine_of(dictionary: Dictionary, reader: words.WordReader) -> Engine | None:
    """An engine that reads with the names of ``dictionary``; ``None`` where none was built."""
    try:
        built = import_module(ENGINE)
    except ImportError:
        return None
    engine: Engine = built.Engine(
        _tables(dictionary), _costs(), _limits(), reader.pieces, joined_accents, _is_abroad
    )
    return engine


def _tables(dictionary: Dictionary) -> dict[str, Any]:
    entities, names = dictionary.entities, dictionary.names
    read = lexicon()
    return {
        "ranks": [entity.rank for entity in entities],
        "eras": [entity.era for entity in entities],
        "parents": [-1 if entity.parent is None else entity.parent for entity in entities],
        "unit_keys": [entity.key for entity in entities],
        "of_row": dictionary.of_row,
        "unit_names": dictionary.units.names(),
        "type_words": dictionary.units.type_words,
        "keys": dictionary.keys,
        "starts": names.starts,
        "rows": names.rows,
        "types": names.types,
        "texts": names.texts,
        "shortened": dictionary.shortened,
        "roman": ROMAN,
        "links": dictionary.links,
        "lexicon": [
            (key, role, word and word.types, word and sum(1 << rank for rank in word.ranks), word and word.cost)
            for key, roles in read.roles.items()
            for role, word in roles
        ],
        "lexicon_words": MAX_WORDS,
        "letters": letters(),
        "syllables": [*dictionary.syllables],
    }


def _costs() -> dict[str, float]:
    figures = [vars(costs), vars(interpreter), vars(chains)]
    return {name: value for each in figures for name, value in each.items() if isinstance(value, float)}


def _limits() -> dict[str, Any]:
    return {
        "MAX_NAME_WORDS": matching.MAX_NAME_WORDS,
        "MAX_NAME_LETTERS": matching.MAX_NAME_LETTERS,
        "FUZZY_FROM": FUZZY_FROM,
        "POSTCODE_DIGITS": [*POSTCODE_DIGITS],
        "FIRST_WORDS": words.FIRST_WORDS,
        "LAST_WORDS": words.LAST_WORDS,
        "MOST_REMEMBERED": words.MOST_REMEMBERED,
        "LONGEST_REMEMBERED": words.LONGEST_REMEMBERED,
    }


def _is_abroad(text: str, taken: list[tuple[int, int]], alone: bool) -> bool:
    return is_abroad(text, taken, alone=alone)
