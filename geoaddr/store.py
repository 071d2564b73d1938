"""The port between the registry's rules and an engine that keeps rows.

Rules (who may have which code, what may follow what) live in :mod:`geoaddr.registry`; an engine keeps what
it is told, finds it again, and keeps its promises of order, atomicity and conflicts, which stand in the
docstrings here and in ``tests/contract``. Engines filter; ranking and folding are done above them.

Codes are ten-digit strings. Boxes are closed: a point on the edge is inside.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from geoaddr.errors import Said
from geoaddr.model import AddressRecord, Event
from geoaddr.reads import Reads
from geoaddr.stored import (
    AREA_CAPACITY,
    ENDS,
    VOUCHED,
    Borne,
    Door,
    Doors,
    Entry,
    Filed,
    House,
    Kept,
    Kind,
    Like,
    Lived,
    Located,
    Lying,
    Named,
    Numbered,
    Placed,
    Pooled,
    Problem,
    Proposal,
    Receipt,
    Scanned,
    Standing,
    Told,
    door_of,
    named_alone,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Arrivals, Plain

__all__ = [
    "AREA_CAPACITY", "ENDS", "TOGETHER", "VOUCHED", "Borne", "Codes", "Door", "Doors", "Entry", "Filed", "House",
    "Kept", "Kind", "Like", "Lived", "Located", "Lying", "Named", "Numbered", "Piece", "Placed", "Pooled",
    "Problem", "Proposal", "Reads", "Receipt", "Scanned", "Standing", "Store", "Told", "Transaction", "Writing",
    "door_of", "named_alone",
]  # fmt: skip
"""What passes through the port is of :mod:`geoaddr.stored`."""

T = TypeVar("T")

Codes = Callable[["Reads", str, int, int], list[int]]
"""The codes of an area, as numbers, at some positions of the issuing order that the key of a registry makes: the
first position, and how many. Fewer where the area ends."""


class Piece(NamedTuple):
    """Records that stand together: ``codes`` of all, as numbers, in the order in which they were read; those that
    are ``plain``, by the column, and the ``others``, by code ascending. ``singly`` gives plain ones like the
    others, of the same state of the registry, by their codes."""

    codes: NDArray[np.int64]
    plain: Plain | None
    others: Sequence[Scanned]
    singly: Callable[[Sequence[int]], Sequence[Scanned]]


TOGETHER = 16_384
"""Records of a piece."""


class Transaction(Reads):
    """Reads and writes that happen all or not at all.

    What a transaction has read does not change until it ends, whoever else writes.
    """

    @abstractmethod
    def lock_areas(self, areas: Iterable[str]) -> dict[str, int]:
        """The next issuing position of each area (0 for one never used), held until the end.

        Engines that lock by row take the areas in ascending order, so that two transactions cannot wait
        for each other. Call it once in a transaction.
        """

    @abstractmethod
    def set_positions(self, positions: Mapping[str, int]) -> None:
        """Move areas on; 0 to :data:`AREA_CAPACITY`, never back."""

    @abstractmethod
    def insert(self, entries: Sequence[Entry]) -> None:
        """Keep new records.

        :raises AlreadyIssued: when a code is taken; the transaction is then lost.
        """

    def taken(self, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of many codes, as numbers, are taken: :meth:`issued` by the column."""
        import numpy as np

        texts = [f"{code:010}" for code in codes.tolist()]
        found = self.issued(texts)
        return np.fromiter((text in found for text in texts), dtype=bool, count=len(texts))

    def same(self, arrivals: Arrivals) -> NDArray[np.bool_]:
        """Which of these are kept as they are, but for version and times; not those of which an engine cannot tell
        by the column."""
        import numpy as np

        return np.zeros(len(arrivals), dtype=bool)

    def arrive(self, arrivals: Arrivals) -> None:
        """Keep new records with the first event of each: :meth:`insert` and :meth:`append` by the column.

        :raises AlreadyIssued: when a code is taken; the transaction is then lost.
        """
        numbers = arrivals.likeness.tolist()
        streets, places, houses, divisions = (
            column.tolist() for column in (arrivals.street, arrivals.place, arrivals.number, arrivals.division)
        )
        found = zip(streets, houses, divisions, places, strict=True)
        placed = (None if p[0] is None and p[3] is None else Placed(*p) for p in found)
        self.insert([Entry(*each) for each in zip(arrivals.records(), numbers, placed, strict=True)])
        self.append(list(arrivals.events()))

    @abstractmethod
    def replace(self, entries: Sequence[Entry]) -> None:
        """Keep the next version of records: all fields but the code may differ.

        :raises StaleVersion: when the version kept is not the one before the record's own; the
            transaction is then lost.
        """

    @abstractmethod
    def append(self, events: Sequence[Event]) -> None:
        """Add to histories. An event is never removed, nor changed but by :meth:`redact`; each code's numbers run
        from 1."""

    @abstractmethod
    def redact(self, ndas: str, events: Sequence[Event]) -> None:
        """Write over entries of the history of a withdrawn address: number, kind and time are those that stand
        there, all else is what is given now. Digests of what was asked for it become empty.

        What stood there is gone from the engine's storage too, as far as the engine has it in its hands.
        """

    @abstractmethod
    def keep_receipts(self, receipts: Mapping[str, Receipt]) -> None:
        """Keep answers by idempotency key; a key is new."""

    @abstractmethod
    def keep_batch_receipts(self, batch_id: str, receipts: Mapping[str, Receipt]) -> None:
        """Keep answers by row of a batch; a row is new."""


