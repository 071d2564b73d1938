"""Where the streets lie that the registry's addresses stand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from geoaddr.known import DIVISIONS, division_of, number_on_street, on_street, read_street
from geoaddr.model import AddressRecord
from geoaddr.named import place_of
from geoaddr.registry.likeness import likeness
from geoaddr.store import Entry, Filed, Placed, Reads, Standing

REACH = 40
"""How far from a house number its neighbours may be, in numbers."""

NEIGHBOURS = 5
"""So many of the nearest tell where a house lies, with all that are as far as the last of them."""


class Present(Protocol):
    """Who tells what commune codes as filed mean today."""

    def code(self, filed: Filed) -> str | None:
        """The code that all of the commune has now; ``None`` where it has several, or none."""

    def filed_as(self, commune: str) -> Collection[Filed]:
        """All that have this code now."""


class AsFiled:
    """Codes of the last division of the country mean themselves; earlier ones mean no commune of today."""

    def code(self, filed: Filed) -> str | None:
        """The code itself, or ``None``."""
        return filed.commune if filed.division == len(DIVISIONS) else None

    def filed_as(self, commune: str) -> Collection[Filed]:
        """The code itself."""
        return (Filed(commune, len(DIVISIONS)),)


def entry(record: AddressRecord, number: int | None = None) -> Entry:
    """A record as it is kept; ``number`` its likeness where that is known."""
    return Entry(record, likeness(record.components) if number is None else number, placed(record))


def placed(record: AddressRecord) -> Placed | None:
    """How the record is found by its street and place; ``None`` where it names neither."""
    found, place = on_street(record.components), place_of(record.components)
    division = division_of(record.issued_on)
    if found is not None:
        return Placed(*found, division, place)
    if place is None:
        return None
    return Placed(None, number_on_street(record.components.house_number, record.components.alley), division, place)


def communes_of(
    reads: Reads,
    street: str,
    *,
    communes: Collection[str] | None,
    house_number: str | None,
    minimum: int,
    present: Present,
) -> Mapping[str, int]:
    """As :meth:`geoaddr.known.KnownStreets.communes_of` promises."""
    key, mouth = read_street(street)
    if not key:
        return {}
    filed: set[str] | None = None
    if communes is not None:
        communes = frozenset(communes)
        filed = {filed.commune for commune in communes for filed in present.filed_as(commune)}
    number = mouth if mouth is not None else number_on_street(house_number)
    if number is not None:
        near = range(max(number - REACH, number % 2), number + REACH + 1, 2)
        nearest = _nearest(reads.standing_on(key, filed, near), number, communes, present)
        if told := _told(nearest, minimum):
            return told
    return _told(_counted(reads.standing_on(key, filed), communes, present), minimum)


def _nearest(
    found: Sequence[Standing], number: int, communes: Collection[str] | None, present: Present
) -> Counter[str]:
    """Those nearest to a number, of the communes that are asked for."""
    nearest: Counter[str] = Counter()
    away = -1
    for standing in sorted(found, key=lambda s: abs((s.number or 0) - number)):
        before, away = away, abs((standing.number or 0) - number)
        if away > before and sum(nearest.values()) >= NEIGHBOURS:
            break
        nearest += _counted([standing], communes, present)
    return nearest


def _counted(found: Sequence[Standing], communes: Collection[str] | None, present: Present) -> Counter[str]:
    counts: Counter[str] = Counter()
    for standing in found:
        code = present.code(standing.filed)
        if code is not None and (communes is None or code in communes):
            counts[code] += standing.addresses
    return counts


def _told(counts: Mapping[str, int], minimum: int) -> dict[str, int]:
    return {code: n for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= minimum}
