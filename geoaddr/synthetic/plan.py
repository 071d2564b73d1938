"""Which communes are settled, and by how many households each."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from geoaddr.errors import DataError, InvalidInput, Said, UnknownUnit
from geoaddr.locating import Locator
from geoaddr.model import PackInfo, Unit
from geoaddr.synthetic.communes import Commune
from geoaddr.synthetic.ground import Ground, ground
from geoaddr.synthetic.job import SynthJob
from geoaddr.synthetic.population import read_population
from geoaddr.synthetic.report import NOTICE, SynthReport
from geoaddr.synthetic.styles import place_of
from geoaddr.synthetic.weights import (
    MOST_IN_A_COMMUNE,
    NATION_HOUSEHOLDS,
    Weighted,
    apportion,
    made_up,
    of_population,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The communes with their households, and how these were counted out."""

    communes: list[Commune]
    provinces: dict[str, str]
    weighted: Weighted
    info: PackInfo

    @classmethod
    def of(cls, job: SynthJob, locator: Locator) -> Plan:
        """The plan of a job on the date of the data."""
        gazetteer, day = locator.gazetteer, locator.info.date
        provinces = {unit.code: unit for unit in gazetteer.units("province", as_of=day)}
        _check_provinces(job.provinces, provinces)
        rows = {code: row for row, code in enumerate(locator.codes)}
        units = [unit for unit in gazetteer.units("commune", as_of=day) if unit.code in rows]
        if not units:
            raise DataError("boundaries", Said("the pack has none", "gói dữ liệu không có ranh giới"))
        lands = {unit.code: ground(locator, rows[unit.code]) for unit in units}
        weighted = _weighted(job, locator, units, lands)
        chosen = [unit for unit in units if not job.provinces or unit.parent in job.provinces]
        if not chosen:
            said = Said("the pack has no boundaries there", "gói dữ liệu không có ranh giới ở đó")
            raise InvalidInput("province", ", ".join(job.provinces), said)
        counts = _counts(job, weighted, chosen)
        communes = [
            Commune(
                unit,
                rows[unit.code],
                _postcode(locator, unit),
                lands[unit.code],
                place_of(gazetteer, unit, provinces[str(unit.parent)], lands[unit.code].lat, day),
                counts[unit.code],
            )
            for unit in chosen
        ]
        return cls(communes, {code: unit.full_name for code, unit in provinces.items()}, weighted, locator.info)

    @property
    def total(self) -> int:
        """Households in all."""
        return sum(commune.households for commune in self.communes)

    def report(self, job: SynthJob, seconds: float) -> SynthReport:
        """What was made."""
        settled = [c for c in self.communes if c.households]
        full = tuple(c.unit.code for c in settled if c.households == MOST_IN_A_COMMUNE)
        chosen = {c.unit.code for c in self.communes}
        clamped = tuple(code for code in self.weighted.clamped if code in chosen)
        return SynthReport(
            out=str(job.out),
            rows=self.total,
            communes=len(settled),
            provinces=len({c.unit.parent for c in settled}),
            seed=job.seed,
            weights=self.weighted.rule._asdict(),
            raised=clamped,
            full=full,
            seconds=round(seconds, 3),
            pack=self.info,
            notice=NOTICE._asdict(),
        )


def _check_provinces(given: Sequence[str], known: Container[str]) -> None:
    for code in given:
        if code not in known:
            said = Said(
                "no province has this code on the date of the data",
                "không tỉnh nào mang mã này vào ngày của dữ liệu",
            )
            raise UnknownUnit("province", code, said)


def _weighted(job: SynthJob, locator: Locator, units: Sequence[Unit], lands: dict[str, Ground]) -> Weighted:
    areas_km2 = {code: land.area_km2 for code, land in lands.items()}
    if job.population is None:
        return made_up(units, areas_km2)
    day = locator.info.date
    known = {unit.code for unit in locator.gazetteer.units("commune", as_of=day)}
    return of_population(units, areas_km2, read_population(job.population, known))


def _counts(job: SynthJob, weighted: Weighted, chosen: Sequence[Unit]) -> dict[str, int]:
    """Households by commune: of the nation, where no number was asked for, so that a province is a part of it."""
    if job.households is None:
        return apportion(min(NATION_HOUSEHOLDS, MOST_IN_A_COMMUNE * len(weighted.weights)), weighted.weights)
    return apportion(job.households, {unit.code: weighted.weights[unit.code] for unit in chosen})


def _postcode(locator: Locator, unit: Unit) -> str:
    found = locator.gazetteer.postcode(unit.code, as_of=locator.info.date)
    if found is None:
        said = Said(f"{unit.full_name} has no postcode", f"{unit.full_name} không có mã bưu chính")
        raise DataError("postcodes", said, column=unit.code)
    return found
