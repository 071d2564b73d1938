"""A nation's registry on SQLite: load, size, lookups, and how they grow from a million addresses.

    python -m tests.benchmarks.nation NATION.parquet [--pack PACK] [--registry FILE] [--million FILE] [--asked N]

``NATION.parquet`` is what ``geoaddr synth --columns registry`` writes (see
``docs/how-to/make-a-synthetic-nation.md``). Its first million rows are loaded into one registry and all of it
into another, unless files that were loaded before are named. The target of the load is by the clock, on two cores;
all else is processor time of this process; percentiles are of single calls, warm: each is asked once before. The
floor is a row by its key, asked in the same run. Places that are asked about are drawn over all of the nation, so
that a larger registry has more pages than memory may hold.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

import geoaddr
from geoaddr.bulk.resolving import CodeColumns
from geoaddr.registry import Registry
from geoaddr.stores import open_store

T = TypeVar("T")

MILLION = 1_000_000
PIECE = 65_536
LOADED_A_SECOND = 100_000
LOAD_TARGET = f"{LOADED_A_SECOND:,} rows/s by the clock"
RUNS = 16
"""The asked are rows that stand together in so many places of the file: neighbours share pages, as in use."""


@dataclass(frozen=True, slots=True)
class Household:
    """A row that is asked about."""

    ndas: str
    lat: float
    lon: float
    text: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("nation", type=Path)
    arguments.add_argument("--pack")
    arguments.add_argument("--registry", type=Path)
    arguments.add_argument("--million", type=Path)
    arguments.add_argument("--asked", type=int, default=4000)
    given = arguments.parse_args()
    print("| what | rows | value | target | | by the clock |\n| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(dir=given.nation.parent) as folder:
        rows = pq.ParquetFile(given.nation).metadata.num_rows
        found = {}
        for count, file in ((min(MILLION, rows), given.million), (rows, given.registry)):
            path = file or Path(folder, f"{count}.db")
            if not path.exists():
                _load(given.nation, path, count)
            size = path.stat().st_size
            _row(
                "on disk",
                count,
                f"{size / 1e9:.2f} GB, {size / count:.0f} bytes a row",
                "285 bytes",
                size <= 285 * count,
            )
            found[count] = _asked(given, path, count)
        first, last = found[min(found)], found[max(found)]
        for what, median in first.items():
            times = last[what] / median
            _row(f"growth of {what}, p50", rows, f"{times:.2f} times", "less than 2", times < 2)


def _load(source: Path, path: Path, rows: int) -> None:
    registry = Registry(open_store(f"sqlite:///{path}"))
    clock, busy = time.perf_counter(), time.process_time()
    report = registry.load_batches(_batches(source, rows), actor="synthetic data")
    busy, clock = time.process_time() - busy, time.perf_counter() - clock
    assert report.loaded == rows, report
    registry.close()
    rate = rows / clock
    _row("load", rows, f"{rows / busy:,.0f} rows/s", LOAD_TARGET, rate >= LOADED_A_SECOND, f"{rate:,.0f} rows/s")


def _batches(source: Path, rows: int) -> Iterator[pa.RecordBatch]:
    left = rows
    for batch in pq.ParquetFile(source).iter_batches(PIECE):
        yield batch.slice(0, left)
        left -= min(left, batch.num_rows)
        if not left:
            return


def _asked(given: argparse.Namespace, path: Path, rows: int) -> dict[str, float]:
    """Medians in seconds, by what was asked."""
    households = _households(given.nation, rows, given.asked)
    rng = random.Random(1)
    rng.shuffle(households)
    with geoaddr.open(given.pack, f"sqlite:///{path}") as ga:
        bare = sqlite3.connect(path, isolation_level=None)
        codes = [h.ndas for h in households]
        _each("floor: a row by its key", rows, codes, lambda c: bare.execute(_FLOOR, (int(c),)).fetchone())
        medians = {"resolve": _each("resolve", rows, codes, ga.resolve, (30, 200))}
        near = [(h.lat + rng.uniform(-2e-4, 2e-4), h.lon + rng.uniform(-2e-4, 2e-4)) for h in households]
        medians["reverse"] = _each(
            "reverse, the nearest", rows, near, lambda p: ga.reverse(lat=p[0], lon=p[1], limit=1), (150, 2000)
        )
        texts = [h.text for h in households]
        medians["geocode"] = _each("geocode", rows, texts, ga.geocode, None)
        prefixes = [text[: rng.randrange(4, 14)] for text in texts]
        _each("suggest", rows, prefixes, ga.suggest, (2000, 15_000))
        _bulk(ga, given.nation, rows)
    return medians


_FLOOR = "SELECT components FROM address WHERE ndas = ?"


def _households(source: Path, rows: int, count: int) -> list[Household]:
    """Rows of some places of the first ``rows`` of a file."""
    file = pq.ParquetFile(source)
    most, found = count // RUNS, list[Household]()
    starts = [rows * n // RUNS for n in range(RUNS)]
    begin = 0
    columns = ["ndas", "lat", "lon", "house_number", "street", "hamlet", "commune", "province"]
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        here = [start - begin for start in starts if begin <= start < begin + size]
        if here:
            table = file.read_row_group(group, columns=columns)
            for start in here:
                found += [_household(row) for row in table.slice(start, most).to_pylist()]
        begin += size
    return found


def _household(row: dict[str, Any]) -> Household:
    way = " ".join(filter(None, (row["house_number"], row["street"])))
    text = ", ".join(filter(None, (way, row["hamlet"], row["commune"], row["province"])))
    return Household(row["ndas"], row["lat"], row["lon"], text)


def _bulk(ga: geoaddr.Geoaddr, source: Path, rows: int) -> None:
    batches = list(islice(pq.ParquetFile(source).iter_batches(PIECE, columns=["ndas"]), min(8, -(-rows // PIECE))))
    codes = pa.chunked_array([batch.column(0) for batch in batches])[:rows].combine_chunks()
    codes = codes.take(pa.array(random.Random(2).sample(range(len(codes)), len(codes))))
    columns = CodeColumns(ga, ga.as_of(None))
    columns.resolve(codes[:PIECE])
    clock, busy = time.perf_counter(), time.process_time()
    for at in range(0, len(codes), PIECE):
        answers = columns.resolve(codes[at : at + PIECE])
        assert answers["status"].unique().to_pylist() == ["ok"]
    busy, clock = time.process_time() - busy, time.perf_counter() - clock
    rate = len(codes) / busy
    _row(
        "resolve, columns",
        rows,
        f"{rate:,.0f} codes/s",
        "200,000 codes/s",
        rate >= 200_000,
        f"{len(codes) / clock:,.0f} codes/s",
    )


def _each(
    what: str, rows: int, asked: Sequence[T], work: Callable[[T], object], most_us: tuple[int, int] | None = None
) -> float:
    """Print the median and the 99th of a hundred, in microseconds of processor time; the median."""
    _timed(work, asked)
    took, clock = _timed(work, asked)
    median, late = (took[len(took) * share // 100] * 1e6 for share in (50, 99))
    target = "" if most_us is None else f"p50 {most_us[0]:,} µs, p99 {most_us[1]:,} µs"
    passed = None if most_us is None else median <= most_us[0] and late <= most_us[1]
    _row(what, rows, f"p50 {median:,.1f} µs, p99 {late:,.0f} µs", target, passed, f"p50 {clock * 1e6:,.1f} µs")
    return median


def _timed(work: Callable[[T], object], asked: Iterable[T]) -> tuple[list[float], float]:
    """Processor time of each call, ascending, and the median by the clock."""
    took, clock = [], []
    for each in asked:
        started, busy = time.perf_counter(), time.thread_time()
        work(each)
        took.append(time.thread_time() - busy)
        clock.append(time.perf_counter() - started)
    return sorted(took), sorted(clock)[len(clock) // 2]


def _row(what: str, rows: int, value: str, target: str = "", passed: bool | None = None, clock: str = "") -> None:
    verdict = "" if passed is None else "pass" if passed else "miss"
    print(f"| {what} | {rows:,} | {value} | {target} | {verdict} | {clock} |", flush=True)


if __name__ == "__main__":
    main()
