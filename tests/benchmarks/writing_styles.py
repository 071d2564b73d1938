"""Made-up addresses: every unit in eight ways of writing, seeded, so that each run reads the same lines."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from dataclasses import dataclass

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Unit
from geoaddr.text.fold import fold

EVE = dt.date(2025, 6, 30)
SEED = 20250701
STYLES = ("full", "abbreviated", "no accents", "NFD", "glued", "reversed", "English", "one typo")
SHORT = {
    "Phường": "P.", "Xã": "X.", "Thị trấn": "TT.", "Đặc khu": "ĐK.", "Quận": "Q.", "Huyện": "H.",
    "Thị xã": "TX.", "Thành phố": "TP.", "Tỉnh": "T.",
}  # fmt: skip
ENGLISH = {
    "Phường": "Ward", "Xã": "Commune", "Thị trấn": "Town", "Đặc khu": "Special Zone", "Quận": "District",
    "Huyện": "District", "Thị xã": "Town", "Thành phố": "City", "Tỉnh": "Province",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A text and the commune that it was made from."""

    style: str
    text: str
    unit: Unit


def lines(gazetteer: Gazetteer, limit: int | None) -> list[Line]:
    """Every commune of before and since the reform in every style; ``limit`` communes where given."""
    random_ = random.Random(SEED)
    made = []
    for day in (EVE, gazetteer.date):
        communes = gazetteer.units("commune", as_of=day)
        if limit is not None and limit < len(communes):
            communes = random_.sample(communes, limit)
        for commune in communes:
            chain = [commune, *gazetteer.ancestors(commune, as_of=day)]
            made += [Line(style, _written(style, chain, random_), commune) for style in STYLES]
    return made


def _written(style: str, chain: list[Unit], random_: random.Random) -> str:
    full = [unit.full_name for unit in chain]
    if style == "full":
        return ", ".join(full)
    if style == "abbreviated":
        return ", ".join(f"{SHORT[unit.type]}{unit.name}" for unit in chain)
    if style == "no accents":
        return " ".join(fold(name) for name in full)
    if style == "NFD":
        return unicodedata.normalize("NFD", ", ".join(full))
    if style == "glued":
        return ",".join(f"{SHORT[unit.type]}{unit.name}".replace(" ", "") for unit in chain)
    if style == "reversed":
        return ", ".join(reversed(full))
    if style == "English":
        return ", ".join(_english(unit) for unit in chain)
    which = random_.randrange(len(chain))
    name = chain[which].name
    if len(name) > 3:
        full[which] = f"{chain[which].type} {typo(name, random_)}"
    return ", ".join(full)


def _english(unit: Unit) -> str:
    name = " ".join(word.capitalize() for word in fold(unit.name).split())
    return f"{ENGLISH[unit.type]} {name}" if name.isdigit() else f"{name} {ENGLISH[unit.type]}"


def typo(name: str, random_: random.Random) -> str:
    """One letter left out, doubled, swapped with the next, or replaced."""
    places = [i for i, letter in enumerate(name[:-1]) if letter.isalpha() and name[i + 1].isalpha()]
    i = random_.choice(places)
    kind = random_.randrange(4)
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + name[i] + name[i:]
    if kind == 2:
        return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name[:i] + random_.choice("abcdeghiklmnopqrstuvxy") + name[i + 1 :]
