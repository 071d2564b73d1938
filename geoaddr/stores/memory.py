"""A registry in this process's memory, gone with it: the plain engine that others are judged by.

Rows are kept in dictionaries and searched by looking at them; points are in an R-tree. One lock serves
readers and writers, and a list of opposite steps takes back what a failed transaction did.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from rtree.index import Index

from geoaddr.errors import AlreadyIssued, Said, StaleVersion, StoreUnavailable
from geoaddr.model import STATUSES, AddressRecord, Cell, Event, Point
from geoaddr.store import (
    ENDS,
    VOUCHED,
    Entry,
    Filed,
    House,
    Kind,
    Like,
    Lived,
    Located,
    Named,
    Problem,
    Reads,
    Receipt,
    Scanned,
    Standing,
    Store,
    Told,
    Transaction,
)

T = TypeVar("T")

Box = tuple[float, float, float, float]


class Rows:
    """All that a registry holds."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.entries: dict[str, Entry] = {}
        self.events: dict[str, list[Event]] = {}
        self.order: list[tuple[str, int]] = []
        """Code and number of every event, in the order in which they were appended."""
        self.positions: dict[str, int] = {}
        self.receipts: dict[str, Receipt] = {}
        self.batch_receipts: dict[tuple[str, str], Receipt] = {}
        self.points = Index()
        """The points of standing addresses, each under its code as a number."""


