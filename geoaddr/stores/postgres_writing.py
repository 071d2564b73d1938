"""What a serializable transaction reads and writes in PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from typing import LiteralString as Sql

from psycopg import errors as pg

from geoaddr.errors import AlreadyIssued, Said, StaleVersion
from geoaddr.model import AddressRecord, Event
from geoaddr.store import Entry, Like, Receipt, Told, Transaction
from geoaddr.stores import postgres_rows as own
from geoaddr.stores.postgres_asking import Row, answer, changed
from geoaddr.stores.postgres_locks import ALL, LOCKS, household_keys
from geoaddr.stores.postgres_reads import CHUNK, TAKEN, PostgresReads, as_array
from geoaddr.stores.postgres_schema import PARTITION, Connection
from geoaddr.stores.rows import alias_rows, event_row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Arrivals

_FEW = 4
"""Up to so many rows are inserted; more are copied."""

_AREAS = f"""SELECT asked.area, coalesce(known.position, 0), pg_try_advisory_xact_lock({LOCKS}, asked.area)
    FROM unnest(%s::integer[]) AS asked (area) LEFT JOIN area AS known ON known.area = asked.area"""  # noqa: S608
_SET_POSITIONS = """INSERT INTO area AS a (area, position) SELECT * FROM unnest(%s::integer[], %s::integer[])
    ON CONFLICT (area) DO UPDATE SET position = greatest(a.position, excluded.position)"""
_TELL = "SELECT geoaddr.tell(%s::bigint[], %s::integer[])"
_REDACT = "SELECT geoaddr.redact(%s::bigint, %s::integer[], %s::text[], %s::text[], %s::text[])"


class Again(Exception):
    """Undo all, get what is missing, and begin again.

    :param households: keys of those that are looked for, to be held before the snapshot is taken.
    :param areas: others are dealing codes of these.
    :param partitions: there are no such ones yet, as far as this process knows.
    """

    def __init__(
        self, *, households: Iterable[int] = (), areas: Iterable[int] = (), partitions: Iterable[int] = ()
    ) -> None:
        super().__init__()
        self.households = frozenset(households)
        self.areas = frozenset(areas)
        self.partitions = frozenset(partitions)


@dataclass(slots=True, repr=False)
class Known:
    """What a process remembers of a registry: the key, the partitions that are there, and by the area the position
    that it saw last, with some codes from there on."""

    key: bytes | None = None
    partitions: set[int] = field(default_factory=set)
    ahead: dict[str, tuple[int, list[int]]] = field(default_factory=dict)


class PostgresTransaction(PostgresReads, Transaction):
    """Writes over a connection that is in a transaction.

    :param households: the keys that are held.
    """

    def __init__(self, connection: Connection, known: Known, households: Collection[int] = ()) -> None:
        self._connection = connection
        self._known = known
        self._households = households
        self.areas: set[int] = set()
        """The areas that it dealt codes of."""
        self._untold: list[tuple[int, int]] = []

    def _rows(self, sql: Sql, values: Sequence[Any] = (), *, newest: bool = False) -> list[Row]:
        return answer(self._connection, sql, values)

    def key(self) -> bytes:
        if self._known.key is None:
            self._known.key = super().key()
        return self._known.key

    def _each(self, sql: Sql, values: Iterable[Row]) -> int:
        """How many rows were written, one by one."""
        return sum(changed(self._connection, sql, row) for row in values)

    def _copy(self, sql: Sql, values: Iterable[Row]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in values:
                copy.write_row(row)

    def lock_areas(self, areas: Iterable[str]) -> dict[str, int]:
        numbers = sorted({int(area) for area in areas})
        self.areas.update(numbers)
        found = self._rows(_AREAS, (as_array(numbers),))
        if not all(locked for _, _, locked in found):
            raise Again(areas=numbers)
        return {f"{area:05}": position for area, position, _ in sorted(found)}

    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        keys = household_keys(wanted)
        if ALL not in self._households and not set(keys).issubset(self._households):
            raise Again(households=keys)
        return super().alike(wanted)

    def set_positions(self, positions: Mapping[str, int]) -> None:
        ordered = sorted((int(area), position) for area, position in positions.items())
        areas, reached = (as_array(pair[n] for pair in ordered) for n in (0, 1))
        self._each(_SET_POSITIONS, [(areas, reached)])

    def insert(self, entries: Sequence[Entry]) -> None:
        self._need_partitions(int(entry.record.ndas) for entry in entries)
        values = [own.address_row(entry) for entry in entries]
        if len(values) > _FEW:
            self._copy_addresses(entries, values)
        elif self._each(own.INSERT_ADDRESS, values) < len(values):
            raise self._taken([entry.record.ndas for entry in entries])
        self._insert_aliases(entries)

    def _copy_addresses(self, entries: Sequence[Entry], values: Sequence[Row]) -> None:
        try:
            with self._connection.transaction():
                self._copy(own.COPY_ADDRESS, values)
        except pg.UniqueViolation:
            raise self._taken([entry.record.ndas for entry in entries]) from None

    def taken(self, codes: NDArray[np.int64]) -> NDArray[np.bool_]:
        import numpy as np

        found: list[int] = []
        for start in range(0, len(codes), CHUNK):
            asked = codes[start : start + CHUNK]
            values = (as_array(asked.tolist()), int(asked.min()), int(asked.max()))
            found += [code for (code,) in self._rows(TAKEN, values)]
        return np.isin(codes, np.array(found, dtype=np.int64))

    def arrive(self, arrivals: Arrivals) -> None:
        from geoaddr.stores import postgres_arrivals as columns

        codes = arrivals.ndas.tolist()
        self._need_partitions(codes)
        try:
            with (
                self._connection.transaction(),
                self._connection.cursor() as cursor,
                cursor.copy(columns.COPY_ADDRESSES) as copy,
            ):
                copy.write(columns.address_lines(arrivals))
        except pg.UniqueViolation:
            raise self._taken([f"{code:010}" for code in codes]) from None
        with self._connection.cursor() as cursor, cursor.copy(columns.COPY_EVENTS) as copy:
            copy.write(columns.event_lines(arrivals))
        self._untold += [(code, 1) for code in codes]

    def _need_partitions(self, codes: Iterable[int]) -> None:
        missing = {code // PARTITION for code in codes}.difference(self._known.partitions)
        if missing:
            raise Again(partitions=missing)

    def _taken(self, asked: Iterable[str]) -> Exception:
        """What it means that a code was there: it is taken, or another is taking it at this moment."""
        codes = Counter(asked)
        taken = sorted(self.issued(codes) | {code for code, times in codes.items() if times > 1})
        if not taken:
            return Again()
        return AlreadyIssued("ndas", ", ".join(taken), Said("is taken", "đã được cấp"))

    def replace(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            row = own.address_row(entry)
            if self._each(own.UPDATE_ADDRESS, [(*row[1:], row[0], row[2])]) != 1:
                raise StaleVersion(
                    "version", entry.record.version - 1, Said("is not the present one", "không phải bản hiện tại")
                )
        codes = as_array(int(entry.record.ndas) for entry in entries)
        self._each("DELETE FROM alias WHERE ndas = ANY (%s::bigint[])", [(codes,)])
        self._insert_aliases(entries)

    def _insert_aliases(self, entries: Sequence[Entry]) -> None:
        values = [row for entry in entries if entry.record.aliases for row in alias_rows(entry.record)]
        self._put("alias", own.ALIAS_COLUMNS, values)

    def append(self, events: Sequence[Event]) -> None:
        self._put("event", own.EVENT_COLUMNS, [event_row(event) for event in events])
        self._untold += [(int(event.ndas), event.number) for event in events]

    def redact(self, ndas: str, events: Sequence[Event]) -> None:
        rows = [event_row(event) for event in events]
        numbers, actors, reasons, details = ([row[n] for row in rows] for n in (1, 4, 5, 6))
        self._rows(_REDACT, (int(ndas), as_array(numbers), actors, reasons, details))

    def tell(self) -> None:
        """Give the events that were appended their places in the order of all: the last thing before the commit,
        since other writers then wait for its end."""
        if self._untold:
            codes, numbers = (as_array(pair[n] for pair in self._untold) for n in (0, 1))
            self._rows(_TELL, (codes, numbers))
            self._untold.clear()

    def events_after(self, position: int, limit: int) -> list[Told]:
        self.tell()
        return super().events_after(position, limit)

    def keep_receipts(self, receipts: Mapping[str, Receipt]) -> None:
        values = [(key, int(ndas), outcome, digest) for key, (ndas, outcome, digest) in receipts.items()]
        self._put("receipt", "key, ndas, outcome, digest", values)

    def keep_batch_receipts(self, batch_id: str, receipts: Mapping[str, Receipt]) -> None:
        values = [(batch_id, row, int(ndas), outcome, digest) for row, (ndas, outcome, digest) in receipts.items()]
        self._put("batch_row", "batch_id, row_id, ndas, outcome, digest", values)

    def _put(self, table: Sql, columns: Sql, values: Sequence[Row]) -> None:
        if len(values) > _FEW:
            self._copy(f"COPY {table} ({columns}) FROM STDIN", values)
        elif values:
            places = ", ".join(["%s"] * (columns.count(",") + 1))
            self._each(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608


def fetched(connection: Connection, sql: Sql, values: Sequence[Any] = ()) -> list[Row]:
    """All rows of one statement."""
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(sql, values).fetchall()
