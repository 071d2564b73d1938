"""The lines of the table about what is right, section by section; the targets are the project's own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from geoaddr.platform import Geoaddr
from tests.benchmarks import components
from tests.benchmarks.understanding import judging, styles
from tests.benchmarks.understanding.causes import grouped
from tests.benchmarks.understanding.labels import contradicted
from tests.benchmarks.understanding.peers import Peer
from tests.benchmarks.understanding.rewriting import REWRITINGS
from tests.benchmarks.understanding.rows import ADDRESSES, Judged, Wrong, labelled, read_rows, sample
from tests.benchmarks.understanding.table import Line
from tests.benchmarks.writing_styles import STYLES, lines

PEER_LINES = 8000
"""Made-up lines that the peer is asked."""
PEER_REWRITTEN = 1000
"""Rewritten rows that the peer is asked, of each kind."""
TYPO = "one typo"


@dataclass
class Bench:
    """What the sections share: the platform, the peer where wanted, how many rows, and the rows found wrong."""

    ga: Geoaddr
    peer: Peer | None
    rows: int | None
    wrong: list[Wrong] = field(default_factory=list)


def old(bench: Bench) -> list[Line]:
    """Old address to the commune of today."""
    on = "old address to new commune"
    rows = labelled("old_address", bench.rows)
    judged = judging.judge(rows, judging.converted(bench.ga))
    bench.wrong += grouped(bench.ga, on, judged)
    ours, n = judging.shares(judged), len(judged)
    theirs: judging.Shares | None = None
    hindered = ""
    if bench.peer is not None:
        answered = judging.judge(rows, bench.peer.convert)
        theirs = judging.shares(answered)
        alone = sum(row.right and row.answer.status != "looked up" for row in answered) / n
        hindered = f"peer {alone:.4f} where a place that it cannot look up is no answer"
    first, second, error = judging.halves(judged)
    kept = [row for row in judged if contradicted(bench.ga.gazetteer, row.text, row.truth) is None]
    agreeing = judging.shares(kept)
    behind = f"ok are {ours.ok:.3f} of the rows"
    behind += f"; the peer {theirs.ok:.3f}, having any ward" if theirs else ""
    right, in_five, wrong_ok = (theirs.right, theirs.in_five, theirs.wrong_ok) if theirs else (None, None, None)
    same = f"{ours.right * (1 - ours.right):.4f} for one number for all"
    return [
        Line(on, "right", ours.right, 0.86, peer=right, rows=n, note=hindered),
        Line(on, "truth among five", ours.in_five, 0.93, peer=in_five, rows=n),
        Line(on, "wrong among ok", ours.wrong_ok, 0.06, at_most=True, peer=wrong_ok, rows=n, note=behind),
        Line(on, "square error of confidence", ours.brier, rows=n, note=same),
        Line(on, "right where the text does not contradict its label", agreeing.right, rows=len(kept)),
        Line(on, "wrong among ok, the same rows", agreeing.wrong_ok, rows=len(kept)),
        Line(on, "right, random half A", first, rows=n // 2, note=f"standard error {error:.4f}"),
        Line(on, "right, random half B", second, rows=n - n // 2, note=f"standard error {error:.4f}"),
    ]


def new(bench: Bench) -> list[Line]:
    """New address to its commune."""
    on = "new address to commune"
    rows = labelled("new_address", bench.rows)
    judged = judging.judge(rows, judging.converted(bench.ga))
    bench.wrong += grouped(bench.ga, on, judged)
    theirs = None
    if bench.peer is not None:
        theirs = judging.shares(judging.judge(rows, bench.peer.parse_new)).right
    return [Line(on, "right", judging.shares(judged).right, 0.998, peer=theirs, rows=len(rows))]


def legacy(bench: Bench) -> list[Line]:
    """Noisy old text, read on its day."""
    on = "noisy old text, as of 2024-06-30"
    rows = read_rows("legacy_noisy_dev.csv", bench.rows)
    wrong = judging.judge_named(rows, judging.named(bench.ga))
    bench.wrong += judging.wrong_named(on, wrong)
    theirs = None
    if bench.peer is not None:
        theirs = 1 - len(judging.judge_named(rows, bench.peer.names)) / len(rows)
    return [Line(on, "all labelled levels right", 1 - len(wrong) / len(rows), 0.88, peer=theirs, rows=len(rows))]


def parts(bench: Bench) -> list[Line]:
    """Labelled parts below the commune, found by ``parse``; a second line leaves out rows labelled wrongly."""
    on = "labelled parts"
    rows = json.loads((ADDRESSES / "components_dev.json").read_text(encoding="utf-8"))
    every: components.Counts = Counter()
    sound: components.Counts = Counter()
    for number, row in enumerate(rows):
        detail = bench.ga.parse(row["text"]).components
        for label in components.FIELDS:
            wanted = [components.normal(label, e["text"]) for e in row["entities"] if e["label"] == label]
            read = components.pieces(detail, label)
            found = components.compare(label, wanted, read)
            for kind, count in zip(("hit", "wrong", "missed"), found, strict=True):
                every[label, kind] += count
                sound[label, kind] += 0 if number in components.LABEL_ERRORS else count
            if any(found[1:]):
                bench.wrong.append(Wrong(on, row["text"], str(wanted), str(read), label))
    labels = list(components.FIELDS)
    left = len(rows) - len(components.LABEL_ERRORS)
    return [
        Line(on, "F1 of NUM, ALY, STR, NHB, BLD", components.figures(every, labels)[2], 0.90, rows=len(rows)),
        Line(on, "the same where labels stand", components.figures(sound, labels)[2], rows=left,
             note="an upper bound"),
    ]  # fmt: skip


def made_up(bench: Bench) -> list[Line]:
    """Every commune of both eras in eight styles."""
    made = lines(bench.ga.gazetteer, bench.rows)
    found: list[Line] = []
    plain = [style for style in STYLES if style != TYPO]
    peer_counts = None
    if bench.peer is not None:
        peer_counts, _ = styles.judge_styles(sample(made, PEER_LINES), styles.by_peer(bench.peer))
    for verb, judge in (("parse", styles.by_parse(bench.ga)), ("convert", styles.by_convert(bench.ga))):
        counts, wrong = styles.judge_styles(made, judge)
        bench.wrong += [Wrong(f"{verb}, {w.of}", w.text, w.wanted, w.answered, w.cause) for w in wrong]
        on, theirs = f"made up, eight styles: {verb}", peer_counts if verb == "parse" else None
        asked = f"peer told the era, {min(PEER_LINES, len(made)):,} lines" if theirs else ""
        figures: list[tuple[str, tuple[str, ...], list[str], float, bool]] = [
            ("right or honestly ambiguous", ("right", "honest"), list(STYLES), 0.995, False),
            ("wrong without a typo", ("wrong",), plain, 0.001, True),
            ("wrong with one typo", ("wrong",), [TYPO], 0.01, True),
        ]
        for measure, verdicts, chosen, target, at_most in figures:
            share = styles.good(theirs, verdicts, chosen) if theirs else None
            n = sum(counts[style].total() for style in chosen)
            value = styles.good(counts, verdicts, chosen)
            found.append(Line(on, measure, value, target, at_most, share, rows=n, note=asked))
        each = sorted((styles.good(counts, ("right",), [style]), style) for style in STYLES)
        least = ", ".join(f"{style} {share:.4f}" for share, style in each[:3])
        found.append(
            Line(on, "right alone", styles.good(counts, ("right",)), rows=len(made), note=f"least: {least}")
        )
    return found


def robust(bench: Bench) -> list[Line]:
    """The old addresses written otherwise; the peer on a sample of them."""
    rows = labelled("old_address", bench.rows)
    found = []
    for name, rewrite in REWRITINGS.items():
        written = [(rewrite(text), truth) for text, truth in rows]
        judged: list[Judged] = judging.judge(written, judging.converted(bench.ga))
        ours = judging.shares(judged)
        theirs = None
        if bench.peer is not None:
            theirs = judging.shares(judging.judge(sample(written, PEER_REWRITTEN), bench.peer.convert)).right
        note = f"in five {ours.in_five:.4f}, wrong among ok {ours.wrong_ok:.4f}, ok {ours.ok:.3f}"
        note += f"; peer on {min(PEER_REWRITTEN, len(rows)):,} of them" if theirs is not None else ""
        on = "old addresses rewritten"
        found.append(Line(on, f"right, {name}", ours.right, peer=theirs, rows=len(rows), note=note))
    return found


SECTIONS: dict[str, Callable[[Bench], list[Line]]] = {
    "old": old, "new": new, "legacy": legacy, "components": parts, "styles": made_up, "robust": robust,
}  # fmt: skip
