"""A registry in one SQLite file, the default engine.

Write-ahead log with synchronous FULL: what was committed outlives a power cut, and readers never wait for a
writer. Each thread has a connection; writers take turns, in the file's own lock.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geoaddr.errors import Said, StoreUnavailable
from geoaddr.model import STATUSES
from geoaddr.store import Piece, Problem, Scanned, Store, Transaction, Writing
from geoaddr.stores import BUSY_S
from geoaddr.stores.files import make_folder_of, obstacle
from geoaddr.stores.sqlite_connections import UNREADABLE, Connections, locked, store_error
from geoaddr.stores.sqlite_queue import begin
from geoaddr.stores.sqlite_reads import Row, SQLiteReads, fetched
from geoaddr.stores.sqlite_scanning import scanned
from geoaddr.stores.sqlite_schema import STEPS, Steps
from geoaddr.stores.sqlite_writing import in_transaction

if TYPE_CHECKING:
    from geoaddr.arrivals import Arrivals

T = TypeVar("T")

_ON_ANOTHERS_STREET = """SELECT a.ndas FROM address a
    LEFT JOIN street s ON s.id = a.street LEFT JOIN street p ON p.id = a.place
    LEFT JOIN shared x ON x.id = a.shared
    WHERE s.commune <> a.commune OR p.commune <> a.commune OR s.division <> p.division
        OR (a.shared IS NOT NULL AND (x.id IS NULL OR x.street IS NOT a.street OR x.place IS NOT a.place))
    ORDER BY a.ndas"""
_OUT_OF_ORDER = """SELECT ndas FROM (SELECT ndas, number FROM event EXCEPT SELECT ndas, number FROM feed)
    UNION SELECT ndas FROM feed GROUP BY ndas, number HAVING count(*) > 1
    UNION SELECT ndas FROM (SELECT ndas, number FROM feed EXCEPT SELECT ndas, number FROM event) ORDER BY 1"""


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
        except UNREADABLE as error:
            raise self._said(error) from error

    def _said(self, error: Exception) -> Exception:
        return store_error(error, self.path) or error

    def write(self, work: Callable[[Transaction], T]) -> T:
        with self._turn() as connection:
            begin(connection, self.path, self._busy_s)
            return in_transaction(connection, work)

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        """A connection to write with, while no other thread of this process writes."""
        self._connections.own()
        turn = self._connections.turn
        if not turn.acquire(timeout=self._busy_s):
            raise locked(self.path)
        try:
            connection, _ = self._connections.writing()
            yield connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._said(error) from error
        finally:
            turn.release()

    @contextmanager
    def filling(self) -> Iterator[Writing]:
        from geoaddr.stores.sqlite_filling import filled  # most registries are never filled

        with self._turn() as connection, filled(connection) as write:
            if write is not None:
                yield write
                return
        yield self.write

    def made_ready(self, arrivals: Arrivals) -> Arrivals:
        from geoaddr.stores.sqlite_arrivals import made_ready

        return replace(arrivals, ready=made_ready(arrivals))

    def obstacle(self) -> Said | None:
        path = self._connections.path
        return obstacle(path) if path.exists() else None

    def exists(self) -> bool:
        try:
            return self._connections.exists()
        except UNREADABLE as error:
            raise self._said(error) from error

    def create(self) -> bool:
        try:
            _, made = self._connections.writing()
        except UNREADABLE as error:
            raise self._said(error) from error
        return made

    def scan(self, *, history: bool = True) -> Iterator[Scanned]:
        try:
            with self._connections.snapshot() as connection:
                yield from scanned(connection, history=history)
        except UNREADABLE as error:
            raise self._said(error) from error

    def pieces(self, *, history: bool = True) -> Iterator[Piece]:
        from geoaddr.stores.sqlite_pieces import pieces  # with what works on columns

        try:
            with self._connections.snapshot() as connection:
                yield from pieces(connection, history=history)
        except UNREADABLE as error:
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
            yield Problem("storage", _code(ndas), said)
        for (ndas,) in self._rows(_ON_ANOTHERS_STREET, ()):
            said = Said("the index of streets is out of step", "chỉ mục đường phố bị lệch")
            yield Problem("storage", _code(ndas), said)
        from geoaddr.stores.sqlite_middles import untrue  # what it needs is not loaded for each question

        for place in untrue(self._rows):
            en, vi = f"the middle of place {place} is out of step", f"điểm giữa của nơi số {place} bị lệch"
            yield Problem("storage", None, Said(en, vi))

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
        except (*UNREADABLE, OSError) as error:
            raise store_error(error, target) or error from error
        finally:
            partial.unlink(missing_ok=True)

    def close(self) -> None:
        self._connections.close()


def _code(ndas: object) -> str | None:
    """The code of a row that may be damaged."""
    return f"{ndas:010}" if isinstance(ndas, int) else None


def _copy(connection: sqlite3.Connection, partial: Path) -> None:
    """Copy in one step, so that it is one state however much others write meanwhile."""
    copy = sqlite3.connect(partial)
    try:
        connection.backup(copy, pages=-1)
    finally:
        copy.close()
    with partial.open("rb") as written:
        os.fsync(written.fileno())
