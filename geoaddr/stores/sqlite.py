"""A registry in one SQLite file, the default engine.

Write-ahead log with synchronous FULL: what was committed outlives a power cut, and readers never wait for a
writer. Each thread has a connection; writers take turns, in the file's own lock.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from geoaddr.errors import AlreadyIssued, Said, StaleVersion, StoreUnavailable
from geoaddr.model import STATUSES, Event
from geoaddr.store import Entry, Issuing, Placed, Problem, Receipt, Scanned, Store, Transaction
from geoaddr.stores import BUSY_S
from geoaddr.stores import sqlite_rows as rows
from geoaddr.stores.rows import alias_rows, event_from, event_row, to_json
from geoaddr.stores.sqlite_connections import Connections, locked, make_folder_of, store_error
from geoaddr.stores.sqlite_reads import Row, SQLiteReads, fetched
from geoaddr.stores.sqlite_schema import STEPS, Steps

T = TypeVar("T")

_SCAN = f"""SELECT {rows.RECORD_COLUMNS}, a.likeness, s.name, a.number,
    coalesce(s.division, p.division), p.name
    FROM address a LEFT JOIN street s ON s.id = a.street LEFT JOIN street p ON p.id = a.place ORDER BY a.ndas"""  # noqa: S608
_STREET = "SELECT id FROM street WHERE name = ? AND commune = ? AND division = ?"
_NEW_STREET = "INSERT INTO street (name, commune, division) VALUES (?, ?, ?) RETURNING id"
_ON_ANOTHERS_STREET = """SELECT a.ndas FROM address a
    LEFT JOIN street s ON s.id = a.street LEFT JOIN street p ON p.id = a.place
    WHERE s.commune <> a.commune OR p.commune <> a.commune OR s.division <> p.division ORDER BY a.ndas"""
_FORGET_NAMES = """DELETE FROM street WHERE commune = (SELECT commune FROM address WHERE ndas = ?)
    AND NOT EXISTS (SELECT 1 FROM address a WHERE a.street = street.id)
    AND NOT EXISTS (SELECT 1 FROM address a WHERE a.place = street.id)"""
"""What no address of the commune is called by any more: an erased one may have been the only one."""
_OUT_OF_ORDER = """SELECT ndas FROM (SELECT ndas, number FROM event EXCEPT SELECT ndas, number FROM feed)
    UNION SELECT ndas FROM feed GROUP BY ndas, number HAVING count(*) > 1
    UNION SELECT ndas FROM (SELECT ndas, number FROM feed EXCEPT SELECT ndas, number FROM event) ORDER BY 1"""
_ALL_EVENTS = "SELECT ndas, number, kind, at_ms, actor, reason, details FROM event ORDER BY ndas, number"


class SQLiteTransaction(SQLiteReads, Transaction):
    """Writes over a connection that holds the file's write lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
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
        try:
            streets, places = self._named(entries)
            self._many(rows.INSERT_ADDRESS, list(map(rows.address_row, entries, streets, places)))
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
                raise
            taken = sorted(self.issued(entry.record.ndas for entry in entries))
            raise AlreadyIssued("ndas", ", ".join(taken), Said("is taken", "đã được cấp")) from error
        self._insert_lists(entries)

    def replace(self, entries: Sequence[Entry]) -> None:
        if not self.wiped and any(entry.record.status == "withdrawn" for entry in entries):
            self._connection.execute("PRAGMA secure_delete = ON")
            self.wiped = True
        for entry, street, place in zip(entries, *self._named(entries), strict=True):
            row = rows.address_row(entry, street, place)
            if self._connection.execute(rows.UPDATE_ADDRESS, (*row[1:], row[0], row[2])).rowcount != 1:
                raise StaleVersion(
                    "version", entry.record.version - 1, Said("is not the present one", "không phải bản hiện tại")
                )
            for table in ("alias", "successor"):
                self._connection.execute(f"DELETE FROM {table} WHERE ndas = ?", (int(entry.record.ndas),))  # noqa: S608
        self._insert_lists(entries)

    def _named(self, entries: Sequence[Entry]) -> tuple[list[int | None], list[int | None]]:
        """The rows of each entry's street and place, made where they are new."""
        numbers: dict[tuple[str, str, int], int] = {}

        def row_of(key: str | None, commune: str, division: int) -> int | None:
            if key is None:
                return None
            name = (key, commune, division)
            if name not in numbers:
                ((numbers[name],),) = self._rows(_STREET, name) or self._rows(_NEW_STREET, name)
            return numbers[name]

        streets: list[int | None] = []
        places: list[int | None] = []
        for record, _, placed in entries:
            street, division, place = (None, 0, None) if placed is None else (placed[0], placed[2], placed[3])
            streets.append(row_of(street, record.commune_code, division))
            places.append(row_of(place, record.commune_code, division))
        return streets, places

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
            "UPDATE event SET actor = ?, reason = ?, details = ? WHERE ndas = ? AND number = ?",
            [(*row[4:], *row[:2]) for row in map(event_row, events)],
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


