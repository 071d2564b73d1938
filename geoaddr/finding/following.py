"""A house number followed on all the streets where it may be, which are asked for their doors at once."""

from __future__ import annotations

from collections.abc import Sequence

from geoaddr.finding.asking import Asked
from geoaddr.finding.houses import Placing, around, near_number, same_doors
from geoaddr.finding.looking import Looking
from geoaddr.finding.streets import Found, Streets


class Following:
    """Follows the house number that a text asks for.

    :param found: the streets and places on which it may be.
    """

    def __init__(self, streets: Streets, looking: Looking, asked: Asked, found: Sequence[Found]) -> None:
        assert asked.number is not None
        self._streets, self._reads, self._number = streets, looking.reads, asked.number
        doors = streets.doors(looking, found, asked)
        self._codes = {
            at: [door.house.ndas for door in same_doors(asked.detail, there)]
            for at, there in zip(found, doors, strict=True)
        }
        every = [code for codes in self._codes.values() for code in codes]
        self._records = self._reads.records(every) if every else {}

    def placing(self, at: Found) -> Placing:
        """The house on one of the streets, else where it must be."""
        records = [self._records[code] for code in sorted(self._codes[at]) if code in self._records]
        if records:
            return Placing("house", tuple(records))
        number = self._number
        houses = self._streets.houses(self._reads, at, range(number, number + 1))
        return near_number(number, houses or self._streets.houses(self._reads, at, around(number)))
