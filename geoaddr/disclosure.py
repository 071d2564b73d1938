"""What of an answer each caller may see.

NDAS codes can be enumerated, so a code must not tell a stranger where somebody lives. Without a right to
more, an answer about a code that only the registry can read keeps its status, commune and postcode, and
nothing that leads to the house. Another code of a household does not tell which NDAS code it has either: the
two systems belong to two registers, and joining them is a right of its own. What replaced a code that ended is
told, for whoever holds the old one must learn the new one. Codes that are computed from a point say nothing of
who lives there.
"""

from __future__ import annotations

from dataclasses import replace

from geoaddr.model import Reading, Resolved

COMPUTED_SYSTEMS = frozenset({"vpostcode", "plus_code", "parcel"})


def at_area_level(resolved: Resolved) -> Resolved:
    """The answer with everything below the commune taken out of what only the registry knows."""
    return replace(resolved, readings=tuple(_area_only(r) for r in resolved.readings), suggestions=None)


def _area_only(reading: Reading) -> Reading:
    if reading.system in COMPUTED_SYSTEMS and reading.status == "computed":
        return replace(reading, ndas=None, address=None, aliases=None, superseded_by=None, history=None)
    return replace(
        reading,
        ndas=reading.ndas if reading.system == "ndas" else None,
        point=None, cell=None, address=None, vpostcode=None, plus_code=None,
        aliases=None, history=None,
    )  # fmt: skip
