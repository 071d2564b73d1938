"""Two real provinces exported: what fits, what stays, and what GEOS says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geoaddr.exporting.layer_export import export_layer
from geoaddr.exporting.report import ExportReport
from geoaddr.importing.topology import Topology, examine
from geoaddr.platform import Geoaddr

HOANG_SA = "20333"
TOLERANCES = [10.0, 100.0, 2000.0]
ROUNDING_M2 = 0.05
"""Crossings of borders are computed, and lie elsewhere by the last bit."""

Full = dict[str, shapely.Geometry]


def exported(ga: Geoaddr, folder: Path, **options: Any) -> tuple[gpd.GeoDataFrame, ExportReport]:
    report = export_layer(ga.locator, folder / "out.parquet", overwrite=True, **options)
    return gpd.read_parquet(folder / "out.parquet").set_index("code"), report


def array(geometries: Any) -> NDArray[Any]:
    found = np.empty(len(geometries), dtype=object)
    found[:] = list(geometries)
    return found


@pytest.fixture(scope="module", params=TOLERANCES)
def thinned(
    ga: Geoaddr, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[gpd.GeoDataFrame, ExportReport]:
    """All communes, simplified."""
    return exported(ga, tmp_path_factory.mktemp("thin"), tolerance_m=request.param)


@pytest.fixture(scope="module")
def agreeing(full: Full) -> list[str]:
    """The units that agree with all their neighbours, as GEOS finds them."""
    wrong = shapely.coverage_invalid_edges(array(list(full.values())))
    return [code for code, lines in zip(full, wrong, strict=True) if shapely.is_empty(lines)]


def test_overlaps_and_gaps_are_those_of_the_source(
    full: Full, thinned: tuple[gpd.GeoDataFrame, ExportReport]
) -> None:
    thin, report = thinned
    assert thin.geometry.is_valid.all()
    assert report.vertices < report.vertices_before / 3
    before, after = examine(array([full[code] for code in thin.index])), examine(array(thin.geometry))
    assert len(before.pairs()) > 5
    assert areas(after) == pytest.approx(areas(before), abs=ROUNDING_M2)


def areas(topology: Topology) -> list[float]:
    """Of overlaps and gaps, in the order of their units."""
    pieces = sorted(topology.pieces, key=lambda piece: (piece.rows, piece.lat))
    gaps = sorted(topology.gaps, key=lambda piece: (piece.rows, piece.lat))
    return [piece.area_m2 for piece in (*pieces, *gaps)]


def test_units_that_agree_stay_a_coverage(
    agreeing: list[str], thinned: tuple[gpd.GeoDataFrame, ExportReport]
) -> None:
    assert len(agreeing) > 100
    clean = array(thinned[0].geometry[agreeing])
    assert shapely.coverage_is_valid(clean)
    united, apart = shapely.area(shapely.coverage_union_all(clean)), shapely.area(clean).sum()
    assert united == pytest.approx(apart, rel=1e-12)


def test_every_part_and_hole_is_there(full: Full, thinned: tuple[gpd.GeoDataFrame, ExportReport]) -> None:
    thin, _ = thinned
    assert HOANG_SA in thin.index
    for code, geometry in thin.geometry.items():
        parts, were = shapely.get_parts(geometry), shapely.get_parts(full[code])
        assert shapely.get_num_interior_rings(parts).tolist() == shapely.get_num_interior_rings(were).tolist()
        assert shapely.area(parts).min() > 0
        assert places(geometry) <= places(full[code])


def places(geometry: Any) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(geometry).tolist()))


def test_a_boundary_alone_is_that_of_the_file(ga: Geoaddr, tmp_path: Path) -> None:
    thin, _ = exported(ga, tmp_path, tolerance_m=100)
    for code in [*thin.index[::9], HOANG_SA]:
        feature = ga.boundary(code, tolerance_m=100)
        assert shapely.equals_identical(shapely.geometry.shape(feature["geometry"]), thin.geometry[code])


def test_a_province_is_drawn_with_the_vertices_of_its_communes(ga: Geoaddr, full: Full, tmp_path: Path) -> None:
    communes, _ = exported(ga, tmp_path, tolerance_m=100)
    provinces, _ = exported(ga, tmp_path, tolerance_m=100, level="province")
    assert list(provinces.index) == ["15", "48"]
    assert provinces.geometry.is_valid.all()
    for code, outline in provinces.geometry.items():
        own = communes[communes.province_code == code]
        crossings = len(places(outline) - places(array(own.geometry)))
        assert crossings < 50  # where its communes' borders cross, in their overlaps
        united = shapely.union_all(array(own.geometry))
        assert shapely.area(shapely.symmetric_difference(outline, united)) * 111_320**2 < 10_000
    assert communes.geometry[HOANG_SA].representative_point().within(provinces.geometry["48"])


def test_areas_are_those_of_the_full_polygons(ga: Geoaddr, tmp_path: Path) -> None:
    """Whatever the tolerance; against the areas of the same outlines in full, joined by GEOS."""
    full, _ = exported(ga, tmp_path, level="province")
    thin, report = exported(ga, tmp_path, level="province", tolerance_m=500)
    assert thin.area_km2.tolist() == pytest.approx(full.area_km2.tolist(), abs=1e-6)
    spherical = full.to_crs("EPSG:6933").area / 1e6  # another equal-area projection of the ellipsoid
    assert full.area_km2.tolist() == pytest.approx(spherical.tolist(), rel=1e-5)
    change = thin.to_crs("EPSG:6933").area / full.to_crs("EPSG:6933").area - 1
    worst = change.abs().idxmax()
    assert report.largest_change is not None
    assert report.largest_change.code == worst
    assert report.largest_change.percent == pytest.approx(100 * change[worst], abs=2e-3)
