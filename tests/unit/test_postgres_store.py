"""A registry in PostgreSQL: how it comes about, what it refuses, what it forbids, what it does not touch."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from geoaddr.errors import SchemaMismatch, UnknownAddress
from geoaddr.model import Alias
from geoaddr.registry import Registry
from geoaddr.stores.postgres import PostgresStore
from geoaddr.stores.postgres_pool import SIZE
from geoaddr.stores.postgres_schema import Step, bring_forward, state_of, steps
from tests.postgres_server import Server
from tests.registries import row

KEY = bytes(range(32))


@pytest.fixture
def database(postgres: Server) -> str:
    """The name of a database without a registry."""
    return postgres.new_database()


@pytest.fixture
def url(postgres: Server) -> str:
    """The URL of an empty registry."""
    return postgres.emptied(KEY)


def fill(url: str, *codes: str) -> Registry:
    registry = Registry(PostgresStore(url))
    registry.load([row(code) for code in codes])
    return registry


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


VERBS: dict[str, Callable[[Registry], object]] = {
    "exists": lambda r: r.exists(),
    "find": lambda r: r.find("1112000001"),
    "find_many": lambda r: r.find_many(["1112000001", "1112000002"]),
    "issued": lambda r: r.issued(["1112000001"]),
    "find_by_alias": lambda r: r.find_by_alias("parcel", "w"),
    "near": lambda r: r.near(lat=21, lon=105),
    "communes_of": lambda r: r.communes_of("Quán Thánh"),
    "stats": lambda r: r.stats(),
    "export": lambda r: list(r.export()),
    "verify": lambda r: r.verify(),
}
CHANGES: dict[str, Callable[[Registry], object]] = {
    "confirm": lambda r: r.confirm("1112000001"),
    "supersede": lambda r: r.supersede("1112000001", ["1112000002"]),
    "add_alias": lambda r: r.add_alias("1112000001", Alias("parcel", "w")),
}

MAKERS: tuple[Callable[[Registry], object], ...] = (
    lambda r: r.load([row("1112000001")]),
    lambda r: r.store.create(),
)
"""What would make a registry where there is none."""


def schemas(server: Server, database: str) -> set[str]:
    return {name for (name,) in server.execute(database, "SELECT nspname FROM pg_namespace")}


def test_what_does_not_exist_reads_as_empty_and_is_not_made_by_that(postgres: Server, database: str) -> None:
    registry = Registry(PostgresStore(postgres.url(database)))
    assert not registry.exists()
    for ask in VERBS.values():
        ask(registry)
    for change in CHANGES.values():
        with pytest.raises(UnknownAddress):
            change(registry)
    assert registry.load([row("x")]).refused == 1
    assert registry.stats()["addresses"] == 0
    assert "geoaddr" not in schemas(postgres, database)


def test_the_first_write_makes_it_and_others_see_that(postgres: Server, database: str) -> None:
    early = Registry(PostgresStore(postgres.url(database)))
    assert early.find("1112000001") is None
    fill(postgres.url(database), "1112000001")
    assert early.exists()
    assert early.find("1112000001") is not None


def test_create_says_whether_it_made_it(postgres: Server, database: str) -> None:
    store = PostgresStore(postgres.url(database))
    assert [store.create(), store.create(), PostgresStore(postgres.url(database)).create()] == [True, False, False]
    assert len(store.key()) == 32


FOREIGN = {
    "other tables": "CREATE SCHEMA geoaddr; CREATE TABLE geoaddr.t (x integer)",
    "other registry": "CREATE SCHEMA geoaddr; CREATE TABLE geoaddr.registry (x integer)",
    "no row": "CREATE SCHEMA geoaddr; CREATE TABLE geoaddr.registry (id uuid, schema_version integer)",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_schema_of_something_else_is_refused_and_left_alone(postgres: Server, database: str, kind: str) -> None:
    execute(postgres.url(database), FOREIGN[kind])
    registry = Registry(PostgresStore(postgres.url(database)))
    for verb in (*VERBS.values(), *MAKERS):
        with pytest.raises(SchemaMismatch, match="not a geoaddr registry"):
            verb(registry)
    (tables,) = postgres.execute(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'geoaddr'")
    assert tables == (1,)


def test_a_newer_schema_is_refused_with_both_versions(postgres: Server, database: str) -> None:
    url = postgres.url(database)
    fill(url, "1112000001").close()
    execute(url, "UPDATE geoaddr.registry SET schema_version = 99")
    registry = Registry(PostgresStore(url))
    for verb in (VERBS["find"], *MAKERS):
        with pytest.raises(SchemaMismatch) as caught:
            verb(registry)
        for lang in ("en", "vi"):
            assert "99" in caught.value.message(lang)
            assert str(len(steps())) in caught.value.message(lang)


def test_an_older_schema_is_brought_forward_by_init_and_not_by_a_read(postgres: Server, database: str) -> None:
    url = postgres.url(database)
    fill(url, "1112000001").close()
    newer = (*steps(), Step("CREATE TABLE note (text text); INSERT INTO note VALUES ('new')"))
    registry = Registry(PostgresStore(url, known=newer))
    with pytest.raises(SchemaMismatch, match="registry init"):
        registry.find("1112000001")
    assert registry.store.create() is False
    assert registry.find("1112000001") is not None
    assert registry.stats()["schema"] == len(newer)
    assert postgres.execute(database, "SELECT text FROM geoaddr.note") == [("new",)]
    with pytest.raises(SchemaMismatch, match="use a newer geoaddr"):
        Registry(PostgresStore(url)).find("1112000001")


def test_a_step_that_fails_leaves_the_older_schema(postgres: Server, database: str) -> None:
    url = postgres.url(database)
    fill(url, "1112000001").close()
    with psycopg.connect(url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DuplicateTable):
            bring_forward(connection, "here", (*steps(), Step("CREATE TABLE geoaddr.note (x int);" * 2)))
        state = state_of(connection, "here", len(steps()))
    assert state is not None
    assert state.version == len(steps())
    assert postgres.execute(database, "SELECT to_regclass('geoaddr.note')") == [(None,)]


def test_steps_are_numbered_without_gaps() -> None:
    from importlib.resources import files

    names = sorted(f.name for f in (files("geoaddr.stores") / "postgres_steps").iterdir() if f.name[0] != "_")
    assert [int(name[:4]) for name in names] == list(range(1, len(steps()) + 1))


FORBIDDEN = """\
UPDATE geoaddr.event SET reason = 'other'
DELETE FROM geoaddr.event
TRUNCATE geoaddr.event
TRUNCATE geoaddr.event_11
DELETE FROM geoaddr.address
TRUNCATE geoaddr.address CASCADE
UPDATE geoaddr.address SET ndas = 5
UPDATE geoaddr.registry SET key = decode(repeat('00', 32), 'hex')
DELETE FROM geoaddr.registry
INSERT INTO geoaddr.registry SELECT * FROM geoaddr.registry
UPDATE geoaddr.address SET lat = 100
INSERT INTO geoaddr.event SELECT ndas, at_ms, 0, kind, actor, reason, details FROM geoaddr.event
UPDATE geoaddr.address SET superseded_by = ARRAY[ndas]
INSERT INTO geoaddr.event SELECT 1112000077, at_ms, 1, kind, actor, reason, details FROM geoaddr.event
INSERT INTO geoaddr.event SELECT * FROM geoaddr.event ON CONFLICT (ndas, number) DO UPDATE SET reason = 'x'
UPDATE geoaddr.feed SET position = DEFAULT
DELETE FROM geoaddr.feed
TRUNCATE geoaddr.feed
UPDATE geoaddr.address SET status = 6
SELECT geoaddr.redact(1112000001, '{1}', '{""}', '{""}', '{"{}"}')
UPDATE geoaddr.event SET actor = '', reason = '', details = '{}'
UPDATE geoaddr.standing SET geom = ST_SetSRID(ST_MakePoint(1, 1), 4326)
"""


@pytest.mark.parametrize("statement", FORBIDDEN.splitlines())
def test_the_database_itself_forbids_rewriting_the_past(url: str, statement: str) -> None:
    fill(url, "1112000001")
    with pytest.raises((psycopg.IntegrityError, psycopg.errors.GeneratedAlways, psycopg.ProgrammingError)):
        execute(url, statement)


UNSOUND = """\
"lat": 90.1
"lat": -90.1
"lon": 180.1
"lon": -180.1
"lat": "NaN"
"version": 0
"status": -1
"status": 6
"street": "", "division": 1
"place": "", "division": 1
"street": "", "place": "thon 3", "division": 1
"street": "le loi", "division": null
"place": "thon 3", "division": null
"street": null, "place": null, "division": 1
"superseded_by": [1112000077]
"superseded_by": [1112000001, 1112000077]
"""

COMES = """INSERT INTO geoaddr.address
    SELECT (jsonb_populate_record(a, '{{"ndas": 1112000077, {}}}')).* FROM geoaddr.address AS a"""
BECOMES = """UPDATE geoaddr.address AS a
    SET ({0}) = (SELECT {0} FROM jsonb_populate_record(a, '{{{1}}}')) WHERE ndas = 1112000077"""


@pytest.mark.parametrize("parts", UNSOUND.splitlines())
def test_the_database_itself_keeps_no_address_that_is_not_sound(url: str, parts: str) -> None:
    """Neither when it comes nor when it is changed."""
    fill(url, "1112000001")
    with pytest.raises(psycopg.errors.CheckViolation):
        execute(url, COMES.format(parts))
    execute(url, COMES.format('"lat": -90, "lon": 180, "superseded_by": [1112000001]'))
    with pytest.raises(psycopg.errors.CheckViolation):
        execute(url, BECOMES.format(", ".join(re.findall(r'"(\w+)":', parts)), parts))


def test_what_was_withdrawn_stays_so_whoever_writes(url: str) -> None:
    registry = fill(url, "1112000001", "1112000002")
    registry.erase("1112000001", reason="asked for")
    for statement in (
        "UPDATE geoaddr.address SET status = 2 WHERE ndas = 1112000001",
        "UPDATE geoaddr.event SET details = '{}' WHERE ndas = 1112000002",
        "UPDATE geoaddr.event SET actor = 'x' WHERE ndas = 1112000001",
        "UPDATE geoaddr.event SET kind = 'issued' WHERE ndas = 1112000001",
        "DELETE FROM geoaddr.event WHERE ndas = 1112000001",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation):
            execute(url, statement)
    assert registry.verify() == []


def test_partitions_come_with_the_codes_that_need_them(postgres: Server, database: str) -> None:
    registry = fill(postgres.url(database), "1112000001", "9900000001", "0012300001")
    tables = postgres.execute(
        database,
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent IN ('geoaddr.address'::regclass, 'geoaddr.event'::regclass)",
    )
    expected = {f"geoaddr.{parent}_{prefix}" for parent in ("address", "event") for prefix in ("00", "11", "99")}
    assert {name for (name,) in tables} == expected
    asked = "EXPLAIN SELECT * FROM geoaddr.address WHERE ndas = 1112000001"
    plan = " ".join(line for (line,) in postgres.execute(database, asked))
    assert "address_11" in plan
    assert "address_99" not in plan
    assert registry.verify() == []


def test_maps_see_the_points(postgres: Server, url: str) -> None:
    registry = fill(url, "1112000001", "1112000002")
    registry.retire("1112000002")
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT ndas, ST_X(geom), ST_Y(geom), ST_SRID(geom) FROM geoaddr.standing"
            " WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(105.8346, 21.0368), 4326)::geography, 1)"
        ).fetchall()
    assert found == [(1112000001, 105.8346, 21.0368, 4326)]


def test_an_export_is_one_state_while_others_write(url: str) -> None:
    registry = fill(url, *(f"11120{n:05}" for n in range(5000)))
    records = registry.export()
    first = next(records)
    registry.retire("1112004000")
    rest = list(records)
    assert first.ndas == "1112000000"
    assert {record.status for record in rest} == {"live"}
    assert len(rest) == 4999


def test_threads_share_a_store_and_wait_for_its_connections(url: str) -> None:
    codes = [f"11120{n:05}" for n in range(40)]
    registry = fill(url, *codes)
    threads = SIZE + 4
    ready = threading.Barrier(threads)

    def work(n: int) -> list[str]:
        ready.wait()
        mine = codes[n::threads]
        for code in mine:
            registry.retire(code)
        return [record.status for record in registry.find_many(mine) if record]

    with ThreadPoolExecutor(threads) as pool:
        statuses = [status for found in pool.map(work, range(threads)) for status in found]
    assert statuses == ["retired"] * 40
    assert registry.verify() == []


def test_a_forked_child_uses_connections_of_its_own(url: str) -> None:
    registry = fill(url, "1112000001", "1112000002")
    list(registry.export())
    child = os.fork()
    if child == 0:
        ok = registry.find("1112000001") is not None and registry.retire("1112000001").status == "retired"
        registry.close()
        os._exit(0 if ok else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert registry.get("1112000001").status == "retired"
    assert registry.retire("1112000002").status == "retired"
    assert registry.verify() == []


def test_a_store_is_usable_after_close(postgres: Server, database: str) -> None:
    registry = fill(postgres.url(database), "1112000001")
    assert connections(postgres, database) > 0
    registry.close()
    registry.close()
    assert connections(postgres, database) == 0
    assert registry.find("1112000001") is not None
    registry.close()


def connections(server: Server, database: str) -> int:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    ((number,),) = server.execute("postgres", asked, (database,))
    return int(number)


DAMAGE = {
    "storage": "ALTER TABLE geoaddr.address DISABLE TRIGGER standing_has_the_changed;"
    " UPDATE geoaddr.address SET lat = 10 WHERE ndas = 1112000001",
    "dangling": "INSERT INTO geoaddr.receipt VALUES ('k', 1112000077, 'created', 'd')",
    "likeness": """UPDATE geoaddr.address SET components = '{"street":"X"}' WHERE ndas = 1112000001""",
    "street": "UPDATE geoaddr.address SET street = 'x', division = 1 WHERE ndas = 1112000001",
    "feed": "INSERT INTO geoaddr.feed (ndas, number) VALUES (1112000001, 1)",
    "place": "UPDATE geoaddr.address SET place = 'x', division = 1 WHERE ndas = 1112000001",
    "history": "UPDATE geoaddr.address SET version = 3 WHERE ndas = 1112000001",
    "successors": "UPDATE geoaddr.address SET status = 4 WHERE ndas = 1112000001",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_verify_finds_damage(url: str, kind: str) -> None:
    fill(url, "1112000001", "1112000002").close()
    try:
        execute(url, DAMAGE[kind])
        found = Registry(PostgresStore(url)).verify()
    finally:
        execute(url, "ALTER TABLE geoaddr.address ENABLE TRIGGER ALL")
    expected = {"feed": "storage", "place": "street"}.get(kind, kind)
    assert expected in {problem.kind for problem in found}, found


def test_verify_names_safeguards_that_are_off_and_indexes_that_are_not_valid(url: str) -> None:
    fill(url, "1112000001").close()
    try:
        execute(url, "ALTER TABLE geoaddr.event_11 DISABLE TRIGGER event_is_never_changed")
        execute(url, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'geoaddr.alias_by_code'::regclass")
        found = [problem.said.en for problem in Registry(PostgresStore(url)).verify()]
    finally:
        execute(url, "ALTER TABLE geoaddr.event_11 ENABLE TRIGGER event_is_never_changed")
        execute(url, "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'geoaddr.alias_by_code'::regclass")
    assert any("alias_by_code" in said for said in found)
    assert any("event_11" in said for said in found)


ROLE_SAYS = [
    ("synchronous_commit", "off", "on"),
    ("default_transaction_isolation", "'repeatable read'", "read committed"),
]


@pytest.mark.parametrize(("setting", "said", "used"), ROLE_SAYS)
def test_what_codes_rely_on_holds_whatever_the_role_says(url: str, setting: str, said: str, used: str) -> None:
    """What is committed is on disk; a code is dealt by what those who were waited for have left."""
    execute(url, f"ALTER ROLE postgres SET {setting} = {said}")
    try:
        store = PostgresStore(url)
        with store._connections.primary() as connection:
            told: Any = connection.execute(f"SHOW {setting}").fetchone()
    finally:
        execute(url, f"ALTER ROLE postgres RESET {setting}")
    assert told == (used,)
