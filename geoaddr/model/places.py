"""Points, units and what is found at a point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from geoaddr.errors import InvalidPoint, Said
from geoaddr.model.base import (
    Accuracy,
    Grade,
    Level,
    Record,
    _degrees,
)
from geoaddr.model.quick import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Point(Record):
    """A place on WGS 84: latitude and longitude in degrees, by keyword only."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        lat, lon = _degrees("lat", self.lat), _degrees("lon", self.lon)
        if not -90.0 <= lat <= 90.0:
            hint = abs(lon) <= 90.0 and abs(lat) <= 180.0
            raise InvalidPoint(
                "lat",
                lat,
                Said(
                    "latitude is outside -90 to 90" + ("; did you swap latitude and longitude?" if hint else ""),
                    "vĩ độ nằm ngoài khoảng -90 đến 90"
                    + ("; có phải vĩ độ và kinh độ bị đổi chỗ?" if hint else ""),
                ),
            )
        if not -180.0 <= lon <= 180.0:
            raise InvalidPoint(
                "lon",
                lon,
                Said("longitude is outside -180 to 180", "kinh độ nằm ngoài khoảng -180 đến 180"),
            )
        object.__setattr__(self, "lat", lat)
        object.__setattr__(self, "lon", lon)


@dataclass(frozen=True, slots=True)
class Cell(Record):
    """A rectangle of latitudes and longitudes, in degrees; what a computed code really names."""

    south: float
    west: float
    north: float
    east: float

    @property
    def centre(self) -> Point:
        """The middle of the cell."""
        return Point(lat=(self.south + self.north) / 2, lon=(self.west + self.east) / 2)


@quick
@dataclass(frozen=True, slots=True)
class Unit(Record):
    """An administrative unit as it was during one stretch of its life, ``[valid_from, valid_to)``.

    ``type`` is the Vietnamese word: tỉnh or thành phố for a province; quận, huyện, thị xã or thành phố for
    a district (until 30 June 2025); phường, xã, thị trấn or đặc khu for a commune. ``name`` is the short
    name without it, ``full_name`` both. ``valid_to`` is ``None`` while the unit stands.
    """

    level: Level
    code: str
    name: str
    full_name: str
    type: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    parent: str | None = None
    legal_basis: str | None = None


@dataclass(frozen=True, slots=True)
class WeighedUnit(Unit):
    """A unit that may be meant, with the probability that it is: ``weight``, 0 to 1."""

    weight: float = 1.0

    @classmethod
    def of(cls, unit: Unit, weight: float) -> WeighedUnit:
        """``unit`` with a weight."""
        return cls(**{f.name: getattr(unit, f.name) for f in fields(Unit)}, weight=weight)


@quick
@dataclass(frozen=True, slots=True)
class UnitLink(Record):
    """What became of a unit: ``code`` continues it from ``on``, wholly or in part.

    ``grade``: ``whole`` all of the old unit went there; ``part`` some of it did; ``unknown`` the sources
    do not say. ``note``: ``main`` marks the part that the source takes when nothing more is known.
    """

    level: Level
    code: str
    grade: Grade
    on: dt.date
    legal_basis: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PackInfo(Record):
    """Which data answered: the pack's name, version and date, and how good its boundaries are."""

    name: str
    version: str
    date: dt.date
    boundary_accuracy: Accuracy

    def said(self) -> str:
        """The name, the version and the date as people read them."""
        return f"{self.name} {self.version} ({self.date})"


@dataclass(frozen=True, slots=True)
class LevelBasis(Record):
    """How the unit of one level was found. ``basis``: ``boundary`` by a polygon of the date, its own or that of
    a smaller unit in it; ``succession`` from polygons of other days, through the table of changes.
    ``valid_from``, ``valid_to`` and ``accuracy`` are those of the layer of polygons that answered."""

    basis: Literal["boundary", "succession"]
    valid_from: dt.date
    valid_to: dt.date | None
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Disagreement(Record):
    """Where what is known of a point does not agree: at ``level`` the polygons of the date say ``boundary``
    (codes; none where they leave the point out), everything else ``otherwise``; ``why`` in both languages."""

    level: Level
    boundary: tuple[str, ...]
    otherwise: tuple[str, ...]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Located(Record):
    """A point's units, postcode and computed codes on one date.

    ``inside`` is false, and every unit ``None``, where no unit holds the point. ``candidates`` lists the
    communes when several hold it (overlaps, shared borders), alike in weight; ``commune`` is then the one with the
    smallest code. ``basis`` says how the commune was found: ``boundary`` or, for a date without polygons of
    communes, ``succession`` (from the nearest boundary through the table of changes). ``basis_by_level`` says it
    for each level that has an answer, with the layer that gave it; ``disagreements`` where polygons and changes
    differ.

    ``edge_distance_m``: metres from the point to the nearest border of the commune that holds it, the first of
    several; from outside, to the nearest border of any. ``neighbour``: the commune on the other side of that
    border, ``None`` at the coast and at the national border; from outside, the commune whose border it is.
    Both are ``None`` where no border lies within 1,000 m, and for a date without polygons of communes.

    ``uncertainty_m``: how rough the point was said to be. Where that was said, ``candidates`` lists every commune
    that the point may lie in, the heaviest first, ``commune`` is the heaviest, and ``inside`` is true where
    there is any; only layers of communes are asked. ``outside_weight`` is the probability that the point lies in
    no unit; the weights and it sum to 1.
    """

    point: Point
    as_of: dt.date
    inside: bool
    province: Unit | None
    district: Unit | None
    commune: Unit | None
    postcode: str | None
    vpostcode: str | None
    plus_code: str
    parcel_geohash: str
    edge_distance_m: float | None
    neighbour: Unit | None
    boundary_accuracy: Accuracy
    basis: Literal["boundary", "succession"]
    candidates: tuple[WeighedUnit, ...]
    outside_weight: float
    uncertainty_m: float | None
    pack: PackInfo
    basis_by_level: Mapping[Level, LevelBasis] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()


COMPONENT_NAMES = (
    "house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi", "commune", "province",
    "text",
)  # fmt: skip
