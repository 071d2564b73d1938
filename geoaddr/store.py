"""The port between the registry's rules and an engine that keeps rows.

Rules (who may have which code, what may follow what) live in :mod:`geoaddr.registry`; an engine keeps what
it is told, finds it again, and keeps its promises of order, atomicity and conflicts, which stand in the
docstrings here and in ``tests/contract``. Engines filter; ranking and folding are done above them.

Codes are ten-digit strings. Boxes are closed: a point on the edge is inside.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from geoaddr.model import AddressRecord, Cell, Components, Event
from geoaddr.stored import (
    AREA_CAPACITY,
    ENDS,
    VOUCHED,
    Borne,
    Door,
    Entry,
    Filed,
    House,
    Kind,
    Like,
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

    from geoaddr.arrivals import Arrivals, Outlines

__all__ = [
    "AREA_CAPACITY", "ENDS", "VOUCHED", "Borne", "Codes", "Door", "Entry", "Filed", "House", "Kind", "Like",
    "Located", "Lying", "Named", "Numbered", "Placed", "Pooled", "Problem", "Proposal", "Reads", "Receipt", "Scanned",
    "Standing", "Store", "Told", "Transaction", "Writing", "door_of", "named_alone",
]  # fmt: skip
"""What passes through the port is of :mod:`geoaddr.stored`."""

T = TypeVar("T")

Codes = Callable[["Reads", str, int, int], list[int]]
"""The codes of an area, as numbers, at some positions of the issuing order that the key of a registry makes: the
first position, and how many. Fewer where the area ends."""


class Reads(ABC):
    """What can be asked of a registry's rows.

    On a :class:`Store` an answer holds what was committed; one that asks for much may see, in its later
    parts, what was committed meanwhile. On a :class:`Transaction` all calls see one state, with the
    transaction's own writes.

    All raise :class:`~geoaddr.errors.StoreUnavailable` when the engine cannot be reached, and
    :class:`~geoaddr.errors.SchemaMismatch` when the rows are of a newer schema or not a registry.
    """

    @abstractmethod
    def key(self) -> bytes:
        """The 32 secret bytes that the issuing order depends on; made with the registry, never changed.

        Before the registry is made, bytes of no meaning.
        """

    @abstractmethod
    def records(self, codes: Sequence[str]) -> dict[str, AddressRecord]:
        """The records that exist among ``codes``; of any status, in no promised order."""

    def components(self, codes: Sequence[str]) -> list[Components]:
        """What the records among ``codes`` state, in no promised order: :meth:`records` without all else."""
        return [record.components for record in self.records(codes).values()]

    def outlines(self, codes: NDArray[np.int64]) -> Outlines:
        """What there is of those that exist among distinct ``codes``, as numbers: :meth:`records` by the column,
        without components and lists."""
        from geoaddr.arrivals import Outlines

        return Outlines.of_records(self.records([f"{code:010}" for code in codes.tolist()]).values())

    @abstractmethod
    def issued(self, codes: Iterable[str]) -> set[str]:
        """Which of ``codes`` are taken, whoever issued them and whatever became of them."""

    @abstractmethod
    def by_alias(self, system: str, code: str) -> list[AddressRecord]:
        """The records with this alias at any time, of any status, by code ascending."""

    def by_aliases(self, system: str, codes: Sequence[str]) -> dict[str, list[AddressRecord]]:
        """:meth:`by_alias` for many codes at once, by the code; those that nothing has are absent."""
        found = {code: self.by_alias(system, code) for code in codes}
        return {code: records for code, records in found.items() if records}

    @abstractmethod
    def points_in(self, box: Cell) -> list[Located]:
        """Standing addresses (at none of :data:`ENDS`) with their point in ``box``; no promised order."""

    def points_about(self, boxes: Sequence[Cell], enough: int) -> tuple[int, list[Located]]:
        """Which is the first of some boxes, each within the next, that holds at least ``enough`` standing
        addresses, or else the last of them; and the points in it, as :meth:`points_in` gives them."""
        *smaller, largest = boxes
        for n, box in enumerate(smaller):
            located = self.points_in(box)
            if len(located) >= enough:
                return n, located
        return len(smaller), self.points_in(largest)

    @abstractmethod
    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        """For each wanted, in their order: the standing addresses of its likeness with their point in its
        box, by code ascending."""

    @abstractmethod
    def standing_on(
        self, street: str, communes: Collection[str] | None = None, numbers: range | None = None
    ) -> list[Standing]:
        """How many addresses on a street that are vouched for each commune has, in no promised order; none for
        nought. Those that are only proposed tell nothing: anybody may propose.

        :param communes: commune codes, of any division; all by default.
        :param numbers: count each of these numbers by itself, and no other; ascending.
        """

    @abstractmethod
    def names(
        self, kind: Kind, begin: str, communes: Collection[str] | None = None, limit: int | None = None
    ) -> list[Named]:
        """Streets or places whose key begins with ``begin``, by (key, commune, division); none that no standing
        address bears.

        :param communes: commune codes, of any division; all by default.
        :param limit: the first so many; without it all.
        """

    def bearing(self, kind: Kind, keys: Collection[str], communes: Collection[str]) -> list[Borne]:
        """Which of some streets or places a standing address of these communes bears, in no promised order: those
        that :meth:`names` tells, without counting who bears them.

        :param communes: commune codes, of any division.
        """
        named = (name for key in set(keys) for name in self.names(kind, key, communes) if name.key == key)
        return [Borne(name.key, name.filed) for name in named]

    def met(self, kind: Kind, wanted: Numbered) -> tuple[list[Borne], list[Door]]:
        """Where one street or place is borne, and what stands at one number of it: :meth:`bearing` and
        :meth:`doors` in one question."""
        borne = self.bearing(kind, [wanted.key], wanted.communes)
        return borne, self.doors(kind, [wanted])[0] if borne else []

    def keys(self, kind: Kind, begin: str, communes: Collection[str]) -> set[str]:
        """Keys that begin with ``begin``: at least those of the streets or places that a standing address of these
        communes bears. There may be others, which only :meth:`bearing` tells apart.

        :param communes: commune codes, of any division.
        """
        return {name.key for name in self.names(kind, begin, communes)}

    @abstractmethod
    def houses(self, kind: Kind, key: str, communes: Collection[str], numbers: range | None = None) -> list[House]:
        """The standing addresses on a street or in a place of these communes, in no promised order.

        :param communes: commune codes, of any division.
        :param numbers: those with one of these numbers alone; ascending.
        """

    def stated_on(self, kind: Kind, key: str, communes: Collection[str], most: int) -> list[Components]:
        """What the first ``most`` by code of the standing addresses there state, as :meth:`houses`."""
        return self.components([house.ndas for house in sorted(self.houses(kind, key, communes))[:most]])

    def lying(self, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
        """:meth:`houses` of several streets or places, each given by its key and the commune codes, in no promised
        order."""
        groups: dict[tuple[int, Filed], int] = {}
        rows = [
            (groups.setdefault((at, house.filed), len(groups)), int(house.ndas), house.lat, house.lon)
            for at, (key, communes) in enumerate(wanted)
            for house in self.houses(kind, key, communes)
        ]
        return Lying([*groups], rows)

    def naming(self, codes: Sequence[int]) -> Mapping[int, Components]:
        """Of the records that exist among ``codes``, given as numbers, the components that are names (street,
        hamlet, building, poi); where records say the same, it is often one and the same object."""
        records = self.records([f"{code:010}" for code in codes])
        return {int(code): named_alone(record.components) for code, record in records.items()}

    def doors(self, kind: Kind, wanted: Sequence[Numbered]) -> list[list[Door]]:
        """For each wanted, in their order: the standing addresses there, by code ascending."""
        found = [
            self.houses(kind, each.key, each.communes, range(each.number, each.number + 1)) for each in wanted
        ]
        records = self.records([house.ndas for houses in found for house in houses])
        doors = [
            [door_of(house, records[house.ndas]) for house in sorted(houses) if house.ndas in records]
            for houses in found
        ]
        return [
            [door for door in there if door.house_number is None or each.holding in door.house_number]
            for there, each in zip(doors, wanted, strict=True)
        ]

    @abstractmethod
    def events(self, ndas: str) -> list[Event]:
        """The history of a code by number ascending; empty for a code that is not there."""

    def life(self, ndas: str) -> tuple[AddressRecord, tuple[Event, ...]] | None:
        """The record of a code with its history, of any status; ``None`` for a code that is not there."""
        record = self.records([ndas]).get(ndas)
        return None if record is None else (record, tuple(self.events(ndas)))

    @abstractmethod
    def events_after(self, position: int, limit: int) -> list[Told]:
        """The events of all codes behind a position, at most ``limit``, by position ascending.

        Positions are above 0 and grow in the order of commits: once an event can be read, none ever appears before
        it. There may be gaps. Events of one transaction stand in the order in which they were appended.
        """

    @abstractmethod
    def receipt(self, key: str) -> Receipt | None:
        """What the request with this idempotency key was answered with."""

    @abstractmethod
    def batch_receipts(self, batch_id: str, row_ids: Sequence[str]) -> dict[str, Receipt]:
        """What those rows of a batch were answered with; rows never answered are absent."""


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

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a registry, of whatever schema; looking makes none."""

    @abstractmethod
    def create(self) -> bool:
        """Make the registry if there is none, bring an older schema forward; whether it was made now."""

    @abstractmethod
    def scan(self, *, history: bool = True) -> Iterator[Scanned]:
        """Every record by code ascending, all from one committed state; without events if not asked for."""

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
