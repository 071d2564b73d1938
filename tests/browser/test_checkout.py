"""The checkout widget: in the demo shop, and in a shop of another origin, which loads it as any shop does."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from service.pages import DIST
from tests.browser.conftest import Visit
from tests.browser.visiting import Visitor
from tests.running import running_service

SCRIPT = "checkout.js"
OLD = "5 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM"
NEW = "5 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh"
"""All of the former Phường Bến Nghé is in Phường Sài Gòn by Nghị quyết 1685/NQ-UBTVQH15."""

SPLIT = "12 Nguyễn Trãi, P. Đa Kao, Q.1, TP.HCM"
"""The former Phường Đa Kao was divided between Phường Sài Gòn and Phường Tân Định by the same resolution."""


def verdict(page: Page, expected: str) -> str:
    page.wait_for_selector(f".geoaddr-panel[data-verdict={expected}]")
    return page.inner_text(".geoaddr-panel")


def sent(page: Page) -> dict[str, str]:
    """What the demo shop's order would send."""
    page.click("#order button[type=submit]")
    names, values = page.query_selector_all("#sent dt"), page.query_selector_all("#sent dd")
    return {name.inner_text(): value.inner_text() for name, value in zip(names, values, strict=True)}


def hidden(page: Page) -> dict[str, str]:
    """What the widget's hidden fields hold."""
    found = page.query_selector_all("input[type=hidden][name^=geoaddr_]")
    return {str(each.get_attribute("name")).removeprefix("geoaddr_"): each.input_value() for each in found}


def test_the_script_is_small() -> None:
    assert len(gzip.compress((DIST / SCRIPT).read_bytes(), 9)) < 30_000


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_an_old_address_becomes_a_new_one(visit: Visit, axe: None, device: str) -> None:
    visitor = visit("/shop", device=device)
    page = visitor.page
    page.fill("#address", OLD)
    told = verdict(page, "accept")
    assert NEW in told
    assert "71016" in told
    visitor.shot("checkout-accept")
    assert visitor.violations() == []
    page.click("text=Dùng địa chỉ này")
    assert page.input_value("#address") == NEW
    order = sent(page)
    assert order["geoaddr_verdict"] == "accept"
    assert (order["address"], order["geoaddr_new"], order["geoaddr_commune"]) == (NEW, NEW, "26740")


def test_the_buyer_chooses_where_a_commune_was_divided(visit: Visit, axe: None) -> None:
    visitor = visit("/shop", locale="en-GB")
    page = visitor.page
    page.fill("#address", SPLIT)
    told = verdict(page, "fix")
    assert "Phường Sài Gòn" in told
    assert "Phường Tân Định" in told
    visitor.shot("checkout-choice")
    assert visitor.violations() == []
    assert hidden(page) == {"verdict": "fix", "new": "", "old": "", "commune": "", "postcode": "", "code": ""}
    page.click(".geoaddr-panel button:has-text('Phường Tân Định')")
    page.wait_for_selector(".geoaddr-new:has-text('Phường Tân Định')")
    assert hidden(page)["commune"] == "26737"
    page.click("text=Use this address")
    assert page.input_value("#address") == "12 Nguyễn Trãi, Phường Tân Định, Thành phố Hồ Chí Minh"


@pytest.mark.parametrize("typed", ["Láng Hạ, Đống Đa, Hà Nội", "12 Lê Lợi, P. Bến Nghé, Q.1, Hà Nội"])
def test_what_has_no_single_answer_is_not_sent_as_one(visit: Visit, typed: str) -> None:
    """Láng Hạ was divided by Nghị quyết 1656/NQ-UBTVQH15; Bến Nghé was in Hồ Chí Minh City."""
    page = visit("/shop").page
    page.fill("#address", typed)
    verdict(page, "fix")
    assert hidden(page) == {"verdict": "fix", "new": "", "old": "", "commune": "", "postcode": "", "code": ""}


