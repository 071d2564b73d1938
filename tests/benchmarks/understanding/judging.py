"""What share of the rows is right: communes, named levels, halves for the noise."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from geoaddr.platform import Geoaddr
from geoaddr.text.fold import fold
from tests.benchmarks.understanding.rows import LEGACY_DAY, SEED, Answer, Judged, Wrong

MOST = 5
"""How many candidates may hold the truth."""


def converted(ga: Geoaddr) -> Callable[[str], Answer]:
    """The answers of the verb ``convert``."""

    def answer(text: str) -> Answer:
        found = ga.convert(text)
        codes = tuple(candidate.commune.code for candidate in found.candidates)
        return Answer(codes, found.status == "ok", found.status, found.confidence)

    return answer


def judge(rows: Iterable[tuple[str, str]], answer: Callable[[str], Answer]) -> list[Judged]:
    """The answer to each text beside its label."""
    return [Judged(text, truth, answer(text)) for text, truth in rows]


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the rows: right, with the truth among five, stood behind; and wrong among those stood behind."""

    right: float
    in_five: float
    ok: float
    wrong_ok: float
    brier: float | None
    """Mean square of confidence less rightness; one number for all gives at best right * (1 - right)."""


def shares(judged: Sequence[Judged]) -> Shares:
    """The shares of some judged rows."""
    n = max(1, len(judged))
    ok = [row for row in judged if row.answer.ok]
    sure = [(row.answer.confidence or 0.0) - row.right for row in judged]
    stated = any(row.answer.confidence is not None for row in judged)
    return Shares(
        right=sum(row.right for row in judged) / n,
        in_five=sum(row.truth in row.answer.communes[:MOST] for row in judged) / n,
        ok=len(ok) / n,
        wrong_ok=sum(not row.right for row in ok) / max(1, len(ok)),
        brier=sum(x * x for x in sure) / n if stated else None,
    )


def halves(judged: Sequence[Judged]) -> tuple[float, float, float]:
    """Share right in either half of the rows, split at random, and the standard error of such a share."""
    mixed = list(judged)
    random.Random(SEED).shuffle(mixed)
    middle = len(mixed) // 2
    first, second = shares(mixed[:middle]).right, shares(mixed[middle:]).right
    whole = shares(mixed).right
    return first, second, math.sqrt(whole * (1 - whole) / max(1, middle))


Named = tuple[str, str, str]
"""Province, district and commune; empty where there is none."""


def named(ga: Geoaddr) -> Callable[[str], Named]:
    """The names of the units that ``parse`` reads on the day of the noisy rows, as they are written there."""

    def names(text: str) -> Named:
        found = ga.parse(text, as_of=LEGACY_DAY).interpretations
        read = {match.unit.level: match.name for match in found[0].matches} if found else {}
        return read.get("province", ""), read.get("district", ""), read.get("commune", "")

    return names


def labels_of(row: dict[str, str]) -> Named:
    """The labelled levels of a noisy row."""
    return row["province"], row["district"], row["ward"]


def judge_named(rows: list[dict[str, str]], names: Callable[[str], Named]) -> list[tuple[dict[str, str], Named]]:
    """The rows of which a level that the label fills was read otherwise, with what was read."""
    answers = ((row, names(row["text"])) for row in rows)
    return [(row, read) for row, read in answers if not _agree(labels_of(row), read)]


def _agree(labels: Named, read: Named) -> bool:
    return all(not label or _same(label, name) for label, name in zip(labels, read, strict=True))


def _same(label: str, name: str) -> bool:
    a, b = fold(label), fold(name)
    return (a.lstrip("0") or a) == (b.lstrip("0") or b)


def wrong_named(of: str, wrong: list[tuple[dict[str, str], Named]]) -> list[Wrong]:
    """Wrong noisy rows to be written down, the file's own note as the cause."""
    return [
        Wrong(
            of,
            row["text"],
            "/".join(labels_of(row)),
            "/".join(read),
            row["note"].rstrip(" 0123456789") or "no note",
        )
        for row, read in wrong
    ]
