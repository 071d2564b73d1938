"""Finding addresses in a registry: how often the right house comes first, and how long an answer takes.

    python -m tests.benchmarks.finding --store URL [--pack PACK] [--households N] [--show N]
    python -m tests.benchmarks.finding --synthetic N [--pack PACK]

Households are drawn from the registry and asked for exactly, without accents, with one typo and by the units of
before the reform; then by their points, and by what somebody types of them. ``--synthetic`` makes one up first.
Times are of the processor, in this process, one answer after another: what the machine does beside is not ours to
measure. Rows that are still wrong are grouped by cause.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import geoaddr
from geoaddr.platform import Geoaddr
from tests.benchmarks.finding_cases import WRITINGS, Household, Question, households, questions, same_address
from tests.benchmarks.ratios import HEAD, Figure
from tests.finding import made_up

RIGHT = {"exact": 0.99, "without accents": 0.98, "one typo": 0.95, "old units": 0.95}
"""The least share of questions whose first match is the right house."""

TIMES_MS = {"geocode": (1.0, 10.0), "reverse": (0.15, 2.0), "suggest": (2.0, 15.0)}
"""The most that the median and one of a hundred may take."""

WARM_UP = 200


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or f"sqlite:///{Path(folder) / 'registry.db'}"
        with geoaddr.open(options.pack, store=store) as ga:
            if options.synthetic:
                made_up.load(ga, Path(folder), households=options.synthetic)
            draw = random.Random(options.seed)
            drawn = list(households(ga, options.households, draw))
            print(f"{ga.registry.store.counts()['addresses']:,} addresses, {len(drawn):,} drawn\n{HEAD}")
            asked = [question for household in drawn for question in questions(ga, household, draw)]
            wrong = _geocode(ga, asked)
            _reverse(ga, drawn)
            _suggest(ga, drawn)
            _tell(wrong, options.show)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.finding")
    parser.add_argument("--store", help="a registry's URL")
    parser.add_argument("--synthetic", type=int, metavar="N", help="make up a registry of so many households")
    parser.add_argument("--pack")
    parser.add_argument("--households", type=int, default=1_000, metavar="N", help="drawn from it")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=3, metavar="N", help="wrong rows shown of each cause")
    found = parser.parse_args(argv)
    if not (found.store or found.synthetic):
        parser.error("name a --store, or how many --synthetic households")
    return found


def _timed(work: Callable[[], object]) -> float:
    begin = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - begin) / 1e6


def _times(what: str, of: str, took_ms: Sequence[float]) -> None:
    for share, most in zip((50, 99), TIMES_MS[what], strict=True):
        value = float(np.percentile(took_ms, share))
        Figure(f"{what}, {of}, p{share}", value, "ms", most, at_most=True).tell()


def _geocode(ga: Geoaddr, asked: Sequence[Question]) -> dict[tuple[str, str], list[tuple[Question, str]]]:
    for question in asked[:WARM_UP]:
        ga.geocode(question.text)
    right: Counter[str] = Counter()
    took: dict[str, list[float]] = defaultdict(list)
    wrong: dict[tuple[str, str], list[tuple[Question, str]]] = defaultdict(list)
    for question in asked:
        begin = time.thread_time_ns()
        matches = ga.geocode(question.text)
        took[question.writing].append((time.thread_time_ns() - begin) / 1e6)
        cause = _cause(ga, question, matches)
        right[question.writing] += cause is None
        if cause is not None:
            wrong[question.writing, cause].append((question, matches[0].label if matches else "nothing"))
    for writing in WRITINGS:
        count = len(took[writing])
        if count:
            share = right[writing] / count
            Figure(f"right house first, {writing}", share, "", RIGHT[writing], note=f"of {count:,}").tell()
            _times("geocode", writing, took[writing])
    return wrong


def _cause(ga: Geoaddr, question: Question, matches: Sequence[geoaddr.finding.records.Match]) -> str | None:
    """Why the first match is not the household; ``None`` where it is."""
    record = question.household.record
    if not matches:
        return "nothing found"
    best = matches[0]
    if best.ndas == record.ndas:
        return None
    if best.ndas is not None and (other := ga.registry.find(best.ndas)) and same_address(record, other):
        return None
    slip = f", slip in the {question.where}" if question.where else ""
    if best.commune is None or best.commune.code != question.household.commune.code:
        return f"another commune{slip}"
    if best.match_level in ("commune", "province"):
        return f"no street{slip}"
    return f"{'another house' if best.ndas else best.match_level}{slip}"


def _reverse(ga: Geoaddr, drawn: Sequence[Household]) -> None:
    points = [household.record.point for household in drawn]
    for point in points[:WARM_UP]:
        ga.reverse(lat=point.lat, lon=point.lon)
    _times("reverse", "at a house", [_timed(lambda p=p: ga.reverse(lat=p.lat, lon=p.lon)) for p in points])


def _suggest(ga: Geoaddr, drawn: Sequence[Household]) -> None:
    """Every beginning that somebody types, from the second letter of the street to the end of the commune."""
    for biased in (False, True):
        took: list[float] = []
        for n, household in enumerate(drawn[: max(1, len(drawn) // 10)]):
            street = household.record.components.street or ""
            line = f"{street}, {household.commune.name}"
            here = {"province": household.province.code} if biased else {}
            for end in range(2, len(line) + 1):
                took_ms = _timed(lambda end=end, line=line, here=here: ga.suggest(line[:end], **here))
                if n:  # the first gathers the names of units
                    took.append(took_ms)
        _times("suggest", "in a province" if biased else "in all the country", took)


def _tell(wrong: dict[tuple[str, str], list[tuple[Question, str]]], show: int) -> None:
    print("\nStill wrong, by writing and cause:")
    for (writing, cause), rows in sorted(wrong.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print(f"{writing:>16} {len(rows):5}  {cause}")
        for question, found in rows[:show]:
            print(f"{'':24}{question.text}\n{'':24}-> {found}")


if __name__ == "__main__":
    main()
