"""The last steps of an import: one polygon a unit, the report, what the pack keeps of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries.vintages import LayerInfo
from geoaddr.errors import DataError, Said
from geoaddr.importing.area import SLIVER_WIDTH_M, areas_m2
from geoaddr.importing.layer import Layer
from geoaddr.importing.polygons import Fix
from geoaddr.importing.report import AREA_METHOD, Duplicate, Ground, ImportReport, Named, Overlap, Repair
from geoaddr.importing.topology import LEAST_M2, Piece, Topology
from geoaddr.importing.units import Roster
from geoaddr.model import PackInfo, Unit
from geoaddr.pack import Pack

_M2_IN_KM2 = 1e6
_MOST_LISTED = 5_000
"""Units listed in a pack's facts; more than the country has communes."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """``units`` by code, each with its polygon; what was joined or dropped on the way."""

    units: list[Unit]
    polygons: NDArray[Any]
    duplicates: list[Duplicate]
    without_geometry: list[Unit]


@dataclass(frozen=True, slots=True)
class Result:
    """All that an import found."""

    layer: Layer
    columns: Mapping[str, str]
    roster: Roster
    gathered: Gathered
    topology: Topology
    fixes: list[Fix]
    notes: list[Said]
    crs: str
    expected: list[Unit]


def gather(layer: Layer, communes: Sequence[tuple[Unit, int]], polygons: NDArray[Any]) -> Gathered:
    """One polygon a unit, by code.

    Copies of a unit become one, separate parts are joined.

    :param communes: unit and row of the layer, by code; ``polygons`` beside it, ``None`` for no ground.
    :raises DataError: a unit given twice with different, overlapping polygons; no polygon at all.
    """
    done = Gathered([], np.empty(0, dtype=object), [], [])
    kept: list[Any] = []
    paired = zip(communes, polygons, strict=True)
    for _, group in groupby(paired, key=lambda pair: pair[0][0].code):
        members = list(group)
        unit = members[0][0][0]
        present = [(row, polygon) for (_, row), polygon in members if polygon is not None]
        if not present:
            done.without_geometry.append(unit)
            continue
        if len(present) > 1:
            polygon, duplicate = _joined(layer, unit, present)
            done.duplicates.append(duplicate)
        else:
            polygon = present[0][1]
        done.units.append(unit)
        kept.append(polygon)
    if not kept:
        raise DataError(
            layer.source.named, Said("no polygon with an area", "không có đa giác nào"), column="geometry"
        )
    array = np.empty(len(kept), dtype=object)
    array[:] = kept
    return Gathered(done.units, array, done.duplicates, done.without_geometry)


def _joined(layer: Layer, unit: Unit, present: list[tuple[int, Any]]) -> tuple[Any, Duplicate]:
    origins = tuple(layer.origins[row] for row, _ in present)
    polygons = [polygon for _, polygon in present]
    if all(shapely.equals(polygons[0], other) for other in polygons[1:]):
        return polygons[0], Duplicate(unit.code, "same", origins)
    shared = np.array([shapely.intersection(a, b) for a, b in combinations(polygons, 2)], dtype=object)
    if (areas_m2(shared) >= LEAST_M2).any():
        where = ", ".join(origins[:4])
        raise DataError(
            layer.source.named,
            Said(
                f"{unit.code} {unit.full_name} is given {len(origins)} times with different polygons ({where})",
                f"{unit.code} {unit.full_name} xuất hiện {len(origins)} lần với ranh giới khác nhau ({where})",
            ),
            column="geometry",
        )
    whole = shapely.multipolygons(shapely.get_parts(polygons))
    return whole if shapely.is_valid(whole) else shapely.union_all(polygons), Duplicate(
        unit.code, "parts", origins
    )


