"""Transactions in a registry file: one after another, under its write lock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from geoaddr.errors import AlreadyIssued, Said, StaleVersion
from geoaddr.model import Event
from geoaddr.store import Entry, Receipt, Transaction
from geoaddr.stores import sqlite_rows as rows
from geoaddr.stores.rows import alias_rows, event_row, stated, to_json
from geoaddr.stores.sqlite_names import Named, Names
from geoaddr.stores.sqlite_names import Row as NameRow
from geoaddr.stores.sqlite_reads import TAKEN, Row, SQLiteReads, fetched

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Arrivals

T = TypeVar("T")

_FORGET_NAMES = """DELETE FROM street WHERE commune = (SELECT commune FROM address WHERE ndas = ?)
    AND NOT EXISTS (SELECT 1 FROM address a WHERE a.street = street.id)
    AND NOT EXISTS (SELECT 1 FROM address a WHERE a.place = street.id)"""
"""What no address of the commune is called by any more: an erased one may have been the only one."""


class SQLiteTransaction(SQLiteReads, Transaction):
    """Writes over a connection that holds the file's write lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names = Names(connection)
        self.wiped = False
        """Whether something was removed that must not be found in the file again."""

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return fetched(self._connection, sql, values)

    def _many(self, sql: str, values: Sequence[Row]) -> None:
        if values:
            self._connection.executemany(sql, values)

    def lock_areas(self, areas: Iterable[str]) -> dict[str, int]:
        wanted = to_json([int(area) for area in areas])
        found = {
            f"{area:05}": position or 0
            for area, position in self._rows(
                "SELECT j.value, a.position FROM json_each(?) j LEFT JOIN area a ON a.area = j.value", (wanted,)
            )
        }
        return dict(sorted(found.items()))

    def set_positions(self, positions: Mapping[str, int]) -> None:
        self._many(
            "INSERT INTO area (area, position) VALUES (?, ?)"
            " ON CONFLICT (area) DO UPDATE SET position = max(position, excluded.position)",
            [(int(area), position) for area, position in positions.items()],
        )

    def insert(self, entries: Sequence[Entry]) -> None:
        with self._refusing(entry.record.ndas for entry in entries):
            self._many(rows.INSERT_ADDRESS, [rows.address_row(entry, *self._named(entry)) for entry in entries])
        self._insert_lists(entries)

    def taken(self, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        import numpy as np

        found = self._rows(TAKEN, (to_json(codes.tolist()),))
        return np.isin(codes, np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found)))

    def arrive(self, arrivals: Arrivals) -> None:
        from geoaddr.stores.sqlite_arrivals import insert_addresses

        with self._refusing(f"{code:010}" for code in arrivals.ndas.tolist()):
            places = insert_addresses(self._connection, self._names, arrivals)
        self._stand(arrivals, places)
        self._begin_histories(arrivals)

    def same(self, arrivals: Arrivals) -> NDArray[np.bool_]:
        from geoaddr.stores.sqlite_arrivals import same

        return same(self._connection, arrivals)

    def _stand(self, arrivals: Arrivals, places: NDArray[np.int64]) -> None:
        """Told of records that were kept, with the rows of their places, 0 for none."""

    def _begin_histories(self, arrivals: Arrivals) -> None:
        from geoaddr.stores.sqlite_arrivals import begin_histories

        begin_histories(self._connection, arrivals)

    @contextmanager
    def _refusing(self, codes: Iterable[str]) -> Iterator[None]:
        """Say which of ``codes`` is taken when one of them is."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
                raise
            taken = sorted(self.issued(codes))
            raise AlreadyIssued("ndas", ", ".join(taken), Said("is taken", "đã được cấp")) from error

    def replace(self, entries: Sequence[Entry]) -> None:
        if not self.wiped and any(entry.record.status == "withdrawn" for entry in entries):
            self._connection.execute("PRAGMA secure_delete = ON")
            self.wiped = True
        for entry in entries:
            before, after = self._names.of(int(entry.record.ndas)), self._named(entry)
            row = rows.address_row(entry, *after)
            if self._connection.execute(rows.UPDATE_ADDRESS, (*row[1:], row[0], row[2])).rowcount != 1:
                raise StaleVersion(
                    "version", entry.record.version - 1, Said("is not the present one", "không phải bản hiện tại")
                )
            self._names.forget(before, after)
            for table in ("alias", "successor"):
                self._connection.execute(f"DELETE FROM {table} WHERE ndas = ?", (int(entry.record.ndas),))  # noqa: S608
        self._insert_lists(entries)

    def _named(self, entry: Entry) -> NameRow:
        """The rows of the entry's street, place and shared parts, made where they are new."""
        record, _, placed = entry
        street, division, place = (None, 0, None) if placed is None else (placed[0], placed[2], placed[3])
        parts = stated(record.components, rows.SHARED_PARTS)
        return self._names.row(Named(street, place, record.commune_code, division, parts))

    def _insert_lists(self, entries: Sequence[Entry]) -> None:
        self._many(
            "INSERT INTO alias (ndas, number, system, code, from_day, to_day) VALUES (?, ?, ?, ?, ?, ?)",
            [row for entry in entries if entry.record.aliases for row in alias_rows(entry.record)],
        )
        self._many(
            "INSERT INTO successor (ndas, number, by) VALUES (?, ?, ?)",
            [row for entry in entries if entry.record.superseded_by for row in rows.successor_rows(entry.record)],
        )

    def append(self, events: Sequence[Event]) -> None:
        self._many(
            "INSERT INTO event (ndas, number, kind, at_ms, actor, reason, details) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [event_row(event) for event in events],
        )

    def redact(self, ndas: str, events: Sequence[Event]) -> None:
        self._many(
            "UPDATE event SET told = NULL, kind = ?, at_ms = ?, actor = ?, reason = ?, details = ?"
            " WHERE ndas = ? AND number = ?",
            [(*row[2:], *row[:2]) for row in map(event_row, events)],
        )
        self._connection.execute(_FORGET_NAMES, (int(ndas),))
        for table in ("receipt", "batch_row"):
            self._connection.execute(f"UPDATE {table} SET digest = '' WHERE ndas = ?", (int(ndas),))  # noqa: S608

    def keep_receipts(self, receipts: Mapping[str, Receipt]) -> None:
        self._many(
            "INSERT INTO receipt (key, ndas, outcome, digest) VALUES (?, ?, ?, ?)",
            [(key, int(ndas), outcome, digest) for key, (ndas, outcome, digest) in receipts.items()],
        )

    def keep_batch_receipts(self, batch_id: str, receipts: Mapping[str, Receipt]) -> None:
        self._many(
            "INSERT INTO batch_row (batch_id, row_id, ndas, outcome, digest) VALUES (?, ?, ?, ?, ?)",
            [(batch_id, row, int(ndas), outcome, digest) for row, (ndas, outcome, digest) in receipts.items()],
        )


def in_transaction(connection: sqlite3.Connection, work: Callable[[Transaction], T]) -> T:
    transaction = SQLiteTransaction(connection)
    try:
        result = work(transaction)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some failures of the disk have undone it already
            connection.execute("ROLLBACK")
        raise
    finally:
        if transaction.wiped:
            connection.execute("PRAGMA secure_delete = OFF")
    if transaction.wiped:  # the log has the pages of before; a reader of an earlier state keeps it a while longer
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return result
