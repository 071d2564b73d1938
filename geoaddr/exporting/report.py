"""What an export wrote."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from geoaddr.model import PackInfo, Record


@dataclass(frozen=True, slots=True)
class LargestChange(Record):
    """The unit whose area simplification changed most, and by how many percent (more is positive)."""

    code: str
    full_name: str
    percent: float


@dataclass(frozen=True, slots=True)
class Missing(Record):
    """A unit that has no polygon in the loaded boundaries."""

    code: str
    full_name: str


@dataclass(frozen=True, slots=True)
class ExportReport(Record):
    """An export: what is in the file, and what simplification did to it.

    ``vertices_before`` are those of the pack's own polygons, a province's those of its communes.
    """

    file: str
    format: str
    level: str
    as_of: dt.date
    tolerance_m: float
    units: int
    missing: tuple[Missing, ...]
    vertices_before: int
    vertices: int
    largest_change: LargestChange | None
    bytes: int
    pack: PackInfo
