"""What texts ask for, understood by their parts: texts that end alike mean the same communes, and what stands
before is a street and a number.

Nothing is guessed here. A text's units and its detail are read as for the scalar verb; what is kept is what
follows from them, by how the readings end and by the names of the detail. A text that can be understood in
several ways, as far as its street goes, is left to the scalar verb.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from geoaddr.errors import InvalidQuery
from geoaddr.finding.asking import Asked, Asking, Name, names_of
from geoaddr.finding.filings import Filings
from geoaddr.finding.houses import levels_of
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.interpretation.detail import Detail, components_in
from geoaddr.interpretation.ordinary import is_ordinary
from geoaddr.interpretation.weighing import MOST, SHOWN, weighed
from geoaddr.known import number_on_street, read_street
from geoaddr.registry.present import PresentCommunes
from geoaddr.text.masking import masked

LONGEST = 512
"""Longer texts are understood one by one; they would fill what is remembered of texts."""

MOST_REMEMBERED = 65_536
"""Endings of texts, and what details name."""

_NAMING = ("street", "hamlet", "building", "poi", "rest")


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What the units of some texts come to: communes and provinces of today with the probability of each, and the
    codes that the addresses of these communes were filed under. ``told``: room for what is known. ``only``:
    the commune, where it is one."""

    communes: dict[str, float]
    provinces: dict[str, float]
    filings: Filings
    told: dict[object, Any] = field(default_factory=dict)
    only: str | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "only", next(iter(self.communes)) if len(self.communes) == 1 else None)


class Ending(NamedTuple):
    """How a text ends: its units, and what they leave of it behind their first character, as stretches counted
    from there."""

    units: Units
    left: tuple[tuple[int, int], ...]


class Wanted(NamedTuple):
    """What a text asks for: the names in their order, the number at the street, and the house and the flat there,
    in the communes of ``units``."""

    units: Units
    names: tuple[Name, ...]
    number: int | None
    levels: tuple[str, ...]
    flat: str | None


class Understanding:
    """Understands texts of which many end alike. Not to be shared between threads.

    :param as_of: texts are read with the units of that day; without it those of all days compete.
    """

    def __init__(
        self, interpreter: Interpreter, asking: Asking, present: PresentCommunes, as_of: dt.date | None
    ) -> None:
        self._interpreter, self._asking, self._present, self._as_of = interpreter, asking, present, as_of
        self._endings: dict[tuple[str, bytes], Ending | None] = {}
        self._units: dict[object, Units] = {}
        self._names: dict[tuple[str | None, ...], tuple[Name, ...]] = {}

    def wanted(self, text: str) -> Wanted | None:
        """What ``text`` asks for; ``None`` where it is to be understood by itself."""
        if len(text) > LONGEST or not (is_ordinary(text) or self._is_plain(text)):
            return None
        marked = None if self._as_of else self._interpreter.ending(text, limit=SHOWN, open_limit=MOST)
        if marked is None:
            return self._by_itself(text)
        begin, mark = marked
        key = (text[begin:], mark)
        try:
            ending = self._endings[key]
        except KeyError:
            ending = self._kept(key, self._ending(text, begin))
        if ending is None:
            return None
        spans = [(0, begin), *[(begin + a, begin + b) for a, b in ending.left]]
        return self._of(ending.units, components_in(text, spans))

    def _is_plain(self, text: str) -> bool:
        """Whether a text, of which that is not told at a glance, can be read and has no code and no link in it."""
        try:
            return masked(text) == text and not codes_in(text, self._interpreter.gazetteer)
        except InvalidQuery:
            return False

    def _by_itself(self, text: str) -> Wanted | None:
        """The same without the compiled engine, or on a day."""
        ways = self._asking.of_readings(text, weighed(self._interpreter, text, as_of=self._as_of))
        if len(ways) != 1 or ways[0].anywhere:
            return None
        detail = ways[0].detail
        parts = {name: getattr(detail, name) for name in (*_NAMING, "house_number", "alley", "unit")}
        return self._of(self._units_of(ways[0]), parts)

    def _of(self, units: Units, parts: dict[str, Any]) -> Wanted:
        told = parts.get
        naming = (told("street"), told("hamlet"), told("building"), told("poi"), told("rest", ""))
        names = self._names.get(naming)
        if names is None:
            if len(self._names) >= MOST_REMEMBERED:
                self._names.clear()
            names = names_of(Detail(**dict(zip(_NAMING, naming, strict=True))))
            self._names[naming] = names
        house_number, alley = told("house_number"), told("alley", ())
        number = number_on_street(house_number, alley)
        if number is None and naming[0]:
            number = read_street(naming[0]).number
        return Wanted(units, names, number, levels_of(house_number, alley), told("unit"))

    def _kept(self, key: tuple[str, bytes], ending: Ending | None) -> Ending | None:
        if len(self._endings) >= MOST_REMEMBERED:
            self._endings.clear()
        self._endings[key] = ending
        return ending

    def _ending(self, text: str, begin: int) -> Ending | None:
        """How a text ends whose readings all leave the same of it, and take several units; what stands before them
        is then a detail for each."""
        readings = weighed(self._interpreter, text)
        left = {reading.rest for reading in readings}
        if len(left) != 1 or sum(match.span is not None for match in readings[0].matches) < _SEVERAL:
            return None
        (rest,) = left
        behind = rest[1:] if begin else rest
        if (begin and (not rest or rest[0] != (0, begin))) or any(a < begin for a, _ in behind):
            return None
        ways = self._asking.of_readings(text, readings)
        if len(ways) != 1 or ways[0].anywhere:
            return None
        return Ending(self._units_of(ways[0]), _counted_from(begin, text, behind))

    def _units_of(self, way: Asked) -> Units:
        key = (*way.communes.items(), None, *way.provinces.items())
        units = self._units.get(key)
        if units is None:
            if len(self._units) >= MOST_REMEMBERED:
                self._units.clear()
            units = Units(way.communes, way.provinces, Filings(self._present, way.communes))
            self._units[key] = units
        return units


_SEVERAL = 2
"""Units that a text names at the least: one alone may be the name of a street."""


def _counted_from(begin: int, text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple([(a - begin, b - begin) for a, b in spans if text[a:b].strip()])
