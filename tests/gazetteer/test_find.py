"""Names to units: with and without type and accents, aliases, homonyms."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Unit
from geoaddr.text.fold import fold

EVE, NOW = dt.date(2025, 6, 30), dt.date(2026, 9, 20)

FOUND = """
text                     | on         | within | codes
Sài Gòn                  | 2026-09-20 |        | 79 26740
sai gon                  | 2026-09-20 |        | 79 26740
Phường Sài Gòn           | 2026-09-20 |        | 26740
PHUONG SAI GON           | 2026-09-20 | 79     | 26740
TP HCM                   | 2026-09-20 |        | 79
TP.HCM                   | 2026-09-20 |        | 79
HN                       | 2026-09-20 |        | 01
Thành phố Đồng Nai       | 2026-09-20 |        | 75
Tỉnh Đồng Nai            | 2026-09-20 |        | 75
Thừa Thiên Huế           | 2026-09-20 |        | 46
26740                    | 2026-09-20 |        | 26740
79                       | 2026-09-20 |        | 79
Quận 2                   | 2025-06-30 | 79     | 769
Thành phố Huế            | 2025-06-30 | 46     | 474 475
Phường 01                | 2025-06-30 | 765    | 26944
Thuỷ Xuân                | 2026-09-20 |        | 19813
Thủy Xuân                | 2026-09-20 |        | 19813
Nguyễn Trung Trực        | 2025-06-30 | 001    | 00004
Phường Nguyễn Trung Trực | 2025-06-30 | 001    | 00004
Xã Thanh An              | 2026-09-20 | 79     | 25807
Thanh An                 | 2026-09-20 | 79     | 25807 27676
M'Drắk                   | 2026-09-20 |        | 24412
MDRAK                    | 2026-09-20 |        | 24412
Xã Sài Gòn               | 2026-09-20 |        |
no such place            | 2026-09-20 |        |
                         | 2026-09-20 |        |
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("text", "on", "within", "codes"), rows(FOUND))
def test_a_name_finds_its_units(gazetteer: Gazetteer, text: str, on: str, within: str, codes: str) -> None:
    found = gazetteer.find(text, as_of=dt.date.fromisoformat(on), parent=within or None)
    assert " ".join(unit.code for unit in found) == codes


def test_tan_an_stands_for_ten_communes(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.find("Tân An", level="commune", as_of=NOW)) == 10


def test_ten_pairs_inside_a_province_differ_by_accents_alone(gazetteer: Gazetteer) -> None:
    by_key: dict[tuple[str | None, str], list[Unit]] = {}
    for unit in gazetteer.units("commune", as_of=NOW):
        by_key.setdefault((unit.parent, fold(unit.name)), []).append(unit)
    pairs = {key: units for key, units in by_key.items() if len({unit.name for unit in units}) > 1}
    assert len(pairs) == 10
    for (province, folded), units in pairs.items():
        assert gazetteer.find(folded, level="commune", parent=province, as_of=NOW) == units
        for unit in units:
            assert gazetteer.find(unit.full_name, level="commune", parent=province, as_of=NOW) == [unit]


def test_33_old_communes_were_ward_one(gazetteer: Gazetteer) -> None:
    own = [u for u in gazetteer.units("commune", as_of=EVE) if u.full_name == "Phường 1"]
    assert len(own) == 33
    assert {u.code for u in own} <= {u.code for u in gazetteer.find("phường 1", as_of=EVE)}


def test_a_number_is_a_code_and_a_name(gazetteer: Gazetteer) -> None:
    """Lai Châu has the code 12; wards of Hồ Chí Minh had the name 12."""
    found = gazetteer.find("12", as_of=EVE)
    assert found[0].full_name == "Tỉnh Lai Châu"
    assert {u.code for u in gazetteer.units("commune", as_of=EVE) if u.full_name == "Phường 12"} < {
        u.code for u in found
    }


def test_higher_levels_come_first(gazetteer: Gazetteer) -> None:
    assert [u.level for u in gazetteer.find("Hà Giang", as_of=EVE)][:2] == ["province", "district"]


@given(st.data(), st.sampled_from(["NFC", "NFD"]), st.sampled_from([str, str.upper, str.lower, fold]))
def test_every_unit_is_found_by_its_own_name(gazetteer: Gazetteer, data: st.DataObject, form: str, write) -> None:  # type: ignore[no-untyped-def]
    day = data.draw(st.sampled_from([EVE, NOW]))
    level = data.draw(st.sampled_from(["province", "commune"]))
    unit = data.draw(st.sampled_from(gazetteer.units(level, as_of=day)))
    for name in (unit.name, unit.full_name):
        text = write(unicodedata.normalize(form, name))
        assert unit in gazetteer.find(text, as_of=day), text
        assert unit in gazetteer.find(text, as_of=day, level=unit.level, parent=unit.parent), text
