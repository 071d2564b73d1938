"""Geometries of a layer made fit for an index: decoded, flat, polygons only, valid.

A valid polygon keeps every coordinate, bit for bit, and its order. What is repaired is said, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.errors import DataError, Said
from geoaddr.importing.area import areas_m2
from geoaddr.importing.layer import Layer
from geoaddr.profiles.vn import COUNTRY_NAMES, LAND
from geoaddr.reprojection import is_wgs84, way_to_wgs84

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
_FEW = 256
"""Geometries looked at together where all coordinates are needed at once: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One repair of one row: what was wrong (``fault``: ``unclosed_ring``, ``invalid``, ``collection``),
    in GEOS's words where it has any, and the area in square metres before and after."""

    row: int
    fault: str
    detail: str
    before_m2: float
    after_m2: float


def decode(layer: Layer) -> tuple[NDArray[Any], list[Fix], list[Said]]:
    """The geometries of ``layer`` in WGS 84 as two-dimensional shapely geometries; ``None`` stays ``None``.

    :raises DataError: bytes that are no geometry, something else than polygons, coordinates out of range.
    """
    notes: list[Said] = []
    geometries, fixes = _from_wkb(layer)
    _only_polygonal(layer, geometries)
    raised = int(np.count_nonzero(shapely.get_coordinate_dimension(geometries) > 2))
    if raised:
        geometries = shapely.force_2d(geometries)
        notes.append(
            Said(
                f"heights or measures were dropped from {raised} features",
                f"đã bỏ độ cao hoặc trị đo của {raised} đối tượng",
            )
        )
    _finite(layer, geometries)
    if layer.crs is None:
        notes.append(
            Said(
                "the source states no coordinate system: taken as WGS 84, longitude and latitude",
                "nguồn không ghi hệ tọa độ: coi là WGS 84, kinh độ và vĩ độ",
            )
        )
    elif not is_wgs84(layer.crs):
        way = way_to_wgs84(layer.crs, layer.source.named)
        geometries = shapely.transform(geometries, way.move, interleaved=False)
        notes.append(Said(f"reprojected {way.said.en}", f"đã chuyển hệ tọa độ {way.said.vi}"))
        _finite(layer, geometries)
    _in_range(layer, geometries)
    return geometries, fixes, notes


def make_valid(geometries: NDArray[Any]) -> tuple[NDArray[Any], list[Fix]]:
    """Polygons only, all valid; what was valid is the same object. A row with no area left is ``None``."""
    out = geometries.copy()
    fixes = []
    for row in np.flatnonzero(shapely.get_type_id(out) == _COLLECTION):
        whole = out[row]
        out[row] = _areal(whole)
        fixes.append(_fix(int(row), "collection", "lines or points beside polygons", whole, out[row]))
    present = ~(shapely.is_missing(out) | shapely.is_empty(out))
    for row in np.flatnonzero(present & ~shapely.is_valid(out)):
        broken = out[row]
        mended = shapely.make_valid(broken, method="structure", keep_collapsed=False)
        out[row] = _areal(mended)
        fixes.append(_fix(int(row), "invalid", shapely.is_valid_reason(broken), broken, out[row]))
    out[shapely.is_empty(out)] = None
    return out, fixes


def _from_wkb(layer: Layer) -> tuple[NDArray[Any], list[Fix]]:
    fixes = []
    try:
        with np.errstate(invalid="ignore"):  # what is not a number is refused later, by name
            geometries: NDArray[Any] = shapely.from_wkb(layer.wkb, on_invalid="ignore")
    except NotImplementedError:
        raise _fault(layer, "curved geometries are not read", "không đọc được hình học cong") from None
    lost = shapely.is_missing(geometries) & np.array([value is not None for value in layer.wkb])
    for row in np.flatnonzero(lost):
        closed = shapely.from_wkb(layer.wkb[row], on_invalid="fix")
        if closed is None:
            where = layer.origins[row]
            raise _fault(layer, f"{where}: bytes that are no geometry", f"{where}: dữ liệu không phải hình học")
        geometries[row] = closed
        area = float(areas_m2(np.array([closed], dtype=object))[0])
        fixes.append(Fix(int(row), "unclosed_ring", "a ring whose end is not its beginning", area, area))
    return geometries, fixes


def _only_polygonal(layer: Layer, geometries: NDArray[Any]) -> None:
    kinds = shapely.get_type_id(geometries)
    for row in np.flatnonzero(~np.isin(kinds, (-1, _POLYGON, _MULTIPOLYGON))):
        geometry = geometries[row]
        if kinds[row] != _COLLECTION or _areal(geometry) is None:
            where, kind = layer.origins[row], geometry.geom_type
            raise _fault(
                layer,
                f"{where} is a {kind}; a layer of boundaries has polygons only",
                f"{where} là {kind}; lớp ranh giới chỉ có đa giác",
            )


def _areal(geometry: Any) -> Any:
    """The polygons of a geometry as one; ``None`` where there are none with an area."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) == _COLLECTION).any() or (shapely.get_type_id(parts) == _MULTIPOLYGON).any():
        parts = shapely.get_parts(parts)
    parts = parts[(shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)]
    if not len(parts):
        return None
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _finite(layer: Layer, geometries: NDArray[Any]) -> None:
    for start in range(0, len(geometries), _FEW):
        few = geometries[start : start + _FEW]
        if not np.isfinite(shapely.get_coordinates(few)).all():
            row = next(r for r, g in enumerate(few) if not np.isfinite(shapely.get_coordinates(g)).all())
            where = layer.origins[start + row]
            raise _fault(
                layer,
                f"{where} has a coordinate that is not a finite number",
                f"{where} có tọa độ không phải số hữu hạn",
            )


def _in_range(layer: Layer, geometries: NDArray[Any]) -> None:
    bounds = shapely.bounds(geometries)
    west, south, east, north = bounds.T
    with np.errstate(invalid="ignore"):
        outside = (west < LAND.west) | (east > LAND.east) | (south < LAND.south) | (north > LAND.north)
    if not outside.any():
        return
    row = int(np.flatnonzero(outside)[0])
    box = ", ".join(f"{value:.6g}" for value in bounds[row])
    swapped = LAND.south <= west[row] <= LAND.north and LAND.west <= south[row] <= LAND.east
    degrees = np.abs(bounds[row]).max() <= 180
    if swapped:
        hint = Said("; latitude and longitude are swapped", "; vĩ độ và kinh độ bị đổi chỗ")
    elif not degrees:
        hint = Said(
            "; these are not degrees: the layer must state its coordinate system",
            "; đây không phải độ: lớp dữ liệu phải ghi hệ tọa độ",
        )
    else:
        hint = Said("", "")
    where, country = layer.origins[row], COUNTRY_NAMES
    raise _fault(
        layer,
        f"{where} lies outside {country[1]} (it spans {box}){hint.en}",
        f"{where} nằm ngoài {country[0]} (phạm vi {box}){hint.vi}",
    )


def _fix(row: int, fault: str, detail: str, before: Any, after: Any) -> Fix:
    areas = areas_m2(np.array([before, after], dtype=object))
    return Fix(row, fault, detail, float(areas[0]), float(np.nan_to_num(areas[1])))


def _fault(layer: Layer, en: str, vi: str) -> DataError:
    return DataError(layer.source.named, Said(en, vi), column="geometry")
