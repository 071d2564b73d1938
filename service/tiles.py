"""The map's tiles, and what a map has to know before it asks for them.

Tiles of one stretch of time in which no unit changed are the same bytes: they are made once in a process and kept,
as much as :data:`KEPT_BYTES`, compressed. Addresses are for callers who may see all of
them and their points, and never kept.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request

from geoaddr.model import Cell
from service import guard, reading
from service.access import caller_of
from service.errors import TYPE_PREFIX, Problem, language, respond
from service.policies import base_map
from service.schemas import AsOfQuery
from service.settings import Settings
from service.tile_words import ATTRIBUTION, DRAWING
from service.watching import REQUEST_ID

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr
    from geoaddr.tiling import Tile, Tiles

MVT = "application/vnd.mapbox-vector-tile"
TILEJSON = "3.0.0"

KEPT_BYTES = 32 * 2**20
"""Compressed tiles at hand in one process: some 3,000."""

RETRY_AFTER_SECONDS = 5
_KEEP = "public, max-age=86400"
_ASK_AGAIN = "no-cache"
_GZIP_LEVEL = 6

BOUNDS = (102.0, 7.0, 118.0, 23.5)
"""West, south, east, north: the land and the archipelagos."""


class TileQuery(AsOfQuery):
    """A day, and whatever tells one version of the tiles from another in a browser's cache."""

    v: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile, compressed, and its tag."""

    body: bytes
    etag: str


class TileService:
    """The tiles of one service. Nothing is opened before the first request."""

    def __init__(self, ga: Geoaddr, settings: Settings) -> None:
        self._ga = ga
        base = base_map(settings)
        self._base_map = None if base is None else {"url": base.url, "attribution": base.attribution}
        self._kept: OrderedDict[tuple[Tile, dt.date], Kept] = OrderedDict()
        self._kept_bytes = 0
        self._lock = threading.Lock()
        self._drawing: threading.Thread | None = None

    @cached_property
    def tiles(self) -> Tiles:
        from geoaddr.tiling import Tiles

        return Tiles(self._ga.gazetteer, self._ga.locator)

    def answer(self, z: str, x: str, y: str) -> Response:
        """``GET /tiles/{z}/{x}/{y}.mvt``."""
        from geoaddr.tiling import tile_at
        from geoaddr.tiling.tiles import FIRST_ADDRESS

        asked = reading.read_query(request, TileQuery)
        as_of, tile = self._ga.as_of(asked.as_of), tile_at(z, x, y)
        if not self.tiles.ready(as_of):
            self._draw(as_of)
            return self._not_yet()
        if tile.zoom >= FIRST_ADDRESS and _sees_addresses():
            _write_down(tile)
            kept = self._addressed(tile, as_of)
        else:
            kept = self._tile(tile, as_of)
        response = _response(kept)
        if tile.zoom >= FIRST_ADDRESS:
            response.headers["Cache-Control"] = f"private, {_ASK_AGAIN}"
            response.headers.add("Vary", "Authorization")
        elif asked.v == self._version:
            response.headers["Cache-Control"] = _KEEP
        return response

    def described(self) -> Response:
        """``GET /tiles.json``: TileJSON, and under ``geoaddr`` what a map says of the tiles."""
        from geoaddr.tiling.grid import MAX_ZOOM
        from geoaddr.tiling.tiles import FIRST_ZOOM

        asked = reading.read_query(request, AsOfQuery)
        as_of = self._ga.as_of(asked.as_of)
        ready = self.tiles.ready(as_of)
        if not ready:
            self._draw(as_of)
        about = {
            "as_of": as_of,
            "first_day": self.tiles.eras.first_day(as_of),
            "changes": self.tiles.eras.changes,
            "levels": [each._asdict() for each in self.tiles.shown(as_of)],
            "ready": ready,
            "addresses": _sees_addresses(),
            "pack": self._ga.pack.info.to_dict(),
            "base_map": self._base_map,
        }
        content: dict[str, Any] = {
            "tilejson": TILEJSON,
            "name": self._ga.pack.info.name,
            "version": "1.0.0",
            "attribution": ATTRIBUTION.in_language(language()),
            "tiles": [f"{request.url_root}tiles/{{z}}/{{x}}/{{y}}.mvt?as_of={as_of}&v={self._version}"],
            "minzoom": 0,
            "maxzoom": MAX_ZOOM,
            "bounds": BOUNDS,
            "vector_layers": [
                *({"id": f"{level}s", "minzoom": first, "fields": _UNIT} for level, first in FIRST_ZOOM.items()),
                {"id": "labels", "fields": _LABEL},
                {"id": "islands", "fields": {}},
                {"id": "addresses", "minzoom": 15, "fields": {"ndas": "String"}},
            ],
            "geoaddr": about,
        }
        response = Response(orjson.dumps(content), mimetype="application/json")
        response.headers["Cache-Control"] = _ASK_AGAIN
        response.headers["Vary"] = "Accept-Language, Authorization"
        return response

    @property
    def _version(self) -> str:
        return hashlib.sha256(repr(self._ga.pack.info).encode()).hexdigest()[:12]

    def _tile(self, tile: Tile, as_of: dt.date) -> Kept:
        key = tile, self.tiles.eras.first_day(as_of)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _kept(self.tiles.tile(tile, as_of))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._kept_bytes += len(made.body)
            while self._kept_bytes > KEPT_BYTES:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1].body)
        return made

    def _addressed(self, tile: Tile, as_of: dt.date) -> Kept:
        rows = self._ga.rows
        west, south, east, north = tile.degrees
        box = Cell(south=south, west=west, north=north, east=east)
        return _kept(self.tiles.tile(tile, as_of, rows.points_in(box) if rows else ()))

    def _draw(self, as_of: dt.date) -> None:
        """Make the outlines of a large pack, once, aside."""
        with self._lock:
            if self._drawing is None or not self._drawing.is_alive():
                self._drawing = threading.Thread(target=self.tiles.draw, args=(as_of,), daemon=True)
                self._drawing.start()

    @staticmethod
    def _not_yet() -> Response:
        said = DRAWING.in_language(language())
        problem = Problem(
            type=TYPE_PREFIX + "drawing", title=said, status=503, detail=said, field=None, value=None,
            request_id=request.environ.get(REQUEST_ID),
        )  # fmt: skip
        return respond(problem, {"Retry-After": str(RETRY_AFTER_SECONDS)})


_UNIT = dict.fromkeys(
    ("level", "code", "name", "name_en", "full_name", "type", "parent", "basis", "accuracy"), "String"
)
_ISLANDS = dict.fromkeys(("full_name_en", "province", "province_en"), "String")
_LABEL = {**_UNIT, **_ISLANDS, "rank": "Number", "special": "Boolean"}


def install(app: Flask, ga: Geoaddr, settings: Settings) -> None:
    """Serve ``/tiles/{z}/{x}/{y}.mvt`` and ``/tiles.json``."""
    service = TileService(ga, settings)
    app.add_url_rule("/tiles/<z>/<x>/<y>.mvt", endpoint="tile", view_func=service.answer, methods=["GET"])
    app.add_url_rule("/tiles.json", endpoint="tiles", view_func=service.described, methods=["GET"])


def _sees_addresses() -> bool:
    """Whether the caller may know which codes lie where, in the whole country: a tile knows no provinces."""
    return caller_of(request.environ).grants.everywhere("address", "point")


def _write_down(tile: Tile) -> None:
    """Put into the trail that a key saw the addresses of a tile: one entry, whose subject is the tile."""
    tally = guard.tally_of(request.environ)
    if tally.caller.key is not None:
        tally.note(tally.caller.key, "tile", f"{tile.zoom}/{tile.x}/{tile.y}", "address point")


def _kept(tile: bytes) -> Kept:
    return Kept(gzip.compress(tile, _GZIP_LEVEL, mtime=0), hashlib.sha256(tile).hexdigest()[:24])


def _response(kept: Kept) -> Response:
    zipped = request.accept_encodings["gzip"] > 0 and "Accept-Encoding" in request.headers
    response = Response(kept.body if zipped else gzip.decompress(kept.body), content_type=MVT)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, {_ASK_AGAIN}"
    response.set_etag(kept.etag + ("-gzip" if zipped else ""))
    response.make_conditional(request)
    return response
