"""Postcode areas: the land that a Vpostcode's first five digits stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from geoaddr.locating import Locator
from geoaddr.model import Unit

PROVINCE_DIGITS = 2
"""How many leading digits of a postcode name its province."""


@dataclass(frozen=True, slots=True)
class CommuneArea:
    """One commune as the area of a postcode: its box, and whether it holds a point."""

    postcode: str
    bounds: tuple[float, float, float, float]
    row: int
    locator: Locator

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the commune's polygon holds the point, borders included."""
        return self.row in self.locator.index.at(lat, lon)


class Areas:
    """Finds the areas of a postcode; for one that is not known, all areas of its province."""

    def __init__(self, locator: Locator) -> None:
        self._locator = locator
        self._rows = {code: row for row, code in enumerate(locator.codes)}

    def of_postcode(self, postcode: str, as_of: dt.date) -> Sequence[CommuneArea]:
        """The communes that a postcode may mean; for one that is not known, all of its province's."""
        communes = self._communes(postcode, as_of)
        if not communes:
            gazetteer, day = self._locator.gazetteer, self._locator.info.date
            provinces = gazetteer.provinces_of_prefix(postcode[:PROVINCE_DIGITS], as_of=day)
            communes = [c for p in provinces for c in gazetteer.units("commune", as_of=day, parent=p.code)]
        return self._areas(postcode, communes)

    def exactly(self, postcode: str, as_of: dt.date) -> Sequence[CommuneArea]:
        """The communes of a postcode on a date, or on the pack's where it had none then; for one that ended, those
        that got the ground of its last commune."""
        return self._areas(postcode, self._communes(postcode, as_of))

    def _communes(self, postcode: str, as_of: dt.date) -> list[Unit]:
        by_postcode, day = self._locator.gazetteer.by_postcode, self._locator.info.date
        held = by_postcode(postcode, as_of=as_of) or by_postcode(postcode, as_of=day)
        return held or self._locator.gazetteer.heirs_of_postcode(postcode, as_of=as_of)

    def _areas(self, postcode: str, communes: Sequence[Unit]) -> list[CommuneArea]:
        rows = [self._rows[c.code] for c in communes if c.code in self._rows]
        return [CommuneArea(postcode, self._locator.index.bounds(row), row, self._locator) for row in rows]
