"""What holds a commune, and what a province of one time is at another."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from geoaddr.conversion.records import Candidate
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.reading import Best
from geoaddr.model import Unit


class Holders(NamedTuple):
    """What holds a commune on a day, and its postcode."""

    province: Unit | None
    district: Unit | None
    postcode: str | None
    line: str
    """The names of the commune and of its holders, as an address ends."""


NOTHING = Holders(None, None, None, "")


class Above:
    """Looks up what holds communes, each once. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._holders: dict[tuple[str, dt.date], Holders] = {}
        self._provinces: dict[tuple[str, dt.date, dt.date], dict[str, Unit]] = {}

    def of(self, commune: Unit, day: dt.date) -> Holders:
        """What holds a commune of that day."""
        key = (commune.code, day)
        known = self._holders.get(key)
        if known is None:
            above = self._gazetteer.ancestors(commune, as_of=day)
            by_level = {unit.level: unit for unit in above}
            line = ", ".join([unit.full_name for unit in (commune, *above)])
            postcode = self._gazetteer.postcode(commune.code, as_of=day)
            known = Holders(by_level.get("province"), by_level.get("district"), postcode, line)
            self._holders[key] = known
        return known

    def of_province(self, best: Best | None, day: dt.date) -> Holders:
        """The province alone, for a text of which nothing smaller is known."""
        if best is None or best.province is None:
            return NOTHING
        provinces = list(self.provinces(best.province, day).values())
        return Holders(provinces[0], None, None, "") if len(provinces) == 1 else NOTHING

    def provinces(self, province: Unit, day: dt.date) -> dict[str, Unit]:
        """The provinces of a day that hold the ground of a province of any time, by code."""
        key = (province.code, province.valid_from, day)
        known = self._provinces.get(key)
        if known is None:
            last = province.valid_from if province.valid_to is None else province.valid_to - dt.timedelta(days=1)
            found = self._gazetteer.translate(province.code, "province", known_on=last, as_of=day)
            known = self._provinces[key] = {unit.code: unit for unit, _ in found}
        return known

    def lies_in(self, candidate: Candidate, province: Unit, day: dt.date) -> bool:
        """Whether a commune of that day may lie in a province of any time."""
        mine = self.of(candidate.commune, day).province
        return mine is not None and mine.code in self.provinces(province, day)
