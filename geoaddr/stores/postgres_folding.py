"""What a step asks of Python when an older registry is brought forward: SQL cannot fold names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, LiteralString

import psycopg

from geoaddr.known import division_of, number_on_street
from geoaddr.named import place_of
from geoaddr.stores.filed_lines import filed_line
from geoaddr.stores.rows import components_of

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_FETCHED = 2000
"""Records that are held in memory."""

_COPY = "COPY pg_temp.found FROM STDIN"

_ALL = "SELECT ndas, components::text, issued_day FROM address"
_PLACES = """CREATE TEMPORARY TABLE found (
    ndas bigint PRIMARY KEY, place text, number integer, division smallint) ON COMMIT DROP"""
_FILE_PLACES = """UPDATE address AS a SET
        place = found.place,
        number = CASE WHEN a.street IS NULL THEN found.number ELSE a.number END,
        division = coalesce(a.division, found.division)
    FROM pg_temp.found WHERE found.ndas = a.ndas"""

_LINES = """SELECT ndas, components::text, issued_day, street, number FROM address
    WHERE place IS NULL AND status < 5 AND position('"text":' IN components::text) > 0"""
_STREETS = """CREATE TEMPORARY TABLE found (
    ndas bigint PRIMARY KEY, street text, number integer, division smallint) ON COMMIT DROP"""
_FILE_STREETS = """UPDATE address AS a SET street = found.street, number = found.number, division = found.division
    FROM pg_temp.found WHERE found.ndas = a.ndas"""

Connection = psycopg.Connection[tuple[Any, ...]]
Page = list[tuple[Any, ...]]


def fill_places(connection: Connection) -> None:
    """File every address under the place that it stands in, in the transaction that is open."""
    _fill(connection, _PLACES, _ALL, _with_places, _FILE_PLACES)


def file_lines(connection: Connection) -> None:
    """File the lines that nobody took apart by the streets that the rule of streets reads in them now, in the
    transaction that is open."""
    _fill(connection, _STREETS, _LINES, _with_streets, _FILE_STREETS)


def _fill(
    connection: Connection,
    table: LiteralString,
    rows: LiteralString,
    found_in: Callable[[Page], Iterable[tuple[Any, ...]]],
    file: LiteralString,
) -> None:
    """File what is found in rows, which are read a page at a time."""
    connection.execute("DROP TABLE IF EXISTS pg_temp.found")  # of a step before, in this transaction
    connection.execute(table)
    with connection.cursor("found") as cursor:
        cursor.execute(rows)
        while page := cursor.fetchmany(_FETCHED):
            with connection.cursor().copy(_COPY) as copy:
                for row in found_in(page):
                    copy.write_row(row)
    connection.execute("ANALYZE pg_temp.found")
    connection.execute(file)


def _with_places(page: Page) -> Iterator[tuple[int, str, int | None, int]]:
    for ndas, components, issued_day in page:
        stated = components_of(components)
        place = place_of(stated)
        if place is not None:
            number = number_on_street(stated.house_number, stated.alley)
            yield ndas, place, number, division_of(dt.date.fromordinal(issued_day + _DAY_ZERO))


def _with_streets(page: Page) -> Iterator[tuple[int, str | None, int | None, int | None]]:
    for ndas, components, issued_day, street, number in page:
        found = filed_line(components, None, issued_day)
        if found is not None and found[:2] != (street, number):
            yield ndas, found.street, found.number, None if found.street is None else found.division
