"""What ``/readyz`` says while a part of the service cannot be used: which, and nothing of the inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from geoaddr.errors import SchemaMismatch
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
from service.keys.database import FORWARD, open_database
from service.keys.keyring import Keyring
from service.settings import Settings
from tests.disks import fill, only_for_reading, small_disk
from tests.postgres_server import PASSWORD, Server
from tests.service.access import Served
from tests.service.households import household
from tests.service.running_services import RunningService

SAID = {
    "registry": ("the registry cannot be read", "không đọc được sổ đăng ký"),
    "keys": (
        "the keys cannot be read, or the trail not written",
        "không đọc được khóa truy cập hoặc không ghi được nhật ký",
    ),
}


def assert_names(ask: Callable[..., tuple[int, dict[str, object]]], part: str) -> None:
    """That ``/readyz`` names this part in both languages, and no place."""
    for lang, said in zip(("en", "vi"), SAID[part], strict=True):
        status, problem = ask(lang)
        assert (status, problem["type"]) == (503, "urn:geoaddr:problem:not-ready")
        assert (problem["field"], problem["detail"], problem["value"]) == (part, said, None)


def of_client(app: object) -> Callable[..., tuple[int, dict[str, object]]]:
    def ask(lang: str) -> tuple[int, dict[str, object]]:
        response = app.test_client().get("/readyz", headers={"Accept-Language": lang})  # type: ignore[attr-defined]
        assert response.headers["Retry-After"] == "1"
        return response.status_code, response.json

    return ask


def of_service(service: RunningService) -> Callable[..., tuple[int, dict[str, object]]]:
    def ask(lang: str) -> tuple[int, dict[str, object]]:
        told = service.ask("/readyz", Accept_Language=lang)
        return told.status, told.content

    return ask


def later(path: Path) -> None:
    """Stamp a file with a schema that is yet to come."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def test_a_registry_of_a_later_schema(opened_pack: Pack, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    url = f"sqlite:///{tmp_path}/registry.db"
    open_store(url).create()
    later(tmp_path / "registry.db")
    app = create_app(Geoaddr(opened_pack, Registry(open_store(url))), Settings(open=True))
    assert_names(of_client(app), "registry")
    assert "schema 99" in caplog.text  # for the operator, in one line
    assert "Traceback" not in caplog.text


