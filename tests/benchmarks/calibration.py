"""Whether a confidence is a probability: the reliability of ``convert`` and ``parse`` on real addresses.

    python -m tests.benchmarks.calibration [--check] [--fit] [--write FOLDER]

Reads the development addresses of the shared data folder. Every row is judged by figures that were fitted without
it: communes are dealt into ten parts, and each part is judged by a fit on the other nine. ``--fit`` prints the
figures that the code should hold; ``--write docs/explanation`` renews the table and the drawing there; ``--check``
fails when what is held out, or what the code itself says, departs by more than the bounds.

The texts contradict their own points in 4 to 5 of 100 rows. That is part of the truth that is learnt.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import geoaddr
from geoaddr.conversion import confidence as converting
from geoaddr.interpretation import Interpretation
from geoaddr.interpretation import confidence as reading
from geoaddr.interpretation.detail import Detail
from geoaddr.text.fold import fold
from tests.benchmarks.calibration_drawing import drawing

ADDRESSES = Path(__file__).resolve().parents[3] / "shared/data/addresses"
LEGACY_DAY = dt.date(2024, 6, 30)
FOLDS, BINS = 10, 10
RIDGE = 1.0
MOST_ERROR, MOST_BIN = 0.03, 0.07
"""The largest calibration error, which is the mean distance of confidence and truth over bins of as many rows
each, and the largest distance in one bin."""
NOISY_ERROR, NOISY_BIN = 0.05, 0.25
"""The same for noisy texts read as of a day: fewer units compete, and more of them are right than is said."""
MOST_WRONG = 0.06
"""The largest share of wrong answers among those of old texts that are stood behind."""


@dataclass(frozen=True, slots=True)
class Row:
    """An answer: its terms, whether it is right, what the code says, and the part that it is dealt into."""

    terms: dict[str, float]
    right: bool
    said: float
    fold: int
    ok: bool = False


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins of rows in the order of their confidence: how many, mean confidence, share that is right."""

    bins: tuple[tuple[int, float, float], ...]
    error: float
    worst: float
    brier: float


def read_rows(name: str) -> list[dict[str, str]]:
    with (ADDRESSES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dealt(key: str) -> int:
    """The part that a commune belongs to: always the same."""
    return zlib.crc32(key.encode()) % FOLDS


def conversions(ga: geoaddr.Geoaddr, column: str) -> Iterator[Row]:
    """Every real address carried into the units of today."""
    for row in read_rows("real_addresses_dev.csv"):
        readings = ga.interpreter.interpret(row[column])
        answer = ga.converter.converted(row[column], readings, Detail())
        if answer.commune is None or answer.confidence is None:
            continue
        unit = readings[0].commune or readings[0].district
        carried = ga.converter.carrier.carried(unit, ga.date) if unit else ()
        terms = converting.terms_of(readings, carried, answer.candidates)
        right = answer.commune.code == row["commune_code"]
        yield Row(terms, right, answer.confidence, dealt(row["commune_code"]), answer.status == "ok")


def real_readings(ga: geoaddr.Geoaddr) -> Iterator[Row]:
    """Both texts of every real address: is its commune in what the smallest unit of the best reading became?"""
    province_of = {unit.code: unit.parent for unit in ga.units("commune")}
    for row in read_rows("real_addresses_dev.csv"):
        truth = row["commune_code"]
        for column in ("old_address", "new_address"):
            readings = ga.interpreter.interpret(row[column])
            if not readings:
                continue
            best = readings[0]
            unit = best.commune or best.district
            if unit is not None:
                right = truth in {c.commune.code for c in ga.converter.carrier.carried(unit, ga.date)}
            else:
                province = best.province
                became = (
                    ga.gazetteer.translate(province.code, "province", known_on=province.valid_from, as_of=ga.date)
                    if province
                    else []
                )
                right = province_of.get(truth) in {u.code for u, _ in became}
            yield Row(reading.terms_of(readings), right, reading.of_reading(readings), dealt(truth))


def noisy_readings(ga: geoaddr.Geoaddr) -> Iterator[Row]:
    """Noisy texts of before the reform, where the smallest unit's level has a label."""
    for row in read_rows("legacy_noisy_dev.csv"):
        readings = ga.interpreter.interpret(row["text"], as_of=LEGACY_DAY)
        level = _smallest(readings[0]) if readings else None
        label = row[{"commune": "ward"}.get(level, level)] if level else ""
        if level and label:
            named = next(m.name for m in readings[0].matches if m.unit.level == level)
            right = _plain(named) == _plain(label)
            key = row["district"] or row["province"] or label
            yield Row(reading.terms_of(readings), right, reading.of_reading(readings), dealt(key))


def _smallest(best: Interpretation) -> str:
    return "commune" if best.commune else "district" if best.district else "province"


def _plain(name: str) -> str:
    return fold(name).lstrip("0").replace(" ", "")


def fitted(rows: Sequence[Row], names: Sequence[str]) -> NDArray[np.float64]:
    """A logistic regression without a common constant, with a ridge of ``RIDGE``, by Newton's steps."""
    x, y = _matrix(rows, names), np.array([row.right for row in rows], float)
    w = np.zeros(len(names))
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + RIDGE * np.eye(len(names)), x.T @ (y - p) - RIDGE * w)
        w += step
        if np.abs(step).max() < 1e-9:
            break
    return w


