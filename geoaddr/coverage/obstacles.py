"""Whether a shortcut may be taken: whether the ground between it and the border it replaces holds any vertex.

A shortcut joins two places of an arc by a straight edge. If of all places of the layer none lies between it and
the stretch that it replaces, but that stretch's own, then no two shortcuts cross. For one that crossed another
would enter the other's ground and, finding no end there, leave it through one of its edges; that edge in turn
would enter the first one's ground, and could leave it neither through the shortcut, which it crossed already, nor
through the border, which borders do not cross. (de Berg, van Kreveld and Schirra, "Topologically correct
subdivision simplification using the bandwidth criterion", Cartography and GIS 25, 1998, for the idea.)

The test reads the original places only, not what became of other arcs: an arc is simplified alike in whatever
company.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from geoaddr.boundaries.edges import runs
from geoaddr.boundaries.sections import ORIENTATION_ERROR, UNDERFLOW
from geoaddr.coverage.rings import Flags, Floats, Ints

_TOGETHER = 2_000_000
"""Pairs looked at together: bounds the memory."""


class Obstacles:
    """The places of a layer, sorted into cells.

    :param places: (n, 2) in degrees.
    :param cell: the cells' width in degrees; about that of a shortcut serves best.
    """

    def __init__(self, places: Floats, cell: float) -> None:
        self._places, self._cell = places, cell
        self._origin = places.min(axis=0)
        columns, rows = self._cells(places).T
        self._columns = int(columns.max()) + 1
        key = rows * self._columns + columns
        self._order = np.argsort(key, kind="stable")
        self._keys = key[self._order]

    def block(self, along: Ints, low: Ints, high: Ints) -> Flags:
        """Whether each shortcut, from position ``low`` to ``high`` of the places ``along`` arcs, is blocked.

        On the line counts as between, and so does what arithmetic cannot tell from it.
        """
        blocked = np.zeros(len(low), dtype=bool)
        sizes = high - low + 1
        for first, last in _batches(sizes):
            blocked[first:last] = self._block(along, low[first:last], high[first:last])
        return blocked

    def _block(self, along: Ints, low: Ints, high: Ints) -> Flags:
        blocked = np.zeros(len(low), dtype=bool)
        which, step = runs(high - low + 1)
        begins = np.cumsum(high - low + 1) - (high - low + 1)
        position = low[which] + step
        xy = self._places[along[position]]
        least, most = np.minimum.reduceat(xy, begins), np.maximum.reduceat(xy, begins)
        a, b = self._places[along[low]], self._places[along[high]]
        offset = _offsets(a[which], b[which], xy)
        least_offset, most_offset = np.minimum.reduceat(offset, begins), np.maximum.reduceat(offset, begins)
        slack = 1e-12 * np.abs(b - a).sum(axis=1)
        for first, last in _batches(self._count(least, most)):
            part = slice(first, last)
            shortcut, place = self._within(least[part], most[part])
            shortcut += first
            off = _offsets(a[shortcut], b[shortcut], self._places[place])
            near = (off >= (least_offset - slack)[shortcut]) & (off <= (most_offset + slack)[shortcut])
            shortcut, place = shortcut[near], place[near]
            own = _are_own(along, low, high, shortcut, place)
            shortcut, place = shortcut[~own], place[~own]
            for begin, end in _batches((high - low + 1)[shortcut]):
                pairs = slice(begin, end)
                held = self._holds(along, low[shortcut[pairs]], high[shortcut[pairs]], place[pairs])
                blocked[shortcut[pairs][held]] = True
        return blocked

    def _cells(self, xy: Floats) -> Ints:
        cells: Ints = np.floor((xy - self._origin) / self._cell).astype(np.int64)
        return cells

    def _stretches(self, least: Floats, most: Floats) -> tuple[Ints, Ints, Ints]:
        """For each row of cells of each box: the box, and begin and end of its places in the order by cell."""
        low, high = self._cells(least), self._cells(most)
        box, step = runs(high[:, 1] - low[:, 1] + 1)
        row = (low[box, 1] + step) * self._columns
        begin = np.searchsorted(self._keys, row + low[box, 0], side="left")
        end = np.searchsorted(self._keys, row + high[box, 0], side="right")
        return box, begin, end

    def _count(self, least: Floats, most: Floats) -> Ints:
        box, begin, end = self._stretches(least, most)
        counts: Ints = np.bincount(box, end - begin, minlength=len(least)).astype(np.int64)
        return counts

    def _within(self, least: Floats, most: Floats) -> tuple[Ints, Ints]:
        """Every pair of a box and a place in it."""
        box, begin, end = self._stretches(least, most)
        stretch, step = runs(end - begin)
        place = self._order[begin[stretch] + step]
        box = box[stretch]
        xy = self._places[place]
        inside = ((xy >= least[box]) & (xy <= most[box])).all(axis=1)
        return box[inside], place[inside]

    def _holds(self, along: Ints, low: Ints, high: Ints, place: Ints) -> Flags:
        """Whether each place lies between the stretch from ``low`` to ``high`` and its shortcut, by the number of
        their edges to its right: odd between them."""
        count = high - low + 1  # the stretch's edges, and the shortcut
        pair, step = runs(count)
        begins = np.cumsum(count) - count
        start = self._places[along[low[pair] + step]]
        following = np.where(step + 1 < count[pair], low[pair] + step + 1, low[pair])
        end = self._places[along[following]]
        p = self._places[place][pair]
        left = (start[:, 0] - p[:, 0]) * (end[:, 1] - p[:, 1])
        right = (start[:, 1] - p[:, 1]) * (end[:, 0] - p[:, 0])
        side = left - right
        unsure = np.abs(side) <= ORIENTATION_ERROR * (np.abs(left) + np.abs(right)) + UNDERFLOW
        unsure &= ((p >= np.minimum(start, end)) & (p <= np.maximum(start, end))).all(axis=1)
        up, above = start[:, 1] > p[:, 1], end[:, 1] > p[:, 1]
        crossed = (up != above) & ((side > 0) == above)
        odd = np.add.reduceat(crossed, begins, dtype=np.int64) % 2 == 1
        found: Flags = odd | np.logical_or.reduceat(unsure, begins)
        return found


def _offsets(a: Floats, b: Floats, xy: Floats) -> Floats:
    """How far places lie to the left of the lines from ``a`` to ``b``, times the lines' lengths."""
    found: Floats = (b[:, 0] - a[:, 0]) * (xy[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (xy[:, 0] - a[:, 0])
    return found


def _are_own(along: Ints, low: Ints, high: Ints, shortcut: Ints, place: Ints) -> Flags:
    """Whether each place is one of its shortcut's own stretch."""
    count = int(along.max()) + 1
    chosen = np.unique(shortcut)
    which, step = runs((high - low + 1)[chosen])
    own = np.unique(chosen[which] * np.int64(count) + along[low[chosen][which] + step])
    asked = shortcut * np.int64(count) + place
    at = np.minimum(np.searchsorted(own, asked), max(len(own) - 1, 0))
    found: Flags = (own[at] == asked) if len(own) else np.zeros(len(asked), dtype=bool)
    return found


def _batches(sizes: Ints) -> list[tuple[int, int]]:
    """Runs of rows whose sizes sum to about ``_TOGETHER``; a larger row stands alone."""
    ends = np.cumsum(sizes)
    cuts = [0]
    while cuts[-1] < len(sizes):
        done = int(ends[cuts[-1] - 1]) if cuts[-1] else 0
        reach = int(np.searchsorted(ends, done + _TOGETHER, side="right"))
        cuts.append(max(reach, cuts[-1] + 1))
    return list(pairwise(cuts))
