"""The database of keys in PostgreSQL: a schema of its own beside the registry's, shared by all hosts of a
service."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from psycopg import errors as pg

from geoaddr.errors import Said
from geoaddr.stores.postgres_errors import READ_ONLY, store_error
from geoaddr.stores.postgres_url import place_of
from service.keys.database import BUSY_S, MANY, TABLES, VERSION, Database, Row, Statement, newer, older

Connection = psycopg.Connection[Row]
T = TypeVar("T")

SCHEMA = "geoaddr_access"

_STAMP = "SELECT obj_description(to_regnamespace('geoaddr_access'), 'pg_namespace')"
"""What the schema says of itself: ``keys, schema 2``."""

_LACKS_MANY = """SELECT pg_has_role(c.relowner, 'USAGE') AND pg_has_role(n.nspowner, 'USAGE')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'geoaddr_access' AND c.relname = 'trail' AND NOT EXISTS (
        SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'many' AND NOT a.attisdropped)"""
"""A row where there is a trail without ``many``: whether this role may add it."""

_LOCK = 1_734_435_955
"""An advisory lock, for whoever makes the tables."""


@dataclass(slots=True)
class _Side:
    """A connection for one thread after another."""

    lock: threading.Lock
    connection: Connection | None = None


class PostgresDatabase(Database):
    """Tables in the schema ``geoaddr_access`` of a database.

    It is read on another connection than it is written on: a trail that is held, or long in being written, keeps
    nobody from reading a key.
    """

    HOLDS = "position(?::bytea IN many) > 0"
    BYTES = "BYTEA"

    def __init__(self, url: str) -> None:
        self._place = place_of(url, busy_s=BUSY_S)
        self.where = self._place.where
        self._put_aside: list[object] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._reading, self._writing = _Side(threading.Lock()), _Side(threading.Lock())

    def read(self, sql: str, values: Row = ()) -> list[Row]:
        def ask(connection: Connection) -> list[Row]:
            try:
                return connection.execute(_dialect(sql), values).fetchall()
            except (pg.UndefinedTable, pg.InvalidSchemaName):
                return []
            except pg.UndefinedColumn:
                return connection.execute(_dialect(self._of_first_version(sql)), values).fetchall()

        self._own()
        return self._on(self._reading, ask)

    def write(self, statements: Iterable[Statement]) -> int:
        done = list(statements)

        def work(connection: Connection) -> int:
            with connection.transaction(), connection.cursor() as cursor:
                changed = 0
                for statement in done:
                    cursor.executemany(_dialect(statement.sql), statement.rows)
                    changed = cursor.rowcount
                return changed

        def make_and_work(connection: Connection) -> int:
            try:
                return work(connection)
            except (pg.UndefinedTable, pg.InvalidSchemaName, pg.UndefinedColumn):
                _make(connection)
                return work(connection)

        self._own()
        return self._on(self._writing, make_and_work)

    def close(self) -> None:
        self._own()
        for side in (self._reading, self._writing):
            with side.lock:
                if side.connection is not None:
                    side.connection.close()
                    side.connection = None

    def bring_forward(self) -> bool:
        self.check_version()
        if not self.read(_LACKS_MANY):
            return False
        self._on(self._writing, _make)
        return True

    def check_version(self) -> None:
        if self.read(_LACKS_MANY) == [(False,)]:
            raise older(self.where)

    def obstacle(self) -> Said | None:
        def ask(connection: Connection) -> Said | None:
            ((setting,),) = connection.execute("SHOW transaction_read_only").fetchall()
            return READ_ONLY if setting == "on" else None

        self._own()
        return self._on(self._reading, ask)

    def _own(self) -> None:
        """Notice a fork."""
        if self._pid != os.getpid():
            self._put_aside.append((self._reading, self._writing))  # the parent speaks on them
            self._begin()

    def _connected(self) -> Connection:
        """:raises SchemaMismatch: where newer software has brought the tables forward."""
        connection = psycopg.connect(**self._place.primary, autocommit=True, options=f"-c search_path={SCHEMA}")
        if (version := _version(connection)) > VERSION:
            connection.close()
            raise newer(self.where, version)
        return connection

    def _on(self, side: _Side, work: Callable[[Connection], T]) -> T:
        """Once more on a new connection where the old one was lost before anything could be done."""
        with side.lock:
            try:
                if side.connection is not None:
                    try:
                        side.connection.execute("SELECT 1")
                    except psycopg.OperationalError:
                        side.connection = None
                if side.connection is None:
                    side.connection = self._connected()
                return work(side.connection)
            except psycopg.Error as error:
                raise (store_error(error, self.where) or error) from None


def _version(connection: Connection) -> int:
    """Of the tables; what says nothing is not newer than this software."""
    ((said,),) = connection.execute(_STAMP).fetchall()
    found = re.fullmatch(r"keys, schema (\d+)", said or "")
    return int(found[1]) if found else 0


def _dialect(sql: str) -> str:
    return sql.replace("?", "%s")


def _make(connection: Connection) -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        ((there,),) = connection.execute("SELECT to_regclass('geoaddr_access.trail') IS NOT NULL").fetchall()
        if not there:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            serial = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
            connection.execute(TABLES.format(bytes=PostgresDatabase.BYTES, serial=serial))
        elif connection.execute(_LACKS_MANY).fetchall():
            connection.execute(MANY.format(bytes=PostgresDatabase.BYTES))
        if _version(connection) < VERSION:
            connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'keys, schema {VERSION}'")
