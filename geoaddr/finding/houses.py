"""A house number on one street: the house itself, or where it must be by its neighbours.

Odd numbers stand on one side of a street and even ones on the other (08/2024/TT-BXD), so only numbers of the same
side tell where one between them is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Literal

from geoaddr.distance import haversine_m
from geoaddr.finding.points import LEAST_M, middle
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_print import levels
from geoaddr.model import AddressRecord, Point
from geoaddr.store import Door, House
from geoaddr.stored import ALL_DOORS

REACH = 40
"""How far from a house number its neighbours may be, in numbers."""

FAR_M = 60.0
"""Two neighbours that are more than this apart for each number between them stand on two streets of one name."""

ASIDE_M = 95.0
"""How far from others at its number of the street a house in an alley lies: 68 % of the real sample do within."""

STEP_M = 8.0
"""The way from one house number to the next on its side is about this for each number."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a house number is: ``how`` it was found, the records that it is, else a point and its uncertainty."""

    how: Literal["house", "alley", "interpolated", "neighbour", "none"]
    records: tuple[AddressRecord, ...] = ()
    point: Point | None = None
    uncertainty_m: float | None = None


NOWHERE = Placing("none")

_DIGITS = re.compile(r"[0-9]+")
_ALLEY = "ngõ"
_MOST_DIGITS = 18
"""Of a number that all engines have."""
_LETTERED = re.compile(r"[a-z]?[0-9]+[a-z]?")


def around(number: int) -> range:
    """The numbers that tell where one is."""
    return range(max(0, number - REACH), number + REACH + 1)


def same_doors(asked: Detail, doors: Sequence[Door]) -> Sequence[Door]:
    """Those of the doors at its number of a street that are the address ``asked`` for."""
    wanted = levels_of(asked.house_number, asked.alley)
    same = [door for door in doors if levels_of(door.house_number, door.alley) == wanted]
    return _of_same_flat(asked, same) if same else ()


def near_number(number: int, houses: Sequence[House]) -> Placing:
    """Where an address that is not known must be, by the ``houses`` at its number of the street, else by those
    about it."""
    at = [house for house in houses if house.number == number]
    if at:
        point, reach = middle(at)
        return Placing("alley", (), point, max(ASIDE_M, reach if len(at) > 1 else 0.0))
    return _between(number, [h for h in houses if h.number is not None and (h.number - number) % 2 == 0])


@lru_cache(maxsize=4096)
def house_doors(digits: str) -> tuple[tuple[float, float], ...]:
    """Between what the numbers of all doors of a house lie, its flats among them, as stores number doors.

    :param digits: of its innermost level: see :func:`last_digits`.
    """
    if len(digits) > _MOST_DIGITS:
        return ()
    low, number = (ALL_DOORS[0], 0), int(digits or 0)
    return (low, (number, number)) if number else (low,)


def number_doors(digits: str) -> tuple[tuple[float, float], ...]:
    """The same of the doors of a house that are no flats, with those of which the number is not told."""
    number = int(digits) if digits and len(digits) <= _MOST_DIGITS else 0
    return ((0, 0), (number, number)) if number else ((0, 0),)


def flat_doors(figures_asked: str) -> tuple[tuple[float, float], ...]:
    """The same of all flats of these figures: ``305`` may have been stated as ``3-05``, or after a word."""
    found = _DIGITS.match(figures_asked)
    digits = found[0] if found else ""
    if len(digits) > _MOST_DIGITS:
        return ()
    begins = {0, *(int(digits[:end]) for end in range(1, len(digits) + 1))}
    return tuple([(-1 - number, -1 - number) for number in sorted(begins)])


def last_digits(levels_asked: tuple[str, ...]) -> str:
    """The digits that the house number of every address of these levels holds."""
    if not levels_asked:
        return ""
    last = levels_asked[-1]
    return last if last.isdecimal() and last.isascii() else _first_digits(last)


@lru_cache(maxsize=4096)
def _first_digits(level: str) -> str:
    found = _DIGITS.search(level)
    return found[0] if found else ""


def levels_of(house_number: str | None, alley: tuple[str, ...]) -> tuple[str, ...]:
    """A house number and its alleys as they are compared, level by level; an alley of one level alone is no house
    of its number."""
    if house_number is None:
        found = _levels(None, alley)
        return (_ALLEY, *found) if len(found) == 1 else found
    outside = () if not alley else alley if all(map(str.isdigit, alley)) else _levels(None, alley)
    if house_number.isalnum() and house_number[0].isdigit():  # most of them
        return (*outside, house_number.upper())
    numbers = house_number.split("/")
    if not all(map(str.isdigit, numbers)):
        return _levels(house_number, alley)
    repeated = len(numbers) > len(outside) and tuple(numbers[: len(outside)]) == outside
    return (*outside, *numbers[len(outside) if repeated else 0 :])


@lru_cache(maxsize=16_384)
def _levels(house_number: str | None, alley: tuple[str, ...]) -> tuple[str, ...]:
    return levels(Detail(house_number=house_number, alley=alley))


def _of_same_flat(asked: Detail, doors: Sequence[Door]) -> Sequence[Door]:
    """Of the doors of one house those of the flat that was asked for, by its figures and letters, else by its
    figures; all where that tells nothing."""
    flats = [(door, unit) for door in doors if (unit := door.stated.get("unit"))]
    if asked.unit is None:
        return [door for door in doors if not door.stated.get("unit")] or doors
    lettered, plain = figures(asked.unit), _digits(asked.unit)
    same = [door for door, unit in flats if figures(unit) == lettered]
    return same or [door for door, unit in flats if _digits(unit) == plain] or doors


@lru_cache(maxsize=16_384)
def figures(text: str) -> str:
    """The digits of a flat's number with the letters at them: ``12A-05`` is not ``12-05``."""
    return "".join(_LETTERED.findall(text.casefold()))


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))


def _between(number: int, side: Sequence[House]) -> Placing:
    below = _nearest([house for house in side if (house.number or 0) < number], number)
    above = _nearest([house for house in side if (house.number or 0) > number], number)
    if below and above:
        (low, *here), (high, *there) = below, above
        apart_m = haversine_m(here[0], here[1], there[0], there[1])
        if apart_m <= FAR_M * (high - low):
            part = (number - low) / (high - low)
            lat = here[0] + part * (there[0] - here[0])
            lon = here[1] + part * (there[1] - here[1])
            nearer = min(part, 1.0 - part) * apart_m
            return Placing("interpolated", (), Point(lat=lat, lon=lon), round(max(LEAST_M, nearer), 1))
    ends = [end for end in (below, above) if end]
    if not ends:
        return NOWHERE
    nearest, lat, lon = min(ends, key=lambda end: (abs(end[0] - number), end[0]))
    return Placing("neighbour", (), Point(lat=lat, lon=lon), LEAST_M + STEP_M * abs(nearest - number))


def _nearest(houses: Sequence[House], number: int) -> tuple[int, float, float] | None:
    """The number nearest to one, and the middle of the houses there."""
    if not houses:
        return None
    nearest = min((house.number or 0 for house in houses), key=lambda other: abs(other - number))
    there = [house for house in houses if house.number == nearest]
    return nearest, median(house.lat for house in there), median(house.lon for house in there)
