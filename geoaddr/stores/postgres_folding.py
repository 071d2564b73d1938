"""What a step asks of Python when an older registry is brought forward: SQL cannot fold names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg

from geoaddr.known import division_of, number_on_street
from geoaddr.named import place_of
from geoaddr.stores.rows import components_of

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_FETCHED = 2000
"""Records that are held in memory."""

_ALL = "SELECT ndas, components::text, issued_day FROM address"
_FOUND = """CREATE TEMPORARY TABLE found (ndas bigint PRIMARY KEY, place text, number integer, division smallint)
    ON COMMIT DROP"""
_COPY = "COPY pg_temp.found FROM STDIN"
_FILE = """UPDATE address AS a SET
        place = found.place,
        number = CASE WHEN a.street IS NULL THEN found.number ELSE a.number END,
        division = coalesce(a.division, found.division)
    FROM pg_temp.found WHERE found.ndas = a.ndas"""


def fill_places(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """File every address under the place that it stands in, in the transaction that is open."""
    connection.execute(_FOUND)
    with connection.cursor("places") as cursor:
        cursor.execute(_ALL)
        while page := cursor.fetchmany(_FETCHED):
            with connection.cursor().copy(_COPY) as copy:
                for row in _with_places(page):
                    copy.write_row(row)
    connection.execute("ANALYZE pg_temp.found")
    connection.execute(_FILE)


def _with_places(page: list[tuple[Any, ...]]) -> Iterator[tuple[int, str, int | None, int]]:
    for ndas, components, issued_day in page:
        stated = components_of(components)
        place = place_of(stated)
        if place is not None:
            number = number_on_street(stated.house_number, stated.alley)
            yield ndas, place, number, division_of(dt.date.fromordinal(issued_day + _DAY_ZERO))
