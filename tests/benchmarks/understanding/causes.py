"""Why a row is wrong, decided by rules in a fixed order; the first that holds is the cause."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation
from geoaddr.model import Unit
from geoaddr.platform import Geoaddr
from geoaddr.text.fold import fold
from tests.benchmarks.understanding.chains import names_before, resembles, successors, unknown_commune
from tests.benchmarks.understanding.labels import contradicted
from tests.benchmarks.understanding.rows import EVE, Judged, Wrong

LABEL = "label: the text names in full an old commune of which nothing lies in the labelled one"
DIVIDED = "divided commune, and the point is not in the part that was put first"
SECOND = "ambiguous: the labelled commune follows from another reading that was put later"
MISREAD = "unit misread: the text writes a unit of the labelled commune, and another was read"
MISSED = "unit missed: the text writes a unit of the labelled commune, and no commune was read"
TYPO = "typo: the text writes a unit of the labelled commune with errors, or a part of its name"
OTHER = "the text names no unit of the labelled commune, but another commune"
DISTRICT = "only a district named"
FORMER = "the text names a ward that its district did not have in 2025: one of before, or a wrong one"
BEARER = "only a district named, and read as a commune of today that bears its name"
PROVINCE = "only a province named"
NOTHING = "no unit named"
WRITTEN = 0.8
"""How alike a stretch must be to a name to be that name with a typo."""

_TYPES = {"phuong": "(?:phuong|p|f|ward)", "xa": "(?:xa|x|commune)", "thi tran": "(?:thi tran|tt|town)"}


def cause(ga: Geoaddr, row: Judged) -> str:
    """Why a text was not converted to the commune that it is labelled with."""
    gazetteer = ga.gazetteer
    if contradicted(gazetteer, row.text, row.truth) is not None:
        return LABEL
    readings = ga.parse(row.text).interpretations
    best = readings[0] if readings else None
    if best is not None and best.commune is not None and _divided(gazetteer, best, row.truth):
        return DIVIDED
    if unknown_commune(gazetteer, row.text) is not None:
        return FORMER
    if best is not None and best.commune is not None and _bearer(gazetteer, best.commune, row.truth):
        return BEARER
    folded = fold(row.text)
    names = names_before(gazetteer, row.truth)
    written = any(_written(name, folded) for name in names)
    if any(_leads(gazetteer, reading, row.truth) for reading in readings):
        return SECOND
    if written:
        return MISSED if best is None or best.commune is None else MISREAD
    if any(resembles(folded, _bare(name), WRITTEN) for name in names if not _bare(name).isdigit()):
        return TYPO
    if best is None or best.province is None:
        return NOTHING
    if best.commune is not None:
        return OTHER
    return PROVINCE if best.district is None else DISTRICT


def grouped(ga: Geoaddr, of: str, rows: Iterable[Judged]) -> list[Wrong]:
    """The wrong rows among ``rows``, each with its cause, and what the verb said of it."""
    return [
        Wrong(of, row.text, row.truth, f"{row.answer.status} {';'.join(row.answer.communes[:5])}", cause(ga, row))
        for row in rows
        if not row.right
    ]


def told(wrong: Sequence[Wrong], examples: int = 3) -> str:
    """Lines that count the causes of each set, most frequent first, with a few examples."""
    sets: dict[str, dict[str, list[Wrong]]] = defaultdict(lambda: defaultdict(list))
    for row in wrong:
        sets[row.of][row.cause].append(row)
    lines = []
    for of, causes in sets.items():
        lines.append(f"\n{of}: {sum(map(len, causes.values()))} wrong")
        for why, rows in sorted(causes.items(), key=lambda entry: -len(entry[1])):
            ok = sum(row.answered.startswith("ok ") for row in rows)
            behind = f", {ok} of them stood behind" if ok else ""
            lines.append(f"  {len(rows):>5}  {why}{behind}")
            lines += [f"           {row.text!r}: {row.wanted}, not {row.answered}" for row in rows[:examples]]
    return "\n".join(lines)


def _divided(gazetteer: Gazetteer, reading: Interpretation, truth: str) -> bool:
    after = [] if reading.commune is None else [unit.code for unit in successors(gazetteer, reading.commune)]
    return len(after) > 1 and truth in after


def _bearer(gazetteer: Gazetteer, commune: Unit, truth: str) -> bool:
    """Whether a commune of today has the name of a district of before, of which the true commune holds some."""
    if commune.valid_to is not None:
        return False
    before = gazetteer.translate(truth, "commune", known_on=gazetteer.date, as_of=EVE)
    districts = gazetteer.find(commune.name, level="district", as_of=EVE)
    return not {unit.parent for unit, _ in before}.isdisjoint(unit.code for unit in districts)


def _leads(gazetteer: Gazetteer, reading: Interpretation, truth: str) -> bool:
    unit = reading.commune
    return unit is not None and truth in [after.code for after in successors(gazetteer, unit)]


def _bare(name: str) -> str:
    kind = next((kind for kind in (*_TYPES, "dac khu") if name.startswith(kind + " ")), "")
    return name.removeprefix(kind).strip()


def _written(name: str, folded: str) -> bool:
    """Whether the text has the name; a number only with its type."""
    bare = _bare(name)
    if not bare.isdigit():
        return re.search(rf"\b{re.escape(bare)}\b", folded) is not None
    kind = _TYPES.get(name.removesuffix(bare).strip(), "phuong")
    return re.search(rf"\b{kind} ?0*{int(bare)}\b", folded) is not None
