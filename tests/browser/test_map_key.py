"""A key on the map: it opens addresses, stays in the tab, and goes to nobody but the service."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Keyed, Visit
from tests.browser.visiting import PATIENCE_MS, Visitor

expect.set_options(timeout=PATIENCE_MS)

LE_LOI = "/#map=17/10.774/106.7013"
SEEN = "geoaddrMap.queryRenderedFeatures({layers: ['addresses']}).map(f => f.properties.ndas)"


@pytest.fixture(params=["desktop", "phone"])
def visitor(visit: Visit, keyed: Keyed, request: pytest.FixtureRequest) -> Visitor:
    return visit(LE_LOI, address=keyed.address, device=request.param, also=[keyed.base_map.host])


def give(page: Page, token: str) -> None:
    page.get_by_role("button", name="Khóa truy cập").click()
    page.get_by_label("Khóa truy cập").last.fill(token)
    page.get_by_role("button", name="Dùng khóa").click()


def press(page: Page, lat: float, lon: float) -> None:
    x, y = page.evaluate(
        f"(() => {{ const p = geoaddrMap.project([{lon}, {lat}]);"
        "const r = geoaddrMap.getCanvas().getBoundingClientRect(); return [r.x + p.x, r.y + p.y]; })()"
    )
    page.mouse.click(x, y)


def test_a_key_shows_addresses_and_points(visitor: Visitor, keyed: Keyed, axe: None) -> None:
    page, ten = visitor.page, keyed.ndas_of["10"]
    assert page.evaluate(SEEN) == []
    give(page, keyed.token)
    expect(page.locator("#said")).to_contain_text("Khóa được nhận")
    expect(page.locator("#key")).to_have_attribute("aria-pressed", "true")
    visitor.wait_until(f"{SEEN}.includes('{ten}')")
    press(page, 10.774, 106.7013)
    card = page.locator("#place")
    expect(card).to_contain_text("10 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh")
    expect(card).to_contain_text("10.77400, 106.70130")
    expect(card.locator("h2")).to_have_text(f"{ten[:5]} {ten[5:]}")
    visitor.shot("address-with-key")
    assert visitor.violations() == []


def test_the_key_is_in_no_address_and_goes_to_no_other_host(visitor: Visitor, keyed: Keyed) -> None:
    page = visitor.page
    give(page, keyed.token)
    visitor.wait_until(f"{SEEN}.length > 0")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.locator("#said")).to_have_text("Đã chép liên kết")
    assert keyed.token not in page.evaluate("navigator.clipboard.readText()")
    assert keyed.token not in page.url
    assert not [request.url for request in visitor.requests if keyed.token in request.url]
    tiles = [request for request in visitor.requests if "/tiles/17/" in request.url or "/tiles/16/" in request.url]
    assert f"Bearer {keyed.token}" in {request.headers.get("authorization") for request in tiles}
    assert keyed.base_map.headers
    assert not [headers for headers in keyed.base_map.headers if keyed.token in str(headers)]
    assert page.evaluate("JSON.stringify({...localStorage})").find(keyed.token) == -1


def test_a_key_is_forgotten_when_told_so(visitor: Visitor, keyed: Keyed) -> None:
    page, ten = visitor.page, keyed.ndas_of["10"]
    give(page, keyed.token)
    visitor.wait_until(f"{SEEN}.includes('{ten}')")
    page.get_by_role("button", name="Khóa truy cập").click()
    page.get_by_role("button", name="Quên khóa").click()
    expect(page.locator("#key")).to_have_attribute("aria-pressed", "false")
    visitor.wait_until(f"{SEEN}.length === 0")
    other = visitor.open(f"/#code={ten}")
    expect(other.locator("#place")).to_contain_text("Không có khóa truy cập")


def test_a_key_that_is_not_known_is_refused_in_the_card(visitor: Visitor, axe: None) -> None:
    page = visitor.page
    give(page, "gak_nobody0000_nothing")
    expect(page.locator("#key-card [role=status]")).not_to_be_empty()
    visitor.shot("key-refused")
    visitor.troubles.clear()  # the 401, as the console shows it
    assert visitor.violations() == []
    page.keyboard.press("Escape")
    expect(page.locator("#key-card")).to_be_hidden()
    expect(page.locator("#key")).to_have_attribute("aria-pressed", "false")


def test_a_tab_whose_key_has_ended_goes_on_without_it(visitor: Visitor) -> None:
    page = visitor.page
    page.evaluate("sessionStorage.setItem('geoaddr.key', 'gak_nobody0000_nothing')")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#key")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("sessionStorage.getItem('geoaddr.key')") is None
    visitor.troubles.clear()  # the 401, as the console shows it
