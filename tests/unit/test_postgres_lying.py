"""What lies on many streets, and what it is called, as questions to PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from geoaddr.registry import Registry
from geoaddr.stores.postgres import PostgresStore
from geoaddr.stores.postgres_lying import _LYING_OF, _NAMING
from tests.contract.worker import household
from tests.postgres_server import Server

STREETS = 20


@pytest.fixture
def registry(postgres: Server) -> Iterator[Registry]:
    opened = Registry(PostgresStore(postgres.emptied(bytes(range(32)))))
    opened.issue_many([(str(n), household(n, f"phố {n % STREETS}")) for n in range(200)])
    yield opened
    opened.close()


def test_many_streets_are_one_exchange_and_their_names_another(postgres: Server, registry: Registry) -> None:
    store = registry.store
    asked = [(name.key, ("00004", "00008")) for name in store.names("street", "")]
    assert len(asked) == STREETS
    told = len(postgres.log().splitlines())
    lying = store.lying("street", asked)
    named = store.naming([code for _, code, *_ in lying.rows])
    said = [line for line in postgres.log().splitlines()[told:] if "LOG:" in line]
    assert len(said) == 2, said
    assert len(named) == len(lying.rows) == 200
    streets = {id(components): components.street for components in named.values()}
    assert sorted(streets.values()) == sorted(f"phố {n}" for n in range(STREETS))  # one object for each


def test_they_go_by_their_index_and_leave_other_partitions_out(registry: Registry) -> None:
    store = registry.store
    assert isinstance(store, PostgresStore)
    with store._connections.whole() as connection:
        connection.execute("VACUUM ANALYZE geoaddr.standing")
        connection.execute("SELECT geoaddr.make_partition(12)")
    with store._connections.primary() as connection:
        asked = (_LYING_OF["street"], ([0, 1], ["1", "2"], ["00004", "00008"]))
        lying, naming = (
            "\n".join(line for (line,) in connection.execute(f"EXPLAIN {sql}", values))
            for sql, values in (asked, (_NAMING, ([1112000001, 1112000002], 1112000001, 1112000002)))
        )
    assert re.search(r"(using|on) (standing_by_street|streets_of_commune)", lying), lying
    assert "Seq Scan" not in lying
    assert "address_11" in naming
    assert "address_12" not in naming
