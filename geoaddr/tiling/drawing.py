"""The outlines of one layer of boundaries for each zoom, made when first needed and kept on disk.

Each step of :data:`STEPS` is the step before it simplified further, so that neighbours keep fitting
(:mod:`geoaddr.coverage`) and the whole layer is gone through once. No border moves by more than a pixel.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex
from geoaddr.coverage import simplify
from geoaddr.outlines import outlines
from geoaddr.tiling.grid import to_world
from geoaddr.tiling.kept import KeptOutlines


class Step(NamedTuple):
    """The zooms up to ``max_zoom``, drawn with borders that moved by up to ``tolerance_m``; 0: as they are."""

    max_zoom: int
    tolerance_m: float


STEPS = (Step(6, 640.0), Step(8, 160.0), Step(10, 40.0), Step(12, 10.0), Step(16, 0.0))
"""A pixel is 1.2 km at zoom 6, 290 m at 8, 73 m at 10, 18 m at 12."""

FULL = len(STEPS) - 1

ROWS_AT_ONCE = 100
"""Rows simplified together: a province or so. What becomes of a row does not depend on the others."""

KEPT_POLYGONS = 512
"""Full polygons at hand; a commune has 2,000 vertices in the mean, and some have 50,000."""

SMALL = 500_000
"""Vertices of a layer that is drawn in a moment, and therefore not kept on disk."""


def step_of(zoom: int) -> int:
    """The step whose outlines a zoom shows."""
    return next(i for i, step in enumerate(STEPS) if zoom <= step.max_zoom)


class Drawing:
    """The polygons of one layer at every step. Safe to share between threads.

    :param kept: where outlines are kept between processes.
    """

    def __init__(self, index: BoundaryIndex, kept: KeptOutlines) -> None:
        self._index, self._kept = index, kept
        bounds = index.all_bounds()
        corners = to_world(np.concatenate([bounds[:, :2], bounds[:, 2:]]))
        west, south, east, north = np.hstack([corners[: len(bounds)], corners[len(bounds) :]]).T
        self._boxes = np.stack([west, north, east, south])
        self._degrees: dict[int, NDArray[Any]] = {}
        self._world: dict[int, NDArray[Any]] = {}
        self._full: OrderedDict[int, Any] = OrderedDict()
        self._making = threading.RLock()

    @property
    def folder(self) -> Path:
        """Where outlines are kept."""
        return self._kept.folder

    def rows_in(self, box: tuple[float, float, float, float]) -> NDArray[np.int64]:
        """The rows whose boxes meet one of west, north, east, south in world units."""
        west, north, east, south = self._boxes
        return np.flatnonzero((west <= box[2]) & (east >= box[0]) & (north <= box[3]) & (south >= box[1]))

    def polygons(self, step: int, rows: NDArray[np.int64]) -> NDArray[Any]:
        """The polygons of rows at a step, in world units."""
        if step == FULL:
            found = np.empty(len(rows), dtype=object)
            found[:] = [self._polygon(row) for row in rows.tolist()]
            return found
        world = self._world.get(step)
        if world is None:
            with self._making:
                if step not in self._world:
                    self._world[step] = _projected(self.degrees(step))
                world = self._world[step]
        chosen: NDArray[Any] = world[rows]
        return chosen

    def degrees(self, step: int) -> NDArray[Any]:
        """All polygons at a step, in degrees."""
        with self._making:
            if step not in self._degrees:
                self._degrees[step] = self.made(str(step), lambda: self._drawn(step))
            return self._degrees[step]

    def made(self, name: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Polygons that are kept under a name, or made and kept there."""
        found = self._kept.read(name)
        if found is None:
            found = make()
            if not self._is_small():
                self._kept.write(name, found)
        return found

    def ready(self) -> bool:
        """Whether every step can be had in a moment."""
        return self._is_small() or all(step in self._degrees or self._kept.has(str(step)) for step in range(FULL))

    def draw(self, tell: Callable[[int], None] = lambda _: None) -> None:
        """Make every step that is not kept; of several processes one does, and the others wait.

        :param tell: told of each step before it begins.
        """
        with self._kept.alone():
            for step in reversed(range(FULL)):
                if step not in self._degrees and not self._kept.has(str(step)):
                    tell(step)
                self.degrees(step)

    def _drawn(self, step: int) -> NDArray[Any]:
        tolerance_m = STEPS[step].tolerance_m
        if step + 1 < FULL:
            finer = self.degrees(step + 1)
            return simplify(finer, np.arange(len(finer)), tolerance_m)
        rows = np.arange(len(self._index))
        groups = [rows[low : low + ROWS_AT_ONCE] for low in range(0, len(rows), ROWS_AT_ONCE)]
        return np.concatenate([outlines(self._index, group.tolist(), tolerance_m).polygons for group in groups])

    def _is_small(self) -> bool:
        return self._index.vertices <= SMALL

    def _polygon(self, row: int) -> Any:
        found = self._full.get(row)
        if found is None:
            found = _projected(np.array([self._index.polygon(row)], dtype=object))[0]
            with self._making:
                self._full[row] = found
                while len(self._full) > KEPT_POLYGONS:
                    self._full.popitem(last=False)
        return found


def _projected(polygons: NDArray[Any]) -> NDArray[Any]:
    projected: NDArray[Any] = shapely.transform(polygons, to_world)
    return projected
