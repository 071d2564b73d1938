"""The roles of a registry in PostgreSQL, as the how-to page sets them up: each can do its work and no more."""

from __future__ import annotations

import re

import psycopg
import pytest
from psycopg import errors as pg

from geoaddr.errors import StoreUnavailable
from geoaddr.model import Alias
from geoaddr.registry import Registry
from geoaddr.stores.postgres import PostgresStore
from tests.contract.worker import household
from tests.postgres_server import PASSWORD, Server, statements_of_the_page
from tests.registries import row

KEY = bytes(range(32))


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


@pytest.fixture(scope="module")
def addresses(postgres: Server) -> str:
    """A database as the how-to page sets it up, with the roles that it makes."""
    roles, extension, service, reader, _ = statements_of_the_page()
    for statement in re.sub(r"PASSWORD '[^']*'", f"PASSWORD '{PASSWORD}'", roles).split(";")[:-1]:
        postgres.execute("postgres", statement)
    postgres.execute("addresses", extension)
    PostgresStore(postgres.tcp_url("addresses", "geoaddr_owner"), key=KEY).create()
    with psycopg.connect(postgres.url("addresses"), autocommit=True) as owner:
        owner.execute("SET ROLE geoaddr_owner")
        owner.execute(service)
    for statement in re.sub(r"PASSWORD '[^']*'", f"PASSWORD '{PASSWORD}'", reader).split(";")[:-1]:
        postgres.execute("addresses", statement)
    return "addresses"


def test_the_service_does_its_work_with_the_rights_that_the_page_gives(postgres: Server, addresses: str) -> None:
    service = Registry(PostgresStore(postgres.tcp_url(addresses, "geoaddr_service")))
    codes = [service.issue(household(n), idempotency_key=f"k{n}").record.ndas for n in range(3)]
    service.issue_many([(str(n), household(n + 10)) for n in range(60)], batch_id="b")
    assert service.load([row("9900000001")]).loaded == 1  # in a partition of its own
    service.confirm(codes[0])
    service.add_alias(codes[0], Alias("parcel", "w"))
    service.supersede(codes[1], [codes[0]])
    service.retire(codes[2])
    assert service.erase(codes[2], reason="asked for").status == "withdrawn"
    assert service.changes(limit=1000).changes[-1].kind == "erased"
    assert service.store.create() is False
    assert service.near(lat=21.0, lon=105.8346, radius_m=1)[0][0].ndas == codes[0]
    assert service.verify() == []
    service.close()


