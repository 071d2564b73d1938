"""Texts to places: which commune, then which street in it, then which house, as far as each is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from geoaddr.conversion.carrying import Carrier
from geoaddr.errors import InvalidInput, Said
from geoaddr.finding import scoring
from geoaddr.finding.asking import Asked, Asking, Name
from geoaddr.finding.codes import CodesFound
from geoaddr.finding.following import Following
from geoaddr.finding.former import Former
from geoaddr.finding.hits import Hit, joined, shares_of, shown
from geoaddr.finding.homes import Homes
from geoaddr.finding.houses import NOWHERE
from geoaddr.finding.labels import SAMPLE, label, spelling
from geoaddr.finding.looking import Looking
from geoaddr.finding.parting import Partings
from geoaddr.finding.points import middle
from geoaddr.finding.records import CoordinateLevel, Match
from geoaddr.finding.streets import Found, Streets
from geoaddr.finding.unit_names import UnitNames
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.model import Components, Point
from geoaddr.resolving import Resolver
from geoaddr.store import Reads
from geoaddr.text.asked import asked as checked_text

MOST_MATCHES = 50

EVALUATED = 24
"""Streets on which the number is looked for, the likeliest first."""


Follow = Callable[[Hit, Asked], Iterable[Hit]]
"""Follows the house number that a text asks for on a street: what is there, each with its mass."""


class Geocoder:
    """Finds places by text. Safe to share between threads.

    :param reads: gives the rows of a registry, or ``None`` while there is none.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        carrier: Carrier,
        homes: Homes,
        resolver: Callable[[], Resolver],
        reads: Callable[[], Reads | None],
    ) -> None:
        self.homes, self.reads = homes, reads
        self._gazetteer = interpreter.gazetteer
        self.asking = Asking(interpreter, carrier, self._gazetteer)
        self.streets = Streets(homes)
        self._former = Former(homes)
        self._codes = CodesFound(homes, resolver)
        self._partings = Partings(UnitNames(interpreter.gazetteer))

    def geocode(
        self, text: str, *, limit: int = 5, as_of: dt.date | None = None, area_only: bool = False
    ) -> list[Match]:
        """The places that ``text`` may mean, the likeliest first; none where nothing was understood.

        :param as_of: read with the units of that day; without it those of all days compete.
        :param area_only: streets and communes alone, without points: what everyone may see.
        :raises InvalidQuery: for a text longer than 4,096 characters.
        :raises InvalidInput: for a limit out of range.
        """
        found = self._hits(checked_text(text), checked_limit(limit), as_of, area_only)
        reads = self.reads()
        return [hit if isinstance(hit, Match) else self.match_of(hit, reads, area_only) for hit in found]

    def best(self, text: str, *, limit: int, as_of: dt.date | None, area_only: bool = False) -> list[Match]:
        """:meth:`geocode`, with no more of the others than their weights and units: streets need not be looked
        up."""
        found = self._hits(checked_text(text), checked_limit(limit), as_of, area_only)
        reads = self.reads()
        told: list[Match] = []
        for hit in found:
            if isinstance(hit, Match):
                told.append(hit)
            elif told and hit.record is None and not hit.placing.records:
                told.append(self.in_units(hit))
            else:
                told.append(self.match_of(hit, reads, area_only))
        return told

    def _hits(
        self, text: str, limit: int, as_of: dt.date | None, area_only: bool
    ) -> Sequence[Match] | Sequence[Hit]:
        """What is found by codes in a text, else what it means, the likeliest first."""
        if not text.strip():
            return []
        codes = codes_in(text, self._gazetteer)
        by_code = self._codes.matches(codes, area_only=area_only)
        if by_code:
            return by_code[:limit]
        reads = self.reads()
        hits = self.weighed_hits(self.asking.read(text, codes, as_of), reads, area_only)
        if not hits and reads is not None:
            hits = self._parted(text, as_of, reads, area_only)
        return shown(hits, limit)

    def in_units(self, hit: Hit) -> Match:
        """A hit with its units and its score alone."""
        parts = hit.parts
        province = commune = None
        if hit.commune is not None:
            commune, province = self.homes.units(hit.commune)
        house = hit.number == "house"
        return Match(
            label="",
            components=Components(),
            postcode=self.homes.postcode(hit.commune) if hit.commune else None,
            province=province,
            commune=commune,
            score=scoring.score(parts),
            score_parts=parts,
            weight=round(hit.mass, 4),
            match_level="house" if house else "commune" if commune else "province",
            coordinate_level="house" if house else None,
        )

    def _parted(self, text: str, as_of: dt.date | None, reads: Reads, area_only: bool) -> list[Hit]:
        """What a text without commas, of which nothing else is understood, means as a street that is known in a
        unit behind it."""
        for parted in self._partings.whole(text):
            hits = self.weighed_hits(self.asking.read(parted, (), as_of), reads, area_only)
            if any(hit.found is not None for hit in hits):
                return hits
        return []

    def weighed_hits(self, ways: Sequence[Asked], reads: Reads | None, area_only: bool = False) -> list[Hit]:
        """All that is found by the ways to understand a text, the heaviest first; their masses sum to 1.

        Where the very house is known in a commune that was named, a way that is less likely is not followed
        beyond the communes that it names.
        """
        if reads is None:
            return shares_of(joined([hit for asked in ways for hit in self.hits_on(asked, None, None)]))
        looking = Looking(reads, area_only)
        named = [self.streets.in_named(looking, asked) for asked in ways]
        hits = [self._followed(looking, asked, found) for asked, found in zip(ways, named, strict=True)]
        known = max((hit.mass for some in hits for hit in some if hit.number == "house"), default=0.0)
        for at, asked in enumerate(ways):
            if known < asked.mass:
                if not named[at] and asked.names:
                    hits[at] = self._followed(looking, asked, self.streets.elsewhere(looking, asked))
                if not area_only:
                    hits[at] = self._with_former(reads, asked, hits[at])
        return shares_of(joined([hit for some in hits for hit in some]))

    def _followed(self, looking: Looking, asked: Asked, found: Sequence[Found] | None) -> list[Hit]:
        """What one way to understand a text leads to where names were found, each with its mass."""
        if not asked.names:
            found = None
        if not found or asked.number is None or looking.area_only:
            return list(self.hits_on(asked, found, None))
        best = sorted(found, key=_likeliest)[:EVALUATED]
        following = Following(self.streets, looking, asked, best)
        return list(self.hits_on(asked, best, partial(_numbered, following)))

    def _with_former(self, reads: Reads, asked: Asked, hits: list[Hit]) -> list[Hit]:
        """The hits with those households before them that had the address before, where no house has it now."""
        if asked.number is None or any(_is_house_of(asked, hit) for hit in hits):
            return hits
        former = list(self._formerly(reads, asked))
        if not former:
            return hits
        return former + [replace(hit, mass=hit.mass * scoring.HOUSE_ELSEWHERE) for hit in hits]

    def _formerly(self, reads: Reads, asked: Asked) -> Iterator[Hit]:
        """The households that had the address before."""
        found = self._former.households(reads, asked)
        communes = asked.communes or asked.wide
        for record, commune in found:
            mass = communes[commune] * scoring.FORMER / len(found)
            yield Hit(mass, commune, asked=asked, street=1.0, number="house", record=record, former=True)

    def hits_on(self, asked: Asked, found: Sequence[Found] | None, follow: Follow | None) -> Iterator[Hit]:
        """The same where the streets and places are known; ``None`` where there is no name, or nobody knows any.

        :param follow: follows the house number on one of them; without it none is looked for.
        """
        if found is None:
            yield from self._areas(asked, bool(asked.names) or asked.number is not None)
            return
        hits: list[Hit] = []
        for each in sorted(found, key=_likeliest)[:EVALUATED]:
            hit = Hit(each.mass, each.commune, found=each, asked=asked, street=each.like, former=each.former)
            hits += [hit] if asked.number is None or follow is None else follow(hit, asked)
        there = any(hit.number == "house" and hit.commune in asked.communes for hit in hits)
        hits += self._areas(asked, True, {each.commune for each in found})
        less = scoring.HOUSE_ELSEWHERE if there else 1.0
        yield from (hit if hit.number == "house" else replace(hit, mass=less * hit.mass) for hit in hits)

    def _areas(self, asked: Asked, more: bool, known: Iterable[str] = ()) -> Iterator[Hit]:
        """Communes and provinces themselves; of less weight where the text names ``more`` than these."""
        known = set(known)
        part = scoring.ABSENT if more else None
        for commune, mass in asked.communes.items():
            if commune not in known:
                yield Hit(mass * (scoring.UNKNOWN_STREET if more else 1.0), commune, asked=asked, street=part)
        for province, mass in asked.provinces.items():
            less = scoring.UNKNOWN_STREET if more else 1.0
            yield Hit(mass * less, province=province, asked=asked, street=part)

    def match_of(self, hit: Hit, reads: Reads | None, area_only: bool) -> Match:
        """A hit with all that there is to say of it."""
        parts = hit.parts
        found = Match(
            label="",
            components=Components(),
            score=scoring.score(parts),
            score_parts=parts,
            weight=round(hit.mass, 4),
            match_level="province",
        )
        if hit.record is not None:
            return self.homes.of_record(hit.record, found)
        if hit.found is None or reads is None:
            return self._of_area(hit, found, area_only)
        return self._of_street(hit, hit.found, reads, found, area_only)

    def _of_street(self, hit: Hit, at: Found, reads: Reads, found: Match, area_only: bool) -> Match:
        kept = None if area_only or hit.placing != NOWHERE else self.streets.kept(reads, at)
        houses = [] if kept else self.streets.houses(reads, at)
        if kept is None:
            stated = reads.components([house.ndas for house in sorted(houses)[:SAMPLE]])
            sample = map(self.homes.lines.likely, stated)
            written = spelling(at.name.kind, at.key, sample, fewest=FEWEST_SPELLINGS if area_only else 1)
        else:
            written = kept.written
        components = components_named(at.name, written)
        commune, province = self.homes.units(at.commune)
        found = replace(
            found,
            components=components,
            label=label(components, (commune, province)),
            commune=commune,
            province=province,
            postcode=self.homes.postcode(at.commune),
            match_level="interpolated" if hit.placing.how in ("interpolated", "alley") else at.name.level,
        )
        level: CoordinateLevel = "street" if at.name.kind == "street" else "place"
        if kept is not None:
            point = Point(lat=kept.lat, lon=kept.lon)
            return replace(found, point=point, uncertainty_m=kept.uncertainty_m, coordinate_level=level)
        if area_only or not houses:
            return found
        if hit.placing.records:
            return self.homes.of_flats(hit.placing.records, found)
        if hit.placing.point is not None and hit.asked is not None:
            detail = hit.asked.detail
            exact = replace(components, house_number=detail.house_number, alley=detail.alley)
            return replace(
                found,
                components=exact,
                label=label(exact, (commune, province)),
                point=hit.placing.point,
                coordinate_level="neighbour" if hit.placing.how == "neighbour" else "interpolated",
                uncertainty_m=hit.placing.uncertainty_m,
            )
        point, reach = middle(houses)
        return replace(found, point=point, uncertainty_m=reach, coordinate_level=level)

    def _of_area(self, hit: Hit, found: Match, area_only: bool) -> Match:
        if hit.commune is None:
            assert hit.province is not None
            province = self._gazetteer.unit(hit.province, level="province", as_of=self._gazetteer.date)
            return replace(found, label=province.full_name, province=province)
        commune, above = self.homes.units(hit.commune)
        found = replace(
            found,
            label=label(Components(), (commune, above)),
            commune=commune,
            province=above,
            postcode=self.homes.postcode(hit.commune),
            match_level="commune",
        )
        middle_of = None if area_only else self.homes.points.of(hit.commune)
        if middle_of is None:
            return found
        return replace(found, point=middle_of[0], uncertainty_m=middle_of[1], coordinate_level="commune")


