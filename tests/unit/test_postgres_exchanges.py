"""How often PostgreSQL is asked for a code, and what prepared questions outlive."""

from __future__ import annotations

from typing import Any

import pytest

from geoaddr.registry import Registry
from geoaddr.stores.postgres import PostgresStore
from tests.contract.worker import household
from tests.postgres_server import Server
from tests.registries import row

KEY = bytes(range(32))


@pytest.fixture
def url(postgres: Server) -> str:
    """The URL of an empty registry."""
    return postgres.emptied(KEY)


def fill(url: str, *codes: str) -> Registry:
    registry = Registry(PostgresStore(url))
    registry.load([row(code) for code in codes])
    return registry


def test_a_code_is_issued_in_one_exchange(postgres: Server, url: str) -> None:
    registry = Registry(PostgresStore(url))
    registry.issue(household(1))
    told = len(postgres.log().splitlines())
    assert registry.issue(household(2)).outcome == "created"
    said = [line for line in postgres.log().splitlines()[told:] if "LOG:" in line]
    assert len(said) == 1, said


def test_what_is_known_of_a_code_is_one_exchange(postgres: Server, url: str) -> None:
    registry = fill(url, "1112000001")
    assert registry.find_with_history("1112000001") is not None
    told = len(postgres.log().splitlines())
    assert registry.find_with_history("1112000001") is not None
    said = [line for line in postgres.log().splitlines()[told:] if "LOG:" in line]
    assert len(said) == 1, said
    assert "execute geoaddr_" in said[0]


def test_prepared_questions_outlive_a_transaction_that_was_undone(url: str) -> None:
    registry = fill(url, "1112000001")

    def failing(transaction: Any) -> None:
        assert transaction.records(["1112000001"])
        raise LookupError

    for _ in range(5):
        assert registry.find("1112000001") is not None
        with pytest.raises(LookupError):
            registry.store.write(failing)
    assert registry.store.connections().idle == 1
