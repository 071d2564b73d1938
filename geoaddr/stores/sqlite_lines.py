"""Lines that nobody took apart, filed anew in an older file when the rule of streets reads another one in them."""

from __future__ import annotations

import sqlite3

from geoaddr.stores.filed_lines import filed_line
from geoaddr.stores.sqlite_names import Named, Names
from geoaddr.stores.sqlite_rows import NOTHING

_TOGETHER = 2_000
"""Addresses that are held in memory."""

_LINES = """SELECT a.ndas, a.components, x.parts, a.commune, a.issued_day, s.name, a.number, a.street, a.place,
        a.shared
    FROM address a LEFT JOIN street s ON s.id = a.street LEFT JOIN shared x ON x.id = a.shared
    WHERE a.ndas > ? AND instr(a.components, '"text":') AND a.place IS NULL AND a.status < 5
    ORDER BY a.ndas LIMIT ?"""
_FILE = "UPDATE address SET street = ?, number = ?, shared = ? WHERE ndas = ?"


def file_lines(connection: sqlite3.Connection) -> None:
    """File them by the streets that they name now, in the transaction that is open."""
    names = Names(connection)
    last = -1
    while page := connection.execute(_LINES, (last, _TOGETHER)).fetchall():
        for ndas, components, parts, commune, day, street, number, *before in page:
            found = filed_line(components, parts, day)
            if found is None or found[:2] == (street, number):
                continue
            after = names.row(Named(found.street, None, commune, found.division, parts or NOTHING))
            connection.execute(_FILE, (after[0], found.number, after[2], ndas))
            names.forget((before[0], before[1], before[2]), after)
        last = page[-1][0]
