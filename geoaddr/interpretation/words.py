"""The words of one text, marked: which announce a unit, which a street, where a part of the line ends."""

from __future__ import annotations

from collections.abc import Container, Iterator, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from geoaddr.interpretation.lexicon import MAX_WORDS, Lexicon, TypeWord, lexicon
from geoaddr.interpretation.spelling import cut_syllables, misspelt_type, untelex
from geoaddr.text.fold import fold_keep_accents
from geoaddr.text.tokens import fold_word, parts_of_run, runs

HARD = frozenset(',;:!?|()[]{}<>/\\"\n\r\t，、。；•·')
"""Signs that no name goes across."""

SOFT = frozenset("-–—_~=+*")
"""Signs that part the line, though a name may go across one (Bà Rịa - Vũng Tàu)."""

FIRST_WORDS, LAST_WORDS = 16, 32
"""Of a longer text only so many words at its beginning and its end are read: an address has fewer."""

MOST_REMEMBERED = 32_768
LONGEST_REMEMBERED = 24
"""Letters of a word that is remembered; addresses are made of the same short ones again and again."""


class Piece(NamedTuple):
    """A word of a run of letters or digits, with its place there; a token that was written glued is several,
    of which one ``begins_token``."""

    folded: str
    accented: str
    start: int
    end: int
    number: bool
    begins_token: bool


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


class WordReader:
    """Reads texts word by word, and remembers the words.

    :param syllables: words that names and types are made of; what is none of them may be glued or Telex.
    :param known: keys of names, which are left as they are.
    """

    def __init__(self, syllables: Set[str], known: Container[str]) -> None:
        self._syllables, self._known = syllables, known
        self._remembered: dict[str, tuple[Piece, ...]] = {}

    def read(self, text: str) -> Words:
        """The marked words of ``text``.

        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        words: list[Word] = []
        begins: list[int] = []  # where each token begins: one that was glued is several words
        last = 0
        for run, offset in runs(text):
            for folded, accented, start, end, number, begins_token in self.pieces(run):
                if begins_token:
                    begins.append(len(words))
                start += offset
                gap = text[last:start]
                if gap and gap != " ":
                    gap = gap.strip() or " "
                last = end + offset
                words.append(Word(folded, accented, start, last, gap, number))
        if len(begins) > FIRST_WORDS + LAST_WORDS:
            words = words[: begins[FIRST_WORDS]] + words[begins[-LAST_WORDS] :]
            words[begins[FIRST_WORDS]].gap = "\n"
        return _marked(words, lexicon())

    def pieces(self, run: str) -> tuple[Piece, ...]:
        """The words of one run of letters or digits; their offsets count from its beginning."""
        known = self._remembered.get(run)
        if known is None:
            known = tuple(self._read(run))
            if len(run) <= LONGEST_REMEMBERED:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[run] = known
        return known

    def _read(self, run: str) -> Iterator[Piece]:
        for start, end in parts_of_run(run):
            text = run[start:end]
            folded = fold_word(text)
            if folded:
                yield from self._words(text, folded, start, end)

    def _words(self, text: str, folded: str, start: int, end: int) -> Iterator[Piece]:
        if folded.isdigit():
            plain = folded.lstrip("0") or "0"
            yield Piece(plain, plain, start, end, True, True)
            return
        if folded not in self._syllables and len(folded) > 2:
            if text.isascii():
                meant = untelex(folded)
                if meant != folded and meant in self._syllables:
                    yield Piece(meant, meant, start, end, False, True)
                    return
            kind = None if folded in self._known else misspelt_type(folded)
            if kind is not None:
                yield Piece(kind, kind, start, end, False, True)
                return
            if len(folded) > 4 and folded not in self._known:
                cuts = cut_syllables(folded, self._syllables)
                if cuts is not None:
                    yield from _cut(text, folded, start, cuts)
                    return
        yield Piece(folded, _accented(text), start, end, False, True)


def _accented(text: str) -> str:
    return fold_keep_accents(text).replace(" ", "")


def _cut(text: str, folded: str, start: int, cuts: list[int]) -> Iterator[Piece]:
    """A glued token in pieces: ``cuts`` count folded letters, which the original's are matched to."""
    ends: list[int] = []  # for each folded letter the offset after the original's letter and its accents
    for offset, letter in enumerate(text):
        for _ in fold_word(letter):
            ends.append(offset + 1)
        if ends and not fold_word(letter):
            ends[-1] = offset + 1
    if len(ends) != cuts[-1]:
        yield Piece(folded, _accented(text), start, start + len(text), False, True)
        return
    begin = 0
    for number, (a, b) in enumerate(pairwise(cuts)):
        end = len(text) if b == cuts[-1] else ends[b - 1]
        yield Piece(folded[a:b], _accented(text[begin:end]), start + begin, start + end, False, number == 0)
        begin = end


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
    for i in range(1, n):
        gap = words[i].gap
        if gap and gap != " ":
            marks.hard[i] = not HARD.isdisjoint(gap)
            marks.opens[i] = (marks.hard[i] and "/" not in gap) or not SOFT.isdisjoint(gap)
    beginnings = lex.beginnings
    for i, word in enumerate(words):
        if word.folded in beginnings and not word.number:
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
    elif role == "country" and marks.types_end[begin] is None:  # no unit: ``Huyện Vn Hồ`` is misspelt
        marks.country[begin:end] = [True] * (end - begin)
