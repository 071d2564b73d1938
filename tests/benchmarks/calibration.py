"""Whether a confidence is a probability: the reliability of ``convert`` and ``parse`` on real addresses.

    python -m tests.benchmarks.calibration [--check] [--fit] [--write FOLDER]

Reads the development addresses of the shared data folder, as they are written, and with their province, then
their district too, cut off. Every row is judged by figures that were fitted without it: communes are dealt into
ten parts, and each part is judged by a fit on the other nine. ``--fit`` prints the figures that the code should
hold; ``--write docs/explanation`` renews the table and the drawing there; ``--check`` fails when what is held out,
or what the code itself says, departs by more than the bounds.

The texts contradict their own points in 4 to 5 of 100 rows. That is part of the truth that is learnt.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import geoaddr
from geoaddr.conversion import confidence as converting
from geoaddr.interpretation import Interpretation
from geoaddr.interpretation import confidence as reading
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.weighing import weighed
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
CUT_ERROR, CUT_BIN = 0.05, 0.15
"""The same for texts without what holds their commune, counted only where more is said than is right: such an
answer is never surer than its weight, and half of the texts are of either era, which nobody can tell from them."""
MOST_WRONG = 0.06
"""The largest share of wrong answers among those that are stood behind, of each kind."""


@dataclass(frozen=True, slots=True)
class Row:
    """An answer: its terms, whether it is right, what the code says, and the part that it is dealt into.

    ``most``: what its confidence may be, whatever the curve says; ``alone``: judged by the curve for such."""

    terms: dict[str, float]
    right: bool
    said: float
    fold: int
    ok: bool = False
    most: float = 1.0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins of rows in the order of their confidence: how many, mean confidence, share that is right.

    ``error`` and ``worst``: how far these lie apart, on the mean and at most; ``over`` and ``worst_over``: the
    same, counted only where more is said than is right."""

    bins: tuple[tuple[int, float, float], ...]
    error: float
    worst: float
    over: float
    worst_over: float
    brier: float