class SQLiteStore(SQLiteReads, Store):
    """The registry in the file at ``path``.

    :param key: of a registry that this store makes; 32 random bytes by default.
    :param busy_s: how many seconds a writer waits for its turn in this process, and for the file.
    :param steps: the schema that this software knows, as steps from an empty file.
    """

    engine = "sqlite"

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        key: bytes | None = None,
        busy_s: float = BUSY_S,
        steps: Steps = STEPS,
    ) -> None:
        self.path = Path(path)
        self._busy_s = busy_s
        self._connections = Connections(self.path, busy_s=busy_s, key=key, steps=steps)

    def __repr__(self) -> str:
        return f"SQLiteStore({str(self.path)!r})"

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        try:
            return fetched(self._connections.reading(), sql, values)
        except sqlite3.Error as error:
            raise self._said(error) from error

    def _said(self, error: sqlite3.Error) -> Exception:
        return store_error(error, self.path) or error

    def write(self, work: Callable[[Transaction], T], *, issuing: Issuing | None = None) -> T:
        self._connections.own()
        turn = self._connections.turn
        if not turn.acquire(timeout=self._busy_s):
            raise locked(self.path)
        try:
            connection, _ = self._connections.writing()
            return _in_transaction(connection, work)
        except sqlite3.Error as error:
            raise self._said(error) from error
        finally:
            turn.release()

    def exists(self) -> bool:
        try:
            return self._connections.exists()
        except sqlite3.Error as error:
            raise self._said(error) from error

    def create(self) -> bool:
        try:
            _, made = self._connections.writing()
        except sqlite3.Error as error:
            raise self._said(error) from error
        return made

    def scan(self, *, history: bool = True) -> Iterator[Scanned]:
        try:
            with self._connections.snapshot() as connection:
                yield from _scanned(connection, history=history)
        except sqlite3.Error as error:
            raise self._said(error) from error

    def positions(self) -> dict[str, int]:
        found = self._rows("SELECT area, position FROM area ORDER BY area", ())
        return {f"{area:05}": position for area, position in found}

    def counts(self) -> dict[str, Any]:
        by_status = dict.fromkeys(STATUSES, 0)
        for status, number in self._rows("SELECT status, count(*) FROM address GROUP BY status", ()):
            by_status[STATUSES[status]] = number
        (events, aliases, schema), = self._rows(
            "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM alias),"
            " (SELECT user_version FROM pragma_user_version)", (),
        )  # fmt: skip
        return {
            "addresses": sum(by_status.values()),
            "by_status": by_status,
            "events": events,
            "aliases": aliases,
            "schema": schema,
        }

    def check(self) -> Iterator[Problem]:
        for (line,) in self._rows("PRAGMA integrity_check", ()):
            if line != "ok":
                yield Problem("storage", None, Said(f"SQLite finds: {line}", f"SQLite báo: {line}"))
        for table, _, parent, _ in self._rows("PRAGMA foreign_key_check", ()):
            yield Problem(
                "dangling",
                None,
                Said(
                    f"a row of {table} points to no row of {parent}",
                    f"một dòng của {table} trỏ tới dòng không có trong {parent}",
                ),
            )

        for (ndas,) in self._rows(_OUT_OF_ORDER, ()):
            said = Said("the order of events is out of step", "thứ tự sự kiện bị lệch")
            yield Problem("storage", f"{ndas:010}", said)
        for (ndas,) in self._rows(_ON_ANOTHERS_STREET, ()):
            said = Said("the index of streets is out of step", "chỉ mục đường phố bị lệch")
            yield Problem("storage", f"{ndas:010}", said)

    def backup(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        target = Path(path)
        if not self.exists():
            raise StoreUnavailable(Said(f"{self.path}: no registry yet", f"{self.path}: chưa có sổ đăng ký"))
        if target.exists() and not overwrite:
            raise StoreUnavailable(Said(f"{target}: exists already", f"{target}: đã có sẵn"))
        if target.exists() and target.samefile(self.path):  # others would go on writing to the file put aside
            raise StoreUnavailable(Said(f"{target}: the registry itself", f"{target}: chính là sổ đăng ký này"))
        make_folder_of(target)
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
        try:
            with self._connections.snapshot(of_any_schema=True) as connection:
                _copy(connection, partial)
            shutil.copymode(self.path, partial)  # it holds all that the registry's own file does
            partial.replace(target)
        except (sqlite3.Error, OSError) as error:
            raise store_error(error, target) or error from error
        finally:
            partial.unlink(missing_ok=True)

    def close(self) -> None:
        self._connections.close()


def _in_transaction(connection: sqlite3.Connection, work: Callable[[Transaction], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
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


def _scanned(connection: sqlite3.Connection, *, history: bool) -> Iterator[Scanned]:
    """Records beside their events: both tables in the order of the code, read in step."""
    events = groupby(connection.execute(_ALL_EVENTS), key=itemgetter(0)) if history else iter(())
    code, group = next(events, (None, iter(())))
    for row in connection.execute(_SCAN):
        told: tuple[Event, ...] = ()
        if code == row[0]:
            told = tuple(event_from(event) for event in group)
            code, group = next(events, (None, iter(())))
        *record, likeness, street, number, division, place = row
        placed = None if division is None else Placed(street, number, division, place)
        yield Scanned(rows.record_from(tuple(record)), likeness, told, placed)


def _copy(connection: sqlite3.Connection, partial: Path) -> None:
    """Copy in one step, so that it is one state however much others write meanwhile."""
    copy = sqlite3.connect(partial)
    try:
        connection.backup(copy, pages=-1)
    finally:
        copy.close()
    with partial.open("rb") as written:
        os.fsync(written.fileno())
