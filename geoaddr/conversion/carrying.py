"""A unit of one time in the communes of another: worked out once for each unit and day, then looked up."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from geoaddr.conversion.records import Candidate
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Grade, Unit
from geoaddr.profiles.vn import REFORM

EVE = REFORM - dt.timedelta(days=1)
"""The last day of the units of before the reform."""

MAIN_SHARE = 0.65
"""How often an address of a split commune lies in the part that the notes name first: 296 of 449 real ones."""

GRADES: dict[Grade, Literal["whole", "part"] | None] = {"whole": "whole", "part": "part", "unknown": None}


class Carrier:
    """Carries units from one day to another. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._known: dict[tuple[str, dt.date, dt.date], tuple[Candidate, ...]] = {}

    def carried(self, unit: Unit, day: dt.date) -> tuple[Candidate, ...]:
        """The communes of ``day`` that hold the ground of ``unit``, heaviest first; their weights sum to 1.

        A commune of that day stands for itself. A district is all its communes; a province is none.
        """
        key = (unit.code, unit.valid_from, day)
        known = self._known.get(key)
        if known is None:
            found = self._commune(unit, day) if unit.level == "commune" else self._district(unit, day)
            known = self._known[key] = tuple(sorted(found, key=lambda c: (-c.weight, c.commune.code)))
        return known

    def _commune(self, unit: Unit, day: dt.date) -> list[Candidate]:
        if unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to):
            return [Candidate(unit, 1.0, "name", None, unit.legal_basis)]
        known_on = unit.valid_from if unit.valid_to is None else unit.valid_to - dt.timedelta(days=1)
        after = self._gazetteer.translate(unit.code, "commune", known_on=known_on, as_of=day)
        if len(after) == 1:
            successor, grade = after[0]
            return [Candidate(successor, 1.0, "whole", GRADES[grade], self._basis(unit, successor))]
        main = {link.code for link in self._gazetteer.successors(unit) if link.note == "main"}
        firsts = {u.code for u, _ in after if u.code in main} if day > EVE else set()
        found = []
        for successor, grade in after:
            if not firsts:
                weight = 1 / len(after)
            elif successor.code in firsts:
                weight = MAIN_SHARE / len(firsts)
            else:
                weight = (1 - MAIN_SHARE) / (len(after) - len(firsts))
            why: Literal["note", "prior"] = "note" if firsts else "prior"
            found.append(Candidate(successor, weight, why, GRADES[grade], self._basis(unit, successor)))
        return found

    def _district(self, unit: Unit, day: dt.date) -> list[Candidate]:
        if unit.level != "district":
            return []
        inside = self._gazetteer.units("commune", as_of=EVE, parent=unit.code)
        if not inside:  # an island district without communes, a special zone since
            after = self._gazetteer.translate(unit.code, "district", known_on=unit.valid_from, as_of=day)
            return [
                Candidate(zone, 1 / len(after), "whole", GRADES[grade], self._basis(unit, zone))
                for zone, grade in after
                if zone.level == "commune"
            ]
        weights: dict[str, float] = {}
        communes: dict[str, Candidate] = {}
        for commune in inside:
            for candidate in self.carried(commune, day):
                code = candidate.commune.code
                weights[code] = weights.get(code, 0.0) + candidate.weight / len(inside)
                communes[code] = candidate
        return [
            Candidate(c.commune, weights[code], "prior", "part", c.legal_basis) for code, c in communes.items()
        ]

    def _basis(self, unit: Unit, other: Unit) -> str | None:
        """The resolution that led from one to the other: that of the later one."""
        return max(unit, other, key=lambda u: u.valid_from).legal_basis
