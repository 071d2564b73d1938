"""House numbers that make no difference: ``32 Lý Thái Tổ, ...`` and ``98 Lý Thái Tổ, ...`` are read alike.

A file has many houses of few streets. A number is only ever compared with three things: the numbers in the
names of units (``Phường 12``), the days that streets are named after (``30/4``), and the other numbers of the
same text. Beyond that only how many digits it has counts. So texts that differ in their first number alone,
which has as many digits in both and is in neither one of those, have the same answer but for the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.detail_lexicon import lexicon

_DIGITS = re.compile(r"[0-9]+")
_FIRST = re.compile(r"([^0-9]{0,24})([1-9][0-9]{1,3})(?![0-9])")


class House(NamedTuple):
    """A text in three pieces; ``number`` has two to four digits."""

    before: str
    number: str
    after: str

    @property
    def kind(self) -> tuple[str, int, str]:
        """What the text has in common with all that are read alike."""
        return self.before, len(self.number), self.after


class Houses:
    """Finds the first numbers that make no difference.

    :param meant: texts whose numbers mean something.
    """

    def __init__(self, meant: Iterable[str]) -> None:
        self._meant = frozenset(number for text in meant for number in _DIGITS.findall(text))

    @classmethod
    def beside(cls, interpreter: Interpreter) -> Houses:
        """Those that are no number of a unit that ``interpreter`` knows, and no day of a street."""
        dictionary = interpreter.dictionary
        return cls([*dictionary.keys, *dictionary.shortened, *lexicon().days, *lexicon().by_first])

    def of(self, text: str) -> House | None:
        """The text parted at its first number; ``None`` where that comes late or may make a difference."""
        found = _FIRST.match(text)
        if found is None:
            return None
        number = found[2]
        after = text[found.end() :]
        if number in self._meant or number in after or "+" in after:  # a Plus Code has not all the digits
            return None
        return House(found[1], number, after)
