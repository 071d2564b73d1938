"""The units that a text names beyond doubt: found by exact look-up from comma to comma, not by the interpreter.

So strict that it answers for well-written rows only: what it says can be held against a label.
"""

from __future__ import annotations

import datetime as dt
import re
from difflib import SequenceMatcher

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Level, Unit
from geoaddr.text.fold import fold
from tests.benchmarks.understanding.rows import EVE

_COUNTRY = frozenset({"viet nam", "vietnam", "vn"})
_POSTCODE = re.compile(r"\s+\d{5,6}$")
ALIKE = 0.6
"""How alike a noisy stretch must be to a name to be meant for it."""
_COMMUNE_TYPE = re.compile(r"(phuong|p|xa|x|thi tran|tt) [a-z0-9]")
_OLD: tuple[Level, ...] = ("province", "district", "commune")
_NEW: tuple[Level, ...] = ("province", "commune")


def pieces(text: str) -> list[str]:
    """What stands between commas, last first, without country and postcodes."""
    found = [_POSTCODE.sub("", piece.strip()) for piece in text.split(",")]
    return [p for p in reversed(found) if p and fold(p) not in _COUNTRY and not p.isdigit()]


def old_commune(gazetteer: Gazetteer, text: str) -> Unit | None:
    """The commune of before the reform that the text names with its district and province, one after another."""
    return _last(gazetteer, text, _OLD, EVE)


def new_commune(gazetteer: Gazetteer, text: str) -> Unit | None:
    """The commune of today that the text names with its province."""
    return _last(gazetteer, text, _NEW, gazetteer.date)


def unknown_commune(gazetteer: Gazetteer, text: str) -> str | None:
    """What the text calls a ward, commune or town, by its type, of a district that had none so named in 2025."""
    named = pieces(text)
    district = _last(gazetteer, text, _OLD[:2], EVE)
    if district is None or len(named) < len(_OLD) or _COMMUNE_TYPE.match(fold(named[2])) is None:
        return None
    known = gazetteer.find(named[2], level="commune", parent=district.code, as_of=EVE)
    return None if known else named[2]


def _last(gazetteer: Gazetteer, text: str, levels: tuple[Level, ...], day: dt.date) -> Unit | None:
    named = pieces(text)
    if len(named) < len(levels):
        return None
    unit: Unit | None = None
    for level, piece in zip(levels, named, strict=False):
        parent = None if unit is None else unit.code
        found = gazetteer.find(piece, level=level, parent=parent, as_of=day)
        if len(found) != 1:
            return None
        unit = found[0]
    return unit


def successors(gazetteer: Gazetteer, unit: Unit) -> list[Unit]:
    """The communes of today that hold some of a commune of before the reform."""
    if unit.valid_to is None:
        return [unit]
    after = gazetteer.translate(unit.code, "commune", known_on=EVE, as_of=gazetteer.date)
    return [successor for successor, _ in after]


def names_before(gazetteer: Gazetteer, commune_code: str) -> list[str]:
    """The folded names, type and all, of a commune of today and of those of before that it holds some of."""
    commune = gazetteer.unit(commune_code, as_of=gazetteer.date, level="commune")
    before = gazetteer.translate(commune_code, "commune", known_on=gazetteer.date, as_of=EVE)
    return [fold(unit.full_name) for unit in [commune, *(unit for unit, _ in before)]]


def resembles(folded: str, name: str, alike: float = ALIKE) -> bool:
    """Whether a folded text has a folded name, glued or apart, or a stretch that is much like it."""
    if name.replace(" ", "") in folded.replace(" ", ""):
        return True
    words, size = folded.split(), len(name.split())
    windows = (" ".join(words[i : i + n]) for n in {max(1, size - 1), size, size + 1} for i in range(len(words)))
    return any(SequenceMatcher(None, window, name).ratio() >= alike for window in windows)
