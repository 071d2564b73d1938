"""Which places of arcs stay: Douglas and Peucker's rule, taken only where the way is free.

An arc is replaced by the straight line between its ends if no place of it lies farther than the tolerance from
that line, and nothing else lies between (:mod:`geoaddr.coverage.obstacles`); otherwise it is cut at the farthest
place, and each half is looked at. All arcs go through each step together.

The rule: D. Douglas and T. Peucker, "Algorithms for the reduction of the number of points required to represent a
digitized line or its caricature", The Canadian Cartographer 10 (1973).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from geoaddr.boundaries.edges import runs
from geoaddr.coverage.arcs import Arcs
from geoaddr.coverage.obstacles import Obstacles
from geoaddr.coverage.rings import Flags, Floats, Ints

METRES_PER_DEGREE = math.pi / 180 * 6_378_137.0
"""Along the equator and, within half a percent, along a meridian."""

_SMALLEST_CELL_M = 50.0
"""Vertices of a border are some ten metres apart; smaller cells than a few of them find no fewer."""

_COSINE_DECIMALS = 6
"""Enough for lengths to a millionth; rounded, so that no difference of processors moves a vertex."""


class _Stretches(NamedTuple):
    """Parts of arcs, by the positions of their ends, and the east-west shrinkage at each."""

    low: Ints
    high: Ints
    cosine: Floats

    def of(self, chosen: Flags) -> _Stretches:
        return _Stretches(self.low[chosen], self.high[chosen], self.cosine[chosen])

    def cut_at(self, position: Ints) -> _Stretches:
        low, high = np.concatenate([self.low, position]), np.concatenate([position, self.high])
        return _Stretches(low, high, np.tile(self.cosine, 2))


def kept_places(places: Floats, arcs: Arcs, tolerance_m: float) -> Flags:
    """Of each place whether it stays; places that are on no wanted arc do not count.

    Arcs' ends stay. Each wanted arc lies within ``tolerance_m`` metres of what becomes of it.
    """
    kept = np.zeros(len(places), dtype=bool)
    kept[arcs.point[arcs.begin]] = kept[arcs.point[arcs.end]] = True
    todo, must = _begun(places, arcs, kept, tolerance_m)
    obstacles = Obstacles(places, max(4 * tolerance_m, _SMALLEST_CELL_M) / METRES_PER_DEGREE)
    while len(todo.low):
        far_m, cut = _farthest(places, arcs.point, todo)
        split = must | (far_m > tolerance_m)
        straight = np.flatnonzero(~split)
        split[straight] = obstacles.block(arcs.point, todo.low[straight], todo.high[straight])
        kept[arcs.point[cut[split]]] = True
        todo = todo.of(split).cut_at(cut[split])
        todo = todo.of(todo.high - todo.low > 1)
        must = np.zeros(len(todo.low), dtype=bool)
    return kept


def _begun(places: Floats, arcs: Arcs, kept: Flags, tolerance_m: float) -> tuple[_Stretches, Flags]:
    """The wanted arcs with places between their ends, and which of them must be cut.

    An arc that comes back to its beginning is cut at once. Two stretches between the same ends would become the
    same line, and what lies between them nothing; so there each keeps its farthest place.
    """
    point = arcs.point
    whole = _Stretches(arcs.begin, arcs.end, _cosines(places, arcs))
    loop = arcs.wanted & (point[arcs.begin] == point[arcs.end])
    _, cut = _farthest(places, point, whole.of(loop))
    kept[point[cut]] = True
    halves = whole.of(loop).cut_at(cut)
    parts = _Stretches(*(np.concatenate(pair) for pair in zip(whole.of(~loop), halves, strict=True)))
    wanted = np.concatenate([arcs.wanted[~loop], np.ones(len(halves.low), dtype=bool)])
    low, high = np.sort([point[parts.low], point[parts.high]], axis=0)
    _, ends, count = np.unique(low * np.int64(len(places)) + high, return_inverse=True, return_counts=True)
    ends = ends.ravel()
    doubled, inner = count[ends] > 1, parts.high - parts.low > 1
    flat = doubled.copy()
    flat[doubled & inner] = _farthest(places, point, parts.of(doubled & inner))[0] <= tolerance_m
    must = flat & (np.bincount(ends, flat)[ends] > 1)
    return parts.of(wanted & inner), must[wanted & inner]


def _cosines(places: Floats, arcs: Arcs) -> Floats:
    """Of each arc the cosine of the latitude half-way between its lowest place and its highest."""
    latitude = places[arcs.point, 1]
    low, high = np.minimum.reduceat(latitude, arcs.begin), np.maximum.reduceat(latitude, arcs.begin)
    cosine: Floats = np.cos(np.radians((low + high) / 2))
    return cosine.round(_COSINE_DECIMALS)


def _farthest(places: Floats, along: Ints, stretches: _Stretches) -> tuple[Floats, Ints]:
    """For each stretch the largest distance of a place within it from the line between its ends, in metres, and
    that place's position, the first of several."""
    count = stretches.high - stretches.low - 1
    if not len(count):
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    which, step = runs(count)
    position = stretches.low[which] + 1 + step
    scale = np.stack([stretches.cosine, np.ones(len(count))], axis=1) * METRES_PER_DEGREE
    a = places[along[stretches.low]]
    chord = ((places[along[stretches.high]] - a) * scale)[which]
    from_a = (places[along[position]] - a[which]) * scale[which]
    square = (chord * chord).sum(axis=1)
    part = np.divide((from_a * chord).sum(axis=1), square, out=np.zeros_like(square), where=square > 0)
    off = from_a - np.clip(part, 0, 1)[:, None] * chord
    distance = np.sqrt((off * off).sum(axis=1))
    begins = np.cumsum(count) - count
    most = np.maximum.reduceat(distance, begins)
    first = np.flatnonzero(distance == most[which])
    first = first[np.unique(which[first], return_index=True)[1]]
    return most, position[first]
