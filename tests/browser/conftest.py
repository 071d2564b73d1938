"""One browser and one service for all tests of pages in this process, and none for the tests after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
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
