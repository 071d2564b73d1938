"""One suite, all engines: every test here runs on each store through these fixtures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geoaddr.components import components_from
from geoaddr.model import Point
from geoaddr.registry import Draft, Registry
from geoaddr.store import Store
from geoaddr.stores import open_store
from tests.postgres_server import Server

KEY = bytes(range(32))

BA_DINH = {"area_code": "11120", "commune_code": "00004", "lat": 21.0368, "lon": 105.8346}
"""The postcode and code of phường Ba Đình, Hà Nội, and a point in it."""


class Clock:
    """Tells a time that goes on by a second with every look."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty registry in each engine, with a key that the test knows."""
    opened = open_store(_url(request, tmp_path), key=KEY)
    yield opened
    opened.close()


def _url(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'registry.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.emptied(KEY)


@pytest.fixture
def registry(store: Store, clock: Clock) -> Registry:
    return Registry(store, clock=clock)


@pytest.fixture
def draft() -> Callable[..., Draft]:
    """Drafts of households in phường Ba Đình; what a test says differently is different."""

    def make(number: int | str | None = 1, *, north_m: float = 0.0, **changes: Any) -> Draft:
        stated = {"house_number": None if number is None else str(number), "street": "Quán Thánh"}
        stated |= changes.pop("components", {})
        told = BA_DINH | {k: changes.pop(k) for k in tuple(changes) if k in BA_DINH}
        return Draft(
            components=components_from(stated),
            area_code=told["area_code"],
            commune_code=told["commune_code"],
            point=Point(lat=told["lat"] + north_m / 111_195.08, lon=told["lon"]),
            issued_on=changes.pop("issued_on", dt.date(2026, 3, 1)),
            **changes,
        )

    return make
