"""Dask frames: answered lazily, by two real worker processes, as the same rows in one frame are."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import geoaddr
from geoaddr.errors import DataError, InvalidInput
from tests.command_lines import Lines

dd = pytest.importorskip("dask.dataframe", reason="the extra dask is not installed")
dask_geopandas = pytest.importorskip("dask_geopandas", reason="the extra dask is not installed")
distributed = pytest.importorskip("distributed", reason="distributed is not installed")

ROWS = 60
OLD_LINES = ["12 Lò Sũ, Hoàn Kiếm, Hà Nội", "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội", None, "xã Tân Lập"]


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """Two processes on this machine, each of one thread."""
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def ga(folder: Path) -> Iterator[geoaddr.Geoaddr]:
    """A platform whose registry knows three addresses."""
    with geoaddr.open(store=f"sqlite:///{folder / 'registry.db'}") as opened:
        for number in (1, 2, 3):
            parts = {"house_number": str(number), "street": "đường D1", "commune": "00070"}
            opened.assign(parts, lat=21.0285, lon=105.8540 + number / 1e4)
        yield opened


@pytest.fixture(scope="module")
def rows(ga: geoaddr.Geoaddr) -> pd.DataFrame:
    """Points in Viet Nam, at sea and nowhere, old addresses, codes that were issued and others."""
    rng = np.random.default_rng(5)
    issued = [scanned.record.ndas for scanned in ga.registry.store.scan(history=False)]
    lat, lon = rng.uniform(9.0, 22.5, ROWS), rng.uniform(103.0, 112.0, ROWS)
    lat[7] = np.nan
    return pd.DataFrame(
        {
            "lat": lat,
            "lon": lon,
            "address": [OLD_LINES[k % 4] for k in range(ROWS)],
            "code": [[*issued, "7PH78R2R+2V", "x"][k % (len(issued) + 2)] for k in range(ROWS)],
            "status": ["mine"] * ROWS,
        },
        index=pd.Index(np.arange(ROWS) * 10, name="key"),
    )


@pytest.mark.parametrize(
    ("verb", "how"),
    [
        ("locate", {}),
        ("locate", {"as_of": "2025-06-30", "lang": "vi"}),
        ("resolve", {"code": "code"}),
        ("parse", {}),
        ("geocode", {}),
        ("convert", {"lat": "lat", "lon": "lon"}),
        ("validate", {"code": "code"}),
    ],
)
def test_workers_answer_as_one_process_does(
    workers: Any, ga: geoaddr.Geoaddr, rows: pd.DataFrame, verb: str, how: dict[str, Any]
) -> None:
    given = dd.from_pandas(rows, npartitions=5)
    answer = getattr(ga, f"{verb}_frame")
    got, want = answer(given, **how), answer(given.compute(), **how)
    assert isinstance(got, dd.DataFrame)
    assert (got.divisions, got.npartitions) == (given.divisions, 5)
    pd.testing.assert_frame_equal(got._meta, want.iloc[:0])
    pd.testing.assert_frame_equal(got.compute(), want)


def test_codes_of_the_registry_are_resolved_by_the_workers(
    workers: Any, ga: geoaddr.Geoaddr, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """By the file beside this process, although its URL is relative and the workers stand elsewhere."""
    monkeypatch.chdir(folder)
    homes = pd.DataFrame(
        {"address": ["1 đường D1", "3 đường D1"], "lat": 21.0285, "lon": 105.8541, "ward": "00070"}
    )
    codes = ga.assign_frame(homes, commune="ward")[["ndas"]].rename(columns={"ndas": "code"})
    with geoaddr.open(store="sqlite:///registry.db") as near:
        got = near.resolve_frame(dd.from_pandas(codes, npartitions=2)).compute()
    assert got["ndas"].tolist() == codes["code"].tolist()
    assert got["code_status"].tolist() == ["proposed", "proposed"]


def test_each_process_opens_the_platform_once(workers: Any, ga: geoaddr.Geoaddr, rows: pd.DataFrame) -> None:
    """Whatever the number of partitions and verbs: it has mapped the pack at one place."""

    def mapped() -> tuple[int, int]:
        with open("/proc/self/maps") as lines:  # noqa: PTH123  # runs in a worker
            return os.getpid(), sum("vn.gapack" in line for line in lines)

    for verb in ("locate", "resolve", "parse"):
        getattr(ga, f"{verb}_frame")(dd.from_pandas(rows, npartitions=20)).compute()
    found = [*workers.run(mapped).values()]
    assert len({pid for pid, _ in found} - {os.getpid()}) == 2
    assert [times for _, times in found] == [1, 1]


def test_nothing_of_the_platform_travels_but_where_it_is(ga: geoaddr.Geoaddr, rows: pd.DataFrame) -> None:
    pack_bytes = ga.pack.path.stat().st_size
    with geoaddr.open(store="memory:") as secret:
        lazy = secret.locate_frame(dd.from_pandas(rows, npartitions=3))
    assert len(pickle.dumps(dict(lazy.dask))) < 200_000 < pack_bytes / 10
    from geoaddr.bulk.ports import Origin

    assert "hunter2" not in repr(Origin(geoaddr.open, None, "postgresql://me:hunter2@db/registry"))


def test_partitioned_parquet_in_and_out(
    workers: Any, ga: geoaddr.Geoaddr, rows: pd.DataFrame, tmp_path: Path
) -> None:
    dd.from_pandas(rows, npartitions=4).to_parquet(tmp_path / "in")
    ga.locate_frame(dd.read_parquet(tmp_path / "in")).to_parquet(tmp_path / "out")
    assert len([*(tmp_path / "out").glob("*.parquet")]) == 4
    got = pd.read_parquet(tmp_path / "out")
    want = ga.locate_frame(pd.read_parquet(tmp_path / "in"))
    pd.testing.assert_frame_equal(got, want, check_dtype=False)


def test_points_of_dask_geopandas_keep_their_system_and_places(workers: Any, ga: geoaddr.Geoaddr) -> None:
    layer = gpd.GeoDataFrame(
        {"n": range(40)},
        geometry=gpd.points_from_xy(np.linspace(105.7, 105.9, 40), np.linspace(20.9, 21.1, 40)),
        crs="EPSG:4326",
    ).to_crs("EPSG:9210")
    given = dask_geopandas.from_geopandas(layer, npartitions=3)
    given.calculate_spatial_partitions()
    got = ga.locate_frame(given)
    assert isinstance(got, dask_geopandas.GeoDataFrame)
    assert got.crs == layer.crs
    assert got.spatial_partitions.geom_equals(given.spatial_partitions).all()
    found = got.compute()
    assert isinstance(found, gpd.GeoDataFrame)
    assert set(found["province_code"]) == {"01"}
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(ga.locate_frame(layer)), check_dtype=False)


def test_only_the_first_partition_tells_that_points_are_misplaced(workers: Any, ga: geoaddr.Geoaddr) -> None:
    """As in one frame, which is judged by its first rows."""
    sound = {"lat": [21.0, 10.8], "lon": [105.8, 106.6]}
    swapped = {"lat": [105.8, 106.6], "lon": [21.0, 10.8]}
    first, last = pd.DataFrame(sound), pd.DataFrame(swapped)
    lazily = ga.locate_frame(dd.from_map(lambda part: part, [last, first], meta=first[:0]))
    with pytest.raises(DataError, match=r"2 of its first 2 points lie in Viet Nam only with .*add swap=True"):
        lazily.compute()
    got = ga.locate_frame(dd.from_map(lambda part: part, [first, last], meta=first[:0])).compute()
    assert got["status"].tolist() == ["partial", "partial", "error", "error"]


def test_what_no_worker_could_answer_is_refused_at_once(ga: geoaddr.Geoaddr, rows: pd.DataFrame) -> None:
    lazy = dd.from_pandas(rows, npartitions=2)
    with pytest.raises(
        InvalidInput, match=r"codes are issued by one registry, in turn: .*batch assign.*PostgreSQL"
    ):
        ga.assign_frame(lazy, text="address")
    with geoaddr.open(store="memory:") as passing:
        for verb in ("resolve", "convert", "validate"):
            with pytest.raises(
                InvalidInput, match=f"store 'memory:': {verb} asks the registry, and one in memory"
            ):
                getattr(passing, f"{verb}_frame")(lazy)
        assert passing.parse_frame(lazy).npartitions == 2
    with pytest.raises(DataError, match="frame, column y: no such column"):
        ga.locate_frame(lazy, lat="y", lon="lon")
    with pytest.raises(InvalidInput, match=r"not opened by geoaddr.open"):
        geoaddr.Geoaddr(ga.pack, ga.registry).locate_frame(lazy)


def test_workers_with_another_registry_or_pack_say_so(
    ga: geoaddr.Geoaddr, rows: pd.DataFrame, tmp_path: Path
) -> None:
    """A worker that finds other data would answer otherwise, and nobody would see it."""
    path, lazy = tmp_path / "registry.db", dd.from_pandas(rows, npartitions=2)
    with geoaddr.open(store=f"sqlite:///{path}") as other:
        other.assign({"house_number": "1", "street": "D", "commune": "00070"}, lat=21.0285, lon=105.8541)
        planned = other.resolve_frame(lazy, code="code")
    for left in tmp_path.glob("registry.db*"):
        left.unlink()
    with pytest.raises(DataError, match="another registry there than the frame was planned with, or none"):
        planned.compute(scheduler="sync")


def test_dask_is_loaded_for_its_own_frames_only(tmp_path: Path) -> None:
    script = """
import sys, geoaddr, pandas as pd
geoaddr.open(store="memory:").locate_frame(pd.DataFrame({"lat": [21.0], "lon": [105.8]}))
print("dask" in sys.modules, "geoaddr.bulk.dask_frames" in sys.modules)
"""
    ran = Lines(tmp_path).script(script)
    assert (ran.out, ran.err) == ("False False\n", "")
