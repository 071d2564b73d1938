"""An old address to today's units, and back: every unit that it may be now, with its weight and why.

A commune that went whole into one is an answer. A commune that was split is never guessed: all its successors
are candidates, unless a point decides between them. Works offline, from the table of changes alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from geoaddr.errors import InvalidInput, Said
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation, Interpreter
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.detail_print import reprint
from geoaddr.locating import Locator
from geoaddr.model import Point, Record, Unit
from geoaddr.profiles.vn import REFORM

Basis = Literal["name", "whole", "note", "prior", "boundary"]
"""Why a candidate has its weight: the text names it; all of the old unit went there; the published note says
that the main part did; nothing tells the parts apart; its boundary holds the point."""

Direction = Literal["new", "old"]

MAIN_SHARE = 0.65
"""How often an address of a split commune lies in the part that the notes name first: 296 of 449 real ones."""

STOOD_BEHIND = 0.7
"""The least weight of one commune at which its address is called converted: 94 of 100 real ones are then right."""

SETTLED = frozenset({"name", "whole", "boundary"})
"""Grounds on which an answer is stood behind; a note or a prior is none."""

EVE = REFORM - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate(Record):
    """A commune that the address may lie in; weights of all candidates sum to 1."""

    commune: Unit
    weight: float
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted(Record):
    """An address in the units of another time.

    ``status``: ``ok`` one answer that we stand behind; ``ambiguous`` several communes are possible;
    ``partial`` only a province or district was understood; ``not_found`` none was. ``address`` is the
    text in the official order with the new names, for ``ok`` alone. ``legal_basis`` the resolution that
    made the commune; ``weight`` that of the first candidate.
    """

    input: str
    to: Direction
    status: Literal["ok", "ambiguous", "partial", "not_found"]
    address: str | None
    province: Unit | None
    district: Unit | None
    commune: Unit | None
    postcode: str | None
    candidates: tuple[Candidate, ...]
    components: Detail
    legal_basis: str | None
    weight: float | None


class Converter:
    """Carries addresses from one time to another."""

    def __init__(self, interpreter: Interpreter, locator: Locator) -> None:
        self._interpreter, self._locator = interpreter, locator
        self._gazetteer: Gazetteer = locator.gazetteer

    def convert(self, text: str, *, to: str = "new", point: Point | None = None) -> Converted:
        """The address in today's units (``to="new"``) or in those of 30 June 2025 (``to="old"``).

        :param point: where the address lies; on exact boundaries it decides between the parts of a commune.
        :raises InvalidInput: for another ``to``.
        :raises InvalidQuery: for a text longer than 4,096 characters.
        """
        if to not in ("new", "old"):
            raise InvalidInput("to", to, Said("must be new or old", "phải là new hoặc old"))
        direction: Direction = "new" if to == "new" else "old"
        readings = self._interpreter.interpret(text)
        detail = read_detail(text, readings[0].rest if readings else None)
        day = self._gazetteer.date if direction == "new" else EVE
        candidates = self._weighed(readings, day)
        if point is not None and direction == "new":
            candidates = self._decided(candidates, point)
        return self._answer(text, direction, day, readings, detail, candidates)

    def _weighed(self, readings: list[Interpretation], day: dt.date) -> list[Candidate]:
        """The communes of all readings, those that several readings lead to added up."""
        found: dict[str, Candidate] = {}
        for reading in readings:
            for candidate in self._carried(reading, day):
                share = candidate.weight * reading.weight
                kept = found.setdefault(candidate.commune.code, replace(candidate, weight=0.0))
                found[candidate.commune.code] = replace(kept, weight=kept.weight + share)
        total = sum(c.weight for c in found.values())
        shares = [replace(c, weight=c.weight / total) for c in found.values()]
        return sorted(shares, key=lambda c: (-c.weight, c.commune.code))

    def _carried(self, reading: Interpretation, day: dt.date) -> Iterator[Candidate]:
        """The communes of one reading; those of its district where it names no commune."""
        unit = reading.commune
        if unit is None:
            yield from self._of_district(reading, day)
            return
        if unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to):
            yield Candidate(unit, 1.0, "name")
            return
        known_on = unit.valid_from if unit.valid_to is None else unit.valid_to - dt.timedelta(days=1)
        after = self._gazetteer.translate(unit.code, "commune", known_on=known_on, as_of=day)
        if len(after) == 1:
            yield Candidate(after[0][0], 1.0, "whole")
            return
        main = {link.code for link in self._gazetteer.successors(unit) if link.note == "main"}
        firsts = [u for u, _ in after if u.code in main] if day > EVE else []
        for successor, _ in after:
            if not firsts:
                yield Candidate(successor, 1 / len(after), "prior")
            elif successor in firsts:
                yield Candidate(successor, MAIN_SHARE / len(firsts), "note")
            else:
                yield Candidate(successor, (1 - MAIN_SHARE) / (len(after) - len(firsts)), "note")

    def _of_district(self, reading: Interpretation, day: dt.date) -> Iterator[Candidate]:
        if reading.district is None:
            return
        inside = self._gazetteer.units("commune", as_of=EVE, parent=reading.district.code)
        if not inside:  # an island district without communes, a special zone since
            code, known_on = reading.district.code, reading.district.valid_from
            after = self._gazetteer.translate(code, "district", known_on=known_on, as_of=day)
            yield from (Candidate(unit, 1 / len(after), "whole") for unit, _ in after if unit.level == "commune")
        for unit in inside:
            after = self._gazetteer.translate(unit.code, "commune", known_on=EVE, as_of=day)
            for successor, _ in after:
                yield Candidate(successor, 1 / len(inside) / len(after), "prior")

    def _decided(self, candidates: list[Candidate], point: Point) -> list[Candidate]:
        """What is left when exact boundaries hold the point in one of the candidates."""
        if self._locator.info.boundary_accuracy != "exact":
            return candidates
        held_by = self._locator.commune_codes_at(point)
        kept = [c for c in candidates if c.commune.code in held_by]
        total = sum(c.weight for c in kept)
        return [replace(c, weight=c.weight / total, basis="boundary") for c in kept] or candidates

    def _answer(
        self,
        text: str,
        to: Direction,
        day: dt.date,
        readings: list[Interpretation],
        detail: Detail,
        candidates: list[Candidate],
    ) -> Converted:
        best = candidates[0] if candidates else None
        understood = readings[0] if readings else None
        status: Literal["ok", "ambiguous", "partial", "not_found"]
        status = "ambiguous" if best else "partial" if understood else "not_found"
        if best and understood and best.basis in SETTLED and best.weight >= STOOD_BEHIND:
            settled = best.basis == "boundary" or self._whole(understood, best, day)
            status = "ok" if settled else status
        elif understood and understood.commune is None and status == "ambiguous":
            status = "partial"
        commune = best.commune if best else None
        above = self._above(commune, day) if commune else []
        province = next((u for u in above if u.level == "province"), None)
        names = [reprint(detail), *(u.full_name for u in ([commune] if commune else []) + above)]
        return Converted(
            input=text,
            to=to,
            status=status,
            address=", ".join(name for name in names if name) if status == "ok" else None,
            province=province or (understood.province if understood and to == "old" else None),
            district=next((u for u in above if u.level == "district"), None),
            commune=commune,
            postcode=self._gazetteer.postcode(commune.code, as_of=day) if commune else None,
            candidates=tuple(candidates),
            components=detail,
            legal_basis=commune.legal_basis if commune else None,
            weight=round(best.weight, 4) if best else None,
        )

    def _whole(self, reading: Interpretation, best: Candidate, day: dt.date) -> bool:
        """Whether all of what the best reading names is now in one commune, the heaviest candidate."""
        return [c.commune.code for c in self._carried(reading, day)] == [best.commune.code]

    def _above(self, unit: Unit, day: dt.date) -> list[Unit]:
        found = []
        while unit.parent is not None:
            unit = self._gazetteer.unit(unit.parent, as_of=day)
            found.append(unit)
        return found
