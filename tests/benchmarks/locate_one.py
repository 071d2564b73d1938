"""One point at a time: the index alone, and the whole of ``locate``."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

import geoaddr
from geoaddr.boundaries import BoundaryIndex
from tests.benchmarks.locate_points import columns, households
from tests.benchmarks.locate_rivals import Tree
from tests.benchmarks.ratios import Figure, seconds

POINTS, RIVAL_POINTS, LOCATED_POINTS = 200_000, 5_000, 20_000
TREE_TARGET = 10
LOCATE_TARGET_US = 60

Point = tuple[float, float]


def mean_us(work: Callable[[float, float], Any], points: list[Point], rounds: int = 3) -> float:
    """Microseconds of processor time a point, the loop's own included."""
    return seconds(lambda: [work(lat, lon) for lat, lon in points], rounds) / len(points) * 1e6


def percentiles(work: Callable[[float, float], Any], points: list[Point]) -> str:
    """Median and 99th of a hundred by the clock, the clock's own time included."""
    each = []
    for lat, lon in points:
        begin = time.perf_counter_ns()
        work(lat, lon)
        each.append(time.perf_counter_ns() - begin)
    p50, p99 = np.percentile(each, [50, 99]) / 1e3
    return f"p50 {p50:.1f} µs, p99 {p99:.1f} µs by the clock"


def tell(index: BoundaryIndex, pack: Path, polygons: NDArray[Any]) -> None:
    """Rows about single points."""
    lat, lon = columns(households(shapely.bounds(polygons), POINTS))
    points = list(zip(lat.tolist(), lon.tolist(), strict=True))
    few, rival = points[:RIVAL_POINTS], Tree(polygons)
    differ = sum(sorted(rival.one(*point)) != list(index.at(*point)) for point in few)
    ours, theirs = mean_us(index.at, points), mean_us(rival.one, few)
    note = f"{ours:.2f} µs to {theirs:.1f}; {percentiles(index.at, points)}; {differ} of {len(few):,} differ"
    Figure("one point to STRtree and prepared polygons", theirs / ours, "times", TREE_TARGET, note=note).tell()
    with geoaddr.open(pack, "memory:") as ga:

        def locate(lat: float, lon: float) -> object:
            return ga.locate(lat=lat, lon=lon)

        some = points[:LOCATED_POINTS]
        whole = mean_us(locate, some)
        Figure("the whole of ga.locate", whole, "µs", LOCATE_TARGET_US, True, percentiles(locate, some)).tell()
