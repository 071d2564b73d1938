"""Texts that leave it open which unit is meant: no answer is stood behind, and none is surer than its weight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

import geoaddr
from geoaddr.conversion import EVE
from geoaddr.conversion.confidence import LEAST_WEIGHT, OK_FROM
from geoaddr.parsing import parse


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.mark.parametrize(
    "text",
    [
        "20 Trần Phú, phường Quang Trung",
        "15 Lê Lợi, xã Quang Trung",
        "12 thôn 3, xã Phú Sơn",
        "Số 5 ấp 2, xã Long Hòa",
        "xã Tân An",
        "Phường 1",
        "số 10 Nguyễn Huệ",
    ],
)
def test_a_name_that_many_units_bear_is_no_answer(text: str) -> None:
    for to in ("new", "old"):
        answer = opened().convert(text, to=to)
        assert (answer.status, answer.address) == ("ambiguous", None)
        assert answer.confidence is not None
        assert answer.confidence <= answer.candidates[0].weight


def test_every_unit_of_a_name_is_a_candidate() -> None:
    """Ten communes of today are called Tân An, xã and phường, and 33 wards of before were called Phường 1."""
    ga = opened()
    today = {unit.code for unit in ga.units("commune") if unit.name == "Tân An"}
    before = {unit.code for unit in ga.units("commune", as_of=EVE) if unit.full_name == "Phường 1"}
    assert (len(today), len(before)) == (10, 33)
    assert today <= {c.commune.code for c in ga.convert("xã Tân An").candidates}
    assert before <= {c.commune.code for c in ga.convert("Phường 1", to="old").candidates}


def test_as_many_readings_are_shown_as_asked_for_and_all_are_weighed() -> None:
    few, more = (parse(opened().interpreter, "Phường 1", limit=limit) for limit in (5, 40))
    assert (len(few.interpretations), few.confidence) == (5, more.confidence)
    assert few.confidence is not None
    assert few.confidence < 0.2


@pytest.mark.parametrize(
    ("text", "commune"),
    [("Lý Sơn", "Đặc khu Lý Sơn"), ("12 Trần Hưng Đạo, Phú Quốc, An Giang", "Đặc khu Phú Quốc")],
)
def test_an_island_district_and_the_special_zone_of_its_name_are_one_place(text: str, commune: str) -> None:
    answer, parsed = opened().convert(text), opened().parse(text)
    assert answer.commune is not None
    assert (answer.status, answer.commune.full_name) == ("ok", commune)
    assert (parsed.confidence or 0) > 0.8, "as much as both readings together"


def test_an_island_without_communes_is_its_district_again() -> None:
    """Lý Sơn was a district without communes from 2020 on."""
    answer = opened().convert("Lý Sơn", to="old")
    assert answer.district is not None
    assert (answer.status, answer.district.full_name, answer.candidates) == ("partial", "Huyện Lý Sơn", ())
    other = opened().convert("Côn Đảo", to="old")
    assert (other.confidence or 0) < 0.5


NAMES = ["Lê Lợi", "Quang Trung", "Tân An", "Phú Sơn", "Long Hòa", "Hòa Bình", "Tân Phú", "Trần Phú", "Bến Nghé",
         "1", "Phú Quốc", "Láng Hạ", "Minh Khai", "Hàng Bạc"]  # fmt: skip
TYPES = ["", "phường ", "xã ", "P. ", "thị trấn ", "quận ", "huyện "]
ENDS = ["", ", Hà Nội", ", Quận 1", ", Thanh Hóa", ", Đống Đa", ", TP.HCM", ", Cần Thơ"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["", "12 Lê Lợi, ", "số 10 ", "ấp 2, "]),
    st.sampled_from(TYPES),
    st.sampled_from(NAMES),
    st.sampled_from(ENDS),
    st.sampled_from(["new", "old"]),
)
def test_an_answer_is_heavy_and_equals_are_no_surer_than_they_weigh(
    head: str, type_: str, name: str, end: str, to: str
) -> None:
    answer = opened().convert(f"{head}{type_}{name}{end}", to=to)
    weights = [candidate.weight for candidate in answer.candidates]
    if answer.status == "ok":
        assert weights[0] >= LEAST_WEIGHT
        assert (answer.confidence or 0) >= OK_FROM
    if len(weights) > 1 and weights[0] == pytest.approx(weights[1], abs=1e-9):
        assert (answer.confidence or 0) <= weights[0] + 1e-6


@pytest.fixture(scope="module")
def exact(real_pack: Path) -> geoaddr.Geoaddr:
    return geoaddr.open(real_pack, "memory:")


class TestExactPoint:
    """What a point says beside a name, on exact boundaries."""

    @staticmethod
    def inside(ga: geoaddr.Geoaddr, code: str) -> tuple[float, float]:
        point = shape(ga.boundary(code)["geometry"]).representative_point()
        return point.y, point.x

    def test_it_chooses_among_all_units_of_a_name(self, exact: geoaddr.Geoaddr) -> None:
        lat, lon = self.inside(exact, "30388")
        answer = exact.convert("12 Lê Lợi, xã Tân An", lat=lat, lon=lon)
        assert answer.commune is not None
        assert (answer.status, answer.commune.code) == ("ok", "30388")

    def test_one_outside_all_that_is_named_leaves_no_answer(self, exact: geoaddr.Geoaddr) -> None:
        lat, lon = self.inside(exact, "30388")
        answer = exact.convert("10 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", lat=lat, lon=lon)
        assert (answer.status, answer.address) == ("ambiguous", None)
        assert (answer.confidence or 0) <= 0.5

    def test_it_finds_the_commune_in_a_province(self, exact: geoaddr.Geoaddr) -> None:
        lat, lon = self.inside(exact, "00070")
        answer = exact.convert("Hà Nội", lat=lat, lon=lon)
        assert answer.commune is not None
        assert (answer.status, answer.commune.code, answer.candidates[0].basis) == ("ok", "00070", "boundary")


@pytest.mark.parametrize(
    "text", ["xa van lang tinh thai nguyen", "Hoang Dong Commune, Hoang Hoa District, Thanh Hoa Province"]
)
def test_names_that_accents_alone_tell_apart_are_two_places(text: str) -> None:
    parsed = opened().parse(text)
    first, second = parsed.interpretations[:2]
    assert first.weight == pytest.approx(second.weight)
    assert parsed.status == "ambiguous"


STREETS = """
text                            | stood behind | why
123 Võ Nguyên Giáp              |              | a street of many cities; Nguyên Giáp is a commune
9 Nguyễn Bỉnh Khiêm             |              | a commune bears the whole name
18 Hoàng Quốc Việt              |              |
12 Lê Lợi, Nguyên Giáp          | yes          | a comma parts them
12 Lê Lợi xã Nguyên Giáp        | yes          | its type word says that it is one
12 Lê Lợi Nguyên Giáp Hải Phòng | yes          | its province says so
"""


@pytest.mark.parametrize("row", STREETS.strip().splitlines()[1:], ids=lambda row: row.split("|")[0].strip())
def test_the_name_of_a_street_is_no_commune_for_certain(row: str) -> None:
    text, sure, _ = (cell.strip() for cell in row.split("|"))
    converted, parsed = opened().convert(text), opened().parse(text)
    assert converted.candidates, "the commune stays a candidate"
    assert (converted.status, parsed.status) == (("ok", "ok") if sure else ("ambiguous", "ambiguous"))
    assert converted.confidence is not None
    assert (converted.confidence > OK_FROM) == bool(sure)