def report(result: Result, pack: PackInfo, info: LayerInfo, as_of: dt.date, *, dated: bool) -> ImportReport:
    """The report of an import of the layer ``info`` into ``pack``, its units taken as of a day."""
    layer, roster, gathered, topology = result.layer, result.roster, result.gathered, result.topology
    units = gathered.units
    have = {unit.code for unit in units}
    missing = [unit for unit in result.expected if unit.code not in have]
    pairs = sorted(topology.pairs().items(), key=lambda item: (-item[1], item[0]))
    code_of = {row: unit.code for unit, row in roster.units}
    return ImportReport(
        source=layer.source.named.name,
        format=layer.source.format,
        sha256=layer.source.sha256,
        crs=result.crs,
        features=len(layer),
        columns=dict(result.columns),
        as_of=as_of,
        communes=len(units),
        expected=len(result.expected),
        partial=bool(missing),
        area_km2=_km2(float(areas_m2(gathered.polygons).sum())),
        overlap_km2=_km2(sum(area for _, area in pairs)),
        overlapped_km2=_km2(sum(piece.area_m2 for piece in topology.pieces)),
        gap_km2=_km2(sum(gap.area_m2 for gap in topology.gaps)),
        sliver_width_m=SLIVER_WIDTH_M,
        provinces=tuple(_named(unit) for unit, _ in roster.provinces),
        districts=roster.districts,
        missing=tuple(_named(unit) for unit in missing),
        unknown=tuple(roster.unknown),
        without_geometry=tuple(_named(unit) for unit in gathered.without_geometry),
        disagreements=tuple(roster.disagreements),
        duplicates=tuple(gathered.duplicates),
        repairs=tuple(_repair(fix, layer, code_of) for fix in result.fixes),
        overlaps=tuple(
            Overlap((units[a].code, units[b].code), (units[a].full_name, units[b].full_name), _km2(area))
            for (a, b), area in pairs
        ),
        pieces=tuple(_ground(piece, units) for piece in topology.pieces),
        gaps=tuple(_ground(gap, units) for gap in topology.gaps),
        thin_parts=tuple(_ground(part, units) for part in topology.thin_parts),
        notes=tuple({"en": note.en, "vi": note.vi} for note in result.notes),
        area_method=AREA_METHOD,
        pack=pack,
        level=info.level,
        valid_from=info.valid_from if dated else None,
        valid_to=info.valid_to if dated else None,
    )


def meta(report: ImportReport, base: Pack, url: str | None) -> dict[str, Any]:
    """What the pack says of itself: its boundaries' source, whether all units are there, and under ``base``
    the pack that the gazetteer was first built into, with its sources."""
    summary = report.summary()
    del summary["pack"]
    return {
        "partial": report.partial,
        "communes": report.communes,
        "missing": [unit.code for unit in report.missing[:_MOST_LISTED]],
        "boundaries": {
            "name": report.source,
            "url": url,
            "sha256": report.sha256,
            "features": report.features,
        },
        "import": summary,
        "base": base.meta.get("base") or {"info": base.info.to_dict(), "sources": base.meta.get("sources", [])},
    }


def layer_facts(
    layers: Iterable[LayerInfo], new: LayerInfo, report: ImportReport, base: Pack, url: str | None
) -> dict[str, Any]:
    """What a pack says of its dated layers: for each its days, its source, and which units it does not have.

    Nothing where there is but the one layer that needs no dates.
    """
    if report.valid_from is None:
        return {}
    known = {_key(fact): fact for fact in base.meta.get("layers", ())}
    missing = [unit.code for unit in report.missing[:_MOST_LISTED]]
    known[_key(new.to_dict())] = {
        "sha256": report.sha256,
        "url": url,
        "units": report.communes,
        "missing": missing,
    }
    return {"layers": [{**known.get(_key(info.to_dict()), {}), **info.to_dict()} for info in layers]}


def _key(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    return fact["level"], fact["valid_from"], fact["valid_to"]


def _named(unit: Unit) -> Named:
    return Named(unit.code, unit.full_name)


def _repair(fix: Fix, layer: Layer, code_of: Mapping[int, str]) -> Repair:
    return Repair(
        code_of[fix.row], layer.origins[fix.row], fix.fault, fix.detail, _km2(fix.before_m2), _km2(fix.after_m2)
    )


def _ground(piece: Piece, units: list[Unit]) -> Ground:
    held = [units[row] for row in piece.rows]
    return Ground(
        tuple(unit.code for unit in held),
        tuple(unit.full_name for unit in held),
        _km2(piece.area_m2),
        round(piece.lat, 7),
        round(piece.lon, 7),
        piece.sliver,
    )


def _km2(square_metres: float) -> float:
    return round(square_metres / _M2_IN_KM2, 9)
