"""The lines of the table about speed."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.understanding.hostile import LONG
from tests.benchmarks.understanding.million import batch_convert
from tests.benchmarks.understanding.table import Line
from tests.benchmarks.understanding.timing import Figures, measured

REPEAT = 3
PEER_ROWS = 1000
"""Rows that the peer is timed on, a sample of the same ones."""


def speed(rows: int | None, peer: bool) -> list[Line]:
    """Columns and scalars, one process each, the peer's beside them."""
    on = "speed, one process"
    asked = min(PEER_ROWS, rows or PEER_ROWS)
    ours, scalar, parse = (measured(what, rows, REPEAT) for what in ("columns", "scalar_convert", "scalar_parse"))
    theirs = measured("peer_columns", asked) if peer else None
    alone = measured("peer_parse", asked) if peer else None
    sampled = f"processor time, median of {REPEAT} processes; peer on {asked:,} of the rows" if peer else ""

    def line(measure: str, figures: Figures, key: str, target: float | None, other: Figures | None) -> Line:
        kind = {"rows_s": "rows/s", "p50_us": "µs", "p99_us": "µs"}[key]
        at_most = key != "rows_s"
        beside = None if other is None else other[key]
        return Line(on, measure, figures[key], target, at_most, beside, kind, int(figures["rows"]), sampled)

    return [
        line("convert, columns, distinct rows", ours, "rows_s", 8000.0, theirs),
        line("convert, one by one", scalar, "rows_s", None, None),
        line("convert, median", scalar, "p50_us", None, None),
        line("parse, one by one", parse, "rows_s", None, alone),
        line("parse, median", parse, "p50_us", 300.0, alone),
        line("parse, 99th of 100", parse, "p99_us", 3000.0, alone),
    ]


def million(rows: int | None) -> list[Line]:
    """A file through the command; ``None``: not run."""
    on, measure, target = "speed, a file", "batch convert, one worker", 20_000.0
    if rows is None:
        return [Line(on, measure, None, target, kind="rows/s", note="run with --million")]
    run = batch_convert(rows)
    note = (
        f"{run.distinct:,} differ, {run.seconds:.0f} s from start to exit, {run.processor_s:.0f} s of processors"
    )
    return [Line(on, measure, run.rows / run.seconds, target, kind="rows/s", rows=run.rows, note=note)]


def hostile(rows: int | None, peer: bool) -> list[Line]:
    """The slowest of the texts made to hurt."""
    ours = measured("hostile")
    theirs = measured("peer_hostile") if peer else None
    worst = max(ours, key=lambda name: ours[name]) if ours else "hangs"
    slowest = max(ours.values()) if ours else float("inf")
    beside = max(theirs.values()) if theirs else None
    note = f"slowest: {worst}; processor time, best of three each"
    on, measure = "4,096 characters", "parse and convert, slowest of all"
    return [Line(on, measure, slowest, 50.0, at_most=True, peer=beside, kind="ms", rows=len(LONG), note=note)]


TIMED: dict[str, Callable[[int | None, bool], list[Line]]] = {"speed": speed, "hostile": hostile}
