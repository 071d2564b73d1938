"""How far the nearest border is, and whose it is: GEOS on a plane around each point is the judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex
from geoaddr.boundaries.edge_distance import REACH_M
from geoaddr.pack import Pack
from geoaddr.wiring import COMMUNES
from tests.property.boundary_cases import index_of
from tests.service.packs import write_two_provinces

TOLERANCE = 2e-4
"""Of the distance: the promise of ``geoaddr.distance.metres_a_degree``. A millimetre more is left to rounding."""


def judged(polygons: NDArray[Any], units: list[int], lat: float, lon: float) -> tuple[float, shapely.Point]:
    """Metres to the nearest border of the units, on an azimuthal equidistant plane of WGS 84, and where."""
    around = pyproj.Transformer.from_crs(
        "EPSG:4326", f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84", always_xy=True
    )
    window = shapely.box(lon - 0.03, lat - 0.03, lon + 0.03, lat + 0.03)
    near = shapely.intersection(shapely.boundary(polygons[units]), window)
    lines = shapely.segmentize(shapely.union_all(near), 5e-4)
    if lines.is_empty:
        return np.inf, shapely.Point()
    flat = shapely.transform(lines, lambda c: np.column_stack(around.transform(c[:, 0], c[:, 1])))
    way = shapely.shortest_line(shapely.Point(0, 0), flat)
    return way.length, shapely.Point(around.transform(*way.coords[1], direction="INVERSE"))


def assert_as_geos(index: BoundaryIndex, polygons: NDArray[Any], points: NDArray[np.float64]) -> int:
    """Every point's border is where GEOS has it, and its neighbour there; returns for how many there is one."""
    tree, found = shapely.STRtree(polygons), 0
    for lon, lat in points.tolist():
        held = index.at(lat, lon)
        unit = held[0] if held else -1
        nearby = tree.query(shapely.Point(lon, lat).buffer(0.03)).tolist()
        expected, place = judged(polygons, [unit] if held else nearby, lat, lon)
        border = index.border(lat, lon, unit)
        if border is None:
            assert expected > REACH_M * (1 - TOLERANCE), (lat, lon, expected)
            continue
        found += 1
        assert border.distance_m == pytest.approx(expected, rel=TOLERANCE, abs=1e-3), (lat, lon)
        touching = [u for u in nearby if u != unit and polygons[u].distance(place) < 1.2e-5]  # 1.3 m
        assert border.neighbour in (touching or [-1]), (lat, lon, border, touching)
    return found


@pytest.fixture(scope="module")
def two_provinces(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> BoundaryIndex:
    raw = shared / "data/boundaries/raw_geojson_2_provinces.zip"
    pack = Pack.open(write_two_provinces(raw, tmp_path_factory.mktemp("borders") / "two.gapack"))
    return BoundaryIndex.from_pack(pack, COMMUNES)


def test_points_anywhere_near_borders_and_on_them(two_provinces: BoundaryIndex) -> None:
    index = two_provinces
    polygons = np.array([index.polygon(row) for row in range(len(index))])
    random = np.random.default_rng(11)
    bounds = shapely.bounds(polygons)[random.integers(0, len(polygons), 60)]
    vertices = shapely.get_coordinates(polygons)
    near = vertices[random.integers(0, len(vertices), 60)] + random.normal(scale=3e-4, size=(60, 2))
    on = vertices[random.integers(0, len(vertices), 30)]
    points = np.concatenate([random.uniform(bounds[:, :2], bounds[:, 2:]), near, on])
    assert assert_as_geos(index, polygons, points) > 110


def blocks(count: int, lat: float, size: float) -> NDArray[Any]:
    """Squares side by side, and rectangles that overlap two of them each."""
    squares = [shapely.box(105 + i * size, lat, 105 + (i + 1) * size, lat + size) for i in range(count)]
    across = [shapely.box(105 + (i + 0.7) * size, lat - 0.4 * size, 105 + (i + 1.2) * size, lat + 0.3 * size)
              for i in range(0, count - 1, 3)]  # fmt: skip
    return np.array([*squares, *across])


@pytest.mark.parametrize("lat", [-33.0, 0.0, 8.5, 23.4, 62.0])
@pytest.mark.parametrize("cells_per_degree", [16, 256, 1024])
def test_overlaps_at_any_latitude_in_any_grid(lat: float, cells_per_degree: int) -> None:
    polygons = blocks(8, lat - 0.004, 0.008)
    random = np.random.default_rng(3)
    points = random.uniform((104.98, lat - 0.02), (105.08, lat + 0.02), size=(16, 2))
    assert assert_as_geos(index_of(polygons, cells_per_degree), polygons, points) > 4


def test_more_units_in_a_cell_than_a_record_has_room_for() -> None:
    """Twelve nested squares in one cell: their edges are found on the polygons themselves."""
    polygons = np.array([shapely.Point(105, 16).buffer(0.001 * (k + 1), quad_segs=3) for k in range(12)])
    points = np.random.default_rng(5).uniform((104.98, 15.98), (105.02, 16.02), size=(60, 2))
    assert assert_as_geos(index_of(polygons, 8), polygons, points) > 40


offsets = st.floats(-0.05, 0.05) | st.integers(-12, 12).map(lambda k: k * 0.004)
grids = {
    (lat, cells): index_of(blocks(6, lat, 0.008), cells) for lat in (0.0, 16.0, 62.0) for cells in (8, 256, 1024)
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(grids)), st.lists(st.tuples(offsets, offsets), min_size=1, max_size=30))
def test_columns_say_what_single_points_say(grid: tuple[float, int], places: list[tuple[float, float]]) -> None:
    """On corners, sides and overlaps, in the distance and beside the grid, with cells that records cannot tell."""
    index = grids[grid]
    lat, lon = (np.array([base + place[axis] for place in places]) for axis, base in enumerate((grid[0], 105.02)))
    held = index.at_many(lat, lon).primary
    distance_m, beyond = index.border_many(lat, lon, held)
    for y, x, unit, metres, row in zip(
        lat.tolist(), lon.tolist(), held.tolist(), distance_m.tolist(), beyond.tolist(), strict=True
    ):
        border = index.border(y, x, unit)
        if border is None:
            assert np.isnan(metres)
            assert row == -1
        else:
            assert (metres, row) == (pytest.approx(border.distance_m, abs=1e-6), border.neighbour)


