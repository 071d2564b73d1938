"""Names that begin as typed: from the store where there are few, from the table of popular names where many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geoaddr.disclosure import FEWEST_HOUSEHOLDS
from geoaddr.finding.filings import Filings
from geoaddr.finding.popular import Popular, Way
from geoaddr.registry.present import PresentCommunes
from geoaddr.store import Kind, Named, Reads

MOST_NAMES = 256
"""Names that a store is asked for at once; where there are more, a table tells the most popular of all."""

MANY = 32
"""Names of communes from which on a table that was read is asked, and not the store."""

MOST_UNITS = 24
"""Communes in which streets are looked for when a unit is typed behind them."""

REMEMBERED_BEGINNINGS = 2_048
"""Spellings of streets, and beginnings of names, for which answers are kept."""


class Beginnings:
    """Streets and places by the beginning of their names. Safe to share between threads."""

    def __init__(self, present: PresentCommunes) -> None:
        self._present, self._popular = present, Popular(present)
        self._many: set[tuple[Kind, str]] = set()

    def ways(
        self, reads: Reads, kind: Kind, key: str, place: Mapping[str, int] | None, limit: int, area_only: bool
    ) -> list[Way]:
        """The ways that begin so, in some communes by their order or in all: from the table where there may be
        more than the store tells at once."""
        if place is not None and not place:
            return []
        table = None
        if place is None or len(place) > MOST_UNITS:
            names = self._first(reads, kind, key)
            table = self._popular.table(reads, kind) if names is None else None
        if table is not None:
            return table.beginning(key, place, limit, area_only=area_only)
        if place is None:
            return self._all(kind, key, names or reads.names(kind, key, None, MOST_NAMES), area_only)[:limit]
        if len(place) <= MOST_UNITS or names is None:
            names = reads.names(kind, key, Filings(self._present, place).codes, None)
        inside = [way for way in self._all(kind, key, names, area_only) if way.commune in place]
        return sorted(inside, key=lambda way: (way.key != key, place[way.commune]))[:limit]

    def _first(self, reads: Reads, kind: Kind, key: str) -> list[Named] | None:
        """All names that begin so; ``None`` where they are too many to be asked for at once.

        The store counts the households of each, and looks at names of the other kind as well. So where the tables
        know of many it is not asked: a name that is new is told when more of it is typed, or by the next table.
        """
        if (kind, key) in self._many or self._popular.knows(key) >= MANY:
            return None
        names = reads.names(kind, key, None, MOST_NAMES)
        if len(names) < MOST_NAMES:
            return names
        if len(self._many) < REMEMBERED_BEGINNINGS:
            self._many.add((kind, key))
        return None

    def _all(self, kind: Kind, key: str, names: Sequence[Named], area_only: bool) -> list[Way]:
        """The names by commune of today, the whole name first, then those that most households share."""
        counted: dict[tuple[str, str], int] = {}
        for named in names:
            commune = self._present.code(named.filed)
            if commune is not None:
                where = (named.key, commune)
                counted[where] = counted.get(where, 0) + (named.vouched if area_only else named.standing)
        ways = [Way(kind, name, commune, n) for (name, commune), n in counted.items() if n]
        if area_only:  # by magnitude, as all that everyone learns of a street
            ways = [w for w in ways if w.households >= FEWEST_HOUSEHOLDS]
            return sorted(ways, key=lambda w: (w.key != key, -w.households.bit_length(), w.key, w.commune))
        return sorted(ways, key=lambda w: (w.key != key, -w.households, w.key, w.commune))
