"""Connections to one server, kept and handed out again.

Not psycopg_pool: that connects in threads of its own, which a forked child does not have, and tells of a refused
password only by a time-out.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from geoaddr.errors import Said
from geoaddr.store import Pooled
from geoaddr.stores.postgres_errors import unavailable
from geoaddr.stores.postgres_schema import SEARCH_PATH, Connection

SIZE = 8
"""Connections of a process to a server, at most; as many threads can ask at the same time."""

STATEMENT_S = 60
"""No single question takes as long; what reads everything has no such limit."""

_SETTINGS = f"""{SEARCH_PATH},
    set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false),
    set_config('idle_in_transaction_session_timeout', %s, false),
    set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
            ELSE current_setting('synchronous_commit') END, false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_generic_plan', false)"""
"""Whatever the role's defaults are, what was committed is on disk, and a statement by itself sees what others have
committed when it has waited for them."""

_BY_INDEX = """SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
    set_config('enable_mergejoin', 'off', false)"""
"""Questions go by indexes even while tables are small and unknown to the planner: a transaction that reads a whole
table conflicts with every writer of it."""


def connect(settings: dict[str, Any], *, busy_s: float, whole: bool = False) -> Connection:
    """A new connection that commits each statement by itself.

    :param busy_s: how many seconds a lock is waited for.
    :param whole: for what reads everything, without a limit of time.
    """
    statement_ms = 0 if whole else STATEMENT_S * 1000
    connection = psycopg.connect(**settings, autocommit=True, prepare_threshold=None)
    try:
        limits = (f"{statement_ms}", f"{busy_s * 1000:.0f}", f"{statement_ms}")
        connection.execute(_SETTINGS, limits)
        if not whole:
            connection.execute(_BY_INDEX)
    except BaseException:
        connection.close()
        raise
    return connection


class Pool:
    """At most :data:`SIZE` connections, the one used last handed out first.

    :param whole: for what reads everything.
    """

    def __init__(self, settings: dict[str, Any], where: str, *, busy_s: float, whole: bool = False) -> None:
        self._settings = settings
        self._where = where
        self._busy_s = busy_s
        self._whole = whole
        self._free: list[Connection] = []
        self._in_use: list[None] = []  # its length counts, and grows and shrinks in one step for all threads
        self._slots: SimpleQueue[None] = SimpleQueue()  # a semaphore, of the interpreter's own and so much faster
        for _ in range(SIZE):
            self._slots.put(None)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for a while, as by :meth:`take` and :meth:`give`."""
        connection = self.take()
        try:
            yield connection
        finally:
            self.give(connection)

    def take(self) -> Connection:
        """A connection, which must be given back.

        :raises StoreUnavailable: when none came free in time.
        """
        try:
            self._slots.get(timeout=self._busy_s)
        except Empty:
            raise unavailable(self._where, Said("all connections are busy", "mọi kết nối đều bận")) from None
        try:
            connection = self._kept() or connect(self._settings, busy_s=self._busy_s, whole=self._whole)
        except BaseException:
            self._slots.put(None)
            raise
        self._in_use.append(None)
        return connection

    def give(self, connection: Connection) -> None:
        """Have a connection back; one that is left in a transaction or broken is not kept."""
        self._in_use.pop()
        try:
            if connection.pgconn.transaction_status == TransactionStatus.IDLE:
                self._free.append(connection)
            else:
                connection.close()
        finally:
            self._slots.put(None)

    def held(self) -> Pooled:
        """How many connections there are."""
        return Pooled(SIZE, len(self._in_use), len(self._free))

    def _kept(self) -> Connection | None:
        with suppress(IndexError):  # other threads take, too
            while True:
                connection = self._free.pop()
                if _is_alive(connection):
                    return connection
                connection.close()
        return None

    def close(self) -> None:
        """Close those that nobody uses."""
        with suppress(IndexError):
            while True:
                self._free.pop().close()


def _is_alive(connection: Connection) -> bool:
    """Whether the server has not closed it: nothing else is sent on a connection that is not used."""
    if connection.closed:
        return False
    told = select.poll()
    told.register(connection.fileno(), select.POLLIN)
    return not told.poll(0)
