"""A whole address on one line, taken apart as far as it is understood.

What its readings agree on is a part of the address; what they do not is left to the line. Nothing is guessed: a
line that is not understood as a whole stays a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from geoaddr.components import components_from
from geoaddr.errors import InvalidInput
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_beside_codes import detail_below
from geoaddr.interpretation.ordinary import is_ordinary
from geoaddr.interpretation.reading import may_be_none
from geoaddr.interpretation.two_addresses import two_addresses
from geoaddr.interpretation.weighing import weighed
from geoaddr.model import Components
from geoaddr.profiles.vn import TYPE_ABBREVIATIONS, UNIT_TYPES
from geoaddr.text.fold import fold

SURE = 0.85
"""The least probability at which a part counts as understood, as for the commune that ``parse`` answers."""

READINGS = 16
"""Readings whose parts are compared; those that are less likely count against every part."""

WITHOUT_UNITS = 0.5
"""What the reading weighs that takes the one unit of a line without commas for no unit, beside 1 of the others."""

REMEMBERED = 2_048
"""Lines that are kept as read: those of a street that is asked for again and again."""

DOOR = ("house_number", "alley", "street", "building", "floor", "unit")
"""Parts that are understood all together or not at all."""

COUNTRY = frozenset({"viet nam", "vietnam"})

PLACES = ("hamlet", "poi")
"""Parts in which each name counts for itself: one that may be a unit is left out."""

PARTS = (*DOOR, *PLACES)


class Line(NamedTuple):
    """``parts``: what is sure; ``likely``: what the likeliest way to understand the line says; ``left``: what that
    way did not understand, without names of units. ``whole``: whether the parts tell the household from others,
    and nothing was left."""

    parts: Components
    likely: Components
    left: str
    whole: bool


class Lines:
    """Takes lines apart. Safe to share between threads.

    :param interpreter: gives what recognises units; asked when the first line comes.
    """

    def __init__(self, interpreter: Callable[[], Interpreter]) -> None:
        self._interpreter = interpreter
        self.read = lru_cache(REMEMBERED)(self._read)

    def apart(self, components: Components) -> Components:
        """``components`` with the parts of their line beside it, where nothing but the line and the units is
        stated and it is understood as a whole; else as they are."""
        if not is_line(components):
            return components
        line = self._read(components.text or "")
        if not line.whole:
            return components
        found = {name: value for name in PARTS if (value := getattr(line.parts, name))}
        try:
            cleaned = components_from(found)
        except InvalidInput:  # no record may hold such a part: the line says it all the same
            return components
        return replace(components, **{name: getattr(cleaned, name) for name in found})

    def likely(self, components: Components) -> Components:
        """What is understood of an address by which others look for it: of a line its likeliest parts."""
        return self.read(components.text or "").likely if is_line(components) else components

    def shown(self, components: Components) -> Components:
        """What to print of an address above its units: of a line its parts, without the units that it names; where
        a number is all that is sure, the line, or it would lose the name that may be a street's."""
        if not is_line(components):
            return components
        line = self.read(components.text or "")
        if line.parts.house_number and not (_tells(line.parts) or line.parts.alley):
            pieces = (components.text or "").split(",")
            return Components(text=",".join(piece for piece in pieces if fold(piece) not in COUNTRY))
        if any(getattr(line.parts, name) for name in PARTS):
            return line.parts
        return Components(text=line.left) if line.left else line.likely

    def _read(self, text: str) -> Line:
        interpreter = self._interpreter()
        readings = weighed(interpreter, text)
        ways = _ways(text, readings, interpreter)
        best = max(ways, key=lambda way: way[1])[0]
        parts, is_sure = _sure(ways, best)
        left = [piece for piece in best.rest.split(", ") if piece and not _is_unit(piece, readings[:1])]
        whole = is_sure and not left and _tells(parts) and two_addresses(text) is None
        return Line(parts, _components(best), ", ".join(left), whole)


def is_line(components: Components) -> bool:
    """Whether a line is stated, and besides it units at the most."""
    return bool(components.text) and not any(getattr(components, name) for name in PARTS)


def _ways(text: str, readings: Sequence[Interpretation], interpreter: Interpreter) -> list[tuple[Detail, float]]:
    """What may stand below the units, each with its probability; those of unlikely readings are missing."""
    gazetteer = interpreter.gazetteer
    codes = () if is_ordinary(text) else codes_in(text, gazetteer)
    if not readings:
        return [(detail_below(text, [], gazetteer, codes=codes), 1.0)]
    by_rest: dict[tuple[tuple[int, int], ...], tuple[Interpretation, float]] = {}
    for reading in readings[:READINGS]:
        first, mass = by_rest.get(reading.rest, (reading, 0.0))
        by_rest[reading.rest] = first, mass + reading.weight
    ways = [(detail_below(text, [one], gazetteer, codes=codes), mass) for one, mass in by_rest.values()]
    total = sum(reading.weight for reading in readings)
    if may_be_none(readings[0], text):
        ways.append((read_detail(text), WITHOUT_UNITS * total))
        total += WITHOUT_UNITS * total
    return [(detail, mass / total) for detail, mass in ways]


def _sure(ways: Sequence[tuple[Detail, float]], best: Detail) -> tuple[Components, bool]:
    """The parts of ``best`` that are sure, and whether all are that tell a door."""
    if len(ways) == 1 and ways[0][1] >= SURE:
        return _components(best), True
    found: dict[str, str | tuple[str, ...]] = {}
    is_sure = True
    for name in DOOR:
        value = getattr(best, name)
        agreed = sum(mass for detail, mass in ways if getattr(detail, name) == value) >= SURE
        is_sure = is_sure and agreed
        if agreed and value:
            found[name] = value
    for name in PLACES:
        pieces = [
            piece
            for piece in _pieces(getattr(best, name))
            if sum(mass for detail, mass in ways if piece in _pieces(getattr(detail, name))) >= SURE
        ]
        if pieces:
            found[name] = ", ".join(pieces)
    return Components(**found), is_sure  # type: ignore[arg-type]  # alley alone is a tuple


def _pieces(value: str | None) -> list[str]:
    return value.split(", ") if value else []


def _tells(parts: Components) -> bool:
    """Whether the parts tell a household from its neighbours: its number with a name, or a flat's."""
    if parts.house_number:
        return bool(parts.street or parts.hamlet or parts.building or parts.poi)
    return bool(parts.unit and parts.building)


def _components(detail: Detail) -> Components:
    return Components(**{name: value for name in PARTS if (value := getattr(detail, name))})


def _is_unit(piece: str, readings: Iterable[Interpretation]) -> bool:
    """Whether what was not understood names a unit, once more or one that is not known: it tells no household from
    another."""
    folded = fold(piece)
    names = {fold(match.unit.name) for reading in readings for match in reading.matches}
    return folded in names or bool(_UNIT.match(folded))


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted({fold(word) for word in words}, key=lambda word: (-len(word), word)))


_UNIT = re.compile(
    rf"(?:{_alternatives(word for words in UNIT_TYPES.values() for word in words)})(?:$| )"
    rf"|(?:{_alternatives(TYPE_ABBREVIATIONS)}) [a-z]{{2}}|viet nam$"
)
"""A unit's type before its name, short only before letters: ``P. 5`` may be a room."""
