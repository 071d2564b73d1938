"""Addresses that stand oddly among their neighbours: likely twice in the registry, or with a number out of order.

What is found is for people to look at, and says what it goes by. Only standing addresses are looked at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from geoaddr.errors import Said
from geoaddr.model import AddressRecord, Components, Record
from geoaddr.registry.likeness import address_line, distance_m
from geoaddr.registry.neighbourhoods import Near, Neighbourhoods, Standing, standing
from geoaddr.store import Placed, Reads

Oddity = Literal["duplicate", "number_out_of_order", "outside_commune", "text_and_point"]

SAME_WORDS_M = 50.0
"""Equal components within this are likely one household: receivers in narrow streets are off by as much."""

SAME_NUMBER_M = 25.0
"""So is one number of one street within this, where nothing else that is stated differs."""

ALONG_M = 60.0
"""How far along a street neighbours tell of an order."""

FEWEST_NEIGHBOURS = 4
"""So many neighbours on one side, in order among themselves, tell the order."""

OFF_M = 10.0
"""A house this far on the wrong side of a neighbour is out of order; less may be the error of a point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion(Record):
    """Something for a person to look at: of which kind, about which address and which ``others``, what it goes by,
    and what there is to say."""

    kind: Oddity
    ndas: str
    others: tuple[str, ...]
    evidence: Mapping[str, Any]
    said: Said


_FIRST_NUMBER = re.compile(r"\s*(?:số\s*)?(\d+[a-z]?(?:\s*/\s*\d+[a-z]?)*)\b")
"""47, 47/11, 12A/3 at the beginning of an address."""


class _House(NamedTuple):
    """A house on one side of a street: metres east and north of the one that is looked at."""

    record: AddressRecord
    number: int
    east_m: float
    north_m: float


def odd_among_neighbours(reads: Reads, records: Sequence[AddressRecord]) -> Iterator[list[Suspicion]]:
    """For each of some standing records, those of one area, what is odd about it beside those around it. Of two
    likely duplicates the one with the smaller code tells."""
    near = Neighbourhoods(reads, records, ALONG_M)
    for record in records:
        own, around = standing(record), near.around(record)
        found = [*_duplicates(own, around)]
        if own.placed is not None and own.placed.street is not None and own.placed.number is not None:
            found += _out_of_order(own, own.placed, own.placed.number, around)
        yield found


def _duplicates(own: Standing, around: Sequence[Near]) -> Iterator[Suspicion]:
    record, told = own.record, own.features
    if not told:
        return
    for near in around:
        other = near.other
        if other.record.ndas < record.ndas:
            continue
        same = other.features == told and near.within(SAME_WORDS_M, record)
        alike = same or (_one_number(own.placed, other.placed) and near.within(SAME_NUMBER_M, record))
        if same or (alike and _agree(own, other)):
            ndas, away_m = other.record.ndas, distance_m(other.record, record.point)
            evidence = {
                "distance_m": round(away_m, 1),
                "address": _shown(record.components),
                "other_address": _shown(other.record.components),
            }
            en = f"{record.ndas} and {ndas} are {away_m:.0f} m apart and read alike"
            vi = f"{record.ndas} và {ndas} cách nhau {away_m:.0f} m và có địa chỉ giống nhau"
            yield Suspicion(
                kind="duplicate", ndas=record.ndas, others=(ndas,), evidence=evidence, said=Said(en, vi)
            )


def _one_number(a: Placed | None, b: Placed | None) -> bool:
    if a is None or b is None or a.street is None or a.number is None:
        return False
    return (a.street, a.number) == (b.street, b.number)


def _agree(a: Standing, b: Standing) -> bool:
    """Whether one says no more than what the other leaves out. Of a line that nobody took apart only the number at
    its beginning tells: it may hold anything else."""
    one, other = a.record.components, b.record.components
    if (one.text and not one.street) or (other.text and not other.street):
        first, second = _first_number(one), _first_number(other)
        return first is None or second is None or first == second
    return all(b.parts.get(name, value) == value for name, value in a.parts.items())


def _first_number(components: Components) -> str | None:
    """The number that an address begins with, its slashes kept."""
    found = _FIRST_NUMBER.match((components.house_number or components.text or "").casefold())
    return None if found is None else "".join(found[1].split())


def _out_of_order(own: Standing, where: Placed, number: int, around: Sequence[Near]) -> Iterator[Suspicion]:
    """A number between or beyond those of its side that are in order without it."""
    record, side = own.record, []
    for near in around:
        there = near.other.placed
        if there is None or there.number is None or there.street != where.street:
            continue
        if (there.number - number) % 2 == 0 and near.within(ALONG_M, record):
            side.append(_House(near.other.record, there.number, near.east_m, near.north_m))
    if len(side) < FEWEST_NEIGHBOURS:
        return
    along = _along(side)
    slope = _order(along)
    if slope == 0:
        return
    wrong = [
        house
        for at_m, house in along
        if abs(at_m) > OFF_M and (number - house.number) * slope * math.copysign(1.0, -at_m) < 0
    ]
    if not wrong:
        return
    others = tuple(house.record.ndas for house in wrong)
    numbers = [house.number for _, house in along]
    evidence = {"street": where.street, "number": number, "neighbours": numbers}
    listed = ", ".join(map(str, numbers))
    en = f"number {number} of {record.ndas} stands among {listed}"
    vi = f"số {number} của {record.ndas} đứng giữa các số {listed}"
    yield Suspicion(
        kind="number_out_of_order", ndas=record.ndas, others=others, evidence=evidence, said=Said(en, vi)
    )


def _along(side: Sequence[_House]) -> list[tuple[float, _House]]:
    """Houses by their metres along the line that fits them best, from the house that is looked at."""
    east = sum(house.east_m for house in side) / len(side)
    north = sum(house.north_m for house in side) / len(side)
    spread = [(house.east_m - east, house.north_m - north) for house in side]
    across = sum(x * y for x, y in spread)
    turn = math.atan2(2 * across, sum(x * x - y * y for x, y in spread)) / 2
    cos, sin = math.cos(turn), math.sin(turn)
    return sorted(((house.east_m * cos + house.north_m * sin, house) for house in side), key=lambda item: item[0])


def _order(along: Sequence[tuple[float, _House]]) -> int:
    """1 where numbers grow along the line, -1 where they fall, 0 where they do neither."""
    numbers = [house.number for _, house in along]
    if numbers[0] == numbers[-1] or along[-1][0] - along[0][0] < 2 * OFF_M:
        return 0
    if numbers == sorted(numbers):
        return 1
    return -1 if numbers == sorted(numbers, reverse=True) else 0


def _shown(components: Components) -> str:
    return address_line(components)