class MemoryReads(Reads):
    """Reads over rows that nobody else changes meanwhile."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def key(self) -> bytes:
        return self._rows.key

    def records(self, codes: Sequence[str]) -> dict[str, AddressRecord]:
        entries = self._rows.entries
        return {code: entries[code].record for code in codes if code in entries}

    def issued(self, codes: Iterable[str]) -> set[str]:
        return {code for code in codes if code in self._rows.entries}

    def by_alias(self, system: str, code: str) -> list[AddressRecord]:
        named = (
            entry.record
            for entry in self._rows.entries.values()
            if any(alias.system == system and alias.code == code for alias in entry.record.aliases)
        )
        return sorted(named, key=_code)

    def points_in(self, box: Cell) -> list[Located]:
        found = (
            self._rows.entries[f"{number:010}"].record for number in self._rows.points.intersection(_box(box))
        )
        return [Located(record.ndas, record.point.lat, record.point.lon) for record in found]

    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        return [self._alike(*like) for like in wanted]

    def _alike(self, likeness: int, box: Cell) -> list[AddressRecord]:
        near = (self._rows.entries[located.ndas] for located in self.points_in(box))
        return sorted((entry.record for entry in near if entry.likeness == likeness), key=_code)

    def standing_on(
        self, street: str, communes: Collection[str] | None = None, numbers: range | None = None
    ) -> list[Standing]:
        found = Counter(
            (filed, number if numbers is not None else None)
            for filed, number, status in self._on(street)
            if status in VOUCHED
            and (communes is None or filed.commune in communes)
            and (numbers is None or number in numbers)
        )
        return [Standing(*where, addresses) for where, addresses in found.items()]

    def _on(self, street: str) -> Iterator[tuple[Filed, int | None, str]]:
        for record, _, placed in self._rows.entries.values():
            if placed is not None and placed.street == street:
                yield Filed(record.commune_code, placed.division), placed.number, record.status

    def names(
        self, kind: Kind, begin: str, communes: Collection[str] | None = None, limit: int | None = None
    ) -> list[Named]:
        standing: Counter[tuple[str, Filed]] = Counter()
        vouched: Counter[tuple[str, Filed]] = Counter()
        for key, filed, _, record in self._bearing(kind):
            if key.startswith(begin) and (communes is None or filed.commune in communes):
                standing[key, filed] += 1
                vouched[key, filed] += record.status in VOUCHED
        return [Named(*name, standing[name], vouched[name]) for name in sorted(standing)][:limit]

    def houses(self, kind: Kind, key: str, communes: Collection[str], numbers: range | None = None) -> list[House]:
        return [
            House(record.ndas, filed, number, record.point.lat, record.point.lon)
            for borne, filed, number, record in self._bearing(kind)
            if borne == key
            and filed.commune in communes
            and (numbers is None or (number is not None and number in numbers))
        ]

    def _bearing(self, kind: Kind) -> Iterator[tuple[str, Filed, int | None, AddressRecord]]:
        """Every standing address that has a name of this kind."""
        for record, _, placed in self._rows.entries.values():
            key = None if placed is None else placed.street if kind == "street" else placed.place
            if placed is not None and key is not None and record.status not in ENDS:
                yield key, Filed(record.commune_code, placed.division), placed.number, record

    def events(self, ndas: str) -> list[Event]:
        return list(self._rows.events.get(ndas, ()))

    def events_after(self, position: int, limit: int) -> list[Told]:
        wanted = self._rows.order[position : position + limit]
        return [Told(position + n, self._rows.events[code][i - 1]) for n, (code, i) in enumerate(wanted, 1)]

    def receipt(self, key: str) -> Receipt | None:
        return self._rows.receipts.get(key)

    def batch_receipts(self, batch_id: str, row_ids: Sequence[str]) -> dict[str, Receipt]:
        kept = self._rows.batch_receipts
        return {row_id: kept[batch_id, row_id] for row_id in row_ids if (batch_id, row_id) in kept}


class MemoryTransaction(MemoryReads, Transaction):
    """Writes that remember how to be undone."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._undo: list[Callable[[], object]] = []

    def roll_back(self) -> None:
        """Take everything back, the last write first."""
        while self._undo:
            self._undo.pop()()

    def lock_areas(self, areas: Iterable[str]) -> dict[str, int]:
        return {area: self._rows.positions.get(area, 0) for area in sorted(set(areas))}

    def set_positions(self, positions: Mapping[str, int]) -> None:
        for area, position in positions.items():
            self._set(self._rows.positions, area, max(position, self._rows.positions.get(area, 0)))

    def insert(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.record.ndas in self._rows.entries:
                raise AlreadyIssued("ndas", entry.record.ndas, Said("is taken", "đã được cấp"))
            self._set(self._rows.entries, entry.record.ndas, entry)
            self._index(entry.record)

    def replace(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            before = self._rows.entries.get(entry.record.ndas)
            if before is None or before.record.version != entry.record.version - 1:
                raise StaleVersion(
                    "version", entry.record.version - 1, Said("is not the present one", "không phải bản hiện tại")
                )
            self._unindex(before.record)
            self._set(self._rows.entries, entry.record.ndas, entry)
            self._index(entry.record)

    def append(self, events: Sequence[Event]) -> None:
        for event in events:
            told = self._rows.events.get(event.ndas, [])
            assert event.number == len(told) + 1, "histories are numbered without gaps"
            self._set(self._rows.events, event.ndas, [*told, event])
            self._rows.order.append((event.ndas, event.number))
            self._undo.append(self._rows.order.pop)

    def redact(self, ndas: str, events: Sequence[Event]) -> None:
        assert self._rows.entries[ndas].record.status == "withdrawn", "histories are append-only"
        told = list(self._rows.events[ndas])
        for event in events:
            told[event.number - 1] = event
        self._set(self._rows.events, ndas, told)
        for table in (self._rows.receipts, self._rows.batch_receipts):
            for name, receipt in [item for item in table.items() if item[1].ndas == ndas]:
                self._set(table, name, receipt._replace(digest=""))

    def keep_receipts(self, receipts: Mapping[str, Receipt]) -> None:
        for key, receipt in receipts.items():
            self._set(self._rows.receipts, key, receipt)

    def keep_batch_receipts(self, batch_id: str, receipts: Mapping[str, Receipt]) -> None:
        for row_id, receipt in receipts.items():
            self._set(self._rows.batch_receipts, (batch_id, row_id), receipt)

    def _set(self, table: dict[Any, Any], name: object, value: object) -> None:
        if name in table:
            before = table[name]
            self._undo.append(lambda: table.__setitem__(name, before))
        else:
            self._undo.append(lambda: table.__delitem__(name))
        table[name] = value

    def _index(self, record: AddressRecord) -> None:
        if record.status not in ENDS:
            item = (int(record.ndas), _at(record.point))
            self._rows.points.insert(*item)
            self._undo.append(lambda: self._rows.points.delete(*item))

    def _unindex(self, record: AddressRecord) -> None:
        if record.status not in ENDS:
            item = (int(record.ndas), _at(record.point))
            self._rows.points.delete(*item)
            self._undo.append(lambda: self._rows.points.insert(*item))


class MemoryStore(Store):
    """A registry that lives as long as this object.

    :param key: the issuing key; 32 random bytes by default.
    """

    engine = "memory"

    def __init__(self, *, key: bytes | None = None) -> None:
        self._rows = Rows(secrets.token_bytes(32) if key is None else key)
        self._reads = MemoryReads(self._rows)
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return "MemoryStore()"

    def key(self) -> bytes:
        return self._reads.key()

    def records(self, codes: Sequence[str]) -> dict[str, AddressRecord]:
        with self._lock:
            return self._reads.records(codes)

    def issued(self, codes: Iterable[str]) -> set[str]:
        with self._lock:
            return self._reads.issued(codes)

    def by_alias(self, system: str, code: str) -> list[AddressRecord]:
        with self._lock:
            return self._reads.by_alias(system, code)

    def points_in(self, box: Cell) -> list[Located]:
        with self._lock:
            return self._reads.points_in(box)

    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        with self._lock:
            return self._reads.alike(wanted)

    def standing_on(
        self, street: str, communes: Collection[str] | None = None, numbers: range | None = None
    ) -> list[Standing]:
        with self._lock:
            return self._reads.standing_on(street, communes, numbers)

    def names(
        self, kind: Kind, begin: str, communes: Collection[str] | None = None, limit: int | None = None
    ) -> list[Named]:
        with self._lock:
            return self._reads.names(kind, begin, communes, limit)

    def houses(self, kind: Kind, key: str, communes: Collection[str], numbers: range | None = None) -> list[House]:
        with self._lock:
            return self._reads.houses(kind, key, communes, numbers)

    def events(self, ndas: str) -> list[Event]:
        with self._lock:
            return self._reads.events(ndas)

    def life(self, ndas: str) -> Lived | None:
        with self._lock:
            return self._reads.life(ndas)

    def events_after(self, position: int, limit: int) -> list[Told]:
        with self._lock:
            return self._reads.events_after(position, limit)

    def receipt(self, key: str) -> Receipt | None:
        with self._lock:
            return self._reads.receipt(key)

    def batch_receipts(self, batch_id: str, row_ids: Sequence[str]) -> dict[str, Receipt]:
        with self._lock:
            return self._reads.batch_receipts(batch_id, row_ids)

    def write(self, work: Callable[[Transaction], T]) -> T:
        with self._lock:
            transaction = MemoryTransaction(self._rows)
            try:
                return work(transaction)
            except BaseException:
                transaction.roll_back()
                raise

    def exists(self) -> bool:
        return True

    def create(self) -> bool:
        return False

    def scan(self, *, history: bool = True) -> Iterator[Scanned]:
        with self._lock:
            entries = sorted(self._rows.entries.items())
            told = {code: tuple(events) for code, events in self._rows.events.items()} if history else {}
        for code, (record, likeness, placed) in entries:
            yield Scanned(record, likeness, told.get(code, ()), placed)

    def positions(self) -> dict[str, int]:
        with self._lock:
            return dict(sorted(self._rows.positions.items()))

    def counts(self) -> dict[str, Any]:
        with self._lock:
            by_status = dict.fromkeys(STATUSES, 0)
            for entry in self._rows.entries.values():
                by_status[entry.record.status] += 1
            return {
                "addresses": len(self._rows.entries),
                "by_status": by_status,
                "events": sum(len(events) for events in self._rows.events.values()),
                "aliases": sum(len(entry.record.aliases) for entry in self._rows.entries.values()),
                "schema": 0,
            }

    def check(self) -> Iterator[Problem]:
        with self._lock:
            standing = {c: e.record for c, e in self._rows.entries.items() if e.record.status not in ENDS}
            everywhere = self._rows.points.intersection((-180.0, -90.0, 180.0, 90.0), objects=True)
            indexed = {f"{item.id:010}": tuple(item.bbox) for item in everywhere}
            receipts = [*self._rows.receipts.values(), *self._rows.batch_receipts.values()]
            lost = sorted({receipt.ndas for receipt in receipts} - self._rows.entries.keys())
        for code in sorted(standing.keys() | indexed.keys()):
            if code not in standing or indexed.get(code) != _at(standing[code].point):
                yield Problem("storage", code, Said("the index of points is out of step", "chỉ mục điểm bị lệch"))
        for code in lost:
            yield Problem("dangling", code, Said("a receipt for no record", "biên nhận không có bản ghi"))

    def backup(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        raise StoreUnavailable(
            Said(
                "a registry in memory has no file to copy; export it",
                "sổ đăng ký trong bộ nhớ không có tệp để sao lưu; hãy xuất dữ liệu",
            )
        )

    def close(self) -> None:
        return


def _code(record: AddressRecord) -> str:
    return record.ndas


def _at(point: Point) -> Box:
    return (point.lon, point.lat, point.lon, point.lat)


def _box(box: Cell) -> Box:
    return (box.west, box.south, box.east, box.north)
