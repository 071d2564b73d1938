"""Which commune of today a commune code means that an address was filed under."""

from __future__ import annotations

import datetime as dt

from geoaddr.gazetteer import Gazetteer
from geoaddr.known import DIVISIONS
from geoaddr.store import Filed


class PresentCommunes:
    """From a code as filed to the one commune that all of it lies in on the gazetteer's date.

    ``None`` for a commune that was split since: nothing is guessed. Of a code that changed its extent within
    one division of the country the last extent is meant. A code that the gazetteer does not know is itself in
    the last division, and no commune of today in an earlier one.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._found: dict[Filed, str | None] = {}

    def __call__(self, filed: Filed) -> str | None:
        if filed not in self._found:
            self._found[filed] = self._present(filed)
        return self._found[filed]

    def _present(self, filed: Filed) -> str | None:
        today = self._gazetteer.date
        last = filed.division >= len(DIVISIONS)
        until = today if last else DIVISIONS[filed.division] - dt.timedelta(days=1)
        units = [u for u in self._gazetteer.versions(filed.commune, "commune") if u.valid_from <= until]
        if not units:
            return filed.commune if last else None
        unit = units[-1]
        known_on = until if unit.valid_to is None else min(until, unit.valid_to - dt.timedelta(days=1))
        after = self._gazetteer.translate(filed.commune, "commune", known_on=known_on, as_of=today)
        return after[0][0].code if len(after) == 1 else None
