"""Reading from a replica: what it may be behind in, and what it may not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from geoaddr.errors import SchemaMismatch, StoreUnavailable
from geoaddr.registry import Registry
from geoaddr.stores.postgres import PostgresStore
from tests.contract.worker import household
from tests.postgres_server import Server

SOON_S = 20.0


@pytest.fixture(scope="module")
def servers(postgres: Server) -> Iterator[tuple[Server, Server]]:
    """A primary and a replica that streams from it; the session's own server says whether there can be any."""
    primary = Server()
    try:
        replica = Server(base=primary)
    except BaseException:
        primary.remove()
        raise
    yield primary, replica
    replica.remove()
    primary.remove()


class Pair:
    """A registry with two stores: ``writer`` knows the primary alone, ``reader`` the replica as well."""

    def __init__(self, primary: Server, replica: Server) -> None:
        self.primary, self.replica = primary, replica
        self.database = primary.new_database()
        read = quote(f"{replica.folder}:{replica.port}", safe="")
        self.writer = Registry(PostgresStore(primary.url(self.database)))
        self.reader = Registry(PostgresStore(f"{primary.url(self.database)}&read={read}"))

    def replay(self, *, pause: bool) -> None:
        self.replica.execute("postgres", f"SELECT pg_wal_replay_{'pause' if pause else 'resume'}()")

    def caught_up(self) -> None:
        """Wait until the replica shows what the primary has."""
        ((written,),) = self.primary.execute("postgres", "SELECT pg_current_wal_lsn()::text")
        asked = f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"
        soon(lambda: self.replica.execute("postgres", asked) == [(True,)])


@pytest.fixture
def pair(servers: tuple[Server, Server]) -> Iterator[Pair]:
    pair = Pair(*servers)
    yield pair
    pair.replay(pause=False)
    pair.writer.close()
    pair.reader.close()


def soon(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_reads_go_to_the_replica_which_may_be_behind_other_processes(pair: Pair) -> None:
    code = pair.writer.issue(household(1)).record.ndas
    pair.caught_up()
    assert pair.reader.get(code).status == "proposed"
    pair.replay(pause=True)
    pair.writer.confirm(code)
    assert pair.writer.get(code).status == "verified"
    assert pair.reader.get(code).status == "proposed"
    assert len(pair.reader.history(code)) == 1
    assert pair.reader.communes_of("Quán Thánh") == {}
    pair.replay(pause=False)
    soon(lambda: pair.reader.get(code).status == "verified")
    assert pair.reader.communes_of("Quán Thánh") == {"00004": 1}


def test_what_a_process_wrote_it_reads_back_at_once(pair: Pair) -> None:
    first = pair.writer.issue(household(1)).record
    pair.caught_up()
    pair.replay(pause=True)
    second = pair.reader.issue(household(2)).record
    assert pair.reader.confirm(first.ndas).status == "verified"
    assert pair.reader.get(first.ndas).status == "verified"
    near = pair.reader.near(lat=second.point.lat, lon=second.point.lon, radius_m=1)
    assert [record.ndas for record, _ in near] == [second.ndas]
    pair.replay(pause=False)
    pair.caught_up()
    assert pair.reader.get(second.ndas) == second


def test_a_code_that_the_replica_does_not_have_yet_is_asked_of_the_primary(pair: Pair) -> None:
    pair.writer.issue(household(0))
    pair.caught_up()
    assert pair.reader.find("1112099999") is None
    pair.replay(pause=True)
    code = pair.writer.issue(household(1), idempotency_key="k").record.ndas
    assert pair.reader.find(code) is not None
    assert pair.reader.find_with_history(code) == (pair.writer.get(code), tuple(pair.writer.history(code)))
    assert pair.reader.find_many([code, "1112099999"])[1] is None
    assert pair.reader.store.receipt("k") is not None
    assert [event.number for event in pair.reader.history(code)] == [1]
    cursor = pair.writer.changes(limit=1000).cursor
    assert pair.reader.changes(cursor).cursor == cursor
    assert [change.ndas for change in pair.reader.changes("1").changes] == [code]


def test_lives_are_of_a_server_that_has_the_events_asked_about(pair: Pair) -> None:
    """Record and events of one state, from the primary where the replica does not have the last of them."""
    code = pair.writer.issue(household(0)).record.ndas
    pair.caught_up()
    pair.replay(pause=True)
    pair.writer.confirm(code)
    late = pair.writer.issue(household(1)).record.ndas
    asked = [{code: range(1, 2)}, {code: range(1, 3)}, {code: range(2, 3)}, {late: range(1, 2)}]
    found = [
        (record.version, [event.number for event in events])
        for wanted in asked
        for record, events in pair.reader.lives(wanted).values()
    ]
    assert found == [(1, [1]), (2, [1, 2]), (2, [2]), (1, [1])]


def test_a_registry_that_the_replica_does_not_have_yet_is_read_on_the_primary(pair: Pair) -> None:
    pair.caught_up()
    pair.replay(pause=True)
    code = pair.writer.issue(household(1)).record.ndas
    assert pair.reader.find(code) is not None
    assert pair.reader.history(code)


def test_a_replica_alone_can_be_read_and_not_written(pair: Pair) -> None:
    code = pair.writer.issue(household(1)).record.ndas
    pair.caught_up()
    alone = Registry(PostgresStore(pair.replica.url(pair.database), busy_s=1))
    assert [record.ndas for record in alone.export()] == [code]
    assert alone.stats()["addresses"] == 1
    assert alone.verify() == []
    with pytest.raises(StoreUnavailable, match="only reads"):
        alone.issue(household(2))
    alone.close()


def test_another_registry_is_not_read(servers: tuple[Server, Server], postgres: Server) -> None:
    primary, _ = servers
    for server in (primary, postgres):
        PostgresStore(server.url(server.new_database(name="elsewhere"))).create()
    read = quote(f"{postgres.folder}:{postgres.port}", safe="")
    mixed = Registry(PostgresStore(f"{primary.url('elsewhere')}&read={read}"))
    with pytest.raises(SchemaMismatch, match="another registry"):
        mixed.find("1112000001")


def test_the_primary_answers_where_no_replica_does(pair: Pair) -> None:
    code = pair.writer.issue(household(1)).record.ndas
    pair.caught_up()
    assert pair.reader.find(code) is not None
    pair.replica.stop()
    try:
        assert pair.reader.get(code).status == "proposed"
        pair.writer.confirm(code)
        assert pair.reader.get(code).status == "verified"
    finally:
        pair.replica.start()