REFUSED = [
    "DELETE FROM geoaddr.address",
    "UPDATE geoaddr.event SET reason = ''",
    "TRUNCATE geoaddr.area",
    "UPDATE geoaddr.registry SET schema_version = 2",
    "DELETE FROM geoaddr.standing",
    "INSERT INTO geoaddr.feed (ndas, number) VALUES (1112000001, 1)",
    "DELETE FROM geoaddr.feed",
    "DROP TABLE geoaddr.area",
    "CREATE TABLE geoaddr.t (x int)",
    "CREATE SCHEMA other",
    "CREATE TEMPORARY TABLE event (x int)",
    "ALTER TABLE geoaddr.address DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("role", ["geoaddr_service", "geoaddr_reader"])
def test_nobody_can_do_more_than_the_page_says(
    postgres: Server, addresses: str, role: str, statement: str
) -> None:
    with psycopg.connect(postgres.tcp_url(addresses, role), autocommit=True) as connection:
        for _ in connection.execute("SELECT 1 FROM geoaddr.area"):
            pass
        with pytest.raises(pg.InsufficientPrivilege):
            connection.execute(statement)


OF_THE_OWNER = ("address", "event", "standing", "feed", "area", "receipt", "batch_row")

SHADOW = """CREATE TEMPORARY TABLE {table} (LIKE geoaddr.{table} INCLUDING ALL);
    CREATE TRIGGER taken BEFORE INSERT OR UPDATE OR DELETE ON pg_temp.{table}
        FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.take();
    GRANT ALL ON pg_temp.{table} TO PUBLIC"""

TAKE = """CREATE TEMPORARY TABLE taken (by_role text);
    GRANT ALL ON pg_temp.taken TO PUBLIC;
    CREATE FUNCTION pg_temp.take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO pg_temp.taken VALUES (TG_TABLE_NAME || ' as ' || current_user); RETURN NULL; END $$"""


@pytest.fixture
def open_to_all(postgres: Server, addresses: str) -> str:
    """A registry with the roles of the page in a database where everyone may make temporary tables."""
    database = postgres.new_database()
    postgres.execute("postgres", f"GRANT CREATE ON DATABASE {database} TO geoaddr_owner")
    PostgresStore(postgres.tcp_url(database, "geoaddr_owner"), key=KEY).create()
    with psycopg.connect(postgres.url(database), autocommit=True) as owner:
        owner.execute("SET ROLE geoaddr_owner")
        owner.execute(statements_of_the_page()[2])
    return database


def test_no_temporary_table_is_taken_for_one_of_the_registry(postgres: Server, open_to_all: str) -> None:
    """What the service's session makes runs with the service's rights, and never with the owner's."""
    store = PostgresStore(postgres.tcp_url(open_to_all, "geoaddr_service"))
    service = Registry(store)
    code = service.issue(household(1)).record.ndas
    erased = service.issue(household(2)).record.ndas
    service.erase(erased, reason="asked for")
    with store._connections.primary() as session:
        session.execute(TAKE)
        for table in OF_THE_OWNER:
            session.execute(SHADOW.format(table=table))
    issued = service.issue(household(3)).record.ndas
    with store._connections.primary() as session:
        assert session.execute("SELECT by_role FROM pg_temp.taken").fetchall() == []
        session.execute(f"UPDATE geoaddr.address SET likeness = likeness WHERE ndas = {code}")
        session.execute(f"SELECT geoaddr.tell('{{{code}}}', '{{2}}')")
        session.execute(f"SELECT geoaddr.redact({erased}, ARRAY[1], ARRAY[''], ARRAY[''], ARRAY['{{}}'])")
        session.execute("SELECT geoaddr.make_partition(98)")
        assert session.execute("SELECT by_role FROM pg_temp.taken").fetchall() == []
        ((kept,),) = session.execute(f"SELECT count(*) FROM geoaddr.event WHERE ndas = {issued}").fetchall()
    assert kept == 1
    service.close()


def test_whatever_runs_as_the_owner_looks_into_temporary_tables_last(postgres: Server, addresses: str) -> None:
    """Of the registry's own; what there is to run as the owner is told by the server."""
    rows = postgres.execute(
        addresses,
        "SELECT proname, array_to_string(proconfig, ';') FROM pg_proc"
        " WHERE pronamespace = 'geoaddr'::regnamespace AND prosecdef",
    )
    assert {"issue", "make_partition", "redact", "standing_follows", "tell"} <= {name for name, _ in rows}
    assert {config for _, config in rows} == {"search_path=pg_catalog, geoaddr, pg_temp"}


def test_a_reader_reads_and_neither_writes_nor_sees_the_key(postgres: Server, addresses: str) -> None:
    service = Registry(PostgresStore(postgres.tcp_url(addresses, "geoaddr_service")))
    code = service.issue(household(1)).record.ndas
    reader = Registry(PostgresStore(postgres.tcp_url(addresses, "geoaddr_reader")))
    assert reader.get(code).ndas == code
    assert code in {record.ndas for record in reader.export()}
    assert reader.stats()["addresses"] == service.stats()["addresses"]
    for verb in (lambda: reader.issue(household(99)), reader.store.key, lambda: reader.confirm(code)):
        with pytest.raises(StoreUnavailable, match="lacks a right"):
            verb()
    assert code in {change.ndas for change in reader.changes(limit=1000).changes}
    for statement in ("SELECT geoaddr.tell('{}', '{}')", "SELECT geoaddr.redact(1, '{}', '{}', '{}', '{}')"):
        with pytest.raises(pg.InsufficientPrivilege):
            execute(postgres.tcp_url(addresses, "geoaddr_reader"), statement)
    assert list(reader.store.check()) == []


def test_a_role_that_may_not_make_tables_is_told_so(postgres: Server, addresses: str) -> None:
    """The service's role in a database where no owner has made a registry."""
    empty = postgres.new_database()
    with pytest.raises(StoreUnavailable, match="lacks a right"):
        Registry(PostgresStore(postgres.tcp_url(empty, "geoaddr_service"))).issue(household(1))
    bare = postgres.new_database("template0")
    postgres.execute("postgres", f"GRANT CREATE ON DATABASE {bare} TO geoaddr_owner")
    with pytest.raises(StoreUnavailable, match="CREATE EXTENSION postgis"):
        PostgresStore(postgres.tcp_url(bare, "geoaddr_owner")).create()
