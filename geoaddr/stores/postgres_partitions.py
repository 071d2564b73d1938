"""The partitions of codes that begin with the same two digits: made with the first such code."""

from __future__ import annotations

from collections.abc import Iterable

from geoaddr.stores.postgres_schema import Connection

_PARTITIONS = """SELECT right(inhrelid::regclass::text, 2)::integer FROM pg_inherits
    WHERE inhparent = 'geoaddr.address'::regclass"""
_MAKE_PARTITION = "SELECT geoaddr.make_partition(%s)"


def learn(connection: Connection, known: set[int]) -> None:
    """Add to ``known`` the two digits of those that there are, where nothing is known yet."""
    if not known:
        with connection.cursor(binary=True) as cursor:
            known.update(prefix for (prefix,) in cursor.execute(_PARTITIONS))


def make(connection: Connection, wanted: Iterable[int], known: set[int]) -> None:
    """Make those that are ``wanted``, whoever else does so at this moment."""
    for prefix in sorted(wanted):
        connection.execute(_MAKE_PARTITION, (prefix,))
        known.add(prefix)
