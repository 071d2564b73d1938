"""One code issued beside many others: no serializable snapshot, but locks on the household and the area.

In two exchanges with the server: wait for both and read; keep everything and commit. They are spoken to libpq
itself, since the driver's own way costs more than all rules of issuing. What does not fit (a code that is taken,
an address that is there already and gets a receipt, another verb) is left to a serializable transaction, which
takes the same locks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, cast
from typing import LiteralString as Sql

from psycopg import errors as pg
from psycopg.pq import Escaping
from psycopg.pq.abc import PGresult

from geoaddr.model import AddressRecord, Event, Outcome
from geoaddr.store import Entry, Issuing, Like, Receipt, Transaction
from geoaddr.stores import postgres_rows as own
from geoaddr.stores.postgres_asking import Row, answer, checked
from geoaddr.stores.postgres_locks import ALL, household_keys
from geoaddr.stores.postgres_reads import PostgresReads, as_array
from geoaddr.stores.postgres_schema import PARTITION, Connection
from geoaddr.stores.postgres_writing import Again, Known
from geoaddr.stores.rows import alias_rows, event_row, to_json

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_ENTER = "SELECT * FROM geoaddr.enter({}, '{}', {!r}, {!r}, {!r}, {!r}, {}, {})"
_KEEP = "SELECT geoaddr.keep({}); COMMIT"
_KEPT = tuple(own.ADDRESS_COLUMNS.split(", "))


class IssuingTransaction(PostgresReads, Transaction):
    """Reads at once, writes at the end, and one address only. Codes of its area count as free until one is kept,
    unless the area is known to be crowded with codes that came from elsewhere.

    :raises Again: from any call that a serializable transaction must answer.
    """

    def __init__(self, connection: Connection, known: Known, issuing: Issuing) -> None:
        self._connection = connection
        self._known = known
        self._issuing = issuing
        self._told: dict[str, Any] = {}
        self._position, self._found, self._receipt = self._enter()

    def _enter(self) -> tuple[int, list[str], Receipt | None]:
        """Begin, wait for the locks, and read what they guard."""
        (likeness, box), area, key = self._issuing
        keys = household_keys([self._issuing.like])
        if keys[0] == ALL:
            raise Again
        by_key = "NULL" if key is None else self._quoted(key)
        asked = _ENTER.format(
            likeness, as_array(keys), box.south, box.west, box.north, box.east, int(area), by_key
        )
        told = self._said(f"{_BEGIN}; {asked}")
        reached, there, ndas, outcome, digest = (told.get_value(0, n) for n in range(5))
        receipt = None
        if ndas is not None and outcome is not None and digest is not None:
            receipt = Receipt(f"{int(ndas):010}", cast(Outcome, outcome.decode()), digest.decode())
        codes = [] if there is None else there.decode().strip("{}").split(",")
        return int(reached or 0), [f"{int(code):010}" for code in codes if code], receipt

    def _said(self, words: str) -> PGresult:
        """What the server answers to statements, the last of them. :raises psycopg.Error:"""
        line = self._connection.pgconn
        told = line.exec_(words.encode())
        checked(line, told)
        return told

    def _quoted(self, text: str) -> str:
        return Escaping(self._connection.pgconn).escape_literal(text.encode()).decode()

    def _rows(self, sql: Sql, values: Sequence[Any] = (), *, newest: bool = False) -> list[Row]:
        if self._told:  # which the server does not know yet
            raise Again
        return answer(self._connection, sql, values)

    def key(self) -> bytes:
        if self._known.key is None:
            self._known.key = super().key()
        return self._known.key

    def receipt(self, key: str) -> Receipt | None:
        return self._receipt if key == self._issuing.key else super().receipt(key)

    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        if list(wanted) != [self._issuing.like]:
            raise Again
        records = self.records(self._found) if self._found else {}
        return [[records[code] for code in sorted(self._found) if code in records]]

    def issued(self, codes: Iterable[str]) -> set[str]:
        area = self._issuing.area
        if area in self._known.crowded:
            return super().issued(codes)
        if self._told or not all(code.startswith(area) for code in codes):
            raise Again
        return set()

    def lock_areas(self, areas: Iterable[str]) -> dict[str, int]:
        if set(areas) != {self._issuing.area}:
            raise Again
        return {self._issuing.area: self._position}

    def set_positions(self, positions: Mapping[str, int]) -> None:
        for area, position in positions.items():
            self._tell({"area": int(area), "position": position})

    def insert(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            record = entry.record
            prefix = int(record.ndas) // PARTITION
            if prefix not in self._known.partitions:
                raise Again(partitions=[prefix])
            aliases = [row[1:] for row in alias_rows(record)] or None
            self._tell({**dict(zip(_KEPT, own.address_row(entry), strict=True)), "aliases": aliases})

    def append(self, events: Sequence[Event]) -> None:
        for event in events:
            ndas, number, kind, at_ms, actor, reason, details = event_row(event)
            if number != 1 or ndas != self._told.get("ndas"):
                raise Again
            self._tell({"kind": kind, "at_ms": at_ms, "actor": actor, "reason": reason, "details": details})

    def keep_receipts(self, receipts: Mapping[str, Receipt]) -> None:
        for key, (ndas, outcome, digest) in receipts.items():
            if int(ndas) != self._told.get("ndas"):  # an erasure at this moment would not see the receipt
                raise Again
            self._tell({"key": key, "outcome": outcome, "digest": digest})

    def _tell(self, values: Mapping[str, Any]) -> None:
        if not self._told.keys().isdisjoint(values):
            raise Again  # a second address
        self._told.update(values)

    def replace(self, entries: Sequence[Entry]) -> NoReturn:
        raise Again

    def redact(self, ndas: str, events: Sequence[Event]) -> NoReturn:
        raise Again

    def keep_batch_receipts(self, batch_id: str, receipts: Mapping[str, Receipt]) -> NoReturn:
        raise Again

    def last_words(self) -> str:
        """What :meth:`commit` sends."""
        if not self._told:
            return "COMMIT"
        if not {"ndas", "kind", "area"} <= self._told.keys():
            raise Again
        return _KEEP.format(self._quoted(to_json(self._told)))

    def commit(self, words: str) -> None:
        """Keep all that was told, and end the transaction."""
        try:
            self._said(words)
        except pg.UniqueViolation:
            self._known.crowded.add(self._issuing.area)
            raise
