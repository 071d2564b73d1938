"""Completions of a text that is being typed: units, then the streets and places that begin so, then houses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from operator import itemgetter

from geoaddr.conversion.carrying import Carrier
from geoaddr.errors import InvalidPoint, Said, UnknownUnit
from geoaddr.finding.around import Around
from geoaddr.finding.beginnings import MOST_UNITS, REMEMBERED_BEGINNINGS, Beginnings
from geoaddr.finding.completed import completions_of
from geoaddr.finding.filings import Filings
from geoaddr.finding.geocoder import FEWEST_SPELLINGS, checked_limit
from geoaddr.finding.homes import Homes
from geoaddr.finding.houses import levels_of
from geoaddr.finding.labels import SAMPLE, label, spelling
from geoaddr.finding.parting import Partings
from geoaddr.finding.popular import Way
from geoaddr.finding.records import Completion, Match
from geoaddr.finding.typed import Typed, read
from geoaddr.finding.unit_names import UnitName, UnitNames
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.locating import Locator
from geoaddr.model import Components, Point, Unit
from geoaddr.store import Door, Kind, Numbered, Reads
from geoaddr.text.asked import asked as checked_text

MOST_COMPLETIONS = 20

MOST_DAYS = 4
"""Days whose names are kept at hand."""

MOST_SUCCESSORS = 3
"""Communes that are told for an old unit that was divided, the likeliest."""

REMEMBERED = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Bias:
    """The communes whose completions come first, the nearest first, with their provinces."""

    communes: tuple[str, ...]
    place: Mapping[str, int]
    provinces: frozenset[str | None]


class Suggester:
    """Completes texts. Safe to share between threads.

    :param reads: gives the rows of a registry, or ``None`` while there is none.
    :param find: finds by a whole text, with the arguments of :meth:`geoaddr.finding.geocoder.Geocoder.geocode`.
    """

    def __init__(
        self,
        homes: Homes,
        locator: Locator,
        carrier: Carrier,
        reads: Callable[[], Reads | None],
        find: Callable[..., list[Match]],
    ) -> None:
        self._homes, self._carrier, self._reads, self._find = homes, carrier, reads, find
        self._gazetteer = locator.gazetteer
        self._units: dict[dt.date | None, UnitNames] = {None: UnitNames(self._gazetteer)}
        self._around = Around(locator)
        self._beginnings = Beginnings(homes.present)
        self._biases: dict[str, Bias] = {}
        self._nowhere = self._biased([])
        self._meant: dict[tuple[UnitNames, str], dict[str, int]] = {}
        self._units_begun: dict[tuple[UnitNames, str, Bias], list[UnitName]] = {}
        self._spellings: dict[tuple[Kind, str, str, int], str] = {}

    def suggest(
        self,
        text: str,
        *,
        limit: int = 8,
        lat: float | None = None,
        lon: float | None = None,
        province: str | None = None,
        as_of: dt.date | None = None,
        area_only: bool = False,
    ) -> list[Completion]:
        """What ``text`` may become, the likeliest first; none for fewer than two letters.

        :param as_of: complete the units of that day alone.
        :param area_only: units and streets alone, without points.
        :raises InvalidQuery, InvalidInput, InvalidPoint, UnknownUnit: see the verb.
        """
        names = self._names_of(as_of)
        typed, limit = read(checked_text(text)), checked_limit(limit, MOST_COMPLETIONS)
        near = self._bias(lat, lon, province)
        if typed is None:
            return []
        found = self._begun(typed, names, near, limit, area_only)
        if found:
            return found
        for parted in Partings(names).begun(text):
            typed = read(parted)
            if typed is not None and (found := self._begun(typed, names, near, limit, area_only)):
                return found
        if codes_in(text, self._gazetteer):
            return []  # codes are looked up where such questions are counted
        matches = self._find(text, limit=limit, as_of=as_of, area_only=area_only)
        return completions_of(matches) or self._behind(text, names, near)[:limit]

    def _behind(self, text: str, names: UnitNames, near: Bias) -> list[Completion]:
        """The communes that the end of a text names, behind what is not known of it."""
        for head, named in Partings(names).ends(text):
            units = [name.unit for name in _in_order(names, named, near) if name.key == named]
            found = [completion for unit in units for completion in self._unit(unit)]
            if communes := [replace(c, text=f"{head}, {c.text}") for c in found if c.commune is not None]:
                return communes
        return []

    def _begun(self, typed: Typed, names: UnitNames, near: Bias, limit: int, area_only: bool) -> list[Completion]:
        """The names that begin so."""
        reads = self._reads()
        ways = [] if reads is None else self._ways(reads, typed, names, near, limit, area_only)
        houses = [] if reads is None or area_only else self._houses(reads, typed, ways, limit)
        streets = [] if reads is None else [self._street(reads, way, typed, area_only) for way in ways[:limit]]
        units = (
            []
            if typed.number or typed.tail is not None
            else self._completed_units(names, typed.whole, near, limit)
        )
        mixed = list(_in_turn(units, streets))
        if near.communes:
            mixed.sort(key=lambda c: not _lies_in(c, near.place, near.provinces))
        return [*houses, *mixed][:limit]

    def _names_of(self, as_of: dt.date | None) -> UnitNames:
        if as_of not in self._units:
            if len(self._units) >= MOST_DAYS:
                self._units = {None: self._units[None]}
            self._units[as_of] = UnitNames(self._gazetteer, as_of)
        return self._units[as_of]

    def _bias(self, lat: float | None, lon: float | None, province: str | None) -> Bias:
        near: list[str] = []
        if lat is not None or lon is not None:
            if lat is None or lon is None:
                name = "lat" if lat is None else "lon"
                raise InvalidPoint(name, None, Said("missing", "còn thiếu"))
            near = self._around.nearest(Point(lat=lat, lon=lon))
        if province is None:
            return self._biased(near) if near else self._nowhere
        inside = self._inside(province)
        if not near:
            return inside
        close = [code for code in near if code in inside.place]
        return self._biased([*close, *(code for code in inside.communes if code not in set(near))])

    def _inside(self, province: str) -> Bias:
        """The communes of a province. :raises UnknownUnit: for one that is none."""
        if province not in self._biases:
            day = self._gazetteer.date
            try:
                self._gazetteer.unit(province, level="province", as_of=day)
            except UnknownUnit as error:
                raise UnknownUnit("province", error.value, error.reason) from None
            units = self._gazetteer.units("commune", as_of=day, parent=province)
            self._biases[province] = self._biased([unit.code for unit in units])
        return self._biases[province]

    def _biased(self, communes: Sequence[str]) -> Bias:
        place = {code: at for at, code in enumerate(communes)}
        return Bias(tuple(communes), place, frozenset(self._homes.units(code)[0].parent for code in communes))

    def _completed_units(self, names: UnitNames, begin: str, near: Bias, limit: int) -> list[Completion]:
        asked = (names, begin, near)
        found = self._units_begun.get(asked)
        if found is None:
            if len(self._units_begun) >= REMEMBERED_BEGINNINGS:
                self._units_begun.clear()
            found = self._units_begun[asked] = _in_order(names, begin, near)
        return [completion for name in found[:limit] for completion in self._unit(name.unit)][:limit]

    def _unit(self, unit: Unit) -> Iterator[Completion]:
        day = self._gazetteer.date
        if unit.valid_to is None and unit.level == "province":
            yield Completion(
                text=unit.full_name, label=unit.full_name, kind="province", province=unit, commune=None
            )
            return
        if unit.valid_to is None:
            commune, above = self._homes.units(unit.code)
            shown = label(Components(), (commune, above))
            yield Completion(text=shown, label=shown, kind="commune", province=above, commune=commune)
            return
        last = unit.valid_from
        old = label(Components(), (unit, *self._gazetteer.ancestors(unit, as_of=last)))
        if unit.level == "province":
            for now, _ in self._gazetteer.translate(unit.code, "province", known_on=last, as_of=day):
                yield Completion(
                    text=now.full_name, label=f"{old} → {now.full_name}", kind="province", province=now,
                    commune=None, replaces=unit,
                )  # fmt: skip
            return
        for candidate in self._carrier.carried(unit, day)[:MOST_SUCCESSORS]:
            commune, above = self._homes.units(candidate.commune.code)
            now_text = label(Components(), (commune, above))
            yield Completion(
                text=now_text, label=f"{old} → {now_text}", kind="commune", province=above, commune=commune,
                replaces=unit,
            )  # fmt: skip

    def _ways(
        self, reads: Reads, typed: Typed, units: UnitNames, near: Bias, limit: int, area_only: bool
    ) -> list[Way]:
        """The streets and places that begin as typed, in the communes that are: named behind them, else those
        near, else all."""
        found: list[Way] = []
        kinds: tuple[tuple[Kind, str], ...] = (("street", typed.street), ("place", typed.place))
        for kind, key in kinds[:1] if area_only else kinds:
            if not key:
                continue
            if typed.tail:
                found += self._in_named(reads, kind, key, typed.tail, units, limit, area_only)
                continue
            here = self._beginnings.ways(reads, kind, key, near.place, limit, area_only) if near.communes else []
            if len(here) < limit and len(key) >= 2:
                known = {(way.key, way.commune) for way in here}
                everywhere = self._beginnings.ways(reads, kind, key, None, limit + len(known), area_only)
                here += [way for way in everywhere if (way.key, way.commune) not in known]
            found += here
        return found[:limit]

    def _in_named(
        self, reads: Reads, kind: Kind, key: str, tail: str, units: UnitNames, limit: int, area_only: bool
    ) -> list[Way]:
        """The ways in the communes that a unit's beginning may name."""
        place = self._meant.get((units, tail))
        if place is None:
            if len(self._meant) >= REMEMBERED_BEGINNINGS:
                self._meant.clear()
            place = self._meant[units, tail] = self._named(units, tail)
        return self._beginnings.ways(reads, kind, key, place, limit, area_only)

    def _named(self, units: UnitNames, tail: str) -> dict[str, int]:
        """The communes of today that a unit's beginning may name, by their order: a few of the likeliest, then,
        where it is so short that there are more, those whose names of today, or whose provinces', begin so."""
        day = self._gazetteer.date
        found: dict[str, None] = {}
        for name in sorted(units.beginning(tail), key=lambda n: (n.key != tail, n.rank, len(n.key), n.key)):
            unit = name.unit
            if unit.level != "province":
                found |= dict.fromkeys(candidate.commune.code for candidate in self._carrier.carried(unit, day))
            elif unit.valid_to is None:
                found |= dict.fromkeys(self._inside(unit.code).communes)
            if len(found) >= MOST_UNITS:
                break
        place = {code: at for at, code in enumerate(found)}
        if len(found) >= MOST_UNITS:
            begun = {name.unit.code for name in units.beginning(tail) if name.unit.valid_to is None}
            for commune in self._gazetteer.units("commune", as_of=day):
                if commune.code in begun or commune.parent in begun:
                    place.setdefault(commune.code, len(found))
        return place

    def _street(self, reads: Reads, way: Way, typed: Typed, area_only: bool) -> Completion:
        commune, province = self._homes.units(way.commune)
        written = self._written(reads, way, area_only)
        number = typed.number
        parts = Components(street=written) if way.kind == "street" else Components(hamlet=written)
        shown = label(parts, (commune, province))
        return Completion(
            text=shown if number is None else f"{number} {shown}",
            label=shown,
            kind=way.kind,
            province=province,
            commune=commune,
        )

    def _written(self, reads: Reads, way: Way, area_only: bool) -> str:
        fewest = FEWEST_SPELLINGS if area_only else 1
        asked = (way.kind, way.key, way.commune, fewest)
        if asked not in self._spellings:
            filings = Filings(self._homes.present, [way.commune])
            sample = reads.stated_on(way.kind, way.key, filings.codes, SAMPLE)
            if len(self._spellings) >= REMEMBERED:
                self._spellings.clear()
            written = map(self._homes.lines.likely, sample)
            self._spellings[asked] = spelling(way.kind, way.key, written, fewest=fewest)
        return self._spellings[asked]

    def _houses(self, reads: Reads, typed: Typed, ways: Sequence[Way], limit: int) -> list[Completion]:
        """The households at the number that was typed, on the streets that begin so."""
        if typed.at is None:
            return []
        begun = (typed.number or "").casefold().split()[-1:]
        found: list[tuple[tuple[bool, bool, int], Completion]] = []
        for way, doors in _doors(reads, typed.at, ways[:limit], self._homes):
            commune, province = self._homes.units(way.commune)
            ranked = sorted(((_unlike(door, *begun), door) for door in doors), key=itemgetter(0))
            for unlike, door in ranked[:limit]:
                shown, house = label(self._homes.lines.shown(door.components), (commune, province)), door.house
                completion = Completion(text=shown, label=shown, kind="house", province=province, commune=commune,
                                        ndas=house.ndas, point=Point(lat=house.lat, lon=house.lon))  # fmt: skip
                found.append(((*unlike, len(shown)), completion))
        found.sort(key=itemgetter(0))
        return [completion for _, completion in found[:limit]]


