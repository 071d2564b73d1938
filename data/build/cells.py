"""The approximate cells of all communes: polygons that partition the ground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from . import mesh, sources, trace
from .field import KM_PER_DEGREE, Field, Floats, Ints

ARCHIPELAGO_KM = 100.0
"""A zone whose features lie farther apart than this is the hull around them, not a disc around each."""

SIMPLIFY_DEGREES = 0.0015
"""Corners of cells that stand out little are cut, alike on both sides of an edge; no loss could be measured."""

Zones = dict[str, NDArray[np.float64]]


def cells(folder: Path) -> tuple[list[str], NDArray[Any]]:
    """Codes, ascending, and the polygon of each (WGS 84, longitude first, five decimals)."""
    communes = sources.communes(folder)
    codes = communes.codes
    row_of = {code: row for row, code in enumerate(codes)}
    zones = sources.zones(folder)
    wide = {code: rows for code, rows in zones.items() if _spread(rows) > ARCHIPELAGO_KM}
    small = {row_of[code]: rows for code, rows in zones.items() if code not in wide}
    ((_, ground),) = sources.polygons(folder, "ground.geojson")
    near = np.array([code not in zones for code in codes])
    field = Field(communes, sources.provinces(folder)[1], used=near)

    found = _traced(field, ground, small, near, sources.points(folder, codes))
    for code, rows in wide.items():
        found[row_of[code]] = _hull(rows)
    lost = [code for code, shape in zip(codes, found, strict=True) if shape is None]
    if lost:
        raise ValueError(f"no cell for {lost}")
    return codes, shapely.coverage_simplify(found, SIMPLIFY_DEGREES)


def _traced(
    field: Field, ground: Any, zones: dict[int, NDArray[np.float64]], near: NDArray[np.bool_], points: NDArray[Any]
) -> NDArray[Any]:
    count = len(near)
    rows = np.flatnonzero(near)
    lon, lat = mesh.net(field, ground, np.vstack(list(zones.values())))
    lon, lat = mesh.thinned(lon, lat, points[rows, 0], points[rows, 1])
    label, unit = np.full(len(lon), count), np.ones(len(lon))
    shapely.prepare(ground)
    inside = shapely.contains_xy(ground, lon, lat)
    label[inside], unit[inside] = field.winners(lon[inside], lat[inside])
    for zone, discs in zones.items():
        label[_depth(discs, lon, lat) > 0] = zone
    label[-len(rows) :] = rows  # each commune holds its own published point
    edge = _Edge(field, ground, zones, lon, lat, label, unit)
    return trace.polygons(lon, lat, label, mesh.triangles(lon, lat), edge.crossing, count)


class _Edge:
    """Where on a side of the net one label gives way to another."""

    def __init__(
        self, field: Field, ground: Any, zones: dict[int, NDArray[np.float64]],
        lon: Floats, lat: Floats, label: Ints, unit: Floats,
    ) -> None:  # fmt: skip
        self._field, self._zones = field, zones
        self._lon, self._lat, self._label, self._unit = lon, lat, label, unit
        self._shore = shapely.boundary(ground)
        self._outside = len(field.communes.codes)

    def crossing(self, a: Ints, b: Ints) -> Floats:
        at_a, at_b = self._label[a], self._label[b]
        share = np.full(len(a), 0.5)
        rest = np.ones(len(a), bool)
        for zone, discs in self._zones.items():
            rows = np.flatnonzero((at_a == zone) | (at_b == zone))
            share[rows] = _meeting(*(_depth(discs, self._lon[p[rows]], self._lat[p[rows]]) for p in (a, b)))
            rest[rows] = False
        rows = np.flatnonzero(rest & ((at_a == self._outside) | (at_b == self._outside)))
        share[rows] = _meeting(*(self._to_shore(p[rows]) for p in (a, b)))
        rest[rows] = False
        rows = np.flatnonzero(rest)
        share[rows] = _meeting(*(self._lead(p[rows], at_a[rows], at_b[rows]) for p in (a, b)))
        return share

    def _lead(self, point: Ints, one: Ints, other: Ints) -> Floats:
        lon, lat, unit = self._lon[point], self._lat[point], self._unit[point]
        lead: Floats = self._field.score(lon, lat, unit, one) - self._field.score(lon, lat, unit, other)
        return lead

    def _to_shore(self, point: Ints) -> Floats:
        away: Floats = shapely.distance(shapely.points(self._lon[point], self._lat[point]), self._shore)
        return away


def _meeting(at_a: Floats, at_b: Floats) -> Floats:
    """The share of the way from a to b where a quantity that grows or falls evenly is nought."""
    total = np.abs(at_a) + np.abs(at_b)
    return np.where(total > 0, np.abs(at_a) / np.where(total > 0, total, 1), 0.5)


def _depth(discs: NDArray[np.float64], lon: Floats, lat: Floats) -> Floats:
    """Kilometres inside the union of discs; negative outside."""
    depth = np.full(len(lon), -np.inf)
    for x, y, reach in discs:
        away = np.hypot((lon - x) * np.cos(np.radians(y)), lat - y) * KM_PER_DEGREE
        depth = np.maximum(depth, reach - away)
    return depth


def _spread(rows: NDArray[np.float64]) -> float:
    return float(np.ptp(rows[:, :2], axis=0).max() * KM_PER_DEGREE)


def _hull(rows: NDArray[np.float64]) -> Any:
    discs = shapely.buffer(shapely.points(rows[:, 0], rows[:, 1]), rows[:, 2] / KM_PER_DEGREE, quad_segs=4)
    hull = shapely.convex_hull(shapely.union_all(discs))
    return shapely.transform(hull, lambda xy: xy.round(trace.DECIMALS))
