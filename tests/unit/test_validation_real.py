"""Verdicts on real addresses: those of today pass, and an old one that is taken is as a rule taken rightly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import geoaddr
from geoaddr.codes import plus_code
from geoaddr.validation import Validated
from tests import tables

pytestmark = pytest.mark.shared

STEP = 4
"""Every so many rows; the whole takes four times as long and says the same."""


@pytest.fixture(scope="module")
def ga() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    return tables.read(shared / "data/addresses/real_addresses_dev.csv")[::STEP]


def test_addresses_of_today_are_taken_or_shown_once(ga: geoaddr.Geoaddr, rows: list[dict[str, str]]) -> None:
    verdicts: Counter[str] = Counter()
    for row in rows:
        answer = ga.validate(row["new_address"])
        verdicts[answer.verdict] += 1
        if answer.verdict == "accept":
            assert answer.commune is not None
            assert answer.commune.code == row["commune_code"]
    assert verdicts["accept"] + verdicts["confirm"] >= 0.995 * len(rows)
    assert verdicts["accept"]


def test_old_addresses_that_are_taken_are_right(ga: geoaddr.Geoaddr, rows: list[dict[str, str]]) -> None:
    """The rows' texts contradict their own points in four or five of a hundred; no text can tell."""
    taken = wrong = 0
    for row in rows:
        answer = ga.validate(row["old_address"])
        if answer.verdict == "accept":
            assert answer.commune is not None
            taken += 1
            wrong += answer.commune.code != row["commune_code"]
    assert 0 < wrong <= 0.06 * taken


Ask = Callable[[geoaddr.Geoaddr, str, float, float], Validated | None]


def left_open(ga: geoaddr.Geoaddr, text: str) -> bool:
    answer = ga.validate(text)
    return answer.possible_next_action in ("choose_candidate", "ask_point", "add_province", "add_commune")


ASKED: dict[str, Ask] = {
    "a point": lambda ga, text, lat, lon: ga.validate(lat=lat, lon=lon),
    "a Plus Code": lambda ga, text, lat, lon: ga.validate(plus_code.encode(lat, lon, 10)),
    "an open text and a point": lambda ga, text, lat, lon: (
        ga.validate(text, lat=lat, lon=lon) if left_open(ga, text) else None
    ),
    "a text and a point": lambda ga, text, lat, lon: ga.validate(text, lat=lat, lon=lon),
}


@pytest.mark.parametrize("asked", ASKED)
def test_confidence_is_how_often_approximate_cells_are_right(
    ga: geoaddr.Geoaddr, rows: list[dict[str, str]], asked: str
) -> None:
    assert ga.pack.info.boundary_accuracy == "approximate"
    said, right = [], []
    for row in rows:
        answer = ASKED[asked](ga, row["old_address"], float(row["lat"]), float(row["lon"]))
        if answer is not None and answer.commune is not None and answer.confidence is not None:
            said.append(answer.confidence)
            right.append(answer.commune.code == row["commune_code"])
    assert len(said) >= 100
    assert abs(sum(said) - sum(right)) <= 0.05 * len(said)
