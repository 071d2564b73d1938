"""The values that the platform speaks in: points, units, codes' readings, address records, answers.

All are frozen dataclasses. Each reads as attributes (``answer.commune.code``), as a mapping
(``answer["commune"]["code"]``, ``dict(answer)``) and as plain JSON-ready data (``answer.to_dict()``).
Codes are strings, dates are :class:`datetime.date`, coordinates are WGS 84 degrees, lengths are metres.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from geoaddr.errors import InvalidDate, InvalidInput, InvalidPoint, Said

Level = Literal["province", "district", "commune"]
Grade = Literal["whole", "part", "unknown"]
System = Literal["ndas", "vpostcode", "plus_code", "location_id", "parcel"]
Status = Literal["proposed", "verified", "live", "retired", "superseded", "withdrawn"]
Outcome = Literal["created", "existing"]
Accuracy = Literal["exact", "approximate", "none"]

STATUSES: tuple[Status, ...] = ("proposed", "verified", "live", "retired", "superseded", "withdrawn")
"""The life of an address, in order; the last three are ends. Of a withdrawn one nothing is kept but its code."""


class Record:
    """What all values share: they read as attributes, as a mapping and as plain data."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        if name not in self.keys():
            raise KeyError(name)
        return getattr(self, name)

    def keys(self) -> list[str]:
        """The names of the fields, in their order."""
        return [f.name for f in fields(self)]  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def to_dict(self) -> dict[str, Any]:
        """Plain data: dicts, lists, strings, numbers, booleans and ``None``; dates as ISO 8601."""
        return {name: plain(getattr(self, name)) for name in self.keys()}


def plain(value: Any) -> Any:
    """``value`` as JSON-ready data."""
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


EARLIEST_DATE = dt.date(2018, 1, 1)
"""The data says nothing of earlier days; a date before this is an error, not an empty answer."""


def day_from(text: object, name: str) -> dt.date:
    """The day of a text ``YYYY-MM-DD``; ISO 8601 has weeks and other forms too, which are not taken.

    :raises InvalidDate: for anything else.
    """
    try:
        if isinstance(text, str) and len(text) == len("YYYY-MM-DD") and text[4] == text[7] == "-":
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidDate(name, text, Said("not a date; write YYYY-MM-DD", "không phải ngày; hãy viết YYYY-MM-DD"))


def as_date(value: dt.date | str, name: str = "as_of") -> dt.date:
    """A date from a ``date`` or a text in the one form ``2025-06-30``.

    :raises InvalidDate: for anything else, and for days before 2018.
    """
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        value = day_from(value, name)
    if value < EARLIEST_DATE:
        raise InvalidDate(
            name,
            value.isoformat(),
            Said("the data begins on 2018-01-01", "dữ liệu bắt đầu từ ngày 2018-01-01"),
        )
    return value


