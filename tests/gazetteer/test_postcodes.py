"""Postcodes. Facts: decision 2334/QĐ-BKHCN, in force from 24 August 2025."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from geoaddr.gazetteer import Gazetteer

NOW = dt.date(2026, 9, 20)


@pytest.mark.parametrize(
    ("commune", "postcode"),
    [("00004", "11120"), ("00070", "11024"), ("08872", "15221"), ("11713", "05127"), ("06978", "02006")],
)
def test_a_commune_and_its_postcode_name_each_other(gazetteer: Gazetteer, commune: str, postcode: str) -> None:
    assert gazetteer.postcode(commune, as_of=NOW) == postcode
    assert [unit.code for unit in gazetteer.by_postcode(postcode, as_of=NOW)] == [commune]


def test_postcodes_begin_with_the_decision(gazetteer: Gazetteer) -> None:
    assert gazetteer.postcode("00004", as_of=dt.date(2025, 8, 23)) is None
    assert gazetteer.postcode("00004", as_of=dt.date(2025, 8, 24)) == "11120"
    assert gazetteer.by_postcode("11120", as_of=dt.date(2025, 8, 23)) == []


@pytest.mark.parametrize("text", ["", "1112", "111200", "１１１２０", "abcde", "00000"])
def test_what_is_no_postcode_names_nothing(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.by_postcode(text, as_of=NOW) == []


def test_a_prefix_names_provinces_of_the_day(gazetteer: Gazetteer) -> None:
    def names(prefix: str, day: dt.date) -> list[str]:
        return [unit.name for unit in gazetteer.provinces_of_prefix(prefix, as_of=day)]

    assert names("11", NOW) == ["Hà Nội"]
    assert names("75", NOW) == ["Hồ Chí Minh"]
    assert "Bình Dương" in names("75", dt.date(2025, 6, 30))
    assert names("00", NOW) == []
    assert names("1", NOW) == []


def test_the_prefixes_are_those_that_name_a_province(gazetteer: Gazetteer) -> None:
    every = [f"{number:02d}" for number in range(100)]
    naming = {prefix for prefix in every if gazetteer.provinces_of_prefix(prefix, as_of=gazetteer.date)}
    assert gazetteer.postcode_prefixes == naming


def test_all_postcodes_are_those_of_the_decision(gazetteer: Gazetteer, shared: Path) -> None:
    with (shared / "data/codes/vn_postal_2025_qd2334.csv").open(encoding="utf-8", newline="") as lines:
        table = {row["ward_code"]: row["postal_code"] for row in csv.DictReader(lines)}
    ours = {u.code: gazetteer.postcode(u.code, as_of=NOW) for u in gazetteer.units("commune", as_of=NOW)}
    assert ours == table
