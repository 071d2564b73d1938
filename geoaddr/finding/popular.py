"""Names by how many households bear them: what a beginning of a few letters becomes, of all that begin so.

A store gives names in their order, and so many begin with two letters that the first of them tell nothing of the
rest. So all are read once, counted by commune of today, and kept in columns: some tens of bytes for each name of
each commune. Registries of some millions of households are read while the first caller waits; a nation's takes
longer, and until it is read the store's first names have to do. A table is read anew in the background.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoaddr.disclosure import FEWEST_HOUSEHOLDS
from geoaddr.errors import StoreError
from geoaddr.registry.present import PresentCommunes
from geoaddr.store import Kind, Named, Reads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WAIT_S = 2.0
"""How long a caller waits for the first table."""

FRESH_S = 60.0
MOST_READING = 50.0
"""A table is read anew after a minute at the soonest, and after so many times what the reading takes."""

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Way:
    """A street or place of one commune of today, and how many households are known there."""

    kind: Kind
    key: str
    commune: str
    households: int


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The names of one kind by (key, commune): how many households stand there, and how many are vouched for;
    ``column``: where a commune stands in ``communes``."""

    kind: Kind
    keys: list[str]
    communes: list[str]
    column: Mapping[str, int]
    commune: NDArray[np.int32]
    standing: NDArray[np.int64]
    vouched: NDArray[np.int64]

    def count(self, begin: str) -> int:
        """How many names of a commune begin so."""
        first = bisect_left(self.keys, begin)
        return bisect_left(self.keys, begin + _LAST, first) - first

    def beginning(
        self, begin: str, place: Mapping[str, int] | None, limit: int, *, area_only: bool = False
    ) -> list[Way]:
        """The ways that begin so: those of the whole name first, then by ``place`` of their commune where that is
        given, and in these alone, then those that most households share.

        :param area_only: what everyone may learn: shared by enough known households, by magnitude.
        """
        import numpy as np

        first = bisect_left(self.keys, begin)
        last = bisect_left(self.keys, begin + _LAST, first)
        rows = np.arange(first, last)
        counted = (self.vouched if area_only else self.standing)[first:last]
        rank = np.zeros(len(rows), dtype=np.int64)
        kept = counted >= (FEWEST_HOUSEHOLDS if area_only else 1)
        if place is not None:
            ranks = np.full(len(self.communes), -1, dtype=np.int64)
            for code, at in place.items():
                if (column := self.column.get(code)) is not None:
                    ranks[column] = at
            rank = ranks[self.commune[first:last]]
            kept &= rank >= 0
        whole = np.arange(len(rows)) < bisect_left(self.keys, begin + "\0", first) - first
        weight = np.frexp(counted)[1] if area_only else counted  # the exponent: how many bits a count has
        order = np.lexsort((-weight[kept], rank[kept], ~whole[kept]))[:limit]
        return [
            Way(self.kind, self.keys[row], self.communes[self.commune[row]], int(counted[row - first]))
            for row in rows[kept][order].tolist()
        ]


class Popular:
    """Keeps the tables of one registry. Safe to share between threads."""

    def __init__(self, present: PresentCommunes, wait_s: float = WAIT_S) -> None:
        self._present, self._wait_s = present, wait_s
        self._tables: dict[Kind, tuple[Table, float]] = {}
        self._reading: dict[Kind, threading.Thread] = {}
        self._lock = threading.Lock()

    def knows(self, begin: str) -> int:
        """How many names of both kinds begin so, by the tables that were read."""
        return sum(table.count(begin) for table, _ in list(self._tables.values()))

    def table(self, reads: Reads, kind: Kind) -> Table | None:
        """The table of a kind, which may be some minutes old; ``None`` while it is read for the first time."""
        kept = self._tables.get(kind)
        if kept is None:
            self._read(reads, kind).join(self._wait_s)
            kept = self._tables.get(kind)
            return None if kept is None else kept[0]
        if time.monotonic() >= kept[1]:
            self._read(reads, kind)
        return kept[0]

    def _read(self, reads: Reads, kind: Kind) -> threading.Thread:
        """Read a table in the background, unless that is being done."""
        with self._lock:
            running = self._reading.get(kind)
            if running is None or not running.is_alive():
                running = threading.Thread(target=self._keep, args=(reads, kind), daemon=True)
                self._reading[kind] = running
                running.start()
            return running

    def _keep(self, reads: Reads, kind: Kind) -> None:
        begin = time.monotonic()
        try:
            table = table_of(kind, reads.names(kind, ""), self._present)
        except StoreError:  # whoever asks next meets it too, and is told
            return
        now = time.monotonic()
        self._tables[kind] = table, now + max(FRESH_S, MOST_READING * (now - begin))


def table_of(kind: Kind, names: Sequence[Named], present: PresentCommunes) -> Table:
    """The table of all names of a kind; those of communes that were divided since are left out."""
    import numpy as np

    counted: dict[tuple[str, str], list[int]] = {}
    for key, filed, standing, vouched in names:
        commune = present.code(filed)
        if commune is not None:
            counts = counted.setdefault((key, commune), [0, 0])
            counts[0] += standing
            counts[1] += vouched
    order = sorted(counted)
    communes = sorted({commune for _, commune in order})
    place = {code: at for at, code in enumerate(communes)}
    return Table(
        kind=kind,
        keys=[key for key, _ in order],
        communes=communes,
        column=place,
        commune=np.array([place[commune] for _, commune in order], dtype=np.int32),
        standing=np.array([counted[each][0] for each in order], dtype=np.int64),
        vouched=np.array([counted[each][1] for each in order], dtype=np.int64),
    )
