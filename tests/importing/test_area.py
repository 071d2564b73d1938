"""Areas are judged by pyproj's geodesic areas."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from geoaddr.importing.area import areas_m2, mean_widths_m

pyproj = pytest.importorskip("pyproj")

SMALL = [
    "POLYGON((105 21,105.01 21,105.01 21.01,105 21.01,105 21))",
    "POLYGON((104.5 8.6,104.52 8.61,104.51 8.63,104.49 8.62,104.5 8.6))",
    "POLYGON((111.6 16.5,111.62 16.5,111.62 16.52,111.6 16.52,111.6 16.5),"
    "(111.605 16.505,111.61 16.505,111.61 16.51,111.605 16.505))",
    "MULTIPOLYGON(((105 23.3,105.02 23.31,105.01 23.32,105 23.3)),((106 23,106.01 23,106.01 23.01,106 23)))",
]


@pytest.mark.parametrize("text", SMALL)
def test_as_geodesic_areas_of_edges_cut_short(text: str) -> None:
    """A geodesic between near points follows the straight line in degrees."""
    cut = shapely.segmentize(shapely.from_wkt(text), 1e-4)
    ellipsoid = pyproj.Geod(ellps="WGS84")
    oriented = [shapely.geometry.polygon.orient(part) for part in shapely.get_parts(cut)]
    expected = sum(ellipsoid.geometry_area_perimeter(part)[0] for part in oriented)
    assert areas_m2(np.array([shapely.from_wkt(text)]))[0] == pytest.approx(expected, rel=1e-7)


def test_cutting_an_edge_changes_nothing() -> None:
    triangle = shapely.from_wkt("POLYGON((105 20,106 20.5,105.2 21,105 20))")
    whole, cut = areas_m2(np.array([triangle, shapely.segmentize(triangle, 0.01)]))
    assert whole == pytest.approx(cut, rel=1e-9)


def test_one_row_does_not_disturb_another() -> None:
    shapes = [shapely.from_wkt(text) for text in SMALL]
    together = areas_m2(np.array([None, *shapes, shapely.from_wkt("POLYGON EMPTY")], dtype=object))
    alone = [areas_m2(np.array([shape]))[0] for shape in shapes]
    assert together[1:].tolist() == [*alone, 0.0]


def test_the_whole_globe() -> None:
    """The surface of the ellipsoid, 510,065,622 km2 (Moritz, Geodetic Reference System 1980, to the km2)."""
    globe = np.array([shapely.box(-180, -90, 180, 90)])
    assert areas_m2(globe)[0] / 1e6 == pytest.approx(510_065_622, rel=1e-8)


def test_no_geometry_has_no_area() -> None:
    assert math.isnan(areas_m2(np.array([None], dtype=object))[0])


def test_the_width_of_a_strip() -> None:
    """A strip of 1 km by 1.5 m, on the equator's metre of a degree."""
    metre = 1 / 111_319.49
    strip = np.array([shapely.box(105, 16, 105 + 1000 * metre / math.cos(math.radians(16)), 16 + 1.5 * metre)])
    assert mean_widths_m(strip, areas_m2(strip))[0] == pytest.approx(1.5, rel=0.02)
