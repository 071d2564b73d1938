"""Ways: the streets, alleys and apartment houses along which a commune's households are strung.

Four ways make a group: a street, two alleys off it, and an alley off the first of these. In towns the second
alley of some groups is an apartment house at the end of the street instead. Groups make settlements: one a
hamlet in the country, four a neighbourhood in town.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.synthetic import draws
from geoaddr.synthetic.communes import Columns, numbered
from geoaddr.synthetic.draws import Use

Ints = NDArray[np.int64]

GROUP = 4
STREET, ALLEY, SECOND, INNER = range(GROUP)
"""The part of a way in its group, which is also its distance from the street in the table of ways."""

WAY_HOUSEHOLDS = {True: 60, False: 40}
"""Households of a way on average, in towns and in the country."""
SETTLEMENT_GROUPS = {True: 4, False: 1}

TOWER_SHARE = 0.15
TOWER_WEIGHT = 3
"""How many groups of a town have an apartment house, and how much more it holds than a way."""
UNITS_A_FLOOR = 8
LETTER_SHARE = 0.12
"""Of the slots that may: houses built in beside number n, which are n and the letter A."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of some communes, one after the other; arrays have one value a way.

    ``number`` counts within the commune, ``settlement`` over all settlements; ``settlement_commune`` and
    ``settlement_number`` have a value a settlement. ``first`` is a way's first household within its commune.
    ``mouth`` is the house of ``parent`` (a row of this table) after which an alley begins, -1 for streets.
    """

    communes: Columns
    commune: Ints
    number: Ints
    households: Ints
    first: Ints
    tower: NDArray[np.bool_]
    parent: Ints
    mouth: Ints
    settlement: Ints
    settlement_commune: Ints
    settlement_number: Ints

    @property
    def keys(self) -> NDArray[np.uint64]:
        """The key of each way's commune."""
        return self.communes.keys[self.commune]

    @property
    def part(self) -> Ints:
        """What each way is in its group."""
        return self.number % GROUP

    @property
    def group(self) -> Ints:
        """The number of each way's group, and so of its street, within the commune."""
        return self.number // GROUP

    def street(self) -> Ints:
        """The row of each way's street."""
        return np.arange(len(self.number)) - self.part


def lay_ways(communes: Columns) -> Ways:
    """The ways of communes, with their households."""
    urban = communes.urban
    counts = -(-communes.households // np.where(urban, WAY_HOUSEHOLDS[True], WAY_HOUSEHOLDS[False]))
    commune, number = numbered(counts)
    keys, part = communes.keys[commune], number % GROUP
    tower = urban[commune] & (part == SECOND)
    tower &= draws.share(keys, Use.TOWER, number // GROUP) < TOWER_SHARE
    weights = 500 + draws.below(1001, keys, Use.WAY_WEIGHT, number)
    households, first = _shared(communes.households, counts, commune, weights * np.where(tower, TOWER_WEIGHT, 1))
    parent = np.arange(len(number)) - np.array([0, 1, 2, 2])[part]
    groups = -(-counts // GROUP)
    per = np.where(urban, SETTLEMENT_GROUPS[True], SETTLEMENT_GROUPS[False])
    settlements = -(-groups // per)
    settlement_commune, settlement_number = numbered(settlements)
    before = np.cumsum(settlements) - settlements
    return Ways(
        communes, commune, number, households, first, tower, parent,
        _mouths(keys, number, households, parent, tower),
        before[commune] + number // GROUP // per[commune], settlement_commune, settlement_number,
    )  # fmt: skip


def _shared(totals: Ints, counts: Ints, commune: Ints, weights: Ints) -> tuple[Ints, Ints]:
    """Households by weight: the whole numbers between the rounded-down running shares; and what came before."""
    ends = np.cumsum(counts)
    reach = np.cumsum(weights)
    before = (reach - weights)[ends - counts]
    reach = reach - before[commune]
    sums = reach[ends - 1]
    upto = totals[commune] * reach // sums[commune]
    first = totals[commune] * (reach - weights) // sums[commune]
    return upto - first, first


def _mouths(
    keys: NDArray[np.uint64], number: Ints, households: Ints, parent: Ints, tower: NDArray[np.bool_]
) -> Ints:
    """Alleys off one street begin in halves of their own, so that no two begin at one house."""
    part, houses = number % GROUP, households[parent]
    half = houses // 2
    low = np.where(part == SECOND, half, 0)
    room = np.select([part == ALLEY, part == SECOND], [half, houses - half], houses)
    mouth = low + draws.below(np.maximum(room, 1), keys, Use.MOUTH, number)
    return np.where((part == STREET) | tower, -1, mouth)


@dataclass(frozen=True, slots=True)
class Houses:
    """Households by columns: their way, their place on it, and the number that this place gives.

    ``slot`` counts along a side. Even places lie on the left, so that odd numbers do.
    """

    way: Ints
    place: Ints
    number: Ints
    lettered: NDArray[np.bool_]


def numbered_houses(ways: Ways, way: Any, place: Any) -> Houses:
    """The houses at places (from 0) of ways: odd numbers on the left, even ones on the right, upwards from 1;
    here and there a house built in later has its neighbour's number with a letter."""
    slot, side = place // 2, place % 2
    household = ways.first[way] + place
    lettered = slot % 4 == 3
    lettered &= draws.share(ways.keys[way], Use.LETTER, household) < LETTER_SHARE
    return Houses(way, place, 2 * (slot - lettered) + 1 + side, lettered)


def tower_numbers(ways: Ways) -> Ints:
    """The house number of an apartment house: the next odd one after the last house of its street."""
    found: Ints = 2 * -(-ways.households[ways.street()] // 2) + 1
    return found
