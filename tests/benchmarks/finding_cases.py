"""Questions to a registry whose answers are known: households drawn from it, written as people write them."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from geoaddr.finding.labels import label
from geoaddr.model import AddressRecord, Unit
from geoaddr.platform import Geoaddr
from geoaddr.profiles.vn import REFORM
from geoaddr.registry.streets import placed
from geoaddr.store import Reads
from geoaddr.synthetic.names import unaccented

EVE = REFORM - dt.timedelta(days=1)
WRITINGS = ("exact", "without accents", "one typo", "old units")

_LETTERS = "abcdeghiklmnopqrstuvxy"
_TYPES = re.compile(r"\b(?:Số|số|đường|Đường|Phường|Xã|Đặc khu|Tỉnh|Thành phố|ngõ|ngách|kiệt|hẻm|Thôn|Ấp)\b")


class Household(NamedTuple):
    """A household that has a house number, with its commune and province of today."""

    record: AddressRecord
    commune: Unit
    province: Unit


class Question(NamedTuple):
    """A text, how it is written, and the household that it asks for; ``where`` the slip is, if there is one."""

    writing: str
    text: str
    household: Household
    where: str = ""


def households(ga: Geoaddr, count: int, draw: random.Random) -> Iterator[Household]:
    """Households with house numbers, drawn from communes at random, a street in each, a house on it."""
    reads, found = ga.registry.store, 0
    communes = ga.gazetteer.units("commune", as_of=ga.gazetteer.date)
    while found < count:
        commune = draw.choice(communes)
        streets = reads.names("street", "", [commune.code])
        if not streets:
            continue
        for _ in range(4):  # reading the streets of a commune takes longer than drawing from them
            record = _drawn(reads, draw.choice(streets).key, commune.code, draw)
            if record is not None and record.components.house_number and commune.parent:
                found += 1
                yield Household(record, commune, ga.unit(commune.parent))


def _drawn(reads: Reads, street: str, commune: str, draw: random.Random) -> AddressRecord | None:
    house = draw.choice(reads.houses("street", street, [commune]))
    return reads.records([house.ndas]).get(house.ndas)


def questions(ga: Geoaddr, household: Household, draw: random.Random) -> Iterator[Question]:
    """The household in each writing; no old units where its commune is made of none whole."""
    line = label(household.record.components, (household.commune, household.province))
    yield Question("exact", line, household)
    yield Question("without accents", unaccented(line), household)
    yield _with_typo(line, household, draw)
    old = _old_units(ga, household, draw)
    if old is not None:
        yield Question("old units", label(household.record.components, old), household)


def _with_typo(line: str, household: Household, draw: random.Random) -> Question:
    """One letter left out, doubled, exchanged or taken for another, in a name: no type word, no number."""
    typed = {at for found in _TYPES.finditer(line) for at in range(*found.span())}
    places = [at for at, c in enumerate(line) if c.isalpha() and at not in typed and not _beside_digit(line, at)]
    at = draw.choice(places)
    slip = draw.choice(("left out", "doubled", "exchanged", "another"))
    if slip == "exchanged" and at + 1 < len(line) and line[at + 1].isalpha():
        text = f"{line[:at]}{line[at + 1]}{line[at]}{line[at + 2 :]}"
    else:
        new = {"left out": "", "doubled": line[at] * 2}.get(slip, draw.choice(_LETTERS))
        text = f"{line[:at]}{new}{line[at + 1 :]}"
    after = line[at:].count(",")
    where = ("province", "commune")[after] if after < 2 else "street or hamlet"
    return Question("one typo", text, household, where)


def _beside_digit(line: str, at: int) -> bool:
    return any(c.isdigit() for c in line[max(0, at - 1) : at + 2])


def _old_units(ga: Geoaddr, household: Household, draw: random.Random) -> tuple[Unit, ...] | None:
    """A commune of before that went into the household's whole, with what held it."""
    gazetteer = ga.gazetteer
    before = gazetteer.translate(household.commune.code, "commune", known_on=gazetteer.date, as_of=EVE)
    whole = [
        unit
        for unit, _ in before
        if unit.level == "commune"
        and len(gazetteer.translate(unit.code, "commune", known_on=EVE, as_of=gazetteer.date)) == 1
    ]
    if not whole:
        return None
    unit = draw.choice(whole)
    return (unit, *gazetteer.ancestors(unit, as_of=EVE))


def same_address(a: AddressRecord, b: AddressRecord) -> bool:
    """Whether nothing tells two households apart but their codes and points: the text asks for both."""
    return a.commune_code == b.commune_code and placed(a) == placed(b) and a.components == b.components
