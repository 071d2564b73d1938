"""Records with their events, asked of PostgreSQL in one statement, so that both are of one moment."""

from __future__ import annotations

import json

from geoaddr.store import Lived
from geoaddr.stores.postgres_asking import Row
from geoaddr.stores.postgres_rows import RECORD_COLUMNS, record_from
from geoaddr.stores.rows import event_from

LIFE = f"""SELECT {RECORD_COLUMNS},
        (SELECT json_agg(json_build_array(e.number, e.kind, e.at_ms, e.actor, e.reason, e.details::text)
            ORDER BY e.number)::text FROM event e WHERE e.ndas = %s)
    FROM address a WHERE a.ndas = %s"""  # noqa: S608
LIVES = f"""SELECT a.* FROM unnest(%s::bigint[], %s::integer[]) AS asked (ndas, since)
    CROSS JOIN LATERAL (SELECT {RECORD_COLUMNS},
            (SELECT json_agg(json_build_array(e.number, e.kind, e.at_ms, e.actor, e.reason, e.details::text)
                ORDER BY e.number)::text FROM event e
                WHERE e.ndas = asked.ndas AND e.number >= asked.since AND e.ndas BETWEEN %s AND %s)
        FROM address a WHERE a.ndas = asked.ndas AND a.ndas BETWEEN %s AND %s OFFSET 0) a"""  # noqa: S608


def lived(row: Row) -> Lived:
    """A record with its events, of a row of :data:`LIFE` or :data:`LIVES`."""
    *record, events = row
    told = () if events is None else json.loads(events)
    return record_from(tuple(record)), tuple(event_from((row[0], *event)) for event in told)
