"""Every error that the platform raises on purpose has its status; what is the operator's to mend says nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from geoaddr import errors
from geoaddr.errors import GeoaddrError, Said
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores.sqlite import SQLiteStore
from service.access import KeyRequired
from service.app import create_app
from service.errors import KINDS, kind_of
from service.settings import Settings
from tests.service.households import household

STATUSES = {
    "InvalidInput": 400, "InvalidCode": 400, "InvalidFormat": 400, "InvalidLength": 400, "InvalidChecksum": 400,
    "InvalidComponent": 400, "InvalidPoint": 400, "InvalidQuery": 400, "InvalidDate": 400,
    "NotFound": 404, "UnknownUnit": 404, "UnknownAddress": 404,
    "Conflict": 409, "AlreadyIssued": 409, "AreaExhausted": 409, "StaleVersion": 409,
}  # fmt: skip
OPERATORS = {"DataError", "StoreError", "StoreUnavailable", "SchemaMismatch", "MissingExtra", "FieldError"}


def tree(root: type[GeoaddrError]) -> Iterator[type[GeoaddrError]]:
    for child in root.__subclasses__():
        yield child
        yield from tree(child)


def test_every_class_of_the_core_is_one_or_the_other() -> None:
    own = {c.__name__ for c in tree(GeoaddrError) if c.__module__ == errors.__name__}
    assert own == set(STATUSES) | OPERATORS


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_status(name: str, status: int) -> None:
    kind = kind_of(getattr(errors, name)("field", "value", "reason"))
    assert kind is not None
    assert kind.status == status


def test_operators_errors_have_none() -> None:
    assert kind_of(errors.StoreUnavailable(Said("a", "b"))) is None
    assert kind_of(errors.DataError("pack", "broken")) is None
    assert kind_of(errors.MissingExtra("x", "y")) is None


def test_types_are_told_apart_and_titles_are_in_both_languages() -> None:
    names = [kind.name for kind in KINDS.values()]
    assert len(names) == len(set(names))
    for kind in KINDS.values():
        assert kind.title.en != kind.title.vi
    assert KINDS[KeyRequired].status == 401


def test_a_registry_that_is_busy_for_too_long(
    opened_pack: Pack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another program holds the registry: 503, when to come back, and the reason in the log alone."""
    path = tmp_path / "registry.db"
    ga = Geoaddr(opened_pack, Registry(SQLiteStore(path, busy_s=0.1)))
    client = create_app(ga, Settings(open=True)).test_client()
    client.post("/v1/addresses", json=household(1))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.ERROR, "geoaddr.service"):
        response = client.post("/v1/addresses", json=household(2), headers={"Accept-Language": "vi"})
    holder.execute("ROLLBACK")
    holder.close()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json["title"] == "Dịch vụ hiện không trả lời được"
    assert "registry" not in response.text
    assert "StoreUnavailable" in caplog.text
    assert client.post("/v1/addresses", json=household(2)).status_code == 201
    ga.close()
