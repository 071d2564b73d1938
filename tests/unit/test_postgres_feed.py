"""The order of all events in PostgreSQL, where several write at the same time."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from geoaddr.model import Event
from geoaddr.registry import Draft, Registry
from geoaddr.registry.drafts import Note
from geoaddr.registry.issuing import proposal_of
from geoaddr.store import Told, Transaction
from geoaddr.stores.postgres import PostgresStore
from geoaddr.stores.postgres_issuing import issue
from geoaddr.stores.postgres_reads import _AFTER, _DIVISIONS, _OF
from geoaddr.stores.postgres_writing import Known
from tests.contract.worker import household
from tests.postgres_server import Server

KEY = bytes(range(32))


@pytest.fixture
def url(postgres: Server) -> str:
    """The URL of an empty registry."""
    return postgres.emptied(KEY)


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    opened = Registry(PostgresStore(url, busy_s=20))
    yield opened
    opened.close()


def kept(connection: psycopg.Connection[Any], registry: Registry, draft: Draft) -> str:
    """The code of a draft that is issued in a transaction that somebody else ends."""
    connection.execute("BEGIN")
    proposal = proposal_of(draft, Note("", "", "2026-03-01T08:00:00.000Z"), None)
    code = issue(connection, proposal, registry._codes, Known(), registry.store, where="here", busy_s=3)
    assert isinstance(code, str)
    return code


def noted(ndas: str, number: int) -> Event:
    return Event(ndas, number, "noted", "2026-03-01T08:00:00.000Z", "", "", {})


def test_who_commits_later_is_told_later_though_it_wrote_first(registry: Registry) -> None:
    """A reader that has seen the second writer's event would never look before it."""
    first, second = (registry.issue(household(n)).record.ndas for n in range(2))
    written, seen = threading.Event(), threading.Event()

    def slow(transaction: Transaction) -> None:
        transaction.append([noted(first, 2)])
        written.set()
        assert seen.wait(20)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(registry.store.write, slow)
        try:
            assert written.wait(20)
            registry.store.write(lambda t: t.append([noted(second, 2)]))
            before = registry.store.events_after(0, 100)
        finally:
            seen.set()
        done.result()
    assert [told.event.ndas for told in before] == [first, second, second]
    after = registry.store.events_after(before[-1].position, 100)
    assert [told.event for told in after] == [noted(first, 2)]


def test_nobody_reads_past_a_place_that_a_running_transaction_may_fill(registry: Registry, url: str) -> None:
    """One code at a time is issued without waiting for others, so the one who came first may commit last."""
    registry.issue(household(0))
    with psycopg.connect(url, autocommit=True) as slow:
        first = kept(slow, registry, household(1, "phố một"))
        far = replace(household(2, "phố hai"), area_code="11121")  # dealt without waiting for the first one's area
        late = registry.issue(far).record.ndas
        meanwhile = registry.store.events_after(1, 10)
        behind = registry.store.events_after(2, 10)
        slow.execute("COMMIT")
    assert registry.get(late).ndas == late
    assert meanwhile == []
    assert [told.event.ndas for told in behind] in ([], [late])
    assert [told.event.ndas for told in registry.store.events_after(1, 10)] == [first, late]
    assert registry.verify() == []


def test_what_an_undone_transaction_drew_holds_nobody_up(registry: Registry, url: str) -> None:
    registry.issue(household(0))
    with psycopg.connect(url, autocommit=True) as undone:
        lost = kept(undone, registry, household(1))
        undone.execute("ROLLBACK")
    code = registry.issue(household(1)).record.ndas
    assert code == lost
    told = registry.store.events_after(0, 10)
    assert [(one.position, one.event.ndas) for one in told][1:] == [(3, code)]


def test_a_writer_that_reads_the_order_holds_up_those_who_would_come_behind_it(registry: Registry) -> None:
    first, second = (registry.issue(household(n)).record.ndas for n in range(2))
    read, go_on = threading.Event(), threading.Event()

    def slow(transaction: Transaction) -> list[Told]:
        transaction.append([noted(first, 2)])
        found = transaction.events_after(0, 100)
        read.set()
        assert go_on.wait(20)
        return found

    with ThreadPoolExecutor(2) as pool:
        early = pool.submit(registry.store.write, slow)
        assert read.wait(20)
        late = pool.submit(registry.store.write, lambda t: t.append([noted(second, 2)]))
        waited = not late.done() and len(registry.store.events_after(0, 100)) == 2
        go_on.set()
        own = early.result()
        late.result()
    assert waited
    told = registry.store.events_after(0, 100)
    assert own == told[:3]
    assert [one.event.ndas for one in told] == [first, second, first, second]


def test_a_reader_misses_nothing_while_many_write(registry: Registry) -> None:
    writers, each = 4, 12
    registry.store.create()
    seen: list[Told] = []

    def write(n: int) -> None:
        for k in range(each):
            registry.issue(household(100 * n + k, f"phố {n}"))

    with ThreadPoolExecutor(writers) as pool:
        running = [pool.submit(write, n) for n in range(writers)]
        while not all(one.done() for one in running):
            seen += registry.store.events_after(seen[-1].position if seen else 0, 3)
        for one in running:
            one.result()
    seen += registry.store.events_after(seen[-1].position if seen else 0, 1000)
    assert seen == registry.store.events_after(0, 1000)
    assert len(seen) == writers * each
    assert registry.verify() == []


QUESTIONS = {
    "names of streets": (_OF["street"].names, ("x", "y", 9), "standing_by_street"),
    "names of places": (_OF["place"].names, ("x", "y", 9), "standing_by_place"),
    "streets of communes": (_OF["street"].names_in, (["00004"], "x", "y", 9), "streets_of_commune"),
    "places of communes": (_OF["place"].names_in, (["00004"], "x", "y", 9), "places_of_commune"),
    "houses of a street": (_OF["street"].houses, (["00004"], "x"), "street"),
    "houses at numbers": (_OF["place"].houses_at, (["00004"], "x", _DIVISIONS, 1, 9, 1, 2), "place"),
    "communes of a name": (_OF["street"].bearing, (["x"], ["00004"], _DIVISIONS), "street"),
    "doors of a name": (_OF["street"].met, (["00004"], _DIVISIONS, "x", "", "x", 1), "street"),
    "events": (_AFTER, (5, 10), "feed_pkey"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_go_by_their_index_and_names_by_it_alone(registry: Registry, question: str) -> None:
    registry.issue_many([(str(n), household(n, f"phố {n % 20}")) for n in range(200)])
    store = registry.store
    assert isinstance(store, PostgresStore)
    sql, values, index = QUESTIONS[question]
    with store._connections.whole() as connection:
        connection.execute("VACUUM ANALYZE geoaddr.standing")
    with store._connections.primary() as connection:
        plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN {sql}", values))
    assert re.search(rf"(using|on) \w*{index}", plan), plan
    assert "Seq Scan" not in plan
    if sql in (_OF["street"].names, _OF["street"].names_in, _OF["place"].names, _OF["place"].names_in):
        assert "Index Only Scan" in plan
