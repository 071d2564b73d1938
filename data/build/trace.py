"""From labels at the points of a net to polygons that share every edge.

A triangle whose corners bear one label lies inside a cell. Where they bear two, a segment parts it between
points on two of its sides; where they bear three, three segments meet in its middle. A point on a side
depends on that side alone, so neighbouring triangles agree, and the polygons neither overlap nor gape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .field import Floats, Ints

DECIMALS = 5
_MARGIN = 0.1
"""A crossing keeps this share of its side away from either end, so that rounding turns no triangle over."""

Crossing = Callable[[Ints, Ints], Floats]


def polygons(lon: Floats, lat: Floats, label: Ints, faces: Ints, crossing: Crossing, count: int) -> NDArray[Any]:
    """The cells of the labels ``0 .. count - 1``; ``None`` for a label that no point bears.

    :param faces: triangles, as rows of points.
    :param crossing: given sides as two columns of points with unlike labels, how far along each side the
        labels meet, from 0 to 1.
    """
    mixed = faces[(label[faces] != label[faces[:, [1, 2, 0]]]).any(axis=1)]
    sides = np.sort(mixed[:, [[0, 1], [1, 2], [2, 0]]], axis=2)
    unlike = label[sides[..., 0]] != label[sides[..., 1]]
    distinct, index = np.unique(sides[unlike], axis=0, return_inverse=True)
    node = np.full(unlike.shape, -1)
    node[unlike] = index.ravel()
    a, b = distinct.T
    share = np.clip(crossing(a, b), _MARGIN, 1 - _MARGIN)
    three = unlike.all(axis=1)
    x = lon[a] + share * (lon[b] - lon[a])
    y = lat[a] + share * (lat[b] - lat[a])
    places = np.column_stack([
        np.concatenate([x, x[node[three]].mean(axis=1)]),
        np.concatenate([y, y[node[three]].mean(axis=1)]),
    ]).round(DECIMALS)  # fmt: skip
    first, second, left, right = _segments(node, three, label[mixed], len(distinct))
    return _assembled(places, first, second, left, right, count)


def _segments(node: Ints, three: NDArray[np.bool_], corners: Ints, count: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Two nodes and the two labels that each segment parts. Side ``k`` joins the corners ``k`` and ``k + 1``."""
    two = ~three
    ends = node[two]
    whole = np.sort(ends, axis=1)[:, 1:]  # the side between equal corners has no node
    odd = corners[two]
    lone = np.where(odd[:, 0] == odd[:, 1], 2, np.where(odd[:, 1] == odd[:, 2], 0, 1))
    row = np.arange(len(odd))
    first, second = [whole[:, 0]], [whole[:, 1]]
    left, right = [odd[row, lone]], [odd[row, (lone + 1) % 3]]
    middle = count + np.arange(three.sum())
    for side in range(3):
        first.append(node[three][:, side])
        second.append(middle)
        left.append(corners[three][:, side])
        right.append(corners[three][:, (side + 1) % 3])
    return np.concatenate(first), np.concatenate(second), np.concatenate(left), np.concatenate(right)


def _assembled(
    places: NDArray[np.float64], first: Ints, second: Ints, left: Ints, right: Ints, count: int
) -> NDArray[Any]:
    owner = np.concatenate([left, right])
    ends = np.tile(np.column_stack([first, second]), (2, 1))
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(count + 1))
    found = np.empty(count, dtype=object)
    for cell in range(count):
        own = ends[order[bounds[cell] : bounds[cell + 1]]]
        if len(own):
            rings = [shapely.linestrings(places[ring]) for ring in _rings(own.tolist())]
            found[cell] = shapely.build_area(shapely.geometrycollections(rings))
    return found


def _rings(segments: list[list[int]]) -> Iterator[list[int]]:
    """Closed rings of nodes: around one cell exactly two segments meet in a node."""
    next_to: dict[int, list[int]] = defaultdict(list)
    for a, b in segments:
        next_to[a].append(b)
        next_to[b].append(a)
    while next_to:
        start = here = min(next_to)
        ring = [start]
        while True:
            there = next_to[here].pop()
            next_to[there].remove(here)
            if not next_to[here]:
                del next_to[here]
            ring.append(there)
            here = there
            if here == start:
                break
        next_to.pop(start, None)
        yield ring
