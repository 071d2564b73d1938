"""Small layers on real communes of Đà Nẵng, written in every format that is read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyogrio import raw

CODES = ["20194", "20197", "20200", "20209"]
NAMES = ["Phường Hải Vân", "Phường Liên Chiểu", "Phường Hòa Khánh", "Phường Thanh Khê"]
CRS84 = {"type": "GeographicCRS", "name": "WGS 84 (CRS84)", "id": {"authority": "OGC", "code": "CRS84"}}


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle of degrees."""
    return shapely.box(west, south, east, north)


SQUARES = [
    box(108.0, 16.0, 108.1, 16.1),
    box(108.1, 16.0, 108.2, 16.1),
    box(108.0, 16.1, 108.1, 16.2),
    box(108.1, 16.1, 108.2, 16.2),
]
"""Four squares that meet exactly: no overlap, no gap."""


def write_parquet(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    geometries: Sequence[Any],
    *,
    geo: Mapping[str, Any] | None = None,
    geometry: str = "geometry",
) -> Path:
    """A Parquet file with a column of WKB; with ``geo`` members it is a GeoParquet."""
    wkb = [g if g is None or isinstance(g, bytes) else shapely.to_wkb(g) for g in geometries]
    table = pa.table({**columns, geometry: pa.array(wkb, pa.binary())})
    if geo is not None:
        column = {"encoding": "WKB", "geometry_types": [], **geo}
        about = {"version": "1.1.0", "primary_column": geometry, "columns": {geometry: column}}
        table = table.replace_schema_metadata({"geo": json.dumps(about)})
    pq.write_table(table, path)
    return path


def write_ogr(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    geometries: Sequence[Any],
    *,
    crs: str = "EPSG:4326",
    layer: str | None = None,
    append: bool = False,
) -> Path:
    """A GeoPackage, GeoJSON or shapefile, by the path's ending."""
    fields = [np.array(v, dtype=object if isinstance(v[0], str) else None) for v in columns.values()]
    shapes = np.array([shapely.to_wkb(g) for g in geometries], dtype=object)
    raw.write(
        path, shapes, fields, list(columns), crs=crs, encoding="UTF-8", layer=layer, append=append,
        geometry_type="MultiPolygon" if _multi(geometries) else "Polygon",
    )  # fmt: skip
    return path


def write_geojson(path: Path, features: Sequence[tuple[Mapping[str, Any], Any]]) -> Path:
    """GeoJSON as text, so that what no library would write can be written too."""
    found = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}), encoding="utf-8")
    return path


def ring(*points: tuple[float, ...]) -> dict[str, Any]:
    """A GeoJSON polygon of one ring, exactly as given."""
    return {"type": "Polygon", "coordinates": [[list(p) for p in points]]}


def _multi(geometries: Sequence[Any]) -> bool:
    return any(g.geom_type == "MultiPolygon" for g in geometries)
