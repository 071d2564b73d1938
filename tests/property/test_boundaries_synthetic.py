"""The index answers as GEOS does on the original polygons: any layer, any point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from boundary_cases import COMPILED, assert_as_geos, hard_points, index_of, pairs_by_geos
from hypothesis import given, settings
from hypothesis import strategies as st

Layer = np.ndarray


def tessellation(random: np.random.Generator) -> Layer:
    """Neighbours share every edge and vertex."""
    seeds = shapely.multipoints(random.normal(size=(40, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds))
    return shapely.intersection(cells, shapely.box(-3, -3, 3, 3))


def neighbours_with_other_vertices(random: np.random.Generator) -> Layer:
    """Half of the units have more vertices on the shared borders: slivers and gaps of rounding."""
    cells = tessellation(random)
    return np.where(random.random(len(cells)) < 0.5, shapely.segmentize(cells, 0.1), cells)


def overlapping_with_holes(random: np.random.Generator) -> Layer:
    disks = shapely.buffer(
        shapely.points(random.uniform(105, 107, (25, 2)) - (0, 90)), random.uniform(0.05, 0.5, 25)
    )
    holes = shapely.buffer(shapely.points(random.uniform(105, 107, (12, 2)) - (0, 90)), 0.07)
    return shapely.difference(disks, shapely.union_all(holes))


def many_on_one_place(random: np.random.Generator) -> Layer:
    """More units over a cell than a mask has room for, some of them identical."""
    rings = shapely.buffer(shapely.points(0.3, 0.2), np.linspace(0.01, 1.5, 14))
    return np.concatenate([rings, rings[:3]])


def aligned_with_cells(random: np.random.Generator) -> Layer:
    """Squares whose corners are corners of cells, some missing, some touching at a corner only."""
    i, j = np.meshgrid(np.arange(-4, 4), np.arange(-4, 4))
    squares = shapely.box(i.ravel() / 4, j.ravel() / 4, (i.ravel() + 1) / 4, (j.ravel() + 1) / 4)
    return squares[random.random(len(squares)) < 0.7]


def islands_and_exclaves(random: np.random.Generator) -> Layer:
    parts = shapely.buffer(
        shapely.points(random.uniform(-2, 2, (120, 2))), random.uniform(1e-9, 0.08, 120), quad_segs=4
    )
    apart = shapely.get_parts(shapely.union_all(parts))
    return np.array([shapely.multipolygons(apart[k::6]) for k in range(6)])


def needles(random: np.random.Generator) -> Layer:
    """Triangles far longer than wide, down to a width of a few steps of floating point."""
    a, b = random.uniform(-2, 2, (2, 40, 2))
    c = b + random.normal(size=(40, 2)) * 10.0 ** random.uniform(-15.5, -3, (40, 1))
    triangles = shapely.polygons(np.stack([a, b, c], axis=1))
    return triangles[shapely.is_valid(triangles)]


def comb(random: np.random.Generator) -> Layer:
    """Teeth so fine that no reference point fits between two of them."""
    x = np.arange(801) / 800 / 16
    y = np.where(np.arange(801) % 2, 0.9, 0.1)
    comb_ = shapely.polygons([*zip(x, y, strict=True), (1 / 16, 0.0), (0.0, 0.0)])
    return np.array([comb_, shapely.box(0, 0, 1, 1).difference(comb_)])


def ends_of_the_earth(random: np.random.Generator) -> Layer:
    """The poles and both sides of the antimeridian, which the plane of degrees keeps apart."""
    return shapely.box(
        np.array([-180, 170.0, -180.0, -180.0, -1e-300]),
        np.array([-10, -10.0, 80.0, -90.0, -1e-310]),
        np.array([-170, 180.0, 180.0, 180.0, 1e-305]),
        np.array([10, 10.0, 90.0, -85.0, 1e-300]),
    )


@pytest.mark.parametrize("cells_per_degree", [None, 16, 128])
@pytest.mark.parametrize(
    "layer",
    [
        tessellation, neighbours_with_other_vertices, overlapping_with_holes, many_on_one_place,
        aligned_with_cells, islands_and_exclaves, needles, comb,
    ],
)  # fmt: skip
def test_hard_points_of_hard_layers(layer: Callable[..., Layer], cells_per_degree: int | None) -> None:
    random = np.random.default_rng([7, len(layer.__name__), cells_per_degree or 0])
    polygons = layer(random)
    index = index_of(polygons, cells_per_degree)
    assert_as_geos(index, polygons, hard_points(polygons, index.grid.cells_per_degree, random, 400))


@pytest.mark.parametrize("cells_per_degree", [None, 4])
def test_the_ends_of_the_earth(cells_per_degree: int | None) -> None:
    random = np.random.default_rng(8)
    polygons = ends_of_the_earth(random)
    index = index_of(polygons, cells_per_degree)
    assert_as_geos(index, polygons, hard_points(polygons, index.grid.cells_per_degree, random, 400))


def test_what_the_fast_path_leaves_to_geos_is_rare() -> None:
    """Exactness is not bought by asking GEOS about everything."""
    random = np.random.default_rng(9)
    polygons = overlapping_with_holes(random)
    index = index_of(polygons, 128)
    points = random.uniform((105, 15), (107, 17), (20_000, 2))
    asked = 0
    hold = index._polygons.hold

    def counting(rows, lat, lon):  # type: ignore[no-untyped-def]
        nonlocal asked
        asked += len(rows)
        return hold(rows, lat, lon)

    index._polygons.hold = counting  # type: ignore[method-assign]
    hits = index.at_many(points[:, 1], points[:, 0])
    assert asked == 0
    of_point, _ = pairs_by_geos(polygons, points)
    assert (hits.primary >= 0).sum() == len(np.unique(of_point))


# Lattice points meet each other, lie on each other's lines, and fall on cells' corners far more often than
# random ones: the cases where a sign is zero.
lattice = st.integers(-6, 6)
lattice_points = st.tuples(lattice, lattice)


@st.composite
def lattice_layers(draw: st.DrawFn) -> Layer:
    shapes = []
    for corners in draw(st.lists(st.lists(lattice_points, min_size=3, max_size=8), min_size=1, max_size=6)):
        made = shapely.make_valid(shapely.polygons(corners)) if draw(st.booleans()) else None
        made = made or shapely.convex_hull(shapely.multipoints(corners))
        kept = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
        if kept:
            shapes.append(shapely.union_all(kept))
    if len(shapes) > 1 and draw(st.booleans()):
        shapes[0] = shapely.difference(shapes[0], shapes[1])
    scale = draw(st.sampled_from([1.0, 0.25, 0.1, 1 / 3, 2.0**-9, 1e-7]))
    moved = shapely.transform(np.array(shapes, dtype=object), lambda c: c * scale)
    good = [g for g in moved if not g.is_empty and g.is_valid and g.geom_type in ("Polygon", "MultiPolygon")]
    return np.array(good, dtype=object)


@settings(max_examples=80, deadline=None)
@given(
    lattice_layers().filter(len),
    st.lists(
        st.tuples(lattice_points, st.sampled_from([1, 2, 3]), st.tuples(*[st.integers(-4, 4)] * 2)), max_size=30
    ),
    st.sampled_from([1, 4, 64]),
)
def test_lattices(polygons: Layer, picks: list, cells_per_degree: int | None) -> None:
    coords = shapely.get_coordinates(polygons)
    step = max(np.abs(coords).max(), 1e-300) / 6
    points = [np.array(at) * step / part for at, part, _ in picks]
    points += [(coords[i] * a + coords[-1 - i] * (4 - a)) / 4 for i in range(len(coords)) for a in range(5)]
    off = [np.array(ulps) for _, _, ulps in picks] + [
        np.array((i % 3 - 1, i % 5 - 2)) for i in range(5 * len(coords))
    ]
    nudge = np.spacing(np.abs(points)) * np.array(off)
    points = np.concatenate([points, points + nudge])
    assert_as_geos(index_of(polygons, cells_per_degree), polygons, points)


@settings(max_examples=200, deadline=None)
@given(st.floats(), st.floats())
def test_any_two_floats(lat: float, lon: float) -> None:
    index, polygon = _WORLD
    inside = bool(np.isfinite([lat, lon]).all() and shapely.intersects_xy(polygon, lon, lat))
    assert index.at(lat, lon) == ((0,) if inside else ())
    for compiled in COMPILED:
        found = index.at_many(np.array([lat]), np.array([lon]), compiled=compiled)
        assert found.primary.tolist() == [0 if inside else -1]


_TRIANGLE = shapely.polygons([(-30.0, -40.0), (90.0, -1.0), (1.0, 70.0)])
_WORLD = (index_of(np.array([_TRIANGLE]), 2), _TRIANGLE)
