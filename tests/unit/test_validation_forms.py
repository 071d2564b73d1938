"""Forms, and what is said of their fields. Units are given as codes too, most of which the reform used again, for
other ground than before."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest

import geoaddr
from geoaddr.conversion import EVE
from geoaddr.errors import InvalidInput
from geoaddr.model import Unit

DOOR = {"house_number": "25", "street": "Nguyễn Thị Minh Khai"}


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@cache
def split_and_whole() -> tuple[list[Unit], list[Unit]]:
    """The communes of the reform's eve that were divided, and those that went into one, by the crosswalk."""
    gazetteer = opened().gazetteer
    parts = {
        unit.code: gazetteer.translate(unit.code, "commune", known_on=EVE, as_of=gazetteer.date)
        for unit in gazetteer.units("commune", as_of=EVE)
    }
    units = {unit.code: unit for unit in gazetteer.units("commune", as_of=EVE)}
    split = [units[code] for code, after in parts.items() if len(after) > 1]
    return split, [units[code] for code, after in parts.items() if len(after) == 1]


def old_form(unit: Unit) -> dict[str, str]:
    above = opened().gazetteer.ancestors(unit, as_of=EVE)
    return {**DOOR, "commune": unit.code, **{holder.level: holder.code for holder in above}}


def test_a_divided_commune_is_offered_whole_when_it_is_given_by_its_code() -> None:
    split, _ = split_and_whole()
    gazetteer = opened().gazetteer
    assert len(split) == 441
    for unit in split:
        answer = opened().validate(old_form(unit))
        assert (answer.verdict, answer.possible_next_action) == ("fix", "choose_candidate"), unit
        after = gazetteer.translate(unit.code, "commune", known_on=EVE, as_of=gazetteer.date)
        assert {candidate.commune.code for candidate in answer.candidates} == {other.code for other, _ in after}


@pytest.mark.slow
def test_a_whole_commune_is_taken_by_its_code() -> None:
    _, whole = split_and_whole()
    gazetteer = opened().gazetteer
    for unit in whole:
        answer = opened().validate(old_form(unit))
        ((after, _),) = gazetteer.translate(unit.code, "commune", known_on=EVE, as_of=gazetteer.date)
        assert answer.verdict == "accept", unit
        assert answer.commune == after


@pytest.mark.parametrize("code", ["10903", "32047", "00001"])
def test_a_code_says_which_of_several_units_of_one_name_is_meant(code: str) -> None:
    """Ngọc Liên and Khánh Hòa are names of several communes of their provinces."""
    unit = opened().gazetteer.unit(code, level="commune", as_of=EVE)
    assert opened().validate(old_form(unit)).verdict == "accept"


def test_today_the_code_of_a_commune_and_its_province_are_enough() -> None:
    gazetteer = opened().gazetteer
    for unit in gazetteer.units("commune", as_of=gazetteer.date)[::7]:
        assert unit.parent
        answer = opened().validate({**DOOR, "commune": unit.code, "province": unit.parent})
        assert answer.verdict in ("accept", "confirm")
        assert answer.commune == unit


REUSED = "26737"
"""Phường Đa Kao of Quận 1 until 30 June 2025, divided then; Phường Tân Định today."""


@pytest.mark.parametrize(
    ("fields", "as_of", "verdict", "era"),
    [
        ({"district": "760", "province": "79"}, None, "fix", "old"),
        ({"district": "760", "province": "79"}, dt.date(2026, 1, 1), "fix", "old"),
        ({"district": "Quận 1", "province": "TP.HCM"}, None, "fix", "old"),
        ({"province": "79"}, dt.date(2025, 6, 30), "fix", "old"),
        ({"province": "79"}, dt.date(2026, 1, 1), "accept", "new"),
        ({"province": "79"}, None, "confirm", "new"),
        ({"district": "761", "province": "79"}, None, "fix", "old"),
        ({"district": "760", "province": "01"}, None, "fix", "old"),
    ],
)
def test_a_district_or_a_day_dates_a_code(
    fields: dict[str, str], as_of: dt.date | None, verdict: str, era: str
) -> None:
    answer = opened().validate({**DOOR, "commune": REUSED, **fields}, as_of=as_of)
    assert (answer.verdict, answer.era) == (verdict, era)


def test_a_province_code_beside_a_district_is_one_of_before_the_reform() -> None:
    """24 was Bắc Giang and is Bắc Ninh today."""
    answer = opened().validate({**DOOR, "commune": "Dĩnh Kế", "district": "213", "province": "24"})
    assert answer.verdict == "accept"
    assert answer.normalised.old
    assert answer.normalised.old.endswith("Phường Dĩnh Kế, Thành phố Bắc Giang, Tỉnh Bắc Giang")


def given(answer: Any) -> dict[str, str | None]:
    return {part.name: part.given for part in answer.components if part.given is not None}


