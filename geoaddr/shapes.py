"""Boundaries as GeoJSON; the only place of the core where longitude comes first."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from geoaddr.errors import Said, UnknownUnit
from geoaddr.locating import Locator
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM

KEPT_UNIONS = 40
"""Joined boundaries that are kept: all provinces of today, and a few more."""


def boundary_feature(locator: Locator, unit: Unit, as_of: dt.date) -> dict[str, Any]:
    """A GeoJSON feature of a unit: its polygons, its fields, how accurate they are.

    A province's boundary is the union of its communes' on the date.

    :raises UnknownUnit: when the loaded boundaries have no polygon for the unit on the date.
    """
    import shapely

    rows = [] if as_of < REFORM else _rows(locator, unit, as_of)
    if not rows:
        raise UnknownUnit(
            "code",
            unit.code,
            Said(
                f"the loaded boundaries have no polygon of {unit.full_name} on {as_of}",
                f"ranh giới đã nạp không có hình của {unit.full_name} vào ngày {as_of}",
            ),
        )
    geometry = _union(locator, tuple(rows))
    return {
        "type": "Feature",
        "id": unit.code,
        "bbox": shapely.bounds(geometry).tolist(),
        "geometry": shapely.geometry.mapping(geometry),
        "properties": {
            **unit.to_dict(),
            "as_of": as_of.isoformat(),
            "boundary_accuracy": locator.info.boundary_accuracy,
            "pack": locator.info.to_dict(),
        },
    }


@lru_cache(maxsize=KEPT_UNIONS)
def _union(locator: Locator, rows: tuple[int, ...]) -> Any:
    """The land of several communes; a province's takes seconds to join, and is asked for again and again."""
    import shapely

    return shapely.union_all([locator.index.polygon(row) for row in rows])


def _rows(locator: Locator, unit: Unit, as_of: dt.date) -> list[int]:
    if unit.level == "commune":
        wanted = {unit.code}
    else:
        members = locator.gazetteer.units("commune", as_of=as_of, parent=unit.code)
        wanted = {member.code for member in members}
    return [row for row, code in enumerate(locator.codes) if code in wanted]
