"""One code issued beside many others, in one exchange with the server: no serializable snapshot, but locks on the
household and the area, for as long as the server takes to decide, to keep and to commit.

The codes of an area's order depend on a key that the server does not compute with, so some of them are sent along:
those from the position on that this process saw last. What does not fit (the like of the address is there, the
request was answered before, somebody took the code in another way) is left to a serializable transaction, which
takes the same locks.
"""

from __future__ import annotations

import time

from psycopg import OperationalError
from psycopg import errors as pg

from geoaddr.store import AREA_CAPACITY, Codes, Proposal, Reads
from geoaddr.stores import postgres_partitions as partitions
from geoaddr.stores import postgres_rows as own
from geoaddr.stores.postgres_asking import Row, answer, ready
from geoaddr.stores.postgres_errors import locked, unknown_outcome
from geoaddr.stores.postgres_locks import household_keys
from geoaddr.stores.postgres_reads import as_array
from geoaddr.stores.postgres_schema import PARTITION, Connection
from geoaddr.stores.postgres_writing import Known
from geoaddr.stores.rows import alias_rows, event_row, to_json

_ISSUE = f"SELECT code, reached, there FROM geoaddr.issue({', '.join(['%s'] * 30)})"  # noqa: S608
_LET_GO = "SELECT pg_advisory_unlock_all()"

_FIRST, _SENT, _MORE = 8, 24, 40
"""Codes that are sent along of an area that is met, and then; and that are had when fewer are left. So few are had
one by one, without loading numpy."""

_MOST_AREAS = 4096
"""Of which codes are remembered."""

_TRIES = 6
"""Then there are many codes in a row that came from elsewhere."""


def issue(
    connection: Connection, proposal: Proposal, codes: Codes, known: Known, reads: Reads, where: str, busy_s: float
) -> str | list[int]:
    """The code that the address was given. Or nothing was kept, and these are the like of it; none where it takes
    a transaction to decide.

    :param codes: of an area's order.
    :param busy_s: how many seconds all locks of a call are waited for; after so long there is no other call.
    :raises psycopg.Error: as the server says; where the connection broke, the request can be made again.
    :raises StoreUnavailable: when it took too long, or when the connection broke and the code may have been kept
        for nobody to find.
    """
    partitions.learn(connection, known.partitions)
    prefix = int(proposal.area) * AREA_CAPACITY // PARTITION
    if prefix not in known.partitions:
        partitions.make(connection, [prefix], known.partitions)
    ready(connection, _ISSUE)
    before, after = _values(proposal)
    deadline = time.monotonic() + busy_s
    for _ in range(_TRIES):
        start, ahead = _ahead(proposal.area, known, codes, reads)
        try:
            values = (*before, start, as_array(ahead[:_SENT]), *after)
            ((code, reached, there),) = answer(connection, _ISSUE, values)
        except OperationalError:
            if connection.broken and proposal.request is None:
                raise unknown_outcome(where) from None
            raise  # nothing was kept, or it is found by the request's key
        if reached is None:
            return there or []
        known.ahead[proposal.area] = reached, ahead[reached - start :] if reached >= start else []
        if code is not None:
            return f"{code:010}"
        if reached >= AREA_CAPACITY:
            break
        if time.monotonic() > deadline:
            raise locked(where)
    return []


def _ahead(area: str, known: Known, codes: Codes, reads: Reads) -> tuple[int, list[int]]:
    """A position of the area's order, and codes from there on."""
    met = known.ahead.get(area)
    if met is None:
        if len(known.ahead) >= _MOST_AREAS:
            known.ahead.clear()
        return 0, codes(reads, area, 0, _FIRST)
    start, ahead = met
    end = start + len(ahead)
    if len(ahead) < _SENT and end < AREA_CAPACITY:
        ahead = ahead + codes(reads, area, end, _MORE)
    return start, ahead


def _values(proposal: Proposal) -> tuple[Row, Row]:
    """What is told of the address, before the codes and behind them."""
    record, like, box = proposal.entry.record, proposal.entry.likeness, proposal.box
    (_, status, _, commune, lat, lon, day, at_ms, _, parts, source, uncertainty_m, entrances, _, _, street, number,
     division, place) = own.address_row(proposal.entry)  # fmt: skip
    _, _, kind, _, actor, reason, details = event_row(proposal.event)
    aliases = to_json([row[1:] for row in alias_rows(record)]) if record.aliases else None
    key, digest = (None, None) if proposal.request is None else proposal.request
    keys = as_array(household_keys([proposal.like]))
    return (like, keys, box.south, box.west, box.north, box.east, int(proposal.area)), (
        key, digest, status, commune, lat, lon, day, at_ms, parts, source, uncertainty_m, entrances,
        street, number, division, place, kind, actor, reason, details, aliases,
    )  # fmt: skip


def issued(
    connection: Connection,
    proposal: Proposal,
    codes: Codes,
    *,
    known: Known,
    reads: Reads,
    where: str,
    busy_s: float,
) -> str | list[int]:
    """:func:`issue`, with what the server may say to it.

    :raises psycopg.OperationalError: also when the connection broke, and it can be tried again on another.
    :raises StoreUnavailable: when it took too long, or the connection broke and the code may have been kept.
    """
    try:
        return issue(connection, proposal, codes, known, reads, where, busy_s)
    except (pg.UniqueViolation, pg.DeadlockDetected, pg.SerializationFailure):
        _let_go(connection)  # another took the code, or answered the request, at this moment
        return []
    except (pg.ReadOnlySqlTransaction, pg.FeatureNotSupported):  # a replica; a transaction that writes says so
        _let_go(connection)
        return []
    except BaseException:
        _let_go(connection)
        raise


def _let_go(connection: Connection) -> None:
    """Of the lock that is held in the middle alone, in case."""
    if not connection.broken:
        connection.execute(_LET_GO)
