"""The service on a registry in PostgreSQL: several processes issue, and a server that is away is said to be."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
from service.settings import Settings
from tests.postgres_server import ESCAPED, PASSWORD, Server, free_port
from tests.service.households import household
from tests.service.running_services import RunningService


def client(pack: Pack, url: str) -> FlaskClient:
    return create_app(Geoaddr(pack, Registry(open_store(url, busy_s=2))), Settings(open=True)).test_client()


def test_two_services_issue_from_one_registry(opened_pack: Pack, postgres: Server) -> None:
    url = postgres.tcp_url(postgres.new_database())
    one, other = client(opened_pack, url), client(opened_pack, url)
    assert one.get("/readyz").status_code == 200
    codes = [
        service.post("/v1/addresses", json=household(n)).json["ndas"] for n, service in enumerate((one, other))
    ]
    assert len(set(codes)) == 2
    again = one.post("/v1/addresses", json=household(1))
    assert (again.status_code, again.json["ndas"]) == (200, codes[1])
    for service in (one, other):
        for code in codes:
            (reading,) = service.get(f"/v1/codes/{code}").json["readings"]
            assert (reading["code"], reading["status"]) == (code, "verified")


def test_a_server_that_is_away_is_not_shown_to_callers(
    opened_pack: Pack, postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    away = postgres.tcp_url("a").replace(f":{postgres.port}/", f":{free_port()}/")
    with caplog.at_level(logging.DEBUG):
        response = client(opened_pack, away).post("/v1/addresses", json=household(1))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert "127.0.0.1" not in response.text
    assert "nothing answers there" in caplog.text
    for secret in (PASSWORD, ESCAPED):
        assert secret not in response.text + caplog.text


def test_connections_are_counted_while_they_are_used(postgres: Server) -> None:
    store = open_store(postgres.url(postgres.new_database()))
    store.create()
    while_writing = store.write(lambda _: store.connections())
    after = store.connections()
    assert while_writing.most >= while_writing.in_use == 1
    assert (after.in_use, after.idle >= 1) == (0, True)


def test_connections_of_all_workers_are_among_the_figures(pack: Path, postgres: Server, tmp_path: Path) -> None:
    url = postgres.url(postgres.new_database())
    open_store(url).create()
    with RunningService(tmp_path, "--open", "--pack", str(pack), "--store", url) as service:
        assert service.ask("/readyz").status == 200
        service.until(lambda: 'geoaddr_store_connections{state="idle"} 1\n' in service.ask("/metrics").content)
        assert 'geoaddr_registry_info{engine="postgresql"} 1' in service.ask("/metrics").content
