"""Settings come from the environment, and an environment cannot open a service."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from geoaddr.errors import InvalidInput, StoreUnavailable
from service.settings import BUSY_S, MAX_BODY_BYTES, Settings


def test_defaults() -> None:
    settings = Settings.from_environment(environment={})
    assert settings == Settings()
    assert (settings.open, settings.max_body_bytes) == (False, MAX_BODY_BYTES)


def test_environment_and_what_wins_over_it() -> None:
    environment = {
        "GEOADDR_PACK": "a.gapack", "GEOADDR_STORE": "memory:", "GEOADDR_MAX_BODY_BYTES": "1000",
        "GEOADDR_OPEN": "true",
    }  # fmt: skip
    settings = Settings.from_environment(environment=environment, pack="b.gapack")
    assert settings == Settings(pack="b.gapack", store="memory:", max_body_bytes=1000, open=False)


@pytest.mark.parametrize("value", ["0", "-1", "1e3", "lots", "１０", "1.5"])
def test_limits_are_whole_numbers(value: str) -> None:
    with pytest.raises(InvalidInput, match="GEOADDR_MAX_URL_CHARACTERS") as refused:
        Settings.from_environment(environment={"GEOADDR_MAX_URL_CHARACTERS": value})
    assert refused.value.field == "GEOADDR_MAX_URL_CHARACTERS"


def test_a_service_waits_for_its_registry_no_longer_than_a_client_would(tmp_path: Path) -> None:
    assert BUSY_S <= 5
    path = tmp_path / "registry.db"
    with Settings(store=f"sqlite:///{path}", busy_s=0.1).open_platform() as ga:
        ga.registry.store.create()
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable):
            ga.assign({"street": "1", "commune": "00070"}, lat=21.03, lon=105.85)
        assert time.monotonic() - begun < 2
        holder.close()


def test_what_names_no_registry_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput):
        Settings(store="registry.db").open_platform()


def test_who_may_ask_how_much_comes_from_the_environment() -> None:
    settings = Settings.from_environment(
        environment={
            "GEOADDR_LIMITS": "rate=5,burst=9", "GEOADDR_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "GEOADDR_ACCESS": "sqlite:////keys.db", "GEOADDR_ACCESS_LOG": "false", "GEOADDR_STORE": "sqlite:////r.db",
        }
    )  # fmt: skip
    assert (settings.limits.rate, settings.limits.burst) == (5, 9)
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert (settings.access_url(), settings.access_log) == ("sqlite:////keys.db", False)
    assert settings.counters_path(settings.access_url()) == Path("/keys.counters")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEOADDR_TRUSTED_PROXIES", "proxy.example"),
        ("GEOADDR_LIMITS", "fast"),
        ("GEOADDR_LIMITS", "rate=" + "9" * 5000),
        ("GEOADDR_PORT", "9" * 5000),
        ("GEOADDR_PORT", "-" + "9" * 5000),
    ],
)
def test_settings_that_cannot_be(name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Settings.from_environment(environment={name: value})
    assert refused.value.field == name


def test_keys_lie_beside_the_registry_that_is_served() -> None:
    settings = Settings(store="sqlite:////var/registry.db")
    assert settings.access_url() == "sqlite:////var/registry.access.db"
    assert settings.counters_path(settings.access_url()) == Path("/var/registry.access.counters")
    assert settings.access_url(own_registry=False) == "memory:"
    assert settings.counters_path("memory:") is None
    hosted = settings.counters_path("postgresql://ga@db/addresses")
    assert hosted is not None
    assert hosted.suffix == ".counters"
