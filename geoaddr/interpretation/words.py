"""The words of one text, marked: which announce a unit, which a street, where a part of the line ends."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from geoaddr.interpretation.lexicon import MAX_WORDS, Lexicon, TypeWord, lexicon
from geoaddr.interpretation.spelling import cut_syllables, untelex
from geoaddr.text.fold import fold_keep_accents
from geoaddr.text.tokens import Token, fold_word, tokenise

HARD = frozenset(',;:!?|()[]{}<>/\\"\n\r\t，、。；•·')
"""Signs that no name goes across."""

SOFT = frozenset("-–—_~=+*")
"""Signs that part the line, though a name may go across one (Bà Rịa - Vũng Tàu)."""

FIRST_WORDS, LAST_WORDS = 16, 32
"""Of a longer text only so many words at its beginning and its end are read: an address has fewer."""


@dataclass(slots=True)
class Word:
    """A word as it is compared: ``folded`` and ``accented`` keys, and its place in the original text."""

    folded: str
    accented: str
    start: int
    end: int
    gap: str
    number: bool


@dataclass(slots=True)
class Words:
    """A text's words and marks, all by the word's position.

    ``hard`` a name cannot go on into this word; ``opens`` a part of the line begins with it;
    ``types_end`` type words that end just before it, with their first word's position;
    ``types_after`` type words that begin with it and follow a name, with the position after them;
    ``street`` the word before belongs to the name of a street, a building or a hamlet;
    ``street_after`` it says that what stands before is a street; ``country`` it is the country's name.
    """

    words: list[Word]
    hard: list[bool]
    opens: list[bool]
    types_end: list[tuple[int, TypeWord] | None]
    types_after: list[tuple[int, TypeWord] | None]
    street: list[bool]
    street_after: list[bool]
    country: list[bool]

    def __len__(self) -> int:
        return len(self.words)


def read_words(text: str, syllables: Set[str], known: Set[str]) -> Words:
    """The marked words of ``text``.

    :param syllables: words that names and types are made of; what is none of them may be glued or Telex.
    :param known: keys of names, which are left as they are.
    """
    words: list[Word] = []
    tokens = tokenise(text)
    if len(tokens) > FIRST_WORDS + LAST_WORDS:
        tail = tokens[-LAST_WORDS:]
        tokens = [*tokens[:FIRST_WORDS], tail[0]._replace(gap="\n"), *tail[1:]]
    for token in tokens:
        words += _words(token, syllables, known)
    return _marked(words, lexicon())


@lru_cache(maxsize=8192)
def _accented(text: str) -> str:
    return fold_keep_accents(text).replace(" ", "")


def _words(token: Token, syllables: Set[str], known: Set[str]) -> list[Word]:
    folded = token.folded
    if folded.isdigit():
        plain = folded.lstrip("0") or "0"
        return [Word(plain, plain, token.start, token.end, token.gap, True)]
    if folded in syllables or len(folded) < 3:
        return [Word(folded, _accented(token.text), token.start, token.end, token.gap, False)]
    if token.text.isascii():
        meant = untelex(folded)
        if meant != folded and meant in syllables:
            return [Word(meant, meant, token.start, token.end, token.gap, False)]
    if folded not in known and len(folded) > 4:
        cuts = cut_syllables(folded, syllables)
        if cuts is not None:
            return _cut(token, cuts)
    return [Word(folded, _accented(token.text), token.start, token.end, token.gap, False)]


def _cut(token: Token, cuts: list[int]) -> list[Word]:
    """A glued token in pieces: ``cuts`` count folded letters, which the original's are matched to."""
    ends: list[int] = []  # for each folded letter the offset after the original's letter and its accents
    for offset, letter in enumerate(token.text):
        for _ in fold_word(letter):
            ends.append(offset + 1)
        if ends and not fold_word(letter):
            ends[-1] = offset + 1
    if len(ends) != cuts[-1]:
        return [Word(token.folded, _accented(token.text), token.start, token.end, token.gap, False)]
    pieces = []
    begin = 0
    for number, (a, b) in enumerate(pairwise(cuts)):
        end = len(token.text) if b == cuts[-1] else ends[b - 1]
        piece = token.text[begin:end]
        gap = "" if number else token.gap
        pieces.append(
            Word(token.folded[a:b], _accented(piece), token.start + begin, token.start + end, gap, False)
        )
        begin = end
    return pieces


def _marked(words: list[Word], lex: Lexicon) -> Words:
    n = len(words)
    marks = Words(
        words,
        hard=[False] * (n + 1),
        opens=[False] * (n + 1),
        types_end=[None] * (n + 1),
        types_after=[None] * (n + 1),
        street=[False] * (n + 1),
        street_after=[False] * (n + 1),
        country=[False] * (n + 1),
    )
    marks.hard[0] = marks.opens[0] = marks.hard[n] = marks.opens[n] = True
    for i, word in enumerate(words):
        if i and word.gap not in ("", " "):
            marks.hard[i] = not HARD.isdisjoint(word.gap)
            marks.opens[i] = (marks.hard[i] and "/" not in word.gap) or not SOFT.isdisjoint(word.gap)
    for i in range(n):
        if not words[i].number:
            _mark_from(marks, i, lex)
    return marks


def _mark_from(marks: Words, i: int, lex: Lexicon) -> None:
    """Mark what the entries that begin at word ``i`` say; longer entries come last and win."""
    words = marks.words
    key = ""
    for j in range(i, min(i + MAX_WORDS, len(words))):
        if j > i and marks.hard[j]:
            return
        key = f"{key} {words[j].folded}" if key else words[j].folded
        if key not in lex.beginnings:
            return
        for role, announced in lex.roles.get(key, ()):
            _mark(marks, i, j + 1, role, announced)


def _mark(marks: Words, begin: int, end: int, role: str, announced: TypeWord | None) -> None:
    if role == "type" and announced is not None:
        known = marks.types_end[end]
        if not marks.hard[end] and (known is None or known[0] > begin):
            marks.types_end[end] = (begin, announced)
    elif role == "type_after" and announced is not None:
        marks.types_after[begin] = (end, announced)
    elif role == "street":
        marks.street[end] = True
    elif role == "street_after":
        marks.street_after[begin] = True
    elif role == "country":
        marks.country[begin:end] = [True] * (end - begin)
