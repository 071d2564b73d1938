"""Parts below the commune that were read by where they stand alone, and look like no such part.

A number before a name is a house number, and a name behind it a street, whatever they say: nothing else parts
them. So ``12abc!!`` and ``99 qwerty`` are read, which does not mean that they were understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_syllables import is_syllable
from geoaddr.text.fold import fold
from geoaddr.validation.fields import DETAILS

NAMES = ("street", "hamlet", "poi")
"""Parts that a name without a type word is taken for."""

FOREIGN = frozenset({"pasteur", "yersin", "calmette"})
"""Names of streets in many towns that are not built like Vietnamese ones."""

LEAST_LETTERS = 3
MOST_CAPITALS = 4
"""Shorter words, and as few capitals, may be abbreviations or classes of roads (``ĐT 741``, ``XTT 22``)."""

_SIGNS = frozenset(".,;:-‐‑–—/\\()'’‘`\"“”&+#°№")
"""Signs that stand in addresses; in those that people wrote there are hardly any others."""

KEYCAP = "Me"
"""The category of what is drawn around a sign."""

_LETTERS_BEHIND = re.compile(r"(?<=[0-9])[a-z]{3,}")
_AGAIN = re.compile(r"(bis|ter|quater)[a-z]?")
"""A second house of one number (``25Bis``)."""
_LONG = re.compile(r"[0-9]{6,}")


def doubtful(line: str, detail: Detail, stated: Collection[str] = ()) -> frozenset[str]:
    """The names of the parts of ``line`` that nothing in them speaks for.

    :param stated: those that have a field of a form: it says what they are, and how they look is doubted alone.
    """
    found = {name for name in DETAILS if any(_has_odd_signs(text) for text in _texts(detail, name))}
    found |= {
        name for name in NAMES if name not in stated and any(_is_no_name(text) for text in _texts(detail, name))
    }
    number = detail.house_number
    if number and _is_no_number(number):
        found.add("house_number")
    if number and "house_number" not in stated and (number == line.strip() or "street" in found):
        found.add("house_number")
    return frozenset(found)


def _texts(detail: Detail, name: str) -> tuple[str, ...]:
    value = getattr(detail, name)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _has_odd_signs(text: str) -> bool:
    return any(map(_is_odd, text))


def _is_odd(character: str) -> bool:
    if character.isalnum() or character.isspace() or character in _SIGNS:
        return False
    return unicodedata.category(character) == KEYCAP or unicodedata.category(character)[0] in "PS"


def _is_no_name(text: str) -> bool:
    """Whether no word of a name can be Vietnamese, nor be an abbreviation."""
    words = [word for word in re.findall(r"[^\W_]+", text) if word.isalpha()]
    return bool(words) and not any(map(_is_word, words))


def _is_word(written: str) -> bool:
    folded = fold(written)
    short = len(folded) < LEAST_LETTERS or (written.isupper() and len(folded) <= MOST_CAPITALS)
    return short or folded in FOREIGN or is_syllable(folded)


def _is_no_number(text: str) -> bool:
    """Whether a house can hardly have it: many digits, or letters behind them that are neither a second house's
    nor a word."""
    folded = fold(text)
    letters = _LETTERS_BEHIND.findall(folded)
    return _LONG.search(folded) is not None or any(
        not (_AGAIN.fullmatch(run) or is_syllable(run)) for run in letters
    )
