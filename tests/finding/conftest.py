from __future__ import annotations

from collections.abc import Iterator

import pytest

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Draft, Registry
from geoaddr.stores import open_store
from geoaddr.wiring import pack_path
from tests.finding.households import fill

KEY = bytes(32)


@pytest.fixture(scope="session", params=["memory", "sqlite"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    """The platform on the embedded pack, with the made-up households in each engine."""
    path = tmp_path_factory.mktemp("finding") / "registry.db"
    url = "memory:" if request.param == "memory" else f"sqlite:///{path}"
    with Geoaddr(Pack.open(pack_path()), Registry(open_store(url, key=KEY))) as platform:
        fill(platform.registry)
        yield platform


@pytest.fixture(scope="session")
def known(filled: Geoaddr) -> dict[str, Draft]:
    """The households by their codes: the same in every engine, for the issuing key is."""
    with Geoaddr(Pack.open(pack_path()), Registry(open_store("memory:", key=KEY))) as twin:
        return fill(twin.registry)
