"""parse answers with the names of the day asked for, whichever name was written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import geoaddr
from geoaddr.errors import InvalidDate
from geoaddr.model import Unit
from geoaddr.platform import Geoaddr


@pytest.fixture(scope="module")
def ga() -> Iterator[Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


# 26740: Bến Nghé until the reform of 1 July 2025, Sài Gòn since (1685/NQ-UBTVQH15).
# Cities since: Huế 1 January 2025 (175/2024/QH15), Đồng Nai 30 April 2026 (30/2026/QH16), Quảng Ninh
# 1 September 2026 (36/2026/QH16), Bắc Ninh 20 September 2026 (39/2026/QH16); wards with them: Trảng Bom
# (237/NQ-UBTVQH16), Lục Nam (388/NQ-UBTVQH16).
DATED = """
Phường Bến Nghé, Quận 1, TP Hồ Chí Minh   | 2025-06-30 | 26740 Phường Bến Nghé    | 79 Thành phố Hồ Chí Minh
Phường Sài Gòn, TP Hồ Chí Minh            | 2025-07-01 | 26740 Phường Sài Gòn     | 79 Thành phố Hồ Chí Minh
Phường Sài Gòn, TP Hồ Chí Minh            | 2026-09-30 | 26740 Phường Sài Gòn     | 79 Thành phố Hồ Chí Minh
Tỉnh Đồng Nai                             | 2025-06-30 | -                        | 75 Tỉnh Đồng Nai
Tỉnh Đồng Nai                             | 2026-04-29 | -                        | 75 Tỉnh Đồng Nai
Tỉnh Đồng Nai                             | 2026-04-30 | -                        | 75 Thành phố Đồng Nai
Thành phố Đồng Nai                        | 2026-04-29 | -                        | 75 Tỉnh Đồng Nai
Thành phố Đồng Nai                        | 2026-04-30 | -                        | 75 Thành phố Đồng Nai
Xã Trảng Bom, tỉnh Đồng Nai               | 2026-04-29 | 26248 Xã Trảng Bom       | 75 Tỉnh Đồng Nai
Xã Trảng Bom, tỉnh Đồng Nai               | 2026-04-30 | 26248 Phường Trảng Bom   | 75 Thành phố Đồng Nai
Phường Trảng Bom, thành phố Đồng Nai      | 2026-04-29 | 26248 Xã Trảng Bom       | 75 Tỉnh Đồng Nai
Phường Yên Tử, Quảng Ninh                 | 2026-08-31 | 06832 Phường Yên Tử      | 22 Tỉnh Quảng Ninh
Phường Yên Tử, tỉnh Quảng Ninh            | 2026-09-01 | 06832 Phường Yên Tử      | 22 Thành phố Quảng Ninh
Xã Lục Nam, Bắc Ninh                      | 2026-09-19 | 07444 Xã Lục Nam         | 24 Tỉnh Bắc Ninh
Xã Lục Nam, tỉnh Bắc Ninh                 | 2026-09-20 | 07444 Phường Lục Nam     | 24 Thành phố Bắc Ninh
Tỉnh Thừa Thiên Huế                       | 2024-12-31 | -                        | 46 Tỉnh Thừa Thiên Huế
Tỉnh Thừa Thiên Huế                       | 2025-01-01 | -                        | 46 Thành phố Huế
"""


def shown(unit: Unit | None) -> str:
    return f"{unit.code} {unit.full_name}" if unit else "-"


@pytest.mark.parametrize("line", DATED.strip().splitlines())
def test_units_answer_by_their_name_of_the_day(ga: Geoaddr, line: str) -> None:
    text, day, commune, province = (part.strip() for part in line.split("|"))
    parsed = ga.parse(text, as_of=day)
    assert (shown(parsed.commune), shown(parsed.province)) == (commune, province)
    assert parsed.era == ("old" if day < "2025-07-01" else "new")


def test_the_name_that_was_read_is_in_the_match(ga: Geoaddr) -> None:
    (match,) = ga.parse("Thừa Thiên Huế", as_of="2025-01-01").interpretations[0].matches
    assert (match.name, match.unit.full_name) == ("Thừa Thiên Huế", "Thành phố Huế")


@pytest.mark.parametrize("text", ["Phường Sài Gòn, TP Hồ Chí Minh", "Phường Yên Tử, tỉnh Quảng Ninh"])
def test_a_unit_that_did_not_exist_yet_is_not_known(ga: Geoaddr, text: str) -> None:
    parsed = ga.parse(text, as_of="2025-06-30")
    assert (parsed.status, parsed.commune) == ("partial", None)
    assert parsed.province is not None
    assert parsed.era == "old"


def test_a_unit_that_is_gone_answers_by_its_last_name(ga: Geoaddr) -> None:
    parsed = ga.parse("Phường Bến Nghé, Quận 1, TP Hồ Chí Minh", as_of="2026-01-01")
    assert shown(parsed.commune) == "26740 Phường Bến Nghé"
    assert parsed.commune is not None
    assert str(parsed.commune.valid_to) == "2025-07-01"
    assert parsed.era == "old"


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "2017-12-31", ""])
def test_a_day_that_is_none_is_refused(ga: Geoaddr, day: str) -> None:
    with pytest.raises(InvalidDate):
        ga.parse("Hà Nội", as_of=day)


def test_how_far_an_answer_is_to_be_believed(ga: Geoaddr) -> None:
    sure = ga.parse("Phường Bến Nghé, Quận 1, TP Hồ Chí Minh")
    assert sure.status == "ok"
    assert sure.confidence is not None
    assert sure.confidence > 0.9
    assert ga.parse("Phường Tân An").status == "ambiguous"
    assert ga.parse("Huyện Cần Giờ").status == "partial"
    assert (ga.parse("xyz").status, ga.parse("xyz").confidence) == ("not_found", None)


@pytest.mark.parametrize(
    "text", ["Phu Quoc Restaurant, London E2", "Ha Long Bay Cruise", "Vinh Long House, Prague 4"]
)
def test_one_name_amid_words_that_nobody_understood_is_not_believed(ga: Geoaddr, text: str) -> None:
    parsed = ga.parse(text)
    assert parsed.status in ("partial", "not_found")
    assert parsed.confidence is None or parsed.confidence < 0.5


@pytest.mark.parametrize("text", ["12 Hàng Trống, Hà Nội", "Công ty ABC, Biên Hòa, Đồng Nai", "Quận 7", "Huế"])
def test_a_province_or_district_where_one_stands_in_an_address_is(ga: Geoaddr, text: str) -> None:
    parsed = ga.parse(text)
    assert (parsed.status, parsed.commune) == ("partial", None)
    assert parsed.confidence is not None
    assert parsed.confidence > 0.7


@pytest.mark.parametrize("city", ["HCM", "TPHCM", "TP HCM", "TP.HCM", "HCMC", "Sài Gòn"])
@pytest.mark.parametrize("before", ["Quận 1, ", "12 Nguyễn Huệ, P. Bến Nghé, Q1, ", "Phường Bến Thành, "])
def test_a_well_known_name_of_a_city_is_read(ga: Geoaddr, before: str, city: str) -> None:
    """Its unit of before the reform and that of today have the name in common, and are no rivals for it."""
    parsed = ga.parse(before + city)
    best = parsed.interpretations[0]
    assert parsed.components.rest == ""
    assert "province" in {match.unit.level for match in best.matches if match.span}
    assert parsed.province is not None
    assert parsed.province.code == "79"
