"""The rows that addresses share: names of streets and places, and parts that neighbours state alike."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from geoaddr.stores.sqlite_rows import NOTHING

_STREET = "SELECT id FROM street WHERE name = ? AND commune = ? AND division = ?"
_NEW_STREET = "INSERT INTO street (name, commune, division) VALUES (?, ?, ?) RETURNING id"
_SHARED = "SELECT id FROM shared WHERE parts = ? AND street IS ? AND place IS ?"
_NEW_SHARED = "INSERT INTO shared (parts, street, place) VALUES (?, ?, ?) RETURNING id"
_FORGET_MIDDLE = "DELETE FROM middle WHERE place = ?"
_POINTS_TO = "SELECT street, place, shared FROM address WHERE ndas = ?"
_OTHERS = "SELECT 1 FROM address WHERE {index} AND shared = ? LIMIT 1"
_ON_NO_NAME = "street IS NULL AND place IS NULL"

Row = tuple[int | None, int | None, int | None]
"""A street, a place, and shared parts."""


class Named(NamedTuple):
    """What an address shares: the keys of its street and place, where these are filed, and parts in JSON."""

    street: str | None
    place: str | None
    commune: str
    division: int
    parts: str


class Names:
    """Finds the rows of names for addresses that are written, and makes those that are new; remembers them for one
    transaction. The middles of places that an address stands in, or stood in, are not true any more."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._streets: dict[tuple[str, str, int], int] = {}
        self._rows: dict[Named, Row] = {}

    def row(self, named: Named) -> Row:
        """The rows of the street, the place and the shared parts."""
        found = self._rows.get(named)
        if found is None:
            street = self._street(named.street, named.commune, named.division)
            place = self._street(named.place, named.commune, named.division)
            found = self._rows[named] = street, place, self._shared(named.parts, street, place)
        return found

    def forget(self, before: Row, after: Row) -> None:
        """Remove the shared parts that an address pointed to ``before`` where no other one does."""
        street, place, shared = before
        if shared is None or shared == after[2]:
            return
        if street is not None:
            others = self._connection.execute(_OTHERS.format(index="street = ?"), (street, shared))
        elif place is not None:
            others = self._connection.execute(_OTHERS.format(index="place = ?"), (place, shared))
        else:
            others = self._connection.execute(_OTHERS.format(index=_ON_NO_NAME), (shared,))
        if not others.fetchall():
            self._connection.execute("DELETE FROM shared WHERE id = ?", (shared,))
            self._rows.clear()

    def of(self, ndas: int) -> Row:
        """What an address points to that is about to be replaced; to nothing where there is none."""
        found: Row | None = self._connection.execute(_POINTS_TO, (ndas,)).fetchone()
        if found is None:
            return None, None, None
        self._connection.execute(_FORGET_MIDDLE, (found[1],))
        return found

    def _street(self, key: str | None, commune: str, division: int) -> int | None:
        if key is None:
            return None
        name = (key, commune, division)
        if name not in self._streets:
            known = self._found(_STREET, name)
            if known is not None:
                self._connection.execute(_FORGET_MIDDLE, (known,))
            self._streets[name] = known or self._made(_NEW_STREET, name)
        return self._streets[name]

    def _shared(self, parts: str, street: int | None, place: int | None) -> int | None:
        if parts == NOTHING:
            return None
        asked = (parts, street, place)
        return self._found(_SHARED, asked) or self._made(_NEW_SHARED, asked)

    def _found(self, sql: str, values: tuple[object, ...]) -> int | None:
        rows: list[tuple[int]] = self._connection.execute(sql, values).fetchall()
        return rows[0][0] if rows else None

    def _made(self, sql: str, values: tuple[object, ...]) -> int:
        ((made,),) = self._connection.execute(sql, values).fetchall()
        number: int = made
        return number
