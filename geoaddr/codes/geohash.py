"""Geohash: the representative point of a parcel as twelve characters (Circular 19/2026).

A geohash interleaves the bits of longitude and latitude, longitude first, five bits a character in the
alphabet below. Twelve characters carry 30 bits each way: a cell of 3.7 cm by 1.9 cm at the equator. Cells are
half-open, their south and west edges included; the north pole and the 180th meridian belong to the last cell.
Cell edges are exact in floating point, so a point near an edge is settled by comparing it with the edge.

Source: the public description of the system by its author, Gustavo Niemeyer, https://geohash.org (2008).

>>> encode(21.0285, 105.8542)
'w7er8u0evss2'
>>> format('W7ER8U0EVSS2')
'w7er8u0evss2'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoaddr.codes import clean
from geoaddr.errors import InvalidInput, InvalidLength, Said
from geoaddr.model import Cell, Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
PARCEL_LENGTH = 12
"""Characters of a parcel's geohash."""

LONGEST = 12

_VALUE = {char: i for i, char in enumerate(ALPHABET)}
_CHARACTERS = frozenset(ALPHABET)
_WHAT = Said("a geohash", "mã geohash")

_SPREAD = tuple(sum((i >> bit & 1) << 2 * bit for bit in range(10)) for i in range(1024))
"""A number of ten bits with a zero before each of its bits."""

_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)


def grid_index(value: float, low: float, bits: int) -> int:
    """Which of ``2**bits`` equal parts of ``[low, -low]`` holds ``value``; part edges are exact doubles."""
    count = 1 << bits
    width = -2.0 * low / count
    index = min(max(int((value - low) / width), 0), count - 1)
    if value < low + index * width:
        return index - 1
    if index + 1 < count and value >= low + (index + 1) * width:
        return index + 1
    return index


def encode(lat: float, lon: float, length: int = PARCEL_LENGTH) -> str:
    """The geohash of a point (WGS 84 degrees) with ``length`` characters, 1 to 12.

    :raises InvalidPoint: for a coordinate that is no finite number or out of range.
    :raises InvalidLength: for another length.
    """
    if not 1 <= length <= LONGEST:
        raise _bad_length(length)
    point = Point(lat=lat, lon=lon)
    bits = _SPREAD
    x, y = grid_index(point.lon, -180.0, 30), grid_index(point.lat, -90.0, 30)
    top = bits[x >> 20] << 1 | bits[y >> 20]
    middle = bits[x >> 10 & 1023] << 1 | bits[y >> 10 & 1023]
    low = bits[x & 1023] << 1 | bits[y & 1023]
    pairs = _PAIRS
    code = (
        f"{pairs[top >> 10]}{pairs[top & 1023]}{pairs[middle >> 10]}{pairs[middle & 1023]}"
        f"{pairs[low >> 10]}{pairs[low & 1023]}"
    )
    return code[:length]


def encode_many(lat: Any, lon: Any, length: int = PARCEL_LENGTH) -> NDArray[np.bytes_]:
    """The geohashes of two columns of WGS 84 degrees, as an ``S{length}`` column; the same as :func:`encode`.

    :raises InvalidPoint: for the first coordinate that is no finite number or out of range.
    """
    from geoaddr.codes.geohash_columns import encode_many as columns

    if not 1 <= length <= LONGEST:
        raise _bad_length(length)
    return columns(lat, lon, length)


def compact(code: str) -> str:
    """``code`` in small letters without blanks, hyphens and dots."""
    return clean.compact(code).lower()


def validate(code: str) -> str:
    """The compact form of a geohash of 1 to 12 characters.

    :raises InvalidFormat: for a character that the alphabet does not have (a, i, l, o among them).
    :raises InvalidLength: for more than 12 characters.
    """
    text = compact(code)
    if not _CHARACTERS.issuperset(text):
        raise clean.unexpected(_CHARACTERS, value=code, what=_WHAT)
    if len(text) > LONGEST:
        raise clean.wrong_length(len(text), "1-12", value=code, what=_WHAT)
    return text


def is_valid(code: str) -> bool:
    """Whether ``code`` is a geohash of at most 12 characters."""
    try:
        validate(code)
    except InvalidInput:
        return False
    return True


def format(code: str) -> str:  # noqa: A001 (the verb has this name in every system)
    """A valid geohash as it is printed: small letters, no separators."""
    return validate(code)


def decode(code: str) -> Cell:
    """The cell of a geohash in WGS 84 degrees, its south and west edges included.

    :raises InvalidCode: as :func:`validate`.
    """
    text = validate(code)
    number = 0
    for char in text:
        number = number << 5 | _VALUE[char]
    bits = 5 * len(text)
    lon = lat = 0
    for place in range(bits):
        bit = number >> bits - 1 - place & 1
        if place % 2:
            lat = lat << 1 | bit
        else:
            lon = lon << 1 | bit
    height, width = 180.0 / (1 << bits // 2), 360.0 / (1 << bits - bits // 2)
    return Cell(
        south=-90.0 + lat * height,
        west=-180.0 + lon * width,
        north=-90.0 + (lat + 1) * height,
        east=-180.0 + (lon + 1) * width,
    )


def _bad_length(length: int) -> InvalidLength:
    return InvalidLength(
        "length", length, Said("a geohash has 1 to 12 characters", "mã geohash có từ 1 đến 12 ký tự")
    )
