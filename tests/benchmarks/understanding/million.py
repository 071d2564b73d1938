"""A file of many rows through ``geoaddr batch convert``, as users run it: a process of its own, start and all."""

from __future__ import annotations

import csv
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.understanding.rows import SEED, read_rows

_NUMBER = re.compile(r"^\D{0,8}(\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: rows in the file, how many differ, seconds from start to exit, and those of processors."""

    rows: int
    distinct: int
    seconds: float
    processor_s: float


def other_number(text: str, number: int) -> str:
    """The same address at another house number; one is put before it where it has none."""
    match = _NUMBER.match(text)
    return f"{number} {text}" if match is None else text[: match.start(1)] + str(number) + text[match.end(1) :]


def write_file(path: Path, rows: int) -> int:
    """Writes ``rows`` addresses drawn from the real ones at other house numbers; answers how many differ."""
    random_ = random.Random(SEED)
    texts = [row["old_address"] for row in read_rows("real_addresses_dev.csv")]
    distinct = set()
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "address"])
        for i in range(rows):
            text = other_number(random_.choice(texts), random_.randrange(1, 2000))
            distinct.add(text)
            out.writerow([i, text])
    return len(distinct)


def batch_convert(rows: int, workers: int = 1) -> Run:
    """Converts such a file in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.csv", Path(folder) / "out.csv"
        distinct = write_file(source, rows)
        command = [sys.executable, "-m", "geoaddr.cli", "batch", "convert", str(source), "-o", str(out)]
        command += ["--text", "address", "--workers", str(workers)]
        used = _processor_s()
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - begin
        return Run(rows, distinct, seconds, _processor_s() - used)


def _processor_s() -> float:
    """What the processes that were waited for have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
