"""Overlaps and gaps of layers whose answer is plain to see."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geoaddr.importing.area import areas_m2
from geoaddr.importing.topology import Topology, examine
from tests.importing.layers import SQUARES, box


def layer(*shapes: shapely.Geometry) -> NDArray[np.object_]:
    return np.array(shapes, dtype=object)


def ground(shape: shapely.Geometry) -> float:
    return float(areas_m2(np.array([shape]))[0])


def found(topology: Topology) -> list[tuple[tuple[int, ...], float]]:
    return [(piece.rows, piece.area_m2) for piece in topology.pieces]


def test_a_clean_layer_has_none() -> None:
    topology = examine(layer(*SQUARES))
    assert (topology.pieces, topology.gaps, topology.thin_parts, topology.pairs()) == ([], [], [], {})


def test_orientation_of_rings_does_not_matter() -> None:
    assert examine(layer(SQUARES[0].reverse(), *SQUARES[1:])).pieces == []


def test_two_squares_share_a_strip() -> None:
    topology = examine(layer(box(105, 20, 106, 21), box(105.9, 20, 107, 21)))
    shared = ground(box(105.9, 20, 106, 21))
    assert found(topology) == [((0, 1), pytest.approx(shared, rel=1e-9))]
    assert topology.pairs() == {(0, 1): pytest.approx(shared, rel=1e-9)}
    piece = topology.pieces[0]
    assert 105.9 < piece.lon < 106
    assert 20 < piece.lat < 21


def test_ground_in_three_units_is_one_piece_and_three_pairs() -> None:
    three = layer(box(105, 20, 107, 21), box(106, 20, 108, 21), box(106, 20, 107, 23))
    topology = examine(three)
    middle = ground(box(106, 20, 107, 21))
    assert found(topology) == [((0, 1, 2), pytest.approx(middle, rel=1e-9))]
    assert topology.pairs() == {pair: pytest.approx(middle, rel=1e-9) for pair in ((0, 1), (0, 2), (1, 2))}


def test_a_unit_inside_another() -> None:
    topology = examine(layer(box(105, 20, 107, 22), box(105.5, 20.5, 106, 21)))
    assert found(topology) == [((0, 1), pytest.approx(ground(box(105.5, 20.5, 106, 21)), rel=1e-9))]


def test_one_layer_over_another_is_told_unit_by_unit() -> None:
    """The edges between the lower squares cancel, and the upper square still overlaps each of them."""
    topology = examine(layer(*SQUARES, box(108.0, 16.0, 108.2, 16.2)))
    assert topology.pairs() == {(n, 4): pytest.approx(ground(SQUARES[n]), rel=1e-9) for n in range(4)}


def test_two_copies_overlap_wholly() -> None:
    assert found(examine(layer(SQUARES[0], SQUARES[0]))) == [((0, 1), pytest.approx(ground(SQUARES[0]), rel=1e-9))]


def test_a_hole_between_units_is_a_gap_with_its_neighbours() -> None:
    frame = box(105, 20, 108, 23).difference(box(106, 21, 107, 22))
    west, east = frame.intersection(box(105, 20, 106.5, 23)), frame.intersection(box(106.5, 20, 108, 23))
    topology = examine(layer(west, east))
    assert topology.pieces == []
    (gap,) = topology.gaps
    assert (gap.rows, gap.sliver) == ((0, 1), False)
    assert gap.area_m2 == pytest.approx(ground(box(106, 21, 107, 22)), rel=1e-9)


def test_an_enclave_fills_its_hole() -> None:
    enclave = box(106, 21, 107, 22)
    assert examine(layer(box(105, 20, 108, 23).difference(enclave), enclave)).gaps == []


def test_the_sea_between_islands_is_no_gap() -> None:
    assert examine(layer(box(105, 20, 106, 21), box(107, 20, 108, 21))).gaps == []


def test_borders_with_other_vertices_on_the_same_line_leave_nothing() -> None:
    left = shapely.from_wkt("POLYGON((105 20,106 20,106 20.5,106 21,105 21,105 20))")
    right = shapely.from_wkt("POLYGON((106 20,107 20,107 21,106 21,106 20))")
    topology = examine(layer(left, right))
    assert (topology.pieces, topology.gaps) == ([], [])


def test_a_thin_disagreement_is_a_sliver() -> None:
    """One micro-degree (11 cm) along a tenth of a degree."""
    left, right = box(105, 20, 106, 20.1), box(105.999999, 20, 107, 20.1)
    (piece,) = examine(layer(left, right)).pieces
    assert piece.sliver
    assert piece.area_m2 == pytest.approx(ground(box(105.999999, 20, 106, 20.1)), rel=1e-6)


def test_a_thin_part_of_a_unit_is_listed() -> None:
    unit = shapely.multipolygons([box(105, 20, 105.5, 20.5), box(106, 20, 106.000001, 20.1)])
    (part,) = examine(layer(unit)).thin_parts
    assert (part.rows, part.sliver) == ((0,), True)
