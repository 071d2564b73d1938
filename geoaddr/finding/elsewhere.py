"""What a text names besides the units that it is read as: another province, say, than that of its commune."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.left_over import ABOVE, is_suspect, units_named
from geoaddr.model import Level, Unit

MOST_PIECES = 4
"""Parts that are looked at for units."""

MOST_CHARACTERS = 80
"""Longer ones name none."""

PROVINCE: tuple[Level, ...] = ("province",)

REMEMBERED = 512
"""Parts of lines, each with some hundred communes: the names of provinces come again and again."""

_PIECE = re.compile(r"[^,;\n]+")


class Elsewhere(NamedTuple):
    """A share of the readings of a text, and for each of the other units that these leave unused the communes of
    today that lie in it."""

    share: float
    allowed: tuple[frozenset[str], ...]


def contradicted(elsewhere: Sequence[Elsewhere], commune: str) -> float:
    """The share of the readings whose text names another unit in which a commune of today does not lie."""
    return sum(each.share for each in elsewhere if any(commune not in inside for inside in each.allowed))


class OtherUnits:
    """Finds what texts name besides the units of their readings. Safe to share between threads.

    :param inside: the communes of today that lie in a unit of any day and level, with a part of them at least.
    """

    def __init__(self, interpreter: Interpreter, inside: Callable[[Unit], Sequence[str]]) -> None:
        self._interpreter, self._inside = interpreter, inside
        self._of_piece = lru_cache(REMEMBERED)(self._communes)

    def of(self, text: str, readings: Sequence[Interpretation], as_of: dt.date | None) -> tuple[Elsewhere, ...]:
        """What the unused words of some readings of a text name behind the first unit of each."""
        total = sum(reading.weight for reading in readings)
        found = []
        for reading in filter(is_suspect, readings):
            allowed = [self._of_piece(*piece, as_of) for piece in _pieces(text, reading)]
            if kept := tuple(filter(None, allowed)):
                found.append(Elsewhere(reading.weight / total, kept))
        return tuple(found)

    def _communes(self, piece: str, between: bool, as_of: dt.date | None) -> frozenset[str]:
        """The communes of today in the units that a part of a line names; none where it names none."""
        units = units_named(self._interpreter, piece, as_of, bare=ABOVE if between else PROVINCE)
        return frozenset(code for unit in units for code in self._inside(unit))


def _pieces(text: str, reading: Interpretation) -> list[tuple[str, bool]]:
    """Parts of a text behind the first unit of a reading, and whether they stand before the last one. What stands
    behind that may be a remark or a name of a person, which districts have as well."""
    spans = [span for _, span in reading.named]
    begin, last = min(spans, default=(len(text), 0)), max(spans, default=(0, 0))
    found = [
        (piece.group().strip(), piece.start() < last[0])
        for start, end in reading.rest
        if start >= begin[0]
        for piece in _PIECE.finditer(text, start, end)
    ]
    return [piece for piece in found if piece[0] and len(piece[0]) <= MOST_CHARACTERS][:MOST_PIECES]
