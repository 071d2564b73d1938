"""Matches as completions: for a text that is typed to its end, and that nothing begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from geoaddr.finding.records import Completion, Match, MatchLevel

LEAST_WEIGHT = 0.1
"""Matches of a smaller share are no completions."""

_KINDS: dict[MatchLevel, Literal["street", "place", "house"]] = {
    "street": "street",
    "hamlet": "place",
    "building": "place",
    "poi": "place",
    "interpolated": "street",
    "house": "house",
}
"""Units alone are none: they would take the place of the street that was typed."""


def completions_of(matches: Iterable[Match]) -> list[Completion]:
    """What was found of some weight, in its order."""
    return [
        Completion(
            text=match.label,
            label=match.label,
            kind=_KINDS[match.match_level],
            province=match.province,
            commune=match.commune,
            ndas=match.ndas,
            point=match.point,
        )
        for match in matches
        if match.weight >= LEAST_WEIGHT and match.match_level in _KINDS
    ]
