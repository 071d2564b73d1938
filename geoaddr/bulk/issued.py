"""Columns of issued codes to columns of units and points, without an object for each."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoaddr.arrivals import Outlines
from geoaddr.belonging import Belonging, as_filed, by_units
from geoaddr.bulk.dated import DatedPlaces
from geoaddr.bulk.places import TEXT_NAMES, PlaceAnswer, PlaceTable
from geoaddr.locating import Locator, UnitView
from geoaddr.model import STATUSES, AddressRecord, Components, Point

PLAIN = tuple(STATUSES.index(status) for status in ("proposed", "verified", "live", "retired"))
"""The statuses of addresses that have a point, and no successors."""

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_MOST_REMEMBERED = 50_000
_NOWHERE, _NONE = Point(lat=0.0, lon=0.0), np.array([], dtype=np.int32)
_UNIT_NAMES = ("province_code", "province", "commune_code", "commune", "postcode")


class _Home(NamedTuple):
    """What is known of records that lie in the commune that they were filed in: the ``codes`` of communes, and of
    each place the ``commune`` among them and the ``number`` of its units, -1 where it is not known."""

    codes: Any
    commune: NDArray[np.int32]
    number: NDArray[np.int32]

    def numbers(self, places: NDArray[np.int32], filed: Any) -> NDArray[np.int32]:
        """The numbers of the units of records in places, ``filed`` in communes (a dictionary array); -1 for those
        that do not lie there."""
        numbers = np.full(len(places), -1, dtype=np.int32)
        if len(self.codes):
            among = pc.fill_null(pc.index_in(filed.dictionary, value_set=self.codes), -2)
            known = np.flatnonzero(places < len(self.commune))
            at = places[known]
            here = self.commune[at] == np.asarray(among)[np.asarray(filed.indices)[known]]
            numbers[known[here]] = self.number[at[here]]
        return numbers


class IssuedCodes:
    """Answers about codes that the registry has, on one date.

    Records whose points lie in the same rows of every layer, and that were filed in one commune, belong to the
    same units, unless what they were filed under counts: then those do that were filed in it on one day. These are
    worked out once, and taken from columns: to touch a text for each record would cost more, and in a process that
    shares its memory a copy of the text's page. Threads may share this.
    """

    def __init__(self, locator: Locator, as_of: dt.date) -> None:
        self._locator, self._as_of = locator, as_of
        self._places = DatedPlaces(locator, as_of, PlaceTable(), 1.0)
        self._units = PlaceTable()
        self._number_of: dict[Belonging, int] = {}
        self._by_place: dict[tuple[int, str], int] = {}
        self._as_filed: dict[tuple[int, str], int] = {}
        self._home = _Home(pa.array([], pa.string()), _NONE, _NONE)

    def know_communes(self) -> None:
        """Work out the answers about all records that lie where they were filed, before they are asked for."""
        known: dict[int, tuple[str, int]] = {}
        for row, place in self._places.of_each_row():
            units = self._locator.view(row, self._as_of)
            if units.commune is not None:
                number = self._at_place(place, units.commune.code, units, _record(units.commune.code, self._as_of))
                if number >= 0:
                    known[place] = units.commune.code, number
        codes = [*dict.fromkeys(code for code, _ in known.values())]
        position = {code: at for at, code in enumerate(codes)}
        commune, number_of = (np.full(max(known, default=-1) + 1, -1, dtype=np.int32) for _ in range(2))
        for place, (code, number) in known.items():
            commune[place], number_of[place] = position[code], number
        self._home = _Home(pa.array(codes, pa.string()), commune, number_of)
        for table in (self._units, self._places.table):
            table.take(_NONE)

    def columns(self, found: Outlines) -> dict[str, Any]:
        """What a reading says of each record, as :data:`geoaddr.bulk.answer_columns.RESOLVE_COLUMNS` name it;
        ``ndas`` is not among them, and what is nothing for all of them neither."""
        count = len(found.lat)
        taken = self._units.take(self._numbers(found)).texts
        return {name: taken[name] for name in _UNIT_NAMES} | {
            "status": pa.repeat("ok", count),
            "confidence": pa.repeat(1.0, count),
            "system": pa.repeat("ndas", count),
            "code_status": pa.array(STATUSES).take(pa.array(found.status)),
            "lat": pa.array(found.lat),
            "lon": pa.array(found.lon),
        }

    def _numbers(self, found: Outlines) -> NDArray[np.int32]:
        """The number of each record's units."""
        places = self._places.at(found.lat, found.lon)
        numbers = self._home.numbers(places, found.commune)
        if (others := np.flatnonzero(numbers < 0)).size:
            numbers[others] = self._elsewhere(places[others], found, others)
        return numbers

    def _elsewhere(self, places: NDArray[np.int32], found: Outlines, rows: NDArray[np.int64]) -> NDArray[np.int32]:
        """The numbers of units of records that are not known to lie where they were filed; ``rows`` of those
        found."""
        communes = found.commune.dictionary.to_pylist()
        kinds, commune = max(1, len(communes)), np.asarray(found.commune.indices, dtype=np.int64)[rows]
        _, first, of = np.unique(places * np.int64(kinds) + commune, return_index=True, return_inverse=True)
        groups = [
            self._lying(int(places[at]), communes[commune[at]], found.lat[rows[at]], found.lon[rows[at]])
            for at in first.tolist()
        ]
        numbers: NDArray[np.int32] = np.array(groups, dtype=np.int32)[of]
        if (filed := np.flatnonzero(numbers < 0)).size:
            day = found.issued_day[rows[filed]].astype(np.int64)
            keys, where = np.unique(day * kinds + commune[filed], return_inverse=True)
            pairs = (divmod(key, kinds) for key in keys.tolist())
            numbers[filed] = np.array([self._filed(on, communes[at]) for on, at in pairs], dtype=np.int32)[where]
        return numbers

    def _lying(self, place: int, commune: str, lat: float, lon: float) -> int:
        """The number of the units of records that lie in a place; -1 where it is what they were filed under that
        counts."""
        known = self._by_place.get((place, commune))
        if known is None:
            record = _record(commune, self._as_of, Point(lat=float(lat), lon=float(lon)))
            known = self._at_place(place, commune, self._locator.units_at(record.point, self._as_of), record)
        return known

    def _at_place(self, place: int, commune: str, units: UnitView, record: AddressRecord) -> int:
        found = by_units(self._locator, record, units, self._as_of)
        return _kept(self._by_place, (place, commune), -1 if found is None else self._number(found))

    def _filed(self, day: int, commune: str) -> int:
        """The number of the units of records by what they were filed under."""
        known = self._as_filed.get((day, commune))
        if known is None:
            record = _record(commune, dt.date.fromordinal(day + _DAY_ZERO))
            units = as_filed(self._locator, record, self._as_of)
            known = _kept(self._as_filed, (day, commune), self._number(units))
        return known

    def _number(self, units: Belonging) -> int:
        known = self._number_of.get(units)
        if known is None:
            province, commune, postcode = units
            texts = dict.fromkeys(TEXT_NAMES) | {
                "province_code": province.code if province else None,
                "province": province.name if province else None,
                "commune_code": commune.code if commune else None,
                "commune": commune.name if commune else None,
                "postcode": postcode,
            }
            known = self._number_of[units] = self._units.add(PlaceAnswer(tuple(texts.values()), np.nan))
        return known


def _kept(known: dict[tuple[int, str], int], key: tuple[int, str], number: int) -> int:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    known[key] = number
    return number


def _record(commune: str, issued_on: dt.date, point: Point = _NOWHERE) -> AddressRecord:
    return AddressRecord(
        ndas="", status="live", components=Components(), commune_code=commune, issued_on=issued_on, point=point
    )
