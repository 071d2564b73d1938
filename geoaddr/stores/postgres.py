"""A registry in PostgreSQL with PostGIS: for many processes and hosts, and for a nation's rows.

Transactions are serializable: where two meet, the server refuses one, which is tried again. Reads may go to
replicas that have caught up with what this process wrote.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar
from typing import LiteralString as Sql

import psycopg

from geoaddr.errors import Said, StoreUnavailable
from geoaddr.model import STATUSES, AddressRecord, Event
from geoaddr.store import ENDS, Codes, Lived, Pooled, Problem, Proposal, Scanned, Store, Told, Transaction
from geoaddr.stores import BUSY_S
from geoaddr.stores.postgres_asking import Row, answer
from geoaddr.stores.postgres_connections import Connections
from geoaddr.stores.postgres_errors import NO_RIGHT, READ_ONLY, store_error, unavailable
from geoaddr.stores.postgres_issuing import issued
from geoaddr.stores.postgres_reads import PostgresReads
from geoaddr.stores.postgres_rows import RECORD_COLUMNS, placed_from, record_from
from geoaddr.stores.postgres_schema import Connection, Steps, steps
from geoaddr.stores.postgres_trying import in_transaction
from geoaddr.stores.postgres_url import place_of
from geoaddr.stores.postgres_writing import fetched
from geoaddr.stores.rows import event_from

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Outlines

T = TypeVar("T")

_SCAN = f"""SELECT {RECORD_COLUMNS}, a.likeness, a.street, a.number, a.division, a.place
    FROM address a ORDER BY a.ndas"""  # noqa: S608
_ALL_EVENTS = """SELECT ndas, number, kind, at_ms, actor, reason, details::text
    FROM event ORDER BY ndas, number"""
_FETCHED = 2000
"""Rows of a scan that are held in memory."""

_COUNTS = """SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM alias),
    (SELECT schema_version FROM registry)"""
_MAY_WRITE = """SELECT current_setting('transaction_read_only') = 'off',
    has_table_privilege('address', 'INSERT')"""
"""Whether the server takes anything, and whether it does of this role."""

_LOST = """SELECT DISTINCT ndas FROM (SELECT ndas FROM receipt UNION ALL SELECT ndas FROM batch_row) AS kept
    WHERE NOT EXISTS (SELECT FROM address a WHERE a.ndas = kept.ndas) ORDER BY ndas"""
_OUT_OF_STEP = """SELECT ndas
    FROM (SELECT * FROM address WHERE status < 3) AS a FULL JOIN standing AS s USING (ndas)
    WHERE (a.likeness, a.lat, a.lon, a.number, a.division, a.status IN (1, 2), a.commune, a.street, a.place)
        IS DISTINCT FROM (s.likeness, s.lat, s.lon, s.number, s.division, s.vouched, s.commune, s.street,
            s.place)
    ORDER BY ndas"""
_OUT_OF_ORDER = """SELECT ndas FROM event FULL JOIN
        (SELECT ndas, number, count(*) AS times FROM feed GROUP BY ndas, number) AS told USING (ndas, number)
    WHERE at_ms IS NULL OR times IS DISTINCT FROM 1 GROUP BY ndas ORDER BY ndas"""
_INVALID = """SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = 'geoaddr'::regnamespace ORDER BY 1"""
_DISABLED = """SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgenabled = 'D' AND relnamespace = 'geoaddr'::regnamespace GROUP BY 1 ORDER BY 1"""


class PostgresStore(PostgresReads, Store):
    """The registry in the database at ``url``.

    :param url: libpq's, and with ``?read=host:port`` replicas that may be read from.
    :param key: of a registry that this store makes; 32 random bytes by default.
    :param busy_s: how many seconds a server, a connection or a turn to write is waited for.
    :param known: the schema that this software knows, as steps from an empty database.
    """

    engine = "postgresql"

    def __init__(
        self, url: str, *, key: bytes | None = None, busy_s: float = BUSY_S, known: Steps | None = None
    ) -> None:
        place = place_of(url, busy_s=busy_s)
        self._where = place.where
        self._connections = Connections(place, busy_s=busy_s, key=key, steps=steps() if known is None else known)

    def __repr__(self) -> str:
        return f"PostgresStore({self._where!r})"

    def connections(self) -> Pooled:
        return self._connections.held()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the engine in the platform's words."""
        try:
            yield
        except psycopg.Error as error:
            self._tell(error)
            raise

    def _tell(self, error: psycopg.Error) -> None:
        said = store_error(error, self._where)
        if said is not None:
            raise said from error

    def _rows(self, sql: Sql, values: Sequence[Any] = (), *, newest: bool = False) -> list[Row]:
        try:  # no block of its own making: these take more time than the driver
            if not self._connections.readable():
                return []
            if not newest and self._connections.place.replica is not None:
                rows = self._replica_rows(sql, values)
                if rows is not None:
                    return rows
            return self._repeated(lambda connection: answer(connection, sql, values))
        except psycopg.Error as error:
            self._tell(error)
            raise

    def _replica_rows(self, sql: Sql, values: Sequence[Any]) -> list[Row] | None:
        """The answer of a replica; ``None`` where none can give it."""
        try:
            with self._connections.replica() as connection:
                return None if connection is None else answer(connection, sql, values)
        except (psycopg.OperationalError, StoreUnavailable):
            return None

    def _repeated(self, ask: Callable[[Connection], T]) -> T:
        """Ask once more, on a new connection, where one broke before there was an answer."""
        pool = self._connections.primaries()
        connection = pool.take()
        try:
            return ask(connection)
        except psycopg.OperationalError:
            if not connection.broken:
                raise
        finally:
            pool.give(connection)
        pool.close()  # what has ended one that nobody used has ended the others, unnoticed
        with self._connections.primary() as connection:
            return ask(connection)

    def key(self) -> bytes:
        known = self._connections.known
        if known.key is not None:
            return known.key
        key = super().key()
        if any(key):  # the registry is made
            known.key = key
        return key

    def records(self, codes: Sequence[str]) -> dict[str, AddressRecord]:
        found = self._records(codes)
        if self._connections.place.replica is None or len(found) == len(codes):
            return found
        missing = [code for code in codes if code not in found]  # which others may have issued a moment ago
        return found | self._records(missing, newest=True)

    def outlines(self, codes: NDArray[np.int64]) -> Outlines:
        if self._connections.place.replica is None:
            return super().outlines(codes)
        return Store.outlines(self, codes)  # by records, which a replica may not have yet

    def life(self, ndas: str) -> Lived | None:
        found = self._life(ndas)
        if found is not None or self._connections.place.replica is None:
            return found
        return self._life(ndas, newest=True)

    def lives(self, wanted: Mapping[str, range]) -> dict[str, Lived]:
        found = self._lives(wanted)
        if self._connections.place.replica is None:
            return found
        behind = {
            code: numbers
            for code, numbers in wanted.items()
            if code not in found or found[code][0].version < numbers[-1]
        }
        return found | self._lives(behind, newest=True)

    def events(self, ndas: str) -> list[Event]:
        found = self._events(ndas)
        if found or self._connections.place.replica is None:
            return found
        return self._events(ndas, newest=True)

    def events_after(self, position: int, limit: int) -> list[Told]:
        found = self._events_after(position, limit)
        if found or self._connections.place.replica is None:
            return found
        return self._events_after(position, limit, newest=True)

    def write(self, work: Callable[[Transaction], T]) -> T:
        with self._told():
            self._connections.make()
            return self._repeated(lambda connection: self._written(connection, work))

    def issue(self, proposed: Callable[[], Proposal], codes: Codes) -> str | list[AddressRecord]:
        with self._told():
            self._connections.make()
            done = self._repeated(lambda connection: self._issued(connection, proposed(), codes))
        if isinstance(done, str):
            return done
        alike = self._records([f"{code:010}" for code in done], newest=True) if done else {}
        return [record for record in alike.values() if record.status not in ENDS]

    def _issued(self, connection: Connection, proposal: Proposal, codes: Codes) -> str | list[int]:
        connections = self._connections
        done = issued(
            connection,
            proposal,
            codes,
            known=connections.known,
            reads=self,
            where=self._where,
            busy_s=connections.busy_s,
        )
        if isinstance(done, str):
            connections.wrote(connection)
        return done

    def _written(self, connection: Connection, work: Callable[[Transaction], T]) -> T:
        connections = self._connections
        done = in_transaction(
            connection,
            work,
            where=self._where,
            busy_s=connections.busy_s,
            known=connections.known,
        )
        connections.wrote(connection)
        return done

    def obstacle(self) -> Said | None:
        for takes, allowed in self._rows(_MAY_WRITE, newest=True):
            if not takes or not allowed:
                return NO_RIGHT if takes else READ_ONLY
        return None

    def exists(self) -> bool:
        with self._told():
            return self._connections.state() is not None

    def create(self) -> bool:
        with self._told():
            return self._connections.make()

    def scan(self, *, history: bool = True) -> Iterator[Scanned]:
        with self._told():
            if not self._connections.readable():
                return
            with self._connections.whole() as connection, connection.transaction():
                yield from _scanned(connection, history=history)

    def positions(self) -> dict[str, int]:
        found = self._rows("SELECT area, position FROM area ORDER BY area")
        return {f"{area:05}": position for area, position in found}

    def counts(self) -> dict[str, Any]:
        by_status = dict.fromkeys(STATUSES, 0)
        for status, number in self._all("SELECT status, count(*) FROM address GROUP BY status"):
            by_status[STATUSES[status]] = number
        ((events, aliases, schema),) = self._all(_COUNTS) or [(0, 0, 0)]
        return {
            "addresses": sum(by_status.values()),
            "by_status": by_status,
            "events": events,
            "aliases": aliases,
            "schema": schema,
        }

    def check(self) -> Iterator[Problem]:
        for (name,) in self._all(_INVALID):
            said = Said(f"the index {name} is not valid", f"chỉ mục {name} không hợp lệ")
            yield Problem("storage", None, said)
        for (name,) in self._all(_DISABLED):
            said = Said(f"safeguards of {name} are switched off", f"cơ chế bảo vệ của {name} đã bị tắt")
            yield Problem("storage", None, said)
        for (ndas,) in self._all(_OUT_OF_STEP):
            said = Said("what it is found by is out of step", "dữ liệu tìm kiếm bị lệch")
            yield Problem("storage", f"{ndas:010}", said)
        for (ndas,) in self._all(_OUT_OF_ORDER):
            said = Said("the order of events is out of step", "thứ tự sự kiện bị lệch")
            yield Problem("storage", f"{ndas:010}", said)
        for (ndas,) in self._all(_LOST):
            said = Said("a receipt for no record", "biên nhận không có bản ghi")
            yield Problem("dangling", f"{ndas:010}", said)

    def _all(self, sql: Sql) -> list[Row]:
        """What reads whole tables, and takes its time."""
        with self._told():
            if not self._connections.readable():
                return []
            with self._connections.whole() as connection:
                return fetched(connection, sql)

    def backup(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        command = f"pg_dump -Fc -n geoaddr -f {os.fspath(path)} {self._where}"
        raise unavailable(
            self._where,
            Said(
                f"PostgreSQL copies its databases itself: {command}",
                f"PostgreSQL tự sao lưu cơ sở dữ liệu: {command}",
            ),
        )

    def close(self) -> None:
        self._connections.close()


def _scanned(connection: Connection, *, history: bool) -> Iterator[Scanned]:
    """Records beside their events: both tables in the order of the code, read in step."""
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    events = groupby(_streamed(connection, _ALL_EVENTS, "events"), key=itemgetter(0)) if history else iter(())
    code, group = next(events, (None, iter(())))
    for row in _streamed(connection, _SCAN, "records"):
        told: tuple[Event, ...] = ()
        if code == row[0]:
            told = tuple(event_from(event) for event in group)
            code, group = next(events, (None, iter(())))
        *record, likeness, street, number, division, place = row
        placed = placed_from(street, number, division, place)
        yield Scanned(record_from(tuple(record)), likeness, told, placed)


def _streamed(connection: Connection, sql: Sql, name: str) -> Iterator[Row]:
    with connection.cursor(name, binary=True) as cursor:
        cursor.itersize = _FETCHED
        cursor.execute(sql)
        yield from cursor
