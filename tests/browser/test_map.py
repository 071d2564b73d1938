"""The map, as people use it: by mouse, by finger, by keyboard, in two languages."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geoaddr.codes import check_letter
from tests.browser.base_map import running_base_map
from tests.browser.conftest import Visit
from tests.browser.visiting import PATIENCE_MS
from tests.running import running_service

expect.set_options(timeout=PATIENCE_MS)

HOAN_KIEM = "at=21.0285,105.8542"
"""Beside the lake, in the ward Hoàn Kiếm of Hà Nội."""

FIRST_VIEW_BYTES = 600_000

ARCHIPELAGO_TEXT = "JSON.stringify(geoaddrMap.getLayoutProperty('archipelago-names', 'text-field'))"


def point_of(page: Page) -> tuple[float, float]:
    """The place that the link names."""
    found = re.search(r"at=([\d.]+),([\d.]+)", page.url)
    assert found
    return float(found[1]), float(found[2])


# The first view


def test_the_first_view_is_small(visit: Visit, capsys: pytest.CaptureFixture[str]) -> None:
    visitor = visit("/")
    loaded = visitor.loaded_bytes()
    timing = visitor.json("JSON.stringify(performance.getEntriesByType('navigation')[0])")
    ready_ms = visitor.page.evaluate("performance.getEntriesByName('ready')[0].startTime")
    with capsys.disabled():
        print(
            f"\nfirst view: {loaded / 1000:.0f} kB in {len(visitor.requests)} answers, HTML read after "
            f"{timing['domInteractive']:.0f} ms, map drawn after {ready_ms:.0f} ms"
        )
    assert loaded < FIRST_VIEW_BYTES
    visitor.shot("start")


@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("day", ["", "&day=2025-06-30"])
def test_hoang_sa_and_truong_sa_are_on_the_map(visit: Visit, device: str, day: str) -> None:
    visitor = visit(f"/#{day}", device=device)
    visitor.shot("country" + day.replace("&day=", "-"))
    drawn = visitor.page.evaluate(
        "geoaddrMap.queryRenderedFeatures({layers: ['archipelago-names']})"
        ".map(f => [f.properties.name, f.properties.province])"
    )
    assert sorted({tuple(each) for each in drawn}) == [
        ("Quần đảo Hoàng Sa", "Thành phố Đà Nẵng"),
        ("Quần đảo Trường Sa", "Tỉnh Khánh Hòa"),
    ]
    land = visitor.page.evaluate(
        "[[112.3, 16.6], [114.3, 9.6]].map(p => geoaddrMap.queryRenderedFeatures("
        "geoaddrMap.project(p), {layers: ['land']}).map(f => f.properties.name))"
    )
    assert land == [["Đà Nẵng"], ["Khánh Hòa"]]


def test_what_is_approximate_says_so(visit: Visit) -> None:
    page = visit("/").page
    expect(page.locator("#day-about")).to_contain_text("34 tỉnh (gần đúng)")
    expect(page.locator("#day-about")).to_contain_text("3.321 xã, phường (gần đúng)")


# A place


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_press_on_the_map_shows_the_codes_of_the_place(visit: Visit, device: str) -> None:
    visitor = visit("/#map=14/21.0285/105.8542", device=device)
    page, size = visitor.page, visitor.page.viewport_size
    assert size
    x, y = size["width"] * 0.5, size["height"] * 0.42
    page.touchscreen.tap(x, y) if device == "phone" else page.mouse.click(x, y)
    panel = page.locator("#place")
    expect(panel).to_contain_text("Thành phố Hà Nội")
    lat, lon = point_of(page)
    asked = urllib.request.urlopen(f"{visitor.address}/v1/locate?lat={lat}&lon={lon}")
    told = json.load(asked)
    printed = re.sub(r"\s", "", panel.inner_text())
    for code in ("vpostcode", "plus_code", "parcel_geohash", "postcode"):
        assert told[code] in printed
    expect(panel.locator("h2")).to_have_text(told["commune"]["full_name"])
    visitor.shot("place")


def test_a_place_has_its_units_of_before_the_reform(visit: Visit) -> None:
    # Today's ward Hải Châu was made of wards of the district Hải Châu.
    panel = visit("/#at=16.0678,108.2208").page.locator("#place")
    expect(panel).to_contain_text("Trước ngày 1/7/2025")
    expect(panel).to_contain_text("Quận Hải Châu")


def test_out_at_sea_there_is_no_commune(visit: Visit) -> None:
    expect(visit("/#at=18,111").page.locator("#place .notice")).to_contain_text("không thuộc xã, phường nào")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_beside_an_open_place_the_day_is_at_hand(visit: Visit, axe: None, device: str) -> None:
    visitor = visit(f"/#map=12/21.0285/105.8542&{HOAN_KIEM}", device=device)
    page = visitor.page
    expect(page.locator("#place h2")).to_have_text("Phường Hoàn Kiếm")
    place, days = page.locator("#place").bounding_box(), page.locator("#days").bounding_box()
    assert place
    assert days
    assert place["y"] + place["height"] <= days["y"]
    page.get_by_role("button", name="Trước 1/7/2025").click()  # Playwright presses nothing that is covered
    expect(page.locator("#day-shown")).to_contain_text("30 tháng 6, 2025")
    expect(page.locator("#place h2")).to_have_text("Thành phố Hà Nội")  # of several wards of that day
    visitor.shot("place-and-day")
    assert visitor.violations() == []
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator("#place")).to_be_hidden()


# The search


def test_suggestions_come_with_the_keys_and_are_chosen_by_them(
    visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor = visit("/")
    page, box = visitor.page, visitor.page.get_by_role("combobox")
    box.press_sequentially("hoan kiem", delay=60)
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Phường Hoàn Kiếm")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#suggestion-count")).to_contain_text("gợi ý")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    visitor.shot("suggestions")
    box.press("Enter")
    expect(page.locator("#place h2")).to_have_text("Phường Hoàn Kiếm")
    expect(box).to_have_attribute("aria-expanded", "false")
    waits = page.evaluate("performance.getEntriesByName('suggestions').map(e => Math.round(e.duration))")
    with capsys.disabled():
        print(f"\nsuggestions after a key: {waits} ms")


def test_escape_closes_the_suggestions(visit: Visit) -> None:
    page = visit("/").page
    box = page.get_by_role("combobox")
    box.press_sequentially("đà n")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("7ph72vh3+cm4", "7PH72VH3+CM4"), ("11024 2VH 3CM4", "7PH72VH3+CM4"), ("w7er8u0evss2", "w7er 8u0e vss2")],
    ids=["Plus Code", "Vpostcode", "parcel geohash"],
)
def test_a_code_is_found(visit: Visit, typed: str, shown: str) -> None:
    page = visit("/").page
    page.get_by_role("combobox").fill(typed)
    page.get_by_role("combobox").press("Enter")
    expect(page.locator("#place")).to_contain_text(shown)
    expect(page.locator("#place h2")).to_have_text("Phường Hoàn Kiếm")


def test_what_is_not_found_is_said(visit: Visit) -> None:
    page = visit("/", locale="en-GB").page
    page.get_by_role("combobox").fill("qqqq xxxx")
    page.get_by_role("combobox").press("Enter")
    expect(page.locator("#said")).to_contain_text("Nothing found")


@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("sent", [False, True], ids=["typed", "sent"])
def test_what_is_typed_before_the_script_is_there_is_not_lost(
    visit: Visit, closed_address: str, device: str, sent: bool
) -> None:
    visitor = visit("/bulk", device=device)  # any page, to have a browser
    page, held = visitor.page, threading.Event()
    page.route("**/assets/index-*.js", lambda route: (held.wait(0.5), route.continue_()))
    page.goto(closed_address, wait_until="commit")
    box = page.locator("#search")
    box.fill("phuong hoan kiem")
    if sent:
        box.press("Enter")
        expect(page.locator("#place h2")).to_have_text("Phường Hoàn Kiếm")
        assert "q=" not in page.url
    else:
        expect(page.get_by_role("option").first).to_contain_text("Phường Hoàn Kiếm")
    assert box.input_value().startswith("phuong hoan kiem" if not sent else "Phường Hoàn Kiếm")


# Time


def test_the_slider_shows_the_reform(visit: Visit) -> None:
    visitor = visit("/#map=6.5/21/105.8")
    page, slider = visitor.page, visitor.page.get_by_role("slider")
    provinces = "geoaddrMap.querySourceFeatures('units', {sourceLayer: 'provinces'})"
    names = f"[...new Set({provinces}.map(f => f.properties.name))]"
    assert "Hà Nam" not in page.evaluate(names)
    page.get_by_role("button", name="Trước 1/7/2025").click()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("30 tháng 6"))
    expect(page.locator("#day-about")).to_contain_text("63 tỉnh (ghép từ các xã ngày nay, gần đúng)")
    expect(page.locator("#day-about")).to_contain_text("xã, phường: không có ranh giới")
    visitor.wait_until(f"{names}.includes('Hà Nam')")
    assert "day=2025-06-30" in page.url
    visitor.wait_until("geoaddrMap.areTilesLoaded()")
    visitor.shot("before-the-reform")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("1 tháng 7"))
    expect(page.locator("#day-about")).to_contain_text("34 tỉnh")


# A link


def test_a_link_brings_others_to_the_same_view(visit: Visit) -> None:
    first = visit("/#map=15/21.0285/105.8542").page
    first.mouse.click(700, 300)
    expect(first.locator("#place h2")).to_be_visible()
    first.get_by_role("button", name="Trước 1/7/2025").click()
    expect(first.locator("#place")).to_contain_text("Trước ngày 1/7/2025")
    path = first.evaluate("location.pathname + location.hash")
    second = visit(path).page
    expect(second.locator("#place h2")).to_have_text(first.locator("#place h2").inner_text())
    assert point_of(second) == point_of(first)
    assert second.get_by_role("slider").input_value() == first.get_by_role("slider").input_value()


BROKEN = ["map=x/y/z", "map=99/99/999&at=91,0", "at=,&day=2025-02-30", "%E0%A4%A&map=8/21&day=1000-01-01"]


@pytest.mark.parametrize("hash_", BROKEN)
def test_a_broken_link_shows_the_country(visit: Visit, hash_: str) -> None:
    page = visit(f"/#{hash_}").page
    expect(page.locator("#place")).to_be_hidden()
    for place in ([112, 16.5], [113.6, 9.4], [105.8, 21]):
        assert page.evaluate(f"geoaddrMap.getBounds().contains({place})"), place


# The keyboard, the language


def test_a_place_is_looked_at_by_the_keyboard_alone(visit: Visit) -> None:
    visitor = visit("/#map=13/21.0285/105.8542")
    page = visitor.page
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "CANVAS":
            break
    expect(page.locator("#cross")).to_be_visible()
    visitor.shot("keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("#place h2")).to_have_text("Phường Hoàn Kiếm")
    page.keyboard.press("Escape")
    expect(page.locator("#place")).to_be_hidden()


def test_the_language_is_switched_and_remembered(visit: Visit) -> None:
    visitor = visit(f"/#{HOAN_KIEM}")
    page = visitor.page
    expect(page.locator("#place")).to_contain_text("Mã của vị trí này")
    expect(page).to_have_title("Địa chỉ số Việt Nam")
    assert "full_name_en" not in page.evaluate(ARCHIPELAGO_TEXT)
    page.get_by_role("button", name="English").click()
    assert page.get_attribute("html", "lang") == "en"
    expect(page.locator("#place")).to_contain_text("Codes of this place")
    expect(page.get_by_role("combobox")).to_have_attribute("placeholder", "Address, commune or code")
    expect(page.locator("#credits")).to_contain_text("Boundaries")
    expect(page).to_have_title("Viet Nam digital addresses")
    assert "full_name_en" in page.evaluate(ARCHIPELAGO_TEXT)
    visitor.shot("english")
    again = visitor.open("/")
    assert again.get_attribute("html", "lang") == "en"
    assert visitor.violations() == []


# One's own position


def test_the_position_is_asked_for_only_when_pressed(visit: Visit) -> None:
    where = {"latitude": 21.0285, "longitude": 105.8542, "accuracy": 400}
    visitor = visit("/", device="phone", geolocation=where, permissions=["geolocation"])
    page = visitor.page
    expect(page.locator("#place")).to_be_hidden()
    page.get_by_role("button", name="Vị trí của tôi").click()
    expect(page.locator("#place")).to_contain_text("sai số khoảng 400 m")
    assert point_of(page) == (21.0285, 105.8542)
    asked = [request.url for request in visitor.requests if "/v1/locate" in request.url]
    assert any("uncertainty_m=400" in url for url in asked)


def test_a_position_that_is_not_told_is_no_fault(visit: Visit) -> None:
    page = visit("/", permissions=[]).page
    page.get_by_role("button", name="Vị trí của tôi").click()
    expect(page.locator("#said")).not_to_be_empty()


# A code, large


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_code_is_shown_large_with_its_qr(visit: Visit, axe: None, device: str) -> None:
    visitor = visit(f"/#{HOAN_KIEM}", device=device)
    page = visitor.page
    page.get_by_role("button", name="Xem cỡ lớn: Plus Code").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".large-code")).to_have_text("7PH72VH3+CM4")
    visitor.shot("card")
    assert visitor.violations() == []
    with page.expect_download() as download:
        dialog.get_by_role("button", name="In nhãn (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


# A caller who may see points


def test_an_address_is_opened_from_its_point(visit: Visit, open_address: str) -> None:
    body = {
        "components": {"house_number": "1", "street": "Phố Tràng Tiền", "commune": "00070"},
        "lat": 21.0249,
        "lon": 105.8556,
    }
    asked = urllib.request.Request(
        f"{open_address}/v1/addresses", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    ndas = json.load(urllib.request.urlopen(asked))["ndas"]
    visitor = visit("/#map=17/21.0249/105.8556", address=open_address)
    page = visitor.page
    seen = page.evaluate(
        "(() => { const p = geoaddrMap.project([105.8556, 21.0249]);"
        "const r = geoaddrMap.getCanvas().getBoundingClientRect(); return [r.x + p.x, r.y + p.y]; })()"
    )
    page.mouse.click(*seen)
    expect(page.locator("#place h2")).to_have_text(f"{ndas[:5]} {ndas[5:]}")
    page.get_by_role("button", name="Xem cỡ lớn", exact=True).click()
    expect(page.locator(".large-code .letter")).to_have_text(check_letter.letter(ndas))
    visitor.shot("address")
    # Whoever scans the code comes to the same address.
    other = visit(f"/#code={ndas}").page
    expect(other.locator("#place h2")).to_have_text(f"{ndas[:5]} {ndas[5:]}")


def test_dates_are_written_as_people_write_them(visit: Visit) -> None:
    day = dt.date(2025, 7, 1)
    page = visit(f"/#day={day}", locale="en-GB").page
    expect(page.locator("#day-shown")).to_contain_text("1 July 2025")


# An operator's base map


def test_a_base_map_lies_under_the_map(visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with running_base_map() as tiles:
        monkeypatch.setenv("GEOADDR_BASE_MAP", tiles.template)
        monkeypatch.setenv("GEOADDR_BASE_MAP_ATTRIBUTION", "© Cục Đo đạc")
        with running_service("--store", f"sqlite:///{tmp_path}/registry.db") as address:
            visitor = visit("/", address=address, also=[tiles.host])
            expect(visitor.page.locator("#credits")).to_contain_text("© Cục Đo đạc")
            assert [each for each in visitor.requests if tiles.host in each.url]
            visitor.shot("base-map")
