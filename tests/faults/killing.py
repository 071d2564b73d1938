"""``kill -9`` in the middle of work."""

from __future__ import annotations

import csv
import shutil
from functools import cache
from pathlib import Path

import pyarrow as pa

from geoaddr.registry import LoadRow, Registry
from geoaddr.store import Scanned
from geoaddr.stores import open_store
from geoaddr.stores.sqlite import SQLiteStore
from tests.faults.rounds import Round, command, finished, kept, killed_after, killed_somewhere, sound, worker
from tests.postgres_server import Server
from tests.unit import test_postgres_steps, test_sqlite_streets

ROWS = 800
OLD_ROWS = 400

TABLE = [
    {"ndas": f"70000{n:05}", "lat": f"{21.0 + n * 1e-5:.5f}", "lon": "105.8", "commune_code": "00004",
     "issued_on": "2025-09-01", "street": f"phố {n % 17}", "house_number": str(n)}
    for n in range(ROWS)
]  # fmt: skip


def assigning(at: Round, engine: str) -> None:
    url = at.new_url(engine)
    told: list[str] = []
    for name in ("phố một", "phố hai"):
        told += killed_after(worker("issue", url, name, 100_000), at.rng.randrange(1, 60))
        kept(url, told, also=2)


def loading(at: Round, engine: str) -> None:
    """The first load of a registry, which has a way of its own, and one into what is there."""
    url = at.new_url(engine)
    table = at.folder / "table.csv"
    if not table.exists():
        write_table(table)
    if at.rng.random() < 0.5:
        registry = Registry(open_store(url))
        registry.load([LoadRow(1, TABLE[0] | {"ndas": "7000199999"})])
        registry.close()
    killed_somewhere(at, f"load {engine}", lambda: command("registry", "load", table, "--store", url))
    registry = sound(url)
    _as_in_the_table(registry)
    registry.close()
    registry = Registry(open_store(url))
    report = registry.load_batches(pa.Table.from_pylist(TABLE).to_batches())
    registry.close()
    assert (report.loaded + report.unchanged, report.refused) == (ROWS, 0)
    registry = sound(url)
    assert _as_in_the_table(registry) == ROWS
    registry.close()


def _as_in_the_table(registry: Registry) -> int:
    """How many rows are there; each is as it was given."""
    found = registry.find_many([row["ndas"] for row in TABLE])
    for record, row in zip(found, TABLE, strict=True):
        if record is not None:
            stated = record.components
            assert (stated.street, stated.house_number) == (row["street"], row["house_number"])
            assert (str(record.point.lat), record.issued_on.isoformat()) == (
                str(float(row["lat"])),
                row["issued_on"],
            )
            assert [event.kind for event in registry.store.events(record.ndas)] == ["loaded"]
    return sum(record is not None for record in found)


def syncing(at: Round, engine: str) -> None:
    """The day is sent again after the kill: each row gets the code that it was told at first."""
    url = at.new_url(engine)
    before = killed_after(worker("sync", url, "ngày", 100), at.rng.randrange(1, 90))
    kept(url, before)
    after = finished(worker("sync", url, "ngày", 100))
    assert after[: len(before)] == before
    kept(url, after, also=0)


def backing_up(at: Round, engine: str) -> None:
    source = at.folder / "source.db"
    if not source.exists():
        registry = Registry(SQLiteStore(source))
        registry.load([LoadRow(n, row) for n, row in enumerate(TABLE)])
        registry.close()
    target = at.folder / "copy.db"
    done = killed_somewhere(
        at,
        "backup",
        lambda: command("registry", "backup", target, "--overwrite", "--store", f"sqlite:///{source}"),
    )
    assert target.exists() or not done
    if target.exists():
        assert _all_of(f"sqlite:///{target}") == _all_of(f"sqlite:///{source}")


def migrating(at: Round, engine: str) -> None:
    """From the first schema; the kill leaves the old one or the new one, and a second run goes on."""
    if engine == "sqlite":
        older = at.folder / "older.db"
        if not older.exists():
            _old_file(older)
        for name in ("registry.db", "registry.db-wal", "registry.db-shm", "registry.db-journal"):
            (at.folder / name).unlink(missing_ok=True)
        shutil.copyfile(older, at.folder / "registry.db")
        url = f"sqlite:///{at.folder / 'registry.db'}"
    else:
        assert at.server is not None
        url = at.server.url(at.server.new_database(_old_database(at.server)))
    killed_somewhere(at, f"migration {engine}", lambda: command("registry", "init", "--store", url))
    finished(command("registry", "init", "--store", url))
    registry = sound(url)
    assert registry.stats()["addresses"] == OLD_ROWS
    assert len(registry.changes(limit=1000).changes) == OLD_ROWS
    assert sum(name.standing for name in registry.store.names("street", "")) == OLD_ROWS
    registry.close()


def _all_of(url: str) -> list[Scanned]:
    registry = sound(url)
    found = list(registry.store.scan())
    registry.close()
    return found


def _old_file(path: Path) -> None:
    newer = path.with_name("newer.db")
    _fill(f"sqlite:///{newer}")
    test_sqlite_streets.first_schema(path, newer)


@cache
def _old_database(server: Server) -> str:
    newer, older = (server.new_database() for _ in range(2))
    _fill(server.url(newer))
    test_postgres_steps.first_schema(server.url(older), server.url(newer))
    return older


def _fill(url: str) -> None:
    registry = Registry(open_store(url))
    registry.load([LoadRow(n, row | {"ndas": f"11120{n:05}"}) for n, row in enumerate(TABLE[:OLD_ROWS])])
    registry.close()


def write_table(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(TABLE[0]))
        writer.writeheader()
        writer.writerows(TABLE)
