"""What became of units, forward and backward. Facts: the annexed resolutions of 16 June 2025."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Unit, UnitLink

EVE, REFORM, NOW = dt.date(2025, 6, 30), dt.date(2025, 7, 1), dt.date(2026, 9, 20)

FORWARD = """
old   | of          | new
26740 | Bến Nghé    | 26740 whole
00019 | Điện Biên   | 00004 part, 00070 part, 00190 part, 00226 part
00001 | Phúc Xá     | 00097 whole
26248 | Trảng Bom   | 26248 whole
10798 | Hòa Bình    | 10804 part, 10843 part
11890 | Hòa Bình    | 11911 whole
28252 | 4           | 28249 whole
09013 | Văn Khê     | 08980 part, 08995 part, 09022 part, 09817 part
06970 | Ba Chẽ      | 06978 whole
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("old", "name", "new"), rows(FORWARD))
def test_an_old_commune_goes_whole_or_in_parts(gazetteer: Gazetteer, old: str, name: str, new: str) -> None:
    assert gazetteer.unit(old, as_of=EVE).name == name
    found = gazetteer.translate(old, "commune", known_on=EVE, as_of=REFORM)
    assert ", ".join(f"{unit.code} {grade}" for unit, grade in found) == new


ISLANDS = [("318", "Bạch Long Vĩ"), ("471", "Cồn Cỏ"), ("498", "Hoàng Sa"), ("536", "Lý Sơn"), ("755", "Côn Đảo")]


@pytest.mark.parametrize(("district", "name"), ISLANDS)
def test_an_island_district_without_communes_became_a_special_zone(
    gazetteer: Gazetteer, district: str, name: str
) -> None:
    [(zone, grade)] = gazetteer.translate(district, "district", known_on=EVE, as_of=NOW)
    assert (zone.full_name, grade) == (f"Đặc khu {name}", "whole")
    [(back, grade)] = gazetteer.translate(zone.code, "commune", known_on=NOW, as_of=EVE)
    assert (back.level, back.code, grade) == ("district", district, "whole")


def test_other_districts_ended_without_a_successor(gazetteer: Gazetteer) -> None:
    assert gazetteer.successors(gazetteer.unit("001", as_of=EVE)) == []
    assert gazetteer.translate("001", "district", known_on=EVE, as_of=NOW) == []


def test_provinces_follow_resolution_202(gazetteer: Gazetteer) -> None:
    def after(code: str) -> list[str]:
        return [f"{u.name} {g}" for u, g in gazetteer.translate(code, "province", known_on=EVE, as_of=NOW)]

    def before(code: str) -> list[str]:
        return [f"{u.name} {g}" for u, g in gazetteer.translate(code, "province", known_on=NOW, as_of=EVE)]

    assert after("74") == ["Hồ Chí Minh whole"]
    assert after("01") == ["Hà Nội whole"]
    assert before("79") == ["Bình Dương part", "Bà Rịa - Vũng Tàu part", "Hồ Chí Minh part"]
    assert before("46") == ["Huế whole"]
    links = gazetteer.predecessors(gazetteer.unit("79", as_of=REFORM))
    assert [link.code for link in links] == ["74", "77", "79"]
    assert {link.legal_basis for link in links} == {"202/2025/QH15"}


def test_a_change_of_type_is_a_link_of_the_unit_to_itself(gazetteer: Gazetteer) -> None:
    on = dt.date(2026, 4, 30)
    link = UnitLink("commune", "26368", "whole", on, "237/NQ-UBTVQH16")
    assert gazetteer.successors(gazetteer.unit("26368", as_of=REFORM)) == [link]
    assert gazetteer.predecessors(gazetteer.unit("26368", as_of=NOW)) == [link]


def test_backward_a_commune_made_of_one_is_certain_and_of_several_is_not(gazetteer: Gazetteer) -> None:
    alone = gazetteer.translate("23938", "commune", known_on=NOW, as_of=EVE)  # Ia Mơ was left as it was
    assert [(u.code, g) for u, g in alone] == [("23938", "whole")]
    several = gazetteer.translate("26740", "commune", known_on=NOW, as_of=EVE)
    assert {g for _, g in several} == {"part"}
    assert {u.name for u, _ in several} >= {"Bến Nghé", "Đa Kao"}


def test_every_part_is_seen_from_both_sides(gazetteer: Gazetteer) -> None:
    """Forward and backward walks know the same pairs."""
    forward = {
        (unit.code, link.code)
        for unit in gazetteer.units("commune", as_of=EVE)
        for link in gazetteer.successors(unit)
    }
    backward = {
        (link.code, unit.code)
        for unit in gazetteer.units("commune", as_of=REFORM)
        for link in gazetteer.predecessors(unit)
        if link.level == "commune"
    }
    assert forward == backward


DAYS = st.dates(min_value=dt.date(2018, 1, 1), max_value=dt.date(2027, 12, 31))


@given(st.data(), DAYS, DAYS)
def test_translation_answers_units_that_hold_on_the_day(
    gazetteer: Gazetteer, data: st.DataObject, known_on: dt.date, as_of: dt.date
) -> None:
    units = gazetteer.units("commune", as_of=known_on)
    unit: Unit = data.draw(st.sampled_from(units))
    found = gazetteer.translate(unit.code, "commune", known_on=known_on, as_of=as_of)
    assert found
    assert len({(u.level, u.code) for u, _ in found}) == len(found)
    for other, grade in found:
        assert other.valid_from <= as_of
        assert other.valid_to is None or as_of < other.valid_to
        assert (grade == "whole") == (len(found) == 1)
    if (known_on < REFORM) == (as_of < REFORM):
        assert [u.code for u, _ in found] == [unit.code]
