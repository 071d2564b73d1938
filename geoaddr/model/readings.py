"""What a code may stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoaddr.model.addresses import AddressRecord, Alias, Event
from geoaddr.model.base import (
    Record,
    System,
)
from geoaddr.model.places import (
    Cell,
    Point,
    Unit,
)


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
