"""A registry in PostgreSQL when things go wrong: passwords, lost connections, conflicts, copies."""

from __future__ import annotations

import re
import shlex
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as pg

from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.errors import SchemaMismatch, StoreError, StoreUnavailable
from geoaddr.model import Alias, Cell
from geoaddr.registry import Issued, Registry
from geoaddr.store import Transaction
from geoaddr.stores.postgres import PostgresStore
from geoaddr.stores.postgres_errors import store_error
from geoaddr.stores.postgres_locks import ALL, HOUSEHOLDS, LOCKS
from tests.contract.worker import household
from tests.postgres_server import ESCAPED, PASSWORD, Server, free_port, statements_of_the_page
from tests.registries import row

KEY = bytes(range(32))
HERE = Cell(20.0, 105.0, 22.0, 106.0)


@pytest.fixture
def url(postgres: Server) -> str:
    """The URL of an empty registry."""
    return postgres.emptied(KEY)


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    opened = Registry(PostgresStore(url))
    yield opened
    opened.close()


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_a_database_that_cannot_hold_vietnamese_is_refused(postgres: Server) -> None:
    postgres.execute("postgres", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StoreUnavailable, match="has the encoding LATIN1"):
        PostgresStore(postgres.url("latin")).create()


def refusal(url: str) -> str:
    """What is said in both languages by whatever is tried first."""
    with pytest.raises(StoreUnavailable) as caught:
        Registry(PostgresStore(url, busy_s=1)).find("1112000001")
    told = f"{caught.value} | {caught.value.message('vi')}"
    assert "\n" not in told
    return told


def test_what_cannot_be_reached_is_said_in_one_line_without_the_password(postgres: Server, url: str) -> None:
    name = url.split("?")[0].rpartition("/")[2]
    cases = {
        postgres.tcp_url(name, password="wr0ng"): "the password was refused | mật khẩu bị từ chối",
        postgres.tcp_url(name, user="nobody"): "the password was refused | mật khẩu bị từ chối",
        postgres.tcp_url("absent"): "there is no database absent | không có cơ sở dữ liệu absent",
        f"postgresql://me:wr0ng@127.0.0.1:{free_port()}/a": "nothing answers there | không có máy chủ trả lời",
        "postgresql://me:wr0ng@nowhere.invalid/a": "the host is not known | không tìm thấy máy chủ",
        "postgresql://me:wr0ng@/a?host=/nowhere": "nothing answers there | không có máy chủ trả lời",
        postgres.tcp_url(name) + "?sslmode=require": "no encrypted connection could be agreed on",
    }
    for bad, expected in cases.items():
        told = refusal(bad)
        for said in expected.split(" | "):
            assert said in told
        for secret in ("wr0ng", PASSWORD, ESCAPED):
            assert secret not in told


def test_a_server_that_was_restarted_is_found_again(registry: Registry, postgres: Server) -> None:
    code = registry.issue(household(1)).record.ndas
    list(registry.export())
    postgres.stop()
    with pytest.raises(StoreUnavailable, match="nothing answers there"):
        registry.find(code)
    postgres.start()
    assert registry.find(code) is not None
    assert registry.issue(household(2)).outcome == "created"


def kill_others(url: str) -> None:
    """End every other session of the database, as a fault of the network would."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_the_server_has_closed_are_not_used(registry: Registry, url: str) -> None:
    code = registry.issue(household(1)).record.ndas
    kill_others(url)
    assert registry.find(code) is not None
    kill_others(url)
    assert registry.issue(household(2)).outcome == "created"


def test_a_connection_that_breaks_before_the_commit_is_no_loss(registry: Registry, url: str) -> None:
    tries = []

    def work(transaction: Transaction) -> set[str]:
        transaction.set_positions({"11120": 7})
        tries.append(1)
        if len(tries) == 1:
            kill_others(url)
        return transaction.issued(["1112000001"])

    assert registry.store.write(work) == set()
    assert len(tries) == 2
    assert registry.store.positions() == {"11120": 7}


def test_a_connection_that_breaks_in_the_commit_is_not_tried_again(registry: Registry, url: str) -> None:
    """It cannot be known whether the server has kept the change, so it is not made a second time."""
    tries = []

    def work(transaction: Transaction) -> None:
        transaction.issued(["1112000001"])
        transaction.set_positions({"11120": 7})
        tries.append(1)
        kill_others(url)

    with pytest.raises(StoreUnavailable, match="while the change was being kept"):
        registry.store.write(work)
    assert len(tries) == 1
    assert registry.store.positions() == {}
    assert registry.issue(household(1)).outcome == "created"


@pytest.mark.parametrize("key", [None, "k"])
def test_a_connection_that_breaks_while_a_code_is_kept(registry: Registry, url: str, key: str | None) -> None:
    """Without an idempotency key it is told as such; with one the request is made again, and there is one code."""
    area = household(1).area_code
    registry.issue(household(0))
    with psycopg.connect(url, autocommit=True) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, int(area)))
        late = pool.submit(registry.issue, household(1), idempotency_key=key)
        waiting = "FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not other.execute(f"SELECT {waiting}").fetchall():
            threading.Event().wait(0.01)
        other.execute(f"SELECT pg_terminate_backend(pid, 5000) {waiting}")
        other.execute("SELECT pg_advisory_unlock_all()")
        if key is None:
            with pytest.raises(StoreUnavailable, match="while the change was being kept"):
                late.result()
        else:
            assert late.result().outcome == "created"
    assert registry.issue(household(1), idempotency_key="k").outcome == "created"
    assert registry.stats()["addresses"] == 2


def test_a_code_that_was_loaded_is_passed_over(registry: Registry, url: str) -> None:
    """The area's order leads to codes that came from elsewhere: they are found out, then looked for at first."""
    fresh = IssuingOrder(KEY)
    taken = [f"11120{fresh.extension('11120', n)}" for n in (0, 1, 3)]
    registry.load([row(code) for code in taken])
    codes = [registry.issue(household(n)).record.ndas for n in range(3)]
    assert codes == [f"11120{fresh.extension('11120', n)}" for n in (2, 4, 5)]
    assert registry.verify() == []