def test_keys_of_a_later_schema(ga: Geoaddr, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    served = Served(ga, tmp_path)
    served.key(["area"])
    served.database.close()
    later(tmp_path / "registry.access.db")
    assert_names(of_client(served.app), "keys")
    assert "the keys have schema 99" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_registry_in_postgresql_of_a_later_schema(opened_pack: Pack, postgres: Server) -> None:
    database = postgres.new_database()
    url = postgres.url(database)
    open_store(url).create()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE geoaddr.registry SET schema_version = 99")
    app = create_app(Geoaddr(opened_pack, Registry(open_store(url))), Settings(open=True))
    assert_names(of_client(app), "registry")


def test_keys_in_postgresql_of_a_later_schema(ga: Geoaddr, postgres: Server) -> None:
    url = postgres.url(postgres.new_database())
    Keyring(open_database(url)).create("ours", {"area": None})
    assert len(Keyring(open_database(url)).all()) == 1
    with psycopg.connect(url) as connection:
        connection.execute("COMMENT ON SCHEMA geoaddr_access IS 'keys, schema 99'")
    with pytest.raises(SchemaMismatch, match=r"schema 99.*use a newer geoaddr"):
        Keyring(open_database(url)).all()
    assert_names(of_client(create_app(ga, Settings(access=url))), "keys")


def test_keys_in_a_database_that_only_reads(ga: Geoaddr, postgres: Server) -> None:
    database = postgres.new_database()
    url = postgres.url(database)
    Keyring(open_database(url)).create("ours", {"area": None})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    assert_names(of_client(create_app(ga, Settings(access=url))), "keys")


def test_a_disk_that_only_reads(ga: Geoaddr, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        database = open_database(f"sqlite:///{disk}/registry.access.db")
        Keyring(database).create("ours", {"area": None})
        database.close()
        only_for_reading(disk)
        assert_names(of_client(Served(ga, disk).app), "keys")


def test_a_disk_that_is_full_and_then_has_room(pack: Path, tmp_path: Path) -> None:
    """A real service says so, refuses to write in one line, and goes on by itself afterwards."""
    with small_disk(tmp_path / "disk", 8) as disk:
        store = f"sqlite:///{disk}/registry.db"
        token = Keyring(open_database(f"sqlite:///{disk}/registry.access.db")).create("ours", {"write": None})[1]
        key = {"Authorization": f"Bearer {token}"}
        with RunningService(tmp_path, "--pack", str(pack), "--store", store, "--workers", "1") as service:
            assert service.ask("/v1/addresses", method="POST", body=household(1), **key).status == 201
            assert service.ask("/readyz").status == 200
            ballast = fill(disk)
            assert_names(of_service(service), "keys")
            refused = service.ask("/v1/addresses", method="POST", body=household(2), **key)
            assert (refused.status, refused.content["field"]) == (503, None)
            assert str(disk) not in str(refused.content)
            ballast.unlink()
            service.until(lambda: service.ask("/readyz").status == 200)
            assert service.ask("/v1/addresses", method="POST", body=household(2), **key).status == 201
            service.until(lambda: any("the disk is full" in str(line) for line in service.lines("log")))


def test_a_service_does_not_start_on_keys_of_a_later_schema(pack: Path, tmp_path: Path) -> None:
    Keyring(open_database(f"sqlite:///{tmp_path}/registry.access.db")).create("ours", {"area": None})
    later(tmp_path / "registry.access.db")
    with pytest.raises(AssertionError, match=r"^geoaddr: .*the keys have schema 99.*use a newer geoaddr\n"):
        RunningService(tmp_path, "--pack", str(pack), "--store", f"sqlite:///{tmp_path}/registry.db")


def test_a_service_does_not_start_where_it_could_not_write_the_trail(
    pack: Path, postgres: Server, tmp_path: Path
) -> None:
    """Where the trail lacks a column that its role may not add; else it would tell, and lose who was told."""
    name = postgres.new_database()
    Keyring(open_database(postgres.url(name))).create("ours", {"area": None})
    postgres.execute(name, "ALTER TABLE geoaddr_access.trail DROP COLUMN many")
    postgres.execute(name, "DROP ROLE IF EXISTS only_inserts")
    postgres.execute(name, f"CREATE ROLE only_inserts LOGIN PASSWORD '{PASSWORD}'")
    postgres.execute(name, "GRANT USAGE ON SCHEMA geoaddr_access TO only_inserts")
    postgres.execute(name, "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA geoaddr_access TO only_inserts")
    url = postgres.tcp_url(name, "only_inserts")
    with pytest.raises(AssertionError, match=rf"^geoaddr: .*{FORWARD}\n") as refused:
        RunningService(
            tmp_path, "--pack", str(pack), "--store", f"sqlite:///{tmp_path}/registry.db", GEOADDR_ACCESS=url
        )
    assert PASSWORD not in str(refused.value)
    postgres.execute(name, "DROP OWNED BY only_inserts; DROP ROLE only_inserts")


def test_a_registry_that_takes_nothing_is_named_and_answers(pack: Path, tmp_path: Path) -> None:
    """The disk of the registry is full, that of the keys is not: balancers go on, and see what writers meet."""
    keys = f"sqlite:///{tmp_path}/keys.db"
    token = Keyring(open_database(keys)).create("ours", {"write": None, "area": None})[1]
    key = {"Authorization": f"Bearer {token}"}
    with small_disk(tmp_path / "disk", 8) as disk:
        store = f"sqlite:///{disk}/registry.db"
        with RunningService(tmp_path, "--pack", str(pack), "--store", store, GEOADDR_ACCESS=keys) as service:
            made = service.ask("/v1/addresses", method="POST", body=household(1), **key)
            assert service.ask("/readyz").content["registry"] == "ready"
            ballast = fill(disk)
            told = service.ask("/readyz")
            assert (told.status, told.content["status"], told.content["registry"]) == (200, "ready", "read_only")
            assert (
                service.ask(f"/v1/codes/{made.content['ndas']}").content["readings"][0]["status"] != "not_issued"
            )
            assert service.ask("/v1/addresses", method="POST", body=household(2), **key).status == 503
            ballast.unlink()
            service.until(lambda: service.ask("/readyz").content["registry"] == "ready")


def test_a_registry_in_postgresql_that_takes_nothing(opened_pack: Pack, postgres: Server) -> None:
    """A server that only reads, and a role that may only read."""
    database = postgres.new_database()
    url = postgres.url(database)
    open_store(url).create()

    def registry(of: str) -> tuple[int, str]:
        client = create_app(Geoaddr(opened_pack, Registry(open_store(of))), Settings(open=True)).test_client()
        answer = client.get("/readyz")
        return answer.status_code, answer.json["registry"]

    assert registry(url) == (200, "ready")
    postgres.execute(database, "DROP ROLE IF EXISTS only_asks")
    postgres.execute(database, f"CREATE ROLE only_asks LOGIN PASSWORD '{PASSWORD}'")
    postgres.execute(database, "GRANT USAGE ON SCHEMA geoaddr TO only_asks")
    postgres.execute(database, "GRANT SELECT ON ALL TABLES IN SCHEMA geoaddr TO only_asks")
    assert registry(postgres.tcp_url(database, "only_asks")) == (200, "read_only")
    postgres.execute(database, "DROP OWNED BY only_asks; DROP ROLE only_asks")
    postgres.execute(database, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    assert registry(url) == (200, "read_only")
