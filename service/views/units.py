"""Administrative units on a day: lists for menus, one unit, its boundary."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from geoaddr.errors import UnknownUnit
from geoaddr.model import Level, Record, Unit
from service.operations import GEOJSON, Answer, Asked, Operation
from service.schemas import AsOfQuery, BoundaryQuery, UnitsQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitList(Record):
    """The units of a level on a day, by code."""

    level: Level
    parent: str | None
    as_of: dt.date
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryFeature(Record):
    """A GeoJSON feature (RFC 7946, longitude first). The properties are the unit's fields, the day, the
    tolerance in metres, how accurate the boundary is, and the pack that it is from."""

    type: Literal["Feature"]
    id: str
    bbox: list[float]
    geometry: dict[str, Any]
    properties: dict[str, Any]


def list_units(asked: Asked[UnitsQuery, None]) -> Answer:
    ga, query = asked.ga, asked.query
    try:
        units = ga.units(query.level, as_of=query.as_of, parent=query.parent)
    except UnknownUnit as error:
        raise UnknownUnit("parent", error.value, error.reason) from None
    return Answer(
        UnitList(level=query.level, parent=query.parent, as_of=ga.as_of(query.as_of), units=tuple(units))
    )


def unit(asked: Asked[AsOfQuery, None]) -> Answer:
    return Answer(asked.ga.unit(asked.path["code"], as_of=asked.query.as_of))


def boundary(asked: Asked[BoundaryQuery, None]) -> Answer:
    query = asked.query
    return Answer(
        asked.ga.boundary(asked.path["code"], as_of=query.as_of, tolerance_m=query.tolerance_m, zoom=query.zoom)
    )


_CODE = {"code": "The unit's code: 2 digits a province, 3 a district, 5 a commune; leading zeros count."}

OPERATIONS = (
    Operation(
        name="list_units",
        tag="units",
        path="/v1/units",
        view=list_units,
        summary="The units of a level on a day",
        description="What a shop's menus of provinces and communes list. `parent` narrows it to one province "
        "(or, before 1 July 2025, one district).",
        query=UnitsQuery,
        answer=UnitList,
        cached="pack",
        problems=(404,),
    ),
    Operation(
        name="unit",
        tag="units",
        path="/v1/units/{code}",
        view=unit,
        summary="One unit on a day",
        description="Codes are used again: the same one may name another unit before and after a reform, so "
        "the answer depends on `as_of`.",
        parameters=_CODE,
        query=AsOfQuery,
        answer=Unit,
        cached="pack",
        problems=(404,),
    ),
    Operation(
        name="boundary",
        tag="units",
        path="/v1/units/{code}/boundary",
        view=boundary,
        summary="A unit's boundary as GeoJSON",
        description="The polygons of the loaded pack: `boundary_accuracy` among the properties says whether "
        "they are exact or approximate. There are none for days before 1 July 2025 (404). `tolerance_m` or "
        "`zoom` leave vertices out.",
        parameters=_CODE,
        query=BoundaryQuery,
        answer=BoundaryFeature,
        cached="pack",
        media=GEOJSON,
        problems=(404,),
    ),
)
