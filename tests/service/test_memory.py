"""A worker gives back what a large answer took."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from service.batching import MOST_ROWS
from tests.service.test_server import Service

CODE = """
from pathlib import Path
from service.memory import GROWN_BYTES, Leftovers

def own():
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Private_Dirty"))

leftovers = Leftovers()
before = own()
pieces = [bytes(5000) for _ in range(20_000)]  # below the size that the C library maps for itself
kept = pieces[-1]
del pieces
held = own() - before
leftovers.give_back()
print(held > 50e6, own() - before < GROWN_BYTES)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="smaps and malloc_trim are Linux' and glibc's")
def test_what_is_freed_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["True", "True"], done.stderr


def own_mb(pid: int) -> float:
    """What a process holds that no other has, megabytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")) / 1000


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="smaps and malloc_trim are Linux' and glibc's")
def test_large_batches_take_turns(pack: Path, tmp_path: Path) -> None:
    """As many at once as a worker has threads: all are answered, and it does not go on holding what they took."""
    service = Service(tmp_path, "--open", "--pack", str(pack), "--store", "sqlite:///a.db")
    (worker,) = children(children(service.process.pid)[0])
    body = json.dumps([{"lat": 16 + number / 1e5, "lon": 108.2} for number in range(MOST_ROWS)])
    before = own_mb(worker)

    def ask(_: int) -> tuple[int, int]:
        connection = HTTPConnection(service.host, service.port, timeout=60)
        connection.request("POST", "/v1/batch/locate", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, len(json.loads(response.read()))

    with ThreadPoolExecutor(4) as clients:
        assert set(clients.map(ask, range(12))) == {(200, MOST_ROWS)}
    until = time.monotonic() + 60  # on a busy machine they do not wait for one another for ever
    while own_mb(worker) - before > 30 and time.monotonic() < until:
        time.sleep(0.2)
    assert own_mb(worker) - before < 30
    code, errors = service.stop()
    assert (code, "Traceback" in errors) == (0, False)
