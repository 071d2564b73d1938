"""Lines that nobody took apart, filed anew in an older file when the rule of streets reads another one in them."""

from __future__ import annotations

import datetime as dt
import sqlite3

from geoaddr.known import division_of, on_street
from geoaddr.stores.rows import components_of
from geoaddr.stores.sqlite_names import Named, Names
from geoaddr.stores.sqlite_rows import NOTHING

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_TOGETHER = 2_000
"""Addresses that are held in memory."""

_LINES = """SELECT a.ndas, a.components, x.parts, a.commune, a.issued_day, s.name, a.number, a.street, a.place,
        a.shared
    FROM address a LEFT JOIN street s ON s.id = a.street LEFT JOIN shared x ON x.id = a.shared
    WHERE a.ndas > ? AND instr(a.components, '"text":') AND json_valid(a.components) AND a.place IS NULL
    ORDER BY a.ndas LIMIT ?"""
_FILE = "UPDATE address SET street = ?, number = ?, shared = ? WHERE ndas = ?"


def file_lines(connection: sqlite3.Connection) -> None:
    """File them by the streets that they name now, in the transaction that is open."""
    names = Names(connection)
    last = -1
    while page := connection.execute(_LINES, (last, _TOGETHER)).fetchall():
        for ndas, components, parts, commune, day, street, number, *before in page:
            found = on_street(components_of(components, parts)) or (None, None)
            if found == (street, number):
                continue
            division = division_of(dt.date.fromordinal(day + _DAY_ZERO))
            after = names.row(Named(found[0], None, commune, division, parts or NOTHING))
            connection.execute(_FILE, (after[0], found[1], after[2], ndas))
            names.forget((before[0], before[1], before[2]), after)
        last = page[-1][0]
