"""Which units a form's codes mean: the reform used most codes again, for other ground than before.

A district, or a day before the reform, dates all codes of a form; else both units that had a commune's code
are possible, as far as the province that is stated agrees with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geoaddr.conversion import EVE
from geoaddr.errors import UnknownUnit
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, UnitMatch
from geoaddr.model import Level, Unit
from geoaddr.profiles.vn import CODE_WIDTH, REFORM

TODAY = 0.6
"""The share of today's unit where a code may mean one of before the reform as well: an estimate."""

LEVELS: tuple[Level, ...] = ("commune", "district", "province")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a form with a commune's code says: that commune, the units that hold it on the ``day`` of its code, by
    level, as far as the form states them, and its share among several meanings."""

    commune: Unit
    day: dt.date
    stated: Mapping[Level, Unit]
    share: float = 1.0


class UnitCodes:
    """Dates the codes of a form."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def unit(self, level: Level, written: str, fields: Mapping[str, str], as_of: dt.date | None) -> Unit | None:
        """The likeliest unit of a field's code among the other ``fields``; ``None`` where it is none's code."""
        if not is_unit_code(level, written):
            return None
        meant = self.meanings(fields, as_of)
        if meant and level in meant[0].stated:
            return meant[0].stated[level]
        return next(iter(self._units(level, written, dates(fields, as_of))), None)

    def meanings(self, fields: Mapping[str, str], as_of: dt.date | None) -> list[Meaning]:
        """What the fields of a form can mean whose commune is given as a code, likeliest first; none where it is
        not, or nothing ever had that code."""
        code = fields.get("commune", "")
        if not is_unit_code("commune", code):
            return []
        communes = self._units("commune", code, dates(fields, as_of))
        found = [self._meaning(unit, day, fields) for unit, day in communes.items()]
        agreeing = [each for each in found if "province" in each.stated] or found
        if "district" in fields or as_of is not None:
            return agreeing[:1]
        return _shared(agreeing)

    def reading(
        self, meaning: Meaning, spans: Mapping[Level, tuple[int, int]], rest: tuple[tuple[int, int], ...]
    ) -> Interpretation:
        """A meaning as a reading of a line in which the fields of units have ``spans``. A code is no matter of
        spelling, so nothing counts against it."""
        above, stated = self._above(meaning.commune, meaning.day), meaning.stated
        return Interpretation(
            province=above.get("province"),
            district=above.get("district"),
            commune=meaning.commune,
            era="old" if meaning.day < REFORM else "new",
            matches=tuple(
                UnitMatch(stated[level], stated[level].name, spans[level], "exact", 0.0)
                for level in LEVELS
                if level in stated and level in spans
            ),
            inferred=tuple(level for level in LEVELS if level in above and level not in stated),
            score=1.0,
            weight=meaning.share,
            rest=rest,
        )

    def _units(self, level: Level, code: str, days: Sequence[dt.date | None]) -> dict[Unit, dt.date]:
        """The units that had a code on those days, else the last that ever had it, each with a day of its own."""
        found: dict[Unit, dt.date] = {}
        for day in days:
            try:
                unit = self._gazetteer.unit(code, level=level, as_of=day or self._gazetteer.date)
            except UnknownUnit:
                continue
            found.setdefault(unit, day or self._gazetteer.date)
        for unit in reversed(self._gazetteer.versions(code, level)) if not found else ():
            ended = unit.valid_to or unit.valid_from + dt.timedelta(days=1)
            return {unit: ended - dt.timedelta(days=1)}
        return found

    def _meaning(self, commune: Unit, day: dt.date, fields: Mapping[str, str]) -> Meaning:
        stated: dict[Level, Unit] = {"commune": commune}
        for level, unit in self._above(commune, day).items():
            written = fields.get(level)
            if written is None:
                continue
            named = self._gazetteer.find(written, level=unit.level, as_of=day)
            if unit.code == written or unit.code in {other.code for other in named}:
                stated[level] = unit
        return Meaning(commune, day, stated)

    def _above(self, commune: Unit, day: dt.date) -> dict[Level, Unit]:
        return {unit.level: unit for unit in self._gazetteer.ancestors(commune, as_of=day)}


def is_unit_code(level: Level, written: str) -> bool:
    """Whether a field has the form of a code of its level."""
    return written.isascii() and written.isdigit() and len(written) == CODE_WIDTH[level]


def dates(fields: Mapping[str, str], as_of: dt.date | None) -> tuple[dt.date | None, ...]:
    """The days of which the codes of a form may be, likeliest first; ``None`` stands for the day of the data.
    No day after the reform makes a district's code one of today's."""
    district = fields.get("district", "")
    if is_unit_code("district", district) and (as_of is None or as_of >= REFORM):
        return EVE, None
    if as_of is not None:
        return (as_of,)
    return (EVE, None) if district else (None, EVE)


def _shared(meanings: Sequence[Meaning]) -> list[Meaning]:
    """Meanings with a share each, that of today's unit the larger one."""
    if len(meanings) < 2:
        return list(meanings)
    rest = (1 - TODAY) / (len(meanings) - 1)
    return [replace(each, share=TODAY if n == 0 else rest) for n, each in enumerate(meanings)]
