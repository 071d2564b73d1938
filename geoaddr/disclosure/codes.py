"""What everyone may learn of a code."""

from __future__ import annotations

from dataclasses import replace

from geoaddr.codes import recognise
from geoaddr.model import Reading, Resolved

COMPUTED_SYSTEMS = frozenset({"vpostcode", "plus_code", "parcel"})
"""Systems whose codes are functions of a point."""


def is_computed(reading: Reading) -> bool:
    """Whether a reading is a function of its code alone, and says nothing of a household."""
    return reading.system in COMPUTED_SYSTEMS and reading.status == "computed"


def at_area_level(resolved: Resolved) -> Resolved:
    """The answer with everything below the commune taken out of what only the registry knows."""
    return replace(resolved, readings=tuple(_area_only(r) for r in resolved.readings), suggestions=None)


def told_to_everyone(code: str, resolved: Resolved) -> Resolved:
    """:func:`at_area_level` of a code's answer. What a slip may have been meant as depends on which codes exist:
    of a text that is no code a stranger learns that alone.

    :raises InvalidCode: for it.
    """
    if not resolved.readings and not recognise.forms(code):
        raise recognise.refusal(code)
    return at_area_level(resolved)


def _area_only(reading: Reading) -> Reading:
    if is_computed(reading):
        return replace(reading, ndas=None, address=None, aliases=None, superseded_by=None, history=None)
    return replace(
        reading,
        ndas=reading.ndas if reading.system == "ndas" else None,
        point=None, cell=None, address=None, vpostcode=None, plus_code=None,
        aliases=None, history=None,
    )  # fmt: skip