def _degrees(name: str, value: Any) -> float:
    if value is None:
        raise InvalidPoint(name, None, Said("missing", "còn thiếu"))
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise InvalidPoint(name, value, Said("not a number", "không phải là số"))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidPoint(name, value, Said("not a finite number", "không phải số hữu hạn"))
    return number


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
    Both are ``None`` where no border lies within 1,500 m, and for a date without polygons of communes.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Components(Record):
    """The parts of a Vietnamese address, as stated; never anything about a person.

    ``house_number`` số nhà; ``alley`` the chain of ngõ, ngách, hẻm, kiệt from the street inwards;
    ``hamlet`` thôn, ấp or tổ dân phố; ``unit`` the flat; ``poi`` a place's name; ``commune`` and
    ``province`` a code or a name; ``text`` the line as written, where it was not taken apart.
    """

    house_number: str | None = None
    alley: tuple[str, ...] = ()
    street: str | None = None
    hamlet: str | None = None
    building: str | None = None
    floor: str | None = None
    unit: str | None = None
    poi: str | None = None
    commune: str | None = None
    province: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Alias(Record):
    """Another name of an address: a code of another system, valid ``[valid_from, valid_to)``."""

    system: str
    code: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRecord(Record):
    """One addressed object and its code for life.

    ``ndas`` ten digits, the first five the frozen label of the issuing area; ``commune_code`` the commune
    that held it on ``issued_on``, the day of the data by which it was decided (the moment of issue is
    ``created_at``); ``point`` WGS 84, obtained by ``point_source`` (``declared``, ``survey``,
    ``imported``), good to ``uncertainty_m`` metres where known; ``version`` counts changes from 1;
    ``superseded_by`` the codes that replace a superseded record. Of a withdrawn one the components are blank, and
    ``point`` is a whole degree nearby, by the ``point_source`` ``withdrawn``.
    """

    ndas: str
    status: Status
    components: Components
    commune_code: str
    issued_on: dt.date
    point: Point
    point_source: str = "declared"
    uncertainty_m: float | None = None
    entrances: tuple[Point, ...] = ()
    aliases: tuple[Alias, ...] = ()
    superseded_by: tuple[str, ...] = ()
    version: int = 1
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class Event(Record):
    """One entry of an address's history; never changed once written. ``at`` is UTC, ISO 8601."""

    ndas: str
    number: int
    kind: str
    at: str
    actor: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    """An event as the feed of a registry has it: ``cursor`` is where to go on after it."""

    cursor: str
    ndas: str
    number: int
    kind: str
    at: str
    actor: str
    reason: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Record):
    """A stretch of the feed, oldest first; ``cursor`` is where to go on, the same when nothing was new."""

    changes: tuple[Change, ...]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Record):
    """The answer to ``assign``: the record and whether it is new or was there (``existing``).

    ``check_letter`` may be printed after the code; it is never required. ``warnings`` are sentences in
    English and Vietnamese that a person should read.
    """

    outcome: Outcome
    ndas: str
    check_letter: str
    status: Status
    vpostcode: str | None
    plus_code: str
    postcode: str
    province: Unit
    commune: Unit
    address: AddressRecord
    boundary_accuracy: Accuracy
    warnings: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Record):
    """One way to understand a code.

    ``status``: of an address (``proposed`` to ``withdrawn``) where the registry knows the code,
    ``not_issued`` for a well-formed one that it does not, ``computed`` for a code that is a function of
    the point. ``ndas`` is the address behind an alias. Fields that a caller may not see are ``None``.
    """

    system: System
    code: str
    status: str
    point: Point | None = None
    cell: Cell | None = None
    province: Unit | None = None
    commune: Unit | None = None
    postcode: str | None = None
    address: AddressRecord | None = None
    ndas: str | None = None
    vpostcode: str | None = None
    plus_code: str | None = None
    aliases: tuple[Alias, ...] | None = None
    superseded_by: tuple[str, ...] | None = None
    history: tuple[Event, ...] | None = None


@dataclass(frozen=True, slots=True)
class Suggestion(Record):
    """A code that a wrong one may have been meant as, and why: ``kind`` (``substitution``,
    ``transposition``, ``missing``, ``extra``, ``check_letter``), ``position`` (of the first wrong character,
    from 1, separators not counted), whether it is ``issued``, and a ``reason`` in both languages.
    ``in_area``: for an NDAS code, whether its area is a postcode; for a Vpostcode, whether its cell lies in
    the postcode's area."""

    code: str
    kind: str
    position: int
    issued: bool
    in_area: bool
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resolved(Record):
    """Every reading of one input, most specific first, and for a code that fails what it may have been."""

    input: str
    readings: tuple[Reading, ...]
    suggestions: tuple[Suggestion, ...] | None = ()


SHOWN_NAME = 100
"""How much of a name that the caller chose an error repeats."""


def reject_unknown(given: Mapping[str, Any], known: tuple[str, ...], what: Said) -> None:
    """Refuse a mapping with a field that ``what`` (in both languages) does not have, naming the field.

    :raises InvalidInput: for the first unknown field.
    """
    for name in given:
        if name not in known:
            listed = ", ".join(known)
            raise InvalidInput(
                str(name)[:SHOWN_NAME],
                given[name],
                Said(
                    f"not a field of {what.en}; known: {listed}", f"không phải trường của {what.vi}; có: {listed}"
                ),
            )
