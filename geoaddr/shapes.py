"""Boundaries as GeoJSON; the only place of the core where longitude comes first."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from geoaddr.boundaries import BoundaryIndex
from geoaddr.errors import Said, UnknownUnit
from geoaddr.locating import Locator
from geoaddr.model import Unit
from geoaddr.outlines import outlines, rows_of

KEPT_OUTLINES = 40
"""Outlines that are kept: all provinces of today, and a few more."""


def boundary_feature(locator: Locator, unit: Unit, as_of: dt.date, tolerance_m: float = 0.0) -> dict[str, Any]:
    """A GeoJSON feature of a unit: its polygons, its fields, how accurate they are.

    A layer of the unit's own level answers where the pack has one of the date; else a province's boundary is the
    union of its communes' on the date.

    :param tolerance_m: how far a border may be moved to have fewer vertices, metres; 0 leaves them all.
    :raises UnknownUnit: when the loaded boundaries have no polygon for the unit on the date.
    """
    import shapely

    found = rows_of(locator, unit, as_of)
    if found is None:
        raise no_polygon(unit, as_of)
    sheet, rows = found
    layer = sheet.info
    geometry = _outline(sheet.index, tuple(rows), tolerance_m)
    return {
        "type": "Feature",
        "id": unit.code,
        "bbox": shapely.bounds(geometry).tolist(),
        "geometry": shapely.geometry.mapping(geometry),
        "properties": {
            **unit.to_dict(),
            "as_of": as_of.isoformat(),
            "tolerance_m": tolerance_m,
            "boundary_accuracy": layer.accuracy,
            "boundary_valid_from": layer.valid_from.isoformat(),
            "boundary_valid_to": layer.valid_to.isoformat() if layer.valid_to else None,
            "pack": locator.info.to_dict(),
        },
    }


def no_polygon(unit: Unit, as_of: dt.date) -> UnknownUnit:
    """The error for a unit that the loaded boundaries do not have."""
    return UnknownUnit(
        "code",
        unit.code,
        Said(
            f"the loaded boundaries have no polygon of {unit.full_name} on {as_of}",
            f"ranh giới đã nạp không có hình của {unit.full_name} vào ngày {as_of}",
        ),
    )


@lru_cache(maxsize=KEPT_OUTLINES)
def _outline(index: BoundaryIndex, rows: tuple[int, ...], tolerance_m: float) -> Any:
    """One outline; a province's takes seconds to join, and is asked for again and again."""
    return outlines(index, rows, tolerance_m).of(rows)
