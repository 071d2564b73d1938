"""How often a slip in a code goes unseen, by how far the areas are filled; exact, not sampled.

    python -m tests.benchmarks.undetected_errors POSTCODES.csv

``POSTCODES.csv`` has a column ``postal_code``, one row a commune. Counted over every code of every area when
each area has issued its first k layers whole: the share of single wrong digits, and of swaps of unequal
neighbours, whose result is an issued code too. A slip into five digits that are no area is seen.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.codes import damm

TABLE = np.array(damm.TABLE, dtype=np.int8)
EXTENSIONS = np.stack([np.arange(100_000) // 10 ** (4 - place) % 10 for place in range(5)])


class Undetected(NamedTuple):
    """Shares of slips, 0 to 1, that give an issued code."""

    wrong_digit: float
    swap: float


def undetected(layers: int, areas: Iterable[str]) -> Undetected:
    """The shares when each of ``areas`` (five digits each) has issued its first ``layers`` layers."""
    known = set(areas)
    starts = Counter(damm.state(area) for area in known)
    last = {start: _ends(start, EXTENSIONS) for start in range(10)}
    full = {start: last[start] < layers for start in range(10)}
    wrong = swapped = swaps = 0
    for start, count in starts.items():
        unseen, _ = _in_extension_wrong(start, full[start], layers)
        wrong += unseen * count
        unseen, possible = _in_extension_swapped(start, full[start], layers)
        swapped, swaps = swapped + unseen * count, swaps + possible * count
    both = {(a, b): int((full[a] & full[b]).sum()) for a in range(10) for b in range(10)}
    for area in known:
        here = damm.state(area)
        wrong += sum(both[here, damm.state(other)] for other in _digit_slips(area) if other in known)
        for place in range(4):
            if area[place] != area[place + 1]:
                other = area[:place] + area[place + 1] + area[place] + area[place + 2 :]
                swaps += int(full[here].sum())
                swapped += both[here, damm.state(other)] if other in known else 0
        unseen, possible = _over_the_middle(area, known, full[here], layers)
        swapped, swaps = swapped + unseen, swaps + possible
    codes = len(known) * layers * 10_000
    return Undetected(wrong / (codes * 90), swapped / swaps)


def _ends(start: int, digits: NDArray[np.int_]) -> NDArray[np.int8]:
    state = np.full(digits.shape[1], start, dtype=np.int8)
    for row in digits:
        state = TABLE[state, row]
    return state


def _in_extension_wrong(start: int, full: NDArray[np.bool_], layers: int) -> tuple[int, int]:
    unseen = 0
    for place in range(5):
        for step in range(1, 10):
            digits = EXTENSIONS.copy()
            digits[place] = (digits[place] + step) % 10
            unseen += int((full & (_ends(start, digits) < layers)).sum())
    return unseen, int(full.sum()) * 45


def _in_extension_swapped(start: int, full: NDArray[np.bool_], layers: int) -> tuple[int, int]:
    unseen = possible = 0
    for place in range(4):
        digits = EXTENSIONS.copy()
        digits[[place, place + 1]] = digits[[place + 1, place]]
        there = full & (EXTENSIONS[place] != EXTENSIONS[place + 1])
        possible += int(there.sum())
        unseen += int((there & (_ends(start, digits) < layers)).sum())
    return unseen, possible


def _over_the_middle(area: str, known: set[str], full: NDArray[np.bool_], layers: int) -> tuple[int, int]:
    """Swaps of the area's last digit and the extension's first."""
    unseen = possible = 0
    for first in range(10):
        if area[4] == str(first):
            continue
        these = slice(first * 10_000, (first + 1) * 10_000)
        possible += int(full[these].sum())
        other = f"{area[:4]}{first}"
        if other in known:
            digits = EXTENSIONS[:, these].copy()
            digits[0] = int(area[4])
            unseen += int((full[these] & (_ends(damm.state(other), digits) < layers)).sum())
    return unseen, possible


def _digit_slips(area: str) -> list[str]:
    return [
        area[:place] + digit + area[place + 1 :]
        for place in range(5)
        for digit in "0123456789"
        if digit != area[place]
    ]


def main(path: str) -> None:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        areas = {row["postal_code"] for row in csv.DictReader(file)}
    print(f"{len(areas)} areas, each with the first k layers issued; share of slips that give an issued code")
    print("  k   codes an area   wrong digit   swap of neighbours")
    for layers in range(1, 11):
        rate = undetected(layers, areas)
        print(f" {layers:2}   {layers * 10_000:13,}   {rate.wrong_digit:10.1%}   {rate.swap:10.1%}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
