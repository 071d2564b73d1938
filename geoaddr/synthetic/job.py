"""What a nation is made by: the options, and which of them cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geoaddr.bulk.readers import CSV_ENDINGS
from geoaddr.errors import InvalidInput, Said
from geoaddr.synthetic.layouts import LAYOUTS
from geoaddr.synthetic.styles import MIXED, STYLES

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
    if type(job.seed) is not int or not 0 <= job.seed < SEEDS:
        said = Said("not a whole number from 0 to 2^63 - 1", "phải là số nguyên từ 0 đến 2^63 - 1")
        raise InvalidInput("seed", job.seed, said)
    _one_of("style", job.style, (*STYLES, MIXED))
    _one_of("columns", job.columns, tuple(LAYOUTS))


def _at_least_one(name: str, value: int | None) -> None:
    if value is not None and (type(value) is not int or value < 1):
        raise InvalidInput(name, value, Said("not a whole number from 1 on", "phải là số nguyên từ 1 trở lên"))


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        listed = ", ".join(known)
        raise InvalidInput(name, value, Said(f"not one of {listed}", f"không thuộc {listed}"))
