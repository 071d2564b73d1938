"""A unit of one time in the communes of another: worked out once for each unit and day, then looked up."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from geoaddr.conversion import shares
from geoaddr.conversion.records import Basis, Candidate
from geoaddr.gazetteer import Gazetteer
from geoaddr.model import Grade, Unit, UnitLink
from geoaddr.profiles.vn import REFORM
from geoaddr.text.fold import fold

EVE = REFORM - dt.timedelta(days=1)
"""The last day of the units of before the reform."""

GRADES: dict[Grade, Literal["whole", "part"] | None] = {"whole": "whole", "part": "part", "unknown": None}
TOWNS = ("Phường", "Thị trấn")


class Carrier:
    """Carries units from one day to another. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._known: dict[tuple[str, dt.date, dt.date], tuple[Candidate, ...]] = {}
        self._names: dict[str, str] = {}
        self._sources: dict[str, list[tuple[Unit, UnitLink]]] = {}

    def carried(self, unit: Unit, day: dt.date) -> tuple[Candidate, ...]:
        """The communes of ``day`` that hold the ground of ``unit``, heaviest first; their weights sum to 1.

        A commune of that day stands for itself. A district is all its communes; a province is none.
        """
        key = (unit.code, unit.valid_from, day)
        known = self._known.get(key)
        if known is None:
            found = self._commune(unit, day) if unit.level == "commune" else self._district(unit, day)
            if len(found) > 1:
                found.sort(key=lambda c: (-c.weight, c.commune.code))
            known = self._known[key] = tuple(found)
        return known

    def _commune(self, unit: Unit, day: dt.date) -> list[Candidate]:
        if unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to):
            return [Candidate(unit, 1.0, "name", None, unit.legal_basis)]
        after = self._gazetteer.became(unit, as_of=day)
        if any(other.level != "commune" for other, _ in after):  # some special zones were districts without any
            after = [(other, grade) for other, grade in after if other.level == "commune"]
        if len(after) == 1:
            successor, grade = after[0]
            return [Candidate(successor, 1.0, "whole", GRADES[grade], _resolution(unit, successor))]
        if not after:
            return []
        if day > EVE:
            weights, why = self._parts(unit, [u for u, _ in after])
        else:
            weights, why = self._made_of(unit, [u for u, _ in after]), "prior"
        return [
            Candidate(other, weight, why, GRADES[grade], _resolution(unit, other))
            for (other, grade), weight in zip(after, weights, strict=True)
        ]

    def _parts(self, unit: Unit, successors: list[Unit]) -> tuple[list[float], Basis]:
        """The share of each successor of a divided commune, and whether the note tells a main part."""
        main, own = self._gazetteer.main_parts(unit), self._folded(unit.name)
        parts = []
        for other in successors:
            sources = self._sources_of(other.code)
            near = [source.parent for source, _ in sources].count(unit.parent)
            parts.append(
                shares.Part(
                    main=other.code in main,
                    same_name=self._folded(other.name) == own,
                    same_code=other.code == unit.code,
                    same_district=near / len(sources) if sources else 0.0,
                )
            )
        return shares.of_parts(parts), "note" if any(part.main for part in parts) else "prior"

    def _made_of(self, unit: Unit, predecessors: list[Unit]) -> list[float]:
        """The share of each commune that one of today was made of."""
        links = {source.code: link for source, link in self._sources_of(unit.code)}
        sources = []
        for other in predecessors:
            link = links.get(other.code)
            whole = link is None or link.grade == "whole" or link.note == "main"
            sources.append(shares.Source(whole, other.code == unit.code, other.type in TOWNS))
        return shares.of_sources(sources)

    def _sources_of(self, code: str) -> list[tuple[Unit, UnitLink]]:
        """The communes of the reform's eve that a commune was made of, with their links."""
        known = self._sources.get(code)
        if known is None:
            made = self._gazetteer.unit(code, as_of=REFORM, level="commune")
            known = self._sources[code] = [
                (source, link) for source, link in self._gazetteer.made_of(made) if link.level == "commune"
            ]
        return known

    def _district(self, unit: Unit, day: dt.date) -> list[Candidate]:
        if unit.level != "district":
            return []
        inside = self._gazetteer.units("commune", as_of=EVE, parent=unit.code)
        if not inside:  # an island district without communes, a special zone since
            after = self._gazetteer.translate(unit.code, "district", known_on=unit.valid_from, as_of=day)
            return [
                Candidate(zone, 1 / len(after), "whole", GRADES[grade], _resolution(unit, zone))
                for zone, grade in after
                if zone.level == "commune"
            ]
        own = self._folded(unit.name)
        pieces: dict[str, shares.Piece] = {}
        communes: dict[str, Candidate] = {}
        for commune in inside:
            for candidate in self.carried(commune, day):
                code, name = candidate.commune.code, candidate.commune.name
                piece = pieces.get(code)
                if piece is None:
                    piece = pieces[code] = shares.Piece(0.0, 0.0, self._folded(name) == own)
                piece.communes += candidate.weight
                piece.towns += candidate.weight * (commune.type in TOWNS)
                communes[code] = candidate
        weights = shares.of_pieces(list(pieces.values()))
        return [
            Candidate(c.commune, weight, "prior", "part", c.legal_basis)
            for c, weight in zip(communes.values(), weights, strict=True)
        ]

    def _folded(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = fold(name)
        return known


def _resolution(unit: Unit, other: Unit) -> str | None:
    """What led from one unit to the other: the resolution that made the later one."""
    return (unit if unit.valid_from >= other.valid_from else other).legal_basis
