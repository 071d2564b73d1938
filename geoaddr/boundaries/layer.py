"""A layer of polygons taken apart into one array of vertices, after a look at what it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.errors import InvalidInput, Said

_POLYGON, _MULTIPOLYGON = 3, 6
_MOST_VERTICES = 2**31
"""Offsets are kept in 32 bits."""


class Layer(NamedTuple):
    """Vertices in the order of their rings, and the offsets that put the polygons together again."""

    coords: NDArray[np.float64]
    ring_offsets: NDArray[np.int64]
    part_offsets: NDArray[np.int64]
    unit_offsets: NDArray[np.int64]
    multipart: NDArray[np.uint8]
    bounds: NDArray[np.float64]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all units."""
        low, high = self.bounds[:, :2].min(axis=0), self.bounds[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def unit_of_vertices(self) -> NDArray[np.int32]:
        """The unit's row of every vertex."""
        ends = self.ring_offsets[self.part_offsets[self.unit_offsets]]
        return np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))


def take_apart(polygons: NDArray[Any]) -> Layer:
    """The layer of these polygons.

    :raises InvalidInput: for the first row that cannot be indexed, with the reason.
    """
    polygons = np.asarray(polygons, dtype=object)
    _check(polygons)
    types = shapely.get_type_id(polygons)
    kind, coords, offsets = shapely.to_ragged_array(polygons, include_z=False)
    if kind == shapely.GeometryType.POLYGON:
        offsets = (*offsets, np.arange(len(polygons) + 1))
    ring_offsets, part_offsets, unit_offsets = (o.astype(np.int64) for o in offsets)
    if len(coords) >= _MOST_VERTICES:
        raise InvalidInput("polygons", len(coords), Said("too many vertices", "quá nhiều đỉnh"))
    return Layer(
        coords=np.ascontiguousarray(coords),
        ring_offsets=ring_offsets,
        part_offsets=part_offsets,
        unit_offsets=unit_offsets,
        multipart=(types == _MULTIPOLYGON).astype(np.uint8),
        bounds=shapely.bounds(polygons),
    )


def _check(polygons: NDArray[Any]) -> None:
    if polygons.ndim != 1 or not len(polygons):
        raise InvalidInput("polygons", polygons.shape, Said("no polygons", "không có đa giác nào"))
    _refuse(
        ~shapely.is_geometry(polygons),
        Said("not a geometry", "không phải đối tượng hình học"),
    )
    _refuse(
        ~np.isin(shapely.get_type_id(polygons), (_POLYGON, _MULTIPOLYGON)),
        Said("not a polygon or multipolygon", "không phải đa giác hay đa giác nhiều phần"),
    )
    _refuse(shapely.is_empty(polygons), Said("an empty geometry", "hình học rỗng"))
    _refuse(
        _holds_an_empty_part(polygons),
        Said("a multipolygon with an empty part", "đa giác nhiều phần có phần rỗng"),
    )
    west, south, east, north = shapely.bounds(polygons).T
    _refuse(
        ~((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)),
        Said("outside WGS 84 longitudes and latitudes", "nằm ngoài kinh độ, vĩ độ WGS 84"),
    )
    invalid = np.flatnonzero(~shapely.is_valid(polygons))
    if len(invalid):
        why = shapely.is_valid_reason(polygons[invalid[0]])
        _refuse(
            np.isin(np.arange(len(polygons)), invalid[:1]),
            Said(f"not valid, repair it first: {why}", f"không hợp lệ, hãy sửa trước: {why}"),
        )


def _holds_an_empty_part(polygons: NDArray[Any]) -> NDArray[np.bool_]:
    parts, unit = shapely.get_parts(polygons, return_index=True)
    found = np.zeros(len(polygons), dtype=bool)
    found[unit[shapely.is_empty(parts)]] = True
    return found


def _refuse(wrong: NDArray[np.bool_], reason: Said) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        raise InvalidInput("polygons", f"row {rows[0]}", reason)
