"""The ground of one level, cut for one tile."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.tiling.drawing import STEPS
from geoaddr.tiling.eras import Ground
from geoaddr.tiling.geometry import EXTENT, clip_box
from geoaddr.tiling.grid import Tile
from geoaddr.tiling.slits import closed_between, without_slits

COARSE_M = 40.0
"""From this tolerance on whole units are joined once; below it, only what lies in a tile, each time."""

SPECK_UNITS = 12
"""A part of an archipelago that is smaller, in tile units, is shown as a dot: a pixel and a half."""


class Whole(NamedTuple):
    """All units of a ground at one step, joined: polygons in world units, and their boxes (west, north, east,
    south) in columns."""

    polygons: NDArray[Any]
    boxes: NDArray[np.float64]

    def meeting(self, box: tuple[float, float, float, float]) -> NDArray[np.int64]:
        """The units whose boxes meet one."""
        west, north, east, south = self.boxes
        return np.flatnonzero((west <= box[2]) & (east >= box[0]) & (north <= box[3]) & (south >= box[1]))


class Cut(NamedTuple):
    """Polygons in world units beside the positions of their units."""

    units: NDArray[np.int64]
    polygons: NDArray[Any]


def joined(ground: Ground, step: int, day: dt.date) -> Whole:
    """Every unit of a ground in one piece.

    :param day: the first on which its units are these.
    """
    name = f"{ground.level}-{day}-{step}"
    polygons = ground.drawing.made(name, lambda: _joined_of(ground, step, ground.unit_of_row >= 0))
    polygons = without_slits(polygons, step)
    return Whole(polygons, shapely.bounds(polygons).T)


def mainlands(ground: Ground, step: int, day: dt.date) -> NDArray[Any]:
    """Every unit in one piece, without the archipelagos that lie far off it, where it is more than these."""
    if not ground.joined:
        return _joined_of(ground, step, ground.unit_of_row >= 0)

    def make() -> NDArray[Any]:
        near = _joined_of(ground, step, (ground.unit_of_row >= 0) & ~ground.apart)
        return np.where(shapely.is_empty(near), joined(ground, step, day).polygons, near)

    return ground.drawing.made(f"{ground.level}-{day}-{step}-mainlands", make)


def _joined_of(ground: Ground, step: int, wanted: NDArray[np.bool_]) -> NDArray[Any]:
    rows = np.flatnonzero(wanted)
    return _by_unit(ground.drawing.polygons(step, rows), ground.unit_of_row[rows], len(ground.units))


def is_coarse(step: int) -> bool:
    """Whether whole units are joined at a step."""
    return STEPS[step].tolerance_m >= COARSE_M


def cut(ground: Ground, step: int, tile: Tile) -> Cut:
    """The units in a tile, joined of what lies in it."""
    rows = ground.drawing.rows_in(clip_box(tile))
    rows = rows[ground.unit_of_row[rows] >= 0]
    polygons = ground.drawing.polygons(step, rows)
    of_row = ground.unit_of_row[rows]
    if not ground.joined:
        return Cut(of_row, polygons)
    units, place = np.unique(of_row, return_inverse=True)
    joined_here = _by_unit(shapely.clip_by_rect(polygons, *clip_box(tile)), place, len(units))
    return Cut(units, closed_between(joined_here, clip_box(tile), tile.zoom))


def specks(ground: Ground, step: int, tile: Tile) -> NDArray[np.float64]:
    """The middles, in world units, of the islands of archipelagos that are too small to be seen in a tile."""
    rows = ground.drawing.rows_in(tile.box)
    parts = shapely.get_parts(ground.drawing.polygons(step, rows[ground.apart[rows]]))
    west, north, east, south = shapely.bounds(parts).reshape(-1, 4).T
    small = np.maximum(east - west, south - north) * EXTENT < SPECK_UNITS * 0.5**tile.zoom
    return np.stack([(west + east)[small] / 2, (north + south)[small] / 2], axis=1)


def _by_unit(polygons: NDArray[Any], unit: NDArray[np.int64], units: int) -> NDArray[Any]:
    found = np.full(units, shapely.Polygon(), dtype=object)
    order = np.argsort(unit, kind="stable")
    cuts = np.flatnonzero(np.diff(unit[order])) + 1
    for group in np.split(order, cuts):
        if len(group):
            found[unit[group[0]]] = shapely.union_all(polygons[group])
    return found
