"""Points to communes: this index against its rivals and its floor, in one run, each figure beside its target.

    python -m tests.benchmarks.locate [LAYER] [--points N] [--rivals N] [--stream N] [--pack PACK]

LAYER is a GeoParquet file of the communes with the columns ``code`` and ``geometry``, by default the full layer
of the shared data folder; PACK one that was imported from it, which spares the import. PostGIS and DuckDB
take part where they are installed: see :mod:`tests.benchmarks.locate_databases` for the commands. Every answer of
a rival is compared with ours. Absolute figures belong to the machine; the ratios are what travels. Times are
processor time, to which the machine's other work adds less; the databases have the better of clock and
processor time with two processors.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoaddr.boundaries import BoundaryIndex, build
from geoaddr.boundaries.compiled import compiled_loops
from geoaddr.pack import Pack
from tests.benchmarks import locate_memory, locate_one
from tests.benchmarks.locate_databases import Absent, DuckDB, postgis
from tests.benchmarks.locate_points import SHARED_LAYER, Columns, imported, kinds_of_points, read_polygons
from tests.benchmarks.locate_rivals import SJoin, Tree
from tests.benchmarks.ratios import HEAD, Figure, not_run, seconds
from tests.benchmarks.understanding.table import machine

SJOIN_TARGETS = {"numpy": 30, "numba": 80}
"""Times ``sjoin``, one process and one thread; with numba in map order."""

DATABASE_TARGET = 20
NO_NUMBA = "numba is not installed: pip install 'geoaddr[fast]'"

Rival = Callable[[Columns], tuple[float, NDArray[Any], str]]


def tell_building(polygons: NDArray[Any]) -> None:
    begin, cpu = time.perf_counter(), time.process_time()
    sections = build(polygons)
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = sum(array.nbytes for array in sections.values()) / 1e6
    note = f"{wall:.0f} s by the clock; peak {peak:.1f} GiB, the polygons included"
    Figure("index built", cpu, "s", 60, True, note).tell()
    Figure("index", size, "MB", 300, True).tell()


def tell_opening(pack: Path) -> None:
    def at_first_touch() -> None:
        assert BoundaryIndex.from_pack(Pack.open(pack), locate_memory.PREFIX).at(21.03, 105.85)

    sums = seconds(lambda: Pack.open(pack, verify="always"), 1)
    note = f"one answer included; the sums of a file met for the first time take {sums:.2f} s more"
    took = seconds(at_first_touch, 5, time.perf_counter)
    Figure("pack and index opened, by the clock", took * 1e3, "ms", 10, True, note).tell()


def on_two_threads(index: BoundaryIndex, points: Columns) -> float:
    """Points a second by the clock, each of two threads with half of them."""
    halves = [[half.copy() for half in np.array_split(column, 2)] for column in points]

    def both() -> None:
        threads = [
            threading.Thread(target=index.at_many, args=half, kwargs={"compiled": True})
            for half in zip(*halves, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return len(points[0]) / seconds(both, 3, time.perf_counter)


class Kind:
    """One kind of points: our rates over all of them, the rivals' over a part."""

    def __init__(self, index: BoundaryIndex, name: str, points: Columns, some: int) -> None:
        self.name, self.index, self.points = name, index, points
        step = max(1, len(points[0]) // some)
        self.part = points[0][::step].copy(), points[1][::step].copy()
        self.expected = index.at_many(*self.part).primary
        self.rates: dict[str, float] = {}

    def measure(self) -> None:
        """Our rates, in points a second of processor time."""
        for how in ("numpy", "numba") if compiled_loops() else ("numpy",):
            self.index.at_many(*self.part, compiled=how == "numba")
            took = seconds(partial(self.index.at_many, *self.points, compiled=how == "numba"), 5)
            self.rates[how] = len(self.points[0]) / took

    def against(self, name: str, rival: Rival, targets: dict[str, float]) -> None:
        """Rows with the ratios to a rival."""
        try:
            rate, primary, note = rival(self.part)
        except Absent as absent:
            not_run(f"{self.name}: {name}", str(absent))
            return
        differ = f"{int((primary != self.expected).sum()):,} of {len(primary):,} answers differ"
        for how, ours in self.rates.items():
            told = f"{ours / 1e6:.1f} M/s to {rate / 1e6:.2f}; {differ}{'; ' + note if note else ''}"
            Figure(f"{self.name}: {how} to {name}", ours / rate, "times", targets.get(how), note=told).tell()

    def against_floor(self) -> None:
        """Rows with the part of the floor that we reach, and what two threads do."""
        lat, lon = self.points
        floor = len(lat) / seconds(lambda: np.add(lat, lon).astype(np.int32))
        for how, ours in self.rates.items():
            note = f"two floats read, one int written: {floor / 1e6:.0f} M/s"
            Figure(f"{self.name}: {how}, of the floor", ours / floor, "of it", note=note).tell()
        if "numba" in self.rates:
            rate = on_two_threads(self.index, self.points) / 1e6
            Figure(
                f"{self.name}: numba, two threads, by the clock",
                rate,
                "M/s",
                note="slower where the machine is busy",
            ).tell()


def timed(rival: Callable[..., NDArray[Any]]) -> Rival:
    """A rival in this process and on one thread, by processor time."""

    def ask(points: Columns) -> tuple[float, NDArray[Any], str]:
        found: list[NDArray[Any]] = []
        took = seconds(lambda: found.append(rival(*points)), 2)
        return len(points[0]) / took, found[0], ""

    return ask


def tell_columns(index: BoundaryIndex, polygons: NDArray[Any], points: int, some: int) -> None:
    kinds = [Kind(index, name, p, some) for name, p in kinds_of_points(polygons, points).items()]
    for kind in kinds:
        kind.measure()
    rivals: list[tuple[str, Rival, bool]] = [
        (rival.name, timed(rival), False) for rival in (SJoin(polygons), Tree(polygons))
    ]
    with ExitStack() as opened:
        for name, start in (
            ("PostGIS", lambda: opened.enter_context(postgis(polygons))),
            ("DuckDB", lambda: DuckDB(polygons)),
        ):
            try:
                database = start()
                rivals.append((database.name, database, True))
            except Absent as absent:
                not_run(name, str(absent))
        for place, kind in enumerate(kinds):
            for name, rival, is_database in rivals:
                targets: dict[str, float] = {}
                if place < 2 and is_database:
                    targets = {"numpy": DATABASE_TARGET, "numba": DATABASE_TARGET}
                elif place < 2 and name == SJoin.name:
                    targets = {how: t for how, t in SJOIN_TARGETS.items() if how == "numpy" or place == 1}
                kind.against(name, rival, targets)
            kind.against_floor()
    if not compiled_loops():
        not_run("numba", NO_NUMBA)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layer", nargs="?", type=Path, default=SHARED_LAYER)
    parser.add_argument("--points", type=int, default=4_000_000)
    parser.add_argument("--rivals", type=int, default=400_000, help="points that rivals are asked about")
    parser.add_argument("--stream", type=int, default=100_000_000, help="points for the figure of memory")
    parser.add_argument("--pack", type=Path)
    options = parser.parse_args()
    polygons = read_polygons(options.layer)
    vertices = shapely.get_num_coordinates(polygons).sum()
    print(f"{len(polygons):,} units, {vertices:,} vertices; {machine()}\n\n{HEAD}")
    tell_building(polygons)
    with tempfile.TemporaryDirectory() as folder:
        pack = options.pack or imported(options.layer, Path(folder))
        locate_memory.tell(pack, options.stream)  # before this process maps the pack as well
        tell_opening(pack)
        index = BoundaryIndex.from_pack(Pack.open(pack), locate_memory.PREFIX)
        locate_one.tell(index, pack, polygons)
        tell_columns(index, polygons, options.points, options.rivals)
    print(f"\nafterwards: {machine()}")


if __name__ == "__main__":
    main()
