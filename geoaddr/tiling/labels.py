"""Where a map writes the names of units: one point for each, whatever tiles the unit lies in."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Unit
from geoaddr.profiles.vn import ARCHIPELAGOS, TYPES_IN_ENGLISH
from geoaddr.tiling.eras import SPECIAL_ZONE, Ground
from geoaddr.tiling.grid import to_world
from geoaddr.tiling.mvt import Value

_LATIN_D = str.maketrans({"đ": "d", "Đ": "D"})


class Labels(NamedTuple):
    """Points in world units, and what is written there; ``special``: of which of them are special zones."""

    points: NDArray[np.float64]
    properties: list[dict[str, Value]]
    special: NDArray[np.bool_]

    def chosen(self, wanted: NDArray[np.bool_]) -> Labels:
        """Those of these positions."""
        rows = np.flatnonzero(wanted).tolist()
        return Labels(self.points[wanted], [self.properties[row] for row in rows], self.special[wanted])


def plain(name: str) -> str:
    """A name in the letters of English texts: without marks."""
    decomposed = unicodedata.normalize("NFD", name.translate(_LATIN_D))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def in_english(unit: Unit) -> str:
    """The full name of a unit in an English text; a number stands behind the type, as in Vietnamese."""
    word, name = TYPES_IN_ENGLISH.get(unit.type, unit.type), plain(unit.name)
    return f"{word} {name}" if name.isdigit() else f"{name} {word}"


def _written(unit: Unit) -> dict[str, Value]:
    """What stands on the map where a name is a number, and says nothing alone."""
    return {"name": unit.full_name, "name_en": in_english(unit)} if unit.name.isdigit() else {}


def properties_of(unit: Unit, ground: Ground) -> dict[str, Value]:
    """What a tile says of a unit."""
    return {
        "level": unit.level,
        "code": unit.code,
        "name": unit.name,
        "name_en": plain(unit.name),
        "full_name": unit.full_name,
        "type": unit.type,
        "parent": unit.parent,
        "basis": ground.basis,
        "accuracy": ground.accuracy,
    }


def labels_of(ground: Ground, polygons: NDArray[Any]) -> Labels:
    """The labels of a level: in the middle of each unit's largest part.

    ``rank`` counts from the largest unit, for maps that have no room for all; ``special``: a special zone.

    :param polygons: in world units, beside the units of ``ground``; empty ones have no label.
    """
    parts, unit = shapely.get_parts(polygons, return_index=True)
    order = np.lexsort((-shapely.area(parts), unit))
    _, first = np.unique(unit[order], return_index=True)
    largest = order[first]
    inside = shapely.get_coordinates(shapely.point_on_surface(parts[largest]))
    size_order = np.argsort(-shapely.area(parts[largest]), kind="stable")
    rank = np.empty(len(largest), dtype=np.int64)
    rank[size_order] = np.arange(len(largest))
    units = unit[largest]
    zones = np.array([unit.type == SPECIAL_ZONE for unit in ground.units], dtype=bool)
    special = (zones | _only_far_off(ground))[units]
    properties = [
        {**properties_of(ground.units[i], ground), **_written(ground.units[i]), "rank": r, "special": s}
        for i, r, s in zip(units.tolist(), rank.tolist(), special.tolist(), strict=True)
    ]
    named = {archipelago.unit for archipelago in ARCHIPELAGOS}
    keep = ~special | np.array([ground.units[i].name not in named for i in units.tolist()], dtype=bool)
    return Labels(inside, properties, special).chosen(keep)


def _only_far_off(ground: Ground) -> NDArray[np.bool_]:
    held = ground.unit_of_row >= 0
    on_land = np.bincount(ground.unit_of_row[held & ~ground.apart], minlength=len(ground.units))
    only: NDArray[np.bool_] = on_land == 0
    return only


def archipelagos(gazetteer: Gazetteer, day: dt.date) -> Labels:
    """The labels of Hoàng Sa and Trường Sa, whatever polygons there are: their name, their unit on the day and its
    province."""
    points = np.array([(each.point.lon, each.point.lat) for each in ARCHIPELAGOS])
    properties = [dict(_archipelago(gazetteer, each.unit, day)) for each in ARCHIPELAGOS]
    return Labels(to_world(points), properties, np.ones(len(points), dtype=bool))


def _archipelago(gazetteer: Gazetteer, name: str, day: dt.date) -> Iterator[tuple[str, Value]]:
    said = next(each.name for each in ARCHIPELAGOS if each.unit == name)
    yield "level", "archipelago"
    yield "name", said.vi
    yield "name_en", said.en
    yield "rank", 0
    unit = _unit_named(gazetteer, name, day)
    if unit is not None:
        yield "code", unit.code
        yield "full_name", unit.full_name
        yield "full_name_en", in_english(unit)
        above = [each for each in gazetteer.ancestors(unit, as_of=day) if each.level == "province"]
        if above:
            yield "parent", above[0].code
            yield "province", above[0].full_name
            yield "province_en", in_english(above[0])


def _unit_named(gazetteer: Gazetteer, name: str, day: dt.date) -> Unit | None:
    """The special zone of this name on a day, or the district that it was."""
    zones = [unit for unit in gazetteer.units("commune", as_of=day) if unit.type == SPECIAL_ZONE]
    return next((unit for unit in (*zones, *gazetteer.units("district", as_of=day)) if unit.name == name), None)
