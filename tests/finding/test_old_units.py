"""Addresses that were filed, or are asked for, under communes of before the reform."""

from __future__ import annotations

import datetime as dt

import pytest

from geoaddr.model import Components, Point
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Draft, LoadRow, Registry
from geoaddr.stores import open_store
from geoaddr.wiring import pack_path

TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def ga() -> Geoaddr:
    return Geoaddr(Pack.open(pack_path()), Registry(open_store("memory:")))


def issue(ga: Geoaddr, commune: str, area: str, number: str, street: str, east: float = 0.0) -> str:
    parts = Components(house_number=number, street=street)
    point = Point(lat=21.01, lon=105.81 + east)
    draft = Draft(
        components=parts, area_code=area, commune_code=commune, point=point, issued_on=TODAY, status="live"
    )
    return ga.registry.issue(draft).record.ndas


def test_every_part_of_a_divided_commune_is_searched(ga: Geoaddr) -> None:
    """Phường Láng Hạ was divided among Giảng Võ (00025), Láng (00199) and Đống Đa (00235)."""
    parts = (("00025", "11110", "Hoa Mai"), ("00199", "11528", "Hoa Đào"), ("00235", "11511", "Hoa Sứ"))
    for n, (commune, area, street) in enumerate(parts):
        code = issue(ga, commune, area, "57", street, east=n / 100)
        best = ga.geocode(f"57 đường {street}, Láng Hạ, Đống Đa, Hà Nội")[0]
        assert (best.ndas, best.commune.code if best.commune else None) == (code, commune)


def test_the_same_house_in_two_parts_is_two_places(ga: Geoaddr) -> None:
    one = issue(ga, "00199", "11528", "57", "Huỳnh Thúc Kháng")
    two = issue(ga, "00235", "11511", "57", "Huỳnh Thúc Kháng", east=0.02)
    found = ga.geocode("57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội")
    assert {match.ndas for match in found[:2]} == {one, two}
    assert all(match.score < 0.9 for match in found)


OLD_FILINGS = """
filed under | on         | asked                                             | commune
00013       | 2025-06-30 | 8 Phan Đình Phùng, Phường Ba Đình, Hà Nội          | 00004
00013       | 2025-06-30 | 8 Phan Đình Phùng, Quán Thánh, Ba Đình, Hà Nội     | 00004
26740       | 2024-05-01 | 8 Phan Đình Phùng, Phường Sài Gòn, TP Hồ Chí Minh  | 26740
00199       | 2025-06-30 | 8 Phan Đình Phùng, Láng Hạ, Đống Đa, Hà Nội        |
"""


@pytest.mark.parametrize("row", OLD_FILINGS.strip().splitlines()[1:])
def test_what_was_filed_before_the_reform_is_found(ga: Geoaddr, row: str) -> None:
    filed, on, asked, commune = (cell.strip() for cell in row.split("|"))
    values = {"ndas": "1112012345", "commune_code": filed, "issued_on": on, "lat": "21.04", "lon": "105.84",
              "street": "Phan Đình Phùng", "house_number": "8"}  # fmt: skip
    assert ga.registry.load([LoadRow(1, values)]).loaded == 1
    best = ga.geocode(asked)[0]
    assert (best.ndas, best.match_level) == ("1112012345", "house")
    assert (best.commune.code if best.commune else "") == commune, "of a divided commune only the point could tell"


def test_a_day_reads_with_its_own_units(ga: Geoaddr) -> None:
    """26740 was Phường Bến Nghé; on a day after the reform nobody knows that name."""
    code = issue(ga, "26740", "71016", "8", "Phan Đình Phùng")
    text = "8 Phan Đình Phùng, Phường Bến Nghé, Quận 1, TP Hồ Chí Minh"
    assert ga.geocode(text, as_of="2025-06-30")[0].ndas == code
    assert ga.geocode(text)[0].ndas == code
