"""What is found: matches with their scores, and completions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geoaddr.model import Components, Point, Record, Status, Unit
from geoaddr.model.quick import quick

MatchLevel = Literal["house", "interpolated", "street", "poi", "building", "hamlet", "code", "commune", "province"]
CoordinateLevel = Literal["house", "interpolated", "neighbour", "street", "place", "cell", "commune", "province"]


@quick
@dataclass(frozen=True, slots=True)
class ScorePart(Record):
    """One part of a score, and the most that it could be for this match: 1 where all that was asked was found."""

    value: float
    ceiling: float


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Record):
    """A place that a text may mean, or an address near a point.

    ``match_level`` says how far the text was followed, ``coordinate_level`` what the point is of; they may differ:
    a street was matched, and the point is that of the nearest known house. ``uncertainty_m``: the radius around
    the point that holds the true place with a probability of 68 %. ``score``: the product of ``score_parts``, each
    0 to 1 (``docs/explanation/finding.md``); ``weight`` the share of this match among all that were found.
    ``distance_m`` is from the point that was asked for, where there is one. ``ndas`` and ``status`` are those
    of an address in the registry. What a caller may not see is ``None``.
    """

    label: str
    components: Components
    ndas: str | None = None
    status: Status | None = None
    vpostcode: str | None = None
    postcode: str | None = None
    point: Point | None = None
    province: Unit | None = None
    commune: Unit | None = None
    score: float
    score_parts: Mapping[str, ScorePart]
    weight: float
    match_level: MatchLevel
    coordinate_level: CoordinateLevel | None = None
    uncertainty_m: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion(Record):
    """What a text that is being typed may become.

    ``text`` is what to put in its place; ``label`` what to show, with what an old name has become. ``kind``:
    ``province``, ``commune``, ``street``, ``place`` (a hamlet, a building, a place's name) or ``house``.
    ``replaces``: the old unit that was typed, where ``commune`` is one that it became.
    """

    text: str
    label: str
    kind: Literal["province", "commune", "street", "place", "house"]
    province: Unit | None
    commune: Unit | None
    replaces: Unit | None = None
    ndas: str | None = None
    point: Point | None = None