def test_codes_that_other_processes_dealt_meanwhile_are_passed_over(registry: Registry, url: str) -> None:
    """What a process remembers of an area may be behind by more than it sends along, or ahead of a copy."""
    other = Registry(PostgresStore(url))
    dealt = [registry.issue(household(0)).record.ndas]
    dealt += [other.issue(household(n)).record.ndas for n in range(1, 70)]
    dealt += [registry.issue(household(n)).record.ndas for n in range(70, 73)]
    other.close()
    fresh = IssuingOrder(KEY)
    assert dealt == [f"11120{fresh.extension('11120', n)}" for n in range(73)]
    execute(url, "UPDATE geoaddr.area SET position = 5")
    assert registry.issue(household(73)).record.ndas == f"11120{fresh.extension('11120', 73)}"
    assert registry.verify() == []


def test_an_address_that_is_there_is_told_without_a_transaction(registry: Registry, url: str) -> None:
    """As long as it stands: what others retire is nobody's household."""
    first = registry.issue(household(1)).record
    assert registry.issue(household(1)) == Issued(first, "existing")
    registry.retire(first.ndas)
    assert registry.issue(household(1)).outcome == "created"


def test_an_erased_address_is_not_named_by_a_receipt_that_comes_at_the_same_time(
    registry: Registry, postgres: Server
) -> None:
    code = registry.issue(household(1)).record.ndas
    done = threading.Event()

    def ask_again() -> int:
        n = 0
        while not done.is_set():
            registry.issue(household(1), idempotency_key=f"k{n}")
            n += 1
        return n

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask_again)
        threading.Event().wait(0.2)
        registry.erase(code, reason="asked for")
        done.set()
        count = asked.result()
    receipts = [registry.store.receipt(f"k{n}") for n in range(count)]
    assert {receipt.digest for receipt in receipts if receipt is not None and receipt.ndas == code} <= {""}
    assert registry.verify() == []


def test_a_writer_that_waits_in_vain_says_so(registry: Registry, url: str) -> None:
    registry.issue(household(1))
    late = Registry(PostgresStore(url, busy_s=0.2))
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE geoaddr.area IN EXCLUSIVE MODE")
        with pytest.raises(StoreUnavailable, match="too long"):
            late.issue(household(2))
        assert late.find("1112000001") is None  # reading waits for nobody
    assert late.issue(household(2)).outcome == "created"


def test_all_that_an_issue_waits_for_is_waited_for_as_long_as_one_lock(registry: Registry, url: str) -> None:
    """First the household is held, and, once that was let go, the area."""
    registry.issue(household(0))
    late = Registry(PostgresStore(url, busy_s=2.0))
    late.issue(household(1))
    with (
        psycopg.connect(url, autocommit=True) as first,
        psycopg.connect(url, autocommit=True) as second,
        ThreadPoolExecutor(1) as pool,
    ):
        first.execute("SELECT pg_advisory_lock(%s, %s)", (HOUSEHOLDS, ALL))
        second.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, int(household(2).area_code)))
        began = time.monotonic()
        asked = pool.submit(late.issue, household(2))
        threading.Event().wait(1.2)
        first.execute("SELECT pg_advisory_unlock_all()")
        with pytest.raises(StoreUnavailable, match="too long"):
            asked.result()
        assert 1.2 < time.monotonic() - began < 3.0  # with 2 s for each it would be 3.2
    assert late.issue(household(2)).outcome == "created"
    late.close()


def test_writers_of_one_area_who_meet_are_all_served(url: str) -> None:
    """Each holds the area for a while, so without a queue most would be refused again and again."""
    stores = [PostgresStore(url, busy_s=20) for _ in range(6)]
    stores[0].create()
    calls = []

    def advance(transaction: Transaction) -> int:
        calls.append(1)
        position = transaction.lock_areas(["11120"])["11120"]
        threading.Event().wait(0.02)
        transaction.set_positions({"11120": position + 1})
        return position

    with ThreadPoolExecutor(6) as pool:
        positions = [
            p for found in pool.map(lambda s: [s.write(advance) for _ in range(5)], stores) for p in found
        ]
    assert sorted(positions) == list(range(30))
    assert len(calls) <= 90
    for store in stores:
        store.close()


