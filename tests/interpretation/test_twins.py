"""Names that differ in accents alone, and stand for two communes of one province: the accents decide.

The ten pairs are those of today's communes; each is written both ways, in three styles.
"""

from __future__ import annotations

import datetime as dt

import pytest

import geoaddr
from geoaddr.platform import Geoaddr

PAIRS = """
02143 Xã Văn Lang      05665 Xã Văn Lăng      Tỉnh Thái Nguyên
10888 Xã Cẩm Giang     10903 Xã Cẩm Giàng     Thành phố Hải Phòng
15724 Xã Đồng Tiến     15853 Phường Đông Tiến Tỉnh Thanh Hóa
21289 Xã Sơn Hà        21292 Xã Sơn Hạ        Tỉnh Quảng Ngãi
21484 Xã Ba Tơ         21523 Xã Ba Tô         Tỉnh Quảng Ngãi
25280 Xã Lộc Thạnh     25294 Xã Lộc Thành     Thành phố Đồng Nai
25534 Xã Tân Thành     27826 Xã Tân Thạnh     Tỉnh Tây Ninh
25807 Xã Thanh An      27676 Xã Thạnh An      Thành phố Hồ Chí Minh
28261 Phường Mỹ Tho    30076 Xã Mỹ Thọ        Tỉnh Đồng Tháp
29938 Xã Tân Thành     30157 Xã Tân Thạnh     Tỉnh Đồng Tháp
"""
SHORT = {"Xã": "X.", "Phường": "P.", "Tỉnh": "", "Thành phố": "TP."}


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


def cases() -> list[tuple[str, str, str, str]]:
    found = []
    for line in PAIRS.strip().splitlines():
        one, other, province = line[:23].split(maxsplit=1), line[23:46].split(maxsplit=1), line[46:].strip()
        found += [(*one, other[0], province), (*other, one[0], province)]
    return [(code, name.strip(), twin, province) for code, name, twin, province in found]


@pytest.mark.parametrize(("code", "name", "twin", "province"), cases(), ids=lambda text: text.replace(" ", "-"))
@pytest.mark.parametrize("style", ["full", "abbreviated", "bare"])
def test_a_name_with_its_accents_is_not_its_twin(
    ga: Geoaddr, code: str, name: str, twin: str, province: str, style: str
) -> None:
    kind, own = name.split(" ", 1)
    above_kind, above = ("Thành phố", province[10:]) if province.startswith("Th") else ("Tỉnh", province[5:])
    line = {
        "full": f"12 Nguyễn Trãi, {name}, {province}",
        "abbreviated": f"12 Nguyễn Trãi, {SHORT[kind]} {own}, {SHORT[above_kind]} {above}",
        "bare": f"12 Nguyễn Trãi, {own}, {above}",
    }[style]
    parsed, validated = ga.parse(line), ga.validate(line)
    best = parsed.commune.code if parsed.commune else None
    judged = validated.commune.code if validated.commune else None
    assert best != twin
    assert judged == code
    if style != "bare":  # a bare name may be a district's as well
        assert best == code
        weights = {r.commune.code: r.weight for r in parsed.interpretations if r.commune and r.era == "new"}
        assert weights.get(twin, 0.0) < 0.12 * weights[code]


@pytest.mark.parametrize("line", ["12 nguyen trai, thanh an, ho chi minh", "12 Nguyen Trai, Xa Thanh An, TP HCM"])
def test_without_any_accent_both_stay_open(ga: Geoaddr, line: str) -> None:
    read = {reading.commune.code for reading in ga.parse(line).interpretations if reading.commune}
    assert {"25807", "27676"} <= read


@pytest.mark.parametrize(("number", "code"), [(1, "24823"), (2, "24820"), (3, "24841")])
def test_an_english_ward_may_begin_with_a_number(ga: Geoaddr, number: int, code: str) -> None:
    parsed = ga.parse(f"12 Tran Phu, {number} Bao Loc Ward, Lam Dong Province")
    assert parsed.commune is not None
    assert (parsed.commune.code, parsed.status) == (code, "ok")
    assert parsed.components.house_number == "12"


# Resolution 175/2024/QH15: the province of code 46 became the city Huế on 1 January 2025; the city of that
# name inside it was parted into the districts Thuận Hóa (474) and Phú Xuân (475).
HUE = """
P. Vĩnh Ninh, TP Huế            |            | 19783 | 474
P. Vĩnh Ninh, TP Huế            | 2024-06-30 | 19783 | 474
P. Vĩnh Ninh, TP Huế            | 2025-03-01 | 19783 | 474
P. Vĩnh Ninh, TP Huế            | 2026-01-01 | 19783 | 474
Phường Thuận Hóa, Thành phố Huế |            | 19789 |
Phường Thuận Hóa, Thành phố Huế | 2026-01-01 | 19789 |
Phường Thuận Hòa, Thành phố Huế |            | 19762 | 475
Phường Thuận Hòa, Thành phố Huế | 2024-06-30 | 19762 | 475
Phường Thuận Hòa, Thành phố Huế | 2025-03-01 | 19762 | 475
"""


@pytest.mark.parametrize("line", HUE.strip().splitlines())
def test_hue_is_a_city_of_two_ranks(ga: Geoaddr, line: str) -> None:
    text, day, commune, district = (part.strip() for part in line.split("|"))
    parsed = ga.parse(text, as_of=dt.date.fromisoformat(day) if day else None)
    assert parsed.commune is not None
    assert parsed.commune.code == commune
    assert (parsed.district.code if parsed.district else "") == district
    assert parsed.province is not None
    assert parsed.province.code == "46"
    before = day and day < "2025"
    assert parsed.province.full_name == ("Tỉnh Thừa Thiên Huế" if before else "Thành phố Huế")


@pytest.mark.parametrize(("day", "most"), [(None, 0.6), (dt.date(2026, 1, 1), 0.9)])
def test_the_city_alone_may_be_either(ga: Geoaddr, day: dt.date | None, most: float) -> None:
    readings = ga.parse("12 Lê Lợi, Thành phố Huế", as_of=day).interpretations
    weights = {r.district.code if r.district else "46": r.weight for r in readings if r.commune is None}
    assert set(weights) == {"46", "474", "475"}
    assert weights["474"] == weights["475"] < weights["46"] < most
