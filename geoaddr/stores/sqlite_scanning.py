"""Records of a registry file with their histories, one by one in the order of the code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from geoaddr.model import Event
from geoaddr.store import Placed, Scanned
from geoaddr.stores.rows import event_from, to_json
from geoaddr.stores.sqlite_reads import EVENT_COLUMNS
from geoaddr.stores.sqlite_rows import RECORD_COLUMNS, record_from

_RECORDS = f"""SELECT {RECORD_COLUMNS}, a.likeness, s.name, a.number,
    coalesce(s.division, p.division), p.name
    FROM {{source}} LEFT JOIN street s ON s.id = a.street LEFT JOIN street p ON p.id = a.place
    ORDER BY a.ndas"""  # noqa: S608
_EVENTS = f"""SELECT {EVENT_COLUMNS} FROM {{source}} LEFT JOIN told t ON t.id = e.told
    ORDER BY e.ndas, e.number"""  # noqa: S608
_ALL = _RECORDS.format(source="address a"), _EVENTS.format(source="event e")
_SOME = (
    _RECORDS.format(source="json_each(?) j CROSS JOIN address a ON a.ndas = j.value"),
    _EVENTS.format(source="json_each(?) j CROSS JOIN event e ON e.ndas = j.value"),
)


def scanned(
    connection: sqlite3.Connection, codes: Sequence[int] | None = None, *, history: bool = True
) -> Iterator[Scanned]:
    """Records beside their events: both tables in the order of the code, read in step.

    :param codes: only these.
    """
    records, told = _ALL if codes is None else _SOME
    values = () if codes is None else (to_json(list(codes)),)
    events = groupby(connection.execute(told, values), key=itemgetter(0)) if history else iter(())
    code, group = next(events, (None, iter(())))
    for row in connection.execute(records, values):
        found: tuple[Event, ...] = ()
        if code == row[0]:
            found = tuple(map(event_from, group))
            code, group = next(events, (None, iter(())))
        *record, likeness, street, number, division, place = row
        placed = None if division is None else Placed(street, number, division, place)
        yield Scanned(record_from(tuple(record)), likeness, found, placed)
