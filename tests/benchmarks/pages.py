"""The map's three targets on a pack: the first view, a tile over HTTP, suggestions after a key.

``python -m tests.benchmarks.pages PACK`` starts a service on an empty registry and looks at it with Chromium,
which draws WebGL in software here. All times are by the clock, as people meet them, so a busy machine lengthens
them: the page ``/bulk``, which has no map, is opened in between as a floor.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser

import geoaddr
from geoaddr.tiling import Tile, Tiles
from geoaddr.tiling.grid import MAX_ZOOM, to_world
from tests.benchmarks.ratios import HEAD, Figure, not_run
from tests.browser import chromium
from tests.browser.visiting import Visitor
from tests.running import running_service

VIEW_MS, VIEW_KB = 2_000.0, 600.0
TILE_P99_MS = 30.0
SUGGESTIONS_MS = 100.0

PLACES = 40
SEED = 20250701
TYPED = ("phuong hoan kiem", "đà nẵng", "xa ia mo gia lai", "thanh pho hue")

_STEPS = """JSON.stringify({
  html: performance.getEntriesByType('navigation')[0].domInteractive,
  described: Math.max(0, ...performance.getEntriesByType('resource').filter(e => e.name.includes('/tiles.json')).map(e => e.responseEnd)),
  map: (performance.getEntriesByName('map')[0] || {startTime: 0}).startTime,
  ready: performance.getEntriesByName('ready')[0].startTime,
})"""  # noqa: E501  # one expression of the page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack")
    parser.add_argument("--visits", type=int, default=5)
    asked = parser.parse_args()
    with geoaddr.open(pack=asked.pack, store="memory:") as ga:
        tiles = Tiles(ga.gazetteer, ga.locator)
        tiles.draw(ga.as_of(None))
        paths = _paths(ga)
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/registry.db"
        os.environ["GEOADDR_LIMITS"] = "rate=10000,burst=100000,day=10000000"  # all is asked from one address
        with running_service("--pack", asked.pack, "--store", store, wait_s=120) as address:
            print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors\n\n{HEAD}")
            tell_tiles(address, paths)
            path = chromium.program()
            if path is None:
                not_run("first view, suggestions", "no Chromium on this machine")
                sys.exit(1)
            with chromium.running_browser(path) as browser:
                for device in ("desktop", "phone"):
                    tell_first_view(browser, address, device, asked.visits)
                tell_suggestions(browser, address)


def _paths(ga: geoaddr.Geoaddr) -> list[str]:
    """Tiles around the middles of communes drawn at random, at every zoom, in no order."""
    bounds = ga.locator.index.all_bounds()
    chosen = np.random.default_rng(SEED).choice(len(bounds), PLACES, replace=False)
    west, south, east, north = bounds[chosen].T
    world = to_world(np.stack([(west + east) / 2, (south + north) / 2], axis=1))
    found = {Tile(zoom, *xy) for zoom in range(MAX_ZOOM + 1) for xy in (world * 2**zoom).astype(int).tolist()}
    paths = [f"/tiles/{tile.zoom}/{tile.x}/{tile.y}.mvt" for tile in sorted(found)]
    random.Random(SEED).shuffle(paths)
    return paths


def tell_tiles(address: str, paths: Sequence[str]) -> None:
    """Each tile once as nobody has asked for it, and once as it is kept."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    _asked(connection, paths[:1])  # what a process makes once for all tiles
    for what, target in (("made", TILE_P99_MS), ("kept", TILE_P99_MS)):
        times = _asked(connection, paths[1:])
        note = f"p50 {np.median(times):.1f} ms of {len(times)} tiles at zooms 0 to {MAX_ZOOM}"
        Figure(f"a tile that is {what}, p99", float(np.quantile(times, 0.99)), "ms", target, True, note).tell()


def _asked(connection: http.client.HTTPConnection, paths: Sequence[str]) -> list[float]:
    times = []
    for path in paths:
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - begin) * 1e3)
        assert response.status == 200, path
    return times


def tell_first_view(browser: Browser, address: str, device: str, visits: int) -> None:
    """A visitor who was never here."""
    steps: list[dict[str, float]] = []
    floors, sizes = [], []
    for _ in range(visits):
        visitor = Visitor(browser, address, device=device)
        begin = time.perf_counter()
        visitor.open("/bulk")
        floors.append((time.perf_counter() - begin) * 1e3)
        visitor.close()
        visitor = Visitor(browser, address, device=device)
        visitor.open("/")
        steps.append(visitor.json(_STEPS))
        sizes.append(visitor.loaded_bytes() / 1e3)
        visitor.close()
    median = {name: float(np.median([each[name] for each in steps])) for name in steps[0]}
    note = (
        f"worst {max(each['ready'] for each in steps):.0f}; HTML {median['html']:.0f}, described "
        f"{median['described']:.0f}, map made {median['map']:.0f}; "
        f"/bulk opens in {np.median(floors):.0f}; load {os.getloadavg()[0]:.1f}"
    )
    Figure(f"first view on a {device}, median of {visits}", median["ready"], "ms", VIEW_MS, True, note).tell()
    Figure(f"first view on a {device}, compressed", float(np.median(sizes)), "kB", VIEW_KB, True).tell()


def tell_suggestions(browser: Browser, address: str) -> None:
    """From a key to the list that it brings, typed as people type."""
    visitor = Visitor(browser, address)
    page = visitor.open("/")
    box = page.get_by_role("combobox")
    for text in TYPED:
        box.fill("")
        box.press_sequentially(text, delay=180)
        page.wait_for_timeout(400)
    waits = [
        each["duration"] for each in visitor.json("JSON.stringify(performance.getEntriesByName('suggestions'))")
    ]
    visitor.close()
    note = f"p50 {np.median(waits):.0f} ms of {len(waits)} lists, worst {max(waits):.0f}"
    Figure(
        "suggestions after a key, p99", float(np.quantile(waits, 0.99)), "ms", SUGGESTIONS_MS, True, note
    ).tell()


if __name__ == "__main__":
    main()
