"""Components: what is kept, what is cleaned, what is refused."""

from __future__ import annotations

import csv
import unicodedata

import pytest

from geoaddr.components import clean_components, components_from
from geoaddr.errors import InvalidInput
from geoaddr.model import Components
from geoaddr.privacy import personal_kind

CLEANED = [
    ("  12A ", "12A"),
    ("Quán   Thánh", "Quán Thánh"),
    (unicodedata.normalize("NFD", "Quán Thánh"), "Quán Thánh"),
    ("Quán\u200b Thánh\ufeff", "Quán Thánh"),
    ("\u202eQuán Thánh", "Quán Thánh"),
    ("Quán\u00a0Thánh", "Quán Thánh"),
    ("", None),
    ("   ", None),
    ("\u200b", None),
    (None, None),
]


@pytest.mark.parametrize(("given", "kept"), CLEANED)
def test_texts_are_cleaned(given, kept):
    assert components_from({"street": given}).street == kept


def test_alleys_are_a_chain():
    assert components_from({"alley": ["12", " 34 ", ""]}).alley == ("12", "34")
    assert components_from({"alley": "12/34"}).alley == ("12/34",)
    assert components_from({"alley": None}) == Components()


@pytest.mark.parametrize("control", ["\x00", "\n", "\t", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused(control):
    with pytest.raises(InvalidInput) as caught:
        components_from({"street": f"Quán{control}Thánh"})
    assert caught.value.field == "street"


REFUSED = [
    ("street", {"street": "x" * 201}),
    ("street", {"street": "x " * 1_000_000}),
    ("text", {"text": "x" * 501}),
    ("house_number", {"house_number": 12}),
    ("house_number", {"house_number": True}),
    ("alley", {"alley": 5}),
    ("alley", {"alley": {"1": "2"}}),
    ("alley", {"alley": ["1", 2]}),
    ("alley", {"alley": ["1"] * 17}),
    ("owner", {"owner": "A"}),
    ("hamlet", {"hamlet": "Thôn 5, a.b@example.vn"}),
    ("poi", {"poi": "Tiệm 0912.345.678"}),
]


@pytest.mark.parametrize(("field", "given"), REFUSED)
def test_what_cannot_be_kept_is_refused_by_name(field, given):
    with pytest.raises(InvalidInput) as caught:
        components_from(given)
    assert caught.value.field == field


@pytest.mark.parametrize("given", ["184 Quán Thánh, ĐT 0912345678", None, 184, ["184", "Quán Thánh"]])
def test_what_is_not_parts_by_their_names_is_refused_and_not_repeated(given):
    with pytest.raises(InvalidInput, match="a line of text goes as") as refused:
        components_from(given)
    assert refused.value.field == "components"
    assert "0912345678" not in str(refused.value)


def test_long_texts_within_the_limit_pass():
    assert len(components_from({"street": "x" * 200, "text": "y" * 500}).text) == 500


def test_clean_components_are_left_as_they_are():
    clean = components_from({"house_number": "12", "street": "Quán Thánh", "alley": ["1", "2"]})
    assert clean_components(clean) is clean
    assert clean_components(Components(street=" Quán  Thánh ")) == Components(street="Quán Thánh")
    with pytest.raises(InvalidInput):
        clean_components(Components(street=5))


def test_the_refusal_of_personal_data_says_so_in_both_languages_and_repeats_nothing():
    with pytest.raises(InvalidInput) as caught:
        components_from({"text": "12 Quán Thánh, gọi 0912345678"})
    assert "no personal data" in caught.value.message("en")
    assert "dữ liệu cá nhân" in caught.value.message("vi")
    assert "0912345678" not in repr(caught.value) + caught.value.message("en") + repr(vars(caught.value))


PERSONAL = """
phone    | 0912345678
phone    | Gọi 0912.345.678 trước khi giao
phone    | SĐT:0912-345-678
phone    | 0912 345 678
phone    | +84912345678
phone    | +84 912 345 678
phone    | (+84) 912 345 678
phone    | +84 (0) 912 345 678
phone    | 84912345678
phone    | 024 3825 1234
phone    | (024) 3825 1234
phone    | 02838251234
phone    | ０９１２３４５６７８
phone    | số 5 (0387 654 321)
identity | 001099012345
identity | CCCD 001099012345
identity | CCCD:001099012345.
identity | 001 099 012 345
identity | CMND 012345678
identity | cmnd số 123456789, Công an Hà Nội
email    | a.nguyen@example.vn
email    | thư: A_B@mail.example.com
"""

ADDRESSES = """
1806/127/2/6/15/27/3 Huỳnh Tấn Phát
số 5 ngách 12/34 ngõ 12 phố X
12/34/5A đường X
16-18-20-22 Quán Thánh
đường 30/4
đường 3 tháng 2
QL.9
TCH 03
25 - 06
Km 1234+567 QL1A
10000
700000
11120 12345
1112012345
lô 12-34, tờ bản đồ 56, thửa 789
21.0429320, 105.8390475
105.8390475
7PH57R4X+2C
số 1/2/3/4/5/6/7/8/9/10/11/12
2025-07-01
1800 6928
"""


@pytest.mark.parametrize(
    ("kind", "text"), [line.split(" | ") for line in PERSONAL.replace("  ", " ").strip().splitlines()]
)
def test_personal_identifiers_are_seen(kind, text):
    assert personal_kind(text) == kind.strip()


@pytest.mark.parametrize("text", ADDRESSES.strip().splitlines())
def test_addresses_are_not_taken_for_persons(text):
    assert personal_kind(text) is None


@pytest.mark.parametrize("name", ["real_addresses_dev.csv", "legacy_noisy_dev.csv"])
def test_no_real_address_is_refused(shared, name):
    columns = {"old_address", "new_address", "text", "province", "district", "ward"}
    with (shared / "data/addresses" / name).open(encoding="utf-8-sig", newline="") as lines:
        texts = {row[c] for row in csv.DictReader(lines) for c in columns & row.keys()}
    assert len(texts) > 1000
    assert [text for text in texts if personal_kind(text)] == []
