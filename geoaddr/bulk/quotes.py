"""Quotes of CSV as they stand in the file: which rows have a cell of several lines that ends at a quote which was
not meant to end it, or at none.

A quote that closes a cell stands before a delimiter or at the end of a line. Where one that was forgotten opens a
cell, the next quote of the file closes it, mostly the one that opens a cell some lines below: text follows it. The
reader takes it all the same, so that the lines between are in the cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

import numpy as np

QUOTE, LF, CR = b'"\n\r'


class Swallowed(NamedTuple):
    """A cell that ends where it should not: which of the rows below the header it is in, of any width, from 0; and
    which of the row's cells with a line feed it is, from 0."""

    row: int
    nth: int


class At(Enum):
    """What the next byte of the file is."""

    START = 1
    """The first of a cell, or of the end of an empty one."""
    PLAIN = 2
    """In a cell, outside quotes."""
    QUOTED = 3
    """In a cell, within quotes."""
    SECOND = 4
    """Behind a quote within quotes: another one makes the two a quote of the text, all else ends the part."""
    CLOSED = 5
    """Behind the quoted part of a cell and blanks."""


class Quotes:
    """Goes through the bytes of a file as far as it is asked for, with the reader's rules and its count of rows.
    Nothing of a block outlives it but how it ended.

    :param blocks: the file's bytes, without a byte order mark, in pieces of any size.
    :param delimiter: what stands between cells.
    :param blank_rows: whether a line without anything is a row, too.
    """

    def __init__(self, blocks: Iterable[bytes], delimiter: str, *, blank_rows: bool) -> None:
        between = delimiter.encode()
        ends = rb"\r\n" + re.escape(between)
        # possessive, so that no way back is kept for each of a million cells
        self._ordinary = re.compile(rb'(?:[%b]|[^"%b][^%b]*+[%b]|"[^"\r\n]*+"[%b])*+' % ((ends,) * 5))
        self._plain = re.compile(rb"[^%b]*+" % ends)
        self._quoted = re.compile(rb'[^"]*+(?:""[^"]*+)*+')
        self._blank = re.compile(rb" *+" if between == b"\t" else rb"[ \t]*+")
        self._ends = frozenset(b"\r\n" + between)
        self._blocks, self._blank_rows = iter(blocks), blank_rows
        self._at, self._before, self._is_over = At.START, LF, False
        self._row = -1  # the header
        self._has_line, self._last = False, Swallowed(-2, 0)
        self._found: deque[Swallowed] = deque()

    def until(self, row: int) -> Iterator[Swallowed]:
        """The cells of rows before this one, in their order, that no call gave before."""
        while True:
            while self._found and self._found[0].row < row:
                yield self._found.popleft()
            if self._is_over or self._row >= row:
                return
            self._look(next(self._blocks, b""))

    def _look(self, block: bytes) -> None:
        """At the next bytes; none are the file's end."""
        if not block:
            self._is_over = True
            if self._at is At.QUOTED:
                self._end_quoted(is_sound=False)
            return
        ends, passed = self._row_ends(block), 0
        if QUOTE not in block and self._at in {At.START, At.PLAIN}:
            self._at = At.START if block[-1] in self._ends else At.PLAIN
        else:
            for begin, end in self._quoted_parts(block):
                before = bisect_left(ends, begin, passed)
                self._row += before - passed
                passed = bisect_left(ends, end, before)
                self._has_line |= block.find(b"\n", begin, end) >= 0
        self._row += len(ends) - passed
        self._before = block[-1]

    def _row_ends(self, block: bytes) -> list[int]:
        """Where rows end, or would if that were not within quotes."""
        data = np.frombuffer(block, np.uint8)
        before = np.empty_like(data)
        before[0], before[1:] = self._before, data[:-1]
        feed, after_return = data == LF, before == CR
        if self._blank_rows:
            is_end = (data == CR) | (feed & ~after_return)
        else:
            is_end = (feed | (data == CR)) & ~(after_return | (before == LF))
        found: list[int] = np.flatnonzero(is_end).tolist()
        return found

    def _quoted_parts(self, block: bytes) -> Iterator[tuple[int, int]]:
        """From where to where text is within quotes; without cells of one line that nothing stands behind."""
        place = 0
        while place < len(block):
            if self._at is not At.QUOTED:
                place = self._step(block, place)
                continue
            begin, place = place, _end(self._quoted, block, place)
            yield begin, place
            if place < len(block):
                self._at = At.SECOND
                place += 1
                if place < len(block) and block[place] in self._ends:  # mostly; all else step by step
                    self._end_quoted(is_sound=True)

    def _step(self, block: bytes, place: int) -> int:
        """What comes at a place outside quotes, or behind one; where it ends."""
        match self._at:
            case At.START:
                place = _end(self._ordinary, block, place)
                if place < len(block):
                    if block[place] != QUOTE:
                        self._at = At.PLAIN
                        return place
                    self._at, self._has_line = At.QUOTED, False
                    place += 1
            case At.PLAIN:
                place = _end(self._plain, block, place)
                if place < len(block):
                    self._at = At.START
            case At.SECOND:
                if block[place] == QUOTE:
                    self._at = At.QUOTED
                    return place + 1
                self._at = At.CLOSED
            case _:
                place = _end(self._blank, block, place)
                if place < len(block):
                    self._end_quoted(is_sound=block[place] in self._ends)
        return place

    def _end_quoted(self, *, is_sound: bool) -> None:
        """Of the quoted part of a cell, where something else follows that should or should not."""
        self._at = At.START if is_sound else At.PLAIN
        if self._has_line:
            nth = self._last.nth + 1 if self._last.row == self._row else 0
            self._last = Swallowed(self._row, nth)
            if not is_sound:
                self._found.append(self._last)


def _end(pattern: re.Pattern[bytes], text: bytes, place: int) -> int:
    """Where what a pattern takes ends; it may be nothing."""
    found = pattern.match(text, place)
    return found.end() if found else place
