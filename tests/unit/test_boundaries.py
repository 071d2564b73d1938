"""What the boundary index promises beside its answers, and its answers on layers that fit the eye."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geoaddr.boundaries import ArraySections, BoundaryIndex, build
from geoaddr.errors import DataError, InvalidInput
from geoaddr.model import PackInfo
from geoaddr.pack import Pack, write_pack

# Units 0 and 1 share the side at longitude 1; 2 is a ring around a hole, over the middle of both; 3 lies
# apart in two parts, of which one fills the hole of 2 in part.
LAYER = np.array(
    [
        shapely.box(0, 0, 1, 1),
        shapely.box(1, 0, 2, 1),
        shapely.polygons(
            [(0.5, 0.25), (1.5, 0.25), (1.5, 0.75), (0.5, 0.75)],
            holes=[[(0.9, 0.4), (1.1, 0.4), (1.1, 0.6), (0.9, 0.6)]],
        ),
        shapely.multipolygons([shapely.box(3, 0, 3.5, 1), shapely.box(0.95, 0.45, 1.05, 0.55)]),
    ]
)

TABLE = """
    lat   lon    units
    0.1   0.1    0        # inside one
    0.1   1.9    1
    0.1   1.0    0 1      # on the shared side
    0.0   1.0    0 1      # on a vertex of both
    0.5   0.7    0 2      # where two overlap
    0.5   0.5    0 2      # on the side of one, inside another
    0.3   1.0    0 1 2    # inside one, on the side that two share
    0.41  0.91   0        # in the hole
    0.5   0.9    0 2      # on the side of the hole
    0.5   0.97   0 3      # in the part that lies in the hole
    0.5   1.0    0 1 3
    0.5   3.2    3
    1.0   3.5    3        # the far corner: closed polygons hold it
    0.5   2.5             # in the gap
    -0.1  0.5
    1.0000000000000002  0.5
    1.0   0.5    0
    nan   0.5
    0.5   nan
    inf   0.5
    0.5   -inf
    1e300 1e300
    90    180
    -90   -180
    0.5   360.5           # longitudes are not wrapped
