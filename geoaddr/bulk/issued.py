"""Columns of issued codes to columns of units and points, without an object for each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.arrivals import Outlines
from geoaddr.belonging import Belonging, belonging_on
from geoaddr.bulk.dated import DatedPlaces
from geoaddr.bulk.places import PlaceTable
from geoaddr.locating import Locator
from geoaddr.model import STATUSES, AddressRecord, Components, Point

PLAIN = tuple(STATUSES.index(status) for status in ("proposed", "verified", "live", "retired"))
"""The statuses of addresses that have a point, and no successors."""

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_MOST_REMEMBERED = 50_000


class IssuedCodes:
    """Answers about codes that the registry has, on one date.

    Records that were filed in one commune on one day, and whose points lie in the same rows of every layer, belong
    to the same units; these are worked out once. Threads may share it.
    """

    def __init__(self, locator: Locator, as_of: dt.date) -> None:
        self._locator, self._as_of = locator, as_of
        self._places = DatedPlaces(locator, as_of, PlaceTable(), 1.0)
        self._known: dict[tuple[int, str, int], Belonging] = {}

    def columns(self, found: Outlines) -> dict[str, Any]:
        """What a reading says of each record, as :data:`geoaddr.bulk.answer_columns.RESOLVE_COLUMNS` name it;
        ``ndas`` is not among them, and what is nothing for all of them neither."""
        belongings, of = self._belongings(found)
        units = [(each.province, each.commune) for each in belongings]
        texts = {
            "province_code": [province.code if province else None for province, _ in units],
            "province": [province.name if province else None for province, _ in units],
            "commune_code": [commune.code if commune else None for _, commune in units],
            "commune": [commune.name if commune else None for _, commune in units],
            "postcode": [each.postcode for each in belongings],
        }
        taken = {name: pa.array(values, pa.string()).take(pa.array(of)) for name, values in texts.items()}
        statuses = pa.array(STATUSES).take(pa.array(found.status))
        return taken | {
            "status": pa.repeat("ok", len(of)),
            "confidence": pa.repeat(1.0, len(of)),
            "system": pa.repeat("ndas", len(of)),
            "code_status": statuses,
            "lat": pa.array(found.lat),
            "lon": pa.array(found.lon),
        }

    def _belongings(self, found: Outlines) -> tuple[list[Belonging], NDArray[np.int64]]:
        """The units of groups of records, and the group of each."""
        communes = found.commune.dictionary.to_pylist()
        commune = np.asarray(found.commune.indices, dtype=np.int64)
        places = self._places.at(found.lat, found.lon).astype(np.int64)
        days, day = np.unique(found.issued_day, return_inverse=True)
        keys = (places * len(days) + day) * max(1, len(communes)) + commune
        _, first, of = np.unique(keys, return_index=True, return_inverse=True)
        groups = [
            self._belonging((int(places[row]), communes[commune[row]], int(found.issued_day[row])), found, row)
            for row in first.tolist()
        ]
        return groups, of

    def _belonging(self, key: tuple[int, str, int], found: Outlines, row: int) -> Belonging:
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            _, commune, day = key
            record = AddressRecord(
                ndas="",
                status="live",
                components=Components(),
                commune_code=commune,
                issued_on=dt.date.fromordinal(day + _DAY_ZERO),
                point=Point(lat=float(found.lat[row]), lon=float(found.lon[row])),
            )
            known = self._known[key] = belonging_on(self._locator, record, self._as_of)
        return known
