"""A kept connection to PostgreSQL that was lost while nobody used it: what is tried again, and what may not be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geoaddr.errors import StoreUnavailable
from geoaddr.registry import Registry
from geoaddr.stores.postgres import PostgresStore
from tests.contract.worker import household
from tests.postgres_server import Server
from tests.relay import Relay

KEY = bytes(range(32))


@pytest.fixture
def relay(postgres: Server) -> Iterator[Relay]:
    opened = Relay(postgres.port)
    yield opened
    opened.close()


@pytest.fixture
def registry(postgres: Server, relay: Relay) -> Iterator[Registry]:
    """An empty registry behind the relay."""
    database = postgres.emptied(KEY).removeprefix("postgresql://postgres@/").split("?")[0]
    url = postgres.tcp_url(database).replace(f":{postgres.port}/", f":{relay.port}/")
    opened = Registry(PostgresStore(url))
    yield opened
    opened.close()


# A connection that has not issued yet must be told how before it is asked to. One that has is asked at once; when
# no answer comes back, only the request's key tells whether the code was kept.
# what the connections were used for | what is lost | with a key | then
LOST = """
reading | question | no  | created
reading | question | yes | created
issuing | question | no  | unknown
issuing | question | yes | created
issuing | answer   | no  | unknown
issuing | answer   | yes | created
"""


@pytest.mark.parametrize("line", LOST.strip().splitlines())
def test_an_issue_over_a_lost_connection(registry: Registry, relay: Relay, line: str) -> None:
    used, lost, with_key, then = (cell.strip() for cell in line.split("|"))
    key = "k" if with_key == "yes" else None
    connections = registry.store._connections  # type: ignore[attr-defined]
    registry.find("1112099999")
    with connections.primary(), connections.primary():
        pass  # two are kept
    if used == "issuing":
        registry.issue(household(0))
    before = registry.stats()["addresses"]
    relay.lose(answer=lost == "answer")
    if then == "created":
        answered = registry.issue(household(1), idempotency_key=key)
        assert answered.outcome == "created"
        assert registry.find(answered.record.ndas) == answered.record
    else:
        with pytest.raises(StoreUnavailable, match="while the change was being kept"):
            registry.issue(household(1), idempotency_key=key)
    registry.close()  # what reads everything has lost its connection, too
    assert registry.stats()["addresses"] == before + (then == "created" or lost == "answer")
    assert registry.verify() == []


def test_what_is_read_over_a_lost_connection_is_read_over_a_new_one(registry: Registry, relay: Relay) -> None:
    """However many are lost at once."""
    code = registry.issue(household(0)).record.ndas
    connections = registry.store._connections  # type: ignore[attr-defined]
    with connections.primary(), connections.primary(), connections.primary():
        pass
    relay.lose()
    assert registry.get(code).ndas == code
