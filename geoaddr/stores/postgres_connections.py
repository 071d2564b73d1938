"""Which server is asked: the primary, or a replica that has caught up; and whether there is a registry."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from geoaddr.errors import Said, SchemaMismatch, StoreUnavailable
from geoaddr.store import Pooled
from geoaddr.stores.postgres_pool import Pool
from geoaddr.stores.postgres_schema import Connection, State, Steps, bring_forward, older, state_of
from geoaddr.stores.postgres_url import Place
from geoaddr.stores.postgres_writing import Known

REPLICA_PAUSE_S = 5.0
"""So long a replica that failed is not asked again."""

_WRITTEN = "SELECT pg_current_wal_flush_lsn()::text"
_REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"


class Connections:
    """The connections of a process to a registry.

    A forked child never touches those of its parent: both would speak on one line. They are put aside, not closed,
    and the child opens its own.
    """

    def __init__(self, place: Place, *, busy_s: float, key: bytes | None, steps: Steps) -> None:
        self.place = place
        self.busy_s = busy_s
        self.known = Known()
        self._key = key
        self._steps = steps
        self._put_aside: list[object] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._primary = Pool(self.place.primary, self.place.where, busy_s=self.busy_s)
        self._whole = Pool(self.place.primary, self.place.where, busy_s=self.busy_s, whole=True)
        self._replica: Pool | None = None
        if self.place.replica is not None:
            self._replica = Pool(self.place.replica, self.place.where, busy_s=self.busy_s)
        self._state: State | None = None
        self._replica_is_ours = False
        self._replica_from_s = 0.0
        self._written: str | None = None

    def own(self) -> None:
        """Notice a fork."""
        if self._pid != os.getpid():
            self._put_aside.append((self._primary, self._whole, self._replica))
            self._begin()

    def held(self) -> Pooled:
        """The connections of this process to all servers."""
        self.own()
        pools = [pool for pool in (self._primary, self._whole, self._replica) if pool is not None]
        return Pooled(*map(sum, zip(*(pool.held() for pool in pools), strict=True)))

    def state(self) -> State | None:
        """Which registry is there, of whatever schema that is known; ``None`` for none yet.

        :raises SchemaMismatch: for a newer schema or something else.
        """
        self.own()
        if self._state is not None:
            return self._state
        with self._primary.connection() as connection:
            state = state_of(connection, self.place.where, len(self._steps))
        if state is not None and state.version == len(self._steps):
            self._state = state
        return state

    def readable(self) -> bool:
        """Whether there is a registry to read. :raises SchemaMismatch: for one of another schema."""
        if self._state is not None and self._pid == os.getpid():
            return True
        state = self.state()
        if state is not None and state.version < len(self._steps):
            raise older(self.place.where, state.version, len(self._steps))
        return state is not None

    def make(self) -> bool:
        """Make the registry where there is none, bring it forward where it is older; whether it was made."""
        state = self.state()
        if state is not None and state.version == len(self._steps):
            return False
        with self.whole() as connection:
            made = bring_forward(connection, self.place.where, self._steps, key=self._key)
        self.state()
        return made

    @contextmanager
    def primary(self) -> Iterator[Connection]:
        """A connection to the server that is written to."""
        with self.primaries().connection() as connection:
            yield connection

    def primaries(self) -> Pool:
        """The connections to the server that is written to."""
        self.own()
        return self._primary

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """A connection to read everything with, as long as that takes; not one of those that answer questions."""
        self.own()
        with self._whole.connection() as connection:
            yield connection

    def wrote(self, connection: Connection) -> None:
        """Remember how far a replica must have come to show what was just committed."""
        if self._replica is None:
            return
        try:
            ((self._written,),) = connection.execute(_WRITTEN).fetchall()
        except psycopg.OperationalError:  # what was committed is committed
            self._replica_from_s = time.monotonic() + REPLICA_PAUSE_S

    @contextmanager
    def replica(self) -> Iterator[Connection | None]:
        """A connection to a replica that shows all that this process has written; ``None`` while none does."""
        self.own()
        pool = self._replica
        if pool is None or time.monotonic() < self._replica_from_s:
            yield None
            return
        try:
            with pool.connection() as connection:
                yield connection if self._is_usable(connection) else None
        except (psycopg.OperationalError, StoreUnavailable):
            self._replica_from_s = time.monotonic() + REPLICA_PAUSE_S
            raise

    def _is_usable(self, connection: Connection) -> bool:
        if not self._replica_is_ours:
            self._replica_is_ours = self._is_ours(connection)
        written = self._written
        if written is not None:
            ((replayed,),) = connection.execute(_REPLAYED, (written,)).fetchall()
            if replayed and self._written == written:
                self._written = None
            return self._replica_is_ours and replayed is not False
        return self._replica_is_ours

    def _is_ours(self, connection: Connection) -> bool:
        """Whether the replica has the registry yet. :raises SchemaMismatch: when it has another."""
        there, here = state_of(connection, self.place.where, len(self._steps)), self._state
        if there is not None and here is not None and there.identity != here.identity:
            raise SchemaMismatch(
                Said(
                    f"{self.place.where}: the server to read from has another registry",
                    f"{self.place.where}: máy chủ để đọc chứa sổ đăng ký khác",
                )
            )
        return there is not None and there == here

    def close(self) -> None:
        """Close every connection of this process that is not in use."""
        self.own()
        for pool in (self._primary, self._whole, self._replica):
            if pool is not None:
                pool.close()
        self._begin()
