"""Quotes of CSV as they stand in the file: which cells of several lines end at a quote that was not meant to end
them, or at none.

A quote that closes a cell stands before a delimiter or at the end of a line. Where one that was forgotten opens a
cell, the next quote of the file closes it, mostly the one that opens a cell some lines below: text follows it. The
reader takes it all the same, so that the lines between are in the cell.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

QUOTE = ord('"')
_BOM = b"\xef\xbb\xbf"

BLOCKS_HELD = 64
"""Cells of older blocks are forgotten: those of rows of another width, which nobody asks for."""

MOST_OPEN = 1 << 23
"""Bytes of an open cell after which nothing more is looked at: the reader takes no such row."""


class Swallowed(NamedTuple):
    """A cell that holds lines of the file which are not its own: how it begins, up to the quote, and how many."""

    begins: str
    lines: int


class Quotes:
    """Looks at the bytes of a file in their order.

    :param delimiter: what stands between cells.
    """

    def __init__(self, delimiter: str) -> None:
        between = delimiter.encode()
        blanks = b" " if between == b"\t" else b" \t"
        self._cell = re.compile(rb'(?:(?<=[\r\n%b])|\A)"([^"]*(?:""[^"]*)*)("?)' % re.escape(between))
        self._ended = re.compile(rb"[%b]*(?:[\r\n%b]|\Z)" % (blanks, re.escape(between)))
        self._before = np.zeros(256, bool)
        self._before[[*b'\r\n"', *between]] = True
        self._after = self._before.copy()
        self._carried = b""
        self._begun = False
        self._block = 0
        self._found: dict[str, deque[Swallowed]] = {}
        self._order: deque[tuple[int, str]] = deque()

    def look(self, block: bytes) -> None:
        """At the next bytes of the file; none are its end."""
        self._block += 1
        while self._order and self._order[0][0] < self._block - BLOCKS_HELD:
            self._found.pop(self._order.popleft()[1], None)
        if not self._begun:
            block, self._begun = block.removeprefix(_BOM), True
        text = self._carried + block
        if len(text) > MOST_OPEN + len(block):
            text = b""
        carried = self._sound(text) if block else None
        self._carried = self._scanned(text, is_last=not block) if carried is None else carried

    @property
    def any(self) -> bool:
        """Whether there is any such cell that a row may hold."""
        return bool(self._found)

    def in_cell(self, value: str) -> Swallowed | None:
        """What a cell of these lines swallowed, where it did."""
        held = self._found.get(value.partition("\n")[0], ())
        found = next((each for each in held if value.startswith(each.begins)), None)
        if found is not None:  # rows come in their order, each once
            self._found[found.begins.partition("\n")[0]].remove(found)
        return found

    def _sound(self, text: bytes) -> bytes | None:
        """What to look at again before the bytes that follow, where every quote opens or closes a cell as it
        should or is one of two; else ``None``."""
        data = np.frombuffer(text, np.uint8)
        at: NDArray[np.intp] = np.flatnonzero(data == QUOTE)
        if not len(at):
            return text[-1:]
        opening, closing = at[::2], at[1::2]
        first = opening[0] == 0
        if not self._before[data[opening[int(first) :] - 1]].all():
            return None
        last = len(closing) > 0 and closing[-1] == len(text) - 1
        if not self._after[data[closing[: len(closing) - int(last)] + 1]].all():
            return None
        if len(at) % 2 or last:
            return text[self._opened(at, len(at) - 1 if len(at) % 2 else len(at) - 2) :]
        return text[-1:]

    def _opened(self, at: NDArray[np.intp], opening: int) -> int:
        """Where the cell begins that is open after the quotes ``at``, whose last opening one that is: of two
        together neither opens any."""
        while opening >= 2 and at[opening] == at[opening - 1] + 1:
            opening -= 2
        return max(0, int(at[opening]) - 1)

    def _scanned(self, text: bytes, *, is_last: bool) -> bytes:
        """Note the cells that swallowed lines; what to look at again before the bytes that follow."""
        for cell in self._cell.finditer(text):
            closed = bool(cell[2])
            if not is_last and (not closed or cell.end() == len(text)):
                return text[max(0, cell.start() - 1) :]
            if not (closed and self._ended.match(text, cell.end())):
                self._note(cell[1] if closed else cell[1].rstrip(b"\r\n"))
        return (
            b"" if is_last else text[-1:].replace(b'"', b" ")
        )  # a quote in a cell that none opened: it opens none

    def _note(self, content: bytes) -> None:
        if lines := content.count(b"\n"):
            begins = content.replace(b'""', b'"').decode(errors="replace")
            key = begins.partition("\n")[0]
            self._found.setdefault(key, deque()).append(Swallowed(begins, lines))
            self._order.append((self._block, key))


def swallowed(quotes: Quotes, values: list[str | None]) -> Iterator[tuple[int, Swallowed]]:
    """Of the cells of a column those that swallowed lines, each with its place."""
    for at, value in enumerate(values):
        if value and "\n" in value and (found := quotes.in_cell(value)):
            yield at, found
