"""The index answers as GEOS does on real communes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from boundary_cases import COMPILED, assert_as_geos, hard_points, index_of
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK

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
    piece = shapely.intersection_all(polygons[[codes.index(c) for c in (LAO_CAI, BAT_XAT, COC_SAN)]])
    assert piece.area * 111.3 * 110.7 * np.cos(np.radians(22.5)) == pytest.approx(3.489, rel=0.02)  # km2
    claimed_by_three(index_of(polygons), codes, polygons)


def claimed_by_three(index: BoundaryIndex, codes: list[str], polygons: NDArray[Any]) -> None:
    """Every corner and the inside of the piece: all three answer, and the smallest code is the primary one."""
    claim = [codes.index(c) for c in (LAO_CAI, BAT_XAT, COC_SAN)]
    piece = max(shapely.get_parts(shapely.intersection_all(polygons[claim])), key=shapely.area)
    inside = shapely.get_coordinates(shapely.point_on_surface(shapely.get_parts(shapely.buffer(piece, -1e-4))))
    assert index.at(*inside[0, ::-1].tolist()) == tuple(claim)
    for compiled in COMPILED:
        hits = index.at_many(inside[:, 1], inside[:, 0], compiled=compiled)
        assert hits.primary.tolist() == [claim[0]] * len(inside)
        assert hits.multi_rows.tolist() == np.repeat(np.arange(len(inside)), 3).tolist()
        assert hits.multi_units.tolist() == claim * len(inside)


@pytest.fixture(scope="module")
def country(shared: Path) -> tuple[list[str], NDArray[Any]]:
    """Codes and polygons of all 3,321 communes at full resolution."""
    layer = shared / "data/boundaries/vn2025_communes_full.parquet"
    table = pq.read_table(layer, columns=["code", "geometry"]).sort_by("code")
    return table["code"].to_pylist(), shapely.from_wkb(table["geometry"].to_numpy())


def test_the_pack_of_the_whole_country(country: tuple[list[str], NDArray[Any]], real_pack: Path) -> None:
    """A sample of every kind of point; ``python -m tests.benchmarks.exactness`` asks about millions."""
    codes, polygons = country
    pack = Pack.open(real_pack)
    index = BoundaryIndex.from_pack(pack, "boundaries.communes")
    assert [*pack.strings("boundaries.communes.codes")] == codes
    points = hard_points(polygons, index.grid.cells_per_degree, np.random.default_rng(23), 2000)
    assert_as_geos(index, polygons, points, scalar=10_000)
    claimed_by_three(index, codes, polygons)


def test_the_embedded_pack() -> None:
    """Its cells are the polygons here, put together again: what is tested is the index over them."""
    index = BoundaryIndex.from_pack(Pack.open(EMBEDDED_PACK), "boundaries.communes")
    polygons = np.array([index.polygon(row) for row in range(len(index))])
    points = hard_points(polygons, index.grid.cells_per_degree, np.random.default_rng(24), 5000)
    assert_as_geos(index, polygons, points, scalar=10_000)


@pytest.mark.slow
def test_the_whole_country(country: tuple[list[str], NDArray[Any]]) -> None:
    """All 3,321 communes at full resolution, over two million points of every kind."""
    _, polygons = country
    index = index_of(polygons)
    random = np.random.default_rng(22)
    vertices = shapely.get_coordinates(polygons)
    near = vertices[random.integers(0, len(vertices), 300_000)]
    near = near + random.normal(scale=1e-4, size=near.shape)
    hard = hard_points(polygons, index.grid.cells_per_degree, random, 150_000)
    assert_as_geos(index, polygons, np.concatenate([near, hard]), scalar=50_000)