class Writing(Protocol):
    """Calls work in a transaction, and gives its answer: :meth:`Store.write`, or what a load has in its place."""

    def __call__(self, work: Callable[[Transaction], T], /) -> T:
        """As :meth:`Store.write`."""


class Store(Reads):
    """A registry's rows in one engine. May be shared between threads, and used on in a forked child.

    Opening is free and creates nothing: what does not exist reads as an empty registry until the first
    write, or :meth:`create`, makes it.
    """

    engine: str
    """The engine's name, for people."""

    def connections(self) -> Pooled:
        """The connections of this process, as they are now."""
        return Pooled(0, 0, 0)

    @abstractmethod
    def write(self, work: Callable[[Transaction], T]) -> T:
        """Call ``work`` in a transaction; commit when it returns, undo everything when it raises.

        Once this has returned, the writes outlive a crash of the process and, where the engine has a
        disk, of the machine. Transactions happen one after another in effect. An engine may call ``work``
        again when the first try met another writer, so ``work`` acts through its transaction only.

        :raises StoreUnavailable: when no turn to write was had in time; nothing was written.
        """

    def issue(self, proposed: Callable[[], Proposal], codes: Codes) -> str | list[AddressRecord]:
        """Keep a new address at the next free code of its area, and give that; as durable as what :meth:`write`
        keeps. Or keep nothing, and give the standing addresses that are the like of it; none where there is more
        to decide, or where the engine has no way of its own for this: then a transaction does it.

        :raises StoreUnavailable: as for :meth:`write`, and when it cannot be known whether it was kept.
        """
        return []

    def filling(self) -> AbstractContextManager[Writing]:
        """For a load: gives what its chunks are written with, one after another.

        That is :meth:`write`, each chunk whole or not at all. Where there are no records yet, an engine may write
        all of them together instead, when the block ends, or nothing when that is left with an error; it may then
        make its indexes last, keep others waiting, and put the events into the order of codes.
        """
        return nullcontext(self.write)

    def made_ready(self, arrivals: Arrivals) -> Arrivals:
        """The same records with what :meth:`Transaction.arrive` can have beforehand, in another thread too."""
        return arrivals

    def obstacle(self) -> Said | None:
        """What stands in the way of writing, as far as can be told without. :raises StoreError:"""
        return None

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a registry, of whatever schema; looking makes none."""

    @abstractmethod
    def create(self) -> bool:
        """Make the registry if there is none, bring an older schema forward; whether it was made now."""

    @abstractmethod
    def scan(self, *, history: bool = True) -> Iterator[Scanned]:
        """Every record by code ascending, all from one committed state; without events if not asked for."""

    def pieces(self, *, history: bool = True) -> Iterator[Piece]:
        """The same records as :meth:`scan` gives, in pieces. An engine may know of none that it is plain."""
        import numpy as np

        scanned = self.scan(history=history)
        while some := list(islice(scanned, TOGETHER)):
            yield Piece(np.array([int(each.record.ndas) for each in some]), None, some, lambda codes: ())

    @abstractmethod
    def positions(self) -> dict[str, int]:
        """The next issuing position of every area ever used, by area ascending."""

    @abstractmethod
    def counts(self) -> dict[str, Any]:
        """Totals: ``addresses``, ``by_status``, ``events``, ``aliases``, ``schema``."""

    @abstractmethod
    def check(self) -> Iterator[Problem]:
        """What is wrong inside the engine: damaged storage, indexes out of step, receipts for no record."""

    @abstractmethod
    def backup(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write a complete copy, key included, of one committed state, while others read and write.

        The copy appears whole or not at all; folders on its path are made.

        :raises StoreUnavailable: no registry to copy, a target that exists (without ``overwrite``) or
            cannot be written, or an engine that has nothing to copy.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held. The store may be used again, and opens anew."""
