"""Under which codes the addresses of a commune of today were filed."""

from __future__ import annotations

from collections.abc import Iterable

from geoaddr.registry.present import PresentCommunes
from geoaddr.store import Filed


class Filings:
    """For some communes of today, the codes to ask a store for, and what its answers mean.

    Addresses that were filed under a commune which was divided since belong to several communes: their points
    tell which.
    """

    def __init__(self, present: PresentCommunes, communes: Iterable[str]) -> None:
        self._communes: dict[Filed, list[str]] = {}
        for commune in communes:
            for filed in (*present.filed_as(commune), *present.filed_in_part(commune)):
                self._communes.setdefault(filed, []).append(commune)
        self.codes = tuple(sorted({filed.commune for filed in self._communes}))

    def communes(self, filed: Filed) -> list[str]:
        """The communes asked for that an address filed so may lie in; none for one of another division."""
        return self._communes.get(filed, [])

    def divided(self, filed: Filed, present: PresentCommunes) -> bool:
        """Whether only the point tells which commune of today it is."""
        return present.code(filed) is None
