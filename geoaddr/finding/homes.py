"""What there is to say of a household or a commune: its units, postcode and codes, and where it lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from statistics import median

from geoaddr.belonging import as_filed, belonging_on, communes_by_point
from geoaddr.codes import vpostcode
from geoaddr.finding.filings import Filings
from geoaddr.finding.labels import label
from geoaddr.finding.points import OWN_M, CommunePoints
from geoaddr.finding.records import Match
from geoaddr.known import division_of
from geoaddr.lines import PARTS, Lines, is_line
from geoaddr.locating import Locator
from geoaddr.model import AddressRecord, Point, Unit
from geoaddr.registry.present import PresentCommunes
from geoaddr.registry.renaming import Territory
from geoaddr.store import Door, Filed, House, Reads


class Homes:
    """Says what is known of households and communes, on the data's day. Safe to share between threads."""

    def __init__(self, locator: Locator, present: PresentCommunes, lines: Lines) -> None:
        self._locator, self._gazetteer = locator, locator.gazetteer
        self.lines = lines
        self.present = present
        self.points = CommunePoints(locator)
        self._filings: dict[str, Filings] = {}
        self._units: dict[str, tuple[Unit, Unit | None]] = {}

    @property
    def date(self) -> dt.date:
        """The data's day."""
        return self._gazetteer.date

    def units(self, commune: str) -> tuple[Unit, Unit | None]:
        """A commune of today and its province."""
        found = self._units.get(commune)
        if found is None:
            day = self._gazetteer.date
            unit = self._gazetteer.unit(commune, level="commune", as_of=day)
            above = self._gazetteer.ancestors(unit, as_of=day)
            found = self._units[commune] = unit, above[-1] if above else None
        return found

    def postcode(self, commune: str) -> str | None:
        """The postcode of a commune of today."""
        return self._gazetteer.postcode(commune, as_of=self._gazetteer.date)

    def filings_of(self, commune: str) -> Filings:
        """Under which codes to look for what lies in a commune of today, remembered."""
        found = self._filings.get(commune)
        if found is None:
            found = self._filings[commune] = Filings(self.present, [commune])
        return found

    def lies_in(self, house: House, commune: str, filings: Filings) -> bool:
        """Whether a house lies in a commune of today: as it was filed, and by its point where that commune was
        divided since and the boundaries are exact."""
        if commune not in filings.communes(house.filed):
            return False
        if not filings.divided(house.filed, self.present) or self._locator.info.boundary_accuracy != "exact":
            return True
        return commune in self._locator.commune_codes_at(Point(lat=house.lat, lon=house.lon))

    def territory(self, commune: str) -> Territory:
        """What lies in a commune of today. What was filed under one that was divided since lies there by its
        point, and nobody can tell where the boundaries are approximate."""
        filings, exact = self.filings_of(commune), self._locator.info.boundary_accuracy == "exact"

        def holds(house: House) -> bool | None:
            there = self.lies_in(house, commune, filings)
            return None if there and not exact and filings.divided(house.filed, self.present) else there

        return Territory(filings.codes, holds)

    def communes_of(
        self, reads: Reads, codes: Sequence[int], points: Sequence[tuple[float, float]]
    ) -> list[str | None]:
        """For each of some households, given by codes as numbers and points (lat, lon), the code of the commune of
        today that :meth:`of_record` says; ``None`` also where several polygons hold its point."""
        locator, day = self._locator, self._gazetteer.date
        told = communes_by_point(locator, points, day)
        if told is not None:
            return told
        if locator.info.boundary_accuracy == "exact":  # polygons of provinces have a say too, or of another day
            return [None] * len(codes)
        records = reads.records([f"{code:010}" for code in codes])
        kept = {(record.commune_code, record.issued_on): record for record in records.values()}
        units = {key: as_filed(locator, record, day).commune for key, record in kept.items()}
        filed = {int(r.ndas): unit.code for r in records.values() if (unit := units[r.commune_code, r.issued_on])}
        return [filed.get(code) for code in codes]

    def commune_of(self, record: AddressRecord) -> str | None:
        """The code of the commune of today that a household was filed in, where that is one."""
        return self.present.code(Filed(record.commune_code, division_of(record.issued_on)))

    def commune_today(self, record: AddressRecord) -> str | None:
        """The code of the commune of today that :meth:`of_record` says."""
        commune = belonging_on(self._locator, record, self._gazetteer.date).commune
        return None if commune is None else commune.code

    def lies_among(self, record: AddressRecord, communes: Collection[str]) -> bool:
        """Whether a household lies in one of some communes of today: by exact boundaries, else as it was filed."""
        filed = self.commune_of(record)
        if self._locator.info.boundary_accuracy != "exact":
            return filed in communes
        held_by = self._locator.commune_codes_at(record.point)
        return filed in communes if filed in held_by else not set(held_by).isdisjoint(communes)

    def touch(self, commune: str, other: str) -> bool:
        """Whether the boxes of two communes meet: next to one another, or nearly."""
        one, two = self._locator.bounds_of(commune), self._locator.bounds_of(other)
        if one is None or two is None:
            return False
        return one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3]

    def door(self, door: Door) -> Door:
        """A door with the likeliest parts of its line, where nothing else is stated of it."""
        if "text" not in door.stated or not is_line(door.components):
            return door
        likely = self.lines.likely(door.components)
        return door._replace(stated={name: value for name in PARTS if (value := getattr(likely, name))})

    def of_record(self, record: AddressRecord, found: Match, as_of: dt.date | None = None) -> Match:
        """``found`` as the match of a household of the registry."""
        day = self._gazetteer.date if as_of is None else as_of
        province, commune, postcode = belonging_on(self._locator, record, day)
        code = vpostcode.encode(record.point.lat, record.point.lon, postcode) if postcode else None
        return Match(
            score=found.score,
            score_parts=found.score_parts,
            weight=found.weight,
            distance_m=found.distance_m,
            label=label(self.lines.shown(record.components), (commune, province)),
            components=record.components,
            ndas=record.ndas,
            status=record.status,
            vpostcode=code,
            postcode=postcode,
            point=record.point,
            province=province,
            commune=commune,
            match_level="house",
            coordinate_level="house",
            uncertainty_m=uncertainty_of(record),
        )

    def of_flats(self, records: Sequence[AddressRecord], found: Match) -> Match:
        """``found`` as the match of a house in which several flats have codes of their own: of none of them."""
        first = records[0]
        components = replace(first.components, unit=None, floor=None, text=None)  # the line names the flat too
        house = self.of_record(replace(first, components=components), found)
        lat, lon = (median(getattr(r.point, axis) for r in records) for axis in ("lat", "lon"))
        return replace(
            house,
            ndas=None,
            status=None,
            vpostcode=None,
            point=Point(lat=lat, lon=lon),
            match_level="building",
            uncertainty_m=max(map(uncertainty_of, records)),
        )


def uncertainty_of(record: AddressRecord | Door) -> float:
    """How good a record's point is, metres: as it says, else by how it was obtained."""
    return uncertainty(record.point_source, record.uncertainty_m)


def uncertainty(source: str, stated_m: float | None) -> float:
    """How good a point is, metres: as is stated, else by how it was obtained."""
    return OWN_M.get(source, _WORST_M) if stated_m is None else stated_m


_WORST_M = max(OWN_M.values())
