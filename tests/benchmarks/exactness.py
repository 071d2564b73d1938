"""Every answer held to GEOS: millions of points of every kind, on the full layer and on the embedded pack.

    python -m tests.benchmarks.exactness [--points N] [--pack PACK]

PACK is one imported from the full layer of the shared data folder, by default made here by the command that users
type; N points of each kind are asked about, a twentieth of them one by one. GEOS judges on the polygons of
the layer, and on those of the embedded pack. Exits with 1 where an answer differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.benchmarks.locate_memory import PREFIX
from tests.benchmarks.locate_points import SHARED_LAYER, imported, read_polygons
from tests.property.boundary_cases import COMPILED, Points, kinds_of_points, pairs_by_geos

STEP = 1_000_000
"""Points that GEOS is asked about at a time."""

ONE_BY_ONE = 20
"""Of so many points, one is asked about alone as well."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def by_columns(index: BoundaryIndex, points: Points, compiled: bool) -> tuple[NDArray[np.int32], Pairs]:
    """The primary unit of each point, and all pairs of a point and a unit that holds it."""
    hits = index.at_many(points[:, 1], points[:, 0], compiled=compiled)
    alone = np.flatnonzero(hits.primary >= 0)
    alone = np.setdiff1d(alone, hits.multi_rows)
    at = np.concatenate([alone, hits.multi_rows])
    units = np.concatenate([hits.primary[alone], hits.multi_units])
    order = np.lexsort((units, at))
    return hits.primary, (at[order], units[order])


def differing(one: Pairs, other: Pairs) -> int:
    """Pairs that only one of the two has."""
    both = [set(zip(*(column.tolist() for column in pairs), strict=True)) for pairs in (one, other)]
    return len(both[0] ^ both[1])


def compare(index: BoundaryIndex, polygons: NDArray[Any], points: Points) -> list[int]:
    """Points, points in several units, and the wrong answers of columns (numpy, numba) and one by one."""
    expected = pairs_by_geos(polygons, points)
    at, units = expected
    first, begin, count = np.unique(at, return_index=True, return_counts=True)
    primary = np.full(len(points), -1)
    primary[first] = units[begin]
    wrong = []
    for compiled in COMPILED:
        found, pairs = by_columns(index, points, compiled)
        same = len(pairs[0]) == len(at) and all(map(np.array_equal, pairs, expected))
        wrong.append(int((found != primary).sum()) + (0 if same else differing(pairs, expected)))
    ends = np.searchsorted(at, np.arange(len(points) + 1)).tolist()
    alone = 0
    for i in range(0, len(points), ONE_BY_ONE):
        lon, lat = points[i].tolist()
        alone += index.at(lat, lon) != tuple(units[ends[i] : ends[i + 1]].tolist())
    return [len(points), int((count > 1).sum()), *wrong, alone]


def tell(name: str, index: BoundaryIndex, polygons: NDArray[Any], points: int) -> int:
    """The rows of one layer; how many answers were wrong."""
    random = np.random.default_rng(2025)
    ways = ["numpy", "numba"][: len(COMPILED)]
    head = ["points", "in several", *(f"wrong, {way}" for way in ways), "wrong, one by one"]
    print(f"\n{name}: {len(polygons):,} units\n\n| kind | {' | '.join(head)} |\n|---|{'---|' * len(head)}")
    sums = np.zeros(len(head), dtype=np.int64)
    for kind, some in kinds_of_points(polygons, index.grid.cells_per_degree, random, points).items():
        row = np.zeros(len(head), dtype=np.int64)
        for begin in range(0, len(some), STEP):
            row += compare(index, polygons, some[begin : begin + STEP])
        sums += row
        print(f"| {kind} | {' | '.join(f'{x:,}' for x in row)} |", flush=True)
    print(f"| all | {' | '.join(f'{x:,}' for x in sums)} |")
    return int(sums[2:].sum())


def main() -> None:
    """Compare, print, and fail where an answer differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--pack", type=Path)
    options = parser.parse_args()
    begin = time.perf_counter()
    embedded = BoundaryIndex.from_pack(Pack.open(EMBEDDED_PACK), PREFIX)
    cells = np.array([embedded.polygon(row) for row in range(len(embedded))])
    wrong = tell("embedded pack", embedded, cells, options.points)
    polygons = read_polygons(SHARED_LAYER)
    with tempfile.TemporaryDirectory() as folder:
        pack = options.pack or imported(SHARED_LAYER, Path(folder))
        full = BoundaryIndex.from_pack(Pack.open(pack), PREFIX)
        wrong += tell("full layer", full, polygons, options.points)
    print(f"\n{wrong} wrong answers, {time.perf_counter() - begin:.0f} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
