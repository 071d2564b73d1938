"""The database of keys in PostgreSQL: a schema of its own beside the registry's, shared by all hosts of a
service."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

import psycopg
from psycopg import errors as pg

from geoaddr.errors import Said
from geoaddr.stores.postgres_errors import READ_ONLY, store_error
from geoaddr.stores.postgres_url import place_of
from service.keys.database import BUSY_S, MANY, TABLES, VERSION, Database, Row, Statement, newer

Connection = psycopg.Connection[Row]
T = TypeVar("T")

SCHEMA = "geoaddr_access"

_STAMP = "SELECT obj_description(to_regnamespace('geoaddr_access'), 'pg_namespace')"
"""What the schema says of itself: ``keys, schema 2``."""

_HAS_MANY = """SELECT EXISTS (SELECT 1 FROM information_schema.columns
    WHERE table_schema = 'geoaddr_access' AND table_name = 'trail' AND column_name = 'many')"""

_LOCK = 1_734_435_955
"""An advisory lock, for whoever makes the tables."""


class PostgresDatabase(Database):
    """Tables in the schema ``geoaddr_access`` of a database."""

    HOLDS = "position(?::bytea IN many) > 0"

    def __init__(self, url: str) -> None:
        self._place = place_of(url, busy_s=BUSY_S)
        self.where = self._place.where
        self._put_aside: list[object] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def read(self, sql: str, values: Row = ()) -> list[Row]:
        def ask(connection: Connection) -> list[Row]:
            try:
                return connection.execute(_dialect(sql), values).fetchall()
            except (pg.UndefinedTable, pg.InvalidSchemaName):
                return []
            except pg.UndefinedColumn:
                _make(connection)
                return connection.execute(_dialect(sql), values).fetchall()

        return self._with_connection(ask)

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

        return self._with_connection(make_and_work)

    def close(self) -> None:
        with self._own():
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def obstacle(self) -> Said | None:
        def ask(connection: Connection) -> Said | None:
            ((setting,),) = connection.execute("SHOW transaction_read_only").fetchall()
            return READ_ONLY if setting == "on" else None

        return self._with_connection(ask)

    def _own(self) -> threading.Lock:
        if self._pid != os.getpid():
            self._put_aside.append(self._connection)  # the parent speaks on it
            self._begin()
        return self._lock

    def _connected(self) -> Connection:
        """:raises SchemaMismatch: where newer software has brought the tables forward."""
        connection = psycopg.connect(**self._place.primary, autocommit=True, options=f"-c search_path={SCHEMA}")
        if (version := _version(connection)) > VERSION:
            connection.close()
            raise newer(self.where, version)
        return connection

    def _with_connection(self, work: Callable[[Connection], T]) -> T:
        """Once more on a new connection where the old one was lost before anything could be done."""
        with self._own():
            try:
                if self._connection is not None:
                    try:
                        self._connection.execute("SELECT 1")
                    except psycopg.OperationalError:
                        self._connection = None
                if self._connection is None:
                    self._connection = self._connected()
                return work(self._connection)
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
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        ((there,),) = connection.execute("SELECT to_regclass('geoaddr_access.trail') IS NOT NULL").fetchall()
        ((has_many,),) = connection.execute(_HAS_MANY).fetchall()
        if there and not has_many:
            connection.execute(MANY.format(bytes="BYTEA"))
        if not there:
            serial = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
            connection.execute(TABLES.format(bytes="BYTEA", serial=serial))
        if _version(connection) < VERSION:
            connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'keys, schema {VERSION}'")