def read_rows(name: str) -> list[dict[str, str]]:
    with (ADDRESSES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dealt(key: str) -> int:
    """The part that a commune belongs to: always the same."""
    return zlib.crc32(key.encode()) % FOLDS


def cut(ga: geoaddr.Geoaddr, text: str, levels: Collection[str]) -> str | None:
    """``text`` without the parts between its commas that name units of ``levels``; ``None`` where it names none,
    or another unit in the same part."""
    readings = ga.interpreter.interpret(text)
    spans = [(m.span, m.unit.level) for m in readings[0].matches if m.span] if readings else []
    kept, gone, at = [], False, 0
    for part in text.split(","):
        there = {level for (begin, end), level in spans if begin < at + len(part) and at < end}
        at += len(part) + 1
        if there & {*levels} and there - {*levels}:
            return None
        gone = gone or bool(there & {*levels})
        if not there & {*levels} and fold(part) != "viet nam":
            kept.append(part)
    return ",".join(kept) if gone else None


def texts(ga: geoaddr.Geoaddr, column: str, levels: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The real addresses, without their units of ``levels``, and the communes that they lie in."""
    for row in read_rows("real_addresses_dev.csv"):
        text = cut(ga, row[column], levels) if levels else row[column]
        if text:
            yield text, row["commune_code"]


def conversions(ga: geoaddr.Geoaddr, column: str, levels: Collection[str] = ()) -> Iterator[Row]:
    """Real addresses carried into the units of today."""
    for text, truth in texts(ga, column, levels):
        readings = weighed(ga.interpreter, text)
        answer = ga.converter.converted(text, readings, Detail())
        if answer.commune is None or answer.confidence is None:
            continue
        unit = readings[0].commune or readings[0].district
        carried = ga.converter.carrier.carried(unit, ga.date) if unit else ()
        yield Row(
            terms=converting.terms_of(readings, carried, answer.candidates),
            right=answer.commune.code == truth,
            said=answer.confidence,
            fold=dealt(truth),
            ok=answer.status == "ok",
            most=converting.most_of(readings, carried, answer.candidates),
            alone=converting.is_alone(readings[0]),
        )


def real_readings(ga: geoaddr.Geoaddr, kinds: Sequence[tuple[str, Collection[str]]]) -> Iterator[Row]:
    """Real addresses: is the commune in what the smallest unit of the best reading became?"""
    province_of = {unit.code: unit.parent for unit in ga.units("commune")}
    for column, levels in kinds:
        for text, truth in texts(ga, column, levels):
            readings = weighed(ga.interpreter, text)
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
            terms, said = reading.terms_of(readings, ga.gazetteer), reading.of_reading(readings, ga.gazetteer)
            yield Row(terms, right, said, dealt(truth))


def noisy_readings(ga: geoaddr.Geoaddr) -> Iterator[Row]:
    """Noisy texts of before the reform, where the smallest unit's level has a label."""
    for row in read_rows("legacy_noisy_dev.csv"):
        readings = weighed(ga.interpreter, row["text"], as_of=LEGACY_DAY)
        level = _smallest(readings[0]) if readings else None
        label = row[{"commune": "ward"}.get(level, level)] if level else ""
        if level and label:
            named = next(m.name for m in readings[0].matches if m.unit.level == level)
            right = _plain(named) == _plain(label)
            key = row["district"] or row["province"] or label
            terms, said = reading.terms_of(readings, ga.gazetteer), reading.of_reading(readings, ga.gazetteer)
            yield Row(terms, right, said, dealt(key))


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
    more = [mean - share for _, mean, share in bins]
    over = [max(0.0, each) for each in more]
    apart = [abs(each) for each in more]
    error, too_much = (
        sum(n * d for (n, _, _), d in zip(bins, distances, strict=True)) / len(said) for distances in (apart, over)
    )
    return Reliability(bins, error, max(apart), too_much, max(over), float(((said - right) ** 2).mean()))


@dataclass(frozen=True, slots=True)
class Judged:
    """What one kind of answer is worth: held out, and as the code says it."""

    title: str
    rows: int
    held_out: Reliability
    as_said: Reliability
    most_error: float
    most_bin: float
    over_only: bool

    def departs(self) -> bool:
        """Whether either is further off than it may be."""
        return any(
            (r.over if self.over_only else r.error) > self.most_error
            or (r.worst_over if self.over_only else r.worst) > self.most_bin
            for r in (self.held_out, self.as_said)
        )


def judged(title: str, rows: Sequence[Row], said: NDArray[np.float64]) -> Judged:
    right = np.array([row.right for row in rows], float)
    as_said = reliability(np.array([row.said for row in rows]), right)
    over_only = title in CUT_SHORT
    bounds = (NOISY_ERROR, NOISY_BIN) if "noisy" in title else (MOST_ERROR, MOST_BIN)
    if over_only:
        bounds = CUT_ERROR, CUT_BIN
    return Judged(title, len(rows), reliability(said, right), as_said, *bounds, over_only)


PROVINCE, BOTH = ("province",), ("province", "district")
CONVERSIONS: dict[str, tuple[str, Collection[str]]] = {
    "convert, old text": ("old_address", ()),
    "convert, new text": ("new_address", ()),
    "convert, old text, no province": ("old_address", PROVINCE),
    "convert, old text, no district": ("old_address", BOTH),
    "convert, new text, no province": ("new_address", PROVINCE),
}
READINGS: dict[str, list[tuple[str, Collection[str]]]] = {
    "parse, real texts": [("old_address", ()), ("new_address", ())],
    "parse, real texts cut short": [("old_address", PROVINCE), ("old_address", BOTH), ("new_address", PROVINCE)],
}
CUT_SHORT = {title for title, (_, levels) in CONVERSIONS.items() if levels} | {"parse, real texts cut short"}


def measured(ga: geoaddr.Geoaddr, *, fit: bool) -> tuple[list[Judged], list[StoodBehind]]:
    """Every kind, and what is stood behind of each kind of conversions."""
    converted = {title: list(conversions(ga, *how)) for title, how in CONVERSIONS.items()}
    read = {title: list(real_readings(ga, kinds)) for title, kinds in READINGS.items()}
    read["parse, noisy old texts"] = list(noisy_readings(ga))
    kinds = []
    for parts, curves in (
        (converted, {"COMMUNE": converting.COMMUNE, "ALONE": converting.ALONE}),
        (read, {"READING": reading.READING}),
    ):
        together = [row for rows in parts.values() for row in rows]
        said = np.empty(len(together))
        for name, curve in curves.items():
            mine = [i for i, row in enumerate(together) if row.alone == (name == "ALONE")]
            rows = [together[i] for i in mine]
            if fit:
                print(f"{name} = {dict(zip(curve, fitted(rows, list(curve)).round(2).tolist(), strict=True))}")
            said[mine] = np.minimum(held_out(rows, list(curve)), [row.most for row in rows])
        at = 0
        for title, rows in parts.items():
            kinds.append(judged(title, rows, said[at : at + len(rows)]))
            at += len(rows)
    return kinds, [stood_behind(title, rows) for title, rows in converted.items()]


@dataclass(frozen=True, slots=True)
class StoodBehind:
    """What share of the answers is ``ok``, and what share of these is wrong."""

    title: str
    share: float
    wrong: float


def stood_behind(title: str, rows: Sequence[Row]) -> StoodBehind:
    ok = [row.right for row in rows if row.ok]
    return StoodBehind(title, len(ok) / len(rows), 1 - sum(ok) / len(ok))


def table(kinds: Sequence[Judged]) -> str:
    lines = [
        "| what | rows | error held out | worst bin | Brier | error as said | worst bin | too much | Brier |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in kinds:
        held, said = kind.held_out, kind.as_said
        figures = (held.error, held.worst, held.brier, said.error, said.worst, said.over, said.brier)
        lines.append(f"| {kind.title} | {kind.rows:,} | {' | '.join(f'{value:.3f}' for value in figures)} |")
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
    kinds, behind = measured(geoaddr.open(store="memory:"), fit=options.fit)
    text = f"{table(kinds)}\n\n{stood_behind_table(behind)}"
    print(text)
    if options.write:
        write(options.write, text)
        (options.write / "confidence.svg").write_text(drawing(kinds[0].held_out.bins), encoding="utf-8")
    if not options.check:
        return 0
    departs = [
        f"{kind.title}: {r.error:.3f}, worst bin {r.worst:.3f}; too much {r.over:.3f}, at worst {r.worst_over:.3f}"
        for kind in kinds
        if kind.departs()
        for r in (kind.held_out, kind.as_said)
    ]
    departs += [f"{each.title}: wrong of ok {each.wrong:.4f}" for each in behind if each.wrong > MOST_WRONG]
    print("\n".join(f"departs: {line}" for line in departs) or "all within the bounds")
    return 1 if departs else 0


def stood_behind_table(behind: Sequence[StoodBehind]) -> str:
    lines = ["| what | ok | wrong of these |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {each.title} | {each.share:.1%} | {each.wrong:.1%} |" for each in behind])


BEGIN, END = "<!-- figures: written by the command -->", "<!-- end of the figures -->"


def write(folder: Path, text: str) -> None:
    """Put the figures between the marks of ``confidence.md``."""
    path = folder / "confidence.md"
    page = path.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
