"""``geocode`` by the column and for files says what the scalar verb says, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.bulk.job import BatchJob
from geoaddr.finding.records import Match
from geoaddr.parsing import SURE
from geoaddr.platform import Geoaddr, batch
from geoaddr.platform import open as open_platform
from tests.finding.households import fill

TEXTS = (
    "7 Quán Thánh, Phường Ba Đình, Hà Nội",
    "9 Quán Thánh, Phường Ba Đình, Hà Nội",
    "11 Quán Thánh, Phường Ba Đình, Hà Nội",
    "12/34/5 Đội Cấn, Phường Ngọc Hà, Hà Nội",
    "7 Quán Thánh, Phường Ba Đình, Hà Nội, Hà Nội",
    "9 Quán Thánh, Phường Ba Đình, Hà Nội, Đà Nẵng",
    "9 Quán Thánh, Phường Ba Đình, TP Hồ Chí Minh",
    "tổ 5, 11 Quán Thánh, Phường Ba Đình, Hà Nội, Cà Mau",
    "12 Lê Lợi, Phường Hải Châu, Quận 3, Thành phố Đà Nẵng",
    "12 Lê Lợi, Phường Hải Châu, Sơn Trà, Đà Nẵng",
    "50 Điện Biên Phủ",
    "Lê Lợi",
    "Đà Nẵng",
    "7P8C369C+48F",
    "qwxz",
    "",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('columns') / 'registry.db'}"
    with open_platform(store=url) as ga:
        fill(ga.registry)
    return url


@pytest.fixture(scope="module")
def ga(store: str) -> Iterator[Geoaddr]:
    with open_platform(store=store) as platform:
        yield platform


def expected(matches: list[Match]) -> dict[str, Any]:
    """The row that the scalar answer makes, but for the texts of its candidates."""
    if not matches:
        return {"status": "not_found", "lat": None, "match_level": None, "score": None, "commune_code": None}
    best = matches[0]
    commune = best.commune.code if best.commune else None
    share = sum(m.weight for m in matches if m.commune and m.commune.code == commune)
    return {
        "status": "partial" if commune is None else "ok" if share >= SURE else "ambiguous",
        "commune_code": commune,
        "commune": best.commune.name if best.commune else None,
        "province_code": best.province.code if best.province else None,
        "lat": best.point.lat if best.point else None,
        "lon": best.point.lon if best.point else None,
        "ndas": best.ndas,
        "match_level": best.match_level,
        "coordinate_level": best.coordinate_level,
        "uncertainty_m": best.uncertainty_m,
        "score": best.score,
        "label": best.label,
        "postcode": best.postcode,
        "error": None,
    }


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.sampled_from(TEXTS), max_size=12))
def test_columns_are_the_scalar_verb(ga: Geoaddr, texts: list[str]) -> None:
    found = ga.geocode_table(pa.array(texts, pa.string())).to_pylist()
    assert len(found) == len(texts)
    for row, text in zip(found, texts, strict=True):
        told = expected(ga.geocode(text))
        assert {name: row[name] for name in told} == told


def test_rows_that_cannot_be_read_say_why(ga: Geoaddr) -> None:
    rows = ga.geocode_table(pa.array([None, "x" * 4097, TEXTS[0]])).to_pylist()
    assert [row["status"] for row in rows] == ["not_found", "error", "ok"]
    assert [bool(row["error"]) for row in rows] == [False, True, False]
    assert [row["lat"] is None for row in rows] == [True, True, False]


def test_candidates_are_communes_with_their_shares(ga: Geoaddr) -> None:
    (row,) = ga.geocode_table(pa.array(["50 Điện Biên Phủ"])).to_pylist()
    listed = dict(pair.split(":") for pair in row["candidates"].split("; "))
    assert {"00004", "26740"} <= set(listed)
    assert sum(map(float, listed.values())) == pytest.approx(1.0)
    assert next(iter(listed)) == row["commune_code"]


def test_a_file(ga: Geoaddr, store: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "address"], *([str(n), text] for n, text in enumerate(TEXTS))])
    report = batch(BatchJob(verb="geocode", source=source, out=out, store=store, workers=1))
    assert report.rows == len(TEXTS)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, text in zip(rows, TEXTS, strict=True):
        if text:
            told = expected(ga.geocode(text))
            assert row["address"] == text
            assert (row["status"], row["match_level"]) == (told["status"], told["match_level"] or "")
            assert (float(row["lat"]) if row["lat"] else None) == told["lat"]
            assert row["ndas"] == (told.get("ndas") or "")
