"""The database of keys, shares and the trail: SQLite beside the registry's file, or the registry's own
PostgreSQL.

Opening does nothing. What was never written reads as empty, and the first write makes the tables. It is small,
so a connection or two of a process, each with a lock, are enough: workers read a key once a second, and write the
trail in batches.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from geoaddr.errors import GeoaddrError, MissingExtra, Said, SchemaMismatch, StoreUnavailable
from geoaddr.stores import MEMORY, POSTGRES, SQLITE, check_url
from geoaddr.stores.files import make_file, obstacle
from geoaddr.stores.sqlite_connections import store_error

Row = tuple[Any, ...]

BUSY_S = 3.0

_CACHE = "PRAGMA cache_size = -1000"
"""Kilobytes, of each connection to a file. Keys that were met are remembered elsewhere; with less, what is written
to the trail at once does not fit any more."""

APPLICATION_ID = 0x67614B59
"""Of a SQLite file of keys, ``gaKY``."""

VERSION = 2

TABLES = """
CREATE TABLE access_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    digest {bytes} NOT NULL,
    former {bytes},
    former_until_ms BIGINT,
    places TEXT NOT NULL,
    limits TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT,
    revoked_ms BIGINT
);
CREATE TABLE share (
    id TEXT PRIMARY KEY,
    digest {bytes} NOT NULL,
    ndas TEXT NOT NULL,
    scope TEXT NOT NULL,
    purpose TEXT NOT NULL,
    consent TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    revoked_ms BIGINT
);
CREATE INDEX share_by_code ON share (ndas);
CREATE TABLE trail (
    number {serial},
    at_ms BIGINT NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    seen TEXT NOT NULL,
    many {bytes}
);
CREATE INDEX trail_by_subject ON trail (subject);
"""
"""Times are milliseconds since 1970-01-01 UTC. The trail is written at every request and read now and then, so
it has an index for one question only: who saw this address. A row about many addresses has an empty subject, and
their codes in ``many``: see :mod:`service.keys.packing`."""

MANY = "ALTER TABLE trail ADD COLUMN many {bytes}"
"""What tables of the first version lack; the first write adds it."""

_WITHOUT_MANY = "FROM (SELECT *, CAST(NULL AS {bytes}) AS many FROM trail) AS trail"

FORWARD = "geoaddr registry init"
"""The command that brings tables forward, with the registry that they lie beside."""


class Statement(NamedTuple):
    """SQL with ``?`` for each value, and the rows of values that it is done with, one after another."""

    sql: str
    rows: Sequence[Row]


class Database(ABC):
    """What keeps the tables. Safe to share between threads; a forked child opens its own connection."""

    where: str

    trail_refused: GeoaddrError | None = None
    """Why the last entries of the trail could not be written; ``None`` where they were."""

    HOLDS: ClassVar[str]
    """SQL: that the column ``many`` has these bytes in it."""

    BYTES: ClassVar[str]
    """The type of bytes."""

    @abstractmethod
    def read(self, sql: str, values: Row = ()) -> list[Row]:
        """The rows of a question; none while nothing was ever written. :raises StoreError:"""

    @abstractmethod
    def write(self, statements: Iterable[Statement]) -> int:
        """Do all of it or nothing; how many rows the last statement changed. :raises StoreError:"""

    @abstractmethod
    def close(self) -> None:
        """Let go of the connection."""

    @abstractmethod
    def obstacle(self) -> Said | None:
        """What stands in the way of writing, as far as can be told without. :raises StoreError:"""

    @abstractmethod
    def bring_forward(self) -> bool:
        """Give tables of an earlier version what they lack; whether they lacked something. Makes none.

        :raises SchemaMismatch: where this user may not.
        """

    @abstractmethod
    def check_version(self) -> None:
        """:raises SchemaMismatch: for tables that a write would have to bring forward, and this user may not."""

    def check(self) -> None:
        """Read it, and see whether it can be written. :raises StoreError: where one of both cannot be done."""
        self.read("SELECT 1 FROM access_key LIMIT 1")
        self.check_version()
        if (found := self.obstacle()) is not None:
            raise StoreUnavailable(Said(f"{self.where}: {found.en}", f"{self.where}: {found.vi}"))
        if self.trail_refused is not None:
            raise self.trail_refused

    def _of_first_version(self, sql: str) -> str:
        """A question as the first version can be asked it: to read takes no right to write."""
        return sql.replace("FROM trail", _WITHOUT_MANY.format(bytes=self.BYTES))


def url_beside(store: str) -> str:
    """Where the keys of a registry are kept: ``registry.access.db`` beside ``registry.db``."""
    path = store.removeprefix(SQLITE)
    if path == store:
        return store
    file = Path(path)
    return SQLITE + str(file.with_name(f"{file.stem}.access{file.suffix}"))


def open_database(url: str) -> Database:
    """The database that a URL names, as that of a registry is named; nothing is opened yet.

    :raises InvalidInput: for what is no such URL.
    :raises MissingExtra: for PostgreSQL, where its driver is not installed.
    """
    check_url(url)
    if url.startswith(POSTGRES):
        try:
            from service.keys.postgres import PostgresDatabase
        except ImportError:
            raise MissingExtra("postgres", "a registry on PostgreSQL") from None
        return PostgresDatabase(url)
    return SQLiteDatabase(None if url == MEMORY else Path(url.removeprefix(SQLITE)))


@dataclass(slots=True)
class _Side:
    """A connection for one thread after another."""

    lock: threading.Lock
    connection: sqlite3.Connection | None = None


class SQLiteDatabase(Database):
    """A file that only its owner may read; ``None`` for one in memory, gone with the process.

    A file is read on another connection than it is written on: who waits for the one writer that SQLite lets write
    keeps nobody from reading a key.
    """

    HOLDS = "instr(many, ?) > 0"
    BYTES = "BLOB"

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.where = MEMORY if path is None else str(path)
        self._put_aside: list[object] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._writing = _Side(threading.Lock())
        self._reading = self._writing if self._path is None else _Side(threading.Lock())

    def read(self, sql: str, values: Row = ()) -> list[Row]:
        self._own()
        with self._reading.lock:
            try:
                connection = self._opened(self._reading, create=False)
                if connection is None:
                    return []
                try:
                    return connection.execute(sql, values).fetchall()
                except sqlite3.OperationalError as error:
                    if str(error) != "no such column: many":
                        raise
                return connection.execute(self._of_first_version(sql), values).fetchall()
            except sqlite3.Error as error:
                raise self._said(error) from None

    def write(self, statements: Iterable[Statement]) -> int:
        self._own()
        with self._writing.lock:
            try:
                connection = self._opened(self._writing, create=True)
                assert connection is not None
                changed = 0
                with connection:  # commits, or takes back
                    connection.execute("BEGIN IMMEDIATE")
                    for statement in statements:
                        changed = connection.executemany(statement.sql, statement.rows).rowcount
                return changed
            except (sqlite3.Error, OSError) as error:
                raise self._said(error) from None

    def close(self) -> None:
        self._own()
        for side in (self._reading, self._writing):
            with side.lock:
                if side.connection is not None:
                    side.connection.close()
                    side.connection = None

    def obstacle(self) -> Said | None:
        return None if self._path is None or not self._path.exists() else obstacle(self._path)

    def bring_forward(self) -> bool:
        self._own()
        with self._writing.lock:
            try:
                connection = self._opened(self._writing, create=False)
                return connection is not None and _bring_forward(connection)
            except (sqlite3.Error, OSError) as error:
                raise self._said(error) from None

    def check_version(self) -> None:
        """Nothing: whoever may write to a file may bring it forward."""

    def _own(self) -> None:
        """Notice a fork: SQLite's own locks do not survive one."""
        if self._pid != os.getpid():
            self._put_aside.append((self._reading, self._writing))  # closing would let go of the parent's locks
            self._begin()

    def _opened(self, side: _Side, *, create: bool) -> sqlite3.Connection | None:
        if side.connection is not None:
            return side.connection
        if self._path is not None and not create and not self._path.exists():
            return None
        if self._path is None:
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        else:
            if create:
                make_file(self._path, 0o600)
            uri = f"{self._path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(
                uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            connection.execute(_CACHE)
        try:
            if not self._has_tables(connection, make=create):
                connection.close()
                return None
        except BaseException:
            connection.close()
            raise
        side.connection = connection
        return connection

    def _has_tables(self, connection: sqlite3.Connection, *, make: bool) -> bool:
        version = _version(connection)
        ((application,),) = connection.execute("PRAGMA application_id").fetchall()
        ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        if tables and (application != APPLICATION_ID or version > VERSION):
            raise (
                newer(self.where, version)
                if application == APPLICATION_ID
                else SchemaMismatch(
                    Said(f"{self.where}: not a file of keys", f"{self.where}: không phải tệp khóa truy cập")
                )
            )
        if not tables and make:
            if self._path is not None:
                connection.execute("PRAGMA journal_mode = WAL")
            made = TABLES.format(bytes=self.BYTES, serial="INTEGER PRIMARY KEY AUTOINCREMENT")
            stamp = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
            try:
                connection.executescript(f"BEGIN IMMEDIATE; {made} {stamp} COMMIT;")
            except sqlite3.OperationalError:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                return self._has_tables(connection, make=False)  # another process was first
            return True
        if tables and make:
            _bring_forward(connection)
        return bool(tables)

    def _said(self, error: sqlite3.Error | OSError) -> Exception:
        said = store_error(error, Path(self.where))
        return error if said is None else said


