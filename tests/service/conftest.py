"""A real pack, real registries, and clients of a closed and an open service over them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import geoaddr
from geoaddr.bulk.ports import Origin
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from service.app import create_app
from service.keys.database import Database, open_database
from service.settings import Settings
from tests.postgres_server import Server
from tests.service.access import Served
from tests.service.households import household
from tests.service.packs import write_two_provinces

KEY = bytes(32)
"""The issuing key of the registries here, so that a failure shows the same codes again."""


@pytest.fixture(scope="session")
def pack(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Đà Nẵng and Lào Cai with exact boundaries, all units of the country."""
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    return write_two_provinces(raw, tmp_path_factory.mktemp("pack") / "two.gapack")


@pytest.fixture(scope="session")
def opened_pack(pack: Path) -> Pack:
    return Pack.open(pack)


@pytest.fixture
def ga(opened_pack: Pack, tmp_path: Path) -> Iterator[Geoaddr]:
    """The platform over an empty SQLite registry."""
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    origin = Origin(geoaddr.open, str(opened_pack.path), url)
    with Geoaddr(opened_pack, Registry(open_store(url, key=KEY)), origin=origin) as platform:
        yield platform


@pytest.fixture
def closed(ga: Geoaddr, tmp_path: Path) -> FlaskClient:
    """A caller without a key."""
    return create_app(ga, Settings(jobs=str(tmp_path / "jobs"))).test_client()


@pytest.fixture
def opened(ga: Geoaddr, tmp_path: Path) -> FlaskClient:
    """A caller of an open service over the same registry."""
    return create_app(ga, Settings(open=True, jobs=str(tmp_path / "jobs"))).test_client()


@pytest.fixture
def served(ga: Geoaddr, tmp_path: Path) -> Served:
    """A closed service with keys of its own."""
    return Served(ga, tmp_path)


@pytest.fixture
def code(ga: Geoaddr) -> str:
    """The code of a house on Bạch Đằng street."""
    body = household()
    return ga.assign(body["components"], lat=body["lat"], lon=body["lon"]).ndas


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """The keys and the trail, in each engine."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return open_database(server.url(server.new_database().rpartition("/")[2].partition("?")[0]))
    return open_database("memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'keys.db'}")
