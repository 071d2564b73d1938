"""What an engine is asked: the reading half of the port (see :mod:`geoaddr.store`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geoaddr.model import AddressRecord, Cell, Components, Event
from geoaddr.stored import (
    Borne,
    Door,
    Doors,
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
    Receipt,
    Standing,
    Told,
    door_of,
    named_alone,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Outlines


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

    def middles(self, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Sequence[Kept | None]:
        """For each of several streets or places, given as for :meth:`lying`, what is kept of it where all of its
        addresses were filed alike: always what would be worked out of them now. ``None`` where it is to be worked
        out, as it always is in most engines."""
        return [None] * len(wanted)

    def naming(self, codes: Sequence[int]) -> Mapping[int, Components]:
        """Of the records that exist among ``codes``, given as numbers, the components that are names (street,
        hamlet, building, poi), of those without any the line; where records say the same, it is often one and the
        same object."""
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

    def doors_by_column(self, kind: Kind, wanted: Sequence[Numbered]) -> Doors:
        """:meth:`doors` for many at once."""
        filed: dict[Filed, int] = {}
        stated: list[Mapping[str, Any]] = [{}]
        rows = []
        for at, there in enumerate(self.doors(kind, wanted)):
            for (ndas, of, _, lat, lon), own, source, uncertainty_m in there:
                place = filed.setdefault(of, len(filed))
                rows.append((at, place, int(ndas), lat, lon, len(stated), 0, source, uncertainty_m))
                stated.append(own)
        return Doors([*filed], stated, rows)

    @abstractmethod
    def events(self, ndas: str) -> list[Event]:
        """The history of a code by number ascending; empty for a code that is not there."""

    def life(self, ndas: str) -> Lived | None:
        """The record of a code with its history, of any status; ``None`` for a code that is not there."""
        record = self.records([ndas]).get(ndas)
        return None if record is None else (record, tuple(self.events(ndas)))

    def lives(self, wanted: Mapping[str, range]) -> dict[str, Lived]:
        """:meth:`life` of many codes, record and events of one state each; those that are not there are absent.

        :param wanted: by the code the numbers of the events that are asked about, one at least. All from the first
            of them on are told; an engine with replicas answers from one that has the last of them.
        """
        found = {}
        for code, numbers in wanted.items():
            life = self.life(code)
            if life is not None:
                found[code] = life[0], life[1][numbers.start - 1 :]
        return found

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