def newer(where: str, version: int) -> SchemaMismatch:
    """The refusal to touch keys that newer software has made or brought forward."""
    return SchemaMismatch(
        Said(
            f"{where}: the keys have schema {version}, this software knows schema {VERSION}; use a newer geoaddr",
            f"{where}: dữ liệu khóa truy cập có lược đồ {version}, phần mềm này chỉ biết lược đồ {VERSION}; "
            "hãy dùng bản geoaddr mới hơn",
        )
    )


def older(where: str) -> SchemaMismatch:
    """The refusal to serve on tables that this user cannot write the trail to, since others have to bring them
    forward."""
    return SchemaMismatch(
        Said(
            f"{where}: the trail lacks a column that only its owner may add; "
            f"let the role that made the keys run {FORWARD}",
            f"{where}: nhật ký truy cập thiếu một cột mà chỉ chủ sở hữu mới thêm được; "
            f"hãy để vai trò đã tạo khóa chạy {FORWARD}",
        )
    )


def _bring_forward(connection: sqlite3.Connection) -> bool:
    """Give tables of the first version what they lack, unless another process was first; whether it was done."""
    if _version(connection) == VERSION:
        return False
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        lacking = _version(connection) < VERSION
        if lacking:
            connection.execute(MANY.format(bytes="BLOB"))
            connection.execute(f"PRAGMA user_version = {VERSION}")
    return lacking


def _version(connection: sqlite3.Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    return int(version)


def unavailable(where: str) -> StoreUnavailable:
    """What is said where the trail cannot be written in time."""
    return StoreUnavailable(
        Said(f"{where}: the trail cannot be written", f"{where}: không ghi được nhật ký truy cập")
    )
