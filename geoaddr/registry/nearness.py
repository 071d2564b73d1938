"""Addresses near a point, exact in metres on the sphere (haversine, see :mod:`geoaddr.distance`)."""

from __future__ import annotations

import math
from heapq import nsmallest

from geoaddr.distance import EARTH_RADIUS_M, haversines_m
from geoaddr.errors import InvalidInput, Said
from geoaddr.model import AddressRecord, Cell, Point
from geoaddr.store import ENDS, Located, Reads

MAX_RADIUS_M = 50_000.0
MAX_LIMIT = 1000

_FIRST_RADIUS_M = 25.0
_GROWTH = 4.0

_FLAT_M = 5_000.0
_FLAT_LAT = 60.0
_FLAT_ERROR = 1.01
"""Up to so far, and so far from the equator, a square of a distance on a plane is off by less than 0.0015 of it:
by the tangent of the latitude times the difference of latitudes."""

_SLACK = 1.0 + 1e-9
"""Boxes are cut this much too large, so that rounding never leaves out a point on the circle."""


def near(reads: Reads, point: Point, *, radius_m: float, limit: int) -> list[tuple[AddressRecord, float]]:
    """Standing addresses at most ``radius_m`` away with their distances, by (distance, code).

    The circle grows until it holds enough: a dense town is never read to find its ten nearest houses. An
    address that ends while it is being looked for is left out.

    :raises InvalidInput: for a radius that is not above 0 and at most 50 km, or a limit outside 1 to 1000.
    """
    _check(radius_m, limit)
    reaches = _reaches(radius_m)
    found: list[tuple[float, str]] = []
    while reaches and len(found) < limit:
        reached, found = _within(reads, point, reaches, limit)
        reaches = reaches[reached + 1 :]
    nearest = sorted(found)[:limit]
    records = reads.records([code for _, code in nearest])
    return [(records[code], away_m) for away_m, code in nearest if records[code].status not in ENDS]


def box_around(lat: float, lon: float, radius_m: float) -> Cell:
    """A box of degrees that holds the circle; cut off at the poles and at the 180th meridian."""
    reach = math.degrees(radius_m / EARTH_RADIUS_M) * _SLACK
    south, north = max(lat - reach, -90.0), min(lat + reach, 90.0)
    if south == -90.0 or north == 90.0:
        return Cell(south, -180.0, north, 180.0)
    sideways = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(lat)))) * _SLACK
    return Cell(south, max(lon - sideways, -180.0), north, min(lon + sideways, 180.0))


def _reaches(radius_m: float) -> list[float]:
    """The radii of circles that grow to ``radius_m``."""
    reaches = [min(_FIRST_RADIUS_M, radius_m)]
    while reaches[-1] < radius_m:
        reaches.append(min(reaches[-1] * _GROWTH, radius_m))
    return reaches


def _within(reads: Reads, point: Point, reaches: list[float], limit: int) -> tuple[int, list[tuple[float, str]]]:
    """Which of some radii was looked within, and distances and codes there: all of them, or the ``limit`` nearest
    and perhaps some others. Smaller ones hold fewer than ``limit``."""
    boxes = [_boxes(point, radius_m) for radius_m in reaches]
    alone = len(boxes[-1]) == 1
    if alone:
        reached, located = reads.points_about([box for (box,) in boxes], limit)
    else:
        reached, located = 0, [there for box in boxes[0] for there in reads.points_in(box)]
    radius_m = reaches[reached]
    if alone and len(located) > limit and radius_m <= _FLAT_M and abs(point.lat) <= _FLAT_LAT:
        located = _nearest_on_a_plane(located, point, limit)
    away = haversines_m(point.lat, point.lon, ((lat, lon) for _, lat, lon in located))
    near = [(away_m, there.ndas) for away_m, there in zip(away, located, strict=True) if away_m <= radius_m]
    return reached, list(dict.fromkeys(near))


def _boxes(point: Point, radius_m: float) -> list[Cell]:
    """What holds a circle, which may reach across the 180th meridian."""
    box = box_around(point.lat, point.lon, radius_m)
    if box.west > -180.0 and box.east < 180.0:
        return [box]
    boxes = [box]
    for lon in (point.lon - 360.0, point.lon + 360.0):
        beyond = box_around(point.lat, lon, radius_m)
        if beyond.west < beyond.east:
            boxes.append(beyond)
    return boxes


def _nearest_on_a_plane(located: list[Located], point: Point, limit: int) -> list[Located]:
    """The ``limit`` nearest and what is as near but for the error of taking the ground for a plane."""
    south, west, narrow = point.lat, point.lon, math.cos(math.radians(point.lat))
    squares = [(lat - south) ** 2 + ((lon - west) * narrow) ** 2 for _, lat, lon in located]
    most = nsmallest(limit, squares)[-1] * _FLAT_ERROR
    return [found for found, square in zip(located, squares, strict=True) if square <= most]


def _check(radius_m: float, limit: int) -> None:
    if not 0.0 < radius_m <= MAX_RADIUS_M:
        raise InvalidInput(
            "radius_m",
            radius_m,
            Said(
                f"not above 0 and at most {MAX_RADIUS_M:,.0f} m",
                f"phải lớn hơn 0 và không quá {MAX_RADIUS_M:,.0f} m",
            ),
        )
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(
            "limit", limit, Said(f"not a number from 1 to {MAX_LIMIT}", f"phải là số từ 1 đến {MAX_LIMIT}")
        )
