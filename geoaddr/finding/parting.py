"""Texts without commas, parted where the name of a unit may begin at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from geoaddr.finding.unit_names import UnitNames
from geoaddr.text.fold import fold

MOST_WORDS = 12
"""Longer texts are no search for a street, and are not parted."""

FEWEST_WORDS = 2
"""Of a street that nobody knows, and of the unit behind it: shorter ones may be parts of one name."""


class Partings:
    """Where texts may be parted by the names of units. Safe to share between threads."""

    def __init__(self, names: UnitNames) -> None:
        self._names = names

    def whole(self, text: str) -> Iterator[str]:
        """``text`` with a comma before each ending that is the name of a unit, the longest first."""
        return self._parted(text, lambda ending: any(name.key == ending for name in self._names.beginning(ending)))

    def begun(self, text: str) -> Iterator[str]:
        """``text`` with a comma before each ending with which the name of a unit begins, the longest first."""
        return self._parted(text, lambda ending: next(self._names.beginning(ending), None) is not None)

    def ends(self, text: str) -> Iterator[tuple[str, str]]:
        """What stands before such an ending, and its folded name, where neither may be a part of a longer name."""
        for parted in self.whole(text):
            head, _, ending = parted.rpartition(", ")
            if min(_words(head), _words(ending)) >= FEWEST_WORDS:
                yield head, fold(ending)

    @staticmethod
    def _parted(text: str, names: Callable[[str], bool]) -> Iterator[str]:
        words = text.split()
        if "," in text or len(words) > MOST_WORDS:
            return
        for at in range(1, len(words)):
            head, ending = " ".join(words[:at]), fold(" ".join(words[at:]))
            if ending and any(letter.isalpha() for letter in head) and names(ending):
                yield f"{head}, {' '.join(words[at:])}"


def _words(text: str) -> int:
    return sum(word.isalpha() for word in text.split())