@pytest.mark.parametrize(
    "fields",
    [
        {"commune": "Hàng Gai", "district": "Hoàn Kiếm", "province": "Hà Nội"},
        {"commune": "26734", "district": "760", "province": "79"},
        {"commune": "8", "district": "10", "province": "TP. Hồ Chí Minh"},
        {"commune": "26737", "district": "761", "province": "79"},
    ],
)
def test_what_was_given_is_told_as_it_was_given(fields: dict[str, str]) -> None:
    told = given(opened().validate({**DOOR, **fields}))
    assert {level: told.get(level) for level in fields} == fields


@pytest.mark.parametrize(
    "text",
    [
        "8 Tràng Thi, Hoàn Kiếm, Hà Nội",
        "144 Xuân Thủy, Cầu Giấy, Hà Nội",
        "K12/H5/7 Trần Cao Vân, Thanh Khê, Đà Nẵng",
    ],
)
def test_a_bare_name_of_a_district_and_of_a_commune_may_be_either(text: str) -> None:
    """The first district ended; a ward of today has its name, and others lie where it was."""
    answer = opened().validate(text)
    name = text.split(", ")[1]
    assert answer.possible_next_action == "choose_candidate"
    assert answer.candidates[0].commune.name == name
    (commune,) = (part for part in answer.components if part.name == "commune")
    assert (commune.status, commune.given) == ("unconfirmed", name)


def test_a_district_that_is_called_one_is_no_commune() -> None:
    answer = opened().validate("144 Xuân Thủy, Quận Cầu Giấy, Hà Nội")
    assert answer.possible_next_action == "add_commune"


def test_six_digits_are_replaced_and_said_to_be_unchecked() -> None:
    """100000 was in Hà Nội; what six digits stood for is not kept here."""
    answer = opened().validate("12 Hùng Vương, Phường Lộc Thọ, Nha Trang, Khánh Hòa 100000")
    (postcode,) = (part for part in answer.components if part.name == "postcode")
    assert (answer.verdict, postcode.status, postcode.value) == ("accept", "unconfirmed", answer.postcode)
    assert "not checked" in postcode.why["en"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10 Lê Lợi, Phường Hàng Gai, Quận 1, TP.HCM", "“Phường Hàng Gai” does not lie in Quận 1"),
        ({"commune": REUSED, "district": "761", "province": "79"}, "“Quận 12” does not go with Phường Đa Kao"),
    ],
)
def test_what_does_not_fit_is_held_against_what_was_written(text: str | dict[str, str], sentence: str) -> None:
    assert [each.why["en"] for each in opened().validate(text).contradictions] == [sentence]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("KP5, P. Dương Đông, Phú Quốc, Kiên Giang", "confirm"),
        ("Tổ dân phố 3, Thị trấn Mộc Châu, Huyện Mộc Châu, Sơn La", "confirm"),
        ("Ấp Bãi Vòng, Xã Hàm Ninh, Phú Quốc, Kiên Giang", "accept"),
    ],
)
def test_an_old_ward_that_is_written_is_no_village(text: str, verdict: str) -> None:
    assert opened().validate(text).verdict == verdict


@pytest.mark.parametrize(
    ("name", "number"), [("house_number", 25), ("floor", 3), ("unit", 0), ("postcode", 71016)]
)
def test_a_whole_number_is_taken_for_text_where_nothing_is_lost(name: str, number: int) -> None:
    form = {**DOOR, "commune": "Sài Gòn", "province": "TP.HCM"}
    answers = [opened().validate({**form, name: value}).components for value in (number, str(number))]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("house_number", 2.5),
        ("house_number", True),
        ("house_number", -1),
        ("postcode", 1000),
        ("commune", 26737),
        ("province", 79),
        ("code", 1112012345),
    ],
)
def test_other_numbers_are_refused_by_the_name_of_their_field(name: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        opened().validate({name: value})
    assert refused.value.field == name


DOORS = """
text                                  | house_number | street        | says otherwise
5 Lê Lợi, Phường Bến Thành, TP.HCM    |              | Hàm Nghi      | Lê Lợi, Hàm Nghi
12 Lê Lợi, Phường Sài Gòn, TP.HCM     | 99           |               | 12, 99
12 Lê Lợi, Phường Sài Gòn, TP.HCM     | 14           | Nguyễn Huệ    | 12, 14; Lê Lợi, Nguyễn Huệ
12 Lê Lợi, Phường Sài Gòn, TP.HCM     | Số 12        | đường lê lợi  |
12 P. Lê Lợi, Phường Sài Gòn, TP.HCM  |              | Lê Lợi        |
Phường Sài Gòn, TP.HCM                | 12           | Lê Lợi        |
"""


@pytest.mark.parametrize("row", DOORS.strip().splitlines()[1:])
def test_a_line_and_its_fields_name_one_door(row: str) -> None:
    text, number, street, otherwise = (cell.strip() for cell in row.split("|"))
    fields = {name: value for name, value in (("house_number", number), ("street", street)) if value}
    found = opened().validate({"text": text, **fields})
    told = [c.why["en"] for c in found.contradictions if c.kind == "door"]
    expected = [pair.split(", ") for pair in otherwise.split("; ") if pair]
    assert told == [f"the text says {one}, the fields say {other}" for one, other in expected]
    assert found.verdict == ("confirm" if otherwise else "accept")
