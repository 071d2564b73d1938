"""The households that many texts ask for, looked up together: each where one door alone is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from geoaddr.finding.homes import Homes, uncertainty
from geoaddr.finding.houses import figures, flat_doors, house_doors, last_digits, levels_of
from geoaddr.finding.wanted import Units, Wanted
from geoaddr.store import Door, Doors, House, Kind, Numbered, Reads


class At(NamedTuple):
    """A household: the commune of today in which it was looked for, its code as a number, its point in degrees and
    how good that is, metres, and what it states for itself and like others."""

    commune: str
    code: int
    lat: float
    lon: float
    uncertainty_m: float
    own: Mapping[str, Any]
    shared: Mapping[str, Any]


def doors_of(reads: Reads, homes: Homes, wanted: Sequence[Wanted]) -> list[At | None]:
    """For each of some texts that have a number and a name the household that it asks for; ``None`` where it is
    not the only one, not known, or where its name is borne in several of the communes that may be meant."""
    told: list[At | None] = [None] * len(wanted)
    by_kind: dict[Kind, list[int]] = {"street": [], "place": []}
    for at, each in enumerate(wanted):
        by_kind[each.names[0].kind].append(at)
    for kind, places in by_kind.items():
        some = [wanted[at] for at in places]
        if some:
            for at, household in _found(reads, homes, kind, some):
                told[places[at]] = household
    found = [household for household in told if household is not None]
    communes = iter(homes.communes_of(reads, [h.code for h in found], [(h.lat, h.lon) for h in found]))
    return [each if each is not None and next(communes) == each.commune else None for each in told]


def _found(reads: Reads, homes: Homes, kind: Kind, wanted: Sequence[Wanted]) -> Iterator[tuple[int, At]]:
    """The households of those for which there is one, with their positions."""
    doors = reads.doors_by_column(kind, [_numbered(each) for each in wanted])
    borne = bearers(reads, wanted)
    meant = _Meant(homes, doors)
    for at, rows in meant.same(wanted).items():
        each = wanted[at]
        communes = borne(each)
        row = meant.alone(rows, communes[0], each.flat) if len(communes) == 1 else None
        if row is not None:
            _, _, code, lat, lon, own, shared, source, stated_m = row
            reach_m = uncertainty(source, stated_m)
            yield at, At(communes[0], code, lat, lon, reach_m, doors.stated[own], doors.stated[shared])


def _numbered(wanted: Wanted) -> Numbered:
    units, names, number, levels, flat = wanted
    assert number is not None
    digits = last_digits(levels)
    between = house_doors(digits) if flat is None else flat_doors(figures(flat))
    return Numbered(names[0].key, units.filings.codes, number, digits, between)


_Row = tuple[int, int, int, float, float, int, int, str, float | None]
"""Of :class:`geoaddr.stored.Doors`."""


class _Meant:
    """Tells which of some doors are meant, as :func:`geoaddr.finding.houses.same_doors` has it."""

    def __init__(self, homes: Homes, doors: Doors) -> None:
        self._homes, self._doors = homes, doors
        self._sure: dict[tuple[int, str], bool | None] = {}

    def same(self, wanted: Sequence[Wanted]) -> dict[int, list[_Row]]:
        """The doors with the levels that are asked for, by the position of what asks for them."""
        known = [None if "text" in stated else _levels_of(stated) for stated in self._doors.stated]
        found: dict[int, list[_Row]] = {}
        for row in self._doors.rows:
            at, levels = row[0], known[row[5]]
            if (_levels_of(self._read(row)) if levels is None else levels) == wanted[at].levels:
                if at in found:
                    found[at].append(row)
                else:
                    found[at] = [row]
        return found

    def alone(self, rows: Sequence[_Row], commune: str, flat: str | None) -> _Row | None:
        """The one of doors of the same levels that lies in a commune and is the flat that is asked for, if one is;
        else a house rather than its flats."""
        there = [row for row in rows if self._lies(row, commune)]
        if flat is not None:
            asked = figures(flat)
            there = [row for row in there if (unit := self._read(row).get("unit")) and figures(unit) == asked]
        elif len(there) > 1:
            there = [row for row in there if not self._read(row).get("unit")]
        return there[0] if len(there) == 1 else None

    def _read(self, row: _Row) -> Mapping[str, Any]:
        """What a door states of itself; of one that has nothing but a line what is likely."""
        own = self._doors.stated[row[5]]
        if "text" not in own:
            return own
        house = House("", self._doors.filed[row[1]], None, row[3], row[4])
        return self._homes.door(Door(house, {**own, **self._doors.stated[row[6]]}, row[7], row[8])).stated

    def _lies(self, row: _Row, commune: str) -> bool:
        """Whether a door lies in a commune; remembered for those that were filed under what was not divided
        since."""
        key = (row[1], commune)
        known = self._sure.get(key)
        if known is not None:
            return known
        filed, filings = self._doors.filed[row[1]], self._homes.filings_of(commune)
        if key not in self._sure:
            if commune not in filings.communes(filed):
                self._sure[key] = False
            else:
                self._sure[key] = None if filings.divided(filed, self._homes.present) else True
            return self._lies(row, commune)
        return self._homes.lies_in(House("", filed, None, row[3], row[4]), commune, filings)


def _levels_of(stated: Mapping[str, Any]) -> tuple[str, ...]:
    if "alley" in stated:
        return levels_of(stated.get("house_number"), tuple(stated["alley"]))
    return levels_of(stated["house_number"], ()) if "house_number" in stated else ()


def bearers(reads: Reads, wanted: Sequence[Wanted]) -> Callable[[Wanted], tuple[str, ...]]:
    """Tells in which of its communes the first name of a text is borne. Where one commune alone may be meant it is
    that, whether the name is borne there or not."""
    asked: dict[tuple[Units, Kind], set[str]] = {}
    for each in wanted:
        if each.units.only is None:
            asked.setdefault((each.units, each.names[0].kind), set()).add(each.names[0].key)
    found: dict[tuple[Units, Kind, str], set[str]] = {}
    for (units, kind), keys in asked.items():
        for borne in reads.bearing(kind, keys, units.filings.codes):
            there = found.setdefault((units, kind, borne.key), set())
            there.update(c for c in units.filings.communes(borne.filed) if c in units.communes)

    def bearing(each: Wanted) -> tuple[str, ...]:
        only = each.units.only
        if only is not None:
            return (only,)
        return tuple(sorted(found.get((each.units, each.names[0].kind, each.names[0].key), ())))

    return bearing
