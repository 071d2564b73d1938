"""What a benchmark prints: each figure beside its target, and whether it passes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

HEAD = f"| {'what':58} | {'figure':>12} | {'target':>14} | {'':4} | note |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; ``target`` is the least value that passes, or the greatest where ``at_most``."""

    what: str
    value: float
    unit: str = "times"
    target: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """``pass``, ``miss``, or nothing where there is no target."""
        if self.target is None:
            return ""
        return "pass" if (self.value <= self.target if self.at_most else self.value >= self.target) else "miss"

    def tell(self) -> None:
        """Print it as a row of the table that :data:`HEAD` begins."""
        value = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        wanted = "" if self.target is None else f"{'at most' if self.at_most else 'at least'} {self.target:g}"
        print(
            f"| {self.what:58} | {value + ' ' + self.unit:>12} | {wanted:>14} | {self.verdict:4} | {self.note} |",
            flush=True,
        )


def not_run(what: str, reason: str) -> None:
    """The row of what could not be measured here."""
    print(f"| {what:58} | {'not run':>12} | {'':14} | {'':4} | {reason} |", flush=True)


def seconds(work: Callable[[], object], rounds: int = 3, clock: Callable[[], float] = time.process_time) -> float:
    """The best of a few rounds, in processor time: what the machine does beside is not ours to measure."""
    times = []
    for _ in range(rounds):
        begin = clock()
        work()
        times.append(clock() - begin)
    return min(times)
