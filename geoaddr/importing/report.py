"""What an import found and did, as values: for machines ``to_dict``, for people :mod:`.report_text`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geoaddr.model import Level, PackInfo, Record

AREA_METHOD = {
    "en": "on the WGS 84 ellipsoid, edges straight in longitude and latitude",
    "vi": "trên elipxôit WGS 84, cạnh thẳng theo kinh độ và vĩ độ",
}


@dataclass(frozen=True, slots=True)
class Unknown(Record):
    """A row that is no unit of the gazetteer on the date: left out of the pack."""

    code: str
    name: str
    origin: str
    why_en: str
    why_vi: str


@dataclass(frozen=True, slots=True)
class Named(Record):
    """A unit by its code and full name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Disagreement(Record):
    """Where a row says otherwise than the gazetteer, whose word the pack keeps.

    ``field``: ``name``; ``type`` (the same name with another type word); ``accents``; ``province``;
    ``file_name`` (the name of the file has another code than the row).
    """

    code: str
    field: Literal["name", "type", "accents", "province", "file_name"]
    given: str
    expected: str
    origin: str


@dataclass(frozen=True, slots=True)
class Duplicate(Record):
    """A unit given in several rows. ``how``: ``same`` (copies, one was kept) or ``parts`` (joined)."""

    code: str
    how: Literal["same", "parts"]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repair(Record):
    """A geometry that was changed. ``fault``: ``unclosed_ring``, ``invalid`` or ``collection``;
    ``detail`` in GEOS's words; areas in km2, where that before a repair is what the broken rings enclose."""

    code: str
    origin: str
    fault: str
    detail: str
    area_before_km2: float
    area_after_km2: float

    @property
    def area_change_km2(self) -> float:
        """What the repair added, or with a minus took away."""
        return self.area_after_km2 - self.area_before_km2

    def to_dict(self) -> dict[str, Any]:
        """The fields and ``area_change_km2``."""
        return {**Record.to_dict(self), "area_change_km2": round(self.area_change_km2, 9)}


@dataclass(frozen=True, slots=True)
class Overlap(Record):
    """Two units that share ground; a piece that lies in three units counts in each of its three pairs."""

    codes: tuple[str, str]
    names: tuple[str, str]
    area_km2: float


@dataclass(frozen=True, slots=True)
class Ground(Record):
    """A connected overlap with all units that it lies in, a gap with the units around it, or a thin part of
    one unit; ``lat``, ``lon`` a point of it; ``sliver`` whether it is thin."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    area_km2: float
    lat: float
    lon: float
    sliver: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport(Record):
    """All of it. Areas are in km2, measured as ``area_method`` says; lists of ground begin with the largest.

    ``communes`` of ``expected`` units of the layer's ``level`` are in the pack; ``partial`` says that some are
    missing. ``valid_from`` and ``valid_to`` are the days of a dated layer, ``None`` for one without dates.
    ``overlap_km2`` sums over pairs of units; ``overlapped_km2`` counts each piece of ground once.
    """

    source: str
    format: str
    sha256: str
    crs: str
    features: int
    columns: Mapping[str, str]
    as_of: dt.date
    communes: int
    expected: int
    partial: bool
    area_km2: float
    overlap_km2: float
    overlapped_km2: float
    gap_km2: float
    sliver_width_m: float
    provinces: tuple[Named, ...]
    districts: int
    missing: tuple[Named, ...]
    unknown: tuple[Unknown, ...]
    without_geometry: tuple[Named, ...]
    disagreements: tuple[Disagreement, ...]
    duplicates: tuple[Duplicate, ...]
    repairs: tuple[Repair, ...]
    overlaps: tuple[Overlap, ...]
    pieces: tuple[Ground, ...]
    gaps: tuple[Ground, ...]
    thin_parts: tuple[Ground, ...]
    notes: tuple[Mapping[str, str], ...]
    area_method: Mapping[str, str]
    pack: PackInfo
    level: Level = "commune"
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def summary(self) -> dict[str, Any]:
        """Every figure, and in place of each list its length: what a pack keeps of the import."""
        whole = self.to_dict()
        kept = {k: v if not isinstance(v, list) or k == "notes" else len(v) for k, v in whole.items()}
        return {**kept, "slivers": self.slivers()}

    def slivers(self) -> dict[str, dict[str, float]]:
        """Count and area of the thin pieces among overlaps, gaps and parts of units."""
        kinds = {"overlaps": self.pieces, "gaps": self.gaps, "parts": self.thin_parts}
        thin = {kind: [g.area_km2 for g in grounds if g.sliver] for kind, grounds in kinds.items()}
        return {kind: {"count": len(areas), "area_km2": round(sum(areas), 9)} for kind, areas in thin.items()}

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain data, and the ``slivers``."""
        return {**Record.to_dict(self), "slivers": self.slivers()}

    def text(self, lang: str = "en") -> str:
        """The report for people, in ``"en"`` or ``"vi"``."""
        from geoaddr.importing.report_text import render

        return render(self, lang)
