"""The steps of :mod:`geoaddr.boundaries.scalar` as loops for numba to compile.

They settle the points that lie in one unit or in none, and name the others: those in several units, and those
that only GEOS can decide. Each loop reads one far table only, so that the processor fetches many places of it at
a time; one loop that did all the steps of a point would wait for each read in turn, and is three times slower.

Whatever the loops need comes in as an argument, constants too: numba keeps what it compiled as long as this one
file stays as it is. Places and numbers come unsigned, which spares a test for negative ones at every read.
"""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


def read_cells(
    lat: Array,
    lon: Array,
    corners: tuple[float, float, float, float],
    table: tuple[float, int, int, int],
    tiles: Array,
    cells: Array,
    scratch: tuple[Array, Array, Array],
    units: Array,
    opened: Array,
) -> int:
    """Write each point's number in ``cells``, list the points that it does not settle, and return how many.

    :param corners: west, south, east, north of the grid, counted in cells.
    :param table: cells to a degree, the tiles' shift, the tiles from west to east, the tile in the south-west.
    :param scratch: rows, columns (int32) and places (uint32), as long as a chunk; the places stay in it.
    """
    west, south, east, north = corners
    size, shift, tile_columns, corner = table
    row, column, place = scratch
    for i in range(len(lat)):
        x, y = lon[i] * size, lat[i] * size
        # what lies outside, or is no number, goes to the margin, where there is nothing
        column[i] = math.floor(x if (x >= west) & (x < east) else west)
        row[i] = math.floor(y if (y >= south) & (y < north) else south)
    for i in range(len(lat)):
        place[i] = (row[i] >> shift) * tile_columns + (column[i] >> shift) - corner
    for i in range(len(lat)):
        place[i] = tiles[place[i]] + (row[i] << shift) + column[i]
    for i in range(len(lat)):
        units[i] = cells[place[i]]
    many = 0
    for i in range(len(lat)):
        opened[many] = i
        many += units[i] < -1
    return many


def read_ahead(
    opened: Array,
    places: Array,
    block_shift: int,
    block_records: Array,
    records: Array,
    edges: Array,
    begins: Array,
    units: Array,
    numbers: Array,
) -> float:
    """Write the number of the record of each opened point, and read all that :func:`settle` will read.

    The sum that is returned means nothing: it keeps the compiler from leaving out the reads.
    """
    total = 0.0
    for k in range(len(opened)):
        i = opened[k]
        numbers[k] = block_records[places[i] >> block_shift] - 2 - units[i]
    for k in range(len(opened)):
        total += edges[records[numbers[k], 0]]
    for k in range(len(opened)):
        begin = records[numbers[k], 0]
        for j in range(begin, begin + (records[numbers[k], 3] >> 16)):
            total += begins[edges[j] >> 9, 0]
    return total


def settle(
    lat: Array,
    lon: Array,
    opened: Array,
    numbers: Array,
    constants: tuple[float, float, float, float, float, int],
    records: Array,
    edges: Array,
    begins: Array,
    ends: Array,
    candidates: Array,
    units: Array,
    left: Array,
) -> int:
    """Write the unit of the opened points, list those for which this is not the whole answer or not proved,
    and return how many.

    :param constants: cells to a degree and, from :mod:`geoaddr.boundaries.sections`, the error bound, the
        underflow, the reference row, the subcolumns, and the mark of records of which nothing is proved.
    :param begins, ends: the vertices, and the same from the second on: where edges begin and end.
    """
    size, error, underflow, reference_row, subcolumns, unproven = constants
    many = 0
    for k in range(len(opened)):
        i = opened[k]
        begin, packed = records[numbers[k], 0], records[numbers[k], 3]
        ref, mask = packed & 255, packed >> 8 & 255
        proven = ref != unproven
        x, y = lon[i], lat[i]
        rx = (math.floor(x * size) + (ref + 0.5) / subcolumns) / size - x
        ry = (math.floor(y * size) + reference_row) / size - y
        for j in range(begin, begin + (packed >> 16)):
            edge = edges[j]
            first = edge >> 9
            ax, ay, bx, by = begins[first, 0] - x, begins[first, 1] - y, ends[first, 0] - x, ends[first, 1] - y
            one, other = ax * by, ay * bx
            turn, bound = one - other, (abs(one) + abs(other)) * error + underflow
            if turn > bound if edge & 256 else turn < -bound:
                continue
            one, other = rx * ay, ry * ax
            a_turn, a_bound = one - other, (abs(one) + abs(other)) * error + underflow
            one, other = rx * by, ry * bx
            b_turn, b_bound = one - other, (abs(one) + abs(other)) * error + underflow
            if (a_turn > a_bound and b_turn > b_bound) or (a_turn < -a_bound and b_turn < -b_bound):
                continue
            if abs(turn) <= bound or abs(a_turn) <= a_bound or abs(b_turn) <= b_bound:
                proven = False
            mask ^= edge & 255
        left[many] = i
        many += (not proven) | (mask & (mask - 1) != 0)
        bit = 0
        while bit < 7 and not mask >> bit & 1:
            bit += 1
        units[i] = candidates[records[numbers[k], 1] + bit] if mask else -1
    return many
