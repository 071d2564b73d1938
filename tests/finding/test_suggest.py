"""Completions of what is being typed."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.errors import InvalidInput, InvalidPoint, InvalidQuery, UnknownUnit
from geoaddr.platform import Geoaddr
from tests.finding.households import COMMUNES

COMPLETED = """
typed                    | kind     | commune | among them
phường sài g             | commune  | 26740   | Phường Sài Gòn, Thành phố Hồ Chí Minh
sai gon                  | commune  | 26740   | Phường Sài Gòn, Thành phố Hồ Chí Minh
p. ba di                 | commune  | 00004   | Phường Ba Đình, Thành phố Hà Nội
thành phố đà n           | province |         | Thành phố Đà Nẵng
da nan                   | province |         | Thành phố Đà Nẵng
quan th                  | street   | 00004   | Quán Thánh, Phường Ba Đình, Thành phố Hà Nội
phố quán th              | street   | 00004   | Quán Thánh, Phường Ba Đình, Thành phố Hà Nội
lê lợi, hải ch           | street   | 20242   | Lê Lợi, Phường Hải Châu, Thành phố Đà Nẵng
le loi, ben nghe         | street   | 26740   | Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh
7 quán th                | house    | 00004   | 7 Quán Thánh, Phường Ba Đình, Thành phố Hà Nội
12 lê l, đà nẵ           | house    | 20242   | 12 Lê Lợi, Phường Hải Châu, Thành phố Đà Nẵng
le loi ben ng            | street   | 26740   | Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh
10 le loi ben nghe       | house    | 26740   | 10 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh
10 le loi ben nghe ho chi minh | house | 26740 | 10 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh
10 le loi p. ben nghe, q1 | house   | 26740   | 10 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh
to dan pho 5, ngoc h     | place    | 00008   | Tổ dân phố 5, Phường Ngọc Hà, Thành phố Hà Nội
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("typed", "kind", "commune", "label"), rows(COMPLETED))
def test_what_is_typed_is_completed(filled: Geoaddr, typed: str, kind: str, commune: str, label: str) -> None:
    found = {c.label: c for c in filled.suggest(typed, 20)}
    assert label in found
    assert found[label].kind == kind
    unit = found[label].commune
    assert (unit.code if unit else "") == commune


def test_behind_a_street_that_nobody_knows_the_commune_is_told(filled: Geoaddr) -> None:
    """A street of one word is left alone: it may be the beginning of a longer name."""
    found = filled.suggest("10 duong khong co ben nghe")
    assert [(c.kind, c.text) for c in found] == [
        ("commune", "10 duong khong co, Phường Sài Gòn, Thành phố Hồ Chí Minh")
    ]
    assert filled.suggest("10 xyz ben nghe") == []
    assert filled.suggest("10 duong khong co, phuong ben nghe, quan 1, ho chi minh") == []


@pytest.mark.parametrize("typed", ["100/5 đội c", "số 100/5 doi can, ba"])
def test_the_very_number_comes_first_of_all_in_its_alley(typed: str) -> None:
    with geoaddr.open(store="memory:") as ga:
        for number in (*range(6, 30), 50, 5):
            parts = {"house_number": str(number), "alley": ["ngõ 100"], "street": "Đội Cấn", "commune": "00004"}
            ga.assign(parts, lat=21.0385 + number * 1e-4, lon=105.832)
        labels = [completion.label for completion in ga.suggest(typed, 8) if completion.kind == "house"]
    assert [label.partition(" Đội Cấn")[0] for label in labels][:2] == ["số 5 ngõ 100", "số 50 ngõ 100"]


def test_a_code_is_not_completed() -> None:
    """Whoever tries codes out has to do so where it is counted."""
    with geoaddr.open(store="memory:") as ga:
        parts = {"house_number": "10", "street": "Lê Lợi", "commune": "26740"}
        ndas = ga.assign(lat=10.774, lon=106.7013, components=parts).ndas
        assert [match.ndas for match in ga.geocode(ndas)] == [ndas]
        assert ga.suggest(ndas) == []


def test_every_beginning_of_a_name_leads_to_it(filled: Geoaddr) -> None:
    """From the third letter on: so many names begin with the same two."""
    for text in ("Quán Thánh", "quan thanh", "7 Quán Thánh"):
        for end in range(5 if text[0] == "7" else 3, len(text) + 1):
            assert any("Quán Thánh" in c.label for c in filled.suggest(text[:end], 20)), text[:end]


def test_less_than_two_letters_are_too_few(filled: Geoaddr) -> None:
    for text in ("", " ", "q", "Q.", ", ", "1"):
        assert filled.suggest(text) == []
    assert filled.suggest("hà")


def test_an_old_unit_is_told_with_what_it_is_now(filled: Geoaddr) -> None:
    (found,) = [c for c in filled.suggest("bến ngh") if c.replaces]
    now = "Phường Sài Gòn, Thành phố Hồ Chí Minh"
    assert (found.text, found.label) == (now, f"Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh → {now}")


def test_a_divided_unit_leads_to_all_its_parts(filled: Geoaddr) -> None:
    """Quận 1 became four wards; the three that most of it went to are told, each once."""
    found = [c for c in filled.suggest("quận 1", 20) if c.replaces and c.replaces.name == "1"]
    codes = [c.commune.code for c in found if c.commune]
    assert len(codes) == len(set(codes)) == 3


def test_a_point_brings_its_own_streets_first(filled: Geoaddr) -> None:
    for code in ("26740", "20242"):
        first = filled.suggest("lê lợ", lat=COMMUNES[code].lat, lon=COMMUNES[code].lon)[0]
        assert (first.kind, first.commune.code if first.commune else None) == ("street", code)


def test_a_province_brings_its_own_streets_first(filled: Geoaddr) -> None:
    for province, commune in (("79", "26740"), ("48", "20242")):
        first = filled.suggest("lê lợ", province=province)[0]
        assert (first.kind, first.commune.code if first.commune else None) == ("street", commune)


def test_everyone_sees_units_and_streets_that_many_share(filled: Geoaddr) -> None:
    for typed, *_ in rows(COMPLETED):
        for completion in filled.suggest(typed, 20, area_only=True):
            assert completion.kind in ("province", "commune", "street")
            assert (completion.ndas, completion.point) == (None, None)
            if completion.kind == "street":
                assert completion.label.startswith("Quán Thánh"), "eleven households share it, and no other"
    assert any(c.kind == "street" for c in filled.suggest("quan th", area_only=True))


def test_units_of_a_day_alone(filled: Geoaddr) -> None:
    then = filled.suggest("quận ngũ h", as_of="2025-06-30")
    assert [c.replaces.full_name for c in then if c.replaces] == ["Quận Ngũ Hành Sơn"] * len(then)
    assert then
    assert filled.suggest("quận ngũ h", as_of="2025-07-01") == []
    assert [c.label for c in filled.suggest("đà nẵ", as_of="2026-01-01")][:1] == ["Thành phố Đà Nẵng"]


def test_what_cannot_be_used_is_refused(filled: Geoaddr) -> None:
    with pytest.raises(InvalidInput, match="limit"):
        filled.suggest("le", 21)
    with pytest.raises(InvalidPoint, match="lon"):
        filled.suggest("le", lat=16.0)
    with pytest.raises(InvalidPoint):
        filled.suggest("le", lat=160.0, lon=16.0)
    with pytest.raises(UnknownUnit):
        filled.suggest("le", province="99")
    with pytest.raises(InvalidQuery):
        filled.suggest("x" * 4097)
