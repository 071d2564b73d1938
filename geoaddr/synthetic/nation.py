"""The running of a job: from options to communes with their households, and from these to a file."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import pyarrow as pa

from geoaddr.bulk.parts import chunks
from geoaddr.bulk.readers import CSV_ENDINGS
from geoaddr.bulk.writers import write
from geoaddr.errors import DataError, InvalidInput, Said, UnknownUnit, os_reason
from geoaddr.locating import Locator
from geoaddr.model import PackInfo, Unit
from geoaddr.synthetic.communes import Commune, blocks
from geoaddr.synthetic.ground import Ground, ground
from geoaddr.synthetic.households import Maker
from geoaddr.synthetic.layouts import LAYOUTS, Layout, laid_out
from geoaddr.synthetic.population import read_population
from geoaddr.synthetic.report import NOTICE, SynthReport, metadata
from geoaddr.synthetic.styles import MIXED, STYLES, place_of
from geoaddr.synthetic.weights import (
    MOST_IN_A_COMMUNE,
    NATION_HOUSEHOLDS,
    Weighted,
    apportion,
    made_up,
    of_population,
)

Progress = Callable[[int, int | None], None]

BLOCK_ROWS = 2**17
"""Households made in one step, more or less; bounds the memory together with the number of threads."""

GROUP_ROWS = 2**17
"""Rows of a row group in Parquet, whatever the steps were."""

READ_AHEAD = 1
"""Steps a thread that are made before the oldest is written."""

SEEDS = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthJob:
    """What to make.

    ``out`` ends in ``.parquet``, ``.csv``, ``.tsv`` or ``.txt``. ``households`` ``None``: 28 million in the
    nation, and for some ``provinces`` (codes) their share of these. ``columns``: ``all`` or ``registry``.
    ``workers``: threads; by default one a processor. They change nothing of the content.
    """

    out: Path
    households: int | None = None
    provinces: Sequence[str] = ()
    seed: int = 0
    population: Path | None = None
    style: str = "official"
    columns: Literal["all", "registry"] = "all"
    workers: int | None = None
    overwrite: bool = False


def run(job: SynthJob, locator: Locator, progress: Progress | None = None) -> SynthReport:
    """Make a nation and write it, whole or not at all.

    :raises InvalidInput: for an option that cannot be used.
    :raises DataError: for a file that cannot be read or written, and a pack without boundaries.
    """
    check(job)
    started = time.monotonic()
    plan = Plan.of(job, locator)
    layout = LAYOUTS[job.columns]
    maker = Maker(locator, plan.provinces, job.seed, job.style, layout.made)
    schema = layout.schema(maker.schema).with_metadata(metadata(job.seed, job.style, plan.weighted, locator.info))
    made = _counted(_made(maker, layout, plan, job.workers or _processors()), plan.total, progress)
    try:
        write(job.out, schema, chunks(made, schema, GROUP_ROWS))
    except OSError as error:
        why = os_reason(error)
        raise DataError(job.out, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None
    return plan.report(job, time.monotonic() - started)


def check(job: SynthJob) -> None:
    """Refuse a job that cannot end well, before any work is done."""
    endings = sorted(CSV_ENDINGS | {".parquet"})
    if job.out.suffix.lower() not in endings:
        known = ", ".join(endings)
        raise InvalidInput("out", str(job.out), Said(f"must end in one of {known}", f"phải có đuôi {known}"))
    if job.out.exists() and not job.overwrite:
        raise InvalidInput("out", str(job.out), Said("exists; add --overwrite", "đã có; hãy thêm --overwrite"))
    if job.out.exists() and job.population is not None and job.out.samefile(job.population):
        raise InvalidInput("out", str(job.out), Said("is the input itself", "chính là tệp vào"))
    _at_least_one("households", job.households)
    _at_least_one("workers", job.workers)
    if not isinstance(job.seed, int) or not 0 <= job.seed < SEEDS:
        said = Said("not a whole number from 0 to 2^63 - 1", "phải là số nguyên từ 0 đến 2^63 - 1")
        raise InvalidInput("seed", job.seed, said)
    _one_of("style", job.style, (*STYLES, MIXED))
    _one_of("columns", job.columns, tuple(LAYOUTS))


def _at_least_one(name: str, value: int | None) -> None:
    if value is not None and (not isinstance(value, int) or value < 1):
        raise InvalidInput(name, value, Said("not a whole number from 1 on", "phải là số nguyên từ 1 trở lên"))


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        listed = ", ".join(known)
        raise InvalidInput(name, value, Said(f"not one of {listed}", f"không thuộc {listed}"))


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


def _made(maker: Maker, layout: Layout, plan: Plan, workers: int) -> Iterator[pa.RecordBatch]:
    """The rows in order, made by threads a few steps ahead of the writer."""

    def make(step: tuple[list[Commune], int]) -> pa.RecordBatch:
        return laid_out(layout, maker.households(*step), plan.info.date)

    steps = _steps(plan)
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[pa.RecordBatch]] = deque()
        try:
            waiting.extend(pool.submit(make, step) for step in islice(steps, workers * (1 + READ_AHEAD)))
            while waiting:
                batch = waiting.popleft().result()
                waiting.extend(pool.submit(make, step) for step in islice(steps, 1))
                yield batch
        finally:
            for future in waiting:
                future.cancel()


def _steps(plan: Plan) -> Iterator[tuple[list[Commune], int]]:
    first = 1
    for block in blocks(plan.communes, BLOCK_ROWS):
        yield block, first
        first += sum(commune.households for commune in block)


def _counted(batches: Iterator[pa.RecordBatch], total: int, progress: Progress | None) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.num_rows
        if progress is not None:
            progress(done, total)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
