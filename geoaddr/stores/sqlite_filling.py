"""The first load of a registry file: one transaction, written once, with the indexes made at its end.

A write-ahead log would have every page written twice. A file that is only added to needs none: in the mode of the
rollback journal the pages that were there before, a few of an empty registry, go into the journal, and new ones
straight into the file. A process that is killed leaves a journal behind by which SQLite takes the file back, when
it is next opened, to what it was. For this nobody else may have the file open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from geoaddr.model import STATUSES, Event
from geoaddr.store import AREA_CAPACITY, Entry, Transaction, Writing
from geoaddr.stores.rows import iso, milliseconds, to_json
from geoaddr.stores.sqlite_arrivals import DETAILS, MANY, Said, tell
from geoaddr.stores.sqlite_connections import CACHE, use_wal
from geoaddr.stores.sqlite_writing import SQLiteTransaction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Arrivals
    from geoaddr.stores.sqlite_middles import Gathering

T = TypeVar("T")

_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM address) AND NOT EXISTS (SELECT 1 FROM event)"
_PUT_OFF = "SELECT type, name, sql FROM sqlite_master WHERE name IN (?, ?, ?, ?, ?)"
_LATER = ("address_by_cell", "address_by_street", "address_by_place", "address_by_shared", "event_is_told")
"""Indexes that are made of all rows at once, and the trigger that would tell of each event by itself."""

_BEGIN = """INSERT OR IGNORE INTO event (ndas, number, kind, at_ms, actor, reason, details)
    SELECT a.ndas, 1, ?, ?, ?, ?, j.value FROM address a CROSS JOIN json_each(?) j ON j.key = a.status
    ORDER BY a.ndas"""
_BEGIN_ALIKE = """INSERT OR IGNORE INTO event (ndas, number, kind, at_ms, actor, reason, details, told)
    SELECT ndas, 1, '', 0, '', '', '', CASE status {by_status} END FROM address ORDER BY ndas"""
_STATUSES = "SELECT DISTINCT status FROM address"
_TELL = "INSERT INTO feed (ndas, number) SELECT ndas, number FROM event ORDER BY ndas, number"
_STATUS = "SELECT status FROM address WHERE ndas = ?"

_LARGE_CACHE = "PRAGMA cache_size = -200000"
_SORTERS = "PRAGMA threads = 2"
_SORTED_AT_ONCE = "PRAGMA cache_size = -16000"
"""What an index is sorted of at once, the rest is merged: runs that stay near the processor are sorted sooner, and
by another thread while the next is read. One run of all would be neither."""


class FillingTransaction(SQLiteTransaction):
    """Begins the histories of what arrives when all is there, and works out its middles. Places of addresses that
    come one by one are left to be worked out when they are asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._said: Said | None = None
        self._arrived = 0
        self._areas: set[int] = set()
        self._gathering: Gathering | None = None
        self._others: set[int] = set()

    def taken(self, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Only areas that have come up are asked for."""
        import numpy as np

        found = np.zeros(len(codes), dtype=bool)
        areas = codes // AREA_CAPACITY
        known = np.isin(areas, np.fromiter(self._areas, dtype=np.int64, count=len(self._areas)))
        if known.any():
            found[known] = super().taken(codes[known])
        return found

    def insert(self, entries: Sequence[Entry]) -> None:
        super().insert(entries)
        self._areas.update(int(entry.record.ndas) // AREA_CAPACITY for entry in entries)
        self._others.update(place for entry in entries if (place := self._named(entry)[1]) is not None)

    def replace(self, entries: Sequence[Entry]) -> None:
        before = [self._names.of(int(entry.record.ndas))[1] for entry in entries]
        super().replace(entries)
        after = [self._named(entry)[1] for entry in entries]
        self._others.update(place for place in (*before, *after) if place is not None)

    def arrive(self, arrivals: Arrivals) -> None:
        super().arrive(arrivals)
        self._areas.update(set((arrivals.ndas // AREA_CAPACITY).tolist()))

    def _stand(self, arrivals: Arrivals, places: NDArray[np.int64]) -> None:
        from geoaddr.stores.sqlite_middles import Gathering

        if self._gathering is None:
            self._gathering = Gathering(self._connection)
        self._gathering.add(arrivals, places)

    def _begin_histories(self, arrivals: Arrivals) -> None:
        said = Said(arrivals.kind, milliseconds(arrivals.at), arrivals.actor, arrivals.reason)
        if self._said not in (None, said):
            super()._begin_histories(arrivals)
        self._said = self._said or said
        self._arrived += len(arrivals)

    def events(self, ndas: str) -> list[Event]:
        found = super().events(ndas)
        status = self._rows(_STATUS, (int(ndas),))
        if found or self._said is None or not status:
            return found
        kind, at_ms, actor, reason = self._said
        return [Event(ndas, 1, kind, iso(at_ms), actor, reason, {"to": STATUSES[status[0][0]]})]

    def settle(self) -> None:
        """Begin the histories that were put off, tell of all events, and write down the middles of places."""
        if self._said is not None and self._arrived < MANY:
            self._connection.execute(_BEGIN, (*self._said, to_json(DETAILS)))
        elif self._said is not None:
            statuses = [status for (status,) in self._rows(_STATUSES, ())]
            told = tell(self._connection, self._said, statuses)
            by_status = " ".join(f"WHEN {status} THEN {row}" for status, row in told.items())
            self._connection.execute(_BEGIN_ALIKE.format(by_status=by_status))
        self._connection.execute(_TELL)
        if self._gathering is not None:
            self._gathering.doubtful |= self._others
            self._gathering.keep(self._connection)


@contextmanager
def filled(connection: sqlite3.Connection) -> Iterator[Writing | None]:
    """Gives what an empty registry is filled with; nothing where it is not empty, or others have it open."""
    if not _is_empty(connection) or not _leave_wal(connection):
        yield None
        return
    try:
        for setting in ("PRAGMA foreign_keys = OFF", _LARGE_CACHE, _SORTERS):
            connection.execute(setting)
        connection.execute("BEGIN EXCLUSIVE")
        if _is_empty(connection):
            yield from _in_one(connection)
        else:  # somebody was faster
            connection.execute("ROLLBACK")
            yield None
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for setting in ("PRAGMA foreign_keys = ON", CACHE, "PRAGMA threads = 0"):
            connection.execute(setting)
        with suppress(sqlite3.OperationalError):  # others may have come; who writes next sees to it
            use_wal(connection, 0.0)


def _in_one(connection: sqlite3.Connection) -> Iterator[Writing]:
    put_off = connection.execute(_PUT_OFF, _LATER).fetchall()
    for kind, name, _ in put_off:
        connection.execute(f"DROP {kind} {name}")
    transaction = FillingTransaction(connection)

    def write(work: Callable[[Transaction], T], /) -> T:
        return work(transaction)

    yield write
    transaction.settle()
    connection.execute(_SORTED_AT_ONCE)
    for _, _, definition in put_off:
        connection.execute(definition)
    connection.execute("COMMIT")


def _is_empty(connection: sqlite3.Connection) -> bool:
    ((empty,),) = connection.execute(_EMPTY).fetchall()
    return bool(empty)


def _leave_wal(connection: sqlite3.Connection) -> bool:
    """Take the file for oneself; whether nobody else has it open."""
    ((waits_ms,),) = connection.execute("PRAGMA busy_timeout").fetchall()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        ((mode,),) = connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(waits_ms)}")
    return bool(mode == "delete")
