"""The tables of a registry in SQLite, and how an older file is brought forward.

The file carries the application number :data:`APPLICATION_ID` and, as SQLite's user version, how many of
:data:`STEPS` it has been through. Steps are only ever added.

Codes are integers here, which makes the table itself the index; they are strings everywhere else. Times are
milliseconds and days since 1970-01-01 UTC. ``cell`` is the point's square of 1/1024 degree (114 m), and the
file refuses another: no write can leave the spatial index behind. It is not a generated column, since SQLite
then reads the row for every point that it finds in the index.

``street`` has a row for each street of each commune, under the key by which names are compared; a commune code
goes with the division of the country that it is of. Addresses point to it, and are indexed by (street, number).
The places that they stand in (hamlets, buildings) have their rows there too, and ``place`` points to them in the
same way. SQL cannot fold names: steps call functions of :mod:`geoaddr.stores.sqlite_streets`.

``shared`` has the parts of an address that its neighbours state too, in JSON, with the street and place that they
lead to; addresses point to them, and keep the others in ``components``. One that was kept before there was this
table has all in ``components``. No row stays that no address points to; to have SQLite see to
that, as a foreign key, would take one more index of all addresses.

``told`` has what the first events of a load of thousands say, word for word alike: those point to it, and are
blank themselves. A load of few is not told of so, since an erased address may be the only one that it is about.

``middle`` has what there is to say of places as such, as :mod:`geoaddr.stores.sqlite_middles` tells.

``feed`` has the events of all addresses in the order in which they were written. A trigger tells it of each, and
writers take turns, so that its positions are in the order of commits.

The step that lets an address be withdrawn writes its new check into the schema, by the procedure that SQLite gives
for constraints (https://www.sqlite.org/lang_altertable.html#otheralter): to make the table anew would cost hours
in a nation's registry.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence

from geoaddr.errors import Said, SchemaMismatch
from geoaddr.stores.sqlite_streets import lend_functions

APPLICATION_ID = 0x67616472  # "gadr"

KEY_BYTES = 32

CELLS_PER_DEGREE = 1024
CELL_STRIDE = 2**19
"""Cells are numbered row by row; a row of 360 degrees has 368,640 of them, rounded up to a power of two."""


Step = Sequence[str | Callable[[sqlite3.Connection], None]]
"""Statements, and what SQL cannot say."""

Steps = Sequence[Step]

_HOUSE = "replace({0}components ->> 'house_number', ' ', '')"
_LAST = f"replace({_HOUSE}, rtrim({_HOUSE}, replace({_HOUSE}, '/', '')), '')"
_FLAT = "replace(replace(replace({0}components ->> 'unit', ' ', ''), '-', ''), '.', '')"
DOOR_NUMBER = f"""CASE WHEN NOT json_valid({{0}}components) THEN 0
    WHEN instr({{0}}components, '"unit":') THEN -1 - max(0, CAST({_FLAT} AS INTEGER))
    WHEN instr({{0}}components, '/') THEN ifnull(CAST({_LAST} AS INTEGER), 0)
    ELSE ifnull(CAST({_HOUSE} AS INTEGER), 0) END"""
"""What a door is numbered by: see :class:`geoaddr.stored.Numbered`. Neighbours do not state it alike, so it
stands in an address's own components; most of these have neither flat nor stroke, which is told without taking
JSON apart. What was written over has to be told so, and not to keep anybody from writing it anew."""


def _keep_middles(connection: sqlite3.Connection) -> None:
    from geoaddr.stores.sqlite_middles import keep_all  # loads what most commands do without

    keep_all(connection)


def _file_lines(connection: sqlite3.Connection) -> None:
    from geoaddr.stores.sqlite_lines import file_lines

    file_lines(connection)


STEPS: Steps = (
    (
        """CREATE TABLE registry (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            key BLOB NOT NULL CHECK (length(key) = 32))""",
        """CREATE TABLE area (
            area INTEGER PRIMARY KEY CHECK (area BETWEEN 0 AND 99999),
            position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 100000))""",
        """CREATE TABLE address (
            ndas INTEGER PRIMARY KEY CHECK (ndas BETWEEN 0 AND 9999999999),
            status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 4),
            version INTEGER NOT NULL CHECK (version >= 1),
            commune TEXT NOT NULL,
            lat REAL NOT NULL CHECK (lat BETWEEN -90 AND 90),
            lon REAL NOT NULL CHECK (lon BETWEEN -180 AND 180),
            issued_day INTEGER NOT NULL,
            created_ms INTEGER NOT NULL,
            updated_ms INTEGER NOT NULL,
            likeness INTEGER NOT NULL,
            components TEXT NOT NULL,
            point_source TEXT NOT NULL,
            uncertainty_m REAL,
            entrances TEXT,
            cell INTEGER NOT NULL CHECK (cell = CAST((lat + 90.0) * 1024.0 AS INTEGER) * 524288
                + CAST((lon + 180.0) * 1024.0 AS INTEGER)))""",
        "CREATE INDEX address_by_cell ON address (cell, likeness, lat, lon, status)",
        """CREATE TABLE alias (
            ndas INTEGER NOT NULL REFERENCES address,
            number INTEGER NOT NULL,
            system TEXT NOT NULL,
            code TEXT NOT NULL,
            from_day INTEGER,
            to_day INTEGER,
            PRIMARY KEY (ndas, number)) WITHOUT ROWID""",
        "CREATE INDEX alias_by_code ON alias (code, system)",
        """CREATE TABLE successor (
            ndas INTEGER NOT NULL REFERENCES address,
            number INTEGER NOT NULL,
            by INTEGER NOT NULL REFERENCES address CHECK (by <> ndas),
            PRIMARY KEY (ndas, number)) WITHOUT ROWID""",
        "CREATE INDEX successor_by_code ON successor (by)",
        """CREATE TABLE event (
            ndas INTEGER NOT NULL REFERENCES address,
            number INTEGER NOT NULL CHECK (number >= 1),
            kind TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            details TEXT NOT NULL,
            PRIMARY KEY (ndas, number)) WITHOUT ROWID""",
        """CREATE TABLE receipt (
            key TEXT PRIMARY KEY,
            ndas INTEGER NOT NULL REFERENCES address,
            outcome TEXT NOT NULL CHECK (outcome IN ('created', 'existing')),
            digest TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE batch_row (
            batch_id TEXT NOT NULL,
            row_id TEXT NOT NULL,
            ndas INTEGER NOT NULL REFERENCES address,
            outcome TEXT NOT NULL CHECK (outcome IN ('created', 'existing')),
            digest TEXT NOT NULL,
            PRIMARY KEY (batch_id, row_id)) WITHOUT ROWID""",
        """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        """CREATE TRIGGER address_is_never_removed BEFORE DELETE ON address
            BEGIN SELECT RAISE(ABORT, 'codes are never reused'); END""",
        """CREATE TRIGGER address_keeps_its_code BEFORE UPDATE OF ndas ON address
            BEGIN SELECT RAISE(ABORT, 'a code is for life'); END""",
        """CREATE TRIGGER key_is_never_changed BEFORE UPDATE ON registry
            BEGIN SELECT RAISE(ABORT, 'the issuing order is for life'); END""",
        """CREATE TRIGGER key_is_never_removed BEFORE DELETE ON registry
            BEGIN SELECT RAISE(ABORT, 'the issuing order is for life'); END""",
    ),
    (
        """CREATE TABLE street (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            commune TEXT NOT NULL,
            division INTEGER NOT NULL,
            UNIQUE (name, commune, division))""",
        "ALTER TABLE address ADD COLUMN street INTEGER REFERENCES street",
        "ALTER TABLE address ADD COLUMN number INTEGER",
        """INSERT OR IGNORE INTO street (name, commune, division)
            SELECT street_of(components), commune, division_of(issued_day) FROM address
            WHERE street_of(components) IS NOT NULL""",
        """UPDATE address SET number = number_of(components), street = (SELECT id FROM street
                WHERE name = street_of(address.components) AND commune = address.commune
                AND division = division_of(address.issued_day))
            WHERE street_of(components) IS NOT NULL""",
        "CREATE INDEX address_by_street ON address (street, number, status) WHERE street IS NOT NULL",
    ),
    (
        "ALTER TABLE address ADD COLUMN place INTEGER REFERENCES street",
        """INSERT OR IGNORE INTO street (name, commune, division)
            SELECT place_of(components), commune, division_of(issued_day) FROM address
            WHERE place_of(components) IS NOT NULL""",
        """UPDATE address SET number = CASE WHEN street IS NULL THEN number_in_place(components) ELSE number END,
                place = (SELECT id FROM street WHERE name = place_of(address.components)
                AND commune = address.commune AND division = division_of(address.issued_day))
            WHERE place_of(components) IS NOT NULL""",
        "CREATE INDEX address_by_place ON address (place, number, status) WHERE place IS NOT NULL",
        "CREATE INDEX street_by_commune ON street (commune, name, division)",
    ),
    (
        """CREATE TABLE feed (
            position INTEGER PRIMARY KEY CHECK (position > 0),
            ndas INTEGER NOT NULL,
            number INTEGER NOT NULL)""",
        "INSERT INTO feed (ndas, number) SELECT ndas, number FROM event ORDER BY at_ms, ndas, number",
        """CREATE TRIGGER event_is_told AFTER INSERT ON event
            BEGIN INSERT INTO feed (ndas, number) VALUES (NEW.ndas, NEW.number); END""",
        """CREATE TRIGGER feed_is_never_changed BEFORE UPDATE ON feed
            BEGIN SELECT RAISE(ABORT, 'the order of events is for life'); END""",
        """CREATE TRIGGER feed_is_never_removed BEFORE DELETE ON feed
            BEGIN SELECT RAISE(ABORT, 'the order of events is for life'); END""",
    ),
    (
        "PRAGMA writable_schema = ON",
        """UPDATE sqlite_master SET sql = replace(sql, 'status BETWEEN 0 AND 4', 'status BETWEEN 0 AND 5')
            WHERE type = 'table' AND name = 'address'""",
        "PRAGMA writable_schema = RESET",
        "DROP TRIGGER event_is_never_changed",
        """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
            WHEN NEW.ndas <> OLD.ndas OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind OR NEW.at_ms <> OLD.at_ms
                OR NEW.actor <> '' OR NEW.reason <> ''
                OR NOT EXISTS (SELECT 1 FROM address WHERE ndas = OLD.ndas AND status = 5)
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        """CREATE TRIGGER withdrawn_is_for_good BEFORE UPDATE ON address WHEN OLD.status = 5
            BEGIN SELECT RAISE(ABORT, 'a withdrawn address stays so'); END""",
    ),
    (
        """CREATE TABLE shared (
            id INTEGER PRIMARY KEY,
            parts TEXT NOT NULL,
            street INTEGER REFERENCES street,
            place INTEGER REFERENCES street)""",
        "CREATE INDEX shared_by_parts ON shared (parts)",
        "CREATE INDEX shared_by_street ON shared (street) WHERE street IS NOT NULL",
        "CREATE INDEX shared_by_place ON shared (place) WHERE place IS NOT NULL",
        "ALTER TABLE address ADD COLUMN shared INTEGER",
    ),
    (
        """CREATE TABLE told (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            details TEXT NOT NULL)""",
        """CREATE TRIGGER told_is_never_changed BEFORE UPDATE ON told
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        """CREATE TRIGGER told_is_never_removed BEFORE DELETE ON told
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
        "ALTER TABLE event ADD COLUMN told INTEGER REFERENCES told",
        "DROP TRIGGER event_is_never_changed",
        """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
            WHEN NEW.ndas <> OLD.ndas OR NEW.number <> OLD.number OR NEW.told IS NOT NULL
                OR NEW.kind <> coalesce((SELECT kind FROM told WHERE id = OLD.told), OLD.kind)
                OR NEW.at_ms <> coalesce((SELECT at_ms FROM told WHERE id = OLD.told), OLD.at_ms)
                OR NEW.actor <> '' OR NEW.reason <> ''
                OR NOT EXISTS (SELECT 1 FROM address WHERE ndas = OLD.ndas AND status = 5)
            BEGIN SELECT RAISE(ABORT, 'history is append-only'); END""",
    ),
    (
        "DROP INDEX address_by_street",
        f"""CREATE INDEX address_by_street ON address (street, number, {DOOR_NUMBER.format("")}, status)
            WHERE street IS NOT NULL""",
        "DROP INDEX address_by_place",
        """CREATE INDEX address_by_place ON address (place, number, status, lat, lon)
            WHERE place IS NOT NULL""",
    ),
    (
        """CREATE TABLE middle (
            place INTEGER PRIMARY KEY REFERENCES street,
            lat REAL NOT NULL,
            lon REAL NOT NULL,
            uncertainty_m REAL NOT NULL,
            written TEXT NOT NULL)""",
        _keep_middles,
    ),
    (
        """CREATE INDEX address_by_shared ON address (shared)
            WHERE street IS NULL AND place IS NULL AND shared IS NOT NULL""",
        _file_lines,
    ),
)


def cell_of(lat: float, lon: float) -> int:
    """The number of the cell that holds a point in degrees."""
    return int((lat + 90.0) * CELLS_PER_DEGREE) * CELL_STRIDE + int((lon + 180.0) * CELLS_PER_DEGREE)


def version_of(connection: sqlite3.Connection, where: str, *, steps: Steps = STEPS) -> int:
    """The schema version of an open file; 0 for an empty one, which is a registry that is yet to be made.

    :raises SchemaMismatch: for a file of something else, or of a newer schema.
    """
    application, version, tables = connection.execute(
        "SELECT (SELECT application_id FROM pragma_application_id),"
        " (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)"
    ).fetchone()
    if application == 0 and version == 0 and tables == 0:
        return 0
    if application != APPLICATION_ID:
        raise not_a_registry(where)
    if version > len(steps):
        raise SchemaMismatch(
            Said(
                f"{where}: the registry has schema {version}, this software knows schema {len(steps)}; "
                "use a newer geoaddr",
                f"{where}: sổ đăng ký có lược đồ {version}, phần mềm này chỉ biết lược đồ {len(steps)}; "
                "hãy dùng bản geoaddr mới hơn",
            )
        )
    return int(version)


def bring_forward(
    connection: sqlite3.Connection, where: str, *, key: bytes | None = None, steps: Steps = STEPS
) -> bool:
    """Make the tables, or take an older file through the steps that it has not seen; whether it was made.

    One transaction: a process killed in it leaves the file as it was.

    :param key: of a registry that is made here; 32 random bytes by default.
    :raises SchemaMismatch: as :func:`version_of`.
    """
    lend_functions(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection, where, steps=steps)
        for step in steps[version:]:
            for statement in step:
                if callable(statement):
                    statement(connection)
                else:
                    connection.execute(statement)
        if version == 0:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            new_key = secrets.token_bytes(KEY_BYTES) if key is None else key
            connection.execute("INSERT INTO registry (id, key) VALUES (1, ?)", (new_key,))
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return version == 0


def not_a_registry(where: str) -> SchemaMismatch:
    """The refusal of a file that is something else."""
    return SchemaMismatch(Said(f"{where}: not a geoaddr registry", f"{where}: không phải sổ đăng ký của geoaddr"))
