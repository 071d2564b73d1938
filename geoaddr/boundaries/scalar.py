"""One point at a time, in plain Python over the mapped arrays: neither numpy nor shapely is loaded for it,
unless the answer cannot be proved here and GEOS is asked."""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import TYPE_CHECKING

from geoaddr.boundaries.sections import (
    ORIENTATION_ERROR,
    REFERENCE_ROW,
    SUBCOLUMNS,
    UNDERFLOW,
    UNPROVEN,
)
from geoaddr.grid import Grid

if TYPE_CHECKING:
    from geoaddr.boundaries.exact import Polygons
    from geoaddr.boundaries.sections import SectionSource

Lookup = Callable[[float, float], tuple[int, ...]]


def scalar_lookup(grid: Grid, source: SectionSource, prefix: str, polygons: Polygons) -> Lookup:
    """A function from latitude and longitude to the rows of the units there, ascending.

    It is a closure, because names of an enclosing function are read faster than attributes.
    """
    west, south, east, north = grid.bounds
    size, shift, tile_columns = float(grid.cells_per_degree), grid.tile_shift, grid.tile_columns
    corner = (grid.first_row >> shift) * tile_columns + (grid.first_column >> shift)
    tiles, cells = source.view(prefix + "tiles"), source.view(prefix + "cells")
    block_records, block_shift = source.view(prefix + "block_records"), 2 * shift
    in_record = _record_lookup(grid, source, prefix, polygons)

    def at(lat: float, lon: float) -> tuple[int, ...]:
        if not (west <= lon < east and south <= lat < north):
            return ()
        column, row = floor(lon * size), floor(lat * size)
        place = tiles[(row >> shift) * tile_columns + (column >> shift) - corner] + (row << shift) + column
        value = cells[place]
        if value >= 0:
            return (value,)
        if value == -1:
            return ()
        return in_record(block_records[place >> block_shift] - 2 - value, float(lat), float(lon), row, column)

    return at


def _record_lookup(
    grid: Grid, source: SectionSource, prefix: str, polygons: Polygons
) -> Callable[[int, float, float, int, int], tuple[int, ...]]:
    records, edges, candidates, coords = (
        source.view(prefix + name) for name in ("records", "edges", "candidates", "coords")
    )
    size = grid.cells_per_degree
    error, underflow = ORIENTATION_ERROR, UNDERFLOW

    def ask_geos(record: int, lat: float, lon: float) -> tuple[int, ...]:
        begin, count = records[4 * record + 1], records[4 * record + 2]
        return polygons.holding(candidates[begin : begin + count].tolist(), lat, lon)

    def in_record(record: int, lat: float, lon: float, row: int, column: int) -> tuple[int, ...]:
        begin, packed = records[4 * record], records[4 * record + 3]
        ref, mask = packed & 255, packed >> 8 & 255
        if ref == UNPROVEN:
            return ask_geos(record, lat, lon)
        rx = (column + (ref + 0.5) / SUBCOLUMNS) / size - lon
        ry = (row + REFERENCE_ROW) / size - lat
        for edge in edges[begin : begin + (packed >> 16)]:
            first = edge >> 8 & ~1
            ax, ay = coords[first] - lon, coords[first + 1] - lat
            bx, by = coords[first + 2] - lon, coords[first + 3] - lat
            one, other = ax * by, ay * bx
            turn, bound = one - other, (abs(one) + abs(other)) * error + underflow
            if turn > bound if edge & 256 else turn < -bound:
                continue  # the point and the reference point lie on one side of the edge
            one, other = rx * ay, ry * ax
            a_turn, a_bound = one - other, (abs(one) + abs(other)) * error + underflow
            one, other = rx * by, ry * bx
            b_turn, b_bound = one - other, (abs(one) + abs(other)) * error + underflow
            if (a_turn > a_bound and b_turn > b_bound) or (a_turn < -a_bound and b_turn < -b_bound):
                continue  # both ends of the edge lie on one side of the way between the points
            if abs(turn) <= bound or abs(a_turn) <= a_bound or abs(b_turn) <= b_bound:
                return ask_geos(record, lat, lon)
            mask ^= edge & 255
        begin = records[4 * record + 1]
        return tuple(candidates[begin + bit] for bit in range(mask.bit_length()) if mask >> bit & 1)

    return in_record
