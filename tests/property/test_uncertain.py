"""The weights of the units that a rough point may lie in, against the normal law in closed form."""

from __future__ import annotations

from collections import Counter
from math import erf, log, sqrt

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geoaddr.boundaries.spread import LEAST_WEIGHT, PLACES, scatter, spread
from geoaddr.distance import metres_a_degree
from geoaddr.uncertain import rows_around
from tests.property.boundary_cases import index_of

LAT, LON = 16.0, 108.0
LAT_M, LON_M = metres_a_degree(LAT)
OFF = 0.007
"""How far a weight may be off: 0.006 beside a straight border, and what is left out with less than 0.005."""


def beyond(distance_m: float, uncertainty_m: float) -> float:
    """How much of a circular normal law lies beyond a straight line; 68 % of it lie within the uncertainty."""
    sigma = uncertainty_m / sqrt(-2 * log(0.32))
    return (1 - erf(distance_m / sigma / sqrt(2))) / 2


def box(west_m: float, south_m: float, east_m: float, north_m: float) -> shapely.Polygon:
    """A rectangle by metres from the point."""
    return shapely.box(LON + west_m / LON_M, LAT + south_m / LAT_M, LON + east_m / LON_M, LAT + north_m / LAT_M)


@pytest.mark.parametrize("uncertainty_m", [5.0, 50.0, 700.0, 10_000.0])
@pytest.mark.parametrize("part", [0.0, 0.1, 0.3, 0.7, 1.0, 1.3, 1.6])
def test_beside_a_straight_border(uncertainty_m: float, part: float) -> None:
    away = part * uncertainty_m
    index = index_of(np.array([box(-60_000, -60_000, away, 60_000), box(away, -60_000, 60_000, 60_000)]))
    weights, outside = rows_around(index, LAT, LON, uncertainty_m)
    assert weights[1] == pytest.approx(beyond(away, uncertainty_m), abs=OFF)
    assert sum(weights.values()) == pytest.approx(1)
    assert outside == 0


def test_a_border_farther_off_than_the_law_reaches_is_no_matter() -> None:
    index = index_of(np.array([box(-9_000, -9_000, 90, 9_000), box(90, -9_000, 9_000, 9_000)]))
    assert beyond(90, 50) < LEAST_WEIGHT
    assert rows_around(index, LAT, LON, 50) == ({0: 1.0}, 0.0)


def test_at_a_corner_by_the_sea() -> None:
    """Three quarters of the plane are land, in three units; the fourth is outside all of them."""
    index = index_of(
        np.array([box(-9_000, -9_000, 20, 30), box(20, -9_000, 9_000, 30), box(-9_000, 30, 20, 9_000)])
    )
    weights, outside = rows_around(index, LAT, LON, 100)
    east, north = beyond(20, 100), beyond(30, 100)
    expected = [(1 - east) * (1 - north), east * (1 - north), (1 - east) * north]
    assert [weights[row] for row in range(3)] == pytest.approx(expected, abs=OFF)
    assert outside == pytest.approx(east * north, abs=OFF)
    assert sum(weights.values()) + outside == pytest.approx(1)
    assert list(weights) == sorted(weights, key=lambda row: -weights[row])


def test_sixty_eight_of_a_hundred_lie_within_the_uncertainty() -> None:
    circle = [
        (LON + 100 * np.sin(a) / LON_M, LAT + 100 * np.cos(a) / LAT_M) for a in np.linspace(0, 2 * np.pi, 721)
    ]
    weights, outside = rows_around(index_of(np.array([shapely.Polygon(circle)])), LAT, LON, 100)
    assert weights[0] == pytest.approx(0.68, abs=0.003)
    assert outside == pytest.approx(0.32, abs=0.003)


def test_on_a_border_two_units_weigh_alike() -> None:
    index = index_of(np.array([box(-900, -900, 0, 900), box(0, -900, 900, 900)]))
    assert rows_around(index, LAT, LON, 0) == ({0: 0.5, 1: 0.5}, 0.0)
    assert rows_around(index, LAT, LON, 100) == ({0: 0.5, 1: 0.5}, 0.0)


def test_where_units_overlap_they_share_the_weight() -> None:
    index = index_of(np.array([box(-900, -900, 900, 900)] * 3))
    weights, outside = rows_around(index, LAT, LON, 50)
    assert [weights[row] for row in range(3)] == pytest.approx([1 / 3] * 3, abs=1e-4)
    assert sum(weights.values()) + outside == pytest.approx(1)


LAYER = np.array(
    [
        *(box(x, y, x + 400, y + 400) for x in (-400, 0, 400) for y in (-400, 0)),
        box(-150, -150, 150, 250),
        box(900, -50, 1_000, 50),
    ]
)
INDEX = index_of(LAYER)

offsets = st.floats(-1_200, 1_200)
roughness = st.one_of(st.just(0.0), st.floats(0.1, 2_000))


@settings(max_examples=40, deadline=None)
@example([(1165.0, 1159.0, 1519.0)])
@given(st.lists(st.tuples(offsets, offsets, roughness), min_size=1, max_size=70))
def test_columns_say_what_single_points_say_and_count_every_place(
    asked: list[tuple[float, float, float]],
) -> None:
    """Each weight is the share of the places around a point that one lookup after another finds in the unit."""
    lat = np.array([LAT + north / LAT_M for _, north, _ in asked])
    lon = np.array([LON + east / LON_M for east, _, _ in asked])
    rough = np.array([metres for *_, metres in asked])
    together = spread(INDEX, lat, lon, rough)
    for position in range(len(asked)):
        mine = together.positions == position
        weights = dict(zip(together.rows[mine].tolist(), together.weights[mine].tolist(), strict=True))
        assert sum(weights.values()) == pytest.approx(1)
        alone, outside = rows_around(INDEX, lat[position], lon[position], rough[position])
        assert {**alone, **({-1: outside} if outside else {})} == weights
        if position == 0:
            assert weights == pytest.approx(counted(lat[0], lon[0], rough[0]), abs=2.5e-3)


def counted(lat: float, lon: float, uncertainty_m: float) -> dict[int, float]:
    """Place after place; what lies in units of too little weight goes to the heaviest."""
    lat_m, lon_m = metres_a_degree(lat)
    found: Counter[int] = Counter()
    for east, north in zip(*scatter(), strict=True):
        held = INDEX.at(lat + uncertainty_m * north / lat_m, lon + uncertainty_m * east / lon_m) or (-1,)
        for row in held:
            found[row] += 1 / len(held)
    weights = {row: places / PLACES for row, places in found.items() if places / PLACES >= LEAST_WEIGHT}
    heaviest = min(weights, key=lambda row: (-weights[row], row))
    weights[heaviest] += 1 - sum(weights.values())
    return weights
