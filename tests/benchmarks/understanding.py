"""How well and how fast units are recognised: the table of accuracy and speed, beside a peer in the same run.

    python -m tests.benchmarks.understanding [--rows N] [--peer] [--only real,new,legacy,generated,speed,long]

Reads the addresses of the shared data folder. ``--peer`` also runs ``vietnamadminunits``, where installed, on
the same rows. ``--wrong FILE`` writes the rows that are wrong. Without ``--rows`` every row is read.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import geoaddr
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.model import Unit
from geoaddr.text.fold import fold
from tests.benchmarks.writing_styles import STYLES, Line, lines

ADDRESSES = Path(__file__).resolve().parents[3] / "shared/data/addresses"
EVE = dt.date(2025, 6, 30)
LEGACY_DAY = dt.date(2024, 6, 30)
OK_FROM = 0.75
"""Weight from which the heaviest commune is stood behind."""


def read_rows(name: str, limit: int | None) -> list[dict[str, str]]:
    with (ADDRESSES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows if limit is None or limit >= len(rows) else random.Random(7).sample(rows, limit)


class Crossing:
    """From the readings of a text to the communes of today, each with its weight."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._districts: dict[str, list[tuple[str, float]]] = {}

    def communes(self, readings: Sequence[Interpretation]) -> list[tuple[str, float]]:
        """Commune codes with weights, heaviest first; the main part of a divided commune before the others."""
        weights: dict[str, float] = defaultdict(float)
        for reading in readings:
            for code, share in self._shares(reading):
                weights[code] += reading.weight * share
        return sorted(weights.items(), key=lambda entry: -entry[1])

    def _shares(self, reading: Interpretation) -> list[tuple[str, float]]:
        if reading.commune is not None:
            return self._successors(reading.commune)
        if reading.district is None:
            return []
        known = self._districts.get(reading.district.code)
        if known is None:
            inside = self._gazetteer.units("commune", as_of=EVE, parent=reading.district.code)
            counts: dict[str, float] = defaultdict(float)
            for unit in inside:
                for code, share in self._successors(unit):
                    counts[code] += share / len(inside)
            known = self._districts[reading.district.code] = sorted(counts.items(), key=lambda e: -e[1])
        return known

    def _successors(self, unit: Unit) -> list[tuple[str, float]]:
        today = self._gazetteer.date
        found = self._gazetteer.translate(unit.code, "commune", known_on=unit.valid_from, as_of=today)
        codes = [successor.code for successor, _ in found]
        main = {link.code for link in self._gazetteer.successors(unit) if link.note == "main"}
        codes.sort(key=lambda code: code not in main)
        return [(code, (1 + (code in main) * 1e-3) / len(codes)) for code in codes]


Answer = list[tuple[str, float]]


