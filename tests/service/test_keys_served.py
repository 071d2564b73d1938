"""Keys and limits in the real server: two workers that count together, and a stop that loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.keys.database import open_database
from service.keys.keyring import Keyring
from service.keys.known import READ_AGAIN_S
from service.keys.trail import Trail
from service.limits.rules import UNLIMITED, Limits
from tests.service.households import HAI_CHAU, household
from tests.service.running_services import RunningService

PLACE = f"/v1/locate?lat={HAI_CHAU['lat']}&lon={HAI_CHAU['lon']}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def keyring(folder: Path) -> Keyring:
    return Keyring(open_database(f"sqlite:///{folder / 'registry.access.db'}"))


@pytest.fixture
def service(pack: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningService]:
    """A closed service of two workers, with a log of requests and strict limits for strangers."""
    monkeypatch.setenv("GEOADDR_LIMITS", "rate=1,burst=40,day=1000,misses=0")
    store = f"sqlite:///{folder / 'registry.db'}"
    with RunningService(folder, "--workers", "2", "--pack", str(pack), "--store", store) as running:
        yield running


def ask(
    service: RunningService, path: str, token: str | None = None, method: str = "GET", body: object = None
) -> int:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return service.ask(path, method=method, body=body, **headers).status


def test_workers_count_together(service: RunningService, keyring: Keyring) -> None:
    """60 requests on connections of their own, which the kernel spreads over both workers."""
    _, token = keyring.create("a", {"area": None}, limits=Limits(rate=1, burst=30, day=0, misses=0))
    for who in (token, None):
        began = time.monotonic()
        passed = [ask(service, PLACE, who) for _ in range(60)].count(200)
        most = 30 if who else 40
        assert most - 2 <= passed <= most + 2 + (time.monotonic() - began)


def test_a_revoked_key_is_refused_by_both(service: RunningService, keyring: Keyring) -> None:
    key, token = keyring.create("a", {"area": None}, limits=UNLIMITED)
    assert {ask(service, PLACE, token) for _ in range(20)} == {200}
    keyring.revoke(key.id)
    time.sleep(READ_AGAIN_S + 0.1)
    assert {ask(service, PLACE, token) for _ in range(20)} == {401}


def test_a_stop_writes_what_waits(service: RunningService, keyring: Keyring, folder: Path) -> None:
    """The trail and the log of requests are whole after a stop; the log says nothing of people."""
    key, token = keyring.create("a", {"write": None, "address": None}, limits=UNLIMITED)
    assert ask(service, "/v1/addresses", token, "POST", household()) == 201
    assert ask(service, "/v1/search?q=12+B%E1%BA%A1ch", token) == 200
    assert ask(service, "/v1/codes/5020600000?as_of=2026-01-01", token) == 200
    assert ask(service, "/nothing/here?q=secret") == 404
    assert service.stop() == 0
    entries = list(Trail(open_database(f"sqlite:///{folder / 'registry.access.db'}")).read(who=key.id))
    assert next(entry.act for entry in entries) == "assign"
    lines = service.lines("request")
    assert sorted((line["operation"], line["status"]) for line in lines) == [
        ("assign", 201), ("resolve", 200), ("search", 200), ("unmatched", 404),
    ]  # fmt: skip
    text = (folder / "service.log").read_text("utf-8")
    for personal in ("127.0.0.1", "secret", "5020600000", "Bạch", "B%E1", token):
        assert personal not in text


def test_quotas_outlive_the_service(pack: Path, folder: Path, keyring: Keyring) -> None:
    _, token = keyring.create("a", {"area": None}, limits=Limits(rate=0, burst=0, day=3, misses=0))
    store = f"sqlite:///{folder / 'registry.db'}"
    statuses = []
    for _ in range(2):
        with RunningService(folder, "--pack", str(pack), "--store", store) as running:
            statuses += [ask(running, PLACE, token) for _ in range(2)]
    assert statuses == [200, 200, 200, 429]


def test_files_of_the_service_are_its_owners(service: RunningService, keyring: Keyring, folder: Path) -> None:
    keyring.create("a", {"area": None})
    assert ask(service, PLACE) == 200
    for path in folder.glob("registry.access*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
