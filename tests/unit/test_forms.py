"""A checkout's form: a line for the house and street, and fields for the units. A street that is called after
some unit says nothing against the fields; a unit that the line names does."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import geoaddr
from geoaddr.validation.fields import is_line


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


STREETS = """
10 Lê Lợi                   | Phường Bến Thành | Hồ Chí Minh      | 26743
10 Lê Lợi                   | Bến Thành        | Hồ Chí Minh      | 26743
10 Le Loi                   | Ben Thanh Ward   | Ho Chi Minh City | 26743
10 Lê Lợi, Quận 1           | Phường Bến Thành | Hồ Chí Minh      | 26743
10 Lê Lợi, Phường Bến Thành | Phường Bến Thành | Hồ Chí Minh      | 26743
10 Lê Lợi, Bến Thành        | Phường Bến Thành | Hồ Chí Minh      | 26743
10 Lê Lợi, P. Bến Thành, Q1 | Bến Thành        | HCM              | 26743
12 Hàng Trống, Hà Nội       | Phường Hoàn Kiếm | Hà Nội           | 00070
12 Hoàng Hoa Thám           | Phường Ngọc Hà   | Hà Nội           | 00008
25 Quang Trung              | Phường Hải Châu  | Đà Nẵng          | 20242
12 Yên Bái                  | Hải Châu         | Đà Nẵng          | 20242
56 Cao Bằng                 | Phường Hải Châu  | Đà Nẵng          | 20242
12 Đống Đa                  | Phường Thuận Hóa | Thành phố Huế    | 19789
12 Thái Nguyên              | Phường Nha Trang | Khánh Hòa        | 22366
12 Sa Pa                    | Sa Pa            | Lào Cai          | 03006
99 Hung Vuong Street        | Ninh Kieu        | Can Tho          | 31135
"""


@pytest.mark.parametrize("field", ["text", "street"])
@pytest.mark.parametrize("row", STREETS.strip().splitlines())
def test_a_street_called_after_a_unit_is_a_street(row: str, field: str) -> None:
    line, commune, province, code = (cell.strip() for cell in row.split("|"))
    answer = opened().validate({field: line, "ward": commune, "city": province})
    assert (answer.verdict, answer.contradictions) == ("accept", ())
    assert answer.commune is not None
    assert (answer.commune.code, answer.commune.valid_to) == (code, None)


OLD = [
    ("25 Nguyễn Trãi", {"commune": "2", "district": "5", "province": "Hồ Chí Minh"}),
    ("10 Lê Lợi", {"commune": "Bến Nghé", "district": "Quận 1", "province": "Hồ Chí Minh"}),
    ("12 Hà Nội", {"commune": "Phường Phú Nhuận", "district": "Thành phố Huế", "province": "Thừa Thiên Huế"}),
    ("45 Tân Bình", {"commune": "Phường Tân Mai", "district": "Biên Hòa", "province": "Đồng Nai"}),
    ("216 An Dương Vương", {"commune": "Nguyễn Văn Cừ", "district": "Quy Nhơn", "province": "Bình Định"}),
]


@pytest.mark.parametrize(("line", "units"), OLD)
def test_the_same_for_a_form_of_three_levels(line: str, units: dict[str, str]) -> None:
    answer = opened().validate({"text": line, **units})
    assert (answer.verdict, answer.contradictions) == ("accept", ())


AGAINST = [
    "10 Lê Lợi, Phường Cầu Giấy",
    "10 Lê Lợi, Cầu Giấy, Hà Nội",
    "10 Lê Lợi, Xã Lê Lợi, Huyện Thường Tín",
    "10 Lê Lợi, Hà Nội",
]


@pytest.mark.parametrize("line", AGAINST)
def test_a_unit_with_its_type_word_or_its_province_contradicts_the_fields(line: str) -> None:
    answer = opened().validate({"text": line, "commune": "Phường Bến Thành", "province": "Hồ Chí Minh"})
    assert (answer.verdict, answer.possible_next_action) == ("fix", "correct_units")
    assert answer.normalised.new is None


def test_a_ward_without_its_type_is_one_of_today_in_a_form_without_a_district() -> None:
    answer = opened().validate({"text": "123 Tan Phu", "ward": "Tan Phu", "city": "Ho Chi Minh"})
    assert answer.normalised.new == "123 Tan Phu, Phường Tân Phú, Thành phố Hồ Chí Minh"


@pytest.mark.parametrize(
    ("field", "whole"),
    [
        ("10 Lê Lợi", True), ("12/3 Tân Phú", True), ("Hẻm 12 Lê Lợi", True), ("Tòa S1.05 Vinhomes", True),
        ("Lê Lợi", False), ("Đường số 10", False), ("3/2", False), ("30 Tháng 4", False), ("Tỉnh lộ 10", False),
        ("QL1A", False), ("Cách Mạng Tháng 8", False), ("Nguyen Hue Street", False), ("", False),
    ],
)  # fmt: skip
def test_a_streets_field_that_holds_the_whole_line_is_read_as_one(field: str, whole: bool) -> None:
    assert is_line(field) is whole


def test_the_house_number_of_such_a_line_is_found() -> None:
    form: dict[str, Any] = {"street": "10 Lê Lợi", "commune": "Phường Bến Thành", "province": "Hồ Chí Minh"}
    parts = {part.name: part.value for part in opened().validate(form).components}
    assert (parts["house_number"], parts["street"]) == ("10", "Lê Lợi")


def test_a_code_before_a_building_is_a_flat_where_another_number_is_the_houses() -> None:
    line = "B12.05 Chung cư Sao Mai, 27 Hoa Phượng, Phường Tân Hưng, Thành phố Hồ Chí Minh"
    detail = opened().parse(line).components
    assert (detail.unit, detail.house_number, detail.street) == ("B12.05", "27", "Hoa Phượng")
    assert opened().convert(line).address == line.replace("B12.05 ", "B12.05, ")
