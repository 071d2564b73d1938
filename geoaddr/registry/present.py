"""Which commune of today a commune code means that an address was filed under."""

from __future__ import annotations

import datetime as dt

from geoaddr.gazetteer import Gazetteer
from geoaddr.known import DIVISIONS, division_of
from geoaddr.store import Filed


class PresentCommunes:
    """Between codes as filed and the communes of the gazetteer's date.

    A commune that was split since has no code of today: nothing is guessed. Of a code that changed its extent
    within one division of the country the last extent is meant. A code that the gazetteer does not know, of a
    registry that was filled with newer data, is no commune of today.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._codes: dict[Filed, str | None] = {}
        self._filings: dict[str, tuple[frozenset[Filed], frozenset[Filed]]] = {}

    def code(self, filed: Filed) -> str | None:
        """The one commune that all of it lies in."""
        if filed not in self._codes:
            self._codes[filed] = self._present(filed)
        return self._codes[filed]

    def filed_as(self, commune: str) -> frozenset[Filed]:
        """What lies wholly in a commune: all that it was made of, through all changes, and itself."""
        return self._of(commune)[0]

    def filed_in_part(self, commune: str) -> frozenset[Filed]:
        """What lies in a commune and in others: of all that it was made of, what was divided since."""
        return self._of(commune)[1]

    def _of(self, commune: str) -> tuple[frozenset[Filed], frozenset[Filed]]:
        """Both at once, remembered: the way back through all changes is long."""
        found = self._filings.get(commune)
        if found is None:
            made_of = self._made_of(commune)
            whole = frozenset(f for f in made_of | {Filed(commune, len(DIVISIONS))} if self.code(f) == commune)
            parts = frozenset(filed for filed in made_of if self.code(filed) is None)
            found = self._filings[commune] = whole, parts
        return found

    def _made_of(self, commune: str) -> set[Filed]:
        found: set[Filed] = set()
        waiting = [u for u in self._gazetteer.versions(commune, "commune") if u.valid_to is None]
        while waiting:
            unit = waiting.pop()
            for link in self._gazetteer.predecessors(unit):
                last_day = link.on - dt.timedelta(days=1)
                filed = Filed(link.code, division_of(last_day))
                if link.level == "commune" and (filed not in found or filed.commune == unit.code):
                    found.add(filed)
                    waiting.append(self._gazetteer.unit(link.code, level="commune", as_of=last_day))
        return found

    def _present(self, filed: Filed) -> str | None:
        today = self._gazetteer.date
        last = filed.division >= len(DIVISIONS)
        until = today if last else DIVISIONS[filed.division] - dt.timedelta(days=1)
        units = [u for u in self._gazetteer.versions(filed.commune, "commune") if u.valid_from <= until]
        if not units:
            return None
        unit = units[-1]
        known_on = until if unit.valid_to is None else min(until, unit.valid_to - dt.timedelta(days=1))
        after = self._gazetteer.translate(filed.commune, "commune", known_on=known_on, as_of=today)
        return after[0][0].code if len(after) == 1 else None