FEWEST_SPELLINGS = 3
"""A spelling that fewer addresses share is not told to everyone."""


def checked_limit(limit: object, most: int = MOST_MATCHES) -> int:
    """A number of answers. :raises InvalidInput: for what is not a number from 1 to ``most``."""
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= most:
        raise InvalidInput("limit", limit, Said(f"not a number from 1 to {most}", f"phải là số từ 1 đến {most}"))
    return limit


def components_named(name: Name, written: str) -> Components:
    """A street or place alone, as it is written."""
    if name.kind == "street":
        return Components(street=written)
    if name.level == "building":
        return Components(building=written)
    return Components(hamlet=written) if name.level == "hamlet" else Components(poi=written)


def _likeliest(found: Found) -> tuple[float, str, str]:
    """Of those that are as likely always the same come first: engines tell them in no promised order."""
    return -found.mass, found.commune, found.key


def _numbered(following: Following, hit: Hit, asked: Asked) -> Iterator[Hit]:
    """The hit where the house number is followed as far as it is known; once for each household of a house."""
    assert hit.found is not None
    placing = following.placing(hit.found)
    mass = hit.mass * scoring.NUMBERS[placing.how]
    if placing.how != "house":
        yield replace(hit, mass=mass, placing=placing, number=placing.how)
    if len(placing.records) > 1 and all(record.components.unit for record in placing.records):
        yield replace(hit, mass=mass, placing=placing, number="house")
        return
    for record in placing.records:
        share = mass / len(placing.records)
        yield replace(hit, mass=share, placing=placing, number="house", record=record)


def _is_house_of(asked: Asked, hit: Hit) -> bool:
    return hit.number == "house" and hit.commune in (asked.communes or asked.wide)
