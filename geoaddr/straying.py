"""What a person should hear when the point of an address is changed: it may have left the commune or gone far.

An amendment is never refused for it: a point may have been wrong from the beginning. It is told, since an
interchanged digit moves a household into another province.
"""

from __future__ import annotations

import datetime as dt

from geoaddr.distance import haversine_m, to_box_m
from geoaddr.errors import Said, UnknownUnit
from geoaddr.locating import Locator
from geoaddr.model import AddressRecord, Point

FAR_KM = (100, 10, 1)
"""A new point that is farther from the one before is told of, in whichever commune it lies. Steps, and no
distance: it would tell whoever may write, but not read points, where the household lived."""

SLACK_M = 5_000.0
"""How far outside a commune's box a point is before approximate boundaries say that it is not in it."""


def straying(locator: Locator, before: AddressRecord, point: Point) -> tuple[Said, ...]:
    """What is to be said of a record that is given a point.

    :param before: the record with the point that it had.
    """
    away_m = haversine_m(before.point.lat, before.point.lon, point.lat, point.lon)
    return (*_elsewhere(locator, before, point), *[_far(km) for km in FAR_KM if away_m > km * 1000][:1])


def astray(record: AddressRecord) -> tuple[Said, ...]:
    """What is to be said of a record that is given entrances: one of them may be a place of somebody else."""
    away_m = max(
        (haversine_m(record.point.lat, record.point.lon, gate.lat, gate.lon) for gate in record.entrances),
        default=0.0,
    )
    km = next((km for km in FAR_KM if away_m > km * 1000), None)
    if km is None:
        return ()
    return (
        Said(f"an entrance is more than {km} km from the point", f"một lối vào cách điểm của địa chỉ hơn {km} km"),
    )


def _elsewhere(locator: Locator, record: AddressRecord, point: Point) -> tuple[Said, ...]:
    """Whether a point lies outside the communes of today that the commune of a record's code went into."""
    held_by = locator.commune_codes_at(point)
    filed = filed_under(locator, record.commune_code, record.issued_on)
    if not filed or not all(lies_outside(locator, code, point, held_by) for code in filed):
        return ()
    was, there = ", ".join(names_of(locator, filed)), ", ".join(names_of(locator, held_by))
    return (
        Said(
            f"the code was issued under {was}, but the point lies in {there or 'no commune'}",
            f"mã được cấp tại {was}, nhưng điểm nằm ở {there or 'ngoài mọi xã, phường'}",
        ),
    )


def filed_under(locator: Locator, commune: str, issued_on: dt.date) -> tuple[str, ...]:
    """All communes of today that a commune of then went into; none for one that nobody knows."""
    try:
        units = locator.gazetteer.translate(commune, "commune", known_on=issued_on, as_of=locator.info.date)
    except UnknownUnit:
        return ()
    return tuple(unit.code for unit, _ in units if unit.level == "commune")


def lies_outside(locator: Locator, code: str, point: Point, held_by: tuple[str, ...]) -> bool:
    """Whether a point that the communes ``held_by`` hold is outside another: by exact boundaries for certain, by
    approximate ones only where it is :data:`SLACK_M` from its box."""
    if code in held_by:
        return False
    bounds = locator.bounds_of(code)
    if bounds is None:
        return False
    return locator.info.boundary_accuracy == "exact" or to_box_m(point, bounds) > SLACK_M


def names_of(locator: Locator, codes: tuple[str, ...]) -> list[str]:
    """Communes of today as people read them, with their codes."""
    units = (locator.gazetteer.unit(code, level="commune", as_of=locator.info.date) for code in codes)
    return [f"{unit.full_name} ({unit.code})" for unit in units]


def _far(km: int) -> Said:
    return Said(f"the point was moved by more than {km} km", f"điểm đã được dời hơn {km} km")
