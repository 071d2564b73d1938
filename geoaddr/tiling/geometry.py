"""Polygons and points to the command streams of Mapbox Vector Tiles, a whole layer at a time.

The format: https://github.com/mapbox/vector-tile-spec/tree/master/2.1, section 4.3.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.tiling.grid import Tile

EXTENT = 4096
"""Units along a tile's side."""

BUFFER = 80
"""How far beyond its tile a polygon is drawn, in units, so that no outline shows along the cut."""

_MOVE_ONE, _LINE, _CLOSE = 9, 2, 15
_POLYGON = 3

Ints = NDArray[np.int64]


class Streams(NamedTuple):
    """The command streams of the features that have something to draw: ``feature`` their positions among the
    geometries, ``bytes_of`` the encoded stream of each."""

    feature: Ints
    streams: list[bytes]


class _Rings(NamedTuple):
    """Vertices in tile units, ring by ring and open; of each ring its first vertex's place and its length."""

    xy: Ints
    first: Ints
    length: Ints


def clip_box(tile: Tile) -> tuple[float, float, float, float]:
    """West, north, east, south in world units of a tile with its buffer."""
    west, north, east, south = tile.box
    edge = (east - west) * BUFFER / EXTENT
    return west - edge, north - edge, east + edge, south + edge


def polygon_streams(polygons: NDArray[Any], tile: Tile) -> Streams:
    """The streams of polygons and multipolygons in world units, cut to a tile.

    What is smaller than a unit vanishes, ring by ring. Vertices that neighbours share fall on the same unit.
    """
    cut = shapely.clip_by_rect(polygons, *clip_box(tile))
    parts, feature = shapely.get_parts(cut, return_index=True)
    areal = shapely.get_type_id(parts) == _POLYGON
    parts, feature = parts[areal], feature[areal]
    ring_geometries, part = shapely.get_rings(parts, return_index=True)
    if not len(ring_geometries):
        return Streams(np.empty(0, np.int64), [])
    is_shell = np.concatenate([[True], part[1:] != part[:-1]])
    rings = _without_repeats(_quantised(ring_geometries, tile))
    area = _doubled_areas(rings)
    alive = area != 0
    alive &= alive[is_shell][np.cumsum(is_shell) - 1]  # no hole without its shell
    wrong_way = (area > 0) != is_shell
    rings = _turned(_chosen(rings, alive), wrong_way[alive])
    return _encoded(rings, feature[part[alive]])


def point_streams(points: NDArray[np.float64], tile: Tile) -> Streams:
    """The streams of points in world units; only of those in the tile, so that each is drawn once."""
    xy = _to_units(points, tile)
    inside = ((xy >= 0) & (xy < EXTENT)).all(axis=1)
    commands = np.full((int(inside.sum()), 3), _MOVE_ONE, dtype=np.int64)
    commands[:, 1:] = _zigzag(xy[inside])
    return Streams(np.flatnonzero(inside), _varints(commands.ravel(), np.arange(3, commands.size + 1, 3)))


def _to_units(world: NDArray[np.float64], tile: Tile) -> Ints:
    west, north, east, _ = tile.box
    return np.rint((world - (west, north)) * (EXTENT / (east - west))).astype(np.int64)


def _quantised(ring_geometries: NDArray[Any], tile: Tile) -> _Rings:
    coords, ring = shapely.get_coordinates(ring_geometries, return_index=True)
    is_last = np.concatenate([ring[1:] != ring[:-1], [True]])  # the first vertex once more
    length = np.bincount(ring[~is_last], minlength=len(ring_geometries))
    return _Rings(_to_units(coords[~is_last], tile), _starts(length), length)


def _starts(length: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(length)[:-1]]).astype(np.int64)


def _without_repeats(rings: _Rings) -> _Rings:
    """Each vertex differs from the one before it, the first from the last."""
    last = rings.first + rings.length - 1
    before = np.arange(len(rings.xy)) - 1
    before[rings.first] = last
    keep = (rings.xy != rings.xy[before]).any(axis=1)
    ring = np.repeat(np.arange(len(rings.length)), rings.length)
    length = np.bincount(ring[keep], minlength=len(rings.length))
    return _Rings(rings.xy[keep], _starts(length), length)


def _doubled_areas(rings: _Rings) -> Ints:
    """Twice the area of each ring, positive for one that runs clockwise on the screen."""
    following = np.arange(len(rings.xy)) + 1
    filled = rings.length > 0
    following[(rings.first + rings.length - 1)[filled]] = rings.first[filled]
    x, y = rings.xy.T
    ring = np.repeat(np.arange(len(rings.length)), rings.length)
    # Sums of whole numbers far below 2**53, so exact.
    area = np.bincount(ring, weights=x * y[following] - x[following] * y, minlength=len(rings.length))
    return area.astype(np.int64)


def _chosen(rings: _Rings, wanted: NDArray[np.bool_]) -> _Rings:
    length = rings.length[wanted]
    return _Rings(rings.xy[np.repeat(wanted, rings.length)], _starts(length), length)


def _turned(rings: _Rings, wrong_way: NDArray[np.bool_]) -> _Rings:
    place = np.arange(len(rings.xy))
    first, length = np.repeat(rings.first, rings.length), np.repeat(rings.length, rings.length)
    mirrored = 2 * first + length - 1 - place
    return rings._replace(xy=rings.xy[np.where(np.repeat(wrong_way, rings.length), mirrored, place)])


def _encoded(rings: _Rings, feature: Ints) -> Streams:
    """MoveTo the first vertex, LineTo the others, ClosePath; the cursor runs on from ring to ring of a feature."""
    if not len(rings.length):
        return Streams(np.empty(0, np.int64), [])
    begins = np.concatenate([[True], feature[1:] != feature[:-1]])
    steps = np.diff(rings.xy, axis=0, prepend=0)
    opening = rings.first[begins]
    steps[opening] = rings.xy[opening]
    offset = _starts(2 * rings.length + 3)
    commands = np.empty(int((2 * rings.length + 3).sum()), np.int64)
    place = np.arange(len(rings.xy)) - np.repeat(rings.first, rings.length)
    at = np.repeat(offset, rings.length) + np.where(place == 0, 1, 2 + 2 * place)
    zigzag = _zigzag(steps)
    commands[at], commands[at + 1] = zigzag[:, 0], zigzag[:, 1]
    commands[offset] = _MOVE_ONE
    commands[offset + 3] = ((rings.length - 1) << 3) | _LINE
    ends = offset + 2 * rings.length + 3
    commands[ends - 1] = _CLOSE
    last_of_feature = np.concatenate([begins[1:], [True]])
    return Streams(feature[begins], _varints(commands, ends[last_of_feature]))


def _zigzag(numbers: Ints) -> Ints:
    return (numbers << 1) ^ (numbers >> 63)


def _varints(numbers: Ints, ends: Ints) -> list[bytes]:
    """Numbers as protocol buffer varints, cut after each of ``ends``."""
    size = np.ones(len(numbers), np.int64)
    for bits in (7, 14, 21, 28):
        size += numbers >= 1 << bits
    after = np.cumsum(size)
    out = np.empty(int(after[-1]) if len(after) else 0, np.uint8)
    at = after - size
    for k in range(5):
        long = size > k
        more = np.where(size[long] > k + 1, 128, 0)
        out[at[long] + k] = ((numbers[long] >> (7 * k)) & 127) | more
    body, cuts = out.tobytes(), [0, *after[ends - 1].tolist()]
    return [body[low:high] for low, high in pairwise(cuts)]
