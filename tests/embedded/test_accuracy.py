"""How good the embedded cells are, against real polygons; and the measure itself, against GEOS."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geoaddr.errors import DataError
from geoaddr.importing.measure import Measurement, Share, measure
from geoaddr.pack import Pack

DATA = Path(__file__).resolve().parents[2] / "data"
LAYER = "data/boundaries/vn2025_wards_simpl50m.parquet"
ADDRESSES = "data/addresses/real_addresses_dev.csv"


@pytest.fixture(scope="module")
def measured(shared: Path, embedded: Pack) -> Measurement:
    return measure(embedded, shared / LAYER, addresses=shared / ADDRESSES)


def share(measured: Measurement, sample: str, kind: str = "all") -> Share:
    (found,) = [s for s in measured.shares if (s.sample, s.type) == (sample, kind)]
    return found


def nearest(lat: NDArray[Any], lon: NDArray[Any], codes: list[str]) -> list[str]:
    """The commune whose published point is nearest, on the sphere."""

    def unit(lat: NDArray[Any], lon: NDArray[Any]) -> NDArray[Any]:
        a, b = np.radians(lat), np.radians(lon)
        return np.column_stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])

    with (DATA / "sources/commune_points.csv").open(encoding="utf-8") as lines:
        points = {r["code"].replace("06970", "06978"): (r["lat"], r["lon"]) for r in csv.DictReader(lines)}
    sites = np.array([points[code] for code in codes], float)
    towards = unit(sites[:, 0], sites[:, 1])
    return [codes[row] for row in (unit(lat, lon) @ towards.T).argmax(axis=1)]


def addresses(shared: Path) -> tuple[NDArray[Any], NDArray[Any], list[str]]:
    with (shared / ADDRESSES).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    lat, lon = (np.array([float(row[name]) for row in rows]) for name in ("lat", "lon"))
    return lat, lon, [row["commune_code"] for row in rows]


@pytest.mark.shared
def test_addresses_beat_the_nearest_point(shared: Path, measured: Measurement, codes: list[str]) -> None:
    lat, lon, truth = addresses(shared)
    baseline = np.mean([a == b for a, b in zip(nearest(lat, lon, codes), truth, strict=True)])
    assert share(measured, "addresses").right > baseline + 0.02
    assert share(measured, "addresses").none == 0


@pytest.mark.shared
def test_land_beats_the_nearest_point(shared: Path, cells: NDArray[Any], codes: list[str]) -> None:
    layer = gpd.read_parquet(shared / LAYER)
    sample = layer.geometry.sample_points(2, rng=np.random.default_rng(11)).explode()
    truth = layer.code.reindex(sample.index).tolist()
    points = sample.to_numpy()
    found = np.full(len(points), "", dtype="U5")
    point, row = shapely.STRtree(cells).query(points, predicate="intersects")
    found[point] = np.array(codes)[row]
    ours = (found == np.array(truth)).mean()
    lon, lat = shapely.get_coordinates(points).T
    assert ours > np.mean([a == b for a, b in zip(nearest(lat, lon, codes), truth, strict=True)])
    assert ours > 0.75


@pytest.mark.shared
def test_the_shares_that_the_documentation_states(measured: Measurement) -> None:
    assert share(measured, "land").right == pytest.approx(0.783, abs=0.005)
    assert share(measured, "communes").right == pytest.approx(0.767, abs=0.005)
    assert share(measured, "addresses").right == pytest.approx(0.731, abs=0.003)


@pytest.mark.shared
def test_the_measure_counts_as_geos_does(
    shared: Path, measured: Measurement, cells: NDArray[Any], codes: list[str]
) -> None:
    lat, lon, truth = addresses(shared)
    own = cells[[codes.index(code) for code in truth]]
    points = shapely.points(lon, lat)
    assert share(measured, "addresses").right == round(float(shapely.intersects(own, points).mean()), 4)
    assert sum(s.points for s in measured.shares if s.sample == "addresses" and s.type != "all") == len(truth)


def test_a_pack_agrees_with_its_own_cells(
    embedded: Pack, cells: NDArray[Any], codes: list[str], tmp_path: Path
) -> None:
    layer = gpd.GeoDataFrame({"code": codes[:40]}, geometry=list(cells[:40]), crs=4326)
    layer.to_file(tmp_path / "cells.gpkg")
    found = measure(embedded, tmp_path / "cells.gpkg", points=400)
    assert found.communes == 40
    assert {s.right for s in found.shares} == {1.0}
    assert {s.off_median_m for s in found.shares} == {None}


BAD_ADDRESSES = """
lat,lon                                  | columns are missing
lat,lon,commune_code\\n21,x,00004         | not a number
lat,lon,commune_code\\n21,nan,00004       | not a number
lat,lon,commune_code\\n21,105,99999       | no commune has this code
"""


@pytest.mark.parametrize("case", BAD_ADDRESSES.strip().splitlines())
def test_bad_addresses_are_named(
    case: str, embedded: Pack, cells: NDArray[Any], codes: list[str], tmp_path: Path
) -> None:
    text, reason = (part.strip() for part in case.split("|"))
    file = tmp_path / "addresses.csv"
    file.write_text(text.replace("\\n", "\n"), encoding="utf-8")
    layer = gpd.GeoDataFrame({"code": codes[:2]}, geometry=list(cells[:2]), crs=4326)
    layer.to_file(tmp_path / "cells.gpkg")
    with pytest.raises(DataError, match=reason):
        measure(embedded, tmp_path / "cells.gpkg", addresses=file, points=10)
