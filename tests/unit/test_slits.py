"""Gaps between neighbours: those too narrow to be seen are closed, and all others stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from geoaddr.tiling.drawing import STEPS
from geoaddr.tiling.slits import closed_between, pixel, without_slits

ZOOM = 13
PX = pixel(ZOOM)
BOX = (0.0, 0.0, 512 * PX, 512 * PX)


def in_pixels(*boxes: Sequence[float]) -> np.ndarray:
    return np.array([shapely.box(*(side * PX for side in box)) for box in boxes], dtype=object)


def apart(width: float) -> np.ndarray:
    """One unit of two communes, left and right, that part for a hundred pixels."""
    left, right, below = in_pixels((0, 0, 256, 512), (256, 0, 512, 512), (256, 200, 256 + width, 300))
    return np.array([shapely.union(left, shapely.difference(right, below))], dtype=object)


@pytest.mark.parametrize(("width", "stays"), [(0.01, False), (0.9, False), (1.5, True), (40, True)])
def test_a_gap_inside_a_unit_is_drawn_if_it_can_be_seen(width: float, stays: bool) -> None:
    (closed,) = closed_between(apart(width), BOX, ZOOM)
    assert shapely.get_num_interior_rings(closed) == int(stays)


@pytest.mark.parametrize(("width", "stays"), [(0.01, False), (0.9, False), (1.5, True), (40, True)])
def test_so_is_a_hole_of_a_whole_unit(width: float, stays: bool) -> None:
    step = next(i for i, step in enumerate(STEPS) if step.max_zoom >= ZOOM)
    scale = pixel(STEPS[step].max_zoom) / PX
    given = shapely.transform(apart(width), lambda xy: xy * scale)
    (closed,) = without_slits(given, step)
    assert shapely.get_num_interior_rings(closed) == int(stays)


def test_a_gap_that_the_tile_cuts_through_is_closed_to_its_end() -> None:
    (left, right) = in_pixels((0, 0, 256, 512), (256.5, 0, 512, 512))
    (closed,) = closed_between(np.array([shapely.union(left, right)]), BOX, ZOOM)
    assert shapely.equals(closed, shapely.box(*BOX))


def test_a_gap_between_two_units_leaves_one_border() -> None:
    units = in_pixels((0, 0, 256, 512), (256.5, 0, 512, 512))
    left, right = closed_between(units, BOX, ZOOM)
    assert shapely.equals(shapely.union(left, right), shapely.box(*BOX))
    assert shapely.area(shapely.intersection(left, right)) == 0


def test_the_sea_stays_open() -> None:
    units = in_pixels((0, 0, 256, 512))
    (coast,) = closed_between(units, BOX, ZOOM)
    assert shapely.equals(coast, units[0])


def test_parts_keep_their_units() -> None:
    holed = shapely.difference(*in_pixels((0, 0, 100, 100), (50, 20, 50.5, 80)))
    islands = in_pixels((200, 0, 300, 100), (400, 0, 500, 100))
    given = np.array([shapely.multipolygons([holed, islands[0]]), islands[1]], dtype=object)
    first, second = without_slits(given, len(STEPS) - 2)
    assert shapely.equals(first, shapely.multipolygons([*in_pixels((0, 0, 100, 100)), islands[0]]))
    assert shapely.equals(second, islands[1])
