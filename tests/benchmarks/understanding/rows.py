"""The rows that are judged, and what a verb answered to each."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

SHARED = Path(__file__).resolve().parents[4] / "shared/data"
ADDRESSES = SHARED / "addresses"
EVE = dt.date(2025, 6, 30)
LEGACY_DAY = dt.date(2024, 6, 30)
SEED = 7
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """The communes that a text was converted to, likeliest first, and whether the first is stood behind.

    ``confidence``: how probable the answerer holds the first to be, where it says so.
    """

    communes: tuple[str, ...]
    ok: bool
    status: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A text, the commune that it is labelled with, and the answer."""

    text: str
    truth: str
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the heaviest candidate is the labelled commune."""
        return self.answer.communes[:1] == (self.truth,)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrong row as it is written down: the set, the text, what was wanted, what was answered, why."""

    of: str
    text: str
    wanted: str
    answered: str
    cause: str


def read_rows(name: str, limit: int | None = None) -> list[dict[str, str]]:
    """Rows of a development file; a seeded sample of ``limit``."""
    with (ADDRESSES / name).open(encoding="utf-8", newline="") as file:
        return sample(list(csv.DictReader(file)), limit)


def sample(rows: list[T], limit: int | None) -> list[T]:
    """``limit`` rows, always the same ones; all where there are no more."""
    return rows if limit is None or limit >= len(rows) else random.Random(SEED).sample(rows, limit)


def labelled(column: str, limit: int | None) -> list[tuple[str, str]]:
    """Text and labelled commune of the real addresses."""
    return [(row[column], row["commune_code"]) for row in read_rows("real_addresses_dev.csv", limit)]
