"""A worker gives back what a large answer took."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
