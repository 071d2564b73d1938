"""Provinces that a text names beside the units that were read in it: no part of what stands below these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_compiled import cleaned
from geoaddr.interpretation.detail_roles import SAME
from geoaddr.interpretation.reading import Reading
from geoaddr.model import Unit
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold

_TYPES = frozenset({"tp", "t", "tinh", "thanh pho"})
_MOST_CHARACTERS = 40
_UNEXPLAINED = ("hamlet", "poi", "rest")
"""The roles of a name that no word explains."""

Place = tuple[str, int, int]


def without_provinces(text: str, detail: Detail, reading: Reading, gazetteer: Gazetteer) -> Detail:
    """The detail without names of provinces behind the first unit: an address is in one province, the reading's.
    Where it is that one that is named again, nothing is left of it; any other goes to the rest."""
    if detail.hamlet is None and detail.poi is None and not detail.rest:
        return detail
    parts = [(role_of(text, part, reading, gazetteer), *part[1:]) for part in detail.parts]
    changed = {role for before, after in zip(detail.parts, parts, strict=True) if before != after
               for role in (before[0], after[0])}  # fmt: skip
    if not changed:
        return detail
    changes: dict[str, Any] = {role: _joined(text, parts, role) for role in _UNEXPLAINED if role in changed}
    if "rest" in changes:
        changes["rest"] = changes["rest"] or ""
    return replace(detail, parts=tuple(parts), **changes)


def role_of(text: str, part: Place, reading: Reading, gazetteer: Gazetteer) -> str:
    """The role of a part of a detail, where it is a province's name that of such a name."""
    role, begin, end = part
    if role not in _UNEXPLAINED or not any(span[0] <= begin for _, span in reading.named):  # before all units
        return role
    named = provinces_named(text[begin:end], gazetteer)
    if not named:
        return role
    return (
        SAME if reading.province is not None and reading.province.code in {unit.code for unit in named} else "rest"
    )


def stray_provinces(text: str, detail: Detail, gazetteer: Gazetteer) -> Iterator[tuple[Unit, ...]]:
    """For each name of a province in the rest of a detail the provinces that it may be."""
    for role, begin, end in detail.parts:
        if role == "rest" and (units := provinces_named(text[begin:end], gazetteer)):
            yield units


def provinces_named(name: str, gazetteer: Gazetteer) -> tuple[Unit, ...]:
    """The provinces, of today or of the reform's eve, whose whole name this is, with or without the type."""
    name = name.strip(" .,;:-")
    if len(name) > _MOST_CHARACTERS or not name or any(letter.isdigit() for letter in name):
        return ()
    return _named(name, gazetteer)


@lru_cache(maxsize=4096)
def _named(name: str, gazetteer: Gazetteer) -> tuple[Unit, ...]:
    first, _, rest = name.partition(" ")
    names = [name, rest] if rest and fold(first).rstrip(".") in _TYPES else [name]
    return tuple(
        unit
        for day in (gazetteer.date, REFORM - dt.timedelta(days=1))
        for each in names
        for unit in gazetteer.find(each, level="province", as_of=day)
    )


def _joined(text: str, parts: list[Place], role: str) -> str | None:
    return ", ".join(dict.fromkeys(cleaned(text[a:b]) for each, a, b in parts if each == role)) or None
