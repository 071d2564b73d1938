"""Parts below the commune that were read by where they stand alone, and look like no such part.

A number before a name is a house number, and a name behind it a street, whatever they say: nothing else parts
them. So ``12abc!!`` and ``99 qwerty`` are read, which does not mean that they were understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

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

COUNTERS = frozenset({"kiot", "kios", "kiosk", "sap", "quay", "nha", "can", "block", "villa", "shop"})
"""What a letter may stand behind in place of a number (``Kiot B``)."""

_WORDS = re.compile(r"[a-z]+")

_SIGNS = frozenset(".,;:-‐‑–—/\\()'’‘`\"“”&+#°№")
"""Signs that stand in addresses; in those that people wrote there are hardly any others."""

_ORDINARY = re.compile(rf"(?:[^\W_]|[\s{re.escape(''.join(sorted(_SIGNS)))}])*")

KEYCAP = "Me"
"""The category of what is drawn around a sign."""

_LETTERS_BEHIND = re.compile(r"(?<=[0-9])[a-z]{3,}")
_AGAIN = re.compile(r"(bis|ter|quater)[a-z]?")
"""A second house of one number (``25Bis``)."""
LONG = 6
"""Digits that no house has."""
_LONG = re.compile(rf"[0-9]{{{LONG},}}")


def doubtful(line: str, detail: Detail, stated: Collection[str] = ()) -> frozenset[str]:
    """The names of the parts of ``line`` that nothing in them speaks for.

    :param stated: those that have a field of a form: it says what they are, and how they look is doubted alone.
    """
    found = set()
    for name in DETAILS:
        value = getattr(detail, name)
        texts = value if isinstance(value, tuple) else (value,) if value else ()
        nameless = name in NAMES and name not in stated and any(map(_is_no_name, texts))
        if nameless or any(map(_has_odd_signs, texts)) or any(map(_says_nothing, texts)):
            found.add(name)
    number = detail.house_number
    if number and _is_no_number(number):
        found.add("house_number")
    if number and "house_number" not in stated and (number == line.strip() or "street" in found):
        found.add("house_number")
    return frozenset(found)


def _says_nothing(text: str) -> bool:
    """Whether it is signs alone."""
    return not any(character.isalnum() for character in text)


def _has_odd_signs(text: str) -> bool:
    return _ORDINARY.fullmatch(text) is None and any(map(_is_odd, text))


def _is_odd(character: str) -> bool:
    if character.isalnum() or character.isspace() or character in _SIGNS:
        return False
    return unicodedata.category(character) == KEYCAP or unicodedata.category(character)[0] in "PS"


@lru_cache(maxsize=8192)
def _is_no_name(text: str) -> bool:
    """Whether no word of a name can be Vietnamese, nor be an abbreviation."""
    words = [word for word in re.findall(r"[^\W_]+", text) if word.isalpha()]
    return bool(words) and not any(map(_is_word, words))


def _is_word(written: str) -> bool:
    folded = fold(written)
    short = len(folded) < LEAST_LETTERS or (written.isupper() and len(folded) <= MOST_CAPITALS)
    return short or folded in FOREIGN or is_syllable(folded)


def _is_no_number(text: str) -> bool:
    """Whether a house can hardly have it: words without a number, many digits, or letters behind them that are
    neither a second house's nor a word."""
    if not any(character.isdigit() for character in text):
        return any(len(word) >= LEAST_LETTERS for word in _WORDS.findall(fold(text)) if word not in COUNTERS)
    if len(text) <= LEAST_LETTERS or text.isdecimal():
        return len(text) >= LONG
    folded = fold(text)
    letters = _LETTERS_BEHIND.findall(folded)
    return _LONG.search(folded) is not None or any(
        not (_AGAIN.fullmatch(run) or is_syllable(run)) for run in letters
    )
