"""The styles in which people write addresses, and how a commune is written in each of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM, TYPE_ABBREVIATIONS
from geoaddr.synthetic import draws
from geoaddr.synthetic.draws import Use
from geoaddr.synthetic.names import unaccented

Style = Literal["official", "abbreviated", "unaccented", "old"]
STYLES: tuple[Style, ...] = get_args(Style)
MIXED = "mixed"
MIX = (0.4, 0.65, 0.85, 1.0)
"""In a mixture, how far the share of each style reaches; made up."""

Region = Literal["north", "centre", "south"]
NORTH_LAT, CENTRE_LAT = 18.0, 14.5
"""North of these, alleys are ngõ and ngách, or kiệt; south of both they stand before the number with slashes."""

EVE = REFORM - dt.timedelta(days=1)

_SHORT = {word: short for short, word in TYPE_ABBREVIATIONS.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """How the end of an address in a commune is written: for each style one way or, for old units, several."""

    region: Region
    ends: dict[Style, tuple[str, ...]]


def place_of(gazetteer: Gazetteer, commune: Unit, province: Unit, lat: float, day: dt.date) -> Place:
    """The place of a commune whose middle lies at a latitude."""
    official = f"{commune.full_name}, {province.full_name}"
    ends: dict[Style, tuple[str, ...]] = {
        "official": (official,),
        "abbreviated": (f"{_abbreviated(commune)}, {_abbreviated(province)}",),
        "unaccented": (unaccented(official),),
        "old": _old(gazetteer, commune, day) or (official,),
    }
    return Place("north" if lat >= NORTH_LAT else "centre" if lat >= CENTRE_LAT else "south", ends)


def _abbreviated(unit: Unit) -> str:
    return f"{_SHORT[unit.type]}. {unit.name}"


def _old(gazetteer: Gazetteer, commune: Unit, day: dt.date) -> tuple[str, ...]:
    """The commune's predecessors; those that went into it whole, where there are any."""
    links = gazetteer.translate(commune.code, "commune", known_on=day, as_of=EVE)
    units = [unit for unit, _ in links]
    whole = [
        unit
        for unit in units
        if len(gazetteer.translate(unit.code, unit.level, known_on=EVE, as_of=day)) == 1
        and unit.level == "commune"
    ]
    return tuple(
        ", ".join(each.full_name for each in (unit, *gazetteer.ancestors(unit, as_of=EVE)))
        for unit in whole or units
    )


def styles_of(choice: str) -> tuple[Style, ...]:
    """The styles that a choice may use."""
    return STYLES if choice == MIXED else tuple(style for style in STYLES if style == choice)


def drawn_styles(choice: str, keys: NDArray[np.uint64], household: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each household the position of its style among :func:`styles_of`."""
    if choice != MIXED:
        return np.zeros(len(keys), dtype=np.int64)
    return np.searchsorted(MIX[:-1], draws.share(keys, Use.STYLE, household), side="right")
