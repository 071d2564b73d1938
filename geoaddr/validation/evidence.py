"""What else was given beside names: codes, a point, a postcode, each with the communes that it allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from geoaddr.codes import plus_code, recognise
from geoaddr.disclosure import at_area_level
from geoaddr.errors import InvalidCode, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.locating import Locator
from geoaddr.model import Point, Reading, Suggestion, Unit
from geoaddr.profiles.vn import POSTCODE_WIDTHS
from geoaddr.resolving import COMPUTED, NOT_ISSUED, Resolver

NEAR_M = 50
"""A point this close to a commune may be in it: phones are off by as much, and so are pins on a map."""
METRES_A_DEGREE = 111_320


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFound:
    """A code and what it says. ``reading``: the best one, ``None`` where it is no code or names no place in the
    country; ``refused``: why it is none; ``communes``: those that it may lie in."""

    written: str
    reading: Reading | None = None
    refused: Said | None = None
    suggestions: tuple[Suggestion, ...] = ()
    communes: frozenset[str] = frozenset()

    @property
    def issued(self) -> bool:
        """Whether the registry knows it, or it is computed and needs nobody to know it."""
        return self.reading is not None and self.reading.status != NOT_ISSUED

    @property
    def by_cells(self) -> bool:
        """Whether only the loaded boundaries tell its commune; a Vpostcode says it itself, by its postcode."""
        return self.reading is not None and self.reading.status == COMPUTED and self.reading.system != "vpostcode"

    @property
    def ended(self) -> bool:
        """Whether its address was retired, superseded or erased."""
        return self.reading is not None and self.reading.status in ("retired", "superseded", "withdrawn")


class CodeReader:
    """Reads codes of any system."""

    def __init__(self, locator: Locator, resolver: Callable[[], Resolver]) -> None:
        self._locator, self._resolver = locator, resolver

    def read(self, written: str, as_of: dt.date, *, area_only: bool, beside: Unit | None) -> CodeFound:
        """What a code says.

        :param area_only: leave out what leads to a house.
        :param beside: the commune of the address, which a short Plus Code is read from.
        """
        try:
            text = self._in_full(written, beside)
            resolved = self._resolver().resolve(text, as_of=as_of)
        except InvalidCode as error:
            return CodeFound(written=written, refused=error.reason)
        if area_only and not resolved.readings and not recognise.forms(text):
            # What a slip may have been meant as depends on which codes exist.
            return CodeFound(written=written, refused=recognise.refusal(text).reason)
        if area_only:
            resolved = at_area_level(resolved)
        readings = resolved.readings
        best = next((r for r in readings if r.status != NOT_ISSUED), readings[0] if readings else None)
        communes = frozenset() if best is None else frozenset(self._communes(best))
        return CodeFound(
            written=written, reading=best, suggestions=tuple(resolved.suggestions or ()), communes=communes
        )

    def _in_full(self, written: str, beside: Unit | None) -> str:
        """A short Plus Code made whole near the middle of the commune."""
        if "+" not in written or recognise.forms(written) or beside is None:
            return written
        box = self._locator.bounds_of(beside.code)
        if box is None:
            return written
        west, south, east, north = box
        return plus_code.recover(written, (south + north) / 2, (west + east) / 2)

    def _communes(self, reading: Reading) -> Iterator[str]:
        if reading.commune is not None:
            yield reading.commune.code
        if reading.status == "computed" and reading.point is not None and reading.system != "vpostcode":
            yield from near_communes(self._locator, reading.point)


def near_communes(locator: Locator, point: Point, radius_m: float = NEAR_M) -> set[str]:
    """The codes of the communes at a point and around it."""
    import math

    up = radius_m / METRES_A_DEGREE
    along = up / max(math.cos(math.radians(point.lat)), 0.01)
    found = set(locator.commune_codes_at(point))
    for north, east in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (0.7, -0.7), (-0.7, 0.7), (-0.7, -0.7)):
        lat, lon = point.lat + north * up, point.lon + east * along
        if abs(lat) <= 90 and abs(lon) <= 180:
            found |= set(locator.commune_codes_at(Point(lat=lat, lon=lon)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodeFound:
    """A postcode: ``kind`` is ``current`` where a commune has it now, ``former`` for six digits and for five that
    no commune has now, ``none`` for what has the form of no postcode."""

    written: str
    kind: Literal["current", "former", "none"]
    commune: Unit | None = None


def postcode_found(gazetteer: Gazetteer, written: str) -> PostcodeFound:
    """What a postcode says today."""
    digits = "".join(written.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) in POSTCODE_WIDTHS):
        return PostcodeFound(written=written, kind="none")
    communes = gazetteer.by_postcode(digits, as_of=gazetteer.date)
    if communes:
        return PostcodeFound(written=written, kind="current", commune=communes[0])
    return PostcodeFound(written=written, kind="former")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFound:
    """A point: the communes that hold it, smallest code first, and those ``near`` it too."""

    point: Point
    at: tuple[str, ...]
    near: Collection[str]


def point_found(locator: Locator, point: Point) -> PointFound:
    """Where a point lies."""
    return PointFound(
        point=point, at=locator.commune_codes_at(point), near=frozenset(near_communes(locator, point))
    )
