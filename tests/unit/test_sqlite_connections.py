"""Connections to the file of a registry: one for each thread and process, gone with it."""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.registries import fill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "registry.db"


def test_threads_share_a_store(path):
    registry = fill(path, *(f"11120{n:05}" for n in range(50)))
    ready = threading.Barrier(8)

    def work(n: int) -> list[str]:
        ready.wait()
        for i in range(n, 50, 8):
            registry.retire(f"11120{i:05}")
        return [
            record.status for record in registry.find_many([f"11120{i:05}" for i in range(n, 50, 8)]) if record
        ]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for found in pool.map(work, range(8)) for status in found]
    assert statuses == ["retired"] * 50
    assert registry.verify() == []


def test_connections_end_with_their_threads(path):
    registry = fill(path, "1112000001")
    for _ in range(20):
        thread = threading.Thread(target=registry.find, args=("1112000001",))
        thread.start()
        thread.join()
    assert len(registry.store._connections._all) == 1


def test_a_forked_child_uses_connections_of_its_own(path):
    registry = fill(path, "1112000001", "1112000002")
    child = os.fork()
    if child == 0:
        ok = registry.find("1112000001") is not None and registry.retire("1112000001").status == "retired"
        os._exit(0 if ok else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert registry.find("1112000001").status == "retired"
    assert registry.retire("1112000002").status == "retired"
    assert registry.verify() == []


def test_a_forked_child_closes_no_connection_of_its_parent(path):
    """Not even those that ended threads left, when a snapshot is the first that the child asks for."""
    registry = fill(path, "1112000001")
    connections = registry.store._connections
    left = connections.open()
    connections._left.append(left)
    child = os.fork()
    if child == 0:
        with connections.snapshot(of_any_schema=True) as own:
            ok = own.execute("SELECT count(*) FROM address").fetchone() == (1,)
        os._exit(0 if ok and left.execute("SELECT 1").fetchone() == (1,) else 1)
    assert os.waitpid(child, 0)[1] == 0
    registry.close()
    with pytest.raises(sqlite3.ProgrammingError):
        left.execute("SELECT 1")


def test_a_store_is_usable_after_close(path):
    registry = fill(path, "1112000001")
    registry.close()
    assert registry.find("1112000001") is not None
    registry.close()
    registry.close()
    assert not Path(f"{path}-wal").exists()