def _unlike(door: Door, begun: str = "") -> tuple[bool, bool]:
    """Whether a door's number is another than what was typed, and whether it does not even begin so; levels of
    alleys are numbers before it, as in ``12/34/5``."""
    number = "/".join(levels_of(door.house_number, door.alley)).casefold()
    return number != begun, not number.startswith(begun)


def _doors(reads: Reads, number: int, ways: Sequence[Way], homes: Homes) -> Iterator[tuple[Way, list[Door]]]:
    """The households at a number of each way, with one question for streets and one for places."""
    for kind in dict.fromkeys(way.kind for way in ways):
        asked = [way for way in ways if way.kind == kind]
        codes = (tuple(Filings(homes.present, [way.commune]).codes) for way in asked)
        wanted = [Numbered(way.key, each, number) for way, each in zip(asked, codes, strict=True)]
        yield from zip(asked, reads.doors(kind, wanted), strict=True)


def _in_order(names: UnitNames, begin: str, near: Bias) -> list[UnitName]:
    """The units whose names begin so, each once, in the order in which they are shown; no more than are."""
    place, above = near.place, near.provinces

    def order(name: UnitName) -> tuple[object, ...]:
        unit = name.unit
        at_hand = unit.code in place or unit.code in above or unit.parent in above
        return (name.rank != 0, not at_hand, place.get(unit.code, 0), name.key != begin, name.rank,
                len(name.key), name.key, unit.code)  # fmt: skip

    found: dict[tuple[str, str], UnitName] = {}
    for name in sorted(names.beginning(begin), key=order):
        found.setdefault((name.unit.level, f"{name.unit.code} {name.unit.valid_from}"), name)
        if len(found) >= MOST_COMPLETIONS:
            break
    return list(found.values())


def _lies_in(completion: Completion, communes: Collection[str], provinces: Collection[str | None]) -> bool:
    if completion.commune is not None:
        return completion.commune.code in communes
    return completion.province is not None and completion.province.code in provinces


def _in_turn(units: Sequence[Completion], streets: Sequence[Completion]) -> Iterator[Completion]:
    """Two of the units, then one of each in turn."""
    yield from units[:2]
    for unit, street in zip_longest(islice(units, 2, None), streets):
        yield from (each for each in (street, unit) if each is not None)
