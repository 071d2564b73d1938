"""The Vpostcode: a national postcode and the tail of a Plus Code, twelve characters for a 3 m cell.

Published by Vietnam Post in May 2020. The first five characters are the postcode of the commune; the other
seven are the fifth to eleventh digit of the Open Location Code of the point. That split is inferred from
published examples, so it stands in two functions only: :func:`joined` writes it and :func:`split` reads it.

The four digits that are left out name a cell of one degree. Which one, the postcode's area tells: of all cells
of that tail that meet the box around the area, those that lie in the area or touch it are readings, the one
nearest to the middle of the box first. On the mainland that is one; in the archipelagos it can be several.
No separator and no letter case is prescribed: any is read, none and capitals are written.

>>> encode(21.0285, 105.8542, "11024")
'110242VH3CM4'
>>> format("11024-2vh3-cm4")
'110242VH3CM4'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Protocol

from geoaddr.codes import clean, plus_code
from geoaddr.codes.plus_code import COLUMNS_PER_DEGREE, ROWS_PER_DEGREE
from geoaddr.errors import InvalidInput, Said
from geoaddr.model import Cell, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POSTCODE_DIGITS = 5
TAIL_DIGITS = 7
LENGTH = POSTCODE_DIGITS + TAIL_DIGITS

_WHAT = Said("a Vpostcode", "mã Vpostcode")
_POSTCODE = Said("a postcode", "mã bưu chính")
_TAIL = frozenset(plus_code.ALPHABET)

_STEPS = (0.5, 0.0, 1.0, 0.25, 0.75)
LATTICE = tuple((up, along) for up in _STEPS for along in _STEPS)
"""Where an area is asked about a cell, as parts of its height and width: its middle first, so that nearly every
true reading costs one question."""

_WIDE_STEPS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
_AROUND = tuple(
    (up, along) for up in _WIDE_STEPS for along in _WIDE_STEPS if not (0 <= up <= 1 and 0 <= along <= 1)
)
"""And around it, up to one cell away: an area that only just reaches into a cell may miss all points inside."""


class Area(Protocol):
    """What decoding must know of a postcode's area."""

    @property
    def postcode(self) -> str:
        """Five digits."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge of the box around the area, WGS 84 degrees."""

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the area holds a point, its border included."""


@dataclass(frozen=True, slots=True)
class VpostcodeReading(Record):
    """One cell that a Vpostcode may name.

    ``postcode`` as typed; ``plus_code`` the full Open Location Code of 11 digits; ``areas`` the postcodes of
    the areas that the cell touches. ``within`` is false where no area is known to hold a point of the cell and
    one does hold a point less than a cell away, as for a house at the very border.
    """

    code: str
    postcode: str
    plus_code: str
    cell: Cell
    areas: tuple[str, ...]
    within: bool = True


def encode(lat: float, lon: float, postcode: str) -> str:
    """The Vpostcode of a point (WGS 84 degrees) in the area of ``postcode``, which is taken as given.

    :raises InvalidPoint: for a coordinate that is no finite number.
    :raises InvalidFormat, InvalidLength: for a postcode that is not five digits.
    """
    if not isinstance(postcode, str) or len(postcode) != POSTCODE_DIGITS or not clean.is_digits(postcode):
        postcode = clean.require_digits(clean.compact(postcode), POSTCODE_DIGITS, value=postcode, what=_POSTCODE)
    return joined(postcode, plus_code.encode(lat, lon, 11))


def joined(postcode: str, code: str) -> str:
    """The Vpostcode of a postcode of five digits and a full Plus Code of eleven, both taken as they are."""
    return postcode + code[4:8] + code[9:]


def encode_many(lat: Any, lon: Any, postcodes: Any) -> NDArray[np.bytes_]:
    """:func:`encode` over columns, as an ``S12`` column; a row with an empty postcode has an empty code.

    :raises InvalidPoint: for the first coordinate that is no finite number.
    :raises InvalidFormat, InvalidLength: for the first postcode that is neither empty nor five digits.
    """
    from geoaddr.codes.vpostcode_columns import encode_many as columns

    return columns(lat, lon, postcodes)


def compact(code: str) -> str:
    """``code`` in capitals without blanks, hyphens and dots."""
    return clean.compact(code)


def split(code: str) -> tuple[str, str]:
    """The postcode and the seven digits of the Plus Code; errors as :func:`validate`."""
    text = compact(code)
    if len(text) != LENGTH:
        raise clean.wrong_length(len(text), str(LENGTH), value=code, what=_WHAT)
    postcode, tail = text[:POSTCODE_DIGITS], text[POSTCODE_DIGITS:]
    if not clean.is_digits(postcode):
        raise clean.unexpected(clean.DIGITS, value=code, what=Said("the postcode", "phần mã bưu chính"))
    if not _TAIL.issuperset(tail):
        raise clean.unexpected(_TAIL, value=code, what=Said("a Vpostcode's tail", "phần đuôi Vpostcode"), skip=5)
    return postcode, tail


def validate(code: str) -> str:
    """The twelve characters of ``code``.

    :raises InvalidLength: for another number of characters.
    :raises InvalidFormat: for a postcode that is not digits or a tail with a character outside the alphabet.
    """
    return "".join(split(code))


def is_valid(code: str) -> bool:
    """Whether ``code`` is well-formed; whether its postcode exists is for the gazetteer to say."""
    try:
        split(code)
    except InvalidInput:
        return False
    return True


def format(code: str) -> str:  # noqa: A001 (the verb has this name in every system)
    """A valid Vpostcode as it is printed: twelve characters without separators."""
    return validate(code)


def decode(code: str, areas: Sequence[Area]) -> list[VpostcodeReading]:
    """Every cell that ``code`` may name within ``areas``, the likeliest first; empty when none fits.

    Cells that an area holds a point of come before those beside one, then the nearer to the middle of its box.

    ``areas``: that of the postcode on the date asked for or, for an unknown postcode, every area of the
    province that its first two digits stand for.

    :raises InvalidCode: as :func:`validate`.
    """
    postcode, tail = split(code)
    found: dict[tuple[int, int], _Found] = {}
    for area in areas:
        for place, away in _candidates(tail, area):
            cell = plus_code.cell_of(*place, _HEIGHT, _WIDTH)
            within = _holds_any(area, cell, LATTICE)
            if within or _holds_any(area, cell, _AROUND):
                known = found.setdefault(place, _Found(cell, within, away))
                known.within, known.away = known.within or within, min(known.away, away)
                known.areas[area.postcode] = None
    order = sorted(found, key=lambda place: (not found[place].within, found[place].away, place))
    return [
        VpostcodeReading(
            code=postcode + tail,
            postcode=postcode,
            plus_code=plus_code.encode_grid(*place, 11),
            cell=found[place].cell,
            areas=tuple(found[place].areas),
            within=found[place].within,
        )
        for place in order
    ]


@dataclass(slots=True)
class _Found:
    """What is known of a cell while areas are gone through; ``areas`` is an ordered set."""

    cell: Cell
    within: bool
    away: float
    areas: dict[str, None] = field(default_factory=dict)


_HEIGHT, _WIDTH = 5**4, 4**4
"""Rows and columns of the finest grid in a cell of eleven digits."""


def _candidates(tail: str, area: Area) -> Iterator[tuple[tuple[int, int], float]]:
    """Row and column of each cell with this tail that meets the area's box or lies beside it, and its distance
    from the box's middle, squared, in degrees."""
    west, south, east, north = area.bounds
    down, across, _, _ = plus_code.grid_of("2222" + tail)
    tall, wide = _HEIGHT / ROWS_PER_DEGREE, _WIDTH / COLUMNS_PER_DEGREE
    first_lat, first_lon = down / ROWS_PER_DEGREE, across / COLUMNS_PER_DEGREE
    lats = _degrees(south - 2 * tall - first_lat, north + tall - first_lat, -90, 89)
    lons = _degrees(west - 2 * wide - first_lon, east + wide - first_lon, -180, 179)
    for lat in lats:
        for lon in lons:
            place = ((lat + 90) * ROWS_PER_DEGREE + down, (lon + 180) * COLUMNS_PER_DEGREE + across)
            away = (lat + first_lat - (south + north) / 2) ** 2 + (lon + first_lon - (west + east) / 2) ** 2
            yield place, away


def _degrees(low: float, high: float, least: int, most: int) -> range:
    """Whole degrees from ``low`` to ``high``, with a hair of room for rounding, within the globe."""
    hair = 1e-9
    return range(max(least, ceil(low - hair)), min(most, floor(high + hair)) + 1)


def _holds_any(area: Area, cell: Cell, lattice: Sequence[tuple[float, float]]) -> bool:
    """Whether the area holds a point of ``lattice``, in cells north and east of the south-west corner."""
    south, west, tall, wide = cell.south, cell.west, cell.north - cell.south, cell.east - cell.west
    return any(area.holds(south + up * tall, west + along * wide) for up, along in lattice)
