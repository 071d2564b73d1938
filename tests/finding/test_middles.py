"""Middles of many streets at once are those of each alone, however many are held in memory together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.finding import middle_columns, middles
from geoaddr.finding.asking import Name
from geoaddr.finding.middles import Named, middles_of
from geoaddr.finding.points import middle
from geoaddr.known import division_of
from geoaddr.platform import Geoaddr
from geoaddr.platform import open as open_platform
from geoaddr.store import Filed, House, Reads
from geoaddr.stores.sqlite_reads import SQLiteReads
from tests.finding import made_up

OTHER = "00004"
"""The code of a commune in another province."""

STEPS = st.integers(0, 4).map(lambda n: 10.0 + n / 1000)


@pytest.fixture(scope="module")
def ga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Geoaddr]:
    folder = tmp_path_factory.mktemp("registry")
    with open_platform(store=f"sqlite:///{folder / 'registry.db'}") as platform:
        made_up.load(platform, folder, households=2_000, provinces=["92"])
        yield platform


@pytest.fixture(scope="module")
def every(ga: Geoaddr) -> list[Named]:
    """Every street and place of the registry in every commune of today that it may lie in, and one of none."""
    reads, present = ga.registry.store, ga.homes.present
    found = {
        Named(Name(kind, name.key, kind, name.key), commune): None
        for kind in ("street", "place")
        for name in reads.names(kind, "")
        if (commune := present.code(name.filed)) is not None
    }
    return [*found, Named(Name("street", "nowhere", "street", "Nowhere"), next(iter(found)).commune)]


def test_chunks_of_any_size_give_the_middle_of_the_houses(
    ga: Geoaddr, every: list[Named], monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, homes = ga.registry.store, ga.homes
    asked: list[int] = []
    lying = SQLiteReads.lying

    def counted(self, kind, wanted):
        asked.append(len(wanted))
        return lying(self, kind, wanted)

    monkeypatch.setattr(SQLiteReads, "lying", counted)
    whole = middles_of(reads, homes, every)
    for most in (1, 7):
        monkeypatch.setattr(middles, "MOST", most)
        asked.clear()
        assert middles_of(reads, homes, every) == whole
        assert max(asked) == most
    assert set(whole) == set(every[:-1])
    for each, found in whole.items():
        filings = homes.filings_of(each.commune)
        houses = reads.houses(each.name.kind, each.name.key, filings.codes)
        point, uncertainty_m = middle([h for h in houses if homes.lies_in(h, each.commune, filings)])
        assert (found.lat, found.lon, found.uncertainty_m) == (point.lat, point.lon, uncertainty_m)


def test_names_that_only_other_communes_bear_have_no_middle(ga: Geoaddr, every: list[Named]) -> None:
    elsewhere = [each._replace(commune=OTHER) for each in every]
    assert middles_of(ga.registry.store, ga.homes, elsewhere) == {}


def test_middles_that_are_kept_are_those_that_would_be_worked_out(
    ga: Geoaddr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses filed today, and in 2024 under a commune that was divided since, or was not: of the divided ones
    the rest of the commune has to be seen."""
    present = ga.homes.present
    units = [unit.code for unit in ga.gazetteer.units("commune", as_of=ga.gazetteer.date)]
    then = division_of(dt.date(2024, 9, 1))
    divided = sorted({f.commune for code in units for f in present.filed_in_part(code) if f.division == then})[:5]
    whole = sorted({f.commune for code in units for f in present.filed_as(code) if f.division == then})[:5]
    filed = [(code, "2024-09-01") for code in (*divided, *whole)] + [(code, "2026-01-01") for code in units[:5]]
    rows = [
        {"ndas": f"11120{n * 20 + house:05}", "lat": str(21 + house / 1000), "lon": "105.8", "commune_code": code,
         "issued_on": day, "hamlet": f"Thôn {house % 3}"}
        for n, (code, day) in enumerate(filed) for house in range(20)
    ]  # fmt: skip
    with open_platform(store=f"sqlite:///{tmp_path / 'registry.db'}") as filled:
        report = filled.registry.load_batches([pa.RecordBatch.from_pylist(rows)])
        assert report.loaded == len(rows)
        reads, homes = filled.registry.store, filled.homes
        asked = [
            Named(Name("place", f"thon {n}", "hamlet", f"Thôn {n}"), code) for n in range(3) for code in units
        ]
        told = middles_of(reads, homes, asked)
        monkeypatch.setattr(SQLiteReads, "middles", Reads.middles)
        assert middles_of(reads, homes, asked) == told
    assert {each.commune for each in told} >= set(units[:5])
    assert divided
    assert len({each.commune for each in told}) > 5


def test_what_is_kept_is_not_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"lat": "21.03", "lon": "105.83", "commune_code": "00004", "issued_on": "2026-01-01", "hamlet": "Tổ 5"}
    batch = pa.RecordBatch.from_pylist([{"ndas": f"11120{n:05}", **row} for n in range(9)])
    asked = [Named(Name("place", "to 5", "hamlet", "Tổ 5"), "00004")]
    with open_platform(store=f"sqlite:///{tmp_path / 'registry.db'}") as filled:
        filled.registry.load_batches([batch])
        monkeypatch.setattr(SQLiteReads, "lying", None)
        [found] = middles_of(filled.registry.store, filled.homes, asked).values()
    assert (found.lat, found.lon) == (21.03, 105.83)
    assert found.label.startswith("Tổ 5, Phường ")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(STEPS, STEPS), min_size=1, max_size=12), min_size=1, max_size=8))
def test_groups_have_the_middle_of_each_alone(groups: list[list[tuple[float, float]]]) -> None:
    """Few places, so that several are as near to the middle as one another."""
    every = [(at, lat, lon) for at, points in enumerate(groups) for lat, lon in points]
    keys, lat, lon = (np.array(column) for column in zip(*every, strict=True))
    told = list(zip(*middle_columns.middles(lat, lon, middle_columns.Groups.of_sorted(keys)), strict=True))
    for points, found in zip(groups, told, strict=True):
        houses = [House(f"{n:010}", Filed("1", 1), None, *point) for n, point in enumerate(points)]
        point, uncertainty_m = middle(houses)
        assert found == (point.lat, point.lon, uncertainty_m)
