"""The rules by which the benchmark calls a label wrong, names a cause and rewrites a text."""

from __future__ import annotations

import pytest

import geoaddr
from geoaddr.gazetteer import Gazetteer
from tests.benchmarks.understanding import causes, rewriting
from tests.benchmarks.understanding.chains import new_commune, old_commune
from tests.benchmarks.understanding.judging import converted, halves, judge, shares
from tests.benchmarks.understanding.labels import contradicted
from tests.benchmarks.understanding.million import other_number
from tests.benchmarks.understanding.rows import Answer, Judged

HONG_HA, BA_DINH, SAI_GON = "00097", "00004", "26740"


def test_units_are_looked_up_from_the_end_of_the_line(gazetteer: Gazetteer) -> None:
    old = old_commune(gazetteer, "5 Phố Mới, Phường Phúc Tân, Hoàn Kiếm, Hà Nội 11000, Việt Nam")
    new = new_commune(gazetteer, "5 Phố Mới, Phường Hồng Hà, Thành phố Hà Nội")
    assert old is not None
    assert new is not None
    assert (old.code, new.code) == ("00037", HONG_HA)
    assert old_commune(gazetteer, "Phúc Tan, Hà Nội") is None


def test_a_text_contradicts_a_commune_that_holds_nothing_of_the_old_one_it_names(gazetteer: Gazetteer) -> None:
    text = "5 Phố Mới, Phúc Tân, Hoàn Kiếm, Hà Nội"
    assert contradicted(gazetteer, text, HONG_HA) is None
    assert "Phúc Tân" in (contradicted(gazetteer, text, BA_DINH) or "")
    assert contradicted(gazetteer, "5 Phố Mới, Hà Nội", BA_DINH) is None


@pytest.mark.parametrize(
    ("text", "truth", "cause"),
    [
        ("5 Phố Mới, Phúc Tân, Hoàn Kiếm, Hà Nội", BA_DINH, causes.LABEL),
        ("5, Quận 1, Thành phố Hồ Chí Minh", SAI_GON, causes.DISTRICT),
        ("Tỉnh Sơn La", "03646", causes.PROVINCE),
        ("số 5", BA_DINH, causes.NOTHING),
    ],
)
def test_a_cause_is_named(text: str, truth: str, cause: str) -> None:
    ga = geoaddr.open(store="memory:")
    assert causes.cause(ga, Judged(text, truth, Answer((), ok=False))) == cause


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("without accents", "5 Duong Le Loi, Phuong Tan Binh, Thanh pho Ho Chi Minh, Viet Nam"),
        ("abbreviated", "5 Đ.Lê Lợi, P.Tân Bình, TPHCM"),
        ("no commas", "5 đường lê lợi phường tân bình thành phố hồ chí minh việt nam"),
    ],
)
def test_a_text_is_written_otherwise(name: str, written: str) -> None:
    text = "5 Đường Lê Lợi, Phường Tân Bình, Thành phố Hồ Chí Minh, Việt Nam"
    assert rewriting.REWRITINGS[name](text) == written


def test_one_typo_is_the_same_in_every_run_and_spares_the_first_part() -> None:
    text = "5 Đường Lê Lợi, Phường Tân Bình, Thành phố Hồ Chí Minh, Việt Nam"
    typo = rewriting.with_a_typo(text)
    assert typo == rewriting.with_a_typo(text) != text
    assert typo.split(",")[0] == "5 Đường Lê Lợi"
    assert rewriting.with_a_typo("5 Lê Lợi") == "5 Lê Lợi"


@pytest.mark.parametrize(
    ("text", "other"),
    [("12/3 Lê Lợi", "7/3 Lê Lợi"), ("Số 12A Lê Lợi", "Số 7A Lê Lợi"), ("Chợ Cũ, Quận 1", "7 Chợ Cũ, Quận 1")],
)
def test_a_house_gets_another_number(text: str, other: str) -> None:
    assert other_number(text, 7) == other


def test_shares_of_answers() -> None:
    rows = [
        Judged("a", "1", Answer(("1", "2"), ok=True, confidence=1.0)),
        Judged("b", "2", Answer(("1", "2"), ok=True, confidence=0.5)),
        Judged("c", "3", Answer((), ok=False)),
        Judged("d", "1", Answer(("1",), ok=False, confidence=0.5)),
    ]
    found = shares(rows)
    assert (found.right, found.in_five, found.ok, found.wrong_ok, found.brier) == (0.5, 0.75, 0.5, 0.5, 0.125)
    first, second, _ = halves(rows)
    assert first + second == 1.0


def test_the_verb_is_judged_as_users_see_it() -> None:
    ga = geoaddr.open(store="memory:")
    (row,) = judge([("Phường Phúc Tân, Quận Hoàn Kiếm, Hà Nội", HONG_HA)], converted(ga))
    assert row.right
    assert row.answer.ok
    assert row.answer.status == "ok"
