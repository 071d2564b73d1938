"""Old addresses in today's units and back: one answer where one stands, all candidates where none does."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.errors import InvalidInput, InvalidPoint, InvalidQuery

SAI_GON = "Phường Sài Gòn, Thành phố Hồ Chí Minh"


@cache
def opened() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.fixture
def ga() -> geoaddr.Geoaddr:
    return opened()


@pytest.mark.parametrize(
    ("text", "commune", "address"),
    [
        ("10 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", "26740", f"10 Lê Lợi, {SAI_GON}"),
        ("10 Lê Lợi, P. Bến Nghé, Q1, TPHCM", "26740", f"10 Lê Lợi, {SAI_GON}"),
        ("10 le loi, phuong ben nghe, quan 1, ho chi minh", "26740", f"10 le loi, {SAI_GON}"),
        ("5 Hàng Bạc, Hàng Bạc, Hoàn Kiếm, Hà Nội", "00070", "5 Hàng Bạc, Phường Hoàn Kiếm, Thành phố Hà Nội"),
        ("Huyện Côn Đảo, Bà Rịa - Vũng Tàu", "26732", "Đặc khu Côn Đảo, Thành phố Hồ Chí Minh"),
    ],
)
def test_a_commune_that_went_whole_into_one(
    ga: geoaddr.Geoaddr, text: str, commune: str | None, address: str | None
) -> None:
    for form in ("NFC", "NFD"):
        answer = ga.convert(unicodedata.normalize(form, text))
        assert (answer.commune.code if answer.status == "ok" else None) == commune
        assert answer.address == address


def test_a_split_commune_is_never_guessed(ga: geoaddr.Geoaddr) -> None:
    answer = ga.convert("57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội")
    assert answer.status == "ambiguous"
    assert answer.address is None
    parts = {link.code for link in ga.gazetteer.successors(ga.unit("00199", as_of="2025-06-30"))}
    assert parts <= {c.commune.code for c in answer.candidates} | {"00199"}
    assert {"00199", "00235", "00025"} <= {c.commune.code for c in answer.candidates}
    assert sum(c.weight for c in answer.candidates) == pytest.approx(1.0)
    assert [c.weight for c in answer.candidates] == sorted((c.weight for c in answer.candidates), reverse=True)


@pytest.mark.parametrize(
    ("text", "status"),
    [("Hà Nội", "partial"), *((text, "not_found") for text in ("hello world", "", "!!! ???", "🏠"))],
)
def test_what_was_not_understood_is_said(ga: geoaddr.Geoaddr, text: str, status: str) -> None:
    answer = ga.convert(text)
    assert (answer.status, answer.address) == (status, None)


def test_new_to_old_gives_all_that_the_commune_was_made_of(ga: geoaddr.Geoaddr) -> None:
    answer = ga.convert("10 Lê Lợi, Phường Sài Gòn, TP Hồ Chí Minh", to="old")
    made_of = {link.code for link in ga.gazetteer.predecessors(ga.unit("26740"))}
    assert {c.commune.code for c in answer.candidates[: len(made_of)]} == made_of
    assert answer.status == "ambiguous"


def test_bad_arguments_are_named(ga: geoaddr.Geoaddr) -> None:
    with pytest.raises(InvalidInput, match="to 'back': must be new or old"):
        ga.convert("Hà Nội", to="back")
    with pytest.raises(InvalidPoint, match="lon"):
        ga.convert("Hà Nội", lat=21.0)
    with pytest.raises(InvalidQuery):
        ga.convert("x" * 5000)


def test_a_point_and_exact_boundaries_decide(real_pack: Path, shared: Path) -> None:
    """Of 3,500 real addresses, the texts contradict their own points in some 4 in 100."""
    with (shared / "data/addresses/real_addresses_dev.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::5]
    with geoaddr.open(real_pack, "memory:") as ga:
        answers = [ga.convert(r["old_address"], lat=float(r["lat"]), lon=float(r["lon"])) for r in rows]
    right = [
        a.commune is not None and a.commune.code == r["commune_code"] for a, r in zip(answers, rows, strict=True)
    ]
    stood_behind = [ok for a, ok in zip(answers, right, strict=True) if a.status == "ok"]
    assert sum(right) / len(rows) > 0.95
    assert sum(stood_behind) / len(stood_behind) > 0.97


def test_text_alone_is_right_or_says_that_it_is_not_sure(ga: geoaddr.Geoaddr, shared: Path) -> None:
    with (shared / "data/addresses/real_addresses_dev.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::5]
    answers = [ga.convert(r["old_address"]) for r in rows]
    right = [
        a.commune is not None and a.commune.code == r["commune_code"] for a, r in zip(answers, rows, strict=True)
    ]
    stood_behind = [ok for a, ok in zip(answers, right, strict=True) if a.status == "ok"]
    among_five = [
        r["commune_code"] in [c.commune.code for c in a.candidates[:5]] for a, r in zip(answers, rows, strict=True)
    ]
    assert sum(right) / len(rows) > 0.84
    assert sum(among_five) / len(rows) > 0.93
    assert sum(stood_behind) / len(stood_behind) > 0.93
    assert len(stood_behind) / len(rows) > 0.7


def test_a_text_taken_apart(ga: geoaddr.Geoaddr) -> None:
    parsed = ga.parse("Số 12 ngõ 34 phố Huế, P. Phạm Đình Hổ, Q. Hai Bà Trưng, HN")
    assert parsed.components.house_number == "12"
    assert parsed.components.alley == ("ngõ 34",)
    assert parsed.components.street == "phố Huế"
    units = [parsed.commune, parsed.district, parsed.province]
    assert [unit.name for unit in units if unit] == ["Phạm Đình Hổ", "Hai Bà Trưng", "Hà Nội"]
    assert parsed.era == "old"
    plain = parsed.to_dict()
    assert plain["components"]["alley"] == ["ngõ 34"]
    assert plain["interpretations"][0]["commune"]["code"] == "00247"


def test_names_stand_as_they_were_on_the_day(ga: geoaddr.Geoaddr) -> None:
    assert ga.parse("Bến Nghé, Quận 1, Hồ Chí Minh", as_of="2025-06-30").commune.full_name == "Phường Bến Nghé"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    answer = opened().convert(text)
    assert answer.status in ("ok", "ambiguous", "partial", "not_found")
    assert not answer.candidates or sum(c.weight for c in answer.candidates) == pytest.approx(1.0)
