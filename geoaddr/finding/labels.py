"""How places are written: an address on one line, and the usual spelling of a street that many wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from geoaddr.finding.houses import levels_of
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_print import door_line, reprint
from geoaddr.known import read_street
from geoaddr.model import Components, Unit
from geoaddr.named import place_key
from geoaddr.store import Kind
from geoaddr.text.fold import fold_keep_accents

_NUMBER_ALONE = re.compile(r"[0-9][0-9A-Za-z./-]*")

SAMPLE = 25
"""Addresses whose spellings of a street are looked at."""


def label(components: Components, units: Sequence[Unit | None]) -> str:
    """The components and the full names of the units that hold them, from small to large, as people write them and
    as they are read: alleys that are stated as numbers alone stand before the house with strokes (``9/15/18``)."""
    number, alley = _with_strokes(components.house_number, components.alley)
    parts = Detail(
        house_number=number,
        alley=alley,
        street=components.street,
        hamlet=components.hamlet,
        building=components.building,
        floor=_said("tầng", components.floor),
        unit=_said("căn hộ", components.unit),
        poi=components.poi,
    )
    small = reprint(parts)
    if components.text and not small:
        said = {fold_keep_accents(unit.full_name) for unit in units if unit}
        said |= {fold_keep_accents(unit.name) for unit in units if unit}
        pieces = [piece.strip() for piece in components.text.split(",")]
        small = ", ".join(piece for piece in pieces if piece and fold_keep_accents(piece) not in said)
    return ", ".join(piece for piece in (small, full_names(units)) if piece)


def full_names(units: Sequence[Unit | None]) -> str:
    """The units as they stand at the end of a label."""
    return ", ".join(unit.full_name for unit in units if unit)


def label_stated(stated: Mapping[str, Any], units: Sequence[Unit | None], names: str) -> str:
    """:func:`label` of what a door states; ``names``: the :func:`full_names` of the units."""
    if not stated.keys() <= _PLAIN:
        return label(components_stated(stated), units)
    number, alley = _with_strokes(stated.get("house_number"), tuple(stated["alley"]) if "alley" in stated else ())
    small = door_line(number, alley, stated.get("street"))
    if "hamlet" in stated:
        small = f"{small}, {stated['hamlet']}" if small else stated["hamlet"]
    return f"{small}, {names}" if small and names else small or names


def components_stated(stated: Mapping[str, Any]) -> Components:
    """The components that a door states; its alleys may be a list."""
    return Components(**{**stated, "alley": tuple(stated.get("alley", ()))})


_PLAIN = frozenset({"house_number", "alley", "street", "hamlet", "commune", "province"})
"""What most doors state alone, and what a label takes from the units."""


def _with_strokes(number: str | None, alley: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """A house number with the alleys before it that are stated as numbers alone, and the alleys that are left."""
    if alley and number and _are_numbers(alley) and _NUMBER_ALONE.fullmatch(number):
        return "/".join(levels_of(number, alley)), ()
    return number, alley


@lru_cache(maxsize=4096)
def _are_numbers(alley: tuple[str, ...]) -> bool:
    return all(map(_NUMBER_ALONE.fullmatch, alley))


def _said(word: str, value: str | None) -> str | None:
    """A number with the word that says of what; a value that says it itself as it is."""
    return f"{word} {value}" if value and _NUMBER_ALONE.fullmatch(value) else value


def spelling(kind: Kind, key: str, stated: Iterable[Components], *, fewest: int = 1) -> str:
    """The spelling of a name that most addresses share of those that are ``stated``, ``fewest`` at least; else its
    key in capitals."""
    counted = Counter(written for components in stated for written in spellings(kind, key, components))
    best = min(counted, key=lambda written: (-counted[written], -_accents(written), written), default=None)
    if best is None or counted[best] < fewest:
        return key.title()
    return best


def spellings(kind: Kind, key: str, components: Components) -> list[str]:
    """The spellings of a name in what one address states."""
    return [
        written
        for written in _writings(kind, components)
        if key == (place_key(written) if kind == "place" else _street_alone(written))
    ]


def _writings(kind: Kind, components: Components) -> list[str]:
    if kind == "street":
        return [components.street.split(",")[0].strip()] if components.street else []
    stated = (components.poi, components.building, components.hamlet)
    return [written.split(",")[0].strip() for written in stated if written]


def _street_alone(written: str) -> str | None:
    """The key of a street that was written without an alley before it."""
    found = read_street(written)
    return found.street if found.number is None else None


def _accents(written: str) -> int:
    return sum(not c.isascii() for c in written)
