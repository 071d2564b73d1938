"""Figures that all processes of a service share: an anonymous piece of memory, inherited by fork.

Each worker counts in rows of its own, so that counting takes no lock between processes, and any process can read
all rows. The memory is the supervisor's: what a worker counted outlives it. A figure is a 64-bit word; times are
whole nanoseconds.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from enum import IntEnum

OPERATIONS, STATUSES, REASONS = 96, 40, 64
"""How many of each can be told apart; what comes later is counted as the last one, ``other``."""

BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The upper bounds of the buckets of durations, seconds; a last bucket takes what is slower."""

_BUCKETS = len(BOUNDS_S) + 1
_TIMES = _BUCKETS + 1
"""Words of one operation's durations: its buckets, then their sum."""

GENERATIONS = 2
"""While a new generation of workers takes over, the one before it still counts: each has rows of its own."""

_WORD = 8


class Word(IntEnum):
    """Words of the whole service."""

    GENERATION = 0
    STOPPING = 1
    RELOADS = 2
    RELOADS_REFUSED = 3
    WORKER_STARTS = 4
    LAST = 16


class Gauge(IntEnum):
    """Words of a worker that hold how things are now."""

    READY = 0
    PID = 1
    LOG_LINES_DROPPED = 2
    STORE_MOST = 3
    STORE_IN_USE = 4
    STORE_IDLE = 5
    LAST = 16


_COUNTS = OPERATIONS * STATUSES
_DURATIONS = OPERATIONS * _TIMES
ROW = _COUNTS + _DURATIONS + REASONS + Gauge.LAST
"""Words of a worker."""


class Board:
    """The memory of a service of ``workers`` processes."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self._memory = mmap.mmap(-1, (Word.LAST + GENERATIONS * workers * ROW) * _WORD)
        self.words = memoryview(self._memory).cast("q")

    def row(self, generation: int, worker: int) -> Row:
        """The row of a worker, 0 to ``workers`` - 1, of a generation."""
        number = generation % GENERATIONS * self.workers + worker
        begin = Word.LAST + number * ROW
        return Row(self.words[begin : begin + ROW])

    def rows(self) -> Sequence[Row]:
        """All rows, those of workers that are gone included."""
        return [
            self.row(generation, worker) for generation in range(GENERATIONS) for worker in range(self.workers)
        ]

    @property
    def generation(self) -> int:
        """The generation of workers that new connections are for."""
        return self.words[Word.GENERATION]

    @property
    def stopping(self) -> bool:
        """Whether the service is about to end."""
        return self.words[Word.STOPPING] != 0

    def stop(self) -> None:
        """Let every process know that the service is about to end."""
        self.words[Word.STOPPING] = 1

    def add(self, word: Word, amount: int = 1) -> None:
        """Count what the supervisor, or one process at a time, counts."""
        self.words[word] += amount


class Row:
    """What one worker counts. Not safe between threads: who counts holds a lock."""

    __slots__ = ("words",)

    def __init__(self, words: memoryview) -> None:
        self.words = words

    def count(self, operation: int, status: int, bucket: int, duration_ns: int) -> None:
        """One more answer."""
        words = self.words
        words[operation * STATUSES + status] += 1
        times = _COUNTS + operation * _TIMES
        words[times + bucket] += 1
        words[times + _BUCKETS] += duration_ns

    def refuse(self, reason: int) -> None:
        """One more refusal."""
        self.words[_COUNTS + _DURATIONS + reason] += 1

    def answers(self, operation: int, status: int) -> int:
        """How many answers an operation gave with a status."""
        return int(self.words[operation * STATUSES + status])

    def durations(self, operation: int) -> list[int]:
        """The buckets of an operation, each for itself, and the sum in nanoseconds after them."""
        begin = _COUNTS + operation * _TIMES
        return self.words[begin : begin + _TIMES].tolist()

    def refusals(self, reason: int) -> int:
        """How many refusals there were for a reason."""
        return int(self.words[_COUNTS + _DURATIONS + reason])

    def set(self, gauge: Gauge, value: int) -> None:
        """State how something is now."""
        self.words[_COUNTS + _DURATIONS + REASONS + gauge] = value

    def get(self, gauge: Gauge) -> int:
        """How something is now."""
        return int(self.words[_COUNTS + _DURATIONS + REASONS + gauge])
