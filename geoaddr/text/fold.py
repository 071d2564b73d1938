"""Folding: the form in which names are compared.

``fold`` maps everything that people write for one name to one key: letter case, composed or decomposed
accents (NFC, NFD), the place of the tone mark (hoà, hòa), missing accents, đ and d, punctuation, runs of
blanks. ``fold_keep_accents`` does the same but keeps the accents, in one canonical place.

Both work by table, letter by letter, and agree on where words begin and end. Apostrophes join
(``M'Drắk`` and ``MDrắk`` are one name); all other signs part words.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = frozenset("'`´ʹʼ‘’‛′＇")
_REMEMBERED = 0x2100
"""Code points below this (Latin, marks, common punctuation) are looked up once and kept."""
_MOST_REMEMBERED = 0x4000
"""Others are kept as well while there is room, so that a text of one emoji costs what any other does."""

_TONES = "\u0300\u0301\u0309\u0303\u0323"  # huyền, sắc, hỏi, ngã, nặng
_LATE_TONE = re.compile(
    f"(?<=o)([{_TONES}])([ae]\u0306?\u0302?)|(?<=u)([{_TONES}])(y)(?!e)|(?<=qu)([{_TONES}])([aeo][\u0302\u0306\u031b]?)"
)
"""A tone on the first vowel of oa, oe or uy, or on the u of qu: it belongs on the next one."""


_PLAIN_LETTERS = re.compile("[0-9A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ ]*")
"""What most names are made of."""
_TONE_BEFORE_VOWEL = re.compile("[òóỏõọùúủũụ][^ b-df-hj-np-tv-xzđ0-9]")
"""Where a tone may have to move."""


def _parts(character: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())


def _is_accent(part: str) -> bool:
    return "\u0300" <= part <= "\u036f"


def _is_word(part: str) -> bool:
    """Letters, digits, and the marks that other scripts write words with (Lao and Khmer vowels)."""
    return part.isalnum() or (unicodedata.category(part)[0] == "M" and not _is_accent(part))


def _letters(character: str) -> str:
    """What one character becomes without its accents: letters and digits, a blank, or nothing."""
    kept = ""
    for part in _parts(character):
        if part in "đð":
            kept += "d"
        elif _is_word(part):
            kept += part
        elif not _is_accent(part) and part not in _APOSTROPHES:
            kept += " "
    return kept


def _accented(character: str) -> str:
    """The same with accents kept, decomposed."""
    kept = ""
    for part in _parts(character):
        if part == "ð":  # Icelandic; in old data it stands for đ, which looks alike in capitals
            kept += "đ"
        elif _is_word(part) or _is_accent(part):
            kept += part
        elif part not in _APOSTROPHES:
            kept += " "
    return kept


class _Table(dict[int, str]):
    """A table for ``str.translate`` that fills itself with what it meets."""

    def __init__(self, keep_accents: bool) -> None:
        self._map = _accented if keep_accents else _letters

    def __missing__(self, point: int) -> str:
        mapped = self._map(chr(point))
        if point < _REMEMBERED or len(self) < _MOST_REMEMBERED:
            self[point] = mapped
        return mapped


_PLAIN = _Table(keep_accents=False)
_KEPT = _Table(keep_accents=True)


def fold(text: str) -> str:
    """``text`` as a search key: lower case, no accents, words parted by single blanks.

    >>> fold("Phường Thuỷ Xuân"), fold("PHUONG THỦY-XUÂN")
    ('phuong thuy xuan', 'phuong thuy xuan')
    """
    return " ".join(text.translate(_PLAIN).split())


def fold_keep_accents(text: str) -> str:
    """``text`` as a key that keeps accents: lower case, NFC, the tone mark in its canonical place.

    >>> fold_keep_accents("Thủy Xuân") == fold_keep_accents("THUỶ XUÂN")
    True
    >>> fold_keep_accents("Ba Tơ") == fold_keep_accents("Ba Tô")
    False
    """
    if _PLAIN_LETTERS.fullmatch(text):  # composed letters alone: only their case can differ from the key
        lower = text.lower()
        if _TONE_BEFORE_VOWEL.search(lower) is None:
            return " ".join(lower.split())
    decomposed = unicodedata.normalize("NFD", " ".join(text.translate(_KEPT).split()))
    moved = _LATE_TONE.sub(_move, decomposed) if not decomposed.isascii() else decomposed
    return unicodedata.normalize("NFC", moved)


def _move(found: re.Match[str]) -> str:
    tone, vowel = (group for group in found.groups() if group is not None)
    return vowel + tone
