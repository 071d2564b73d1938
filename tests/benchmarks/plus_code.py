"""Plus Codes: columns and scalars against the reference package, in one run.

    python -m tests.benchmarks.plus_code [POINTS]

Prints million codes a second, the ratio to the reference and the floor (reading two floats, writing a number).
Points are uniform over Viet Nam; the best of five rounds counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from openlocationcode import openlocationcode

from geoaddr.codes import plus_code, plus_code_columns

SOME = 20_000


def best(work: Callable[[], object], items: int) -> float:
    """Million items a second in the best of five rounds."""
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - start)
    return items / min(rounds) / 1e6


def main(count: int) -> None:
    chance = np.random.default_rng(1)
    lat, lon = chance.uniform(8, 24, count), chance.uniform(102, 118, count)
    points = list(zip(lat[:SOME].tolist(), lon[:SOME].tolist(), strict=True))
    codes = plus_code_columns.encode_many(lat, lon)
    texts = codes[:SOME].astype(str).tolist()
    assert texts == [openlocationcode.encode(*point) for point in points]
    encode = best(lambda: [openlocationcode.encode(*point) for point in points], SOME)
    decode = best(lambda: [openlocationcode.decode(text) for text in texts], SOME)
    lines = [
        ("encode, reference", encode, encode),
        ("encode, scalar", best(lambda: [plus_code.encode(*point) for point in points], SOME), encode),
        ("encode, columns", best(lambda: plus_code_columns.encode_many(lat, lon), count), encode),
        ("encode 11 digits, columns", best(lambda: plus_code_columns.encode_many(lat, lon, 11), count), encode),
        ("decode, reference", decode, decode),
        ("decode, scalar", best(lambda: [plus_code.decode(text) for text in texts], SOME), decode),
        ("decode, columns", best(lambda: plus_code_columns.decode_many(codes), count), decode),
        ("floor: two floats in, one number out", best(lambda: (lat + lon).astype(np.int64), count), encode),
    ]
    for name, speed, reference in lines:
        print(f"{name:40} {speed:8.2f} M/s   {speed / reference:8.1f} x reference")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