def judge_communes(rows: Iterable[tuple[str, str]], answer: Callable[[str], Answer]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, truth in rows:
        found = answer(text)
        codes = [code for code, _ in found[:5]]
        counts["rows"] += 1
        counts["right"] += bool(codes) and codes[0] == truth
        counts["top5"] += truth in codes
        counts["nothing"] += not codes
        if found and found[0][1] >= OK_FROM:
            counts["ok"] += 1
            counts["wrong ok"] += codes[0] != truth
        if not codes or codes[0] != truth:
            WRONG.append(("commune", text, truth, ";".join(codes)))
    return counts


WRONG: list[tuple[str, str, str, str]] = []


def show_communes(name: str, counts: Counter[str]) -> None:
    n = counts["rows"]
    ok = counts["ok"] or 1
    print(
        f"{name:<34} rows {n:>6}  right {counts['right'] / n:.4f}  in 5 {counts['top5'] / n:.4f}  "
        f"ok {counts['ok'] / n:.3f}  wrong among ok {counts['wrong ok'] / ok:.4f}  "
        f"nothing {counts['nothing'] / n:.4f}"
    )


def judge_legacy(rows: list[dict[str, str]], answer: Callable[[str], Sequence[str]]) -> tuple[int, Counter[str]]:
    right, by_note = 0, Counter[str]()
    for row in rows:
        labels = (row["province"], row["district"], row["ward"])
        named = answer(row["text"])
        good = all(not label or _same(label, name) for label, name in zip(labels, named, strict=True))
        right += good
        if not good:
            by_note[row["note"].rstrip(" 0123456789") or "plain"] += 1
            WRONG.append(("legacy", row["text"], "/".join(labels), "/".join(named)))
    return right, by_note


def _same(label: str, name: str) -> bool:
    a, b = fold(label), fold(name)
    return (a.lstrip("0") or a) == (b.lstrip("0") or b)


def judge_generated(made: list[Line], interpreter: Interpreter) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {style: Counter() for style in STYLES}
    for line in made:
        readings = interpreter.interpret(line.text)
        units = [r.commune for r in readings]
        count = counts[line.style]
        count["lines"] += 1
        first = units[0] if units else None
        if first == line.unit:
            count["right"] += 1
        elif not readings or first is None or (line.unit in units and readings[0].weight < OK_FROM):
            count["ambiguous or none"] += 1
            count["right or ambiguous"] += line.unit in units
        else:
            count["wrong"] += 1
            WRONG.append(
                (
                    line.style,
                    line.text,
                    f"{line.unit.full_name} {line.unit.code}",
                    f"{first.full_name} {first.code}",
                )
            )
    return counts


def timed(texts: list[str], work: Callable[[str], Any]) -> list[float]:
    times = []
    for text in texts:
        begin = time.perf_counter()
        work(text)
        times.append(time.perf_counter() - begin)
    return sorted(times)


def show_speed(name: str, times: list[float]) -> None:
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
    print(
        f"{name:<34} p50 {p50 * 1e6:>8.0f} µs  p99 {p99 * 1e6:>8.0f} µs  most {times[-1] * 1e3:>7.2f} ms  "
        f"{len(times) / sum(times):>7.0f} rows/s"
    )


LONG = {
    "brackets": "(" * 4096,
    "slashes": "1/" * 2048,
    "one word": "phường " * 585,
    "numbered wards": "phường 1 " * 455,
    "one name": "Tân An, " * 512,
    "glued letters": "tanan" * 819,
    "blanks": " " * 4096,
    "abbreviations": "p.q.t.x.h." * 409,
    "provinces": "Hà Nội Huế Đà Nẵng " * 215,
    "typos": "Quận Hoàng Kím, Phườn Tân Đinh, " * 128,
}


def peer_conversion() -> Callable[[str], Answer]:
    from vietnamadminunits import convert_address

    def convert(text: str) -> Answer:
        try:
            code = convert_address(text).ward_code
        except Exception:  # whatever the peer fails with is no answer
            return []
        return [(f"{int(code):05d}", 1.0)] if code else []

    return convert


def peer_new() -> Callable[[str], Answer]:
    parse = peer_parse("FROM_2025")

    def answer(text: str) -> Answer:
        found = parse(text)
        return [(f"{int(found.ward_code):05d}", 1.0)] if found is not None and found.ward_code else []

    return answer


def peer_parse(mode: str) -> Callable[[str], Any]:
    from vietnamadminunits import parse_address

    def parse(text: str) -> Any:
        try:
            return parse_address(text, mode=mode)
        except Exception:  # whatever the peer fails with is no answer
            return None

    return parse


def run_real(interpreter: Interpreter, crossing: Crossing, options: argparse.Namespace) -> None:
    def ours(text: str) -> Answer:
        return crossing.communes(interpreter.interpret(text))

    compared: dict[str, tuple[str, str, Callable[[], Callable[[str], Answer]]]] = {
        "real": ("old_address", "old address -> new commune", peer_conversion),
        "new": ("new_address", "new address -> commune", peer_new),
    }
    for name, (column, title, peer) in compared.items():
        if name in options.only:
            show_communes(title, judge_communes(_pairs(column, options.rows), ours))
            if options.peer:
                same = _pairs(column, options.peer_rows)
                show_communes("  the same, rows of the peer", judge_communes(same, ours))
                show_communes("  vietnamadminunits", judge_communes(same, peer()))


def _pairs(column: str, limit: int | None) -> list[tuple[str, str]]:
    return [(row[column], row["commune_code"]) for row in read_rows("real_addresses_dev.csv", limit)]


def run_legacy(interpreter: Interpreter, options: argparse.Namespace) -> None:
    rows = read_rows("legacy_noisy_dev.csv", options.rows)

    def ours(text: str) -> Sequence[str]:
        readings = interpreter.interpret(text, as_of=LEGACY_DAY)
        if not readings:
            return ("", "", "")
        names = {match.unit.level: match.name for match in reversed(readings[0].matches)}
        return tuple(names.get(level, "") for level in ("province", "district", "commune"))

    right, notes = judge_legacy(rows, ours)
    print(f"{'noisy old text, labelled levels':<34} rows {len(rows):>6}  all right {right / len(rows):.4f}")
    print("   wrong by note:", ", ".join(f"{note} {n}" for note, n in notes.most_common()))
    if options.peer:
        parse = peer_parse("LEGACY")

        def theirs(text: str) -> Sequence[str]:
            found = parse(text)
            if found is None:
                return ("", "", "")
            return tuple(x or "" for x in (found.short_province, found.short_district, found.short_ward))

        right, _ = judge_legacy(rows, theirs)
        print(f"{'  vietnamadminunits':<34} rows {len(rows):>6}  all right {right / len(rows):.4f}")


def run_generated(interpreter: Interpreter, gazetteer: Gazetteer, options: argparse.Namespace) -> None:
    made = lines(gazetteer, options.rows)
    total: Counter[str] = Counter()
    for style, count in judge_generated(made, interpreter).items():
        n = count["lines"]
        total.update(count)
        good = (count["right"] + count["right or ambiguous"]) / n
        print(
            f"generated, {style:<23} lines {n:>6}  right {count['right'] / n:.4f}  right or ambiguous {good:.4f}  "
            f"wrong {count['wrong'] / n:.4f}"
        )
    good = (total["right"] + total["right or ambiguous"]) / total["lines"]
    print(f"{'generated, all':<34} lines {total['lines']:>6}  right or ambiguous {good:.4f}")


def run_speed(interpreter: Interpreter, options: argparse.Namespace) -> None:
    rows = read_rows("real_addresses_dev.csv", options.rows)
    texts = [row["old_address"] for row in rows] + [row["new_address"] for row in rows]
    interpreter.interpret(texts[0])
    show_speed("interpret, real addresses", timed(texts, interpreter.interpret))
    if options.peer:
        some = random.Random(7).sample(texts, min(len(texts), options.peer_rows))
        show_speed("  vietnamadminunits, parse", timed(some, peer_parse("LEGACY")))


def run_long(interpreter: Interpreter) -> None:
    for name, text in LONG.items():
        text = text[:4096]
        best = min(timed([text] * 3, interpreter.interpret))
        print(f"4,096 characters, {name:<16} {best * 1e3:>8.2f} ms{'' if best < 0.05 else '   OVER 50 ms'}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--peer-rows", type=int, default=1000)
    parser.add_argument("--wrong", type=Path)
    parser.add_argument("--only", default="real,new,legacy,generated,speed,long", type=lambda s: s.split(","))
    options = parser.parse_args(arguments)
    gazetteer = geoaddr.open(store="memory:").gazetteer
    interpreter = Interpreter(gazetteer)
    begin = time.perf_counter()
    interpreter.interpret("Phường Phúc Tan, Hoàn Kiếm")
    print(f"dictionary and the first answer in {time.perf_counter() - begin:.2f} s")
    if not {"real", "new"}.isdisjoint(options.only):
        run_real(interpreter, Crossing(gazetteer), options)
    if "legacy" in options.only:
        run_legacy(interpreter, options)
    if "generated" in options.only:
        run_generated(interpreter, gazetteer, options)
    if "speed" in options.only:
        run_speed(interpreter, options)
    if "long" in options.only:
        run_long(interpreter)
    if options.wrong:
        with options.wrong.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(WRONG)


if __name__ == "__main__":
    sys.exit(main())
