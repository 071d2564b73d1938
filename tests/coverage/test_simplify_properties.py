"""What simplification promises, on layers as hypothesis makes them, with GEOS as the referee."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoaddr.coverage import reach_degrees, simplify
from tests.coverage.layers import METRE, coverages, cut_square, dealt

tolerances = st.sampled_from([0.5, 5.0, 50.0, 500.0, 5000.0])

ROUNDING = 1e-15
"""Square degrees; a hundredth of a square millimetre."""


def all_of(layer: NDArray[Any], tolerance_m: float) -> NDArray[Any]:
    return simplify(layer, np.arange(len(layer)), tolerance_m)


def places(geometries: Any) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(geometries).tolist()))


def shape_of(layer: NDArray[Any]) -> list[tuple[int, int]]:
    """Of each unit its parts and its holes."""
    parts = [shapely.get_parts(unit) for unit in layer]
    return [(len(each), int(shapely.get_num_interior_rings(each).sum())) for each in parts]


@settings(max_examples=60, deadline=None)
@given(coverages(), tolerances)
def test_a_coverage_stays_one(layer: NDArray[Any], tolerance_m: float) -> None:
    assert shapely.coverage_is_valid(layer)
    thinned = all_of(layer, tolerance_m)
    assert shapely.is_valid(thinned).all()
    assert shapely.coverage_is_valid(thinned)
    assert shape_of(thinned) == shape_of(layer)
    assert places(thinned) <= places(layer)
    total, whole = shapely.area(thinned).sum(), shapely.area(shapely.union_all(thinned))
    assert abs(total - whole) < ROUNDING
    assert shapely.area(thinned).min() > 0


@settings(max_examples=40, deadline=None)
@given(coverages(), tolerances)
def test_no_border_moves_farther_than_allowed(layer: NDArray[Any], tolerance_m: float) -> None:
    # in degrees of latitude, as east-west degrees are shorter than those
    for unit, thin in zip(layer, all_of(layer, tolerance_m), strict=True):
        stretch = [np.cos(np.radians(16.03)), 1.0]
        flat = [shapely.transform(shapely.boundary(each), lambda xy: xy * stretch) for each in (unit, thin)]  # noqa: B023
        assert shapely.hausdorff_distance(*flat) <= tolerance_m * METRE * 1.001


@settings(max_examples=40, deadline=None)
@given(coverages(), tolerances)
def test_a_unit_alone_is_the_unit_among_all(layer: NDArray[Any], tolerance_m: float) -> None:
    together = all_of(layer, tolerance_m)
    for unit in range(len(layer)):
        boxes = shapely.box(*shapely.bounds(layer).T)
        near = shapely.dwithin(boxes, boxes[unit], reach_degrees(tolerance_m) * 1.5)
        alone = simplify(layer[near], np.flatnonzero(np.flatnonzero(near) == unit), tolerance_m)
        assert shapely.to_wkb(alone[0]) == shapely.to_wkb(together[unit])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), tolerances, st.integers(1, 30))
def test_overlaps_and_gaps_of_the_source_stay_as_they_are(seed: int, tolerance_m: float, metres: int) -> None:
    layer = dealt(cut_square(seed, lines=4, wave=50 * METRE), 5, seed)
    moved = shapely.transform(layer[0], lambda xy: xy + metres * METRE)  # claims here, and leaves ground there
    layer = np.array([moved, *layer[1:]], dtype=object)
    thinned = all_of(layer, tolerance_m)
    assert shapely.is_valid(thinned).all()
    # in sum: a border of others that runs through the overlap is one that agrees, and is thinned
    before, after = (
        shapely.area(shapely.intersection(each[0], shapely.union_all(each[1:]))) for each in (layer, thinned)
    )
    assert abs(before - after) < ROUNDING
    assert abs(hole_area(layer) - hole_area(thinned)) < ROUNDING


def hole_area(layer: NDArray[Any]) -> float:
    """The ground that a layer encloses and does not have."""
    parts = shapely.get_parts(shapely.union_all(layer))
    return float(sum(shapely.area(shapely.polygons(each.exterior)) - each.area for each in parts))
