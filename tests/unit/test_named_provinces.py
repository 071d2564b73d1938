"""A province that a text names holds what is answered, or contradicts it; it is never part of a house's line."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

import geoaddr


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.fixture
def ga() -> geoaddr.Geoaddr:
    return opened()


CITIES = {
    "Hà Nội": "01",
    "TP Hồ Chí Minh": "79",
    "Đà Nẵng": "48",
    "Huế": "46",
    "Cần Thơ": "92",
    "Hải Phòng": "31",
    "tp hcm": "79",
    "ha noi": "01",
}
STREETS = (
    "Lê Lợi", "Nguyễn Huệ", "Trần Phú", "Hùng Vương", "Quang Trung", "Phan Châu Trinh", "Trần Hưng Đạo",
    "Nguyễn Trãi", "Điện Biên Phủ", "Ngô Quyền", "tran phu",
)  # fmt: skip
"""Streets of every city; communes elsewhere bear the names of many of them."""


@pytest.mark.parametrize(("street", "city"), [*product(STREETS, CITIES)])
def test_a_street_in_a_city_is_in_no_other_province(ga: geoaddr.Geoaddr, street: str, city: str) -> None:
    text = f"12 {street}, {city}"
    answer, verdict = ga.convert(text), ga.validate(text)
    assert answer.status in ("partial", "ambiguous")  # it may be the city's own commune of that name
    assert answer.province is not None
    assert verdict.province is not None
    assert answer.province.code == verdict.province.code == CITIES[city]
    day = ga.gazetteer.date
    held = [ga.gazetteer.ancestors(each.commune, as_of=day)[-1].code for each in answer.candidates]
    assert set(held if answer.status == "partial" else held[:1]) <= {CITIES[city]}


@pytest.mark.parametrize(
    ("text", "to", "province"),
    [
        ("Hà Nội", "new", "01"),
        ("Đà Nẵng", "new", "48"),
        ("25 Phan Châu Trinh, Quảng Nam", "new", "48"),
        ("Tỉnh Bình Dương", "new", "79"),
        ("Tỉnh Bình Dương", "old", "74"),
    ],
)
def test_a_province_alone_is_answered_as_that(ga: geoaddr.Geoaddr, text: str, to: str, province: str) -> None:
    answer = ga.convert(text, to=to)
    assert answer.status == "partial"
    assert answer.province is not None
    assert answer.province.code == province


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("12 Lê Lợi, Phường 1, Quận Tân Bình, Hà Nội", "26977"),
        ("45 Lê Lợi, Phường Bến Nghé, Đà Nẵng", "26740"),
        ("45 le loi, phuong ben nghe, da nang", "26740"),
    ],
)
def test_another_province_beside_the_units_contradicts_them(ga: geoaddr.Geoaddr, text: str, commune: str) -> None:
    answer = ga.convert(text)
    assert (answer.status, answer.address) == ("ambiguous", None)
    assert answer.candidates[0].commune.code == commune
    assert answer.confidence is not None
    assert answer.confidence < 0.5
    assert answer.components.hamlet is None
    assert ga.validate(text).verdict == "fix"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "thôn 3, xã Hòa Tiến, huyện Hòa Vang, Quảng Nam",
            "thôn 3, Xã Hòa Tiến, Thành phố Đà Nẵng",
        ),
        (
            "45 Hùng Vương, phường Vĩnh Ninh, TP Huế, Thừa Thiên Huế",
            "45 Hùng Vương, Phường Thuận Hóa, Thành phố Huế",
        ),
        (
            "10 Lê Lợi, Phường Bến Nghé, Quận 1, TP Hồ Chí Minh, Hồ Chí Minh",
            "10 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh",
        ),
    ],
)
def test_a_province_that_is_the_same_today_or_said_twice_is_left_out(
    ga: geoaddr.Geoaddr, text: str, address: str
) -> None:
    answer = ga.convert(text)
    assert (answer.status, answer.address) == ("ok", address)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("12 đường Hà Nội, Phường Phú Hội, TP Huế", "street", "đường Hà Nội"),
        ("thôn Thanh Hóa, xã Hòa Tiến, huyện Hòa Vang, Đà Nẵng", "hamlet", "thôn Thanh Hóa"),
    ],
)
def test_a_street_or_hamlet_may_bear_a_provinces_name(
    ga: geoaddr.Geoaddr, text: str, field: str, value: str
) -> None:
    assert getattr(ga.convert(text).components, field) == value


def test_what_contradicts_is_told_as_not_understood(ga: geoaddr.Geoaddr) -> None:
    """What is moved to the rest is written as it was."""
    assert ga.parse("12 Lê Lợi, Phường 1, Quận Tân Bình, Hà Nội").components.rest == "Hà Nội"
