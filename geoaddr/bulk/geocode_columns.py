"""``geocode`` for columns: texts are understood by their parts, all houses of a piece are looked up together, and
a street or place without a number once. What cannot be answered so is asked one by one, as the scalar verb
answers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.answer_columns import GEOCODE_COLUMNS
from geoaddr.bulk.collecting import collector_put_off
from geoaddr.bulk.distinct import Answers
from geoaddr.bulk.endings import by_ending
from geoaddr.bulk.geocoding import row_of
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.remembered import Remembered
from geoaddr.finding.doorways import At, bearers, doors_of
from geoaddr.finding.followed import matches_of
from geoaddr.finding.labels import components_stated, full_names, label, label_stated
from geoaddr.finding.middles import Middle, Named, middles_of
from geoaddr.finding.records import Match
from geoaddr.finding.wanted import Understanding, Units, Wanted
from geoaddr.lines import Lines
from geoaddr.model import Unit
from geoaddr.store import Reads

MOST_MIDDLES = 131_072
"""Streets and places without a number that are kept for later pieces: some tens of megabytes."""

MOST_CHARACTERS = 16_777_216

TOGETHER = 8_192
"""Texts that are understood and looked up together: the more, the more rows a statement asks for; the fewer, the
more of what they need stays in the processor's cache."""

