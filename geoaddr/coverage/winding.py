"""The arrangement of a layer: where polygons overlap, and where they leave holes.

Give each edge a sign by the side on which its polygon lies. Where neighbours share an edge exactly, the
signs cancel: crossing it leaves the number of polygons overhead as it was. So only the edges that do not
cancel (coasts, outer borders, and every disagreement) can bound a region of another depth. They are few;
noded and polygonized they give faces, and one point in each face tells its depth: 0 a gap, 1 as it should
be, 2 or more an overlap. Nothing is sampled and no tolerance is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def faces(lines: NDArray[Any]) -> NDArray[Any]:
    """The bounded faces between edges that do not cancel (:func:`uncancelled`); depth is constant inside each."""
    if not len(lines):
        return np.empty(0, dtype=object)
    # Merging chains of edges first makes noding several hundred times faster; it moves no vertex.
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    noded = shapely.get_parts(shapely.unary_union(merged))
    found: NDArray[Any] = shapely.get_parts(shapely.polygonize(noded))
    return found


def uncancelled(polygons: NDArray[Any]) -> NDArray[Any]:
    """The edges, as two-point lines, whose signs do not sum to zero.

    :param polygons: valid polygons and multipolygons, any orientation.
    """
    _, xy, offsets = shapely.to_ragged_array(polygons, include_z=False)
    starts = offsets[0].astype(np.int64)
    edges, sign = _signed_edges(xy, starts, _is_shell(starts, offsets[1]))
    low, high, forward = _ends(xy, edges)
    key = low * np.int64(len(xy)) + high
    sign = np.where(forward, sign, -sign)
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    net = np.add.reduceat(sign[order], first)
    kept = edges[order[first[net != 0]]]
    lines: NDArray[Any] = shapely.linestrings(np.stack([xy[kept], xy[kept + 1]], axis=1))
    return lines


def _is_shell(starts: NDArray[np.int64], polygon_starts: NDArray[Any]) -> NDArray[np.bool_]:
    shell = np.zeros(len(starts) - 1, dtype=bool)
    shell[polygon_starts[:-1][np.diff(polygon_starts) > 0]] = True
    return shell


def _signed_edges(
    xy: NDArray[np.float64], starts: NDArray[np.int64], shell: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Positions of the edges that have a length (from vertex i to i + 1), each with the sign +1 where the
    polygon lies on its left."""
    sizes = np.diff(starts)
    within = np.ones(len(xy), dtype=bool)
    within[starts[1:] - 1] = False
    within[:-1] &= (xy[1:] != xy[:-1]).any(axis=1)
    x = xy[:, 0] - np.repeat(xy[starts[:-1], 0], sizes)  # near the ring's first vertex, for precision
    y = xy[:, 1] - np.repeat(xy[starts[:-1], 1], sizes)
    cross = np.zeros(len(xy))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[starts[1:] - 1] = 0
    counter_clockwise = np.add.reduceat(cross, starts[:-1]) > 0
    sign = np.where(counter_clockwise == shell, 1, -1).astype(np.int32)
    edges = np.flatnonzero(within)
    return edges, np.repeat(sign, sizes)[edges]


def _ends(
    xy: NDArray[np.float64], edges: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Each edge's two vertices as numbers of distinct points, lower first, and whether it ran that way."""
    points = np.ascontiguousarray(xy + 0.0).view(np.complex128).ravel()  # + 0.0 makes -0.0 equal to 0.0
    number = np.unique(points, return_inverse=True)[1].astype(np.int64)
    a, b = number[edges], number[edges + 1]
    return np.minimum(a, b), np.maximum(a, b), a < b
