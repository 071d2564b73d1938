"""The bare name of a district or town that ended, with no province beside it: its province where it is the only
one of its level, and none for certain where others bear it."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.interpretation.weighing import weighed
from geoaddr.platform import Geoaddr

ONLY_ONE = """
Hà Đông                  | 268 | Hà Nội
Ba Đình                  | 001 | Hà Nội
12 Quang Trung, Hà Đông  | 268 | Hà Nội
Biên Hòa                 | 731 | Đồng Nai
12 Lê Lợi, Vũng Tàu      | 747 | Hồ Chí Minh
Hạ Long                  | 193 | Quảng Ninh
Thủ Đức                  | 769 | Hồ Chí Minh
"""
"""Facts of 30 June 2025, and the province of today."""


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.mark.parametrize("line", ONLY_ONE.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_the_only_one_of_its_level_says_its_province(ga: Geoaddr, line: str) -> None:
    text, code, province = (part.strip() for part in line.split("|"))
    best = ga.parse(text).interpretations[0]
    assert best.commune is None
    assert best.district is not None
    assert best.district.code == code
    assert "province" in best.inferred
    converted, judged = ga.convert(text), ga.validate(text)
    assert converted.status == "partial"
    assert converted.province is not None
    assert converted.province.name == province
    assert judged.possible_next_action != "add_province"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Sơn Tây", "269 530"),
        ("Huyện Phú Tân", "888 972"),
        ("Huyện Châu Thành", "708 808 821 831"),
    ],
)
def test_one_of_several_is_not_taken_for_granted(ga: Geoaddr, text: str, codes: str) -> None:
    """A district's share is at most its own among those of its name; which province, must be asked."""
    parsed, all_read = ga.parse(text), weighed(ga.interpreter, text)
    read = {reading.district.code for reading in all_read if reading.district and reading.commune is None}
    assert set(codes.split()) <= read
    assert parsed.confidence is not None
    assert parsed.confidence < 0.6
    assert ga.validate(text).possible_next_action == "add_province"
