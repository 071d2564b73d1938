"""The answer that is asked for most, taken apart by hand for JSON.

What reads the fields of any record one by one takes longer than all else that JSON needs; here each is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from geoaddr.model import AddressRecord, Event, Point, Reading, Resolved, Unit, plain

MOST_UNITS = 8192

_written: dict[int, tuple[Unit, orjson.Fragment]] = {}
"""Units by their identity, with their JSON: a few thousand come again and again. A unit is kept here, so that no
other has its place in memory."""


def keep_written(units: Iterable[Unit]) -> None:
    """Write these units now; a process that is forked afterwards shares them."""
    for unit in units:
        _unit(unit)


def flat(resolved: Resolved) -> dict[str, Any]:
    """``resolved`` as ``to_dict`` gives it, in the same order, ready for JSON."""
    return {
        "input": resolved.input,
        "readings": list(map(_reading, resolved.readings)),
        "suggestions": resolved.suggestions,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    cell, history = reading.cell, reading.history
    return {
        "system": reading.system,
        "code": reading.code,
        "status": reading.status,
        "point": _point(reading.point),
        "cell": None
        if cell is None
        else {"south": cell.south, "west": cell.west, "north": cell.north, "east": cell.east},
        "province": _unit(reading.province),
        "commune": _unit(reading.commune),
        "postcode": reading.postcode,
        "address": _address(reading.address),
        "ndas": reading.ndas,
        "vpostcode": reading.vpostcode,
        "plus_code": reading.plus_code,
        "aliases": reading.aliases,
        "superseded_by": reading.superseded_by,
        "history": None if history is None else list(map(_event, history)),
    }


def _address(record: AddressRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    stated = record.components
    return {
        "ndas": record.ndas,
        "status": record.status,
        "components": None
        if stated is None
        else {
            "house_number": stated.house_number,
            "alley": stated.alley,
            "street": stated.street,
            "hamlet": stated.hamlet,
            "building": stated.building,
            "floor": stated.floor,
            "unit": stated.unit,
            "poi": stated.poi,
            "commune": stated.commune,
            "province": stated.province,
            "text": stated.text,
        },
        "commune_code": record.commune_code,
        "issued_on": record.issued_on,
        "point": _point(record.point),
        "point_source": record.point_source,
        "uncertainty_m": record.uncertainty_m,
        "entrances": record.entrances,
        "aliases": record.aliases,
        "superseded_by": record.superseded_by,
        "version": record.version,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "ndas": event.ndas,
        "number": event.number,
        "kind": event.kind,
        "at": event.at,
        "actor": event.actor,
        "reason": event.reason,
        "details": event.details,
    }


def _point(point: Point | None) -> dict[str, float] | None:
    return None if point is None else {"lat": point.lat, "lon": point.lon}


def _unit(unit: Unit | None) -> orjson.Fragment | None:
    if unit is None:
        return None
    known = _written.get(id(unit))
    if known is None or known[0] is not unit:
        if len(_written) >= MOST_UNITS:
            _written.clear()
        known = _written[id(unit)] = unit, orjson.Fragment(orjson.dumps(unit, default=plain))
    return known[1]
