"""The first load of a registry file: all of it or nothing, whoever is killed or in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest

from geoaddr.registry import Registry
from geoaddr.registry.column_loading import SWITCH_S
from geoaddr.stores.sqlite import SQLiteStore
from tests.registries import ROW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


def batches(count: int, first: int = 0) -> Iterator[pa.RecordBatch]:
    """So many batches of a thousand households."""
    for n in range(first, first + count):
        rows = [{"ndas": f"11120{n * 1000 + i:05}", **ROW, "street": "Lê Lợi"} for i in range(1000)]
        yield pa.RecordBatch.from_pylist(rows)


def schema_of(path: Path) -> set[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT type, name, sql FROM sqlite_master"))


def mode_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_a_filled_registry_is_like_any_other(path, tmp_path):
    registry = Registry(SQLiteStore(path))
    assert registry.load_batches(batches(3), chunk=1000).loaded == 3000
    SQLiteStore(tmp_path / "empty.db").create()
    assert schema_of(path) == schema_of(tmp_path / "empty.db")
    assert mode_of(path) == "wal"
    assert registry.verify() == []
    registry.retire("1112000001")
    assert [event.kind for event in registry.history("1112000001")] == ["loaded", "retired"]
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("UPDATE event SET kind = 'x'")


def test_threads_take_turns_as_before_when_all_loads_are_over(tmp_path):
    """Loads side by side in one process share the interval that they shorten."""
    before, seen = sys.getswitchinterval(), []

    def within(another: bool) -> Iterator[pa.RecordBatch]:
        for batch in batches(2):
            seen.append(sys.getswitchinterval())
            yield batch
        if another:
            Registry(SQLiteStore(tmp_path / "inner.db")).load_batches(within(False), chunk=1000)
            seen.append(sys.getswitchinterval())
            raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        Registry(SQLiteStore(tmp_path / "outer.db")).load_batches(within(True), chunk=1000)
    assert seen == [pytest.approx(SWITCH_S)] * 5
    assert sys.getswitchinterval() == before


def test_foreign_keys_are_kept_again_afterwards(path):
    store = SQLiteStore(path)
    Registry(store).load_batches(batches(1))

    def astray(transaction):
        transaction._connection.execute("INSERT INTO alias VALUES (1, 0, 'x', 'y', NULL, NULL)")

    with pytest.raises(sqlite3.IntegrityError):
        store.write(astray)


def test_a_load_that_fails_leaves_nothing(path):
    def failing() -> Iterator[pa.RecordBatch]:
        yield from batches(2)
        raise OSError("the file ends here")

    registry = Registry(SQLiteStore(path))
    registry.store.create()
    before = schema_of(path)
    with pytest.raises(OSError, match="ends here"):
        registry.load_batches(failing(), chunk=1000)
    assert schema_of(path) == before
    assert registry.stats()["addresses"] == registry.stats()["events"] == 0
    assert registry.load_batches(batches(2)).loaded == 2000
    assert registry.verify() == []


_KILLED = """
import os, sys
from geoaddr.registry import Registry
from geoaddr.stores.sqlite import SQLiteStore
from tests.unit.test_sqlite_filling import batches
def until_killed():
    yield from batches(90)
    print("killed now", flush=True)
    os.kill(os.getpid(), 9)
Registry(SQLiteStore(sys.argv[1])).load_batches(until_killed(), chunk=1000)
"""


def test_a_load_that_is_killed_leaves_nothing_and_may_be_repeated(path):
    registry = Registry(SQLiteStore(path))
    registry.store.create()
    registry.close()
    before = schema_of(path)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(path)], capture_output=True, text=True, timeout=120
    )
    assert (killed.returncode, killed.stdout) == (-9, "killed now\n"), killed.stderr
    assert registry.stats()["addresses"] == 0
    assert schema_of(path) == before
    registry.close()
    assert registry.load_batches(batches(1)).loaded == 1000
    assert mode_of(path) == "wal"


def test_after_a_kill_the_next_writer_writes_ahead_again(path):
    registry = Registry(SQLiteStore(path))
    registry.store.create()
    registry.close()
    subprocess.run([sys.executable, "-c", _KILLED, str(path)], capture_output=True, timeout=120, check=False)
    assert mode_of(path) == "delete"
    assert registry.stats()["addresses"] == 0  # reading leaves it
    registry.reserve("11120", 1)
    assert mode_of(path) == "wal"


def test_beside_others_a_load_goes_chunk_by_chunk(path):
    registry = Registry(SQLiteStore(path))
    registry.store.create()
    seen = []
    with closing(sqlite3.connect(path)) as other:

        def watched() -> Iterator[pa.RecordBatch]:
            for batch in batches(3):
                seen.append(other.execute("SELECT count(*) FROM address").fetchone()[0])
                yield batch

        other.execute("SELECT count(*) FROM address").fetchall()
        assert registry.load_batches(watched(), chunk=1000).loaded == 3000
    assert seen == [0, 0, 1000]  # one is asked for, and looked at, while the one before is written
    assert registry.verify() == []


def test_a_second_load_goes_chunk_by_chunk(path):
    registry = Registry(SQLiteStore(path))
    registry.load_batches(batches(1))

    def failing() -> Iterator[pa.RecordBatch]:
        yield from batches(2, 1)
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        registry.load_batches(failing(), chunk=1000)
    assert registry.stats()["addresses"] == 3000
    assert registry.verify() == []


def told(path: Path) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT kind, actor, reason, details FROM told").fetchall()


@pytest.mark.parametrize("filled", [True, False])
def test_what_many_histories_begin_with_is_kept_once(path, filled):
    registry = Registry(SQLiteStore(path))
    if not filled:
        registry.load_batches(batches(1, 5), actor="before", reason="y")
    registry.load_batches(batches(2), actor="office", reason="collection of 2019")
    assert told(path)[-1] == ("loaded", "office", "collection of 2019", '{"to":"live"}')
    assert len(told(path)) == (1 if filled else 2)
    (event,) = registry.history("1112000007")
    assert (event.kind, event.actor, event.reason) == ("loaded", "office", "collection of 2019")
    assert dict(event.details) == {"to": "live"}
    assert registry.changes("0").changes[-1].actor == ("office" if filled else "before")
    registry.erase("1112000007", actor="a", reason="asked for")
    assert [(e.kind, e.actor, e.reason) for e in registry.history("1112000007")] == [
        ("loaded", "", ""),
        ("erased", "a", "asked for"),
    ]
    assert registry.history("1112000008")[0].actor == "office"
    assert registry.verify() == []


def test_what_few_histories_begin_with_is_their_own(path):
    registry = Registry(SQLiteStore(path))
    (batch,) = batches(1)
    registry.load_batches([batch.slice(0, 5)], actor="office", reason="for the household by the bridge")
    assert told(path) == []
    registry.erase("1112000001", reason="asked for")
    assert registry.history("1112000001")[0].reason == ""
