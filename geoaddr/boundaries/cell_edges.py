"""The nearest of the edges that touch a cell; of the edges of whole units, where a record cannot tell them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from geoaddr.boundaries.sections import MOST_CANDIDATES, UNPROVEN
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.sections import SectionSource

NOBODY = -1
"""In place of a unit's row: none, or any."""


class Plane(NamedTuple):
    """The plane of metres around a point in degrees: metres to a degree of latitude and of longitude there."""

    lat: float
    lon: float
    lat_m: float
    lon_m: float


Edge = tuple[float, int, int]
"""The nearest edge so far: the square of its distance in metres; the edge, as the index packs it; the place of its
record. Of edges equally near, at a vertex, it is the one that begins with the earlier vertex."""

InCell = Callable[[int, int, Plane, int, Edge], Edge]


def cell_lookup(grid: Grid, source: SectionSource, prefix: str) -> InCell:
    """A function that looks among the edges of a cell (its row and column, from latitude and longitude zero) for
    one that bounds a unit (-1: any) and is nearer than the best so far."""
    tiles, cells, block_records, records, edges, candidates, coords = (
        source.view(prefix + name)
        for name in ("tiles", "cells", "block_records", "records", "edges", "candidates", "coords")
    )
    shift, tile_columns = grid.tile_shift, grid.tile_columns
    corner = (grid.first_row >> shift) * tile_columns + (grid.first_column >> shift)
    along_outlines = _outline_lookup(source, prefix)

    def in_cell(row: int, column: int, plane: Plane, unit: int, best: Edge) -> Edge:
        place = tiles[(row >> shift) * tile_columns + (column >> shift) - corner] + (row << shift) + column
        record = 4 * (block_records[place >> 2 * shift] - 2 - cells[place])
        begin, count = records[record], records[record + 3] >> 16
        units = candidates[records[record + 1] : records[record + 1] + records[record + 2]].tolist()
        if unit != NOBODY and unit not in units:
            return best
        if len(units) > MOST_CANDIDATES or (not count and records[record + 3] & 255 == UNPROVEN):
            found = along_outlines([unit] if unit != NOBODY else units, plane, (*best[:2], record))
            return found if found[0] < best[0] else best
        wanted = 255 if unit == NOBODY else 1 << units.index(unit)
        lat, lon, lat_m, lon_m = plane
        least, nearest, _ = best
        last, bx, by = -1, 0.0, 0.0
        for edge in edges[begin : begin + count]:
            if not edge & wanted:
                continue
            first = edge >> 8 & ~1
            if first == last:  # edges of a ring follow each other
                ax, ay = bx, by
            else:
                ax, ay = (coords[first] - lon) * lon_m, (coords[first + 1] - lat) * lat_m
            last = first + 2
            bx, by = (coords[last] - lon) * lon_m, (coords[first + 3] - lat) * lat_m
            ux, uy = bx - ax, by - ay
            part = -(ax * ux + ay * uy)
            if part <= 0.0:
                squared = ax * ax + ay * ay
            else:
                length = ux * ux + uy * uy
                if part >= length:
                    squared = bx * bx + by * by
                else:
                    squared = ax * by - ay * bx
                    squared *= squared / length
            if squared < least or (squared == least and edge >> 9 < nearest >> 9):
                least, nearest = squared, edge
        return best if nearest == best[1] else (least, nearest, record)

    return in_cell


def _outline_lookup(source: SectionSource, prefix: str) -> Callable[[list[int], Plane, Edge], Edge]:
    """A function that looks among all edges of some units; the mask of what it finds is empty."""

    def along_outlines(units: list[int], plane: Plane, best: Edge) -> Edge:
        import numpy as np

        coords, ring_offsets, part_offsets, unit_offsets = (
            source.array(prefix + name) for name in ("coords", "ring_offsets", "part_offsets", "unit_offsets")
        )
        lat, lon, lat_m, lon_m = plane
        for row in units:
            rings = slice(part_offsets[unit_offsets[row]], part_offsets[unit_offsets[row + 1]])
            begin, end = int(ring_offsets[rings.start]), int(ring_offsets[rings.stop])
            x, y = ((coords[begin:end] - (lon, lat)) * (lon_m, lat_m)).T
            ax, ay, ux, uy = x[:-1], y[:-1], np.diff(x), np.diff(y)
            length = ux * ux + uy * uy
            real = length > 0
            real[ring_offsets[rings.start + 1 : rings.stop].astype(np.int64) - begin - 1] = False  # between rings
            part = np.clip(-(ax * ux + ay * uy) / np.where(real, length, 1.0), 0.0, 1.0)
            squared = np.where(real, (ax + part * ux) ** 2 + (ay + part * uy) ** 2, np.inf)
            nearest = int(squared.argmin())
            if squared[nearest] < best[0]:
                best = (float(squared[nearest]), begin + nearest << 9, best[2])
        return best

    return along_outlines
