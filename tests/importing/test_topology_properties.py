"""The arrangement against GEOS: every pair intersected, everything united."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geoaddr.importing.area import areas_m2
from geoaddr.importing.topology import LEAST_M2, examine

GRID = 0.01
corner = st.integers(0, 8)


@st.composite
def shapes(draw: st.DrawFn) -> shapely.Geometry:
    """A rectangle or triangle on a coarse grid: shared, crossing and touching edges are frequent."""
    x, y = 105 + GRID * draw(corner), 20 + GRID * draw(corner)
    w, h = GRID * draw(st.integers(1, 5)), GRID * draw(st.integers(1, 5))
    if draw(st.booleans()):
        return shapely.box(x, y, x + w, y + h)
    return shapely.polygons([(x, y), (x + w, y), (x, y + h)])


A_HAIR_SHORT = [  # the edge between the last two crosses the second, and its computed end misses the outline
    shapely.polygons([(105, 20), (105 + GRID, 20), (105, 20 + GRID)]),
    shapely.polygons([(105, 20), (105 + GRID * 4, 20), (105, 20 + GRID * 5)]),
    shapely.box(105, 20 + GRID, 105 + GRID * 3, 20 + GRID + GRID),
    shapely.polygons(
        [(105 + GRID * 3, 20 + GRID), (105 + GRID * 3 + GRID, 20 + GRID), (105 + GRID * 3, 20 + GRID + GRID)]
    ),
]


@example(A_HAIR_SHORT)
@settings(max_examples=60, deadline=None)
@given(st.lists(shapes(), min_size=1, max_size=7))
def test_same_as_every_pair_and_the_union(drawn: list[shapely.Geometry]) -> None:
    polygons = np.array(drawn, dtype=object)
    topology = examine(polygons)
    close = {"rel": 1e-9, "abs": 4 * LEAST_M2}

    pairs = topology.pairs()
    for a, b in combinations(range(len(polygons)), 2):
        shared = areas_m2(np.array([shapely.intersection(polygons[a], polygons[b])]))[0]
        assert pairs.get((a, b), 0.0) == pytest.approx(shared, **close)

    whole = shapely.union_all(polygons)
    enclosed = shapely.get_parts(shapely.polygonize([shapely.node(shapely.boundary(whole))]))
    holes = enclosed[~shapely.covers(whole, shapely.point_on_surface(enclosed))]
    assert sum(gap.area_m2 for gap in topology.gaps) == pytest.approx(areas_m2(holes).sum(), **close)

    total, once = areas_m2(polygons).sum(), areas_m2(np.array([whole]))[0]
    surplus = sum((len(piece.rows) - 1) * piece.area_m2 for piece in topology.pieces)
    assert surplus == pytest.approx(total - once, **close)
