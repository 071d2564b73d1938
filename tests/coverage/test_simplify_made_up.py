"""Layers that fit the eye: what must stay, and what goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geoaddr.coverage import dissolve, simplify

M = 1 / 111_319.49
"""A metre of latitude, in degrees."""


def at(*metres: tuple[float, float]) -> list[tuple[float, float]]:
    """Places on the equator, where a metre is the same both ways."""
    return [(105 + x * M, y * M) for x, y in metres]


def simplified(*polygons: Any, tolerance_m: float = 20) -> list[Any]:
    return list(simplify(np.array(polygons, dtype=object), np.arange(len(polygons)), tolerance_m))


def count(polygon: Any) -> int:
    return int(shapely.get_num_coordinates(polygon)) - 1


def test_a_small_bend_goes_and_a_large_one_stays() -> None:
    small = shapely.Polygon(at((0, 0), (500, 10), (1000, 0), (1000, 1000), (0, 1000)))
    large = shapely.Polygon(at((0, 0), (500, 30), (1000, 0), (1000, 1000), (0, 1000)))
    assert (count(simplified(small)[0]), count(simplified(large)[0])) == (4, 5)


def test_an_islet_smaller_than_the_tolerance_keeps_a_shape() -> None:
    islet = shapely.Point(105, 0).buffer(3 * M)
    (thin,) = simplified(islet, tolerance_m=5000)
    assert (count(thin), thin.is_valid) == (4, True)
    assert thin.area > islet.area / 2


def test_a_unit_between_two_meeting_points_keeps_ground() -> None:
    """A lens whose two sides would both become its chord."""
    north = shapely.Polygon(at((0, 0), (500, 8), (1000, 0), (1000, 1000), (0, 1000)))
    lens = shapely.Polygon(at((0, 0), (500, -8), (1000, 0), (500, 8)))
    south = shapely.Polygon(at((0, 0), (500, -8), (1000, 0), (1000, -1000), (0, -1000)))
    thinned = simplified(north, lens, south, tolerance_m=100)
    assert thinned[1].equals(lens)
    assert shapely.coverage_is_valid(np.array(thinned))


def test_an_island_in_a_bay_is_not_run_over() -> None:
    bay = [(0, 0), (400, 0), (450, 40), (500, 50), (550, 40), (600, 0), (1000, 0)]
    land = shapely.Polygon(at(*bay, (1000, 1000), (0, 1000)))
    island = shapely.Point(105 + 500 * M, 20 * M).buffer(10 * M)
    alone, (beside, islet) = simplified(land, tolerance_m=100), simplified(land, island, tolerance_m=100)
    assert count(alone[0]) == 4
    assert not beside.intersects(islet)


def test_a_hole_and_its_enclave_stay_one_line() -> None:
    enclave = shapely.Point(105, 0).buffer(300 * M)
    around = shapely.Polygon(shapely.Point(105, 0).buffer(900 * M).exterior, [enclave.exterior])
    outer, inner = simplified(around, enclave)
    assert 4 <= count(inner) < count(enclave)
    assert shapely.equals_identical(
        shapely.normalize(shapely.Polygon(outer.interiors[0])), shapely.normalize(inner)
    )


def test_a_slip_of_the_pen_does_not_open() -> None:
    """The same border drawn twice, half a metre apart in places: the gap is that of the source."""
    north_of = [(0, 0), (250, 12), (500, 0), (750, 12), (1000, 0)]
    south_of = [(0, 0), (250, 11.5), (500, 0), (750, 12), (1000, 0)]
    north = shapely.Polygon(at(*north_of, (1000, 1000), (0, 1000)))
    south = shapely.Polygon(at(*south_of, (1000, -1000), (0, -1000)))
    thinned = simplified(north, south)
    assert shapely.area(shapely.intersection(*thinned)) == 0
    gap, was = (shapely.union_all(pair).interiors[0] for pair in (thinned, [north, south]))
    assert shapely.equals_identical(*shapely.normalize([shapely.Polygon(gap), shapely.Polygon(was)]))
    assert count(thinned[1]) < count(south)  # the far half of the border is one line, and goes


def test_tolerance_zero_is_the_source() -> None:
    twice = shapely.Polygon(at((0, 0), (500, 0), (500, 0), (1000, 0), (1000, 1000)))
    assert simplified(twice, tolerance_m=0)[0] is twice


@pytest.mark.parametrize(
    ("width_m", "holes"),
    [pytest.param(1, 0, id="a sliver closes"), pytest.param(150, 1, id="a gap of 12 hectares stays")],
)
def test_dissolving_closes_slivers(width_m: float, holes: int) -> None:
    west = shapely.Polygon(
        at((0, 0), (1000, 0), (1000, 100), (1000 - width_m, 500), (1000, 900), (1000, 1000), (0, 1000))
    )
    east = shapely.Polygon(
        at((1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (1000, 900), (1000 + width_m, 500), (1000, 100))
    )
    whole = dissolve(np.array([west, east]), np.empty(0, dtype=object))
    assert len(whole.interiors) == holes


def test_dissolving_keeps_ponds_and_enclaves() -> None:
    pond, enclave = (shapely.Point(105 + x * M, 500 * M).buffer(20 * M) for x in (500, 1000))
    west = shapely.box(*at((0, 0))[0], *at((1000, 1000))[0]) - pond - enclave
    east = shapely.box(*at((1000, 0))[0], *at((2000, 1000))[0]) - enclave
    whole = dissolve(np.array([west, east]), np.array([enclave]))
    assert len(whole.interiors) == 2
    assert len(dissolve(np.array([west, east]), np.empty(0, dtype=object)).interiors) == 1
