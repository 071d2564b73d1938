"""Tiles of a pack: what is shown at which zoom, cut, encoded and kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from geoaddr.gazetteer import Gazetteer
from geoaddr.locating import Locator, Sheet
from geoaddr.model import Accuracy, Level, PackInfo
from geoaddr.store import Located
from geoaddr.tiling.cutting import Whole, cut, is_coarse, joined, mainlands, specks
from geoaddr.tiling.drawing import FULL, STEPS, Drawing, step_of
from geoaddr.tiling.eras import Eras, Ground
from geoaddr.tiling.geometry import clip_box, point_streams, polygon_streams
from geoaddr.tiling.grid import Tile, to_world
from geoaddr.tiling.kept import KeptOutlines
from geoaddr.tiling.labels import Labels, archipelagos, labels_of, properties_of
from geoaddr.tiling.mvt import Layer, encode

FIRST_ZOOM: dict[Level, int] = {"province": 0, "district": 7, "commune": 8}
"""The zoom from which a level has its outlines."""

FIRST_LABEL: dict[Level, int] = {"province": 4, "district": 8, "commune": 9}
"""The zoom from which a level has its names; special zones have theirs from :data:`FIRST_ISLAND_LABEL`."""

FIRST_ISLAND_LABEL = 6
LAST_SPECK = 11
FIRST_ADDRESS = 15

LABEL_STEP = 1
"""The outlines in whose middle names stand."""

MOST_KEPT = 48
"""Grounds, joined units and labels of different days at hand."""

T = TypeVar("T")


class Shown(NamedTuple):
    """How a level is shown on a day; ``basis`` is ``None`` where there is nothing to show."""

    level: Level
    units: int
    basis: str | None
    accuracy: Accuracy | None


class Tiles:
    """Answers tiles. Safe to share between threads.

    :param folder: where outlines of large layers are kept; by default the user's cache folder.
    """

    def __init__(self, gazetteer: Gazetteer, locator: Locator, folder: Path | None = None) -> None:
        self._gazetteer, self._locator, self._folder = gazetteer, locator, folder
        self.eras = Eras(gazetteer, locator, self._drawing)
        self._drawings: dict[str, Drawing] = {}
        self._known: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._making = threading.RLock()

    @property
    def info(self) -> PackInfo:
        """The pack that is drawn."""
        return self._locator.info

    @property
    def folders(self) -> list[Path]:
        """Where the outlines that were asked for are kept."""
        return [drawing.folder for drawing in self._drawings.values()]

    def ready(self, as_of: dt.date) -> bool:
        """Whether tiles of a day come in a moment, since its outlines need not be drawn first."""
        grounds = filter(None, (self._ground(level, self.eras.first_day(as_of)) for level in FIRST_ZOOM))
        return all(ground.drawing.ready() for ground in grounds)

    def draw(self, as_of: dt.date, tell: Callable[[Level, float], None] = lambda *_: None) -> None:
        """Make all that is kept of a day.

        :param tell: told of each level and tolerance in metres before its outlines are made.
        """
        day = self.eras.first_day(as_of)
        for level in FIRST_ZOOM:
            ground = self._ground(level, day)
            if ground is None:
                continue
            ground.drawing.draw(partial(_tell_tolerance, tell, level))
            self._labels_of(ground, day)
            for step in filter(is_coarse, range(FULL)) if ground.joined else ():
                self._whole(ground, step, day)

    def shown(self, as_of: dt.date) -> list[Shown]:
        """What there is to see on a day."""
        day = self.eras.first_day(as_of)
        return [self._shown(level, self._ground(level, day)) for level in FIRST_ZOOM]

    @staticmethod
    def _shown(level: Level, ground: Ground | None) -> Shown:
        if ground is None:
            return Shown(level, 0, None, None)
        return Shown(level, len(ground.units), ground.basis, ground.accuracy)

    def tile(self, tile: Tile, as_of: dt.date, addresses: Sequence[Located] | None = None) -> bytes:
        """A tile as its protocol buffer; the same bytes for every day on which no unit changed.

        Layers ``provinces``, ``districts``, ``communes`` (polygons), ``labels``, ``islands`` and ``addresses``
        (points), each where it has something in the tile at its zoom.

        :param addresses: those to show.
        """
        day, step = self.eras.first_day(as_of), step_of(tile.zoom)
        layers = []
        for level, first in FIRST_ZOOM.items():
            ground = self._ground(level, day) if tile.zoom >= first else None
            if ground is not None:
                layers.append(self._outlines(ground, step, tile, day))
        layers.append(self._labels(tile, day))
        layers.append(self._islands(step, tile, day))
        if addresses:
            points = to_world(np.array([(each.lon, each.lat) for each in addresses]))
            said = [{"ndas": each.ndas} for each in addresses]
            layers.append(Layer("addresses", "point", point_streams(points, tile), said))
        return encode(layers)

    def _outlines(self, ground: Ground, step: int, tile: Tile, day: dt.date) -> Layer:
        if ground.joined and is_coarse(step):
            whole = self._whole(ground, step, day)
            units = whole.meeting(clip_box(tile))
            polygons = whole.polygons[units]
        else:
            units, polygons = cut(ground, step, tile)
        properties = [properties_of(ground.units[unit], ground) for unit in units.tolist()]
        return Layer(ground.level + "s", "polygon", polygon_streams(polygons, tile), properties)

    def _labels(self, tile: Tile, day: dt.date) -> Layer:
        west, north, east, south = tile.box
        points, properties = [], []
        for labels in self._labels_at(tile.zoom, day):
            x, y = labels.points.T
            here = labels.chosen((west <= x) & (x <= east) & (north <= y) & (y <= south))
            points.append(here.points)
            properties += here.properties
        return Layer("labels", "point", point_streams(np.concatenate(points), tile), properties)

    def _labels_at(self, zoom: int, day: dt.date) -> Iterator[Labels]:
        for level, first in FIRST_LABEL.items():
            ground = self._ground(level, day) if zoom >= min(first, FIRST_ISLAND_LABEL) else None
            if ground is not None:
                labels = self._labels_of(ground, day)
                yield labels if zoom >= first else labels.chosen(labels.special)
        yield self._remembered(("archipelagos", day), lambda: archipelagos(self._gazetteer, day))

    def _islands(self, step: int, tile: Tile, day: dt.date) -> Layer:
        ground = self._ground("province", day) if tile.zoom <= LAST_SPECK else None
        points = np.empty((0, 2)) if ground is None else specks(ground, step, tile)
        return Layer("islands", "point", point_streams(points, tile), [{} for _ in points])

    def _whole(self, ground: Ground, step: int, day: dt.date) -> Whole:
        return self._remembered(("whole", ground.level, step, day), lambda: joined(ground, step, day))

    def _labels_of(self, ground: Ground, day: dt.date) -> Labels:
        key = ("labels", ground.level, day)
        return self._remembered(key, lambda: labels_of(ground, mainlands(ground, LABEL_STEP, day)))

    def _ground(self, level: Level, day: dt.date) -> Ground | None:
        return self._remembered(("ground", level, day), lambda: self.eras.ground(level, day))

    def _drawing(self, sheet: Sheet) -> Drawing:
        layer = sheet.info
        name = f"{self.info.name} {self.info.version} {layer.own_prefix}"
        with self._making:
            if name not in self._drawings:
                self._drawings[name] = Drawing(sheet.index, KeptOutlines(name, self._folder))
            return self._drawings[name]

    def _remembered(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What was made before under a key, or is made now, by one thread."""
        with self._making:
            if key not in self._known:
                self._known[key] = make()
                while len(self._known) > MOST_KEPT:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            return self._known[key]  # type: ignore[return-value]  # made by the same maker


def _tell_tolerance(tell: Callable[[Level, float], None], level: Level, step: int) -> None:
    tell(level, STEPS[step].tolerance_m)
