"""Points to addresses: the nearest that stand within a radius, and the units of the point.

Everyone sees streets near the point and its commune. A stranger who moved the point and the radius about could
tell from distances, and from what comes and goes, where single houses stand; so for everyone the point is that
of the square of 1/512 degree (200 m) that holds it, the radius is fixed, and a street counts where ten known
households about there share it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial

from geoaddr.disclosure import FEWEST_HOUSEHOLDS
from geoaddr.errors import InvalidInput, Said
from geoaddr.finding import scoring
from geoaddr.finding.geocoder import FEWEST_SPELLINGS, checked_limit
from geoaddr.finding.homes import Homes, uncertainty_of
from geoaddr.finding.labels import label, spelling
from geoaddr.finding.records import Match, ScorePart
from geoaddr.known import on_street
from geoaddr.locating import Locator
from geoaddr.model import AddressRecord, Components, Located, Point
from geoaddr.registry.nearness import near
from geoaddr.store import VOUCHED, Reads

DEFAULT_RADIUS_M = 100.0
MOST_RADIUS_M = 5_000.0

LOOKED_AT = 200
"""Addresses among which those of the point's own commune are put first; the nearest in all."""

SQUARES_PER_DEGREE = 512
EVERYONES_RADIUS_M = 300.0
EVERYONES_SAMPLE = 500


class Nearby(list[Match]):
    """The matches about a point.

    :param locate: says the point's own units, when they are asked for.
    """

    def __init__(self, matches: Iterable[Match], locate: Callable[[], Located]) -> None:
        super().__init__(matches)
        self._locate = locate

    @cached_property
    def located(self) -> Located:
        """The units of the point itself."""
        return self._locate()


class Nearest:
    """Finds addresses by point. Safe to share between threads.

    :param reads: gives the rows of a registry, or ``None`` while there is none.
    """

    def __init__(self, homes: Homes, locator: Locator, reads: Callable[[], Reads | None]) -> None:
        self._homes, self._locator, self._reads = homes, locator, reads

    def reverse(
        self,
        *,
        lat: float,
        lon: float,
        radius_m: float = DEFAULT_RADIUS_M,
        limit: int = 5,
        same_commune: bool = False,
        as_of: dt.date | None = None,
        area_only: bool = False,
    ) -> Nearby:
        """The addresses within ``radius_m`` of a point, the nearest first, and the point's units.

        :param same_commune: put those of the point's own commune first, of the 200 nearest.
        :param as_of: answer with the units of that day.
        :param area_only: streets about there and the commune alone; ``radius_m`` is then not followed.
        :raises InvalidPoint: for anything but finite degrees in range.
        :raises InvalidInput: for a radius that is not above 0 and at most 5,000 metres, or a limit out of range.
        """
        radius_m, limit = checked_radius(radius_m), checked_limit(limit)
        day = self._homes.date if as_of is None else as_of
        point, reads = Point(lat=lat, lon=lon), self._reads()
        locate = partial(self._locator.locate, lat=point.lat, lon=point.lon, as_of=day)
        if area_only:
            located = locate()
            streets = [] if reads is None else self._streets(reads, point, limit)
            return Nearby([*streets, *_commune(located)][:limit], lambda: located)
        if reads is None:
            return Nearby([], locate)
        found = near(reads, point, radius_m=radius_m, limit=LOOKED_AT if same_commune else limit)
        if same_commune:
            own = set(self._locator.commune_codes_at(point))
            found.sort(key=lambda each: not self._homes.lies_among(each[0], own))
        return Nearby(self._matches(found[:limit], radius_m, day), locate)

    def _matches(
        self, found: Sequence[tuple[AddressRecord, float]], radius_m: float, day: dt.date
    ) -> Iterator[Match]:
        """Matches with weights that sum to 1: the likelier to be meant, the nearer, within what is uncertain."""
        masses = [1.0 / (round(away_m, 2) + max(1.0, uncertainty_of(record))) for record, away_m in found]
        total = sum(masses)
        for (record, away_m), mass in zip(found, masses, strict=True):
            parts = {"distance": ScorePart(round(1.0 - away_m / radius_m, 4), 1.0)}
            match = _found(parts, weight=round(mass / total, 4), distance_m=round(away_m, 2))
            yield self._homes.of_record(record, match, day)

    def _streets(self, reads: Reads, point: Point, limit: int) -> list[Match]:
        """The streets about a point's square that many households share, those of the most first, by magnitude."""
        about = near(reads, _middle_of_square(point), radius_m=EVERYONES_RADIUS_M, limit=EVERYONES_SAMPLE)
        on: dict[tuple[str, str], list[AddressRecord]] = {}
        for record, _ in about:
            street = on_street(record.components)
            if street is not None and record.status in VOUCHED:
                commune = self._homes.commune_of(record)
                if commune is not None:
                    on.setdefault((street.street, commune), []).append(record)
        shared = {where: records for where, records in on.items() if len(records) >= FEWEST_HOUSEHOLDS}
        order = sorted(shared, key=lambda where: (-len(shared[where]).bit_length(), where))
        return [self._street(*where, shared[where]) for where in order[:limit]]

    def _street(self, key: str, commune: str, records: list[AddressRecord]) -> Match:
        stated = (self._homes.lines.likely(record.components) for record in records)
        components = Components(street=spelling("street", key, stated, fewest=FEWEST_SPELLINGS))
        unit, province = self._homes.units(commune)
        return replace(
            _found({"distance": ScorePart(1.0, 1.0)}),
            components=components,
            label=label(components, (unit, province)),
            commune=unit,
            province=province,
            postcode=self._homes.postcode(commune),
            match_level="street",
        )


def checked_radius(radius_m: object) -> float:
    """A radius in metres. :raises InvalidInput: for what is not above 0 and at most 5,000."""
    is_number = isinstance(radius_m, int | float) and not isinstance(radius_m, bool)
    if not is_number or not 0.0 < radius_m <= MOST_RADIUS_M:  # type: ignore[operator]  # a number here
        most = f"{MOST_RADIUS_M:,.0f} m"
        said = Said(f"not above 0 and at most {most}", f"phải lớn hơn 0 và không quá {most}")
        raise InvalidInput("radius_m", radius_m, said)
    return float(radius_m)  # type: ignore[arg-type]


def _found(parts: dict[str, ScorePart], weight: float = 1.0, distance_m: float | None = None) -> Match:
    return Match(
        label="", components=Components(), score=scoring.score(parts), score_parts=parts, weight=weight,
        match_level="commune", distance_m=distance_m,
    )  # fmt: skip


def _commune(located: Located) -> list[Match]:
    """The commune of a point as a match, or those that it may lie in."""
    units = [located.commune] if located.commune else list(located.candidates)
    return [
        replace(
            _found({"units": ScorePart(round(1.0 / len(units), 4), 1.0)}),
            label=label(Components(), (unit, located.province)),
            commune=unit,
            province=located.province,
            postcode=located.postcode,
            weight=round(1.0 / len(units), 4),
        )
        for unit in units
    ]


def _middle_of_square(point: Point) -> Point:
    lat, lon = ((math.floor(v * SQUARES_PER_DEGREE) + 0.5) / SQUARES_PER_DEGREE for v in (point.lat, point.lon))
    return Point(lat=min(lat, 90.0), lon=min(lon, 180.0))
