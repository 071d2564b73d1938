"""Geohashes over whole columns: the same characters as :func:`geoaddr.codes.geohash.encode`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.codes.geohash import _SPREAD, ALPHABET
from geoaddr.codes.plus_code_columns import as_columns
from geoaddr.errors import InvalidPoint
from geoaddr.model import Point

Floats = NDArray[np.float64]

BLOCK = 16_384


def encode_many(lat: Any, lon: Any, length: int) -> NDArray[np.bytes_]:
    """The geohashes of two columns of WGS 84 degrees as ``S{length}``.

    :raises InvalidPoint: for the first coordinate that is no finite number or out of range.
    """
    lats, lons = as_columns(lat, lon)
    out = np.empty((len(lats), length), dtype=np.uint8)
    for start in range(0, len(lats), BLOCK):
        part = slice(start, start + BLOCK)
        _require_range(lats[part], lons[part])
        _write(out[part], lats[part], lons[part])
    return out.view(f"S{length}").reshape(len(lats))


def _require_range(lat: Floats, lon: Floats) -> None:
    good = (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180.0)
    if not good.all():
        at = int(np.argmin(good))
        try:
            Point(lat=float(lat[at]), lon=float(lon[at]))
        except InvalidPoint as error:
            raise InvalidPoint(error.field, error.value, error.reason) from None


def _grid_index(value: Floats, low: float) -> NDArray[np.int64]:
    """The twin of :func:`geoaddr.codes.geohash.grid_index` for 30 bits."""
    count = 1 << 30
    width = -2.0 * low / count
    index: NDArray[np.int64] = ((value - low) / width).astype(np.int64)
    np.clip(index, 0, count - 1, out=index)
    index -= value < low + index * width
    index += (value >= low + (index + 1) * width) & (index + 1 < count)
    return index


def _write(out: NDArray[np.uint8], lat: Floats, lon: Floats) -> None:
    spread = np.array(_SPREAD, dtype=np.int64)
    alphabet = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    x, y = _grid_index(lon, -180.0), _grid_index(lat, -90.0)
    parts = [spread.take(x >> s & 1023) << 1 | spread.take(y >> s & 1023) for s in (20, 10, 0)]
    for place in range(out.shape[1]):
        out[:, place] = alphabet.take(parts[place // 4] >> (15 - 5 * (place % 4)) & 31)
