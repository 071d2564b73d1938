"""Transactions in PostgreSQL: one after another in effect, and tried again when two of them met."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import psycopg
from psycopg import errors as pg
from psycopg.pq import TransactionStatus

from geoaddr.store import Transaction
from geoaddr.stores import postgres_partitions as partitions
from geoaddr.stores.postgres_errors import locked, read_only, unknown_outcome
from geoaddr.stores.postgres_locks import ALL, HOUSEHOLDS, LOCK_OF_TURN, LOCKS
from geoaddr.stores.postgres_reads import as_array
from geoaddr.stores.postgres_schema import Connection
from geoaddr.stores.postgres_writing import Again, Known, PostgresTransaction

T = TypeVar("T")

_BEGIN = f"BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT pg_advisory_xact_lock_shared({LOCKS}, {LOCK_OF_TURN})"
_ALONE = f"SELECT pg_advisory_lock({HOUSEHOLDS}, {ALL})"
_BESIDE = f"SELECT pg_advisory_lock_shared({HOUSEHOLDS}, {ALL})"
_QUEUE = """SELECT pg_advisory_lock(%s, key)
    FROM (SELECT key FROM unnest(%s::integer[]) AS key ORDER BY key OFFSET 0) AS queued"""
_TURN = f"SELECT pg_advisory_lock({LOCKS}, {LOCK_OF_TURN})"
_LET_GO = "SELECT pg_advisory_unlock_all()"

_TRIES_BESIDE_OTHERS = 4
"""Then a transaction waits for a turn in which nobody else writes, so that a large one is not always overtaken."""

_LONGEST_PAUSE_S = 0.1


def in_transaction(
    connection: Connection,
    work: Callable[[Transaction], T],
    *,
    where: str,
    busy_s: float,
    known: Known,
) -> T:
    """``work``'s answer, once it was committed; tried again when it met others, until ``busy_s`` seconds are over.

    :raises StoreUnavailable: when no try succeeded in time, or the connection broke while it was committed.
    """
    deadline = time.monotonic() + busy_s
    partitions.learn(connection, known.partitions)
    households: set[int] = set()
    areas: set[int] = set()
    tries = 0
    while True:
        turn = tries >= _TRIES_BESIDE_OTHERS
        transaction: PostgresTransaction | None = None
        try:
            with _queued(connection, households, areas, turn=turn):
                transaction = PostgresTransaction(connection, known, households)
                return _once(connection, transaction, work, where)
        except Again as again:
            partitions.make(connection, again.partitions, known.partitions)
            if again.households:
                households |= again.households
                continue
            areas |= again.areas
        except (pg.SerializationFailure, pg.DeadlockDetected, pg.UniqueViolation) as error:
            if turn and isinstance(error, pg.UniqueViolation):
                raise  # nobody else was writing
            areas |= set() if transaction is None else transaction.areas
        if time.monotonic() > deadline:
            raise locked(where)
        tries += 1
        time.sleep(random.random() * min(0.001 * 2**tries, _LONGEST_PAUSE_S))  # noqa: S311  # no secret


def _once(
    connection: Connection, transaction: PostgresTransaction, work: Callable[[Transaction], T], where: str
) -> T:
    try:
        connection.execute(_BEGIN)
    except pg.FeatureNotSupported:  # what a replica says of serializable transactions
        raise read_only(where) from None
    committing = False
    try:
        result = work(transaction)
        transaction.tell()
        committing = True
        connection.execute("COMMIT")
    except psycopg.OperationalError:
        if committing and connection.broken:
            raise unknown_outcome(where) from None
        _roll_back(connection)
        raise
    except BaseException:
        _roll_back(connection)
        raise
    return result


def _roll_back(connection: Connection) -> None:
    if not connection.broken and connection.info.transaction_status != TransactionStatus.IDLE:
        connection.execute("ROLLBACK")


@contextmanager
def _queued(connection: Connection, households: set[int], areas: Collection[int], *, turn: bool) -> Iterator[None]:
    """Wait for one's turn before the transaction begins: what it sees is then what those before have left."""
    if not households and not areas and not turn:
        yield
        return
    try:
        if households:
            connection.execute(_ALONE if ALL in households else _BESIDE)
            connection.execute(_QUEUE, (HOUSEHOLDS, as_array(sorted(households - {ALL}))))
        if areas:
            connection.execute(_QUEUE, (LOCKS, as_array(sorted(areas))))
        if turn:
            connection.execute(_TURN)
        yield
    finally:
        with suppress(psycopg.OperationalError):  # a lost connection holds nothing; what was committed stays so
            connection.execute(_LET_GO)
