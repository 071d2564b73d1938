"""Connections of threads that have ended, of Python and of other languages' runtimes alike."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from geoaddr.stores import open_store

FOREIGN = """
import ctypes, sys
from geoaddr.stores import open_store

store, verb = open_store(sys.argv[1]), sys.argv[2]

@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
def work(_):  # in a thread that Python knows for as long as this takes
    store.create() if verb == "create" else store.issued(["1112000000"])

library = ctypes.CDLL(None)
for _ in range(3):
    thread = ctypes.c_ulong()
    assert library.pthread_create(ctypes.byref(thread), None, work, None) == 0
    library.pthread_join(thread, None)
print("alive")
"""


@pytest.mark.skipif(os.name != "posix", reason="threads are begun by POSIX's own library")
@pytest.mark.parametrize("verb", ["create", "issued"], ids=["which made the registry", "which found none"])
def test_a_thread_of_another_runtime_ends(tmp_path: Path, verb: str) -> None:
    words = [sys.executable, "-c", FOREIGN, f"sqlite:///{tmp_path / 'registry.db'}", verb]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_files_of_ended_threads_do_not_pile_up(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    store = open_store(f"sqlite:///{path}")
    store.create()

    def opened() -> int:
        here = Path("/proc/self/fd")
        return sum(os.path.realpath(place) == str(path) for place in here.iterdir())

    for _ in range(20):
        thread = threading.Thread(target=store.issued, args=(["1112000000"],))
        thread.start()
        thread.join()
    assert opened() <= 2  # this thread's, and that of the last one
    store.close()
    assert opened() == 0
