"""One browser and one service for all tests of pages in this process, and none for the tests after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

import geoaddr
from service.keys.database import open_database
from service.keys.keyring import Keyring
from tests.browser import chromium
from tests.browser.base_map import BaseMap, running_base_map
from tests.browser.visiting import AXE, Visitor
from tests.conftest import absent
from tests.running import running_service

Visit = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; absent on many machines, required where GEOADDR_REQUIRE_SHARED is set."""
    path = chromium.program()
    if path is None:
        absent("no Chromium on this machine (Debian: apt-get install chromium)")
    with chromium.running_browser(str(path)) as running:
        yield running


@pytest.fixture(scope="package")
def closed_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service as the public meets it, on the embedded pack and an empty registry."""
    store = f"sqlite:///{tmp_path_factory.mktemp('closed') / 'registry.db'}"
    with running_service("--store", store) as address:
        yield address


@pytest.fixture(scope="package")
def open_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that gives every right."""
    store = f"sqlite:///{tmp_path_factory.mktemp('open') / 'registry.db'}"
    with running_service("--store", store, "--open") as address:
        yield address


@dataclass(frozen=True, slots=True)
class Keyed:
    """A service with households and a base map of somebody else's; ``token`` a key to all addresses and points."""

    address: str
    token: str
    ndas_of: Mapping[str, str]
    """The codes by house number: even ones of Lê Lợi in the former ward Bến Nghé, from west to east."""
    base_map: BaseMap


@pytest.fixture(scope="package")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    """A closed service whose registry knows a street."""
    folder = tmp_path_factory.mktemp("keyed")
    store = f"sqlite:///{folder / 'registry.db'}"
    with geoaddr.open(store=store) as ga:
        ndas_of = {
            str(number): ga.assign(
                lat=10.7735 + number * 5e-5,
                lon=106.7003 + number * 1e-4,
                components={"house_number": str(number), "street": "Lê Lợi", "commune": "26740"},
            ).ndas
            for number in range(2, 26, 2)
        }
        for ndas in ndas_of.values():
            ga.confirm(ndas)  # what is only proposed counts for nobody without a key
    keyring = Keyring(open_database(f"sqlite:///{folder / 'registry.access.db'}"))
    _, token = keyring.create("a test", {"address": None, "point": None})
    with running_base_map() as base, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEOADDR_BASE_MAP", base.template)
        with running_service("--store", store) as address:
            yield Keyed(address, token, ndas_of, base)


@pytest.fixture
def visit(browser: Browser, closed_address: str) -> Iterator[Visit]:
    """``visit(path, device=, locale=, address=, also=)``: a :class:`Visitor` on a page that is ready. Afterwards
    nothing may have gone wrong for any of them."""
    visitors: list[Visitor] = []

    def come(path: str = "/", *, address: str = closed_address, **how: Any) -> Visitor:
        visitors.append(Visitor(browser, address, **how))
        visitors[-1].open(path)
        return visitors[-1]

    yield come
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.close()
    assert troubles == []


@pytest.fixture(scope="package")
def axe() -> None:
    """The accessibility checker that ``npm ci`` in ``service/web`` installs."""
    if not AXE.is_file():
        absent("axe-core is not installed (npm ci in service/web)")
