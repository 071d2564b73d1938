"""Completions of a text that is being typed: units, then the streets and places that begin so, then houses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from geoaddr.conversion.carrying import Carrier
from geoaddr.disclosure import FEWEST_HOUSEHOLDS
from geoaddr.errors import InvalidPoint, Said, UnknownUnit
from geoaddr.finding.around import Around
from geoaddr.finding.filings import Filings
from geoaddr.finding.geocoder import FEWEST_SPELLINGS, checked_limit
from geoaddr.finding.homes import Homes
from geoaddr.finding.labels import SAMPLE, label, spelling
from geoaddr.finding.records import Completion
from geoaddr.finding.typed import Typed, read
from geoaddr.finding.unit_names import UnitName, UnitNames
from geoaddr.locating import Locator
from geoaddr.model import Components, Point, Unit
from geoaddr.store import Kind, Named, Reads
from geoaddr.text.asked import asked as checked_text

MOST_COMPLETIONS = 20

MOST_NAMES = 256
"""Names that are looked at for one text, by their order in the store."""

MOST_UNITS = 24
"""Communes in which streets are looked for when a unit is typed behind them."""

MOST_DAYS = 4
"""Days whose names are kept at hand."""

MOST_SUCCESSORS = 3
"""Communes that are told for an old unit that was divided, the likeliest."""

REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Way:
    """A street or place of one commune of today, and how many households are known there."""

    kind: Kind
    key: str
    commune: str
    households: int


class Suggester:
    """Completes texts. Safe to share between threads.

    :param reads: gives the rows of a registry, or ``None`` while there is none.
    """

    def __init__(
        self, homes: Homes, locator: Locator, carrier: Carrier, reads: Callable[[], Reads | None]
    ) -> None:
        self._homes, self._carrier, self._reads = homes, carrier, reads
        self._gazetteer = locator.gazetteer
        self._units: dict[dt.date | None, UnitNames] = {None: UnitNames(self._gazetteer)}
        self._around = Around(locator)
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
        if near:
            at_hand, above = set(near), self._provinces_of(near)
            mixed.sort(key=lambda c: not _lies_in(c, at_hand, above))
        return [*houses, *mixed][:limit]

    def _names_of(self, as_of: dt.date | None) -> UnitNames:
        if as_of not in self._units:
            if len(self._units) >= MOST_DAYS:
                self._units = {None: self._units[None]}
            self._units[as_of] = UnitNames(self._gazetteer, as_of)
        return self._units[as_of]

    def _provinces_of(self, communes: Sequence[str]) -> set[str | None]:
        return {self._homes.units(code)[0].parent for code in communes}

    def _bias(self, lat: float | None, lon: float | None, province: str | None) -> list[str]:
        """The communes whose completions come first, the nearest first."""
        near: list[str] = []
        if lat is not None or lon is not None:
            if lat is None or lon is None:
                name = "lat" if lat is None else "lon"
                raise InvalidPoint(name, None, Said("missing", "còn thiếu"))
            near = self._around.nearest(Point(lat=lat, lon=lon))
        if province is not None:
            day = self._gazetteer.date
            try:
                self._gazetteer.unit(province, level="province", as_of=day)
            except UnknownUnit as error:
                raise UnknownUnit("province", error.value, error.reason) from None
            inside = [unit.code for unit in self._gazetteer.units("commune", as_of=day, parent=province)]
            near = [code for code in near if code in set(inside)] + [code for code in inside if code not in near]
        return near

    def _completed_units(self, names: UnitNames, begin: str, near: Sequence[str], limit: int) -> list[Completion]:
        place = {code: at for at, code in enumerate(near)}
        above = self._provinces_of(near)

        def order(name: UnitName) -> tuple[object, ...]:
            unit = name.unit
            at_hand = unit.code in place or unit.code in above or unit.parent in above
            return (name.rank != 0, not at_hand, place.get(unit.code, 0), name.key != begin, name.rank,
                    len(name.key), name.key, unit.code)  # fmt: skip

        found: dict[tuple[str, str], UnitName] = {}
        for name in sorted(names.beginning(begin), key=order):
            found.setdefault((name.unit.level, f"{name.unit.code} {name.unit.valid_from}"), name)
            if len(found) >= limit:
                break
        return [completion for name in found.values() for completion in self._unit(name.unit)][:limit]

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
        self, reads: Reads, typed: Typed, units: UnitNames, near: Sequence[str], limit: int, area_only: bool
    ) -> list[Way]:
        """The streets and places that begin as typed, in the communes that are: named behind them, else those
        near, else all."""
        found: list[Way] = []
        kinds: tuple[tuple[Kind, str], ...] = (("street", typed.street), ("place", typed.place))
        for kind, key in kinds[:1] if area_only else kinds:
            if not key:
                continue
            if typed.tail:
                found += self._in(reads, kind, key, self._named(units, typed.tail), area_only)
                continue
            here = self._in(reads, kind, key, near, area_only) if near else []
            if len(here) < limit and len(key) >= 2:
                known = {(way.key, way.commune) for way in here}
                names = reads.names(kind, key, None, MOST_NAMES)
                here += [
                    way for way in self._all(kind, key, names, area_only) if (way.key, way.commune) not in known
                ]
            found += here
        return found[:limit]

    def _named(self, names: UnitNames, tail: str) -> list[str]:
        """The communes of today that a unit's beginning may name, the likeliest first."""
        day = self._gazetteer.date
        found: dict[str, None] = {}
        for name in sorted(names.beginning(tail), key=lambda n: (n.key != tail, n.rank, len(n.key), n.key)):
            unit = name.unit
            if unit.level == "province":
                if unit.valid_to is None:
                    for inside in self._gazetteer.units("commune", as_of=day, parent=unit.code):
                        found.setdefault(inside.code, None)
                continue
            for candidate in self._carrier.carried(unit, day):
                found.setdefault(candidate.commune.code, None)
            if len(found) >= MOST_UNITS:
                break
        return list(found)

    def _in(self, reads: Reads, kind: Kind, key: str, communes: Sequence[str], area_only: bool) -> list[Way]:
        if not communes:
            return []
        filings = Filings(self._homes.present, communes)
        place = {code: at for at, code in enumerate(communes)}
        ways = self._all(kind, key, reads.names(kind, key, filings.codes, None), area_only)
        return sorted((w for w in ways if w.commune in place), key=lambda w: (w.key != key, place[w.commune]))

    def _all(self, kind: Kind, key: str, names: Sequence[Named], area_only: bool) -> list[Way]:
        """The names by commune of today, the whole name first, then those that most households share."""
        counted: dict[tuple[str, str], int] = {}
        for named in names:
            commune = self._homes.present.code(named.filed)
            if commune is not None:
                where = (named.key, commune)
                counted[where] = counted.get(where, 0) + (named.vouched if area_only else named.standing)
        ways = [Way(kind, name, commune, n) for (name, commune), n in counted.items() if n]
        if area_only:  # by magnitude, as all that everyone learns of a street
            ways = [w for w in ways if w.households >= FEWEST_HOUSEHOLDS]
            return sorted(ways, key=lambda w: (w.key != key, -w.households.bit_length(), w.key, w.commune))
        return sorted(ways, key=lambda w: (w.key != key, -w.households, w.key, w.commune))

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
            houses = sorted(reads.houses(way.kind, way.key, filings.codes))[:SAMPLE]
            records = reads.records([house.ndas for house in houses]).values()
            if len(self._spellings) >= REMEMBERED:
                self._spellings.clear()
            self._spellings[asked] = spelling(way.kind, way.key, records, fewest=fewest)
        return self._spellings[asked]

    def _houses(self, reads: Reads, typed: Typed, ways: Sequence[Way], limit: int) -> list[Completion]:
        """The households at the number that was typed, on the streets that begin so."""
        if typed.at is None:
            return []
        found: list[Completion] = []
        for way in ways[:limit]:
            filings = Filings(self._homes.present, [way.commune])
            at = range(typed.at, typed.at + 1)
            codes = sorted(house.ndas for house in reads.houses(way.kind, way.key, filings.codes, at))[:limit]
            records = reads.records(codes)
            for record in (records[code] for code in codes if code in records):
                commune, province = self._homes.units(way.commune)
                shown = label(record.components, (commune, province))
                found.append(
                    Completion(text=shown, label=shown, kind="house", province=province, commune=commune,
                               ndas=record.ndas, point=record.point)
                )  # fmt: skip
        begun = (typed.number or "").casefold()
        found.sort(key=lambda c: (not c.label.casefold().startswith(begun), len(c.label)))
        return found[:limit]


def _lies_in(completion: Completion, communes: Collection[str], provinces: Collection[str | None]) -> bool:
    if completion.commune is not None:
        return completion.commune.code in communes
    return completion.province is not None and completion.province.code in provinces


def _in_turn(units: Sequence[Completion], streets: Sequence[Completion]) -> Iterator[Completion]:
    """Two of the units, then one of each in turn."""
    yield from units[:2]
    for unit, street in zip_longest(islice(units, 2, None), streets):
        yield from (each for each in (street, unit) if each is not None)
