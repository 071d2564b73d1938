"""Polygons as rings of numbered points: the same place has the same number in every ring that passes it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Rings(NamedTuple):
    """The rings of some polygons, each without the repeated vertex at its end.

    ``places`` (n, 2) the distinct places in degrees; ``point`` the place of each vertex, ring by ring;
    ``ring_offsets``, ``part_offsets``, ``unit_offsets`` as in :mod:`geoaddr.boundaries.sections`.
    """

    places: Floats
    point: Ints
    ring_offsets: Ints
    part_offsets: Ints
    unit_offsets: Ints
    multipart: Flags

    def unit_of_vertices(self) -> Ints:
        """Of each vertex the number of its polygon."""
        ends = self.ring_offsets[self.part_offsets[self.unit_offsets]]
        return np.repeat(np.arange(len(ends) - 1), np.diff(ends))

    def following(self) -> Ints:
        """Of each vertex the position of the next in its ring, the first coming after the last."""
        following = np.arange(1, len(self.point) + 1)
        following[self.ring_offsets[1:] - 1] = self.ring_offsets[:-1]
        return following


def take_apart(polygons: NDArray[Any]) -> Rings:
    """The rings of valid, non-empty polygons and multipolygons, without vertices that repeat the one before."""
    kind, xy, offsets = shapely.to_ragged_array(polygons, include_z=False)
    if kind == shapely.GeometryType.POLYGON:
        offsets = (*offsets, np.arange(len(polygons) + 1))
    rings, parts, units = (o.astype(np.int64) for o in offsets)
    keys = np.ascontiguousarray(xy + 0.0).view(np.complex128).ravel()  # + 0.0 makes -0.0 equal to 0.0
    distinct, number = np.unique(keys, return_inverse=True)
    number = number.astype(np.int64).ravel()
    kept = np.ones(len(xy), dtype=bool)
    kept[:-1] = number[1:] != number[:-1]
    kept[rings[1:] - 1] = False  # the last vertex repeats the first
    starts = np.concatenate([[0], np.cumsum(kept)])[rings]
    multipart = shapely.get_type_id(polygons) == shapely.GeometryType.MULTIPOLYGON
    places = np.stack([distinct.real, distinct.imag], axis=1)
    return Rings(places, number[kept], starts, parts, units, multipart)


def put_together(rings: Rings, kept: Flags, wanted: Ints) -> NDArray[Any]:
    """The polygons ``wanted`` with those of their vertices whose places are ``kept``."""
    counts = np.concatenate([[0], np.cumsum(kept[rings.point])])
    offsets = counts[rings.ring_offsets]
    left = rings.places[rings.point[kept[rings.point]]]
    out = np.empty(len(wanted), dtype=object)
    for n, unit in enumerate(wanted.tolist()):
        parts = rings.part_offsets[rings.unit_offsets[unit] : rings.unit_offsets[unit + 1] + 1]
        own = offsets[parts[0] : parts[-1] + 1]
        out[n] = _polygon(left[own[0] : own[-1]], own - own[0], parts - parts[0], bool(rings.multipart[unit]))
    return out


def _polygon(xy: Floats, rings: Ints, parts: Ints, multipart: bool) -> Any:
    first = np.arange(len(rings) - 1)
    closed = np.insert(xy, rings[1:], xy[rings[:-1]], axis=0)
    offsets = (rings + np.append(first, len(first)), parts)
    if not multipart:
        return shapely.from_ragged_array(shapely.GeometryType.POLYGON, closed, offsets)[0]
    whole = np.array([0, len(parts) - 1])
    return shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, closed, (*offsets, whole))[0]
