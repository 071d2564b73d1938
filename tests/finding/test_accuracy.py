"""How far from the truth, on real addresses: half of them stand in a registry, the others are looked for.

Answers are measured against the points of the sample. What is claimed of them (that an uncertainty holds 68 %,
that a higher score is more often right) is measured too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from geoaddr.distance import haversine_m
from geoaddr.finding.records import Match
from geoaddr.platform import Geoaddr
from geoaddr.platform import open as open_platform

SAMPLE = "data/addresses/real_addresses_dev.csv"


class Looked(NamedTuple):
    """The best match of a real address, and the truth."""

    match: Match
    commune: str
    away_m: float | None


def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / SAMPLE).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def half(shared: Path, real_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    """A registry of every other address, under the exact boundaries."""
    store = f"sqlite:///{tmp_path_factory.mktemp('half') / 'registry.db'}"
    with open_platform(real_pack, store) as ga:
        for row in rows(shared)[::2]:
            detail = ga.parse(row["old_address"]).components
            names = ("house_number", "street", "hamlet", "building", "poi")
            parts = {name: value for name in names if (value := getattr(detail, name))}
            ga.assign({**parts, "alley": list(detail.alley)}, lat=float(row["lat"]), lon=float(row["lon"]))
        yield ga


@pytest.fixture(scope="module")
def looked(shared: Path, half: Geoaddr) -> dict[str, list[Looked]]:
    """The other addresses, by their old texts and by their new ones."""
    found: dict[str, list[Looked]] = {"old_address": [], "new_address": []}
    for row in rows(shared)[1::2]:
        for column, each in found.items():
            for match in half.geocode(row[column], 1):
                point = match.point
                truth = float(row["lat"]), float(row["lon"])
                away_m = None if point is None else haversine_m(*truth, point.lat, point.lon)
                each.append(Looked(match, row["commune_code"], away_m))
    return found


def share(true: list[bool]) -> float:
    return sum(true) / len(true)


def is_right(each: Looked) -> bool:
    return each.match.commune is not None and each.match.commune.code == each.commune


LEAST = """
text        | answered | commune right
old_address | 0.99     | 0.85
new_address | 0.99     | 0.99
"""


@pytest.mark.parametrize("row", LEAST.strip().splitlines()[1:])
def test_communes_are_right(shared: Path, looked: dict[str, list[Looked]], row: str) -> None:
    column, answered, right = (cell.strip() for cell in row.split("|"))
    assert len(looked[column]) / len(rows(shared)[1::2]) >= float(answered)
    assert share([is_right(each) for each in looked[column]]) >= float(right)


MEDIAN_M = """
coordinate_level | median at most, m
house            | 30
neighbour        | 150
interpolated     | 100
street           | 600
commune          | 2000
"""


@pytest.mark.parametrize("row", MEDIAN_M.strip().splitlines()[1:])
def test_distances(looked: dict[str, list[Looked]], row: str) -> None:
    level, most = (cell.strip() for cell in row.split("|"))
    away = sorted(e.away_m or 0.0 for e in looked["new_address"] if e.match.coordinate_level == level)
    assert len(away) >= 10
    assert away[len(away) // 2] <= float(most)


def test_an_uncertainty_holds_what_it_says(looked: dict[str, list[Looked]]) -> None:
    """68 % of the true places lie within; with 100 to 1,200 answers a level that may be off by a tenth."""
    for level in ("neighbour", "street", "commune"):
        inside = [
            each.away_m <= (each.match.uncertainty_m or 0.0)
            for each in looked["new_address"]
            if each.match.coordinate_level == level and each.away_m is not None
        ]
        assert 0.58 <= share(inside) <= 0.78, level


def test_no_house_is_answered_that_is_elsewhere(looked: dict[str, list[Looked]]) -> None:
    for each in (*looked["old_address"], *looked["new_address"]):
        if each.match.match_level == "house" and is_right(each):
            assert each.away_m is not None
            assert each.away_m < 200.0


def test_a_higher_score_is_more_often_right(looked: dict[str, list[Looked]]) -> None:
    shares = [
        share([is_right(each) for each in looked["old_address"] if low <= each.match.score < high])
        for low, high in ((0.0, 0.15), (0.15, 0.3), (0.3, 1.1))
    ]
    assert shares == sorted(shares)
    assert shares[-1] >= 0.94


def test_a_misspelt_street_is_found(half: Geoaddr) -> None:
    (match,) = half.geocode("184 Quán Thanhs, Phường Ba Đình, Hà Nội", 1)
    assert match.components.street is not None
    assert "Quán Thánh" in match.components.street
