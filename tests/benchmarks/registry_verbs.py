"""Verbs over a registry in SQLite and in PostgreSQL: both asked by turns, in one process, warm.

    python -m tests.benchmarks.registry_verbs NATION.parquet [--rows N] [--asked N] [--pack PACK]

asks the verbs that only read of the first rows of a nation (see :mod:`tests.benchmarks.nation`); with
:mod:`tests.benchmarks.registry` they are asked of a town that is made up here, and codes are assigned. The
households, the pack (``GEOADDR_PACK``, or the embedded one) and the questions are the same. Processor time is
this process's own, and beside it with that of PostgreSQL's server. An empty exchange between the questions says
what the way to the server and back takes meanwhile.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import psycopg
import pyarrow as pa

import geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from tests.benchmarks.nation import Household, batches, households
from tests.benchmarks.registry_issuing import TOWN, server_s
from tests.postgres_server import Server

T = TypeVar("T")

ASKED = 1500
ASSIGNED = 300
WARM = 200
MOST = 5.0
"""PostgreSQL may take so many times as long as SQLite."""

STREETS = tuple(
    f"{family} {name}"
    for family in ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ")
    for name in ("Quang Khải", "Thái Tổ", "Văn Tần", "Ngọc Lâm", "Minh Đức", "Đình Phùng", "Hữu Thọ", "Duy Tân")
)
ENGINES = ("SQLite", "PostgreSQL")


class House(NamedTuple):
    """A household as it is asked for."""

    ndas: str
    lat: float
    lon: float
    number: int
    street: str


class Took(NamedTuple):
    """Medians of one verb on one engine, in seconds."""

    clock_s: float
    processor_s: float


class Both(NamedTuple):
    """One verb on both engines: medians by the engine, the median of an empty exchange between them, and the mean
    of the server's processor time, in seconds."""

    took: Mapping[str, Took]
    empty_s: float
    served_s: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("nation", type=Path)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--asked", type=int, default=ASKED)
    arguments.add_argument("--pack")
    given = arguments.parse_args()
    server = Server(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            urls = (f"sqlite:///{Path(folder) / 'verbs.db'}", server.tcp_url(server.new_database()))
            for url in urls:
                registry = Registry(open_store(url))
                registry.load_batches(batches(given.nation, given.rows))
                registry.close()
            server.execute(server.last_database, "VACUUM ANALYZE")
            platforms = {name: geoaddr.open(given.pack, url) for name, url in zip(ENGINES, urls, strict=True)}
            print(f"verbs over {given.rows:,} households, medians: SQLite, PostgreSQL, how many times as long")
            measure_nation(server, platforms, households(given.nation, given.rows, given.asked))
    finally:
        server.remove()


def measure_nation(server: Server, platforms: Mapping[str, geoaddr.Geoaddr], asked: list[Household]) -> None:
    """Print the verbs that only read, on both engines, of households of a nation."""
    rng = random.Random(1)
    rng.shuffle(asked)
    begun = {h.ndas: h.text[: rng.randrange(4, 14)] for h in asked}
    verbs: dict[str, Callable[[geoaddr.Geoaddr, Household], object]] = {
        "resolve": lambda p, h: p.resolve(h.ndas),
        "reverse": lambda p, h: p.reverse(lat=h.lat, lon=h.lon),
        "geocode": lambda p, h: p.geocode(h.text),
        "suggest": lambda p, h: p.suggest(begun[h.ndas]),
    }
    for verb, ask in verbs.items():
        for platform in platforms.values():  # what is gathered once, and pages that come from the disk
            for household in asked:
                ask(platform, household)
        works = {name: partial(ask, platform) for name, platform in platforms.items()}
        _show(verb, _by_turns(server, works, asked))


def measure_verbs(server: Server, rows: int, prefixes: int) -> None:
    """Print each verb on both engines, and how many times as long PostgreSQL took."""
    rng = random.Random(0)
    houses = _houses(rng, rows, prefixes)
    with tempfile.TemporaryDirectory() as folder:
        urls = (f"sqlite:///{Path(folder) / 'verbs.db'}", server.tcp_url(server.new_database()))
        platforms = {name: geoaddr.open(store=url) for name, url in zip(ENGINES, urls, strict=True)}
        for platform in platforms.values():
            platform.registry.load_batches(pa.Table.from_pylist([_line(house) for house in houses]).to_batches())
        server.execute(server.last_database, "VACUUM ANALYZE")  # as the server does by itself within minutes
        print(f"\nverbs over {rows:,} households, medians: SQLite, PostgreSQL, how many times as long")
        asked = rng.sample(houses, min(len(houses), ASKED))
        for verb, works in _verbs(platforms).items():
            _show(verb, _by_turns(server, works, asked[:ASSIGNED] if verb == "assign" else asked))


def _houses(rng: random.Random, rows: int, prefixes: int) -> list[House]:
    south, west, size = TOWN
    return [
        House(
            f"{10 + n % prefixes:02}{n // prefixes // 90_000:03}{n // prefixes % 90_000:05}",
            south + rng.random() * size,
            west + rng.random() * size,
            n // len(STREETS) + 1,
            STREETS[n % len(STREETS)],
        )
        for n in range(rows)
    ]


def _line(house: House) -> dict[str, str]:
    return {
        "ndas": house.ndas, "lat": str(house.lat), "lon": str(house.lon), "commune_code": "00004",
        "issued_on": "2025-09-01", "house_number": str(house.number), "street": house.street,
    }  # fmt: skip


def _verbs(platforms: Mapping[str, geoaddr.Geoaddr]) -> dict[str, dict[str, Callable[[House], object]]]:
    def assign(platform: geoaddr.Geoaddr) -> Callable[[House], object]:
        return lambda h: platform.assign(
            {"house_number": str(h.number), "street": "Quán Thánh", "commune": "Phường Ba Đình"},
            lat=h.lat,
            lon=h.lon,
        )

    def geocode(platform: geoaddr.Geoaddr) -> Callable[[House], object]:
        return lambda h: platform.geocode(f"{h.number} {h.street}, phường Ba Đình, Hà Nội")

    return {
        "resolve": {n: lambda h, p=p: p.resolve(h.ndas) for n, p in platforms.items()},
        "reverse": {n: lambda h, p=p: p.reverse(lat=h.lat, lon=h.lon) for n, p in platforms.items()},
        "geocode": {n: geocode(p) for n, p in platforms.items()},
        "assign": {n: assign(p) for n, p in platforms.items()},
    }


def _by_turns(server: Server, works: Mapping[str, Callable[[T], object]], asked: list[T]) -> Both:
    """Each household is asked for on one engine, then on the other; the first of them do not count."""
    took: dict[str, list[Took]] = {name: [] for name in works}
    warm = min(WARM, len(asked) // 2)
    served, empty = 0.0, []
    with psycopg.connect(server.tcp_url(server.last_database), autocommit=True) as connection:
        for n, house in enumerate(asked):
            if n == warm:
                served = server_s(server)
            for name, work in works.items():
                begin, busy = time.perf_counter(), time.process_time()
                work(house)
                took[name].append(Took(time.perf_counter() - begin, time.process_time() - busy))
            begin = time.perf_counter()
            connection.pgconn.exec_(b"")
            empty.append(time.perf_counter() - begin)
    served = (server_s(server) - served) / (len(asked) - warm)
    medians = {name: Took(*map(median, zip(*each[warm:], strict=True))) for name, each in took.items()}
    return Both(medians, median(empty), served)


def _show(verb: str, both: Both) -> None:
    one, other = (both.took[name] for name in ENGINES)
    clock, own = other.clock_s / one.clock_s, other.processor_s / one.processor_s
    together_s = other.processor_s + both.served_s
    print(
        f"{verb:10} clock {one.clock_s * 1e6:9,.1f} µs {other.clock_s * 1e6:9,.1f} µs   x{clock:4.1f}"
        f"   {'pass' if clock <= MOST else 'FAIL'}: at most x{MOST:.0f};"
        f" an empty exchange {both.empty_s * 1e6:,.1f} µs\n"
        f"  processor: {one.processor_s * 1e6:11,.1f} µs {other.processor_s * 1e6:9,.1f} µs   x{own:4.1f}"
        f"   with the server's {together_s * 1e6:,.1f} µs, x{together_s / one.processor_s:.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
