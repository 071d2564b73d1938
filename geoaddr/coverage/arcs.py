"""The arcs of a layer: stretches of border between the places where the units on it change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geoaddr.boundaries.edges import runs
from geoaddr.coverage.rings import Flags, Ints, Rings


class Arcs(NamedTuple):
    """``point`` the places along each arc, both ends included, arc after arc; ``begin`` and ``end`` the
    positions of each arc's ends in it. ``wanted`` whether a wanted unit has the arc."""

    point: Ints
    begin: Ints
    end: Ints
    wanted: Flags


class Border(NamedTuple):
    """The edge from each vertex to the next in its ring: the smallest unit that has the edge, and whether a wanted
    unit has it; ``node`` of each place whether arcs end there."""

    first_owner: Ints
    wanted: Flags
    node: Flags


def border_of(rings: Rings, wanted: Flags) -> Border:
    """Who has which edge, and where borders meet: where not two edges come together, or two of different units."""
    unit, following = rings.unit_of_vertices(), rings.following()
    a, b = rings.point, rings.point[following]
    low, high = np.minimum(a, b), np.maximum(a, b)
    _, edge = np.unique(low * np.int64(len(rings.places)) + high, return_inverse=True)
    edge = edge.ravel()
    order = np.lexsort((unit, edge))
    begins = np.flatnonzero(np.diff(edge[order], prepend=-1))
    owners = unit[order]
    least, most = np.minimum.reduceat(owners, begins), np.maximum.reduceat(owners, begins)
    total, count = np.add.reduceat(owners, begins), np.diff(np.append(begins, len(owners)))
    has_wanted = np.logical_or.reduceat(wanted[owners], begins)
    ends = (low[order[begins]], high[order[begins]])
    node = np.bincount(np.concatenate(ends), minlength=len(rings.places)) != 2
    for number in (
        least,
        most,
        total,
        count,
    ):  # which units have an edge, told by numbers that sets have of their own
        low_seen, high_seen = np.full(len(node), np.iinfo(np.int64).max), np.full(len(node), -1)
        for end in ends:
            np.minimum.at(low_seen, end, number)
            np.maximum.at(high_seen, end, number)
        node |= low_seen != high_seen
    return Border(least[edge], has_wanted[edge], node)


def arcs_of(rings: Rings, border: Border, fixed: Flags) -> Arcs:
    """Every arc once, as the ring of the smallest of its units runs. Places that are ``fixed`` end arcs too; a
    ring without any such place is one arc from its first vertex round to it."""
    unit = rings.unit_of_vertices()
    stops = (border.node | fixed)[rings.point]
    without = np.add.reduceat(stops, rings.ring_offsets[:-1]) == 0
    stops[rings.ring_offsets[:-1][without]] = True
    start = np.flatnonzero(stops)
    ring = np.searchsorted(rings.ring_offsets, start, side="right") - 1
    # the arc runs to the next stop of the ring, from the last one round to the first
    after = np.append(start[1:], -1)
    last = np.append(ring[1:] != ring[:-1], True)
    first_of_ring = start[np.searchsorted(ring, ring)]
    size = np.diff(rings.ring_offsets)[ring]
    length = np.where(last, first_of_ring + size - start, after - start)
    mine = border.first_owner[start] == unit[start]
    start, ring, length = start[mine], ring[mine], length[mine]
    which, step = runs(length + 1)
    begin_of_ring = rings.ring_offsets[ring][which]
    position = begin_of_ring + (start[which] - begin_of_ring + step) % np.diff(rings.ring_offsets)[ring][which]
    begin = np.cumsum(length + 1) - (length + 1)
    return Arcs(rings.point[position], begin, begin + length, border.wanted[start])
