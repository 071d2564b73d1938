"""Overlaps, gaps and slivers of a layer of units, with their areas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.coverage.winding import faces, uncancelled
from geoaddr.importing.area import SLIVER_WIDTH_M, areas_m2, mean_widths_m

LEAST_M2 = 0.01
"""Smaller faces are rounding of crossing points, not ground: they are left out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that lies in several units (``rows``, ascending) or, for a gap, in none: then ``rows`` are the
    units around it. ``lat``, ``lon`` a point of it; ``sliver`` whether it is thin."""

    rows: tuple[int, ...]
    area_m2: float
    lat: float
    lon: float
    sliver: bool


@dataclass(frozen=True, slots=True)
class Topology:
    """What :func:`examine` found; pieces and gaps by area, the largest first."""

    pieces: list[Piece]
    gaps: list[Piece]
    thin_parts: list[Piece]

    def pairs(self) -> dict[tuple[int, int], float]:
        """Each two units that overlap, with the area that they share; a piece of three counts for three."""
        shared: dict[tuple[int, int], float] = {}
        for piece in self.pieces:
            for pair in combinations(piece.rows, 2):
                shared[pair] = shared.get(pair, 0.0) + piece.area_m2
        return shared


NODING_DEGREES = 1e-11
"""Ends of cutting edges that miss the face's outline by less (a micrometre) meet it: computed crossings are
rounded, and an edge that ends a hair too early cuts nothing."""


def examine(polygons: NDArray[Any]) -> Topology:
    """Overlaps, gaps and slivers of valid polygons in longitude and latitude."""
    found = faces(uncancelled(polygons))
    tree = shapely.STRtree(polygons)
    found = found[areas_m2(found) >= LEAST_M2]
    inside = shapely.point_on_surface(found)
    depth = np.bincount(tree.query(inside, predicate="intersects")[0], minlength=len(found))
    overlapped = [piece for face in found[depth > 1] for piece in _split(face, polygons, tree)]
    gaps = found[depth == 0]
    around = tree.query(gaps, predicate="intersects")
    neighbours = [tuple(sorted(map(int, around[1][around[0] == n]))) for n in range(len(gaps))]
    return Topology(
        _pieces(np.array([g for g, _ in overlapped], dtype=object), [rows for _, rows in overlapped]),
        _pieces(gaps, neighbours),
        _thin_parts(polygons),
    )


def _split(face: Any, polygons: NDArray[Any], tree: shapely.STRtree) -> list[tuple[Any, tuple[int, ...]]]:
    """A face of constant depth cut so that the units themselves are constant too.

    Two overlapping layers may change hands inside the face, along an edge that cancels.
    """
    rows = [
        int(row)
        for row in tree.query(face, predicate="intersects")
        if shapely.area(shapely.intersection(polygons[row], face)) > 0
    ]
    lines = [shapely.boundary(face)]
    lines += [shapely.intersection(shapely.boundary(polygons[row]), face) for row in rows]
    noded = shapely.unary_union(lines, grid_size=NODING_DEGREES)
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    pieces: dict[tuple[int, ...], list[Any]] = {}
    for cell in cells:
        point = shapely.point_on_surface(cell)
        holders = tuple(row for row in rows if shapely.intersects(polygons[row], point))
        if len(holders) > 1:
            pieces.setdefault(tuple(sorted(holders)), []).append(cell)
    return [(shapely.union_all(parts), holders) for holders, parts in pieces.items()]


def _thin_parts(polygons: NDArray[Any]) -> list[Piece]:
    """The thin ones among the separate parts of units."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    areas = areas_m2(parts)
    thin = mean_widths_m(parts, areas) < SLIVER_WIDTH_M
    return _pieces(parts[thin], [(int(row),) for row in owner[thin]])


def _pieces(shapes: NDArray[Any], rows: list[tuple[int, ...]]) -> list[Piece]:
    if not len(shapes):
        return []
    areas = areas_m2(shapes)
    thin = mean_widths_m(shapes, areas) < SLIVER_WIDTH_M
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    found = [
        Piece(rows[n], float(areas[n]), float(points[n, 1]), float(points[n, 0]), bool(thin[n]))
        for n in np.flatnonzero(areas >= LEAST_M2)
    ]
    return sorted(found, key=lambda piece: (-piece.area_m2, piece.rows, piece.lat, piece.lon))
