"""What everyone may learn of streets that a registry knows.

Where a street lies is no secret; how many households it has, and which numbers, is. So a stranger's question
counts streets that several households share, by the magnitude of their number, and never by the numbers of houses
or alleys. What it can show of a single household is that the tenth of a street came, or one that doubled its
number, and neither which house that is nor when it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geoaddr.known import KnownStreets, street_key

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
