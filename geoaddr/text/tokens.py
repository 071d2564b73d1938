"""Tokens: the words of a text, each with its place in the text as it was written.

A token is a run of letters or a run of digits. Glued writing is taken apart where the letters show it: at a
change between letters and digits (``Q9``), and where a capital follows a small letter (``HồChíMinh``,
``TPHồ``). Combining accents belong to their letter, apostrophes join (``M'Drắk``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from geoaddr.text.asked import asked
from geoaddr.text.fold import fold

_WORD = re.compile(r"\d+|(?:[^\W\d_]|[\u0300-\u036f])+(?:['`´ʹʼ‘’‛′＇](?:[^\W\d_]|[\u0300-\u036f])+)*")
_REMEMBERED = 8192
LONGEST_REMEMBERED = 64
"""Characters of the longest text whose key is kept; what nobody writes twice would only fill the memory."""


class Token(NamedTuple):
    """A word of a text.

    ``text`` as written; ``folded`` its search key (lower case, no accents); ``start`` and ``end`` character
    offsets in the original text, half open; ``gap`` what stands between it and the token before, without
    blanks at its ends: ``""`` where the two touch, ``" "`` for blanks alone, else the signs (``","``, ``"-"``).
    """

    text: str
    folded: str
    start: int
    end: int
    gap: str


def tokenise(text: str) -> list[Token]:
    """The tokens of ``text`` in order; none for a text without letters and digits.

    >>> [token.text for token in tokenise("P1,Q3,TP.HồChíMinh")]
    ['P', '1', 'Q', '3', 'TP', 'Hồ', 'Chí', 'Minh']

    :raises InvalidQuery: for a text longer than 4,096 characters.
    """
    tokens: list[Token] = []
    last = 0
    for run, offset in runs(text):
        for start, end in parts_of_run(run):
            word = run[start:end]
            folded = fold_word(word)
            if folded:
                tokens.append(Token(word, folded, offset + start, offset + end, _gap(text[last : offset + start])))
                last = offset + end
    return tokens


def runs(text: str) -> list[tuple[str, int]]:
    """The runs of letters and of digits in ``text``, each with its offset.

    :raises InvalidQuery: for what is no text, one longer than 4,096 characters, or half a character in it.
    """
    asked(text)
    return [(found.group(), found.start()) for found in _WORD.finditer(text)]


def fold_word(word: str) -> str:
    """The search key of one word, without blanks."""
    return _fold_common(word) if len(word) <= LONGEST_REMEMBERED else _fold_whole(word)


def _fold_whole(word: str) -> str:
    return fold(word).replace(" ", "")


_fold_common = lru_cache(maxsize=_REMEMBERED)(_fold_whole)


def _gap(between: str) -> str:
    return between.strip() or (" " if between else "")


def parts_of_run(word: str) -> list[tuple[int, int]]:
    """Where a run of letters falls apart: before a capital that follows a small letter, and before the last
    capital of several when small letters follow it and the capitals before it are an abbreviation (``TPHồ``)."""
    if len(word) == 1 or word[1:].islower() or word.isdigit():
        return [(0, len(word))]
    cuts = [0]
    capitals = 0
    for i, letter in enumerate(word):
        if letter.isupper():
            if i and capitals == 0:
                cuts.append(i)
            capitals += 1
        elif letter.islower():
            if capitals > 1 and word[cuts[-1] : i - 1].upper() in _GLUED:
                cuts.append(i - 1)
            capitals = 0
    return list(pairwise([*cuts, len(word)]))


_GLUED = frozenset({"TP", "TX", "TT", "P", "Q", "X", "H", "T", "F"})
"""Abbreviations that stand glued before a name in capital and small letters."""
