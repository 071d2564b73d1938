"""Where the street of an address is known."""

from __future__ import annotations

from collections.abc import Callable

from geoaddr.conversion import Candidate
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation.detail import Detail
from geoaddr.known import KnownStreets
from geoaddr.model import Unit
from geoaddr.validation.place import Place


class Streets:
    """Asks whoever knows streets; ``known`` gives ``None`` where nobody does."""

    def __init__(self, gazetteer: Gazetteer, known: Callable[[], KnownStreets | None]) -> None:
        self._gazetteer, self._known = gazetteer, known

    def candidates(self, detail: Detail, province: Unit | None) -> tuple[Candidate, ...]:
        """The communes in which the street of an address without any is known."""
        known = self._known()
        if known is None or detail.street is None:
            return ()
        found = known.communes_of(detail.street, house_number=detail.house_number)
        units = {code: self._gazetteer.unit(code, level="commune", as_of=self._gazetteer.date) for code in found}
        inside = [code for code in found if province is None or units[code].parent == province.code]
        total = sum(found[code] for code in inside)
        return tuple(
            Candidate(units[code], found[code] / total, "known", None, units[code].legal_basis) for code in inside
        )

    def beside(self, place: Place, detail: Detail) -> tuple[bool, tuple[Unit, ...]]:
        """Whether the street is known in the commune, and if not, where in its province it is."""
        if not (place.stands and place.commune and place.province and detail.street):
            return False, ()
        known = self._known()
        if known is None:
            return False, ()
        if known.communes_of(detail.street, communes=(place.commune.code,)):
            return True, ()
        today = self._gazetteer.date
        found = known.communes_of(detail.street)  # most streets that are not known here are known nowhere
        units = [self._gazetteer.unit(commune, level="commune", as_of=today) for commune in found]
        return False, tuple(unit for unit in units if unit.parent == place.province.code)
