"""The words of what the units left over, each with its place and with what parts it from the word before.

Only signs that part things are no words: commas, brackets, slashes, hyphens, dots and the like. Everything
else, emoji and foreign letters too, is a word, so that nothing can get lost between two words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from geoaddr.interpretation.detail_lexicon import Entry, lexicon
from geoaddr.text.alphabets import PLUS_CODE
from geoaddr.text.fold import fold, fold_keep_accents

SIGNS = ' \t\r\n\f\v\u00a0,;:.()[]{}/\\+&"“”„|…?!<>=_*#~^%$–—-'
"""What stands between words: blanks and parting signs."""

_LONGEST = 64
"""Longer words are cut, so that what is remembered of words stays small."""

_PLUS_CODE = re.compile(rf"[{PLUS_CODE}]{{4,8}}\+[{PLUS_CODE}]{{2,3}}(?![^\W_])", re.IGNORECASE)
_PLAIN = f"[^\\s{re.escape(SIGNS)}]{{1,{_LONGEST}}}"
_WORD = re.compile(_PLAIN)
_WORD_OR_PLUS_CODE = re.compile(f"(?P<plus>(?<![^\\W_]){_PLUS_CODE.pattern})|{_PLAIN}", re.IGNORECASE)
_ITEM = re.compile(r"\d{1,5}[a-z]{0,3}\d{0,3}|[a-z]{1,3}\d{1,5}[a-z]{0,2}")
_MEASURE = re.compile(r"\d+(?:m|km|met)")
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*)(\d.*)")
_DIGITS_THEN_LETTERS = re.compile(r"(\d+)([^\W\d_].*)")


class Gap(IntEnum):
    """What parts a word from the one before, weakest first."""

    GLUED = 0
    BLANK = 1
    DOT = 2
    SLASH = 3
    HYPHEN = 4
    WIDE_HYPHEN = 5  # with blanks around it: a minus, or a sign that parts places
    PLUS = 6
    COLON = 7
    BREAK = 8
    """Comma, bracket, line, or a unit between: no part of an address goes across."""


_GLUED, _BREAK = Gap.GLUED, Gap.BREAK

_SIGNS = {
    ".": Gap.DOT,
    "/": Gap.SLASH,
    "\\": Gap.SLASH,
    "+": Gap.PLUS,
    "&": Gap.PLUS,
    ":": Gap.COLON,
    ".:": Gap.COLON,
}


@dataclass(slots=True)
class Word:
    """A word: ``kept`` and ``folded`` with and without accents, ``start`` and ``end`` in the original text,
    ``gap`` before it, ``blank`` whether that gap has a blank, ``bracket`` whether it stands in brackets,
    ``is_item`` whether it is one piece of a number (``12``, ``5A``, ``49E``, ``K12``, ``105A5``), ``is_digits``
    whether it has digits alone, ``entries`` what the lexicon says of phrases that begin with it."""

    kept: str
    folded: str
    is_item: bool
    is_digits: bool
    entries: tuple[Entry, ...] | None
    start: int
    end: int
    gap: Gap
    blank: bool
    bracket: bool
    plus: bool


def words_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Word]:
    """The words of ``text`` inside ``spans`` (character offsets, in order), in one pass."""
    words: list[Word] = []
    word = _WORD_OR_PLUS_CODE if "+" in text else _WORD
    for start, end in spans:
        depth, last = 0, start
        for found in word.finditer(text, start, end):
            at, after = found.span()
            gap, blank, opened = _gap(text[last:at])
            if opened:
                depth = max(0, depth + opened)
            if last == start:
                gap = _BREAK
            last = after
            if found.lastgroup:
                words.append(Word(*_keys(found[0]), at, after, gap, blank, depth > 0, True))
                continue
            cut, keys, more = _pieces(found[0])
            if cut:
                words.append(Word(*keys, at, at + cut, gap, blank, depth > 0, False))
                words.append(Word(*more, at + cut, after, _GLUED, False, depth > 0, False))
            else:
                words.append(Word(*keys, at, after, gap, blank, depth > 0, False))
    return words


Keys = tuple[str, str, bool, bool, tuple[Entry, ...] | None]


def fallen_apart(word: str) -> tuple[int, Keys, Keys]:
    """Where a word falls apart, 0 where it does not; the keys of its first piece, and of its second."""
    cut = _cut(word) if len(word) > 1 else 0
    if cut:
        return cut, _keys(word[:cut]), _keys(word[cut:])
    keys = _keys(word)
    return 0, keys, keys


_pieces = lru_cache(maxsize=8192)(fallen_apart)


@lru_cache(maxsize=1024)
def _gap(between: str) -> tuple[Gap, bool, int]:
    """What signs between two words mean, whether a blank is among them, and how many brackets they open."""
    opened = sum(between.count(c) for c in "([{") - sum(between.count(c) for c in ")]}")
    return _strength(between), any(c.isspace() for c in between), opened


def _strength(between: str) -> Gap:
    if not between:
        return Gap.GLUED
    signs = between.strip()
    if not signs:
        return Gap.BREAK if "\n" in between else Gap.BLANK
    if signs in ("-", "–", "—"):
        return Gap.WIDE_HYPHEN if signs != between else Gap.HYPHEN
    return _SIGNS.get(signs, Gap.BREAK)


def _keys(word: str) -> Keys:
    """A word with accents and without; whether it is a piece of a number, or one; what it may open."""
    folded = fold(word)
    is_item = _ITEM.fullmatch(folded) is not None and _MEASURE.fullmatch(folded) is None
    return fold_keep_accents(word), folded, is_item, folded.isdigit(), lexicon().by_first.get(folded)


def _cut(word: str) -> int:
    """Where a glued word falls apart: ``kp13`` and ``Sn06`` after their letters, ``12Nguyễn`` after its digits;
    0 where it does not."""
    if word.isalpha():
        return 0
    if (found := _LETTERS_THEN_DIGITS.fullmatch(word)) and fold_keep_accents(found[1]) in lexicon().glued:
        return found.end(1)
    if (found := _DIGITS_THEN_LETTERS.fullmatch(word)) and not _ITEM.fullmatch(fold(word)):
        return found.end(1)
    return 0
