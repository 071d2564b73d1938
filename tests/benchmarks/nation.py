"""A nation's registry on SQLite: load, size, lookups, and how they grow from a million addresses.

    python -m tests.benchmarks.nation NATION.parquet [--pack PACK] [--registry FILE] [--million FILE] [--asked N]

``NATION.parquet`` is what ``geoaddr synth --columns registry`` writes (see
``docs/how-to/make-a-synthetic-nation.md``). Its first million rows are loaded into one registry and all of it
into another, unless files that were loaded before are named. The target of the load is by the clock, on two cores;
all else is processor time of this process; percentiles are of single calls, warm: each is asked once before.
Places that are asked about are drawn over all of the nation, so that a larger registry has more pages than memory
may hold.

Floors are measured in the same run: a bare table of codes and house numbers loaded, a row by its key, and the same
rows read in bulk. Targets are of a machine on which these take 622,000 rows/s, 4 µs and 320,000 rows/s; where a
machine is slower, the same share of its floor is "pass by the floor".
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
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
LOADED_A_SECOND, BARELY_LOADED = 100_000, 622_000
RESOLVED_A_SECOND, BARELY_READ = 200_000, 320_000
ROW_US = 4.0
LOAD_TARGET = f"{LOADED_A_SECOND:,} rows/s by the clock"
Timed = tuple[list[float], list[float]]
"""Seconds of each call: of the processor, and by the clock."""

BLOCK = 100
"""Questions of one work before another's turn."""

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
                _verdict(size <= 285 * count),
            )
            found[count] = _asked(given, path, count)
        first, last = found[min(found)], found[max(found)]
        for what, median in first.items():
            times = last[what] / median
            _row(f"growth of {what}, p50", rows, f"{times:.2f} times", "less than 2", _verdict(times < 2))


def _load(source: Path, path: Path, rows: int) -> None:
    registry = Registry(open_store(f"sqlite:///{path}"))
    clock, busy = time.perf_counter(), time.process_time()
    report = registry.load_batches(batches(source, rows), actor="synthetic data")
    busy, clock = time.process_time() - busy, time.perf_counter() - clock
    assert report.loaded == rows, report
    registry.close()
    rate, bare = rows / clock, _bare_load(source, path.with_suffix(".bare"), rows)
    _row("floor: a bare table loaded", rows, f"{bare:,.0f} rows/s")
    verdict = _verdict(rate >= LOADED_A_SECOND, rate / bare >= LOADED_A_SECOND / BARELY_LOADED)
    _row(
        "load",
        rows,
        f"{rows / busy:,.0f} rows/s; {rate / bare:.0%} of the floor",
        LOAD_TARGET,
        verdict,
        f"{rate:,.0f} rows/s",
    )


def _bare_load(source: Path, path: Path, rows: int) -> float:
    """Rows a second by the clock into a table that has a code and a house number, and no index but its key."""
    clock = 0.0
    with closing(sqlite3.connect(path, isolation_level=None)) as bare:
        bare.execute("CREATE TABLE bare (ndas INTEGER PRIMARY KEY, payload TEXT)")
        bare.execute("BEGIN")
        for batch in batches(source, rows):
            pairs = [
                *zip(batch["ndas"].cast(pa.int64()).to_pylist(), batch["house_number"].to_pylist(), strict=True)
            ]
            started = time.perf_counter()
            bare.executemany("INSERT INTO bare VALUES (?, ?)", pairs)
            clock += time.perf_counter() - started
        started = time.perf_counter()
        bare.execute("COMMIT")
        clock += time.perf_counter() - started
    path.unlink()
    return rows / clock


def batches(source: Path, rows: int) -> Iterator[pa.RecordBatch]:
    left = rows
    for batch in pq.ParquetFile(source).iter_batches(PIECE):
        yield batch.slice(0, left)
        left -= min(left, batch.num_rows)
        if not left:
            return


def _asked(given: argparse.Namespace, path: Path, rows: int) -> dict[str, float]:
    """Medians in seconds, by what was asked."""
    found = households(given.nation, rows, given.asked)
    rng = random.Random(1)
    rng.shuffle(found)
    with geoaddr.open(given.pack, f"sqlite:///{path}") as ga:
        bare = sqlite3.connect(path, isolation_level=None)
        codes = [h.ndas for h in found]
        bare_took, took = _by_turns((lambda c: bare.execute(_FLOOR, (int(c),)).fetchone(), ga.resolve), codes)
        floor = _told("floor: a row by its key", rows, bare_took)
        medians = {"resolve": _told("resolve", rows, took, (30, 200), floor)}
        near = [(h.lat + rng.uniform(-2e-4, 2e-4), h.lon + rng.uniform(-2e-4, 2e-4)) for h in found]
        medians["reverse"] = _each(
            "reverse, the nearest",
            rows,
            near,
            lambda p: ga.reverse(lat=p[0], lon=p[1], limit=1),
            (150, 2000),
            floor,
        )
        texts = [h.text for h in found]
        medians["geocode"] = _each("geocode", rows, texts, ga.geocode, (1000, 10_000), floor)
        prefixes = [text[: rng.randrange(4, 14)] for text in texts]
        _each("suggest", rows, prefixes, ga.suggest, (2000, 15_000), floor)
        _bulk(ga, bare, given.nation, rows)
        bare.close()
    return medians


