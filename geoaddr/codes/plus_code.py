"""Plus Codes (Open Location Code): a cell of the globe as a short text, computed offline.

Specification: https://github.com/google/open-location-code (Apache-2.0). A code has 2, 4, 6, 8, 10 or 11-15
digits of an alphabet of 20, with a ``+`` after the eighth. The first ten are five pairs (latitude, longitude)
in base 20, so that ten digits name a cell of 1/8000 degree; each further digit splits the cell into 5 rows
and 4 columns.

The integer grid is the specification here: a point becomes a row and a column of the finest grid (15 digits,
25,000,000 rows and 8,192,000 columns a degree) in one step, :func:`steps`, and everything after that is
whole-number arithmetic. Corners come back by one division of whole numbers, so that neighbouring cells share
the very same floating-point edge.

>>> encode(21.0285, 105.8542)
'7PH72VH3+CM'
>>> decode("7PH72VH3+CM").south, decode("7PH72VH3+CM").north
(21.0285, 21.028625)
>>> shorten('7PH72VH3+CM', 21.03, 105.85)
'H3+CM'
"""

from __future__ import annotations

import math

from geoaddr.codes import clean
from geoaddr.errors import InvalidComponent, InvalidFormat, InvalidInput, InvalidLength, InvalidPoint, Said
from geoaddr.model import Cell
from geoaddr.model.quick import unchecked
from geoaddr.text.alphabets import PLUS_CODE

ALPHABET = PLUS_CODE
SEPARATOR = "+"
PADDING = "0"

ROWS_PER_DEGREE = 25_000_000
COLUMNS_PER_DEGREE = 8_192_000
ROWS = 180 * ROWS_PER_DEGREE
COLUMNS = 360 * COLUMNS_PER_DEGREE
"""Size of the finest grid; row 0 lies at the south pole, column 0 east of the 180th meridian."""

LENGTHS = (2, 4, 6, 8, 10, 11, 12, 13, 14, 15)
"""Numbers of digits that a full code can carry."""

SNAP = 0.9999995
"""A product this near below the next step belongs to that step: see :func:`steps`."""

