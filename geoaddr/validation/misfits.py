"""What a unit that does not fit is held against: a unit that somebody wrote, not the likeliest guess."""

from __future__ import annotations

from geoaddr.model import Level, Unit
from geoaddr.validation.case import Case
from geoaddr.validation.leftovers import Leftover
from geoaddr.validation.records import Why
from geoaddr.validation.wording import why

SMALL_TO_LARGE: tuple[Level, ...] = ("commune", "district", "province")


def misfit_why(case: Case, leftover: Leftover) -> Why:
    """Why a unit does not fit: it lies outside a larger unit that was written, or does not go with another."""
    beside = _beside(case)
    if beside is None:
        return why("unit_unfit", given=leftover.text)
    level = leftover.means
    inside = level is not None and SMALL_TO_LARGE.index(level) < SMALL_TO_LARGE.index(beside.level)
    return why("unit_outside" if inside else "unit_elsewhere", given=leftover.text, unit=beside.full_name)


def _beside(case: Case) -> Unit | None:
    """The smallest unit that was written and fits; where none was, what stands all the same."""
    written = next((match for level in SMALL_TO_LARGE if (match := case.match(level))), None)
    if written is not None:
        return written.unit
    return case.place.commune if case.place.stands else case.place.province
