"""What is timed, each in a fresh process so that nothing is remembered from other figures.

    python -m tests.benchmarks.understanding.timing WHAT [ROWS]

prints one JSON object. Both sides begin warm: their data are read, and one text that is no row was answered.
Times are processor time of that process, all its threads together, so that other work on the machine counts less.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.understanding.hostile import LONG
from tests.benchmarks.understanding.peers import Peer, installed
from tests.benchmarks.understanding.rows import read_rows

WARMING = "1 Phố Mới, Phường Phúc Tân, Quận Hoàn Kiếm, Thành phố Hà Nội"
HANGING_S = 120.0
"""A process that has not answered by then counts as one that hangs."""

Figures = dict[str, float]


def measured(what: str, rows: int | None = None, repeat: int = 1) -> Figures:
    """The figures of a fresh process; with ``repeat``, the median of each over so many processes."""
    command = [sys.executable, "-m", "tests.benchmarks.understanding.timing", what, *([str(rows)] if rows else [])]
    runs: list[Figures] = []
    for _ in range(repeat):
        try:
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=HANGING_S * len(LONG))
        except subprocess.TimeoutExpired:
            return {}
        runs.append(json.loads(done.stdout))
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def columns(rows: int | None) -> Figures:
    """``convert_table`` over the distinct old texts of the real addresses."""
    import pyarrow as pa

    import geoaddr

    texts = _texts(rows, "old_address")
    ga = geoaddr.open(store="memory:")
    ga.convert_table(pa.array([WARMING]))
    begin = time.process_time()
    ga.convert_table(pa.array(texts))
    return _rate(texts, time.process_time() - begin)


def scalar_convert(rows: int | None) -> Figures:
    """``convert``, one text after another."""
    import geoaddr

    ga = geoaddr.open(store="memory:")
    return _each(_texts(rows, "old_address"), ga.convert)


def scalar_parse(rows: int | None) -> Figures:
    """``parse``, one text after another, old texts and new ones."""
    import geoaddr

    ga = geoaddr.open(store="memory:")
    return _each(_texts(rows, "old_address", "new_address"), ga.parse)


def peer_columns(rows: int | None) -> Figures:
    """The peer's columnar verb over the same texts."""
    texts, peer = _texts(rows, "old_address"), _peer()
    peer.convert_column([WARMING])
    begin = time.process_time()
    peer.convert_column(texts)
    return _rate(texts, time.process_time() - begin)


def peer_parse(rows: int | None) -> Figures:
    """The peer's ``parse_address`` over the old texts."""
    return _each(_texts(rows, "old_address"), _peer().parse_old)


def hostile(rows: int | None) -> Figures:
    """Milliseconds of ``convert``, which parses first, on each text made to hurt: the best of three."""
    import geoaddr

    ga = geoaddr.open(store="memory:")
    return _longest(ga.convert)


def peer_hostile(rows: int | None) -> Figures:
    """The same of the peer's ``convert_address``."""
    return _longest(_peer().convert)


KINDS: dict[str, Callable[[int | None], Figures]] = {
    f.__name__: f for f in (columns, scalar_convert, scalar_parse, peer_columns, peer_parse, hostile, peer_hostile)
}


def _texts(rows: int | None, *columns: str) -> list[str]:
    read = read_rows("real_addresses_dev.csv", rows)
    return list(dict.fromkeys(row[column] for column in columns for row in read))


def _peer() -> Peer:
    peer = installed()
    if peer is None:
        raise SystemExit("the peer is not installed")
    return peer


def _rate(texts: list[str], seconds: float) -> Figures:
    return {"rows": len(texts), "rows_s": len(texts) / seconds}


def _each(texts: list[str], work: Callable[[str], Any]) -> Figures:
    work(WARMING)
    times = []
    for text in texts:
        begin = time.process_time()
        work(text)
        times.append(time.process_time() - begin)
    times.sort()
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    return {**_rate(texts, sum(times)), "p50_us": p50 * 1e6, "p99_us": p99 * 1e6, "most_ms": times[-1] * 1e3}


def _longest(work: Callable[[str], Any]) -> Figures:
    work(WARMING)
    found = {}
    for name, text in LONG.items():
        rounds = []
        for _ in range(3):
            begin = time.process_time()
            work(text)
            rounds.append(time.process_time() - begin)
        found[name] = min(rounds) * 1e3
    return found


if __name__ == "__main__":
    print(json.dumps(KINDS[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else None)))