def held_out(rows: Sequence[Row], names: Sequence[str]) -> NDArray[np.float64]:
    """The confidence of each row by a fit without its part."""
    said = np.empty(len(rows))
    for part in range(FOLDS):
        mine = [i for i, row in enumerate(rows) if row.fold == part]
        w = fitted([row for row in rows if row.fold != part], names)
        said[mine] = 1 / (1 + np.exp(-_matrix([rows[i] for i in mine], names) @ w))
    return said


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row.terms.get(name, 0.0) for name in names] for row in rows], float)


def reliability(said: NDArray[np.float64], right: NDArray[np.float64]) -> Reliability:
    """Bins of as many rows each, by confidence."""
    order = np.argsort(said, kind="stable")
    bins = tuple(
        (len(part), float(said[part].mean()), float(right[part].mean())) for part in np.array_split(order, BINS)
    )
    apart = [abs(mean - share) for _, mean, share in bins]
    error = sum(n * d for (n, _, _), d in zip(bins, apart, strict=True)) / len(said)
    return Reliability(bins, error, max(apart), float(((said - right) ** 2).mean()))


@dataclass(frozen=True, slots=True)
class Judged:
    """What one kind of answer is worth: held out, and as the code says it."""

    title: str
    rows: int
    held_out: Reliability
    as_said: Reliability
    most_error: float
    most_bin: float


def judged(title: str, rows: Sequence[Row], said: NDArray[np.float64]) -> Judged:
    right = np.array([row.right for row in rows], float)
    as_said = reliability(np.array([row.said for row in rows]), right)
    bounds = (NOISY_ERROR, NOISY_BIN) if "noisy" in title else (MOST_ERROR, MOST_BIN)
    return Judged(title, len(rows), reliability(said, right), as_said, *bounds)


def measured(ga: geoaddr.Geoaddr, *, fit: bool) -> tuple[list[Judged], float, float]:
    """Every kind, the share of old texts that are stood behind and how many of these are wrong."""
    old, new = list(conversions(ga, "old_address")), list(conversions(ga, "new_address"))
    real, noisy = list(real_readings(ga)), list(noisy_readings(ga))
    kinds = []
    for name, parts, terms in (
        ("COMMUNE", [("convert, old text", old), ("convert, new text", new)], list(converting.COMMUNE)),
        ("READING", [("parse, real texts", real), ("parse, noisy old texts", noisy)], list(reading.READING)),
    ):
        together = [row for _, rows in parts for row in rows]
        if fit:
            figures = dict(zip(terms, fitted(together, terms).round(2).tolist(), strict=True))
            print(f"{name} = {figures}")
        said = held_out(together, terms)
        at = 0
        for title, rows in parts:
            kinds.append(judged(title, rows, said[at : at + len(rows)]))
            at += len(rows)
    ok = [row.right for row in old if row.ok]
    return kinds, len(ok) / len(read_rows("real_addresses_dev.csv")), 1 - sum(ok) / len(ok)


def table(kinds: Sequence[Judged]) -> str:
    lines = [
        "| what | rows | error held out | worst bin | Brier | error as said | worst bin | Brier |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in kinds:
        figures = [f"{value:.3f}" for r in (kind.held_out, kind.as_said) for value in (r.error, r.worst, r.brier)]
        lines.append(f"| {kind.title} | {kind.rows:,} | {' | '.join(figures)} |")
    lines += ["", "| bin | rows | confidence, held out | right |", "| --- | --- | --- | --- |"]
    for number, (rows, mean, share) in enumerate(kinds[0].held_out.bins, 1):
        lines.append(f"| {number} | {rows} | {mean:.3f} | {share:.3f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)
    kinds, share, wrong = measured(geoaddr.open(store="memory:"), fit=options.fit)
    text = table(kinds)
    print(text)
    print(f"\nold texts stood behind: {share:.3f}, of these wrong: {wrong:.4f}")
    if options.write:
        write(
            options.write, text, f"Stood behind are {share:.1%} of the old texts; {wrong:.1%} of these are wrong."
        )
        (options.write / "confidence.svg").write_text(drawing(kinds[0].held_out.bins), encoding="utf-8")
    if not options.check:
        return 0
    departs = [
        f"{kind.title}: {r.error:.3f}, worst bin {r.worst:.3f}"
        for kind in kinds
        for r in (kind.held_out, kind.as_said)
        if r.error > kind.most_error or r.worst > kind.most_bin
    ]
    if wrong > MOST_WRONG:
        departs.append(f"wrong among those stood behind: {wrong:.4f}")
    print("\n".join(f"departs: {line}" for line in departs) or "all within the bounds")
    return 1 if departs else 0


BEGIN, END = "<!-- figures: written by the command -->", "<!-- end of the figures -->"


def write(folder: Path, text: str, stood_behind: str) -> None:
    """Put the figures between the marks of ``confidence.md``."""
    path = folder / "confidence.md"
    page = path.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n\n{stood_behind}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
