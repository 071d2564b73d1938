"""From the pieces of an address, each with its role, to its fields; and which of them a search asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geoaddr.interpretation.detail_roles import REST, SAME

Naming = tuple[str | None, str | None, str | None, str | None, str]
"""Of a detail the street, hamlet, building, place and rest."""
Door = tuple[str | None, tuple[str, ...]]
"""The house number and the alleys."""
Brief = tuple[Naming, Door, str | None]
"""What a search asks for: the names, the door, and the flat."""


def brief_of(fields: Mapping[str, Any]) -> Brief:
    """The same of the fields of a detail, those that are there."""
    told = fields.get
    naming = told("street"), told("hamlet"), told("building"), told("poi"), told("rest", "")
    return naming, (told("house_number"), told("alley", ())), told("unit")


def briefly(places: Sequence[tuple[str, int, int]], texts: Sequence[str]) -> Brief:
    """The same of pieces."""
    return brief_of(gathered(places, texts))


def gathered(places: Sequence[tuple[str, int, int]], texts: Sequence[str]) -> dict[str, Any]:
    """The fields of a detail, those that are there, from the roles of its pieces and their ``texts``."""
    only: dict[str, Any] = {place[0]: value for place, value in zip(places, texts, strict=True)}
    only["parts"] = tuple(places)
    if len(only) == len(places) + 1 and _SELDOM.isdisjoint(only):  # each role once, as most have it
        if "alley" in only:
            only["alley"] = (only["alley"],)
        return only
    found: dict[str, dict[str | int, str]] = {}
    for (role, start, _), value in zip(places, texts, strict=True):
        if role == SAME:
            continue
        found.setdefault(role, {}).setdefault(start if role == REST else value.casefold(), value)
    alley = [*found.pop("alley", {}).values()]
    if len(alley) > 1:
        alley.reverse()  # written from the house outwards
        alley.sort(key=_alley_level)
    joined = {
        role: next(iter(values.values())) if len(values) == 1 else ", ".join(values.values())
        for role, values in found.items()
    }
    if "plus_code" in joined:
        joined["plus_code"] = joined["plus_code"].upper()
    return {**joined, "alley": tuple(alley), "parts": tuple(places)}


_SELDOM = frozenset({SAME, "plus_code"})


_ALLEY_RANKS = {"ngõ": 1, "ngo": 1, "ng": 1, "kiệt": 1, "ngách": 2, "ngach": 2, "ngh": 2, "ngóc": 4, "ngoc": 4}


def _alley_level(alley: str) -> tuple[int, int]:
    """How far from the street: ngõ before ngách before hẻm before ngóc, then by the number's own levels."""
    opening = alley.casefold().replace(".", " ").split()[0].rstrip("0123456789/")
    return _ALLEY_RANKS.get(opening, 3), alley.count("/")
