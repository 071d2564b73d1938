"""Units on both sides of each change. Facts: decision 19/2025/QĐ-TTg, resolutions 202/2025/QH15,
175/2024/QH15, 938 and 1365/NQ-UBTVQH15, 30, 36 and 39/2026/QH16, 237 and 388/NQ-UBTVQH16."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.errors import UnknownUnit
from geoaddr.gazetteer import Gazetteer

FACTS = """
code  | on         | full name                | parent | legal basis
26740 | 2025-06-30 | Phường Bến Nghé          | 760    |
26740 | 2025-07-01 | Phường Sài Gòn           | 79     | 1685/NQ-UBTVQH15
79    | 2025-06-30 | Thành phố Hồ Chí Minh    |        |
79    | 2025-07-01 | Thành phố Hồ Chí Minh    |        | 202/2025/QH15
01    | 2018-01-01 | Thành phố Hà Nội         |        |
01    | 2026-09-20 | Thành phố Hà Nội         |        |
46    | 2024-12-31 | Tỉnh Thừa Thiên Huế      |        |
46    | 2025-01-01 | Thành phố Huế            |        | 175/2024/QH15
46    | 2026-09-20 | Thành phố Huế            |        | 175/2024/QH15
75    | 2026-04-29 | Tỉnh Đồng Nai            |        | 202/2025/QH15
75    | 2026-04-30 | Thành phố Đồng Nai       |        | 30/2026/QH16
22    | 2026-08-31 | Tỉnh Quảng Ninh          |        |
22    | 2026-09-01 | Thành phố Quảng Ninh     |        | 36/2026/QH16
24    | 2026-09-19 | Tỉnh Bắc Ninh            |        | 202/2025/QH15
24    | 2026-09-20 | Thành phố Bắc Ninh       |        | 39/2026/QH16
26368 | 2026-04-29 | Xã Long Thành            | 75     | 1662/NQ-UBTVQH15
26368 | 2026-04-30 | Phường Long Thành        | 75     | 237/NQ-UBTVQH16
07840 | 2026-09-19 | Xã Hiệp Hòa              | 24     | 1658/NQ-UBTVQH15
07840 | 2026-09-20 | Phường Hiệp Hòa          | 24     | 388/NQ-UBTVQH16
001   | 2025-06-30 | Quận Ba Đình             | 01     |
222   | 2024-01-31 | Huyện Việt Yên           | 24     |
222   | 2024-02-01 | Thị xã Việt Yên          | 24     | 938/NQ-UBTVQH15
754   | 2025-02-28 | Thị xã Phú Mỹ            | 77     |
754   | 2025-03-01 | Thành phố Phú Mỹ         | 77     | 1365/NQ-UBTVQH15
06978 | 2025-07-01 | Xã Ba Chẽ                | 22     | 1679/NQ-UBTVQH15
06970 | 2025-06-30 | Thị trấn Ba Chẽ          | 202    |
20333 | 2025-07-01 | Đặc khu Hoàng Sa         | 48     | 1659/NQ-UBTVQH15
22736 | 2025-07-01 | Đặc khu Trường Sa        | 56     | 1667/NQ-UBTVQH15
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("code", "on", "full_name", "parent", "basis"), rows(FACTS))
def test_a_code_names_the_unit_of_its_day(
    gazetteer: Gazetteer, code: str, on: str, full_name: str, parent: str, basis: str
) -> None:
    day = dt.date.fromisoformat(on)
    unit = gazetteer.unit(code, as_of=day)
    assert (unit.full_name, unit.parent or "", unit.legal_basis or "") == (full_name, parent, basis)
    assert unit.valid_from <= day
    assert unit.valid_to is None or day < unit.valid_to


@pytest.mark.parametrize(
    ("code", "on", "why"),
    [
        ("001", "2025-07-01", "Quận Ba Đình had it"),
        ("06970", "2026-01-01", "Thị trấn Ba Chẽ had it"),
        ("99999", "2026-01-01", "no administrative unit has this code"),
        ("1234", "2026-01-01", "not the code of a unit"),
        ("٠٠٠٠٤", "2026-01-01", "not the code of a unit"),
        ("", "2026-01-01", "not the code of a unit"),
    ],
)
def test_an_unknown_code_is_refused_with_its_reason(gazetteer: Gazetteer, code: str, on: str, why: str) -> None:
    with pytest.raises(UnknownUnit, match=why) as refused:
        gazetteer.unit(code, as_of=dt.date.fromisoformat(on))
    assert refused.value.message("vi") != refused.value.message("en")


def test_a_level_that_is_not_the_codes_is_refused(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownUnit, match="5 digits"):
        gazetteer.unit("01", as_of=dt.date(2026, 1, 1), level="commune")


def test_lists_hold_the_units_of_the_day_under_a_parent(gazetteer: Gazetteer) -> None:
    eve, now = dt.date(2025, 6, 30), dt.date(2026, 9, 20)
    assert len(gazetteer.units("commune", as_of=now, parent="79")) == 168
    assert len(gazetteer.units("commune", as_of=now, parent="01")) == 126
    assert len(gazetteer.units("district", as_of=eve, parent="79")) == 22
    assert len(gazetteer.units("commune", as_of=eve, parent="760")) == 10
    assert len(gazetteer.units("commune", as_of=eve, parent="79")) == 273
    assert [u.name for u in gazetteer.ancestors(gazetteer.unit("26740", as_of=eve), as_of=eve)] == [
        "1",
        "Hồ Chí Minh",
    ]
    with pytest.raises(UnknownUnit):
        gazetteer.units("commune", as_of=now, parent="760")


def test_versions_tell_a_codes_whole_life(gazetteer: Gazetteer) -> None:
    lives = [(u.full_name, u.valid_from.isoformat()) for u in gazetteer.versions("26368")]
    assert lives[-2:] == [("Xã Long Thành", "2025-07-01"), ("Phường Long Thành", "2026-04-30")]
