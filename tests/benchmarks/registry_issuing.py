"""One code at a time, durably, by several processes at once: rates and waits, beside a floor on the same disk.

The floor is a bare table with the same key, one row a commit, by one process and by as many. Targets are shares
of it, for the disk decides how many commits a second there are: 1,000 codes/s on SQLite where one process does
6,600 bare commits, 15 % of that; 2,000 codes/s on PostgreSQL where as many processes do 6,600, 30 %. Households
are spread over fifty areas. Processor time is that of the issuing processes and of the server, where there is one.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import psycopg

from geoaddr.components import components_from
from geoaddr.model import Point
from geoaddr.registry import Draft, Registry
from geoaddr.stores import open_store
from tests.postgres_server import Server

T = TypeVar("T")

STREETS = ("Quán Thánh", "Nguyễn Thị Minh Khai", "Điện Biên Phủ", "Trần Hưng Đạo", "Lê Lợi")
AREAS = 50
TOWN = (21.0, 105.8, 0.1)
"""South and west edges of the town that the households stand in, and its size, in degrees."""

BODY = "x" * 150
STARTED_S = 0.5

SHARE = 0.15
"""Of the bare commits of one process on SQLite."""

SHARE_OF_MANY = 0.30
"""Of the bare commits of as many processes on PostgreSQL."""

LATE_S = 0.25
"""What the slowest hundredth may take."""


class Ran(NamedTuple):
    """How it went: how many a second, the time that 99 of 100 took at most, in seconds, and the codes."""

    rate: float
    late: float
    codes: list[str]


class Done(NamedTuple):
    """What one process did: how long each took, its processor time, in seconds, and the codes."""

    took: list[float]
    busy: float
    codes: list[str]


def household(rng: random.Random, number: int) -> Draft:
    south, west, size = TOWN
    return Draft(
        components=components_from({"house_number": str(number), "street": rng.choice(STREETS)}),
        area_code=f"{11100 + rng.randrange(AREAS):05}",
        commune_code="00004",
        point=Point(lat=south + rng.random() * size, lon=west + rng.random() * size),
        issued_on=dt.date(2026, 3, 1),
    )


def measure_sqlite(folder: Path, each: int, processes: int, alone: float | None = None) -> float:
    """:param alone: bare commits a second of one process, for the share of them. :returns: those of as many."""
    path = folder / "floor.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (code INTEGER PRIMARY KEY, body TEXT)")
    connection.close()
    floor = run("floor: one row a commit", partial(_keep_sqlite, str(path), each), processes).rate
    url = f"sqlite:///{folder}/issued-{processes}.db"
    open_store(url).create()
    ran = issued(url, each, processes)
    alone = floor if alone is None else alone
    print(f"    {_shares(ran, floor, alone)}; p99 {ran.late * 1e3:.0f} ms")
    _judge("one process", SHARE, ran.rate / alone, ran)
    return floor


def measure_postgres(server: Server, each: int, processes: int, alone: float | None = None) -> float:
    """The same on a server, whose bare commits are written together when many come at once."""
    bare = server.new_database()
    server.execute(bare, "CREATE TABLE t (code bigint PRIMARY KEY, body text)")
    floor = run(
        "floor: one row a commit", partial(_keep_postgres, server.tcp_url(bare), each), processes, server
    ).rate
    url = server.tcp_url(server.new_database())
    open_store(url).create()
    ran = issued(url, each, processes, server)
    print(f"    {_shares(ran, floor, floor if alone is None else alone)}; p99 {ran.late * 1e3:.0f} ms")
    _judge("as many processes", SHARE_OF_MANY, ran.rate / floor, ran)
    return floor


def _shares(ran: Ran, floor: float, alone: float) -> str:
    return f"{ran.rate / floor:.0%} of the floor of as many processes, {ran.rate / alone:.0%} of that of one"


def _judge(of: str, share: float, reached: float, ran: Ran) -> None:
    print(
        f"    target: {share:.0%} of {of}, {_verdict(reached >= share)};"
        f" p99 under {LATE_S * 1e3:.0f} ms, {_verdict(ran.late < LATE_S)}"
    )


def _verdict(passed: bool) -> str:
    return "pass" if passed else "miss"


def issued(url: str, each: int, processes: int, server: Server | None = None) -> Ran:
    """Issue, and look for codes that two were given."""
    ran = run("issue one, durable", partial(_issue, url, each), processes, server, partial(_warm, url))
    codes = ran.codes
    print(f"    {len(codes):,} codes, {len(codes) - len(set(codes)):,} given twice")
    registry = Registry(open_store(url))
    assert registry.issued(codes) == set(codes)
    if len(codes) <= 50_000:
        problems = registry.verify()
        assert problems == [], problems
    registry.close()
    return ran


def run(
    what: str,
    work: Callable[[int], Done],
    processes: int,
    server: Server | None = None,
    warm: Callable[[int], None] | None = None,
) -> Ran:
    """Let so many processes work at once, and print how it went.

    :param warm: what each does before the clock runs.
    """
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(time.sleep, [STARTED_S] * processes, chunksize=1)  # all are started before the clock runs
        if warm is not None:
            pool.map(warm, range(processes), chunksize=1)
        served, begin = server_s(server), time.perf_counter()
        done = pool.map(work, range(processes), chunksize=1)
        seconds = time.perf_counter() - begin
        served = server_s(server) - served
    took = [one for each in done for one in each.took]
    show(f"{what}, {processes} processes", took, seconds)
    busy = sum(each.busy for each in done) / len(took)
    cores = os.cpu_count() or 1
    reached = cores / (busy + served / len(took))
    print(
        f"    processor: {busy * 1e6:.0f} µs ours, {served / len(took) * 1e6:.0f} µs the server's;"
        f" {reached:,.0f} /s if {cores} cores did nothing else"
    )
    codes = [code for each in done for code in each.codes]
    return Ran(len(took) / seconds, sorted(took)[len(took) * 99 // 100], codes)


def each_timed(work: Callable[[T], object], items: Iterable[T]) -> list[float]:
    """How long each took, in seconds."""
    took = []
    for item in items:
        begin = time.perf_counter()
        work(item)
        took.append(time.perf_counter() - begin)
    return took


def show(what: str, took: list[float], seconds: float | None = None) -> None:
    ordered = sorted(took)
    median, late, last = (ordered[n] * 1e6 for n in (len(ordered) // 2, len(ordered) * 99 // 100, -1))
    rate = len(took) / (sum(took) if seconds is None else seconds)
    print(
        f"{what:38} {rate:12,.0f} /s   p50 {median:9,.1f} µs   p99 {late:11,.1f} µs   last {last:13,.1f} µs",
        flush=True,
    )


_warmed: dict[str, Registry] = {}


def _warm(url: str, seed: int) -> None:
    """Have all loaded and connected, as in a process that serves; long enough for each process to get its own."""
    rng = random.Random(-1 - seed)
    _warmed[url] = Registry(open_store(url))
    _warmed[url].issue(household(rng, 10**6 + seed))
    time.sleep(STARTED_S)


def _issue(url: str, each: int, seed: int) -> Done:
    rng = random.Random(seed)
    registry = _warmed.get(url) or Registry(open_store(url))
    codes: list[str] = []
    drafts = [household(rng, seed * each + n) for n in range(each)]
    begin = time.process_time()
    took = each_timed(lambda draft: codes.append(registry.issue(draft).record.ndas), drafts)
    return Done(took, time.process_time() - begin, codes)


def _keep_sqlite(path: str, each: int, seed: int) -> Done:
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA synchronous = FULL")
    begin = time.process_time()
    took = each_timed(
        lambda n: connection.execute("INSERT INTO t VALUES (?, ?)", (seed * each + n, BODY)), range(each)
    )
    return Done(took, time.process_time() - begin, [])


def _keep_postgres(url: str, each: int, seed: int) -> Done:
    with psycopg.connect(url, autocommit=True, prepare_threshold=1) as connection:
        begin = time.process_time()
        took = each_timed(
            lambda n: connection.execute("INSERT INTO t VALUES (%s::bigint, %s)", (str(seed * each + n), BODY)),
            range(each),
        )
        return Done(took, time.process_time() - begin, [])


def server_s(server: Server | None) -> float:
    """Processor time of a server and all that it ever started, in seconds."""
    if server is None:
        return 0.0
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[1]) == server.pid:
            ticks += int(fields[11]) + int(fields[12])
        elif int(stat.parent.name) == server.pid:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")