_FLOOR = "SELECT components FROM address WHERE ndas = ?"
_FLOOR_IN_BULK = """SELECT a.ndas, a.status, a.commune, a.issued_day, a.lat, a.lon FROM json_each(?) j
    CROSS JOIN address a ON a.ndas = j.value"""


def households(source: Path, rows: int, count: int) -> list[Household]:
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


def _bulk(ga: geoaddr.Geoaddr, bare: sqlite3.Connection, source: Path, rows: int) -> None:
    pieces = list(islice(pq.ParquetFile(source).iter_batches(PIECE, columns=["ndas"]), min(8, -(-rows // PIECE))))
    codes = pa.chunked_array([batch.column(0) for batch in pieces])[:rows].combine_chunks()
    codes = codes.take(pa.array(random.Random(2).sample(range(len(codes)), len(codes))))
    columns = CodeColumns(ga, ga.as_of(None))
    columns.resolve(codes[:PIECE])
    clock, busy = time.perf_counter(), time.process_time()
    for at in range(0, len(codes), PIECE):
        answers = columns.resolve(codes[at : at + PIECE])
        assert answers["status"].unique().to_pylist() == ["ok"]
    busy, clock = time.process_time() - busy, time.perf_counter() - clock
    rate, floor = len(codes) / busy, _bare_read(bare, codes)
    _row("floor: the same rows read", rows, f"{floor:,.0f} rows/s")
    verdict = _verdict(rate >= RESOLVED_A_SECOND, rate / floor >= RESOLVED_A_SECOND / BARELY_READ)
    value, target = f"{rate:,.0f} codes/s; {rate / floor:.0%} of the floor", f"{RESOLVED_A_SECOND:,} codes/s"
    _row("resolve, columns", rows, value, target, verdict, f"{len(codes) / clock:,.0f} codes/s")


def _bare_read(bare: sqlite3.Connection, codes: pa.Array) -> float:
    """Rows a second of processor time, of codes that are numbers and sorted already."""
    numbers = codes.cast(pa.int64()).to_pylist()
    pieces = [json.dumps(sorted(numbers[at : at + PIECE])) for at in range(0, len(numbers), PIECE)]
    busy = time.process_time()
    for piece in pieces:
        bare.execute(_FLOOR_IN_BULK, (piece,)).fetchall()
    return len(numbers) / (time.process_time() - busy)


def _each(
    what: str,
    rows: int,
    asked: Sequence[T],
    work: Callable[[T], object],
    most_us: tuple[int, int] | None = None,
    floor: float | None = None,
) -> float:
    """Ask, each once before, and tell how long it took; the median, in seconds."""
    _timed(work, asked)
    return _told(what, rows, _timed(work, asked), most_us, floor)


def _by_turns(works: Sequence[Callable[[T], object]], asked: Sequence[T]) -> list[Timed]:
    """The times of several works, each asked once before. By turns, so that they meet the same minutes of the
    machine; and one block apart, so that none finds in the processor's cache what another just read."""
    for work in works:
        _timed(work, asked)
    blocks = [asked[at : at + BLOCK] for at in range(0, len(asked), BLOCK)]
    found: list[Timed] = [([], []) for _ in works]
    for n in range(len(blocks)):
        for m, (work, (took, clock)) in enumerate(zip(works, found, strict=True)):
            busy_s, clock_s = _timed(work, blocks[n - m])
            took += busy_s
            clock += clock_s
    return found


def _told(
    what: str,
    rows: int,
    timed: Timed,
    most_us: tuple[int, int] | None = None,
    floor: float | None = None,
) -> float:
    """Print the median and the 99th of a hundred, in microseconds of processor time; the median, in seconds.

    :param floor: the median of the floor, in seconds.
    """
    took, clock = map(sorted, timed)
    median, late = (took[len(took) * share // 100] for share in (50, 99))
    value, target, verdict = f"p50 {median * 1e6:,.1f} µs, p99 {late * 1e6:,.0f} µs", "", ""
    if most_us is not None and floor is not None:
        value += f"; {median / floor:.1f} and {late / floor:.0f} floors"
        target = f"p50 {most_us[0]:,} µs, p99 {most_us[1]:,} µs"
        slower = max(floor * 1e6 / ROW_US, 1.0)
        straight, by_floor = (
            all(got * 1e6 <= most * times for got, most in zip((median, late), most_us, strict=True))
            for times in (1.0, slower)
        )
        verdict = _verdict(straight, by_floor)
    _row(what, rows, value, target, verdict, f"p50 {clock[len(clock) // 2] * 1e6:,.1f} µs")
    return median


def _verdict(straight: bool, by_floor: bool = False) -> str:
    return "pass" if straight else "pass by the floor" if by_floor else "miss"


def _timed(work: Callable[[T], object], asked: Iterable[T]) -> Timed:
    took, clock = [], []
    for each in asked:
        started, busy = time.perf_counter(), time.thread_time()
        work(each)
        took.append(time.thread_time() - busy)
        clock.append(time.perf_counter() - started)
    return took, clock


def _row(what: str, rows: int, value: str, target: str = "", verdict: str = "", clock: str = "") -> None:
    print(f"| {what} | {rows:,} | {value} | {target} | {verdict} | {clock} |", flush=True)


if __name__ == "__main__":
    main()
