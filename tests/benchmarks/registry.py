"""The registry on SQLite and PostgreSQL: issuing, loading, finding, the verbs; beside a floor, in one run.

    python -m tests.benchmarks.registry [--rows N] [--issue N] [--processes N] [--postgres] [--prefixes N]

The floor is a bare table with the same key: one durable commit a row by as many processes, on either engine; in
SQLite rows in bulk and one row by its key too. Files are made in a temporary folder; on a memory disk durable
commits cost nothing and mean nothing. With ``--postgres`` a server is made there too, with durable commits, and
asked over loopback. Each of the ``--processes`` issues ``--issue`` codes, one by one. The codes that are loaded
are spread over so many ``--prefixes``, each a partition. Processor time is this process's own where the
server's is not named.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from geoaddr.registry import Registry
from geoaddr.stores import open_store
from tests.benchmarks.registry_issuing import TOWN, each_timed, household, measure_postgres, measure_sqlite, show
from tests.benchmarks.registry_verbs import measure_verbs
from tests.postgres_server import Server

T = TypeVar("T")

BULK = 50_000
LONGEST_STREET = 90_000
"""Numbers of houses; beyond five digits none is taken for one."""

LOOKUPS = 20_000
NEARS = 3000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=50_000)
    arguments.add_argument("--issue", type=int, default=1000, help="codes of each process, one by one")
    arguments.add_argument("--processes", type=int, default=8)
    arguments.add_argument("--postgres", action="store_true")
    arguments.add_argument("--prefixes", type=int, default=10)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite")
        alone: float | None = None
        for processes in (1, given.processes):
            with tempfile.TemporaryDirectory(dir=folder) as own:
                alone = measure_sqlite(Path(own), given.issue, processes, alone)
        _floor(Path(folder) / "floor.db", given.rows)
        names = count()
        _measure(lambda: f"sqlite:///{folder}/{next(names)}.db", given)
        size = Path(folder, f"{next(names) - 1}.db").stat().st_size
        print(f"on disk                                {size / given.rows:12,.0f} bytes a row")
    if given.postgres:
        server = Server(durable=True)
        try:
            print("\nPostgreSQL")
            alone = None
            for processes in (1, given.processes):
                alone = measure_postgres(server, given.issue, processes, alone)
            _measure(lambda: server.tcp_url(server.new_database()), given)
            _print_sizes(server, given.rows)
            measure_verbs(server, min(given.rows, BULK), given.prefixes)
        finally:
            server.remove()


def _measure(new_url: Callable[[], str], given: argparse.Namespace) -> None:
    _bulk(new_url(), min(given.rows, BULK))
    _finding(new_url(), given.rows, given.prefixes)


def _print_sizes(server: Server, rows: int) -> None:
    """What the registry that was loaded last takes on the server's disk."""
    sizes = server.execute(server.last_database, _SIZES)
    for table, heap, indexes in sizes:
        if heap + indexes > rows:
            print(f"on disk, {table:29} {heap / rows:12,.0f} bytes a row, and {indexes / rows:,.0f} of indexes")
    print(f"on disk                                {sum(h + i for _, h, i in sizes) / rows:12,.0f} bytes a row")


_SIZES = """SELECT coalesce(parent.relname, c.relname), sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid))
    FROM pg_class c
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE c.relkind = 'r' AND c.relnamespace = 'geoaddr'::regnamespace GROUP BY 1 ORDER BY 2 DESC"""


def _floor(path: Path, rows: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE t (code INTEGER PRIMARY KEY, body TEXT)")
    body = "x" * 150
    begin = time.perf_counter()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?, ?)", ((n, body) for n in range(rows)))
    connection.execute("COMMIT")
    print(f"floor: insert in bulk                  {rows / (time.perf_counter() - begin):12,.0f} /s")
    asked = [random.Random(n).randrange(rows) for n in range(LOOKUPS)]
    took = each_timed(lambda n: connection.execute("SELECT body FROM t WHERE code = ?", (n,)).fetchone(), asked)
    show("floor: one row by its key", took)


def _bulk(url: str, rows: int) -> None:
    rng = random.Random(0)
    registry = Registry(open_store(url))
    drafts = [(str(n), household(rng, n)) for n in range(rows)]
    for what in ("issue in bulk", "the same again"):
        begin = time.perf_counter()
        for start in range(0, rows, 5000):
            registry.issue_many(drafts[start : start + 5000], batch_id="file")
        print(f"{what:38} {rows / (time.perf_counter() - begin):12,.0f} /s")


def _finding(url: str, rows: int, prefixes: int) -> None:
    rng = random.Random(0)
    south, west, size = TOWN
    registry = Registry(open_store(url))
    codes = sorted(
        f"{10 + n % prefixes:02}{n // prefixes // 90_000:03}{n // prefixes % 90_000:05}" for n in range(rows)
    )
    common = {"commune_code": "00004", "issued_on": "2025-09-01", "street": "Quán Thánh"}
    places = ((str(south + rng.random() * size), str(west + rng.random() * size)) for _ in codes)
    lines = [
        {"ndas": code, "lat": lat, "lon": lon, "house_number": str(n % LONGEST_STREET), **common}
        for n, (code, (lat, lon)) in enumerate(zip(codes, places, strict=True), 1)
    ]
    batches = pa.Table.from_pylist(lines).to_batches()
    begin, busy = time.perf_counter(), time.process_time()
    registry.load_batches(batches)
    took = time.perf_counter() - begin
    own = (time.process_time() - busy) / rows * 1e6
    print(
        f"load                                   {rows / took:12,.0f} /s   of which ours {own:.1f} µs of processor"
    )
    rng.shuffle(codes)
    show("find one", each_timed(registry.find, codes[:LOOKUPS]))
    begin = time.perf_counter()
    registry.find_many(codes)
    print(f"find many                              {rows / (time.perf_counter() - begin):12,.0f} /s")
    points = [(south + rng.random() * size, west + rng.random() * size) for _ in range(NEARS)]
    nearest = each_timed(lambda p: registry.near(lat=p[0], lon=p[1], radius_m=1000.0, limit=1), points)
    show("nearest one", nearest)
    numbers = [str(rng.randrange(min(rows, LONGEST_STREET))) for _ in range(NEARS)]
    asked = ["00004", "00008", "00025", "00070"]
    on_street = each_timed(lambda n: registry.communes_of("Quán Thánh", communes=asked, house_number=n), numbers)
    show("a house's street in four communes", on_street)
    registry.close()


if __name__ == "__main__":
    main()
