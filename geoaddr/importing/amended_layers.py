"""The layers of boundaries after a resolution: the old communes end on its day, and a layer of the new begins.

A merged commune is the union of what it is made of. A divided one needs a polygon for each part; a part is cut
to the commune, and the last takes what the others leave, so that no ground is lost or claimed twice. Whatever
else there is stays as it was, to the last bit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import shapely

from geoaddr.boundaries import build
from geoaddr.boundaries.vintages import LayerInfo, Vintages
from geoaddr.importing.amending import Made
from geoaddr.importing.area import areas_m2
from geoaddr.importing.dated_layers import Sections
from geoaddr.importing.parts import parts_in
from geoaddr.importing.resolution import Act

MOST_OFF = 0.01
"""How much of a divided commune its parts may miss or claim outside it, as a share of its area."""

Polygons = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The communes of one day on: all polygons by code, and the ground of each act as far as it is known."""

    day: dt.date
    polygons: Polygons
    pieces: Mapping[tuple[str, str], Any]


def redraw(vintages: Vintages, made: Sequence[Made]) -> list[Redrawn]:
    """The polygons of the communes after each day of a resolution on which communes begin.

    :raises DataError: parts of a divided commune are missing or do not fit it, a merged one has no polygon
        while another has, or the pack has communes of a later day already.
    """
    if not made:
        return []
    communes = [layer.info for layer in vintages.all if layer.info.level == "commune"]
    later = [info for info in communes if info.valid_from > made[0].stretch.valid_from]
    if later:
        first = made[0].parts[0].line
        raise first.error(
            f"the pack has communes of {later[0].valid_from} already: add changes in the order of their days",
            f"gói đã có lớp xã từ {later[0].valid_from}: hãy thêm theo thứ tự thời gian", "on",
        )  # fmt: skip
    present = vintages.present
    if not present.info.holds(made[0].stretch.valid_from):
        return []
    polygons = {code: present.index.polygon(row) for row, code in enumerate(present.codes)}
    found = []
    for day in sorted({each.stretch.valid_from for each in made}):
        today = [each for each in made if each.stretch.valid_from == day]
        pieces = _pieces([act for each in today for act in each.parts], polygons, present.info.accuracy == "exact")
        gone = {act.unit for each in today for act in each.parts}
        polygons = {code: polygon for code, polygon in polygons.items() if code not in gone}
        for each in today:
            code = each.stretch.code
            parts = [pieces[act.unit, code] for act in each.parts if (act.unit, code) in pieces]
            if parts:
                polygons[code] = parts[0] if len(parts) == 1 else shapely.union_all(parts)
        found.append(Redrawn(day, polygons, pieces))
    return [each for each in found if each.pieces]


def relayered(
    layers: Mapping[LayerInfo, Sections], present: LayerInfo, redrawn: Sequence[Redrawn], source: str
) -> dict[LayerInfo, Callable[[], Sections]]:
    """The layers with the communes of each redrawn day, the ones before ending on it; each with what makes it."""
    found: dict[LayerInfo, Callable[[], Sections]] = {i: partial(dict, own) for i, own in layers.items()}
    current = present
    for each in redrawn:
        own = found.pop(current)
        if current.valid_from < each.day:
            found[replace(current, valid_to=each.day)] = own
        current = replace(current, valid_from=each.day, source=source)
        found[current] = partial(_sections, each.polygons)
    return found


def provinces_ended(
    layers: Mapping[LayerInfo, Callable[[], Sections]], moved: dt.date | None
) -> dict[LayerInfo, Callable[[], Sections]]:
    """The layers, those of provinces ending on the day on which ground moves from one to another."""

    def ended(info: LayerInfo) -> LayerInfo:
        concerned = (
            info.level == "province" and moved is not None and info.holds(moved) and info.valid_from < moved
        )
        return replace(info, valid_to=moved) if concerned else info

    return {ended(info): own for info, own in layers.items()}


def _sections(polygons: Polygons) -> dict[str, Any]:
    codes = sorted(polygons)
    array = np.empty(len(codes), dtype=object)
    array[:] = [polygons[code] for code in codes]
    return {**build(array), "codes": codes}


def _pieces(acts: Sequence[Act], polygons: Polygons, exact: bool) -> dict[tuple[str, str], Any]:
    """The ground of each act: whole communes as they are, parts from their files."""
    found: dict[tuple[str, str], Any] = {}
    _judge_known(acts, polygons)
    divided: dict[str, list[Act]] = {}
    for act in acts:
        if act.unit in polygons:
            if act.action == "merge":
                found[act.unit, str(act.into)] = polygons[act.unit]
            else:
                divided.setdefault(act.unit, []).append(act)
    for unit, shares in divided.items():
        found |= _divided(polygons[unit], shares, exact)
    return found


def _judge_known(acts: Sequence[Act], polygons: Polygons) -> None:
    """See that of what goes into one commune all have polygons or none: a part of it would pass for the whole."""
    for act in acts:
        together = [a for a in acts if a.into == act.into]
        if act.unit not in polygons and any(a.unit in polygons for a in together):
            raise act.line.error(
                f"the pack has no polygon of {act.unit}, but of others that go into {act.into}",
                f"gói không có ranh giới của {act.unit} nhưng có của đơn vị khác cùng vào {act.into}", "unit",
            )  # fmt: skip


def _divided(whole: Any, acts: Sequence[Act], exact: bool) -> dict[tuple[str, str], Any]:
    drawn = [_drawn(act) for act in acts]
    if exact:
        area = float(areas_m2(np.array([whole], dtype=object))[0])
        claimed = shapely.union_all(drawn)
        odd = shapely.symmetric_difference(whole, claimed)
        twice = [shapely.intersection(a, b) for i, a in enumerate(drawn) for b in drawn[:i]]
        off = _area_m2([odd, *twice]) / area
        if off > MOST_OFF:
            raise acts[0].line.error(
                f"the parts do not make up {acts[0].unit}: {off:.1%} of it is missing, outside or claimed twice",
                f"các phần không khớp {acts[0].unit}: {off:.1%} diện tích bị thiếu, thừa hoặc trùng", "geometry",
            )  # fmt: skip
        left = whole
        for n, polygon in enumerate(drawn[:-1]):
            drawn[n] = shapely.intersection(left, polygon)
            left = shapely.difference(left, polygon)
        drawn[-1] = left
    return {(act.unit, str(act.into)): _areal(polygon, act) for act, polygon in zip(acts, drawn, strict=True)}


def _drawn(act: Act) -> Any:
    if act.geometry is None:
        raise act.line.error(
            f"missing: the pack has a polygon of {act.unit}, and which part goes where must be drawn",
            f"còn thiếu: gói có ranh giới của {act.unit}, cần vẽ phần nào thuộc về đâu", "geometry",
        )  # fmt: skip
    return parts_in(act.geometry, act.line, act.unit, str(act.into))


def _areal(polygon: Any, act: Act) -> Any:
    """The polygons of a cut, without the lines and points that it may leave."""
    parts = _polygons(polygon)
    if not parts:
        en, vi = f"the part has no ground in {act.unit}", f"phần này không nằm trong {act.unit}"
        raise act.line.error(en, vi, "geometry")
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _area_m2(shapes: Sequence[Any]) -> float:
    polygons = [polygon for shape in shapes for polygon in _polygons(shape)]
    return float(areas_m2(np.array(polygons, dtype=object)).sum()) if polygons else 0.0


def _polygons(shape: Any) -> list[Any]:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
