"""The polygons of a divided commune's parts, from GeoJSON: features with ``from`` and ``into``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely

from geoaddr.errors import DataError, Said
from geoaddr.importing.tables import Line
from geoaddr.profiles.vn import LAND


def parts_in(file: Path, line: Line, unit: str, into: str) -> Any:
    """The polygon of the feature whose ``from`` is ``unit`` and whose ``into`` is ``into``; WGS 84 degrees.

    :raises DataError: naming the file, or the line that asks for a feature that is not there once.
    """
    found = [f for f in _features(file) if _told(f) == (unit, into)]
    if len(found) != 1:
        raise line.error(
            f"{file.name} has {len(found)} features from {unit} into {into}, not one",
            f"{file.name} có {len(found)} đối tượng from {unit} into {into}, cần đúng một", "geometry",
        )  # fmt: skip
    try:
        shape = shapely.from_geojson(json.dumps(found[0].get("geometry")))
    except shapely.errors.GEOSException:
        shape = None
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or not shapely.is_valid(shape):
        why = shapely.is_valid_reason(shape) if shape is not None else "no geometry"
        said = Said(f"{unit} into {into}: not a valid polygon ({why})", f"{unit} vào {into}: đa giác sai ({why})")
        raise DataError(file, said)
    west, south, east, north = shapely.bounds(shape)
    if not (LAND.west <= west and east <= LAND.east and LAND.south <= south and north <= LAND.north):
        said = Said(f"{unit} into {into}: lies outside the country", f"{unit} vào {into}: nằm ngoài lãnh thổ")
        raise DataError(file, said)
    return shapely.force_2d(shape)


def _features(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(file, Said("no such file", "không có tệp này")) from None
    except (OSError, ValueError):
        raise DataError(file, Said("not GeoJSON", "không phải GeoJSON")) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise DataError(file, Said("not a GeoJSON FeatureCollection", "không phải FeatureCollection GeoJSON"))
    return features


def _told(feature: dict[str, Any]) -> tuple[Any, Any]:
    about = feature.get("properties")
    return (about.get("from"), about.get("into")) if isinstance(about, dict) else (None, None)
