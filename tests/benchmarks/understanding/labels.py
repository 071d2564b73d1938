"""Development rows whose label is itself wrong, found by rules that do not ask the interpreter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from geoaddr.gazetteer import Gazetteer
from geoaddr.text.fold import fold
from tests.benchmarks.components import LABEL_ERRORS
from tests.benchmarks.understanding.chains import new_commune, old_commune, resembles, successors
from tests.benchmarks.understanding.ground import SLACK_M, Ground
from tests.benchmarks.understanding.rows import ADDRESSES, LEGACY_DAY, read_rows


@dataclass(frozen=True, slots=True)
class LabelError:
    """A row, by its file and its number from 0, what kind of error its label has, and the reason in full."""

    file: str
    row: int
    text: str
    label: str
    kind: str
    reason: str


def label_errors(gazetteer: Gazetteer) -> list[LabelError]:
    """All that the rules find in the three development files."""
    return [*_real(gazetteer), *_noisy(gazetteer), *_components()]


def contradicted(gazetteer: Gazetteer, text: str, commune_code: str) -> str | None:
    """Why a text cannot lie in a commune of today: it names an old one in full that no link leads there from."""
    named = old_commune(gazetteer, text)
    if named is None:
        return None
    after = successors(gazetteer, named)
    if not after or commune_code in [unit.code for unit in after]:
        return None
    became = ", ".join(f"{unit.full_name} {unit.code}" for unit in after)
    return f"the text names {named.full_name} {named.code}, which is now {became}"


def _real(gazetteer: Gazetteer) -> Iterator[LabelError]:
    file = "real_addresses_dev.csv"
    ground = Ground()
    for number, row in enumerate(read_rows(file)):
        code, lat, lon = row["commune_code"], float(row["lat"]), float(row["lon"])
        off = ground.distance_m(code, lat, lon)
        if off > SLACK_M:
            reason = f"the point lies {off:,.0f} m outside the labelled commune"
            yield LabelError(file, number, row["old_address"], code, "point outside its commune", reason)
        named = new_commune(gazetteer, row["new_address"])
        if named is not None and named.code != code:
            reason = f"the new text names {named.full_name} {named.code}"
            yield LabelError(file, number, row["new_address"], code, "new text names another commune", reason)
        why = contradicted(gazetteer, row["old_address"], code)
        old = old_commune(gazetteer, row["old_address"])
        if why is not None and old is not None:
            away = min(ground.distance_m(unit.code, lat, lon) for unit in successors(gazetteer, old))
            kind = "old text names another commune, " + ("next to the point" if away < 300 else "off the point")
            yield LabelError(file, number, row["old_address"], code, kind, f"{why}, {away:,.0f} m from the point")


def _noisy(gazetteer: Gazetteer) -> Iterator[LabelError]:
    file = "legacy_noisy_dev.csv"
    for number, row in enumerate(read_rows(file)):
        label = "/".join((row["province"], row["district"], row["ward"]))
        folded = fold(row["text"])
        for level in ("province", "district", "ward"):
            name = row[level]
            if name and not resembles(folded, fold(name)):
                yield LabelError(
                    file, number, row["text"], label, f"{level} not in the text", f"no {name} in the text"
                )
        parent: str | None = None
        for name, kind in ((row["province"], "province"), (row["district"], "district"), (row["ward"], "commune")):
            if not name or (kind != "province" and parent is None):
                break
            found = gazetteer.find(name, level=kind, parent=parent, as_of=LEGACY_DAY)  # type: ignore[arg-type]
            if not found:
                reason = f"no {kind} {name} in {parent or 'the country'} on {LEGACY_DAY}"
                yield LabelError(file, number, row["text"], label, f"no such {kind} on the day", reason)
            parent = found[0].code if len(found) == 1 else None


def _components() -> Iterator[LabelError]:
    file = "components_dev.json"
    rows = json.loads((ADDRESSES / file).read_text(encoding="utf-8"))
    for number, reason in LABEL_ERRORS.items():
        yield LabelError(file, number, rows[number]["text"], "", "parts labelled against the text", reason)
