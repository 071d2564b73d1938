"""What an index takes of memory: streamed points of any number, and processes that share it.

    python -m tests.benchmarks.locate_memory PACK [--points N]

PACK is a pack with boundaries of communes. Each figure comes from fresh processes, as the kernel counts in /proc.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np

from geoaddr.boundaries import BoundaryIndex
from geoaddr.pack import Pack
from tests.benchmarks.locate_points import columns, households
from tests.benchmarks.ratios import HEAD, Figure, not_run

PREFIX = "boundaries.communes"
CHUNK, FIRST_TOLD, WARM = 100_000, 1_000_000, 1_000_000
PRIVATE_MB = 1.0
"""Of a mapped pack, what a process may have to itself: nothing is written to it, so nothing is copied."""


def opened(pack: Path) -> BoundaryIndex:
    """The index of the communes in a pack."""
    return BoundaryIndex.from_pack(Pack.open(pack), PREFIX)


def status_mb(field: str) -> float:
    """A field of this process's status, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(field + ":")]
    return int(line.split()[1]) * 1024 / 1e6


def stream(pack: Path, points: int, compiled: bool) -> None:
    """Print, at each power of ten millions, the points so far, their own memory at its most, and the peak with the
    pages of the pack."""
    index = opened(pack)
    bounds = np.array([index.bounds(row) for row in range(len(index))])
    own, found, told = 0.0, 0, FIRST_TOLD
    for begin in range(0, points, CHUNK):
        lat, lon = columns(households(bounds, CHUNK, seed=begin))
        found += int((index.at_many(lat, lon, compiled=compiled).primary >= 0).sum())
        own = max(own, status_mb("RssAnon"))
        if begin + CHUNK == told:
            print(begin + CHUNK, found, round(own, 1), round(status_mb("VmHWM"), 1), flush=True)
            told *= 10


def work(pack: Path) -> None:
    """A worker that has read the index, and waits until its memory was looked at."""
    index = opened(pack)
    bounds = np.array([index.bounds(row) for row in range(len(index))])
    lat, lon = columns(households(bounds, WARM))
    index.at_many(lat, lon)
    for a, o in zip(lat[:1000].tolist(), lon[:1000].tolist(), strict=True):
        index.at(a, o)
    print("ready", flush=True)
    sys.stdin.read()


def mapping_mb(pid: int, pack: Path) -> dict[str, float]:
    """What the kernel counts for a process's mapping of a pack, in MB, by the names in /proc/PID/smaps."""
    counted: dict[str, float] = {}
    ours = False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):
            ours = line.endswith(str(pack.resolve()))
        elif ours and rest[-1] == "kB":
            counted[name[:-1]] = counted.get(name[:-1], 0.0) + int(rest[0]) * 1024 / 1e6
    return counted


def ask(*arguments: str) -> subprocess.Popen[str]:
    """A process of this module."""
    command = [sys.executable, "-m", "tests.benchmarks.locate_memory", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def tell_stream(pack: Path, points: int, compiled: bool) -> None:
    """Rows about points that come in chunks of a hundred thousand."""
    how = "numba" if compiled else "numpy"
    with ask(str(pack), "--stream", str(points), *(["--compiled"] if compiled else [])) as process:
        assert process.stdout is not None
        lines = [[float(word) for word in line.split()] for line in process.stdout]
    note = "; ".join(f"{n / 1e6:.0f} M: {own:.0f} own, {peak:.0f} peak" for n, _, own, peak in lines)
    label = f"own memory, {lines[-1][0] / 1e6:.0f} M points as 1 M ({how})"
    Figure(label, lines[-1][2] / lines[0][2], "times", 1.1, True, f"MB, with the chunk's columns: {note}").tell()


def tell_workers(pack: Path) -> None:
    """Rows about two processes at once."""
    workers = [ask(str(pack), "--work") for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for number, worker in enumerate(workers, 1):
        mb = mapping_mb(worker.pid, pack)
        private = mb["Private_Clean"] + mb["Private_Dirty"]
        note = f"of {mb['Size']:.0f} MB mapped {mb['Rss']:.0f} in memory, {mb['Shared_Clean']:.0f} of them shared"
        Figure(f"of the pack private to worker {number} of 2", private, "MB", PRIVATE_MB, True, note).tell()
    for worker in workers:
        worker.communicate()


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--points", type=int, default=100_000_000)
    parser.add_argument("--stream", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--compiled", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stream:
        stream(options.pack, options.stream, options.compiled)
    elif options.work:
        work(options.pack)
    else:
        print(HEAD)
        tell(options.pack, options.points)


def tell(pack: Path, points: int) -> None:
    """All rows."""
    from geoaddr.boundaries.compiled import compiled_loops

    tell_workers(pack)
    tell_stream(pack, points, compiled=False)
    if compiled_loops():
        tell_stream(pack, points, compiled=True)
    else:
        not_run("own memory with numba", "numba is not installed")


if __name__ == "__main__":
    main()
