"""A registry of made-up households: nobody's homes, at round points, with others that may be taken for them."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from geoaddr.model import Components, Point
from geoaddr.registry import Draft, Registry


class Commune(NamedTuple):
    area: str
    lat: float
    lon: float


COMMUNES = {
    "00004": Commune("11120", 21.0368, 105.8346),  # Phường Ba Đình, Hà Nội
    "00008": Commune("11119", 21.0400, 105.8100),  # Phường Ngọc Hà, Hà Nội
    "26740": Commune("70010", 10.7760, 106.7010),  # Phường Sài Gòn, Hồ Chí Minh
    "20242": Commune("50206", 16.0678, 108.2208),  # Phường Hải Châu, Đà Nẵng
}

STREET_STEP = 0.0002
"""Degrees northward for each house number: 22 m."""

HOUSES = """
commune | numbers            | street       | hamlet       | poi
00004   | 1 3 5 7 9 15 17    | Quán Thánh   |              |
00004   | 2 4 6 8            | Quán Thánh   |              |
00008   | 2 4 6 101          | Đội Cấn      |              |
00008   | 12 14              |              | Tổ dân phố 5 |
00004   | 3                  |              | Tổ dân phố 5 |
26740   | 10 12 14 16        | Lê Lợi       |              |
20242   | 12 20 22           | Lê Lợi       |              |
20242   | 1 2 3              | Bạch Đằng    |              |
20242   | 30                 | Trần Phú     |              | Bảo tàng Đồng Dương
00004   | 50                 | Điện Biên Phủ|              | Trường THPT Hoa Sen
26740   | 50 52              | Điện Biên Phủ|              |
26740   | 37 39              | Đường 3/2    |              |
20242   | 61                 | QL14B        |              |
20242   | 9                  | Đường số 3   |              |
"""

ALLEYS = """
commune | number | alleys              | street
00008   | 5      | ngõ 12; ngách 12/34 | Đội Cấn
00008   | 7      | ngõ 12              | Đội Cấn
26740   | 12/5   |                     | Lê Lợi
"""


FLATS = ("12A-01", "12A-02", "3-05")
"""Of 77 Bạch Đằng, Hải Châu."""


def households() -> list[Draft]:
    made = [
        _draft("20242", Components(house_number="77", street="Bạch Đằng", building="Chung cư Hoa Sen", unit=flat),
               0.02, 0.0)
        for flat in FLATS
    ]  # fmt: skip
    for n, (commune, numbers, street, hamlet, poi) in enumerate(_rows(HOUSES)):
        for number in numbers.split():
            parts = Components(house_number=number, street=street or None, hamlet=hamlet or None, poi=poi or None)
            made.append(_draft(commune, parts, int(number) * STREET_STEP, 0.002 * n))
    for n, (commune, number, alleys, street) in enumerate(_rows(ALLEYS)):
        chain = tuple(alley.strip() for alley in alleys.split(";") if alley.strip())
        made.append(_draft(commune, Components(house_number=number, alley=chain, street=street), 0.01, 0.001 * n))
    return made


def fill(registry: Registry) -> dict[str, Draft]:
    """The made-up households by the codes that they were given."""
    drafts = households()
    issued = registry.issue_many([(str(n), draft) for n, draft in enumerate(drafts)])
    return {answer.record.ndas: draft for answer, draft in zip(issued, drafts, strict=True)}  # type: ignore[union-attr]


def _draft(commune: str, parts: Components, north: float, east: float) -> Draft:
    area, lat, lon = COMMUNES[commune]
    return Draft(
        components=parts, area_code=area, commune_code=commune, status="live", issued_on=dt.date(2026, 3, 1),
        point=Point(lat=lat + north, lon=lon + east),
    )  # fmt: skip


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]
