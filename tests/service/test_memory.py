"""A worker gives back what a large answer took."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
from service.memory import GROWN_BYTES, Leftovers
from tests.service.test_memory import own

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


LARGE = """
from service.memory import LARGE_BYTES, give_back_large_pieces
from tests.service.test_memory import own

give_back_large_pieces()
before, kept = own(), []
for _ in range(3):
    pieces = [b"x" * (2 * LARGE_BYTES) for _ in range(200)]
    kept += [b"x" * 5000 for _ in range(10)]  # what is small lies between, and stays
    held = own() - before
    pieces.clear()
    pieces = []
print(held > 40e6, own() - before < 5e6)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mallopt is glibc's")
def test_large_pieces_are_given_back_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["True", "True"], done.stderr


def own() -> int:
    """Bytes of this process alone that were written."""
    rollup = Path("/proc/self/smaps_rollup").read_text("utf-8")
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Private_Dirty"))
