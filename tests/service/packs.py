"""A real pack, small and exact: all units, and the polygons of Đà Nẵng and Lào Cai."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import numpy as np
import shapely

from geoaddr.boundaries import build
from geoaddr.importing.gazetteer_sections import to_sections
from geoaddr.importing.sources import read_sources
from geoaddr.model import PackInfo
from geoaddr.pack import write_pack
from geoaddr.wiring import COMMUNES

SOURCES = Path(__file__).resolve().parents[2] / "data"
DATE = dt.date(2026, 10, 1)


def write_two_provinces(raw: Path, path: Path) -> Path:
    """Write the pack to ``path``, from the publisher's zip of one file a unit."""
    polygons = _polygons(raw)
    codes = sorted(polygons)
    index = build(np.array([polygons[code] for code in codes], dtype=object))
    sections = {
        **to_sections(read_sources(SOURCES)),
        **{f"{COMMUNES}.{name}": section for name, section in index.items()},
        COMMUNES + ".codes": codes,
    }
    write_pack(path, PackInfo("da-nang-lao-cai", "1", DATE, "exact"), sections)
    return path


def _polygons(raw: Path) -> dict[str, shapely.Geometry]:
    with zipfile.ZipFile(raw) as archive:
        files = [name for name in archive.namelist() if "/wards/" in name and name.endswith(".geojson")]
        found = {Path(name).name[:5]: shapely.from_geojson(archive.read(name)) for name in files}
    return {code: shapely.make_valid(shapely.union_all(shape)) for code, shape in found.items()}
