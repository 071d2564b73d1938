"""Where the streets lie that the registry's addresses stand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from geoaddr.known import DIVISIONS, division_of, number_on_street, on_street, read_street
from geoaddr.model import AddressRecord
from geoaddr.registry.likeness import likeness
from geoaddr.store import Entry, Filed, Placed, Reads, Standing

REACH = 40
"""How far from a house number its neighbours may be, in numbers."""

NEIGHBOURS = 5
"""So many of the nearest tell where a house lies, with all that are as far as the last of them."""

Present = Callable[[Filed], str | None]
"""From a commune code as filed to the one that all of the commune has now; ``None`` where it has several."""


def entry(record: AddressRecord, number: int | None = None) -> Entry:
    """A record as it is kept; ``number`` its likeness where that is known."""
    return Entry(record, likeness(record.components) if number is None else number, placed(record))


def placed(record: AddressRecord) -> Placed | None:
    """How the record is found by its street; ``None`` where it names none."""
    found = on_street(record.components)
    return None if found is None else Placed(*found, division_of(record.issued_on))


def as_filed(filed: Filed) -> str | None:
    """The code itself, where it is of the last division of the country."""
    return filed.commune if filed.division == len(DIVISIONS) else None


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
    filed = None
    if communes is not None:
        communes = frozenset(communes)
        filed = {f.commune for f in reads.filed_on(key) if present(f) in communes}
        if not filed:
            return {}
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
        code = present(standing.filed)
        if code is not None and (communes is None or code in communes):
            counts[code] += standing.addresses
    return counts


def _told(counts: Mapping[str, int], minimum: int) -> dict[str, int]:
    return {code: n for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= minimum}
