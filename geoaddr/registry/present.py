"""Which commune of today a commune code means that an address was filed under."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from geoaddr.gazetteer import Gazetteer
from geoaddr.gazetteer.layout import OPEN, code_of, key_of
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
        units, _, changes = self._gazetteer.tables
        found: set[Filed] = set()
        waiting = [row for row in units.rows_of(key_of("commune", commune)) if units.ends[row] == OPEN]
        while waiting:
            row = waiting.pop()
            on = units.begins[row]
            for old in changes.rows_before(row):
                key = units.keys[old]
                level, code = code_of(key)
                filed = Filed(code, _division_of(on - 1))
                if level == "commune" and (filed not in found or key == units.keys[row]):
                    found.add(filed)
                    waiting.append(old)
        return found

    def _present(self, filed: Filed) -> str | None:
        units, _, changes = self._gazetteer.tables
        today = self._gazetteer.date.toordinal()
        last = filed.division >= len(DIVISIONS)
        until = today if last else DIVISIONS[filed.division].toordinal() - 1
        rows = [row for row in units.rows_of(key_of("commune", filed.commune)) if units.begins[row] <= until]
        if not rows:
            return None
        after = changes.translate(rows[-1], today)
        return code_of(units.keys[after[0][0]])[1] if len(after) == 1 else None


@lru_cache(maxsize=1024)
def _division_of(day: int) -> int:
    return division_of(dt.date.fromordinal(day))
