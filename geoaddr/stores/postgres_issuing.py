"""One code issued beside many others: no serializable snapshot, but locks on the household and the area.

In three exchanges with the server: wait for both and read, look whether the code is free, keep everything and
commit. What does not fit (an address that is there already and gets a receipt, another verb) is left to a
serializable transaction, which takes the same locks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn
from typing import LiteralString as Sql

from psycopg.sql import Literal

from geoaddr.model import AddressRecord, Event
from geoaddr.store import Entry, Issuing, Like, Receipt, Transaction
from geoaddr.stores import postgres_rows as own
from geoaddr.stores.postgres_locks import ALL, household_keys
from geoaddr.stores.postgres_reads import PostgresReads, Row, as_array
from geoaddr.stores.postgres_schema import PARTITION, Connection
from geoaddr.stores.postgres_writing import Again, Known, fetched
from geoaddr.stores.rows import alias_rows, event_row, to_json

_ENTER = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT * FROM geoaddr.enter({}, {}, {}, {}, {}, {}, {}, {})"
)
_KEEP = "SELECT geoaddr.keep({}); COMMIT"
_KEPT = tuple(own.ADDRESS_COLUMNS.split(", "))


class IssuingTransaction(PostgresReads, Transaction):
    """Reads at once, writes at the end, and one address only.

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
        values = (likeness, as_array(keys), box.south, box.west, box.north, box.east, int(area), key)
        cursor = self._connection.execute(_filled(self._connection, _ENTER, values), prepare=False)
        cursor.nextset()
        ((reached, found, ndas, outcome, digest),) = cursor.fetchall()
        receipt = None if ndas is None else Receipt(f"{ndas:010}", outcome, digest)
        return reached or 0, [f"{code:010}" for code in found], receipt

    def _rows(self, sql: Sql, values: Sequence[Any] = (), *, newest: bool = False) -> list[Row]:
        if self._told:  # which the server does not know yet
            raise Again
        return fetched(self._connection, sql, values)

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
        """What is sent to end the transaction."""
        if not self._told:
            return "COMMIT"
        if not {"ndas", "kind", "area"} <= self._told.keys():
            raise Again
        return _filled(self._connection, _KEEP, [to_json(self._told)])


def _filled(connection: Connection, sql: str, values: Sequence[Any]) -> str:
    """A statement with its values, in one exchange with those around it; the driver writes them."""
    return sql.format(*(Literal(value).as_string(connection) for value in values))
