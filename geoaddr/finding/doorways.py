"""The households that many texts ask for, looked up together: each where one door alone is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from geoaddr.finding.homes import Homes
from geoaddr.finding.houses import figures, flat_doors, house_doors, last_digits, levels_of
from geoaddr.finding.wanted import Units, Wanted
from geoaddr.store import Door, Filed, Kind, Numbered, Reads


class At(NamedTuple):
    """A household, and the commune of today in which it was looked for."""

    commune: str
    door: Door


Lies = Callable[[Door, str], bool]
"""Whether a door lies in a commune."""


def doors_of(reads: Reads, homes: Homes, wanted: Sequence[Wanted]) -> list[At | None]:
    """For each of some texts that have a number and a name the household that it asks for; ``None`` where it is
    not the only one, not known, or where its name is borne in several of the communes that may be meant."""
    told: list[At | None] = [None] * len(wanted)
    lies = _lying(homes)
    found: list[tuple[int, At]] = []
    for places, doors in _looked_up(reads, wanted):
        borne = bearers(reads, [wanted[at] for at in places])
        for at, there in zip(places, doors, strict=True):
            if there:
                commune = borne(wanted[at])
                read = [(homes.door(door), door) for door in there]
                door = None if commune is None else _meant(wanted[at], read, commune, lies)
                if door is not None and commune is not None:
                    found.append((at, At(commune, door)))
    communes = homes.communes_of(reads, [household.door for _, household in found])
    for (at, household), commune in zip(found, communes, strict=True):
        if commune == household.commune:
            told[at] = household
    return told


def _looked_up(reads: Reads, wanted: Sequence[Wanted]) -> Iterator[tuple[list[int], list[list[Door]]]]:
    """Positions of what is wanted with the doors among which it is, one kind of name after another."""
    by_kind: dict[Kind, list[int]] = {"street": [], "place": []}
    for at, each in enumerate(wanted):
        by_kind[each.names[0].kind].append(at)
    for kind, places in by_kind.items():
        if places:
            yield places, reads.doors(kind, [_numbered(wanted[at]) for at in places])


def _numbered(wanted: Wanted) -> Numbered:
    levels, flat = wanted.levels, wanted.flat
    assert wanted.number is not None
    between = house_doors(levels) if flat is None else flat_doors(figures(flat))
    return Numbered(wanted.names[0].key, wanted.units.filings.codes, wanted.number, last_digits(levels), between)


def _meant(wanted: Wanted, doors: Sequence[tuple[Door, Door]], commune: str, lies: Lies) -> Door | None:
    """The one of the doors at its number that is meant, as :func:`geoaddr.finding.houses.same_doors` has it.

    :param doors: as they are understood, each beside how it is kept.
    """
    levels, flat = wanted.levels, wanted.flat
    same = [each for each in doors if _levels_at(each[0]) == levels and lies(each[1], commune)]
    if flat is not None:
        asked = figures(flat)
        same = [each for each in same if (unit := each[0].stated.get("unit")) and figures(unit) == asked]
    elif len(same) > 1:
        same = [each for each in same if not each[0].stated.get("unit")]
    return same[0][1] if len(same) == 1 else None


def _levels_at(door: Door) -> tuple[str, ...]:
    stated = door.stated
    return levels_of(stated.get("house_number"), door.alley if "alley" in stated else ())


def _lying(homes: Homes) -> Lies:
    """Whether doors lie in communes; remembered for those that were filed under what was not divided since."""
    sure: dict[tuple[Filed, str], bool | None] = {}

    def lies(door: Door, commune: str) -> bool:
        filed = door.house.filed
        key = (filed, commune)
        known = sure.get(key)
        if known is None and key not in sure:
            filings = homes.filings_of(commune)
            if commune not in filings.communes(filed):
                known = False
            elif not filings.divided(filed, homes.present):
                known = True
            sure[key] = known
        return homes.lies_in(door.house, commune, homes.filings_of(commune)) if known is None else known

    return lies


def bearers(reads: Reads, wanted: Sequence[Wanted]) -> Callable[[Wanted], str | None]:
    """Tells in which one of its communes the first name of a text is borne, ``None`` for several. Where one
    commune alone may be meant it is that, whether the name is borne there or not."""
    asked: dict[tuple[Units, Kind], set[str]] = {}
    for each in wanted:
        if len(each.units.communes) > 1:
            asked.setdefault((each.units, each.names[0].kind), set()).add(each.names[0].key)
    found: dict[tuple[Units, Kind, str], set[str]] = {}
    for (units, kind), keys in asked.items():
        for borne in reads.bearing(kind, keys, units.filings.codes):
            there = found.setdefault((units, kind, borne.key), set())
            there.update(c for c in units.filings.communes(borne.filed) if c in units.communes)

    def one(each: Wanted) -> str | None:
        communes = each.units.communes
        if len(communes) == 1:
            return next(iter(communes))
        bearing = found.get((each.units, each.names[0].kind, each.names[0].key), set())
        return next(iter(bearing)) if len(bearing) == 1 else None

    return one