_FLOATS = frozenset({"confidence", "lat", "lon", "uncertainty_m", "score"})
_OWN = ("lat", "lon", "ndas", "match_level", "coordinate_level", "uncertainty_m", "label")
"""What each has for itself of all that is found in one commune."""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What answers have in common that are found in one commune, and its units with their names."""

    values: tuple[Any, ...]
    units: tuple[Unit | None, ...]
    names: str

    @property
    def commune(self) -> str | None:
        """Its code."""
        return self.units[0].code if self.units[0] is not None else None


Own = tuple[Any, ...]
Found = dict[int, tuple[Shared, Own]]
"""Answers by the position of their texts: what they share, and the values of ``_OWN``."""


class GeocodeColumns:
    """Answers columns of distinct texts.

    :param rows: answers texts one by one.
    """

    def __init__(self, ga: Platform, rows: Answers, as_of: dt.date | None) -> None:
        self._ga, self._rows = ga, rows
        self._understanding = Understanding(ga.interpreter, ga.geocoder.asking, ga.homes.present, as_of)
        self._middles: Remembered[tuple[Middle | None]] = Remembered(MOST_MIDDLES, MOST_CHARACTERS)

    def columns(
        self, texts: Sequence[str | None], keys: Sequence[Hashable], given: Sequence[Any]
    ) -> dict[str, Any]:
        """The columns of answers to distinct texts: see :meth:`geoaddr.bulk.distinct.Answers.columns`. They are
        answered by how they end, so that neighbours are, whose units, streets and rows of a registry are then at
        hand."""
        with collector_put_off():
            return self._in_order(texts) if len(texts) > TOGETHER else self._together(texts)

    def _in_order(self, texts: Sequence[str | None]) -> dict[str, Any]:
        order = by_ending(pa.array(texts, pa.string()))
        ordered = [texts[at] for at in order.tolist()]
        told = [self._together(ordered[at : at + TOGETHER]) for at in range(0, len(ordered), TOGETHER)]
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        indices = pa.array(back)
        return {
            name: pc.take(pa.concat_arrays([some[name] for some in told]), indices) for name in GEOCODE_COLUMNS
        }

    def _together(self, texts: Sequence[str | None]) -> dict[str, Any]:
        """The same of so many that all can be in memory."""
        reads = self._ga.geocoder.reads()
        found: Found = {} if reads is None else self._found(reads, texts)
        rest = [at for at in range(len(texts)) if at not in found]
        alone = [None] * len(rest)
        asked = self._rows.columns([texts[at] for at in rest], alone, alone)
        together = _columns(found)
        back = np.empty(len(texts), dtype=np.int64)
        back[[*found, *rest]] = np.arange(len(texts))
        indices = pa.array(back)
        return {
            name: pc.take(pa.concat_arrays([together[name], _whole(asked[name])]), indices)
            for name in GEOCODE_COLUMNS
        }

    def _found(self, reads: Reads, texts: Sequence[str | None]) -> Found:
        numbered: dict[int, Wanted] = {}
        named: dict[int, Wanted] = {}
        for at, wanted in enumerate(self._understanding.wanted_of(texts)):
            if wanted is not None and wanted.names:
                (named if wanted.number is None else numbered)[at] = wanted
        found = self._houses(reads, numbered)
        found.update(self._streets(reads, named))
        return found

    def _houses(self, reads: Reads, asked: Mapping[int, Wanted]) -> Found:
        """The texts that ask for a household that is known."""
        found: Found = {}
        doors = doors_of(reads, self._ga.homes, list(asked.values()))
        for (position, wanted), at in zip(asked.items(), doors, strict=True):
            shared = None if at is None else self._shared(wanted.units, (at.commune,), house=True)
            if at is not None and shared is not None:
                found[position] = shared, _of_house(at, shared, self._ga.homes.lines)
        return found

    def _streets(self, reads: Reads, asked: Mapping[int, Wanted]) -> Found:
        """The texts that ask for a street or place as such, by the likeliest commune that has it."""
        borne = bearers(reads, list(asked.values()))
        named: dict[int, tuple[Shared, Named]] = {}
        for at, wanted in asked.items():
            shared = self._shared(wanted.units, borne(wanted), house=False)
            if shared is not None and shared.commune is not None:
                named[at] = shared, Named(wanted.names[0], shared.commune)
        kept = {each: self._middles.get(each) for each in dict.fromkeys(each for _, each in named.values())}
        new = [each for each, known in kept.items() if known is None]
        middles = middles_of(reads, self._ga.homes, new)
        for each in new:
            kept[each] = (middles.get(each),)
            self._middles.put(each, (middles.get(each),), len(each.name.written))
        found: Found = {}
        for at, (shared, each) in named.items():
            known = kept[each]
            if known is not None and known[0] is not None:
                found[at] = shared, _of_street(each, known[0])
        return found

    def _shared(self, units: Units, communes: tuple[str, ...], *, house: bool) -> Shared | None:
        """What all have in common that is found by some units in some of their communes; ``None`` where something
        else is likelier."""
        key = (communes, house)
        if key not in units.told:
            matches = matches_of(self._ga.geocoder, units, communes, house=house)
            units.told[key] = _shared(matches) if matches else None
        shared: Shared | None = units.told[key]
        return shared


def _shared(matches: Sequence[Match]) -> Shared:
    above = matches[0].commune, matches[0].province
    return Shared(row_of(matches), above, full_names(above))


def _of_house(at: At, shared: Shared, lines: Lines) -> Own:
    stated = {**at.own, **at.shared} if at.shared else at.own
    told = (
        label(lines.shown(components_stated(stated)), shared.units)
        if "text" in stated
        else label_stated(stated, shared.units, shared.names)
    )
    return at.lat, at.lon, f"{at.code:010}", "house", "house", at.uncertainty_m, told


def _of_street(named: Named, middle: Middle) -> Own:
    level = "street" if named.name.kind == "street" else "place"
    return middle.lat, middle.lon, None, named.name.level, level, middle.uncertainty_m, middle.label


def _columns(found: Found) -> dict[str, Any]:
    """Columns of answers: what they share is made once for all that share it."""
    kinds = {id(shared): shared for shared, _ in found.values()}
    slots = {key: slot for slot, key in enumerate(kinds)}
    rows = [shared.values for shared in kinds.values()]
    taken = pa.array([slots[id(shared)] for shared, _ in found.values()], pa.int64())
    columns: dict[str, Any] = {}
    for at, name in enumerate(GEOCODE_COLUMNS):
        if name not in _OWN:
            columns[name] = pc.take(pa.array([row[at] for row in rows], _type(name)), taken)
    own = [values for _, values in found.values()]
    for name, values in zip(_OWN, zip(*own, strict=True) if own else [()] * len(_OWN), strict=True):
        columns[name] = pa.array(values, _type(name))
    return columns


def _type(name: str) -> Any:
    return pa.float64() if name in _FLOATS else pa.string()


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
