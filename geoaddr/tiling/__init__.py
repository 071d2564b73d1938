"""Vector tiles of a pack's boundaries: Mapbox Vector Tile 2.1, cut and encoded with numpy and shapely.

:class:`Tiles` answers a tile; :mod:`geoaddr.tiling.drawing` has the outlines for each zoom, made once and kept.
How, and why no library encodes: ``docs/decisions/0011-map-and-pages.md``.
"""

from geoaddr.tiling.grid import Tile, tile_at
from geoaddr.tiling.tiles import Tiles

__all__ = ["Tile", "Tiles", "tile_at"]
