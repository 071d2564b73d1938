"""Vector tiles of the map: processor time of a tile that is not kept, beside ``mapbox-vector-tile``'s encoder.

Tiles around places where people live (the middles of communes drawn at random), at every zoom. The outlines are
drawn before, as ``geoaddr data tiles`` does. The peer encodes the communes of the same tiles, cut by GEOS before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import time
from collections.abc import Callable

import mapbox_vector_tile
import numpy as np
import shapely

import geoaddr
from geoaddr.tiling import Tile, Tiles
from geoaddr.tiling.cutting import cut
from geoaddr.tiling.drawing import step_of
from geoaddr.tiling.geometry import EXTENT, clip_box
from geoaddr.tiling.grid import MAX_ZOOM, to_world

TARGET_P99_MS = 30.0
PLACES = 60
SEED = 20250701


def timed(work: Callable[[], object]) -> float:
    """Processor milliseconds of this thread."""
    before = time.thread_time()
    work()
    return (time.thread_time() - before) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", help="by default GEOADDR_PACK or the embedded one")
    parser.add_argument("--as-of", default=None)
    ga = geoaddr.open(pack=parser.parse_args().pack, store="memory:")
    as_of = ga.as_of(parser.parse_args().as_of)
    tiles = Tiles(ga.gazetteer, ga.locator)
    drawn_s = timed(lambda: tiles.draw(as_of)) / 1e3
    print(f"{ga.pack.info.name}, {as_of}: outlines drawn or read in {drawn_s:.1f} s of processor\n")
    bounds = ga.locator.index.all_bounds()
    rng = np.random.default_rng(SEED)
    chosen = rng.choice(len(bounds), PLACES, replace=False)
    world = to_world(
        np.stack([bounds[chosen][:, [0, 2]].mean(axis=1), bounds[chosen][:, [1, 3]].mean(axis=1)], axis=1)
    )
    every: list[float] = []
    print("zoom  tiles  p50 ms  p99 ms  largest kB (gzip)  gzip p99 ms  peer: ratio, p50 ms")
    for zoom in range(MAX_ZOOM + 1):
        here = sorted({Tile(zoom, *xy) for xy in (world * 2**zoom).astype(int).tolist()})
        tiles.tile(here[0], as_of)  # what is joined once for all tiles of the step
        ours = [timed(lambda tile=tile: tiles.tile(tile, as_of)) for tile in here]
        bodies = [tiles.tile(tile, as_of) for tile in here]
        zipped = [timed(lambda body=body: gzip.compress(body, 6)) for body in bodies]
        largest = max(len(gzip.compress(body, 6)) for body in bodies) / 1e3
        peer = peer_ms(tiles, here, as_of)
        every += ours
        ratio = f"{np.median(peer) / np.median(ours):9.1f}x {np.median(peer):5.1f}" if peer else ""
        print(
            f"{zoom:4d} {len(here):6d} {np.median(ours):7.1f} {np.quantile(ours, 0.99):7.1f} {largest:18.0f} "
            f"{np.quantile(zipped, 0.99):12.1f} {ratio}"
        )
    p99 = float(np.quantile(every, 0.99))
    print(f"\nall zooms: p50 {np.median(every):.1f} ms, p99 {p99:.1f} ms; target {TARGET_P99_MS:.0f} ms: ", end="")
    print("passes" if p99 <= TARGET_P99_MS else "misses")


def peer_ms(tiles: Tiles, here: list[Tile], as_of: dt.date) -> list[float]:
    """How long the peer takes to encode the communes alone, where there are any."""
    ground = tiles.eras.ground("commune", tiles.eras.first_day(as_of))
    found = []
    for tile in here if ground is not None and here[0].zoom >= 8 else []:
        held = cut(ground, step_of(tile.zoom), tile)
        geometries = shapely.clip_by_rect(held.polygons, *clip_box(tile))
        features = [
            {"geometry": each, "properties": {"code": ground.units[unit].code, "name": ground.units[unit].name}}
            for unit, each in zip(held.units.tolist(), geometries, strict=True)
        ]
        west, north, east, south = tile.box
        options = {"quantize_bounds": (west, north, east, south), "extents": EXTENT, "y_coord_down": True}
        layer = {"name": "communes", "features": features}
        found.append(
            timed(lambda layer=layer, options=options: mapbox_vector_tile.encode(layer, default_options=options))
        )
    return found


if __name__ == "__main__":
    main()
