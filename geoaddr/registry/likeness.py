"""When two drafts are one household: the same folded components, the same commune, a few metres apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from operator import attrgetter

from geoaddr.distance import haversine_m
from geoaddr.model import AddressRecord, Cell, Components, Point
from geoaddr.registry.nearness import box_around
from geoaddr.text.fold import fold

SAME_PLACE_M = 10.0
"""Two points of one household, taken by two people or two receivers, lie within this."""

_PARTS = ("house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi")
_values_of = attrgetter(*_PARTS)


def features(components: Components) -> str:
    """The folded parts that tell households of one place apart; empty when nothing was stated.

    The commune and province are left out: the commune's code stands for both. The whole line counts only
    where no part of it was stated, and then to the letter but for case and spaces: a line that nobody took
    apart is weak evidence that two households are one. Slashes count, which folding drops: 16/18 is in an
    alley, 16-18 is not. So do accents on a letter that follows a digit: 5Đ stands beside 5D.
    """
    stated = [
        f"{name}={_folded(value if name != 'alley' else ' / '.join(value))}"
        for name, value in zip(_PARTS, _values_of(components), strict=True)
        if value
    ]
    if not stated and components.text:
        stated = [f"text={_line(components.text)}"]
    return "|".join(stated)


def likeness(components: Components, commune_code: str) -> int:
    """A signed 64-bit number, equal for equal features in one commune, and hardly ever else."""
    text = f"{commune_code}|{features(components)}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def neighbourhood(point: Point) -> Cell:
    """A box that holds every point of the same place."""
    return box_around(point.lat, point.lon, SAME_PLACE_M)


def same_household(record: AddressRecord, components: Components, commune_code: str, point: Point) -> bool:
    """Whether ``record`` is the address that the others describe.

    With nothing stated there is only the place to go by, and neighbours stand a few metres apart: then the
    points must be equal.
    """
    if record.commune_code != commune_code:
        return False
    told = features(components)
    if features(record.components) != told:
        return False
    if not told:
        return record.point == point
    return distance_m(record, point) <= SAME_PLACE_M


def distance_m(record: AddressRecord, point: Point) -> float:
    """From a record to a point."""
    return haversine_m(record.point.lat, record.point.lon, point.lat, point.lon)


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@lru_cache(maxsize=16_384)  # streets and house numbers come again and again
def _folded(text: str) -> str:
    folded = fold(text) + "/" * text.count("/")
    if text.isascii():
        return folded
    letters = _AFTER_A_DIGIT.findall(unicodedata.normalize("NFC", text).casefold())
    return folded + "".join(letter for letter in letters if not letter.isascii())


_AFTER_A_DIGIT = re.compile(r"(?<=[0-9])[^\W\d_](?![^\W\d_])")
"""The letter of a house number such as 12A."""
