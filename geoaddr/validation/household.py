"""The household that a line of text names, where the registry has it: evidence for its parts, and for no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from geoaddr.interpretation.detail import Detail
from geoaddr.stored import VOUCHED
from geoaddr.validation.leftovers import MOST_TOLD

if TYPE_CHECKING:
    from geoaddr.validation.case import Case


class Household(NamedTuple):
    """A standing household of the registry: its NDAS code and its status."""

    ndas: str
    status: str

    @property
    def vouched(self) -> bool:
        """Whether somebody vouched for it; anybody may propose one."""
        return self.status in VOUCHED


Households = Callable[[Detail, str], Household | None]
"""The only one that has exactly an address, in the commune of today with a code."""


def household_of(households: Households, case: Case) -> Household | None:
    """The one household with the address of a line that was given alone and understood as a whole, in the commune
    that it was understood to lie in."""
    question, place = case.asked, case.place
    if question.detail or question.alley or question.units or case.codes or question.point:
        return None
    if not question.text or not case.detail.house_number or not place.stands or place.commune is None:
        return None
    if len(case.leftovers) == MOST_TOLD or not all(each.units and each.agrees for each in case.leftovers):
        return None
    return households(case.detail, place.commune.code)
