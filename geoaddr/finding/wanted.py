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
from typing import Any, NamedTuple, TypeVar

from geoaddr.errors import InvalidQuery
from geoaddr.finding.asking import Asking, Name, names_of
from geoaddr.finding.elsewhere import Elsewhere
from geoaddr.finding.filings import Filings
from geoaddr.finding.houses import levels_of
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.interpretation.detail import briefs_of
from geoaddr.interpretation.detail_gathered import Brief, Door, Naming
from geoaddr.interpretation.ordinary import is_ordinary
from geoaddr.interpretation.weighing import MOST, SHOWN, weighed
from geoaddr.known import number_on_street, read_street
from geoaddr.registry.present import PresentCommunes
from geoaddr.text.masking import masked

LONGEST = 512
"""Longer texts are understood one by one; they would fill what is remembered of texts."""

TOGETHER = 1_024
"""Texts that are read at once: others that read texts wait so long."""

MOST_REMEMBERED = 65_536
"""Endings of texts, and what details name."""

MOST_DOORS = 32_768
"""House numbers, with their alleys."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What the units of some texts come to: communes and provinces of today with the probability of each, and the
    codes that the addresses of these communes were filed under. ``told``: room for what is known. ``only``:
    the commune, where it is one. ``elsewhere``: what the texts name besides."""

    communes: dict[str, float]
    provinces: dict[str, float]
    filings: Filings
    elsewhere: tuple[Elsewhere, ...] = ()
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
        self._named: dict[Naming, _Named] = {}
        self._doors: dict[Door, _Door] = {}

    def wanted_of(self, texts: Sequence[str | None]) -> list[Wanted | None]:
        """What each of some texts asks for; ``None`` where one is to be understood by itself, or there is none."""
        found: list[Wanted | None] = []
        for at in range(0, len(texts), TOGETHER):
            part = texts[at : at + TOGETHER]
            some = [
                text if text is not None and len(text) <= LONGEST and is_ordinary(text) else self._plain(text)
                for text in part
            ]
            if self._as_of:
                found += [None if text is None else self._by_itself(text) for text in some]
            else:
                found += self._together(some)
        return found

    def _plain(self, text: str | None) -> str | None:
        """The same text, of which that is not told at a glance, if it can be read and has no code and no link in
        it."""
        if text is None or len(text) > LONGEST:
            return None
        try:
            plain = masked(text) == text and not codes_in(text, self._interpreter.gazetteer)
        except InvalidQuery:
            return None
        return text if plain else None

    def _together(self, texts: list[str | None]) -> list[Wanted | None]:
        """The same by how the texts end."""
        begins, keys = self._interpreter.endings(texts, limit=SHOWN, open_limit=MOST)
        endings: list[Ending | None] = []
        known = self._endings
        for text, begin, key in zip(texts, begins, keys, strict=True):
            if text is None or key is None:
                endings.append(None)
                continue
            ending = known.get(key, _NEW)
            endings.append(_kept(known, key, self._ending(text, begin)) if ending is _NEW else ending)
        lefts = [None if ending is None else ending.left for ending in endings]
        found: list[Wanted | None] = [
            None if ending is None or brief is None else self._of(ending.units, brief)
            for ending, brief in zip(endings, briefs_of(texts, begins, lefts), strict=True)
        ]
        for at in [at for at, key in enumerate(keys) if key is None]:
            text = texts[at]
            found[at] = None if text is None else self._by_itself(text)
        return found

    def _by_itself(self, text: str) -> Wanted | None:
        """The same without the compiled engine, or on a day."""
        ways = self._asking.of_readings(
            text, weighed(self._interpreter, text, as_of=self._as_of), as_of=self._as_of
        )
        if len(ways) != 1 or ways[0].anywhere:
            return None
        (way,) = ways
        return self._of(self._units_of(way.communes, way.provinces, way.elsewhere), way.detail.brief)

    def _of(self, units: Units, brief: Brief) -> Wanted:
        naming, door, flat = brief
        names, mouth = self._named.get(naming) or _kept(self._named, naming, _named(naming))
        number, levels = self._doors.get(door) or _kept(self._doors, door, _door(door), MOST_DOORS)
        made: Wanted = _MADE(Wanted, (units, names, mouth if number is None else number, levels, flat))
        return made

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
        besides = self._asking.elsewhere(text, readings, None)
        units = self._units_of(*self._asking.units_of(readings), besides)
        return Ending(units, _counted_from(begin, text, behind))

    def _units_of(
        self, communes: dict[str, float], provinces: dict[str, float], besides: tuple[Elsewhere, ...]
    ) -> Units:
        key = (*communes.items(), None, *provinces.items(), None, *besides)
        units = self._units.get(key)
        if units is None:
            units = _kept(self._units, key, Units(communes, provinces, Filings(self._present, communes), besides))
        return units


Key = TypeVar("Key")
Value = TypeVar("Value")


def _kept(known: dict[Key, Value], key: Key, value: Value, most: int = MOST_REMEMBERED) -> Value:
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value


class _Named(NamedTuple):
    """What details name: the names in their order, and the number of an alley that stands before a street."""

    names: tuple[Name, ...]
    mouth: int | None


class _Door(NamedTuple):
    """The number at the street, and the house there."""

    number: int | None
    levels: tuple[str, ...]


def _named(naming: Naming) -> _Named:
    street = naming[0]
    return _Named(names_of(naming), read_street(street).number if street else None)


def _door(door: Door) -> _Door:
    return _Door(number_on_street(*door), levels_of(*door))


_NEW: Any = object()
"""Of a text whose ending was not met before."""

_MADE = tuple.__new__
"""Makes named tuples at the cost of plain ones."""

_SEVERAL = 2
"""Units that a text names at the least: one alone may be the name of a street."""


def _counted_from(begin: int, text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple([(a - begin, b - begin) for a, b in spans if text[a:b].strip()])
