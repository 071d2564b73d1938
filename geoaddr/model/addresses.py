"""Addresses of the registry, and what happens to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geoaddr.model.base import (
    Accuracy,
    Outcome,
    Record,
    Status,
)
from geoaddr.model.places import (
    Point,
    Unit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Components(Record):
    """The parts of a Vietnamese address, as stated; never anything about a person.

    ``house_number`` số nhà; ``alley`` the chain of ngõ, ngách, hẻm, kiệt from the street inwards;
    ``hamlet`` thôn, ấp or tổ dân phố; ``unit`` the flat; ``poi`` a place's name; ``commune`` and
    ``province`` a code or a name; ``text`` the line as stated, beside the parts that were read out of it, or alone
    where it was not taken apart.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(AddressRecord):
    """The answer to ``amend``: the record as it is now. ``warnings`` are sentences in English and Vietnamese that
    a person should read; they are said once and not kept."""

    warnings: tuple[Mapping[str, str], ...] = ()


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
    English and Vietnamese that a person should read. ``same_address``: where a code was issued, those of some
    other standing households that state the very same address in this commune, or had it before close by.
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
    same_address: tuple[str, ...] = ()