def test_suggestions_are_chosen_by_keyboard(visit: Visit, axe: None) -> None:
    visitor = visit("/shop")
    page = visitor.page
    page.type("#address", "5 Lê Lợi, P. Bến Nghé")
    page.wait_for_selector(".geoaddr-list li:visible")
    assert page.get_attribute("#address", "aria-expanded") == "true"
    visitor.shot("checkout-suggestions")
    assert visitor.violations() == []
    page.press("#address", "ArrowDown")
    active = page.get_attribute("#address", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.press("#address", "Enter")
    assert page.input_value("#address") == NEW
    verdict(page, "accept")
    page.type("#address", " ")
    page.press("#address", "Escape")
    assert page.get_attribute("#address", "aria-expanded") == "false"


def test_a_position_gives_a_code_once_the_buyer_consents(visit: Visit) -> None:
    place = {"latitude": 10.7745, "longitude": 106.7015}
    visitor = visit("/shop", geolocation=place, permissions=["geolocation"])
    page = visitor.page
    page.fill("#address", OLD)
    verdict(page, "accept")
    assert page.query_selector(".geoaddr-code") is None
    page.click("text=Lấy mã theo vị trí của tôi")
    page.wait_for_selector(".geoaddr-code")
    assert page.inner_text(".geoaddr-code").endswith("QPF2RJ2")  # the Plus Code of the point is 7P28QPF2+RJ2


def test_a_service_that_does_not_answer_stops_no_order(visit: Visit) -> None:
    visitor = visit("/shop")
    page = visitor.page
    page.context.route("**/v1/**", lambda route: route.abort())
    page.fill("#address", OLD)
    page.wait_for_selector("text=bạn vẫn có thể đặt hàng")
    assert sent(page)["geoaddr_verdict"] == "–"
    visitor.troubles.clear()  # the refused requests, as the console shows them


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
<form id="f"><label for="billing_address_1">Street</label><input id="billing_address_1" name="billing_address_1">
<label for="billing_city">Ward</label><input id="billing_city" name="billing_city">
<label for="billing_state">Province</label>
<select id="billing_state" name="billing_state"><option value="">–</option><option value="SG">Hồ Chí Minh</option>
<option value="HN">Hà Nội</option></select>
<label for="billing_postcode">Postcode</label><input id="billing_postcode" name="billing_postcode">
<button>Order</button></form>
<script type="module" src="{service}/checkout.js" data-preset="woocommerce" data-block="fix"></script></html>"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[str], None]]]:
    """The address of a shop, and what writes its page."""
    folder = tmp_path_factory.mktemp("shop")
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield address, lambda service: _write(folder, service)
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        pass


def _write(folder: Path, service: str) -> None:
    (folder / "index.html").write_text(PAGE.replace("{service}", service), encoding="utf-8")
    (folder / "favicon.ico").write_bytes(b"")


def test_a_shop_of_another_origin_with_fields_apart(
    shop: tuple[str, Callable[[str], None]], visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, write = shop
    monkeypatch.setenv("GEOADDR_CORS_ORIGINS", address)
    with running_service("--store", f"sqlite:///{tmp_path / 'registry.db'}") as service:
        write(service)
        visitor = Visitor(_browser(visit), address, also=[service.removeprefix("http://")])
        page = visitor.page
        page.goto(address)
        page.fill("#billing_address_1", "5 Lê Lợi")
        page.fill("#billing_city", "P. Bến Nghé, Quận 1")
        page.select_option("#billing_state", "SG")
        assert NEW in verdict(page, "accept")
        page.click("text=Use this address")
        got = [page.input_value(f"#billing_{name}") for name in ("address_1", "city", "state", "postcode")]
        assert got == ["5 Lê Lợi", "Phường Sài Gòn", "SG", "71016"]
        page.fill("#billing_postcode", "")  # which would have decided between the two
        page.fill("#billing_city", "Đa Kao, Quận 1")
        verdict(page, "fix")
        page.click("button:has-text('Order')")
        assert page.url.rstrip("/") == address  # not sent
        told = json.loads(page.evaluate("JSON.stringify(Object.fromEntries(new FormData(document.forms.f)))"))
        assert told["geoaddr_verdict"] == "fix"
        assert visitor.troubles == []
        visitor.close()


def _browser(visit: Visit) -> Any:
    return visit("/shop").context.browser
