"""What of an answer each caller may see.

NDAS codes can be enumerated, so a code must not tell a stranger where somebody lives. Without a right to
more, an answer about a code that only the registry can read keeps its status, commune and postcode, and
nothing that leads to the house. Another code of a household does not tell which NDAS code it has either: the
two systems belong to two registers, and joining them is a right of its own. What replaced a code that ended is
told, for whoever holds the old one must learn the new one. Codes that are computed from a point say nothing of
who lives there.

Where a street lies is no secret; how many households it has, and which numbers, is. So a stranger's question
counts streets that several households share, by the magnitude of their number, and never by the numbers of houses
or alleys. What it can show of a single household is that the tenth of a street came, or one that doubled its
number, and neither which house that is nor when it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geoaddr.known import KnownStreets, street_key
from geoaddr.model import Reading, Resolved

COMPUTED_SYSTEMS = frozenset({"vpostcode", "plus_code", "parcel"})


FEWEST_HOUSEHOLDS = 10
"""In a commune where a street has fewer known addresses, a stranger learns nothing of it."""


class StreetsForAll:
    """What the streets that somebody knows tell everyone; itself a :class:`~geoaddr.known.KnownStreets`."""

    def __init__(self, known: KnownStreets) -> None:
        self._known = known

    def communes_of(
        self,
        street: str,
        *,
        communes: Sequence[str] | None = None,
        house_number: str | None = None,
        minimum: int = 1,
    ) -> Mapping[str, int]:
        """As there, but for ``house_number`` and alleys before the street, which are not looked at, communes with
        few addresses, which are left out, and the counts, which are rounded down to a power of two."""
        least = max(minimum, FEWEST_HOUSEHOLDS)
        counted = self._known.communes_of(street_key(street), communes=communes, minimum=least)
        return {commune: 1 << (count.bit_length() - 1) for commune, count in counted.items()}


def streets_for_all(known: KnownStreets | None) -> KnownStreets | None:
    """What everyone may learn of ``known``, where there is any."""
    return None if known is None else StreetsForAll(known)


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