def test_columns_leave_points_without_coordinates_alone() -> None:
    index = grids[16.0, 256]
    nowhere = np.array([np.nan, 16.0, np.inf, 16.001])
    distance_m, beyond = index.border_many(
        nowhere, np.array([105.0, np.nan, 105.0, 105.001]), np.full(4, -1, "i4")
    )
    assert np.isnan(distance_m).tolist() == [True, True, True, False]
    assert beyond.tolist()[:3] == [-1, -1, -1]


COAST = """
    lat       lon        unit  metres   neighbour
    10.005    105.0099   0     10.96    1     # 0.0001 degree of longitude at 10 degrees north: 10.964 m
    10.0099   105.005    0     11.06    -1    # the open side; 0.0001 degree of latitude: 11.061 m
    10.005    105.01     0     0        1     # on the shared side: the border of the smallest row
    10.01     105.005    0     0        -1    # on the open side
    10.0101   105.005    -1    11.06    0     # at sea: the nearest border of any, and whose it is
    10.005    105.0201   -1    10.96    1
    10.005    105.05     -1    none     -1    # 3 km off the coast
"""


@pytest.mark.parametrize("line", COAST.strip().splitlines()[1:])
def test_what_lies_on_the_other_side(line: str) -> None:
    lat, lon, unit, metres, neighbour = line.split("#")[0].split()
    polygons = np.array([shapely.box(105, 10, 105.01, 10.01), shapely.box(105.01, 10, 105.02, 10.01)])
    index = index_of(polygons)
    assert (index.at(float(lat), float(lon)) or (-1,))[0] == int(unit)
    border = index.border(float(lat), float(lon), int(unit))
    if metres == "none":
        assert border is None
    else:
        assert border is not None
        assert border.distance_m == pytest.approx(float(metres), abs=0.006)
        assert border.neighbour == int(neighbour)


@pytest.mark.slow
def test_the_whole_country(shared: Path) -> None:
    """All communes at full resolution."""
    import pyarrow.parquet as pq

    table = pq.read_table(
        shared / "data/boundaries/vn2025_communes_full.parquet", columns=["code", "geometry"]
    ).sort_by("code")
    polygons = shapely.from_wkb(table["geometry"].to_numpy())
    random = np.random.default_rng(5)
    bounds = shapely.bounds(polygons)[random.integers(0, len(polygons), 400)]
    vertices = shapely.get_coordinates(polygons)[random.integers(0, 7_000_000, 800)]
    near = vertices[:400] + random.normal(scale=3e-4, size=(400, 2))
    points = np.concatenate([random.uniform(bounds[:, :2], bounds[:, 2:]), near, vertices[400:]])
    assert assert_as_geos(index_of(polygons), polygons, points) > 1000
