"""The index answers as GEOS does on real communes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from boundary_cases import assert_as_geos, hard_points, index_of, nudged

LAO_CAI, BAT_XAT, COC_SAN = "02647", "02683", "02746"


@pytest.fixture(scope="module")
def two_provinces(shared: Path) -> dict[str, shapely.Geometry]:
    """The communes of Đà Nẵng (with Hoàng Sa) and Lào Cai, by code, as the publisher has them."""
    found = {}
    with zipfile.ZipFile(shared / "data/boundaries/raw_geojson_2_provinces.zip") as archive:
        for name in sorted(archive.namelist()):
            if "/wards/" in name and name.endswith(".geojson"):
                feature = json.loads(archive.read(name))["features"][0]
                code = name.rsplit("/", 1)[1].split("_")[0]
                found[code] = shapely.from_geojson(json.dumps(feature["geometry"]))
    return dict(sorted(found.items()))


@pytest.mark.parametrize("cells_per_degree", [None, 128])
def test_two_provinces(two_provinces: dict[str, shapely.Geometry], cells_per_degree: int | None) -> None:
    random = np.random.default_rng(21)
    polygons = np.array(list(two_provinces.values()))
    index = index_of(polygons, cells_per_degree)
    points = hard_points(polygons, index.grid.cells_per_degree, random, 8000)
    households = np.concatenate([random.uniform(p.bounds[:2], p.bounds[2:], (100, 2)) for p in polygons])
    assert_as_geos(index, polygons, np.concatenate([households, points]), scalar=4000)
    for row, polygon in enumerate(polygons):
        assert shapely.to_wkb(index.polygon(row)) == shapely.to_wkb(polygon)
        assert index.bounds(row) == polygon.bounds


def test_three_communes_claim_one_piece_of_land(two_provinces: dict[str, shapely.Geometry]) -> None:
    codes = list(two_provinces)
    polygons = np.array(list(two_provinces.values()))
    claim = [codes.index(c) for c in (LAO_CAI, BAT_XAT, COC_SAN)]
    piece = shapely.intersection_all(polygons[claim])
    assert piece.area * 111.3 * 110.7 * np.cos(np.radians(22.5)) == pytest.approx(3.489, rel=0.02)  # km2
    index = index_of(polygons)
    inside = shapely.point_on_surface(max(shapely.get_parts(piece), key=shapely.area))
    assert index.at(inside.y, inside.x) == tuple(claim)
    hits = index.at_many(np.array([inside.y]), np.array([inside.x]))
    assert hits.primary.tolist() == [claim[0]]
    assert hits.multi_rows.tolist() == [0, 0, 0]
    assert hits.multi_units.tolist() == claim


@pytest.mark.slow
def test_the_whole_country(shared: Path) -> None:
    """All 3,321 communes at full resolution, over two million points of every kind."""
    import pyarrow.parquet as pq

    table = pq.read_table(
        shared / "data/boundaries/vn2025_communes_full.parquet", columns=["code", "geometry"]
    ).sort_by("code")
    polygons = shapely.from_wkb(table["geometry"].to_numpy())
    index = index_of(polygons)
    random = np.random.default_rng(22)
    bounds = shapely.bounds(polygons)[random.integers(0, len(polygons), 600_000)]
    households = random.uniform(bounds[:, :2], bounds[:, 2:])
    vertices = shapely.get_coordinates(polygons)
    near = vertices[random.integers(0, len(vertices), 300_000)]
    near = near + random.normal(scale=1e-4, size=near.shape)
    hard = hard_points(polygons, index.grid.cells_per_degree, random, 60_000)
    close = nudged(vertices[random.integers(0, len(vertices), 50_000)], 3)
    assert_as_geos(index, polygons, np.concatenate([households, near, hard, close]), scalar=50_000)
