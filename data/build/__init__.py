"""The build step of the embedded pack: from the text sources of this folder to one file, byte for byte.

It is not installed. ``geoaddr data build`` loads it by its path; the bytes are the same wherever the
versions of ``requirements.txt`` are.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from geoaddr.boundaries import build as build_index
from geoaddr.errors import DataError, Said
from geoaddr.importing.gazetteer_sections import to_sections
from geoaddr.importing.sources import Sources, read_sources
from geoaddr.model import PackInfo
from geoaddr.pack import write_pack

from .cells import cells

NAME = "vn-embedded"
COMMUNES = "boundaries.communes."

CELLS_PER_DEGREE = 128
"""Of the index: coarse, since the edges are few and the pack goes into every wheel."""

COMMUNE_CONFIDENCE = 0.73
"""How often a place's own commune is the one answered: real addresses, docs/explanation/approximate-cells.md."""

METHOD = (
    "cells computed from the communes' published points and areas and from generalised old provinces; "
    "not surveyed boundaries: about a quarter of all places lie in a neighbour's cell"
)


def build(data_dir: Path, out: Path) -> PackInfo:
    """Write the pack of the gazetteer and the approximate cells.

    :param data_dir: the folder that holds ``manifest.csv`` and ``sources/``.
    :returns: what the pack says of itself, with its version.
    :raises DataError: a source is missing, altered, or contradicts another.
    """
    sources = read_sources(data_dir)
    codes, polygons = cells(data_dir)
    _agree(data_dir, sources, codes)
    sections = to_sections(sources)
    sections |= {
        COMMUNES + key: value for key, value in build_index(polygons, cells_per_degree=CELLS_PER_DEGREE).items()
    }
    sections[COMMUNES + "codes"] = codes
    info = PackInfo(NAME, sources.date.strftime("%Y.%m.%d"), sources.date, "approximate")
    return write_pack(out, info, sections, meta=_meta(data_dir, len(codes)))


def _agree(data_dir: Path, sources: Sources, codes: list[str]) -> None:
    day = sources.date
    standing = [s for s in sources.stretches if s.valid_from <= day and (s.valid_to is None or day < s.valid_to)]
    now = sorted(s.code for s in standing if s.level == "commune")
    if codes != now:
        differing = ", ".join(sorted(set(codes) ^ set(now))[:5])
        raise DataError(
            data_dir / "sources" / "cells.csv",
            Said(f"other communes than the units have: {differing}", f"khác danh sách cấp xã: {differing}"),
        )


def _meta(data_dir: Path, count: int) -> dict[str, Any]:
    with (data_dir / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        kept = ("file", "origin", "version", "licence", "sha256")
        origins = [{key: line[key] for key in kept} for line in csv.DictReader(lines)]
    return {
        "partial": False,
        "communes": count,
        "missing": [],
        "boundaries": {"method": METHOD},
        "commune_confidence": COMMUNE_CONFIDENCE,
        "sources": origins,
    }
