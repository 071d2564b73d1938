"""The compiled twin of the grammar below the commune, where it was built; see ``native/``."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import Protocol

from geoaddr.interpretation.detail_gathered import Brief, briefly
from geoaddr.interpretation.detail_lexicon import lexicon
from geoaddr.interpretation.detail_syllables import ONSETS, RIMES, is_syllable
from geoaddr.interpretation.detail_words import Keys, fallen_apart
from geoaddr.profiles.vn import POSTCODE_WIDTHS
from geoaddr.text.fold import fold

Pieces = tuple[tuple[tuple[str, int, int], ...], tuple[str, ...]]
"""The parts of an address: of each its role, its first character and the one after its last; and their values,
without the word that says that a number is a house's."""

ENGINE = "geoaddr.interpretation._engine"
"""The module that is built, where there is a C++ compiler."""

_LETTERS = "đàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
"""The small letters that Vietnamese is written with beside those of ASCII, composed."""

_alone = Lock()


class DetailReader(Protocol):
    """Takes texts apart. Not safe to share between threads."""

    def read(self, text: str, spans: list[tuple[int, int]], /) -> Pieces:
        """The pieces in the ``spans`` of ``text``, which has no plus sign."""

    def briefs(
        self, texts: list[str | None], begins: list[int], lefts: list[tuple[tuple[int, int], ...] | None], /
    ) -> list[Brief | None]:
        """What a search asks for, of texts for which there are stretches; ``None`` of one with a plus sign."""


def compiled_pieces(text: str, taken: list[tuple[int, int]]) -> Pieces | None:
    """The pieces in the stretches ``taken`` of ``text``; ``None`` where nothing was built, or a Plus Code may be
    among them."""
    reader = _reader()
    if reader is None or "+" in text:
        return None
    with _alone:
        return reader.read(text, taken)


def compiled_briefs(
    texts: Sequence[str | None], begins: Sequence[int], lefts: Sequence[tuple[tuple[int, int], ...] | None]
) -> list[Brief | None] | None:
    """What :func:`geoaddr.interpretation.detail.briefs_of` finds, ``None`` for each text that is left to plain
    Python; ``None`` where nothing was built."""
    reader = _reader()
    if reader is None:
        return None
    with _alone:
        return reader.briefs([*texts], [*begins], [*lefts])


@lru_cache(maxsize=1)
def _reader() -> DetailReader | None:
    try:
        built = import_module(ENGINE)
    except ImportError:
        return None
    by_first = {
        first: tuple((entry.words, entry.part, entry.body, entry.place, entry.bare) for entry in entries)
        for first, entries in lexicon().by_first.items()
    }
    tables = {
        "letters": letters(),
        "onsets": ONSETS,
        "rimes": RIMES,
        "building_cues": [*lexicon().building_cues],
        "street_cues": [*lexicon().street_cues],
    }
    days, widths = [*lexicon().days], [*POSTCODE_WIDTHS]
    reader: DetailReader = built.DetailReader(by_first, _keys, days, widths, cleaned, briefly, tables)
    return reader


@lru_cache(maxsize=1)
def letters() -> dict[str, str]:
    """These letters, and what each is without its accents."""
    return {letter: fold(letter) for letter in _LETTERS}


def cleaned(text: str) -> str:
    """A stretch of a text as a value: NFC, single blanks."""
    value = " ".join(text.split())
    return value if value.isascii() else unicodedata.normalize("NFC", value)


Said = tuple[str, str, bool, bool, bool, bool, bool, bool]


def _keys(word: str) -> tuple[int, Said, Said]:
    """Where a word falls apart, 0 where it does not, and what there is to know of its pieces."""
    cut, first, second = fallen_apart(word)
    said = _said(first)
    return cut, said, _said(second) if cut else said


def _said(keys: Keys) -> Said:
    kept, folded, is_item, is_digits, _ = keys
    known = lexicon()
    cues = folded in known.building_cues, folded in known.street_cues
    return kept, folded, is_item, is_digits, folded.isalpha(), is_syllable(folded), *cues
