"""The one household whose address is the very one that is asked for: every part of it, and nobody else's.

Searches answer what comes near as well; who is told a code takes it for the code of this door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from geoaddr.distance import haversine_m
from geoaddr.finding.homes import Homes
from geoaddr.finding.houses import figures, flat_doors, last_digits, levels_of, number_doors
from geoaddr.interpretation.detail import Detail
from geoaddr.known import number_on_street, read_street
from geoaddr.lines import is_line
from geoaddr.model import AddressRecord, Components, Point
from geoaddr.named import place_key
from geoaddr.registry import Registry
from geoaddr.registry.likeness import address_line, feature
from geoaddr.store import Door, Kind, Numbered, Reads
from geoaddr.stored import ENDS, NAMES
from geoaddr.text.accents import accents_agree
from geoaddr.text.fold import fold

NEAR_M = 100.0
"""So close a household that had an address before may be the one that has it now."""


class Address(NamedTuple):
    """What tells a door from others. ``number``: the levels of its house number; ``sure``: whether these are all,
    an alley that stands before the name of a street may be one of several; ``others``: the keys of each name, then
    that of its floor."""

    number: str
    sure: bool
    flat: str
    others: tuple[frozenset[str], ...]


def household_at(reads: Reads, homes: Homes, asked: Detail, commune: str) -> AddressRecord | None:
    """The standing household with exactly the address that is ``asked`` for, in a commune of today.

    None where a part is stated on one side alone, and none where another household there may have this address
    too: the same number and flat, and nothing that it states beside them speaks against it.
    """
    wanted = address_of(asked)
    sharing = [
        (door.house.ndas, stated)
        for door in _doors(reads, homes, asked, commune)
        if may_be(wanted, address_of(stated := homes.lines.likely(door.components)))
        and homes.lies_in(door.house, commune, homes.filings_of(commune))
    ]
    if len(sharing) != 1:
        return None
    ((ndas, stated),) = sharing
    if address_of(stated) != wanted or not _same_accents(asked, stated):
        return None
    record = reads.records([ndas]).get(ndas)
    if record is None or (is_line(record.components) and not homes.lines.read(record.components.text or "").whole):
        return None
    return record if homes.commune_today(record) == commune else None


def of_this_address(reads: Reads, homes: Homes, stated: Components, commune: str) -> list[str]:
    """The codes of all standing households with exactly the address that is ``stated``, in a commune of today.

    Lines that were not taken apart are not looked at.
    """
    wanted, filings = address_of(stated), homes.filings_of(commune)
    return [
        door.house.ndas
        for door in _doors(reads, homes, stated, commune)
        if not is_line(door.components)
        and address_of(door.components) == wanted
        and _same_accents(stated, door.components)
        and homes.lies_in(door.house, commune, filings)
    ]


def others_of_address(registry: Registry, homes: Homes, record: AddressRecord) -> Iterator[str]:
    """The codes of other standing households with exactly a record's address, in its commune; then of those close
    by that had it before: who enters an older list again names what was renamed since."""
    told = {record.ndas}
    commune = homes.commune_of(record)
    if commune is not None:
        found = of_this_address(registry.store, homes, record.components, commune)
        told.update(found)
        yield from (code for code in found if code != record.ndas)
    for other in registry.formerly(record.components) if address_line(record.components) else ():
        if other.ndas not in told and other.status not in ENDS and _metres(record.point, other.point) <= NEAR_M:
            yield other.ndas


def _metres(here: Point, there: Point) -> float:
    return haversine_m(here.lat, here.lon, there.lat, there.lon)


def _doors(reads: Reads, homes: Homes, asked: Detail | Components, commune: str) -> list[Door]:
    """At least the doors with the number and flat that are asked for; none where these do not tell a door."""
    wanted = address_of(asked)
    kind, key = _filed_by(asked)
    number = number_on_street(asked.house_number, asked.alley)
    if not wanted.number or not wanted.sure or number is None or not key:
        return []
    digits = last_digits(levels_of(asked.house_number, asked.alley))
    between = number_doors(digits) if asked.unit is None else (*flat_doors(figures(asked.unit)), *number_doors(""))
    codes = homes.filings_of(commune).codes
    return reads.doors(kind, [Numbered(key, codes, number, between=between)])[0]


def address_of(stated: Detail | Components) -> Address:
    """What tells the door that is ``stated`` from others."""
    mouth = read_street(stated.street).number if stated.street else None
    number = ""
    if stated.house_number:
        alley = stated.alley if mouth is None else (str(mouth), *stated.alley)
        number = feature("house_number", "/".join(levels_of(stated.house_number, alley)))
    streets = frozenset(filter(None, (read_street(piece).street for piece in _pieces(stated.street))))
    places = [
        frozenset(filter(None, map(place_key, _pieces(getattr(stated, name)))))
        for name in NAMES
        if name != "street"
    ]
    floor = frozenset({_bare(stated.floor)} if stated.floor else ())
    return Address(number, mouth is None, _bare(stated.unit or ""), (streets, *places, floor))


def may_be(wanted: Address, there: Address) -> bool:
    """Whether a door may be the one that is wanted, as far as both say."""
    if (there.number, there.flat) != (wanted.number, wanted.flat):
        return False
    return all(one <= other or other <= one for one, other in zip(wanted.others, there.others, strict=True))


def _filed_by(asked: Detail | Components) -> tuple[Kind, str]:
    """By which name the registry is asked; an empty one without a street where the places are none or several."""
    if asked.street:
        return "street", read_street(asked.street).street
    places = [*_pieces(asked.poi), *_pieces(asked.building), *_pieces(asked.hamlet)]
    return "place", place_key(places[0]) if len(places) == 1 else ""


def _same_accents(asked: Detail | Components, stated: Components) -> bool:
    """Whether names that are written with accents on both sides have the same: ``Bảo Khang`` is not ``Bảo
    Kháng``. Who writes none means any."""
    pairs = [(getattr(asked, name) or "", getattr(stated, name) or "") for name in NAMES]
    pairs += zip_longest(asked.alley, stated.alley, fillvalue="")
    return all(accents_agree(one, other) for one, other in pairs)


def _pieces(value: str | None) -> list[str]:
    return [piece for each in (value or "").split(",") if (piece := each.strip())]


def _bare(written: str) -> str:
    """A flat or a floor without the words that say only that it is one: ``P.301`` and ``căn hộ 301`` are 301."""
    folded = fold(written)
    return _GAP.sub("", _WORDS.sub("", folded)) or folded


_WORDS = re.compile(
    r"^(?:(?:can ho|can|ch|phong|p|room|apartment|apt|unit|flat|tang|lau|floor|so)(?: |(?=[0-9])))+(?=.*[0-9])"
)
_GAP = re.compile(r"(?<=[0-9]) (?=[a-z])|(?<=[a-z]) (?=[0-9])")
