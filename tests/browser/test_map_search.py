"""The search box on a registry: what everyone finds of an address, and what a key opens of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Keyed, Visit
from tests.browser.visiting import PATIENCE_MS, Visitor

expect.set_options(timeout=PATIENCE_MS)

TYPED = ["10 le loi ben nghe", "10 le loi ben nghe ho chi minh", "10 Lê Lợi, Bến Nghé"]
STREET = "Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh"


@pytest.fixture(params=["desktop", "phone"])
def visitor(visit: Visit, keyed: Keyed, request: pytest.FixtureRequest) -> Visitor:
    return visit("/", address=keyed.address, device=request.param, also=[keyed.base_map.host])


def enter(page: Page, text: str) -> None:
    page.get_by_role("combobox").fill(text)
    page.get_by_role("combobox").press("Enter")


def test_without_a_key_the_street_is_found_and_its_commune_is_shown(visitor: Visitor, axe: None) -> None:
    page = visitor.page
    for text in TYPED:
        page.get_by_role("combobox").fill(text)
        expect(page.get_by_role("option").first).to_contain_text(STREET)
    for text in TYPED[:2]:
        enter(page, text)
        expect(page.locator("#place h2")).to_have_text("Phường Sài Gòn")
        expect(page.locator("#place .notice").first).to_contain_text("Tìm được đường và xã, phường")
    visitor.shot("found-street")
    assert visitor.violations() == []


def test_with_a_key_the_house_is_found(visitor: Visitor, keyed: Keyed) -> None:
    page, ten = visitor.page, keyed.ndas_of["10"]
    page.evaluate(f"sessionStorage.setItem('geoaddr.key', '{keyed.token}')")
    for text in TYPED[:2]:
        page.get_by_role("combobox").fill(text)
        expect(page.get_by_role("option").first).to_contain_text(f"10 {STREET}")
        enter(page, text)
        expect(page.locator("#place h2")).to_have_text(f"{ten[:5]} {ten[5:]}")
        page.get_by_role("button", name="Đóng").click()


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("99 le loi ben nghe", "Chưa biết số nhà này"),
        ("10 duong xyz, ben nghe, ho chi minh", "đến xã, phường"),
        ("10 duong khong co ben nghe", "đến xã, phường"),
    ],
    ids=["number", "street", "street without commas"],
)
def test_what_is_found_instead_of_a_house_is_said(visitor: Visitor, keyed: Keyed, text: str, note: str) -> None:
    page = visitor.page
    page.evaluate(f"sessionStorage.setItem('geoaddr.key', '{keyed.token}')")
    enter(page, text)
    expect(page.get_by_role("option").first.or_(page.locator("#place h2"))).to_be_visible()
    if page.get_by_role("option").count():
        page.get_by_role("option").first.click()
    expect(page.locator("#place .notice").first).to_contain_text(note)
    expect(page.locator("#place h2")).to_have_text("Phường Sài Gòn")