def test_a_long_transaction_is_not_overtaken_for_ever(url: str) -> None:
    """It reads what others write, and writes what they read, as a large load does."""
    small, large = (Registry(PostgresStore(url, busy_s=20)) for _ in range(2))
    small.issue(household(0))
    done = threading.Event()

    def many_small() -> int:
        n = 0
        while not done.is_set():
            n += 1
            small.issue(household(n, f"phố {n}"))
        return n

    def work(transaction: Transaction) -> int:
        near = len(transaction.points_in(HERE))
        transaction.set_positions({"99999": near})
        threading.Event().wait(0.3)
        transaction.set_positions({"11120": 0})
        transaction.issued([f"11120{n:05}" for n in range(1000)])
        return near

    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(many_small)
        try:
            large.store.write(work)
        finally:
            done.set()
        assert others.result() > 3
    assert small.verify() == []


def test_what_was_erased_is_not_in_the_files_once_they_are_written_anew(postgres: Server) -> None:
    """By the statement that the page names."""
    database = postgres.new_database()
    registry = Registry(PostgresStore(postgres.url(database)))
    codes = [answer.record.ndas for answer in registry.issue_many([(str(n), household(n)) for n in range(50)])]
    registry.amend(codes[7], {"poi": "Quán Cà Phê Bí Mật"}, actor="postman 7", evidence="photo-9-of-the-gate")
    registry.add_alias(codes[7], Alias("parcel", "w7er8u0fu300"))
    written = [text.encode() for text in ("Bí Mật", "bi mat", "photo-9-of-the-gate", "w7er8u0fu300")]
    ((folder,),) = postgres.execute(database, "SELECT pg_relation_filepath('pg_class')")

    def found() -> list[bytes]:
        postgres.execute(database, "CHECKPOINT")
        files = [file.read_bytes() for file in (postgres.folder / "data" / folder).parent.iterdir()]
        return [text for text in written if any(text in data for data in files)]

    assert found() == written
    registry.erase(codes[7], reason="asked for")
    postgres.execute(database, statements_of_the_page()[-1].replace("_11", f"_{codes[7][:2]}"))
    assert found() == []
    assert registry.verify() == []
    registry.close()


def test_the_command_that_is_named_makes_a_copy_that_restores(
    registry: Registry, postgres: Server, tmp_path: Path
) -> None:
    codes = [registry.issue(household(n)).record.ndas for n in range(5)]
    registry.add_alias(codes[0], Alias("parcel", "w"))
    registry.supersede(codes[1], [codes[0]])
    target = tmp_path / "copy.dump"
    with pytest.raises(StoreUnavailable) as caught:
        registry.backup(target)
    assert not target.exists()
    command = shlex.split(re.findall(r"pg_dump .*", str(caught.value))[0])
    assert command[:-1] == ["pg_dump", "-Fc", "-n", "geoaddr", "-f", str(target)]
    source = registry.store._connections.place.primary["dbname"]
    _client(postgres, *command[:-1], postgres.url(source))
    restored = postgres.new_database()
    _client(postgres, "pg_restore", "-d", postgres.url(restored), str(target))
    copy = Registry(PostgresStore(postgres.url(restored)))
    assert list(copy.store.scan()) == list(registry.store.scan())
    assert copy.store.key() == KEY
    assert copy.verify() == []
    assert copy.issue(household(0)).outcome == "existing"
    assert copy.issue(household(77)).outcome == "created"


def _client(server: Server, *command: str) -> None:
    done = subprocess.run([str(server.programs / command[0]), *command[1:]], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


MEANINGS = [
    (pg.DiskFull, StoreUnavailable, "the server's disk is full"),
    (pg.TooManyConnections, StoreUnavailable, "the server has no connection free"),
    (pg.QueryCanceled, StoreUnavailable, "the server took too long to answer"),
    (pg.SerializationFailure, StoreUnavailable, "other writers kept it busy for too long"),
    (pg.ReadOnlySqlTransaction, StoreUnavailable, "the server only reads: it is a replica"),
    (pg.UndefinedTable, SchemaMismatch, "the tables are not those of its schema's version"),
    (pg.IndexCorrupted, StoreError, "damaged; restore a backup"),
]


@pytest.mark.parametrize(("kind", "expected", "words"), MEANINGS)
def test_what_the_server_says_is_told_in_the_platforms_words(
    kind: type[psycopg.Error], expected: type[StoreError], words: str
) -> None:
    said = store_error(kind("password=s3cret"), "here")
    assert type(said) is expected
    assert str(said) == f"here: {words}"
    assert said.message("vi").startswith("here: ")
    assert said.message("vi") != str(said)


def test_a_mistake_of_ours_is_not_taken_for_the_servers() -> None:
    assert store_error(pg.SyntaxError("at or near"), "here") is None
