"""Boundaries of a day in 2024, exported and simplified, from a pack that holds its provinces and districts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

import geoaddr
from geoaddr.errors import InvalidInput
from geoaddr.exporting.layer_export import export_layer
from tests.dated_packs import OLD_PROVINCES, write_dated

DAY = dt.date(2024, 6, 1)


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dated")
    write_dated(shared, folder)
    return folder


@pytest.fixture(scope="module")
def ga(folder: Path) -> geoaddr.Geoaddr:
    return geoaddr.open(folder / "dated.gapack", "memory:")


def test_provinces_of_2024_are_those_of_the_source(ga: geoaddr.Geoaddr, folder: Path, tmp_path: Path) -> None:
    report = export_layer(ga.locator, tmp_path / "out.gpkg", level="province", as_of=DAY)
    rows = pq.read_table(folder / "old.parquet").to_pylist()
    source = {row["name"]: shapely.from_wkb(row["geometry"]) for row in rows if row["level"] == "prov"}
    written = pyogrio.read_dataframe(tmp_path / "out.gpkg").set_index("full_name").geometry
    assert set(written.index) == set(source) == set(OLD_PROVINCES)
    assert all(shapely.equals(written[name], polygon) for name, polygon in source.items())
    assert len(report.missing) == 63 - len(OLD_PROVINCES)
    assert "Tỉnh Quảng Ninh" in {each.full_name for each in report.missing}


def test_communes_of_2024_have_no_layer(ga: geoaddr.Geoaddr, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="those of communes begin on 2025-07-01"):
        export_layer(ga.locator, tmp_path / "out.gpkg", as_of=DAY)
    assert list(tmp_path.iterdir()) == []


def test_simplified_districts_of_2024_fit_each_other(ga: geoaddr.Geoaddr) -> None:
    def polygon(code: str, tolerance_m: float) -> shapely.Geometry:
        feature = ga.boundary(code, as_of=DAY, tolerance_m=tolerance_m)
        return shapely.geometry.shape(feature["geometry"])

    hai_chau, thanh_khe = (polygon(code, 100) for code in ("492", "491"))
    full = polygon("492", 0)
    assert shapely.get_num_coordinates(hai_chau) < shapely.get_num_coordinates(full)
    assert shapely.hausdorff_distance(hai_chau.boundary, full.boundary) < 100 / 105_000
    assert shapely.intersection(hai_chau, thanh_khe).length > 0
    full_overlap = shapely.area(shapely.intersection(full, polygon("491", 0)))
    assert shapely.area(shapely.intersection(hai_chau, thanh_khe)) == pytest.approx(full_overlap, abs=1e-12)
