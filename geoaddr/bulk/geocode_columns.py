"""``geocode`` for columns: texts that ask for houses of one street are understood once, and all houses of a piece
are looked up together. What cannot be answered so is asked one by one, as the scalar verb answers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geoaddr.bulk.answer_columns import GEOCODE_COLUMNS
from geoaddr.bulk.distinct import Answers
from geoaddr.bulk.geocoding import row_of
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.remembered import Remembered
from geoaddr.finding.alike import Alike, Street, Text
from geoaddr.finding.homes import uncertainty_of
from geoaddr.finding.labels import label
from geoaddr.model import Unit
from geoaddr.store import Door, Kind, Numbered, Reads

MOST_KINDS = 131_072
"""Kinds of texts kept for later pieces: a hundred megabytes or two."""

MOST_CHARACTERS = 16_777_216

_FLOATS = frozenset({"confidence", "lat", "lon", "uncertainty_m", "score"})
_OWN = ("lat", "lon", "ndas", "uncertainty_m", "label")
"""What houses of one street have each for itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A kind of texts: the street, its commune and province, and what their answers have in common."""

    kind: Kind
    street: Street
    units: tuple[Unit | None, ...]
    values: tuple[Any, ...]


class House(NamedTuple):
    """A text of a known kind: its position, the kind, and its house number as it is compared."""

    at: int
    known: Known
    levels: tuple[str, ...]


class Place(NamedTuple):
    """A number of a street or in a place of one commune."""

    kind: Kind
    key: str
    commune: str
    number: int


FEW = 2
"""Up to so many houses at one number of a street are looked for each by itself, more of them all at once."""

_OTHER = None
"""Instead of a known kind: its texts are asked one by one."""


class GeocodeColumns:
    """Answers columns of distinct texts.

    :param rows: answers texts one by one.
    """

    def __init__(self, ga: Platform, rows: Answers, as_of: dt.date | None) -> None:
        self._ga, self._rows = ga, rows
        self._alike = Alike(ga.geocoder, ga.interpreter, as_of)
        self._kinds: Remembered[tuple[Known | None]] = Remembered(MOST_KINDS, MOST_CHARACTERS)

    def columns(
        self, texts: Sequence[str | None], keys: Sequence[Hashable], given: Sequence[Any]
    ) -> dict[str, Any]:
        """The columns of answers to distinct texts: see :meth:`geoaddr.bulk.distinct.Answers.columns`."""
        found = self._doors(self._places(texts))
        rest = [at for at in range(len(texts)) if at not in found]
        alone = [None] * len(rest)
        asked = self._rows.columns([texts[at] for at in rest], alone, alone)
        together = _of_houses(found)
        back = np.empty(len(texts), dtype=np.int64)
        back[[*found, *rest]] = np.arange(len(texts))
        indices = pa.array(back)
        return {
            name: pc.take(pa.concat_arrays([together[name], _whole(asked[name])]), indices)
            for name in GEOCODE_COLUMNS
        }

    def _places(self, texts: Sequence[str | None]) -> dict[Place, list[House]]:
        """The texts whose kind is known, by where their houses are."""
        found: dict[Place, list[House]] = {}
        part, kinds = self._alike.text, self._kinds
        for at, text in enumerate(texts):
            parted = None if text is None else part(text)
            if text is None or parted is None:
                continue
            kept = kinds.get(parted.kind)
            if kept is None:
                kept = (self._kind(text, parted),)
                kinds.put(parted.kind, kept, len(text))
            if (known := kept[0]) is not _OTHER:
                street = known.street
                place = Place(known.kind, street.found.key, street.found.commune, street.at(parted.number))
                found.setdefault(place, []).append(House(at, known, street.levels(parted.number)))
        return found

    def _kind(self, text: str, parted: Text) -> Known | None:
        street = self._alike.street(text, parted)
        if street is None:
            return _OTHER
        at, matches = street
        return Known(at.found.name.kind, at, (matches[0].commune, matches[0].province), row_of(matches))

    def _doors(self, places: dict[Place, list[House]]) -> dict[int, tuple[Known, Door]]:
        """The doors that are the one at their numbers, in the commune that was meant, by position."""
        reads, homes = self._ga.geocoder.reads(), self._ga.homes
        if not places or reads is None:
            return {}
        found: list[tuple[House, Door]] = []
        for houses, doors in _looked_up(reads, places):
            by_levels = houses[0].known.street.doors_by_levels(doors, homes)
            for house in houses:
                same = by_levels.get(house.levels, ())
                if len(same) == 1:
                    found.append((house, same[0]))
        communes = homes.communes_of(reads, [door for _, door in found])
        return {
            house.at: (house.known, door)
            for (house, door), commune in zip(found, communes, strict=True)
            if commune == house.known.street.found.commune
        }


def _looked_up(reads: Reads, places: dict[Place, list[House]]) -> Iterator[tuple[list[House], list[Door]]]:
    """Houses with the doors among which they are, all looked up together."""
    asked: dict[Kind, list[tuple[Numbered, list[House]]]] = {"street": [], "place": []}
    for place, houses in places.items():
        codes = tuple(houses[0].known.street.found.filings.codes)
        if len(houses) > FEW:
            asked[place.kind].append((Numbered(place.key, codes, place.number), houses))
            continue
        for house in houses:
            wanted = Numbered(place.key, codes, place.number, house.known.street.holding(house.levels))
            asked[place.kind].append((wanted, [house]))
    for kind, pairs in asked.items():
        found = reads.doors(kind, [wanted for wanted, _ in pairs]) if pairs else []
        yield from zip((houses for _, houses in pairs), found, strict=True)


def _of_houses(found: dict[int, tuple[Known, Door]]) -> dict[str, Any]:
    """Columns for households: what their kinds share is made once for each kind."""
    kinds = {id(known): known for known, _ in found.values()}
    slots = {key: slot for slot, key in enumerate(kinds)}
    shared = _columns([known.values for known in kinds.values()])
    taken = pa.array([slots[id(known)] for known, _ in found.values()], pa.int64())
    columns = {name: pc.take(shared[name], taken) for name in GEOCODE_COLUMNS if name not in _OWN}
    own = [
        (
            door.house.lat,
            door.house.lon,
            door.house.ndas,
            uncertainty_of(door),
            label(door.components, known.units),
        )
        for known, door in found.values()
    ]
    for name, values in zip(_OWN, zip(*own, strict=True) if own else [()] * len(_OWN), strict=True):
        columns[name] = pa.array(values, _type(name))
    return columns


def _columns(rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return {
        name: pa.array([row[column] for row in rows], _type(name)) for column, name in enumerate(GEOCODE_COLUMNS)
    }


def _type(name: str) -> Any:
    return pa.float64() if name in _FLOATS else pa.string()


def _whole(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
