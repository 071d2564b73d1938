"""Addresses of before: a house by the number that it had, a street by the name that it had.

A registry remembers the former address of every household that was amended, as one folded line. So a household is
found by its old line whole; and a street that nobody stands on any more is looked for by its houses, a few of
whose numbers any street has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from geoaddr.finding.asking import Asked, Name
from geoaddr.finding.homes import Homes
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_print import levels
from geoaddr.known import on_street
from geoaddr.model import AddressRecord, Components
from geoaddr.named import place_of
from geoaddr.registry.amending import FORMERLY
from geoaddr.registry.likeness import address_line
from geoaddr.store import ENDS, Reads

PROBED = 12
"""House numbers that a renamed street is looked for by, from 1 on."""

BESIDE = 2
"""And as many numbers on both sides of the one that is asked for."""


class Former:
    """Looks for addresses of before. Safe to share between threads."""

    def __init__(self, homes: Homes) -> None:
        self._homes = homes

    def households(self, reads: Reads, asked: Asked) -> list[tuple[AddressRecord, str]]:
        """The standing households that had all of the address before, with their communes, where that is meant."""
        communes = asked.communes or asked.wide
        found: dict[str, tuple[AddressRecord, str]] = {}
        for record, commune in self._at(reads, _lines(asked.detail), communes):
            found.setdefault(record.ndas, (record, commune))
        return [found[code] for code in sorted(found)]

    def names(self, reads: Reads, name: Name, asked: Asked) -> dict[str, str]:
        """What a street or place is called now, by the commune that it is in, of those that are meant; as most of
        its houses say."""
        told: Counter[tuple[str, str]] = Counter()
        lines = (address_line(_named(name, str(number))) for number in _probed(asked.number))
        for record, commune in self._at(reads, lines, asked.communes):
            key = self._key(record, name)
            if key is not None and key != name.key:
                told[commune, key] += 1
        best: dict[str, str] = {}
        for (commune, key), _ in sorted(told.items(), key=lambda item: (-item[1], item[0])):
            best.setdefault(commune, key)
        return best

    def _at(
        self, reads: Reads, lines: Iterable[str], communes: Mapping[str, float]
    ) -> Iterator[tuple[AddressRecord, str]]:
        """Who is kept under each of some lines."""
        asked = [line for line in dict.fromkeys(lines) if line]
        kept = reads.by_aliases(FORMERLY, asked)
        for record in (record for line in asked for record in kept.get(line, ())):
            commune = self._homes.commune_of(record)
            if commune is not None and commune in communes and record.status not in ENDS:
                yield record, commune

    @staticmethod
    def _key(record: AddressRecord, name: Name) -> str | None:
        if name.kind == "place":
            return place_of(record.components)
        found = on_street(record.components)
        return None if found is None else found.street


def _probed(number: int | None) -> list[int]:
    near = range(max(1, number - BESIDE), number + BESIDE + 1) if number is not None else ()
    return [*dict.fromkeys([*([] if number is None else [number]), *near, *range(1, PROBED + 1)])]


def _named(name: Name, house_number: str) -> Components:
    if name.kind == "street":
        return Components(house_number=house_number, street=name.written)
    return Components(house_number=house_number, hamlet=name.written)


def _lines(detail: Detail) -> Iterator[str]:
    """The lines that the address may have been kept as: its alleys with and without their words, or before the
    house with strokes; with its hamlet and without."""
    given = Components(
        house_number=detail.house_number, alley=detail.alley, street=detail.street, hamlet=detail.hamlet
    )
    writings = [given]
    if detail.alley:
        *inner, last = levels(Detail(house_number=detail.house_number, alley=detail.alley))
        writings += [
            replace(given, alley=tuple(inner), house_number=last),
            replace(given, alley=(), house_number="/".join([*inner, last])),
        ]
    for each in writings:
        yield address_line(each)
        if each.street and each.hamlet:
            yield address_line(replace(each, hamlet=None))
