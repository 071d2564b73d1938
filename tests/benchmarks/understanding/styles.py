"""Made-up lines: every commune in eight styles, through ``parse`` and through ``convert``.

``parse`` is right where it answers the unit that the line was made from; honest where the unit is another of its
readings and the answer is not stood behind; silent where it answers no commune; wrong otherwise. ``convert`` to
the units of today is right where it stands behind the commune that holds all of the unit, or has it first, and
for a divided unit where it stands behind nothing and offers all successors; honest with some successor among
its candidates; silent where no more than a province or district was understood; wrong otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from geoaddr.model import Unit
from geoaddr.platform import Geoaddr
from tests.benchmarks.understanding.peers import Peer
from tests.benchmarks.understanding.rows import Wrong
from tests.benchmarks.writing_styles import STYLES, Line

Verdict = tuple[str, str]
"""``right``, ``honest``, ``silent`` or ``wrong``, and what was answered."""


def by_parse(ga: Geoaddr) -> Callable[[Line], Verdict]:
    """Judges ``parse`` on a line."""

    def verdict(line: Line) -> Verdict:
        found = ga.parse(line.text)
        if found.commune == line.unit:
            return "right", ""
        others = [reading.commune for reading in found.interpretations]
        answered = "" if found.commune is None else f"{found.commune.full_name} {found.commune.code}"
        if line.unit in others and (found.commune is None or found.status != "ok"):
            return "honest", answered
        return ("silent" if found.commune is None else "wrong"), answered

    return verdict


def by_convert(ga: Geoaddr) -> Callable[[Line], Verdict]:
    """Judges ``convert`` on a line."""

    def verdict(line: Line) -> Verdict:
        found = ga.convert(line.text)
        codes = [candidate.commune.code for candidate in found.candidates]
        truths = _today(ga, line.unit)
        answered = f"{found.status} {';'.join(codes[:5])}"
        if found.status in ("partial", "not_found"):
            return ("silent" if truths.isdisjoint(codes) else "honest"), answered
        if codes[0] in truths and (len(truths) == 1 or (found.status != "ok" and truths.issubset(codes))):
            return "right", answered
        return ("wrong" if found.status == "ok" or truths.isdisjoint(codes) else "honest"), answered

    return verdict


def by_peer(peer: Peer) -> Callable[[Line], Verdict]:
    """Judges the peer, which is told the era of each line."""

    def verdict(line: Line) -> Verdict:
        parse = peer.parse_new if line.unit.valid_to is None else peer.parse_old
        codes = parse(line.text).communes
        if not codes:
            return "silent", ""
        return ("right" if codes[0] == line.unit.code else "wrong"), codes[0]

    return verdict


def judge_styles(
    lines: Iterable[Line], verdict: Callable[[Line], Verdict]
) -> tuple[dict[str, Counter[str]], list[Wrong]]:
    """Verdicts counted by style, and the lines that are wrong or not understood."""
    counts: dict[str, Counter[str]] = {style: Counter() for style in STYLES}
    wrong = []
    for line in lines:
        judged, answered = verdict(line)
        counts[line.style][judged] += 1
        if judged in ("wrong", "silent"):
            wanted = f"{line.unit.full_name} {line.unit.code}"
            wrong.append(Wrong(f"generated, {line.style}", line.text, wanted, answered, judged))
    return counts, wrong


def good(counts: dict[str, Counter[str]], verdicts: tuple[str, ...], styles: Iterable[str] = STYLES) -> float:
    """The share of some verdicts in some styles."""
    chosen = [counts[style] for style in styles]
    return sum(c[v] for c in chosen for v in verdicts) / max(1, sum(c.total() for c in chosen))


def _today(ga: Geoaddr, unit: Unit) -> set[str]:
    if unit.valid_to is None:
        return {unit.code}
    gazetteer = ga.gazetteer
    after = gazetteer.translate(unit.code, "commune", known_on=unit.valid_from, as_of=gazetteer.date)
    return {successor.code for successor, _ in after}
