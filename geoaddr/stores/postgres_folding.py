"""What a step asks of Python when an older registry is brought forward: SQL cannot fold names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg

from geoaddr.known import division_of, number_on_street, on_street
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

_LINES = """SELECT ndas, components::text, issued_day, street, number FROM address
    WHERE components::text LIKE '%"text":%' AND place IS NULL"""
_READ = """CREATE TEMPORARY TABLE read (ndas bigint PRIMARY KEY, street text, number integer, division smallint)
    ON COMMIT DROP"""
_COPY_READ = "COPY pg_temp.read FROM STDIN"
_FILE_READ = """UPDATE address AS a SET street = read.street, number = read.number, division = read.division
    FROM pg_temp.read WHERE read.ndas = a.ndas"""


def file_lines(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """File anew the lines that nobody took apart, in the transaction that is open: those alone that the rule of
    streets reads otherwise than when they were filed."""
    connection.execute(_READ)
    with connection.cursor("lines") as cursor:
        cursor.execute(_LINES)
        while page := cursor.fetchmany(_FETCHED):
            with connection.cursor().copy(_COPY_READ) as copy:
                for row in _read_anew(page):
                    copy.write_row(row)
    connection.execute("ANALYZE pg_temp.read")
    connection.execute(_FILE_READ)


def _read_anew(page: list[tuple[Any, ...]]) -> Iterator[tuple[int, str | None, int | None, int | None]]:
    for ndas, components, issued_day, street, number in page:
        found = on_street(components_of(components))
        if found is None and street is not None:
            yield ndas, None, None, None
        elif found is not None and (found.street, found.number) != (street, number):
            yield ndas, found.street, found.number, division_of(dt.date.fromordinal(issued_day + _DAY_ZERO))


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