"""
ROWS = [line.split("#")[0].split() for line in TABLE.strip().splitlines()[1:]]


def sections_of(layer: Any = LAYER, **options: Any) -> dict[str, np.ndarray]:
    return build(np.asarray(layer, dtype=object), **options)


@pytest.fixture(scope="module", params=["arrays", "pack"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BoundaryIndex:
    if request.param == "arrays":
        return BoundaryIndex.from_pack(ArraySections(sections_of()), "")
    path = tmp_path_factory.mktemp("pack") / "layer.gapack"
    return BoundaryIndex.from_pack(Pack.open(packed(path)), "boundaries.communes")


def packed(path: Path) -> Path:
    info = PackInfo("layer", "1", dt.date(2026, 1, 1), "exact")
    write_pack(path, info, {f"boundaries.communes.{n}": a for n, a in sections_of().items()})
    return path


@pytest.mark.parametrize(("lat", "lon", "units"), [(float(a), float(b), [int(u) for u in c]) for a, b, *c in ROWS])
def test_one_point(index: BoundaryIndex, lat: float, lon: float, units: list[int]) -> None:
    assert index.at(lat, lon) == tuple(units)


def test_many_points(index: BoundaryIndex) -> None:
    """The primary unit is the smallest row; points in several units list them all."""
    hits = index.at_many(np.array([float(r[0]) for r in ROWS]), np.array([float(r[1]) for r in ROWS]))
    units = [[int(u) for u in row[2:]] for row in ROWS]
    assert hits.primary.dtype == np.int32
    assert hits.primary.tolist() == [u[0] if u else -1 for u in units]
    several = [(i, unit) for i, held in enumerate(units) if len(held) > 1 for unit in held]
    assert list(zip(hits.multi_rows.tolist(), hits.multi_units.tolist(), strict=True)) == several


def test_no_points(index: BoundaryIndex) -> None:
    hits = index.at_many(np.empty(0), np.empty(0))
    assert [len(column) for column in hits] == [0, 0, 0]


def test_columns_of_other_shapes(index: BoundaryIndex) -> None:
    """Any order in memory, any numbers; lists as well."""
    both = np.array([[0.1, 0.1], [0.1, 1.9]])
    assert index.at_many(both[:, 0], both[:, 1]).primary.tolist() == [0, 1]
    assert index.at_many([0, 1], np.array([0, 2], dtype=np.int8)).primary.tolist() == [0, 1]  # type: ignore[arg-type]
    for lat, lon, field in [([1.0], [1.0, 2.0], "lon"), ([[1.0]], [1.0], "lat"), (["x"], [1.0], "lat")]:
        with pytest.raises(InvalidInput) as refused:
            index.at_many(lat, lon)  # type: ignore[arg-type]
        assert refused.value.field == field


def test_polygons_come_back_as_they_were(index: BoundaryIndex) -> None:
    assert len(index) == len(LAYER)
    for row, polygon in enumerate(LAYER):
        assert shapely.to_wkb(index.polygon(row)) == shapely.to_wkb(polygon)
        assert index.bounds(row) == polygon.bounds
    for row in (-1, len(LAYER)):
        with pytest.raises(IndexError):
            index.polygon(row)
        with pytest.raises(IndexError):
            index.bounds(row)


def test_the_sign_of_a_zero_comes_back() -> None:
    ring = [(-0.0, -0.0), (1.0, -0.0), (1.0, 1.0), (-0.0, 1.0), (-0.0, -0.0)]
    source = ArraySections(sections_of([shapely.polygons(ring), shapely.box(-1, 0, 0, 1)]))
    index = BoundaryIndex.from_pack(source, "")
    assert np.signbit(shapely.get_coordinates(index.polygon(0))[0]).all()
    assert index.at(0.5, 0.0) == (0, 1)


def test_heights_are_dropped() -> None:
    raised = shapely.force_3d(LAYER, 7.0)
    flat = sections_of()
    assert all(np.array_equal(a, flat[name]) for name, a in sections_of(raised).items())


def test_the_same_layer_gives_the_same_bytes() -> None:
    one, other = sections_of(), sections_of(LAYER.copy())
    assert list(one) == list(other)
    assert all(one[n].tobytes() == other[n].tobytes() and one[n].dtype == other[n].dtype for n in one)


BOW_TIE = shapely.polygons([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("layer", "value", "reason"),
    [
        ([], "(0,)", "no polygons"),
        ([LAYER[0], None], "row 1", "not a geometry"),
        ([LAYER[0], shapely.Point(0, 0)], "row 1", "not a polygon"),
        ([shapely.Polygon(), LAYER[0]], "row 0", "empty"),
        ([LAYER[0], shapely.MultiPolygon()], "row 1", "empty"),
        ([LAYER[0], LAYER[1], BOW_TIE], "row 2", "Self-intersection"),
        ([shapely.box(179, 0, 181, 1)], "row 0", "WGS 84"),
        ([shapely.box(105, 20, 106, 91)], "row 0", "WGS 84"),
        ([shapely.box(500_000, 2_000_000, 500_100, 2_000_100)], "row 0", "WGS 84"),
    ],
)
def test_what_cannot_be_indexed_is_refused(layer: list[Any], value: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        sections_of(layer)
    assert refused.value.field == "polygons"
    assert str(refused.value.value) == value
    assert refused.value.message("vi") != refused.value.message("en")


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_vertex_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match="row 0"):
        sections_of([shapely.polygons([(0, 0), (1, np.nan), (1, 1)])])


def test_cells_come_in_powers_of_two() -> None:
    with pytest.raises(ValueError, match="power of two"):
        sections_of(cells_per_degree=100)


def test_another_layout_is_refused() -> None:
    sections = sections_of()
    sections["grid"] = sections["grid"] + np.eye(1, len(sections["grid"]), dtype=np.int64)[0] * 41
    with pytest.raises(DataError, match="layout"):
        BoundaryIndex.from_pack(ArraySections(sections), "")


def test_a_single_answer_loads_neither_numpy_nor_shapely(tmp_path: Path) -> None:
    """Only a point that GEOS must decide, here one on a border, loads them."""
    script = f"""
import sys
from geoaddr.boundaries import BoundaryIndex
from geoaddr.pack import Pack
index = BoundaryIndex.from_pack(Pack.open({str(packed(tmp_path / "p"))!r}), "boundaries.communes")
assert index.at(0.1, 0.1) == (0,) and index.at(0.5, 0.7) == (0, 2) and index.at(0.249, 0.51) == (0,)
assert index.at(0.5, 2.5) == () and index.bounds(1) == (1.0, 0.0, 2.0, 1.0)
assert not {{"numpy", "shapely"}} & set(sys.modules), sorted(sys.modules)
assert index.at(0.1, 1.0) == (0, 1) and "shapely" in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
