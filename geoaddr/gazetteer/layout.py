"""How the gazetteer lies in a pack: the agreement between the builder and the reader.

Every unit is a number, its *key*: the level's rank times 100,000 plus the code. One row of ``units.*`` is
one stretch of a unit's life; rows are sorted by key, then by beginning, so that the stretches of one code
lie together and provinces come first. Days are proleptic Gregorian ordinals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Protocol

from geoaddr.errors import Said, UnknownUnit
from geoaddr.model import Grade, Level
from geoaddr.profiles.vn import CODE_WIDTH

LEVELS: tuple[Level, ...] = ("province", "district", "commune")
LEVEL_VI: dict[Level, str] = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
GRADES: tuple[Grade, ...] = ("whole", "part", "unknown")

PREFIXES = ("units.", "names.", "links.", "postcodes.")
"""The sections that make up a gazetteer."""

NO_KEY = 2**32 - 1
"""In ``units.parent``: no parent."""

OPEN = 0
"""In ``to`` columns: still in force."""

_SPAN = 100_000
_LEVEL_OF_WIDTH: dict[int, Level] = {width: level for level, width in CODE_WIDTH.items()}


class Texts(Protocol):
    """A column of texts, read one by one."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[str]: ...

    def __getitem__(self, index: int, /) -> str: ...


class SectionSource(Protocol):
    """What the reader needs of a pack."""

    def view(self, name: str) -> memoryview[Any]:
        """A section of numbers as a flat typed memoryview."""

    def strings(self, name: str) -> Texts:
        """A section of texts."""


def level_of(code: str) -> Level | None:
    """The level that a code's width tells, or ``None`` for anything that is not a code."""
    return _LEVEL_OF_WIDTH.get(len(code)) if code.isascii() and code.isdigit() else None


def key_of(level: Level, code: str) -> int:
    """The key of ``code`` at ``level``.

    :raises UnknownUnit: when ``code`` does not have the level's width in digits.
    """
    if level_of(code) != level:
        width = CODE_WIDTH[level]
        raise UnknownUnit(
            "code",
            code,
            Said(f"the code of a {level} has {width} digits", f"mã {LEVEL_VI[level]} có {width} chữ số"),
        )
    return LEVELS.index(level) * _SPAN + int(code)


def code_of(key: int) -> tuple[Level, str]:
    """The level and code of a key."""
    level = LEVELS[key // _SPAN]
    return level, f"{key % _SPAN:0{CODE_WIDTH[level]}d}"


def ordinal(day: dt.date | None) -> int:
    """A day as a number; ``None`` is an open end."""
    return OPEN if day is None else day.toordinal()


def day_of(number: int) -> dt.date | None:
    """The reverse of :func:`ordinal`."""
    return None if number == OPEN else dt.date.fromordinal(number)
