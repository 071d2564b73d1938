"""Plus Codes over whole columns: the same codes and the same corners as :mod:`geoaddr.codes.plus_code`.

Work goes through blocks that stay in the processor's cache. A code is assembled from tables: the eight digits
before the ``+`` are the union of a word for the latitude and a word for the longitude, each with its digits
already in place. Nothing here loops over rows.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.codes import plus_code
from geoaddr.codes.plus_code import ALPHABET, COLUMNS, COLUMNS_PER_DEGREE, ROWS, ROWS_PER_DEGREE, SNAP
from geoaddr.errors import InvalidLength, InvalidPoint, Said

Floats = NDArray[np.float64]
Corners = tuple[Floats, Floats, Floats, Floats]

BLOCK = 16_384
"""Rows worked on at a time: the intermediate columns of one block fit the second-level cache."""

_FLAW = 1 << 60
"""Marks a pair that is no pair of digits; five of them still fit 63 bits."""


def encode_many(lat: Floats, lon: Floats, length: int = 10) -> NDArray[np.bytes_]:
    """The codes of many points: an ``S{length + 1}`` column (ten digits and more; the ``+`` counts).

    ``lat``, ``lon``: WGS 84 degrees, of equal length; clipped and wrapped as by :func:`plus_code.encode`.

    :raises InvalidPoint: for the first coordinate that is no finite number, naming its row.
    :raises InvalidLength: for fewer than 10 or more than 15 digits.
    """
    if not 10 <= length <= 15:
        raise InvalidLength(
            "length", length, Said("columns carry 10 to 15 digits", "cột mã có từ 10 đến 15 chữ số")
        )
    lats, lons = as_columns(lat, lon)
    out = np.empty((len(lats), length + 1), dtype=np.uint8)
    for start in range(0, len(lats), BLOCK):
        row, column = to_grid(lats[start : start + BLOCK], lons[start : start + BLOCK], first_row=start)
        _write(out[start : start + BLOCK], row, column, length)
    return out.view(f"S{length + 1}").reshape(len(lats))


def as_columns(lat: Any, lon: Any) -> tuple[Floats, Floats]:
    """Two coordinate columns as float64.

    :raises InvalidPoint: where they are not numbers or not equally long.
    """
    try:
        lats, lons = (np.ascontiguousarray(c, dtype=np.float64).reshape(-1) for c in (lat, lon))
    except (TypeError, ValueError):
        raise InvalidPoint("lat", lat, Said("not a column of numbers", "không phải cột số")) from None
    if len(lats) != len(lons):
        raise InvalidPoint(
            "lon",
            len(lons),
            Said(
                f"{len(lons)} longitudes for {len(lats)} latitudes", f"{len(lons)} kinh độ cho {len(lats)} vĩ độ"
            ),
        )
    return lats, lons


def to_grid(lat: Floats, lon: Floats, *, first_row: int = 0) -> tuple[Floats, Floats]:
    """Rows and columns of the finest grid, as whole float64; the twin of :func:`plus_code.to_grid`."""
    if len(lat) and not (-90.0 <= lat.min() <= lat.max() < 90.0 and -180.0 <= lon.min() <= lon.max() < 180.0):
        lat, lon = _normal(lat, lon, first_row)
    return (
        steps(lat + 90.0, ROWS_PER_DEGREE, last=ROWS - 1),
        steps(lon + 180.0, COLUMNS_PER_DEGREE, last=COLUMNS - 1),
    )


def steps(degrees: Floats, per_degree: int, *, last: int) -> Floats:
    """The twin of :func:`plus_code.steps`, at most ``last``; overwrites ``degrees``."""
    product = np.multiply(degrees, per_degree, out=degrees)
    whole = np.floor(product)
    np.subtract(product, whole, out=product)
    np.add(whole, product > SNAP, out=whole)
    return np.minimum(whole, last, out=whole)


def _normal(lat: Floats, lon: Floats, first_row: int) -> tuple[Floats, Floats]:
    for name, values in (("lat", lat), ("lon", lon)):
        finite = np.isfinite(values)
        if not finite.all():
            at = int(np.argmin(finite))
            raise InvalidPoint(
                name,
                float(values[at]),
                Said(
                    f"not a finite number, in row {first_row + at}",
                    f"không phải số hữu hạn, ở dòng {first_row + at}",
                ),
            )
    lon = np.fmod(lon, 360.0)
    lon = np.where(lon < -180.0, lon + 360.0, np.where(lon >= 180.0, lon - 360.0, lon))
    return np.clip(lat, -90.0, 90.0), lon


def _write(out: NDArray[np.uint8], row: Floats, column: Floats, length: int) -> None:
    """Write the codes of one block into its rows of characters."""
    lat_words, lon_words, pairs = _encode_tables()
    lat, lon = (row / 3125).astype(np.int32), (column / 1024).astype(np.int32)
    lat_head, lon_head = lat // 20, lon // 20
    last = (lat - lat_head * 20) * 20 + (lon - lon_head * 20)
    fields = out[:, :11].view(_TEN_DIGITS)[:, 0] if length == 10 else None
    head = lat_words.take(lat_head) | lon_words.take(lon_head)
    if fields is not None:
        fields["head"], fields["plus"], fields["pair"] = head, ord("+"), pairs.take(last)
        return
    out[:, :8] = head.view(np.uint8).reshape(-1, 8)
    out[:, 8] = ord("+")
    out[:, 9:11] = pairs.take(last).view(np.uint8).reshape(-1, 2)
    digits = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    north, east = (row - lat * 3125.0).astype(np.int32), (column - lon * 1024.0).astype(np.int32)
    for i in range(11, length + 1):
        height, width = 5 ** (15 - i), 4 ** (15 - i)
        down, across = north // height, east // width
        out[:, i] = digits.take(down * 4 + across)
        north, east = north - down * height, east - across * width


_TEN_DIGITS = np.dtype({"names": ["head", "plus", "pair"], "formats": ["<u8", "u1", "<u2"], "offsets": [0, 8, 9]})


@cache
def _encode_tables() -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint16]]:
    """Words of eight characters for each 1/400 degree of latitude and longitude, and the last pairs."""
    digits = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)

    def words(cells: int, offset: int) -> NDArray[np.uint64]:
        number = np.arange(cells)
        table = np.zeros((cells, 8), dtype=np.uint8)
        for place in range(4):
            table[:, 6 - 2 * place + offset] = digits[number // 20**place % 20]
        return table.view("<u8").reshape(cells)

    pairs = np.array([[a, b] for a in digits for b in digits], dtype=np.uint8).view("<u2").reshape(400)
    return words(180 * 400, 0), words(360 * 400, 1), pairs


def decode_many(codes: Any) -> Corners:
    """South, west, north and east edges of many full codes, in WGS 84 degrees.

    ``codes``: a column of bytes (as :func:`encode_many` writes) or of strings. Ten plain digits in capitals
    take the fast way; every other spelling is read as :func:`plus_code.decode` reads it.

    :raises InvalidCode: for the first code that cannot be read, naming it.
    """
    column = np.asarray(codes)
    if column.dtype.kind != "S" or column.dtype.itemsize != 11:
        return _decode_mixed(column)
    column = np.ascontiguousarray(column)
    south, west, north, east = (np.empty(len(column)) for _ in range(4))
    for start in range(0, len(column), BLOCK):
        part = slice(start, start + BLOCK)
        if not _decode_ten(column[part], south[part], west[part], north[part], east[part]):
            south[part], west[part], north[part], east[part] = _decode_slowly(column[part])
    return south, west, north, east


def _decode_ten(codes: NDArray[np.bytes_], south: Floats, west: Floats, north: Floats, east: Floats) -> bool:
    """Decode one block of eleven characters each into the four columns; False where one is something else."""
    pairs = codes.view(_PAIRS)
    tables = _decode_tables()
    both = tables[0].take(pairs["p0"])
    for place in range(1, 5):
        both += tables[place].take(pairs[f"p{place}"])
    row, column = both >> 32, both & 0xFFFFFFFF
    if (pairs["plus"] != ord("+")).any() or row.max() >= 1_440_000 or column.max() >= 2_880_000:
        return False
    row -= 720_000
    column -= 1_440_000
    np.divide(row, 8000, out=south)
    np.divide(column, 8000, out=west)
    row += 1
    column += 1
    np.divide(row, 8000, out=north)
    np.divide(column, 8000, out=east)
    return True


_PAIRS = np.dtype(
    {
        "names": ["p0", "p1", "p2", "p3", "plus", "p4"],
        "formats": ["<u2", "<u2", "<u2", "<u2", "u1", "<u2"],
        "offsets": [0, 2, 4, 6, 8, 9],
    }
)


@cache
def _decode_tables() -> tuple[NDArray[np.int64], ...]:
    """For each of five pairs what its two characters add: latitude steps above, longitude steps below bit 32."""
    tables = []
    for place in range(5):
        table = np.full(65_536, _FLAW, dtype=np.int64)
        worth = 20 ** (4 - place)
        for i, (first, second) in enumerate((a, b) for a in ALPHABET for b in ALPHABET):
            table[ord(first) | ord(second) << 8] = (i // 20 * worth << 32) | i % 20 * worth
        tables.append(table)
    return tuple(tables)


def _decode_mixed(column: NDArray[Any]) -> Corners:
    """Codes of other types or lengths: those with eleven characters by the fast way, the rest one by one."""
    if column.dtype.kind not in "SUO" or column.ndim != 1:
        column = np.array([column] if column.ndim == 0 else list(column), dtype=object)
    if column.dtype.kind == "U" and column.dtype.itemsize == 44:
        points = np.ascontiguousarray(column).view(np.uint32).reshape(-1, 11)
        if not (points > 127).any():
            return decode_many(points.astype(np.uint8).view("S11").reshape(len(column)))
    return _decode_slowly(column)


def _decode_slowly(column: NDArray[Any]) -> Corners:
    texts = (c.decode("latin-1") if isinstance(c, bytes) else c for c in column.tolist())
    cells = [plus_code.decode(text) for text in texts]
    south, west, north, east = (
        np.array([getattr(cell, side) for cell in cells], dtype=np.float64)
        for side in ("south", "west", "north", "east")
    )
    return south, west, north, east
