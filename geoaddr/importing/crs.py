"""Coordinate systems: WGS 84 passes, others go through pyproj where it is installed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.errors import DataError, MissingExtra, Said

_WGS84_CODES = frozenset({"EPSG:4326", "EPSG:4979", "OGC:CRS84", "OGC:CRS84H"})
_WGS84_WKT = re.compile(r"\s*GEOG(?:CS|CRS)\[\s*\"(?:GCS_)?WGS[ _](?:19)?84\"", re.IGNORECASE)


def is_wgs84(crs: str | Mapping[str, Any]) -> bool:
    """Whether ``crs`` (authority code, WKT or PROJJSON) is geographic WGS 84, in degrees."""
    if isinstance(crs, str):
        return crs.upper() in _WGS84_CODES or _WGS84_WKT.match(crs) is not None
    identity = crs.get("id")
    if isinstance(identity, Mapping):
        return f"{identity.get('authority')}:{identity.get('code')}".upper() in _WGS84_CODES
    return crs.get("type") == "GeographicCRS" and str(crs.get("name", "")).startswith("WGS 84")


def label(crs: str | Mapping[str, Any] | None) -> str:
    """A short name of ``crs`` for a report."""
    if crs is None:
        return "not stated"
    if isinstance(crs, Mapping):
        identity = crs.get("id")
        if isinstance(identity, Mapping):
            return f"{identity.get('authority')}:{identity.get('code')}"
        return str(crs.get("name", "PROJJSON"))
    name = re.search(r'"([^"]+)"', crs)
    return name.group(1) if name and len(crs) > 40 else crs


def to_wgs84(geometries: NDArray[Any], crs: str | Mapping[str, Any], file: object) -> tuple[NDArray[Any], Said]:
    """``geometries`` in longitude and latitude of WGS 84, and a sentence on how they got there.

    :raises MissingExtra: pyproj is not installed.
    :raises DataError: pyproj does not know the system, or a point has no place in WGS 84.
    """
    try:
        import pyproj
    except ImportError:
        raise MissingExtra("crs", f"reading the coordinate system {label(crs)}") from None
    given = crs if isinstance(crs, str) else dict(crs)
    try:
        way = pyproj.Transformer.from_crs(given, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.ProjError as error:
        line = str(error).splitlines()[0][:160]
        raise DataError(
            file, Said(f"coordinate system not understood: {line}", f"không hiểu hệ tọa độ: {line}")
        ) from None

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(way.transform(xy[:, 0], xy[:, 1]))

    accuracy = f"{way.accuracy:g} m" if way.accuracy >= 0 else None
    moved: NDArray[Any] = shapely.transform(geometries, move)
    return moved, Said(
        f"reprojected from {label(crs)} by PROJ (accuracy {accuracy or 'not stated'})",
        f"đã chuyển hệ tọa độ từ {label(crs)} bằng PROJ (độ chính xác {accuracy or 'không rõ'})",
    )
