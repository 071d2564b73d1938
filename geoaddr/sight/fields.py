"""Which scope each field of an answer needs: the one table of graded disclosure.

A type that is not here holds nothing of a household by itself; what it is made of is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoaddr.disclosure import COMPUTED_SYSTEMS, Scope
from geoaddr.finding.records import Completion, Match
from geoaddr.model import (
    AddressRecord,
    Alias,
    Amended,
    Assigned,
    Cell,
    Change,
    Components,
    Event,
    Located,
    PackInfo,
    Point,
    Reading,
    Unit,
    WeighedUnit,
)
from geoaddr.registry.renaming import NotRenamed
from geoaddr.registry.reviewing import Suspicion

_OF_RECORD: Mapping[str, Scope] = {
    "status": "validity", "version": "validity",
    "commune_code": "area", "issued_on": "area", "superseded_by": "area",
    "components": "address", "aliases": "address", "created_at": "address", "updated_at": "address",
    "point": "point", "point_source": "point", "uncertainty_m": "point", "entrances": "point",
}  # fmt: skip

WITHHELD: Mapping[type, Mapping[str, Scope]] = {
    Reading: {
        "status": "validity",
        "province": "area", "commune": "area", "postcode": "area", "superseded_by": "area",
        "address": "address", "aliases": "address", "history": "address",
        "point": "point", "cell": "point", "vpostcode": "point", "plus_code": "point",
    },
    AddressRecord: _OF_RECORD,
    Amended: _OF_RECORD,
    Assigned: {
        "status": "validity",
        "province": "area", "commune": "area", "postcode": "area",
        "vpostcode": "point", "plus_code": "point", "same_address": "address",
    },
    Event: {"actor": "address", "reason": "address", "details": "address"},
    Change: {"actor": "address", "reason": "address", "details": "address"},
    Match: {
        "ndas": "address", "status": "address", "label": "area", "components": "area",
        "point": "point", "vpostcode": "point", "distance_m": "point",
    },
    Completion: {"ndas": "address", "point": "point"},
    Suspicion: {"evidence": "point", "said": "point"},
    NotRenamed: {"ndas": "address"},
}  # fmt: skip
"""Of each type the fields that may be withheld, and the scope without which they are ``None``."""

HOUSE_LEVELS = frozenset({"house", "interpolated", "poi", "building"})
"""Levels of a match that tell of a single household: its label and components need ``address``."""

OPAQUE: frozenset[type] = frozenset({Unit, WeighedUnit, Point, Cell, Components, PackInfo, Located})
"""Values that are shown or withheld whole."""

_OF_A_POINT = frozenset(
    {"point", "point_source", "uncertainty_m", "entrances", "cell", "vpostcode", "plus_code", "lat", "lon"}
)


def without_point(details: Any) -> Any:
    """The details of an event without what tells where the address lies."""
    if isinstance(details, Mapping):
        return {
            name: without_point(value)
            for name, value in details.items()
            if name not in _OF_A_POINT
            and not (name == "alias" and value is not None and value["system"] in COMPUTED_SYSTEMS)
        }
    if isinstance(details, list | tuple):
        return [without_point(value) for value in details]
    return details


def without_computed(aliases: tuple[Alias, ...]) -> tuple[Alias, ...]:
    """Aliases that are not functions of the point."""
    return tuple(alias for alias in aliases if alias.system not in COMPUTED_SYSTEMS)
