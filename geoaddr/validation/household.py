"""The household that a line of text names, where the registry has it: evidence for its parts, and for no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

from geoaddr.interpretation.detail import Detail
from geoaddr.validation.fields import Asked
from geoaddr.validation.place import Place


class Household(NamedTuple):
    """A standing household of the registry: its NDAS code, its status and the code of its commune of today."""

    ndas: str
    status: str
    commune: str

    @property
    def vouched(self) -> bool:
        """Whether somebody vouched for it; anybody may propose one."""
        return self.status in ("verified", "live")


Households = Callable[[str, dt.date | None], Sequence[Household]]
"""Those whose address is the one of a text, to the letter of its street and number, read with the units of a day
or of all days."""


def household_of(
    households: Households, question: Asked, detail: Detail, place: Place, as_of: dt.date | None
) -> Household | None:
    """The one household with the address of a line that was given alone, in the commune that the line was
    understood to lie in; ``None`` also where several have it."""
    stated = question.detail or question.alley or question.units or question.codes or question.point
    if stated or not question.text or not (detail.house_number or detail.alley):
        return None
    if not place.stands or place.commune is None:
        return None
    here = [each for each in households(question.text, as_of) if each.commune == place.commune.code]
    return here[0] if len(here) == 1 else None
