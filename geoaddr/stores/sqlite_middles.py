"""The middles of places, kept in the table ``middle``: the known address nearest to the middle of all that stand
in a hamlet or building, the radius about it that holds most of them, and how its name is written.

They are worked out of many rows (:mod:`geoaddr.finding.middles`), and asked for by everybody who writes no number.
A row is there only as long as it is what would be worked out now: who writes an address takes away the rows of the
names that it bears or bore (:mod:`geoaddr.stores.sqlite_names`). A place without a row is worked out; that is also
left to be done where how it is written depends on a sample of its addresses. Rows are made when a registry is
filled, and by the step that brings the table. The rule of middles or spellings may only change with a step that
empties it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.finding.labels import SAMPLE, spelling, spellings
from geoaddr.finding.middle_columns import Groups, middles
from geoaddr.finding.middles import CODES
from geoaddr.finding.points import middle
from geoaddr.model import STATUSES
from geoaddr.store import ENDS, Filed, House
from geoaddr.stored import NAMES
from geoaddr.stores.rows import components_of
from geoaddr.stores.sqlite_rows import SHARED_PARTS

if TYPE_CHECKING:
    from geoaddr.arrivals import Arrivals

Rows = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
"""Gives all rows of one statement."""

_LYING = np.dtype([("place", "i8"), ("code", "i8"), ("lat", "f8"), ("lon", "f8")])
_STANDING = np.array([status not in ENDS for status in STATUSES])
_OWN_NAMES = [name for name in NAMES if name not in SHARED_PARTS]

TOGETHER = 1_048_576
"""Addresses that are held in memory at once, of 32 bytes each; more where a place has more."""

_READ = 65_536
"""Addresses that are read at once."""

_ALL = """SELECT place, ndas, lat, lon FROM address INDEXED BY address_by_place
    WHERE place IS NOT NULL AND status < 3 ORDER BY place"""
_DOUBTFUL = """SELECT DISTINCT place FROM address WHERE place IS NOT NULL AND status < 3
    AND (shared IS NULL OR NOT json_valid(components) OR instr(components, '"poi":'))"""
_PARTS = """SELECT s.id, s.name, x.parts FROM shared x CROSS JOIN street s ON s.id = x.place
    WHERE x.place BETWEEN ? AND ?"""
_KEEP = "INSERT INTO middle (place, lat, lon, uncertainty_m, written) VALUES (?, ?, ?, ?, ?)"
_KEPT = """SELECT m.place, s.name, s.commune, s.division, m.lat, m.lon, m.uncertainty_m, m.written
    FROM middle m LEFT JOIN street s ON s.id = m.place ORDER BY m.place"""
_HOUSES = """SELECT ndas, number, lat, lon FROM address INDEXED BY address_by_place
    WHERE place = ? AND status < 3 ORDER BY ndas"""
_STATED = """SELECT a.components, (SELECT parts FROM shared WHERE id = a.shared) FROM address a
    WHERE a.ndas = ?"""


class Gathering:
    """The addresses that a registry is filled with, by the rows of their places: in a file without a name, since
    those of a nation take half a gigabyte. ``doubtful``: places that others than shared parts may spell."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        ((_, _, path),) = connection.execute("PRAGMA database_list").fetchall()
        self._file = TemporaryFile(dir=Path(path).parent)  # noqa: SIM115 - as long as the transaction
        self._most = 0
        self.doubtful: set[int] = set()

    def add(self, arrivals: Arrivals, places: NDArray[np.int64]) -> None:
        """Remember new records with the rows of their places, 0 for none."""
        chosen = np.flatnonzero((places > 0) & _STANDING[arrivals.status])
        rows = np.empty(len(chosen), _LYING)
        rows["place"], rows["code"] = places[chosen], arrivals.ndas[chosen]
        rows["lat"], rows["lon"] = arrivals.lat[chosen], arrivals.lon[chosen]
        rows.tofile(self._file)
        self._most = max(self._most, int(places.max(initial=0)))
        for name in _OWN_NAMES:
            if name in arrivals.parts:
                stated = arrivals.parts[name].is_valid().to_numpy(zero_copy_only=False)
                self.doubtful.update(places[stated].tolist())

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write down the middles of the places."""
        self._file.flush()
        count = self._file.seek(0, 2) // _LYING.itemsize
        if not count:
            return
        rows = np.memmap(self._file, _LYING, "r", shape=(count,))
        of = np.array(rows["place"], dtype=np.int32)
        ends = np.cumsum(np.bincount(of, minlength=self._most + 1))
        first = 0
        while first <= self._most:
            before = ends[first - 1] if first else 0
            last = max(first, int(np.searchsorted(ends, before + TOGETHER, side="right")) - 1)
            self._keep(connection, rows[np.flatnonzero((of >= first) & (of <= last))])
            first = last + 1

    def _keep(self, connection: sqlite3.Connection, rows: NDArray[Any]) -> None:
        keep(connection, rows, self.doubtful)


def keep_all(connection: sqlite3.Connection) -> None:
    """Write down the middles of all places of a registry that has none."""
    doubtful = {place for (place,) in connection.execute(_DOUBTFUL)}
    left = np.empty(0, _LYING)
    cursor = connection.execute(_ALL)
    while read := cursor.fetchmany(_READ):
        rows = np.concatenate([left, np.fromiter(read, _LYING, len(read))])
        whole = int(np.searchsorted(rows["place"], rows["place"][-1]))
        keep(connection, rows[:whole], doubtful)
        left = rows[whole:]
    keep(connection, left, doubtful)


def keep(connection: sqlite3.Connection, rows: NDArray[Any], doubtful: Collection[int]) -> None:
    """Write down the middles of places, of which ``rows`` are all addresses."""
    if not len(rows):
        return
    rows = rows[np.argsort(rows["place"] * CODES + rows["code"])]
    groups = Groups.of_sorted(np.ascontiguousarray(rows["place"]))
    places = rows["place"][groups.begins].tolist()
    lat, lon = np.ascontiguousarray(rows["lat"]), np.ascontiguousarray(rows["lon"])
    written = dict(_written(connection, places[0], places[-1]))
    found = zip(places, *middles(lat, lon, groups), strict=True)
    kept = ((*each, written[each[0]]) for each in found if each[0] in written and each[0] not in doubtful)
    connection.executemany(_KEEP, kept)


def _written(connection: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, str]]:
    """How places are written whose addresses that share parts all write them alike."""
    told: dict[tuple[int, str], set[str]] = {}
    for place, key, parts in connection.execute(_PARTS, (first, last)):
        told.setdefault((place, key), set()).update(spellings("place", key, components_of(parts)))
    for (place, _), writings in told.items():
        if len(writings) == 1:
            yield place, writings.pop()


def untrue(rows: Rows) -> Iterator[int]:
    """The places whose row in the table is not what would be worked out now."""
    for place, key, commune, division, *kept in rows(_KEPT, ()):
        if key is None or kept != _worked_out(rows, place, key, Filed(commune, division)):
            yield place


def _worked_out(rows: Rows, place: int, key: str, filed: Filed) -> list[object]:
    standing = rows(_HOUSES, (place,))
    if not standing:
        return []
    point, uncertainty_m = middle([House(f"{code:010}", filed, *house) for code, *house in standing])
    stated = [components_of(*row) for code, *_ in standing[:SAMPLE] for row in rows(_STATED, (code,))]
    return [point.lat, point.lon, uncertainty_m, spelling("place", key, stated)]
