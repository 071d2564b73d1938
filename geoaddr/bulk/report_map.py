"""The map of a report: the outlines of provinces, drawn from the boundaries that answered, and what lies in them.

Outlines come from a raster: each cell of the grid is asked for its commune once, however many vertices the pack
has, and the cells of a province are joined. Longitudes are drawn shorter, as they are at 16 degrees north.
"""

from __future__ import annotations

import math
from collections import Counter
from html import escape
from typing import Any

import numpy as np

from geoaddr.bulk.pointing import AROUND
from geoaddr.bulk.report_charts import Drawing
from geoaddr.bulk.report_words import STATUSES
from geoaddr.bulk.tally import CELLS_PER_DEGREE, Tally
from geoaddr.errors import Said
from geoaddr.locating import Locator

EXTENT = (101.8, 6.4, 117.4, 23.6)
"""West, south, east, north of the drawing, in degrees."""

CELL = 1 / 40
"""Degrees of a cell of the raster: about one pixel."""

PIXELS = 40.0
"""Pixels of a degree of latitude."""

NARROW = math.cos(math.radians(16.0))
WIDTH, HEIGHT = round((EXTENT[2] - EXTENT[0]) * PIXELS * NARROW), round((EXTENT[3] - EXTENT[1]) * PIXELS)

ISLANDS = (
    (111.9, 16.5, Said("Hoàng Sa (Paracel Islands)", "Quần đảo Hoàng Sa")),
    (114.0, 10.0, Said("Trường Sa (Spratly Islands)", "Quần đảo Trường Sa")),
)
"""Groups whose islands are smaller than a cell, by name."""

LEAST_RADIUS, MOST_RADIUS = 1.0, 5.0


def province_map(tally: Tally, locator: Locator, draw: Drawing) -> str:
    """The map as SVG: circles where points were counted, else provinces shaded by their rows."""
    rows: Counter[str] = Counter()
    for (code, _, _), count in tally.provinces.items():
        rows[code] += count
    shade = not tally.cells
    inside = [_province(code, name, path, rows, shade, draw) for code, name, path in outlines(locator)]
    inside += [
        f'<text class="isle" x="{_x(lon):.0f}" y="{_y(lat):.0f}" text-anchor="middle">'
        f"{escape(name.in_language(draw.lang))}</text>"
        for lon, lat, name in ISLANDS
    ]
    inside += _circles(tally, draw)
    desc = "map_units_desc" if shade else "map_points_desc"
    return draw.svg("map", desc, WIDTH, HEIGHT, "".join(inside)) + ("" if shade else _legend(tally, draw))


def outlines(locator: Locator) -> list[tuple[str, str, str]]:
    """Code, name and path of every province of the data's day that has land on the raster."""
    west, south, east, north = EXTENT
    lon, lat = np.arange(west + CELL / 2, east, CELL), np.arange(south + CELL / 2, north, CELL)
    primary = np.concatenate([locator.rows_at(np.full(len(lon), y), lon).primary for y in lat])
    units = [locator.view(row, locator.info.date).province for row in range(len(locator.codes))]
    codes = np.array([unit.code if unit else "" for unit in units] + [""])
    names = {unit.code: unit.name for unit in units if unit}
    of = codes[primary].reshape(len(lat), len(lon))  # -1, nowhere, is the empty one at the end
    return [(code, names[code], _path(of == code)) for code in sorted(names) if (of == code).any()]


def _path(cells: Any) -> str:
    """The outline of a set of cells in pixels, with its steps smoothed away."""
    import shapely

    west, south, _, _ = EXTENT
    padded = np.pad(cells.astype(np.int8), ((0, 0), (1, 1)))
    turns = np.diff(padded, axis=1)
    row, first = np.nonzero(turns == 1)
    last = np.nonzero(turns == -1)[1]  # runs of cells, in the same order
    boxes = shapely.box(west + first * CELL, south + row * CELL, west + last * CELL, south + (row + 1) * CELL)
    shape = shapely.simplify(shapely.union_all(boxes), 1.2 * CELL)
    rings = []
    for polygon in shapely.get_parts(shape):
        for ring in shapely.get_rings(polygon):
            points = [f"{_x(x):.1f} {_y(y):.1f}" for x, y in shapely.get_coordinates(ring)[:-1].tolist()]
            rings.append("M" + "L".join(points) + "Z")
    return "".join(rings)


def _province(code: str, name: str, path: str, rows: Counter[str], shade: bool, draw: Drawing) -> str:
    most = max(rows.values(), default=0)
    fill = f' style="fill-opacity:{0.12 + 0.88 * rows[code] / most:.2f}"' if shade and rows[code] else ""
    kind = "land full" if fill else "land"
    return f'<path class="{kind}" d="{path}"{fill}><title>{escape(name)}: {draw.count(rows[code])}</title></path>'


def _circles(tally: Tally, draw: Drawing) -> list[str]:
    """A circle for each cell and status, the large ones below; its area says how many points."""
    west, south, _, _ = AROUND
    most = max(tally.cells.values(), default=1)
    drawn = []
    for (column, row, status), count in sorted(tally.cells.items(), key=lambda item: (-item[1], item[0])):
        radius = max(LEAST_RADIUS, MOST_RADIUS * math.sqrt(count / most))
        x, y = _x(west + (column + 0.5) / CELLS_PER_DEGREE), _y(south + (row + 0.5) / CELLS_PER_DEGREE)
        drawn.append(f'<circle class="s-{escape(status)}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
    return drawn


def _legend(tally: Tally, draw: Drawing) -> str:
    counts: Counter[str] = Counter()
    for (_, _, status), count in tally.cells.items():
        counts[status] += count
    keys = [
        f'<li><span class="dot s-{status}"></span>{escape(said.in_language(draw.lang))}: '
        f"{draw.count(counts[status])}</li>"
        for status, said in STATUSES.items()
        if counts[status]
    ]
    outside = f"<li>{draw.say('elsewhere')}: {draw.count(tally.elsewhere)}</li>" if tally.elsewhere else ""
    return f'<ul class="legend">{"".join(keys)}{outside}</ul>'


def _x(lon: float) -> float:
    return (lon - EXTENT[0]) * PIXELS * NARROW


def _y(lat: float) -> float:
    return (EXTENT[3] - lat) * PIXELS