_cell = unchecked(Cell)
_WHAT = Said("a Plus Code", "mã Plus Code")
_VALUE = {digit: i for i, digit in enumerate(ALPHABET)}
_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)
_PAIR_VALUE = {pair: (i // 20 << 32) | (i % 20) for i, pair in enumerate(_PAIRS)}
"""A pair's latitude digit in the upper and longitude digit in the lower 32 bits of one number."""

_CHARACTERS = frozenset(ALPHABET + SEPARATOR + PADDING)

_HEIGHT = {d: 20 ** (5 - d // 2) * 5**5 if d <= 10 else 5 ** (15 - d) for d in LENGTHS}
_WIDTH = {d: 20 ** (5 - d // 2) * 4**5 if d <= 10 else 4 ** (15 - d) for d in LENGTHS}
"""Rows and columns of the finest grid in one cell of a code with so many digits."""


def steps(degrees: float, per_degree: int) -> int:
    """Whole steps in ``degrees`` (not negative): the one place where a float becomes a grid number.

    Decimal degrees are not exact in binary, so that 3.033 degrees times 8,192,000 can come out a hair under
    its whole number. The reference rounds the product to six decimals before it truncates; a product less
    than 0.0000005 below a whole number counts as that number. The same is done here, by the fraction.
    """
    product = degrees * per_degree
    whole = int(product)
    return whole + 1 if product - whole > SNAP else whole


def to_grid(lat: float, lon: float) -> tuple[int, int]:
    """The row and column of the finest grid that hold a point (WGS 84 degrees).

    Latitudes beyond the poles are clipped and longitudes are wrapped, as the specification demands.

    :raises InvalidPoint: for a coordinate that is no finite number.
    """
    try:
        inside = -90.0 <= lat < 90.0 and -180.0 <= lon < 180.0
    except TypeError:
        inside = False
    if not inside:
        lat, lon = _normal(lat, lon)
    row = steps(lat + 90.0, ROWS_PER_DEGREE)
    column = steps(lon + 180.0, COLUMNS_PER_DEGREE)
    return (row if row < ROWS else ROWS - 1), (column if column < COLUMNS else COLUMNS - 1)


def _normal(lat: float, lon: float) -> tuple[float, float]:
    values: list[float] = []
    for name, value in (("lat", lat), ("lon", lon)):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise InvalidPoint(name, value, Said("not a number", "không phải là số")) from None
        if not math.isfinite(number):
            raise InvalidPoint(name, value, Said("not a finite number", "không phải số hữu hạn"))
        values.append(number)
    lon = math.fmod(values[1], 360.0)
    if lon < -180.0:
        lon += 360.0
    elif lon >= 180.0:
        lon -= 360.0
    return min(90.0, max(-90.0, values[0])), lon


def encode(lat: float, lon: float, length: int = 10) -> str:
    """The code of the cell that holds a point, with ``length`` digits (more than 15 are cut to 15).

    :raises InvalidPoint: for a coordinate that is no finite number.
    :raises InvalidLength: for a number of digits that the system does not have.
    """
    row, column = to_grid(lat, lon)
    if length == 10:
        return _ten_digits(row // 3125, column // 1024)
    if length > 15:
        length = 15
    if length not in _HEIGHT:
        raise _bad_length(length)
    return encode_grid(row, column, length)


def encode_grid(row: int, column: int, length: int) -> str:
    """The code with ``length`` digits of a row and column of the finest grid."""
    code = _ten_digits(row // 3125, column // 1024)
    for digits in range(11, length + 1):
        code += ALPHABET[row // _HEIGHT[digits] % 5 * 4 + column // _WIDTH[digits] % 4]
    return code if length >= 10 else code[:length].ljust(8, PADDING) + SEPARATOR


def _ten_digits(lat: int, lon: int) -> str:
    """The code of a row and a column of 1/8000 degree."""
    pairs = _PAIRS
    a, lat = divmod(lat, 8000)
    b, lon = divmod(lon, 8000)
    c, lat = divmod(lat, 400)
    d, lon = divmod(lon, 400)
    return (
        f"{pairs[a // 20 * 20 + b // 20]}{pairs[a % 20 * 20 + b % 20]}{pairs[c * 20 + d]}"
        f"{pairs[lat // 20 * 20 + lon // 20]}+{pairs[lat % 20 * 20 + lon % 20]}"
    )


def compact(code: str) -> str:
    """``code`` in capitals without blanks, hyphens and dots; the ``+`` stays.

    :raises InvalidFormat, InvalidLength: for what can be no code at all.
    """
    return clean.compact(code)


def validate(code: str) -> str:
    """The compact form of a full or short code; anything else is an error that says why.

    :raises InvalidFormat: for a foreign character, a ``+`` or padding out of place, no ``+``.
    :raises InvalidLength: for a single digit after the ``+``, or none at all.
    :raises InvalidComponent: for a full code beyond the pole or the 180th meridian.
    """
    text = compact(code)
    at = text.find(SEPARATOR)
    if at < 0 or at != text.rfind(SEPARATOR):
        raise _bad(code, "one '+' is needed, after the eighth digit", "cần đúng một dấu '+', sau chữ số thứ tám")
    if at > 8 or at % 2:
        raise _bad(code, "the '+' is out of place", "dấu '+' không đúng chỗ")
    if len(text) == 1 or len(text) - at == 2:
        raise InvalidLength("code", code, Said("a digit is missing after the '+'", "thiếu chữ số sau dấu '+'"))
    if not _CHARACTERS.issuperset(text):
        raise clean.unexpected(_CHARACTERS, value=code, what=_WHAT)
    if PADDING in text:
        _check_padding(code, text, at)
    if at == 8 and (_VALUE[text[0]] > 8 or (text[1] != PADDING and _VALUE[text[1]] > 17)):
        raise InvalidComponent(
            "code", code, Said("the cell lies beyond the globe", "ô nằm ngoài phạm vi Trái Đất")
        )
    return text


def _check_padding(code: str, text: str, at: int) -> None:
    digits = text[:at].rstrip(PADDING)
    if at < 8 or len(text) > 9 or PADDING in digits or not digits or len(digits) % 2:
        raise _bad(code, "zeros may only fill a full code up to its '+'", "số 0 chỉ dùng để lấp mã đến dấu '+'")


def is_valid(code: str) -> bool:
    """Whether ``code`` is a full or a short code."""
    try:
        validate(code)
    except InvalidInput:
        return False
    return True


def is_short(code: str) -> bool:
    """Whether ``code`` is a valid short code, which needs a place nearby to be read."""
    return is_valid(code) and compact(code).find(SEPARATOR) < 8


def is_full(code: str) -> bool:
    """Whether ``code`` is a valid full code."""
    return is_valid(code) and compact(code).find(SEPARATOR) == 8


def format(code: str) -> str:  # noqa: A001 (the verb has this name in every system)
    """A valid code as it is printed: capitals, no blanks."""
    return validate(code)


def digits_of(code: str) -> str:
    """The digits of a full code without ``+`` and padding, 15 at most.

    :raises InvalidFormat: for a short code, and as :func:`validate`.
    """
    text = validate(code)
    if text[8:9] != SEPARATOR:
        raise _bad(
            code,
            "a short code; it needs a place nearby to be read",
            "mã rút gọn; cần một địa điểm gần đó để đọc",
        )
    return text.replace(SEPARATOR, "").rstrip(PADDING)[:15]


def grid_of(digits: str) -> tuple[int, int, int, int]:
    """``(row, column, height, width)`` on the finest grid of the cell with these digits."""
    row = column = 0
    for i in range(0, min(len(digits), 10), 2):
        row = row * 20 + _VALUE[digits[i]]
        column = column * 20 + _VALUE[digits[i + 1]]
    for digit in digits[10:]:
        down, across = divmod(_VALUE[digit], 4)
        row, column = row * 5 + down, column * 4 + across
    height, width = _HEIGHT[len(digits)], _WIDTH[len(digits)]
    return row * height, column * width, height, width


def cell_around(row: int, column: int, length: int) -> Cell:
    """The cell of a code with ``length`` digits that holds a row and column of the finest grid, in degrees."""
    height, width = _HEIGHT[length], _WIDTH[length]
    return cell_of(row - row % height, column - column % width, height, width)


def cell_of(row: int, column: int, height: int, width: int) -> Cell:
    """A block of the finest grid in degrees."""
    south, west = row - 90 * ROWS_PER_DEGREE, column - 180 * COLUMNS_PER_DEGREE
    return _cell(
        south=south / ROWS_PER_DEGREE,
        west=west / COLUMNS_PER_DEGREE,
        north=(south + height) / ROWS_PER_DEGREE,
        east=(west + width) / COLUMNS_PER_DEGREE,
    )


def decode(code: str) -> Cell:
    """The cell of a full code, south and west edges included, in WGS 84 degrees.

    :raises InvalidCode: as :func:`validate`; a short code is an :class:`InvalidFormat`.
    """
    try:
        if len(code) == 11 and code[8] == SEPARATOR:
            value = _PAIR_VALUE
            both = (((value[code[:2]] * 20 + value[code[2:4]]) * 20 + value[code[4:6]]) * 20) + value[code[6:8]]
            both = both * 20 + value[code[9:]]
            south, west = (both >> 32) - 720_000, (both & 0xFFFFFFFF) - 1_440_000
            if south < 720_000 and west < 1_440_000:
                return _cell(south / 8000, west / 8000, (south + 1) / 8000, (west + 1) / 8000)
    except (KeyError, TypeError):
        pass  # not ten plain digits: the long way reads it or says what is wrong
    return cell_of(*grid_of(digits_of(code)))


def shorten(code: str, lat: float, lon: float) -> str:
    """A full code without its first 4, 6 or 8 digits, as many as a place at ``lat, lon`` makes needless.

    A digit goes only where the place lies within 0.3 of the cell that the rest names, so that a reader with
    a slightly different idea of the place still recovers the code. Too far away, the full code returns.

    :raises InvalidLength: for a code with fewer than 6 digits or with padding.
    """
    digits = digits_of(code)
    text = validate(code)
    if PADDING in text or len(digits) < 6:
        raise InvalidLength(
            "code", code, Said("too coarse to be shortened", "mã quá ngắn, không thể rút gọn thêm")
        )
    lat, lon = _normal(lat, lon)
    centre = cell_of(*grid_of(digits)).centre
    away = max(abs(centre.lat - lat), abs(centre.lon - lon))
    for cut, resolution in ((8, 0.0025), (6, 0.05), (4, 1.0)):
        if away < resolution * 0.3:
            return text[cut:]
    return text


def recover(short: str, lat: float, lon: float) -> str:
    """The full code nearest to a place at ``lat, lon`` that ends in a short code; a full code stays.

    :raises InvalidCode: as :func:`validate`.
    :raises InvalidPoint: for a place that is no finite number.
    """
    text = validate(short)
    missing = 8 - text.find(SEPARATOR)
    if not missing:
        return text
    lat, lon = _normal(lat, lon)
    guess = encode(lat, lon)[:missing] + text
    row, column, height, width = grid_of(digits_of(guess))
    centre = cell_of(row, column, height, width).centre
    resolution = 20.0 ** (2 - missing // 2)
    rows, columns = int(resolution * ROWS_PER_DEGREE), int(resolution * COLUMNS_PER_DEGREE)
    if lat + resolution / 2 < centre.lat and row >= rows:
        row -= rows
    elif lat - resolution / 2 > centre.lat and row + rows < ROWS:
        row += rows
    if lon + resolution / 2 < centre.lon:
        column -= columns
    elif lon - resolution / 2 > centre.lon:
        column += columns
    return encode_grid(row, column % COLUMNS, min(len(guess) - 1, 15))


def _bad(code: str, en: str, vi: str) -> InvalidFormat:
    return InvalidFormat("code", code, Said(en, vi))


def _bad_length(length: int) -> InvalidLength:
    listed = ", ".join(map(str, LENGTHS))
    return InvalidLength(
        "length", length, Said(f"a Plus Code has one of {listed} digits", f"mã Plus Code có {listed} chữ số")
    )
