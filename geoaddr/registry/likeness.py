"""When two drafts are one household: the same folded components, a few metres apart.

The rule has a number, :data:`RULE`. Registries keep what it says of each record (:func:`likeness`), so a change
of it goes with a step that computes those numbers anew: ``docs/decisions/0004-registry-port.md``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from geoaddr.distance import haversine_m
from geoaddr.model import AddressRecord, Cell, Components, Point
from geoaddr.registry.nearness import box_around
from geoaddr.text.fold import fold

RULE = 1
"""Which rule of likeness this is. One more for every change of what :func:`features` answers."""

SAME_PLACE_M = 10.0
"""Two points of one household, taken by two people or two receivers, lie within this."""

LINE_CHARACTERS = 200
"""Of an address on one line."""

PARTS = ("house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi")
"""The parts that tell households apart, in the order in which they are told."""

_values_of = attrgetter(*PARTS)

BETWEEN = "|"
"""Stands between the rule and the parts."""


def features(components: Components) -> str:
    """The folded parts that tell households of one place apart; empty when nothing was stated.

    The units are left out: communes merge, and a point on a border falls on either side of it. The whole line
    counts only where no part of it was stated, and then to the letter but for case and spaces: a line that
    nobody took apart is weak evidence that two households are one.

    Words that say only what a part is do not count: ``Phố`` before a street, ``Số`` before a house number.
    Neither do a blank between a digit and a letter (12 A) and zeros before a house number. Slashes count,
    which folding drops: 16/18 is in an alley, 16-18 is not. So do accents on a letter that follows a digit,
    5Đ stands beside 5D, and a prime after a house number, 5' beside 5.
    """
    stated = [
        feature(name, value if name != "alley" else "/".join(value))
        for name, value in zip(PARTS, _values_of(components), strict=True)
        if value
    ]
    if not stated and components.text:
        stated = [line_feature(components.text)]
    return BETWEEN.join(stated)


def feature(name: str, value: str) -> str:
    """What one part says; the levels of an alley are parted by slashes. :func:`features` has them in the order of
    :data:`PARTS` with :data:`BETWEEN` between them."""
    return f"{name}={_folded(name, value)}"


def line_feature(text: str) -> str:
    """What a whole line says, where no part is stated."""
    return f"text={_line(text)}"


def address_line(components: Components) -> str:
    """The same parts on one folded line, small to large, at most :data:`LINE_CHARACTERS`: ``12/34 quan thanh``."""
    parts = ((name, value) for name, value in zip(PARTS, _values_of(components), strict=True) if value)
    told = [_folded(name, "/".join(value) if name == "alley" else value) for name, value in parts]
    line = " ".join(told) if told else fold(components.text or "")
    return line.replace(";", " ")[:LINE_CHARACTERS].strip()


def likeness(components: Components) -> int:
    """A signed 64-bit number, equal for equal features, and hardly ever else."""
    return int.from_bytes(digests([f"{RULE}{BETWEEN}{features(components)}".encode()]), signed=True)


def digests(told: Iterable[bytes]) -> bytes:
    """The eight bytes of the number of each :data:`RULE` and :func:`features`, the highest first, end to end."""
    blake2b = hashlib.blake2b  # a call for each, and nothing else: loads spend a tenth of their time here
    return b"".join([blake2b(each, digest_size=8).digest() for each in told])


def neighbourhood(point: Point) -> Cell:
    """A box that holds every point of the same place."""
    return box_around(point.lat, point.lon, SAME_PLACE_M)


def same_household(record: AddressRecord, components: Components, point: Point) -> bool:
    """Whether ``record`` is the address that the others describe.

    With nothing stated there is only the place to go by, and neighbours stand a few metres apart: then the
    points must be equal. Two lines that were taken apart may name different wards, which their parts do not tell:
    they have to read alike.
    """
    if abs(record.point.lat - point.lat) > _FAR_DEGREES or distance_m(record, point) > SAME_PLACE_M:
        return False
    line, other = components.text, record.components.text
    if line and other and line != other and _line(line) != _line(other):
        return False
    told = features(components)
    return features(record.components) == told and (told != "" or record.point == point)


_FAR_DEGREES = 0.001
"""Farther than :data:`SAME_PLACE_M` along a meridian, seen without computing the distance."""


def distance_m(record: AddressRecord, point: Point) -> float:
    """From a record to a point."""
    return haversine_m(record.point.lat, record.point.lon, point.lat, point.lon)


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@lru_cache(maxsize=16_384)  # streets and house numbers come again and again
def _folded(name: str, text: str) -> str:
    if name == "house_number" and text.isascii() and text.isdigit():  # most of them
        return text.lstrip("0") or "0"
    text = unicodedata.normalize("NFKC", text).casefold()
    prime = ""
    if name == "house_number":
        text = _ZEROS.sub("", _NUMBER_WORD.sub("", text, count=1))
        prime = "'" if _PRIME.search(text) else ""
    elif name == "street":
        text = _STREET_LETTER.sub("", text, count=1)
    folded = "/".join(map(fold, text.split("/")))
    if name == "street":
        folded = _STREET_WORDS.sub("", folded, count=1)
    return _GAP.sub("", folded) + prime + _accented_letters(text)


def _accented_letters(text: str) -> str:
    if text.isascii():
        return ""
    return "".join(letter for letter in _AFTER_A_DIGIT.findall(text) if not letter.isascii())


_AFTER_A_DIGIT = re.compile(r"[0-9][^\w/]*([^\W\d_])(?![^\W\d_])")
"""The letter of a house number such as 12A."""

_GAP = re.compile(r"(?<=\d) (?=[^\W\d_])|(?<=[^\W\d_]) (?=\d)")
"""What people write or leave out between a digit and a letter."""

_ZEROS = re.compile(r"(?<![\d.,])0+(?=\d)")

_PRIME = re.compile(r"\w\s*['`´ʹʼ‘’‛′]")

_NUMBER_WORD = re.compile(r"^\s*(?:s[oốô]\s*nh[aà]|nh[aà]\s*s[oốô]|s[oốô]|sn|no)(?:[.:\s]+(?=\w)|(?=\d))")
"""Số, số nhà, nhà số, No. at the beginning of a house number."""

_STREET_LETTER = re.compile(r"^\s*(?:(?:đl|dl|đ|d|p)\s*\.\s*(?=\w)|đ\s+(?=[^\W\d_]))")
"""Đ., P., ĐL. at the beginning of a street. Without the point D and P are names of streets: D5."""

_STREET_WORDS = re.compile(r"^(?:(?:duong|pho|dai lo) )+(?=\S)")
"""Đường, phố, đại lộ, folded; the surname Dương goes with them, which some write without accents too."""
