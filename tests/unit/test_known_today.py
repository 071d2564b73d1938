"""What commune codes that addresses were filed under mean today."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

import geoaddr
from geoaddr.errors import SchemaMismatch
from geoaddr.gazetteer import Gazetteer
from geoaddr.registry import LoadRow
from geoaddr.registry.present import PresentCommunes
from geoaddr.store import Filed

EVE = dt.date(2025, 6, 30)


@cache
def gazetteer() -> Gazetteer:
    return geoaddr.open(store="memory:").gazetteer


@pytest.mark.parametrize(
    ("code", "division", "today"),
    [
        ("26740", 0, "26740"),  # Bến Nghé, all of it in Sài Gòn, which has its number
        ("26740", 1, "26740"),
        ("00004", 0, "00004"),  # Trúc Bạch, in Ba Đình
        ("00199", 0, None),  # Láng Hạ was split over three
        ("00199", 1, "00199"),  # Láng
        ("00061", 0, "00070"),  # Hàng Bạc in Hoàn Kiếm
        ("99999", 0, None),
        ("99999", 1, None),  # of newer data than these: no commune that could be answered
    ],
)
def test_a_code_means_what_it_meant_when_it_was_filed(code: str, division: int, today: str | None) -> None:
    assert PresentCommunes(gazetteer()).code(Filed(code, division)) == today


def test_what_has_a_code_now_is_what_means_it() -> None:
    """Both directions agree, for every commune of the eve of the reform and every one of today."""
    present = PresentCommunes(gazetteer())
    today = {unit.code for unit in gazetteer().units("commune", as_of=gazetteer().date)}
    before = {unit.code for unit in gazetteer().units("commune", as_of=EVE)}
    by_code = {
        code: {f for f in present.filed_as(code) if f.division == 0 and f.commune in before} for code in today
    }
    for code in before:
        filed = Filed(code, 0)
        now = present.code(filed)
        assert now is None or now in today
        assert now is None or filed in by_code[now], code
    assert sum(map(len, by_code.values())) == sum(present.code(Filed(code, 0)) is not None for code in before)
    assert all(Filed(code, 1) in present.filed_as(code) for code in today)


STREET = {"lat": "21.0368", "lon": "105.8346", "street": "Phố Hàng Bạc", "house_number": "5"}


def test_the_platform_answers_in_communes_of_today(tmp_path: Path) -> None:
    with geoaddr.open(store=f"sqlite:///{tmp_path / 'registry.db'}") as ga:
        old = STREET | {"commune_code": "00061", "issued_on": "2022-05-26"}
        split = STREET | {"commune_code": "00199", "issued_on": "2022-05-26"}
        rows = [LoadRow(1, old | {"ndas": "1100000001"}), LoadRow(2, split | {"ndas": "1100000002"})]
        assert ga.registry.load(rows).loaded == 2
        assert ga.known is not None
        assert ga.known.communes_of("Hàng Bạc") == {"00070": 1}
        assert ga.known.communes_of("Hàng Bạc", communes=["00070"], house_number="7") == {"00070": 1}
        assert ga.known.communes_of("Hàng Bạc", communes=["00061", "00199"]) == {}


def test_nothing_is_known_and_nothing_made_where_there_is_no_registry(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "registry.db"
    with geoaddr.open(store=f"sqlite:///{path}") as ga:
        assert ga.known is None
        ga.parse("5 Hàng Bạc, Hoàn Kiếm, Hà Nội")
        ga.convert("57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội")
        ga.validate("5 Hàng Bạc, Phường Hoàn Kiếm, Hà Nội")
        assert not path.parent.exists()


def test_a_registry_that_another_makes_is_noticed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    with geoaddr.open(store=url) as ga, geoaddr.open(store=url) as other:
        assert ga.known is None
        other.registry.load(
            [LoadRow(1, STREET | {"ndas": "1", "commune_code": "00070", "issued_on": "2025-09-01"})]
        )
        other.registry.store.create()
        assert ga.known is not None


def test_a_broken_registry_is_named_when_it_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.write_bytes(b"not a registry" * 100)
    with geoaddr.open(store=f"sqlite:///{path}") as ga:
        ga.parse("5 Hàng Bạc, Hoàn Kiếm, Hà Nội")
        ga.convert("10 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh")
        with pytest.raises(SchemaMismatch, match="not a geoaddr registry"):
            _ = ga.known
