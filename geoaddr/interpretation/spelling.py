"""Spelling: Telex leftovers, glued syllables, and how far two names are apart."""

from __future__ import annotations

import re
from collections.abc import Set

_FROM_VOWEL = re.compile(r"[aeiouy].*")
_TELEX_MARKS = re.compile(r"[wsfrxj]")
_TELEX_DOUBLES = re.compile(r"(aa|ee|oo|dd)")
MAX_SYLLABLE = 7
"""Letters of the longest Vietnamese syllable (nghiêng)."""
MAX_GLUED = 60
TYPES_MISSPELT = ("phuong", "quan", "huyen")
"""Words for types long enough to be known with a letter wrong."""


def untelex(word: str) -> str:
    """A folded word as it was meant when its Telex keystrokes were left standing.

    >>> untelex("phuowngf"), untelex("ddoongs")
    ('phuong', 'dong')
    """
    single = _TELEX_DOUBLES.sub(lambda pair: pair.group()[0], word)
    return _FROM_VOWEL.sub(lambda rhyme: _TELEX_MARKS.sub("", rhyme.group()), single)


def cut_syllables(word: str, syllables: Set[str]) -> list[int] | None:
    """Where to cut a folded word so that every piece is a known syllable: the fewest pieces, ends included.

    ``None`` when there is no such cut, or the word is longer than any glued name.
    """
    n = len(word)
    if n > MAX_GLUED:
        return None
    best: list[tuple[int, int] | None] = [(0, 0)] + [None] * n
    for end in range(1, n + 1):
        for begin in range(max(0, end - MAX_SYLLABLE), end):
            before = best[begin]
            if before is not None and word[begin:end] in syllables:
                now = best[end]
                if now is None or before[0] + 1 < now[0]:
                    best[end] = (before[0] + 1, begin)
    cuts, at = [n], n
    while at:
        step = best[at]
        if step is None:
            return None
        at = step[1]
        cuts.append(at)
    return cuts[::-1]


def misspelt_type(word: str) -> str | None:
    """The type of unit that a folded word, no syllable itself, is with one letter wrong.

    >>> misspelt_type("phuog"), misspelt_type("quuan"), misspelt_type("hoyen")
    ('phuong', 'quan', 'huyen')
    """
    return next(
        (kind for kind in TYPES_MISSPELT if abs(len(word) - len(kind)) <= 1 and near(word, kind) == 1), None
    )


def shared_ends(a: str, b: str) -> tuple[int, int]:
    """How many letters two words begin with alike, and how many of the rest they end with alike."""
    short = min(len(a), len(b))
    head = 0
    while head < short and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < short - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return head, tail


def one_left_out(a: str, b: str) -> bool:
    """Whether two different words become the same when a letter is left out of one, or of each."""
    if len(a) < len(b):
        a, b = b, a
    head, tail = shared_ends(a, b)
    rest_a, rest_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if len(a) > len(b):
        return len(a) == len(b) + 1 and not rest_b
    return a != b and (rest_a[1:] == rest_b[:-1] or rest_a[:-1] == rest_b[1:])


def near(a: str, b: str) -> int:
    """1 when one letter is added, left out, replaced, or two neighbours are swapped; 0 when equal; else 2."""
    if a == b:
        return 0
    head, tail = shared_ends(a, b)
    rest_a, rest_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if max(len(rest_a), len(rest_b)) <= 1:
        return 1
    return 1 if len(rest_a) == 2 and rest_a == rest_b[::-1] else 2
