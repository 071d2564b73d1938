"""The tables of a registry in PostgreSQL, and how an older one is brought forward.

A database holds one registry, in the schema ``geoaddr``. Its row in ``geoaddr.registry`` tells how many of
:func:`steps` it has been through: numbered SQL files, to which others are only ever added. Where a step needs
names folded, a function of :mod:`geoaddr.stores.postgres_folding` follows its file.

Records and their histories are partitioned by the first two digits of the code, which are those of the postcode at
its birth and so of a province or part of one. A code keeps them for life, whatever becomes of provinces, and every
question about a code is answered by one partition. Partitions come with the first code that needs them. What is
searched without a code (points, streets, other names, the order of all events) stands in narrow tables of the
whole registry.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import errors as pg

from geoaddr.errors import Said, SchemaMismatch, StoreUnavailable
from geoaddr.stores.postgres_folding import file_lines, fill_places
from geoaddr.stores.postgres_locks import LOCK_OF_SCHEMA, LOCKS

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMA = "geoaddr"
KEY_BYTES = 32

PARTITION = 10**8
"""Codes of a partition: all with the same two first digits."""


class Step(NamedTuple):
    """Statements, and what follows them in the same transaction."""

    sql: str
    then: Callable[[Connection], None] | None = None


Steps = Sequence[Step]

_THEN: Mapping[str, Callable[[Connection], None]] = {
    "0002_places.sql": fill_places,
    "0011_lines.sql": file_lines,
}


def steps() -> Steps:
    """The numbered files in their order."""
    folder = files("geoaddr.stores") / "postgres_steps"
    named = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return tuple(Step(file.read_text(encoding="utf-8"), _THEN.get(file.name)) for file in named)


class State(NamedTuple):
    """Which registry a database holds: its identity, which replicas share, and its schema's version."""

    identity: UUID
    version: int


_TABLES = """SELECT to_regclass('geoaddr.registry') IS NOT NULL,
    EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('geoaddr'))"""
_STATE = "SELECT id, schema_version FROM geoaddr.registry"


def state_of(connection: Connection, where: str, known: int) -> State | None:
    """What a database holds; ``None`` where no registry was made yet.

    :param known: the version that this software knows.
    :raises SchemaMismatch: for a newer version, and for tables of something else.
    """
    ((made, others),) = connection.execute(_TABLES).fetchall()
    if not made and not others:
        return None
    try:
        found = connection.execute(_STATE).fetchall() if made else []
    except pg.UndefinedColumn:
        found = []
    if len(found) != 1:
        raise SchemaMismatch(
            Said(
                f"{where}: the schema {SCHEMA} is not a geoaddr registry",
                f"{where}: lược đồ {SCHEMA} không phải sổ đăng ký của geoaddr",
            )
        )
    state = State(*found[0])
    if state.version > known:
        raise SchemaMismatch(
            Said(
                f"{where}: the registry has schema {state.version}, this software knows schema {known}; "
                "use a newer geoaddr",
                f"{where}: sổ đăng ký có lược đồ {state.version}, phần mềm này chỉ biết lược đồ {known}; "
                "hãy dùng bản geoaddr mới hơn",
            )
        )
    return state


def older(where: str, version: int, known: int) -> SchemaMismatch:
    """The refusal to read a registry that must be brought forward first."""
    return SchemaMismatch(
        Said(
            f"{where}: the registry has schema {version}, this software needs schema {known}; "
            "'geoaddr registry init' brings it forward",
            f"{where}: sổ đăng ký có lược đồ {version}, phần mềm này cần lược đồ {known}; "
            "lệnh 'geoaddr registry init' sẽ nâng cấp",
        )
    )


def bring_forward(connection: Connection, where: str, known: Steps, *, key: bytes | None = None) -> bool:
    """Make the tables, or take an older registry through the steps that it has not seen; whether it was made.

    One transaction, one process at a time: others wait, and find it done.

    :param key: of a registry that is made here; 32 random bytes by default.
    :raises SchemaMismatch: as :func:`state_of`.
    :raises StoreUnavailable: when PostGIS is absent, the encoding is not UTF-8, or the role may not make tables.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, LOCK_OF_SCHEMA))
        state = state_of(connection, where, len(known))
        if state is None:
            _need_utf8(connection, where)
            _need_postgis(connection, where)
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        version = 0 if state is None else state.version
        for step in known[version:]:
            connection.execute(step.sql)
            if step.then is not None:
                step.then(connection)
        if state is None:
            new_key = secrets.token_bytes(KEY_BYTES) if key is None else key
            connection.execute("INSERT INTO registry (schema_version, key) VALUES (%s, %s)", (len(known), new_key))
        elif version < len(known):
            connection.execute("UPDATE registry SET schema_version = %s", (len(known),))
    return state is None


def _need_utf8(connection: Connection, where: str) -> None:
    ((encoding,),) = connection.execute("SHOW server_encoding").fetchall()
    if encoding != "UTF8":
        raise StoreUnavailable(
            Said(
                f"{where}: the database has the encoding {encoding}; make one with ENCODING 'UTF8'",
                f"{where}: cơ sở dữ liệu dùng bảng mã {encoding}; hãy tạo cơ sở dữ liệu với ENCODING 'UTF8'",
            )
        )


def _need_postgis(connection: Connection, where: str) -> None:
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
    except (pg.FeatureNotSupported, pg.UndefinedFile):
        raise StoreUnavailable(
            Said(
                f"{where}: PostGIS is not installed on the server",
                f"{where}: máy chủ chưa cài PostGIS",
            )
        ) from None
    except pg.InsufficientPrivilege:
        raise StoreUnavailable(
            Said(
                f"{where}: the database has no PostGIS yet; a superuser says: CREATE EXTENSION postgis",
                f"{where}: cơ sở dữ liệu chưa có PostGIS; quản trị viên chạy lệnh: CREATE EXTENSION postgis",
            )
        ) from None
    connection.execute(SEARCH_PATH)


SEARCH_PATH = """SELECT set_config('search_path', 'geoaddr, ' || coalesce(
    (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'postgis'), 'public'), false)"""
"""Our tables first, then wherever PostGIS stands."""
