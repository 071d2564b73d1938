"""What a text names besides the units that it is read as: another province, say, than that of its commune."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.left_over import is_suspect, units_named
from geoaddr.model import Unit

MOST_PIECES = 4
"""Parts that are looked at for units."""

MOST_CHARACTERS = 80
"""Longer ones name none."""

_PIECE = re.compile(r"[^,;\n]+")


class Elsewhere(NamedTuple):
    """A share of the readings of a text, and for each of the other units that these leave unused the communes of
    today that lie in it."""

    share: float
    allowed: tuple[frozenset[str], ...]


def contradicted(elsewhere: Sequence[Elsewhere], commune: str) -> float:
    """The share of the readings whose text names another unit in which a commune of today does not lie."""
    return sum(each.share for each in elsewhere if any(commune not in inside for inside in each.allowed))


def units_elsewhere(
    text: str,
    readings: Sequence[Interpretation],
    interpreter: Interpreter,
    inside: Callable[[Unit], Sequence[str]],
    as_of: dt.date | None,
) -> tuple[Elsewhere, ...]:
    """What the unused words of some readings name behind the first unit of each.

    :param inside: the communes of today that lie in a unit of any day and level, with a part of them at least.
    """
    total = sum(reading.weight for reading in readings)
    found = []
    for reading in readings:
        if is_suspect(reading) and (allowed := _allowed(text, reading, interpreter, inside, as_of)):
            found.append(Elsewhere(reading.weight / total, allowed))
    return tuple(found)


def _allowed(
    text: str,
    reading: Interpretation,
    interpreter: Interpreter,
    inside: Callable[[Unit], Sequence[str]],
    as_of: dt.date | None,
) -> tuple[frozenset[str], ...]:
    begin = min((span[0] for _, span in reading.named), default=len(text))
    pieces = [
        piece.group().strip()
        for start, end in reading.rest
        if start >= begin
        for piece in _PIECE.finditer(text, start, end)
    ]
    found = []
    for piece in [p for p in pieces if p and len(p) <= MOST_CHARACTERS][:MOST_PIECES]:
        units = units_named(interpreter, piece, as_of)
        if units:
            found.append(frozenset(code for unit in units for code in inside(unit)))
    return tuple(found)
