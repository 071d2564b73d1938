"""The port's questions as SQL."""

from __future__ import annotations

import sqlite3
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from geoaddr.model import AddressRecord, Cell, Components, Event
from geoaddr.store import (
    Borne,
    Door,
    Doors,
    Filed,
    House,
    Kept,
    Kind,
    Like,
    Lived,
    Located,
    Lying,
    Named,
    Numbered,
    Reads,
    Receipt,
    Standing,
    Told,
)
from geoaddr.stores import sqlite_doors
from geoaddr.stores.rows import components_of, event_from, to_json
from geoaddr.stores.sqlite_rows import RECORD_COLUMNS, RECORD_WIDTH, record_from
from geoaddr.stores.sqlite_schema import CELL_STRIDE, cell_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geoaddr.arrivals import Outlines

CHUNK = 2000
"""Codes asked for in one statement."""

_FEW_CELLS = 16
"""Up to so many cells are asked for their like one by one, by the index; more are read through."""

Row = tuple[Any, ...]

_ONE = f"SELECT {RECORD_COLUMNS} FROM address a WHERE a.ndas = ?"  # noqa: S608
_MANY = f"SELECT {RECORD_COLUMNS} FROM json_each(?) j CROSS JOIN address a ON a.ndas = j.value"  # noqa: S608
_STATED = """SELECT a.components, (SELECT parts FROM shared WHERE id = a.shared) FROM json_each(?) j
    CROSS JOIN address a ON a.ndas = j.value"""
TAKEN = "SELECT a.ndas FROM json_each(?) j CROSS JOIN address a ON a.ndas = j.value"
_OUTLINES = """SELECT a.ndas, a.commune * 8 + a.status, a.issued_day, a.lat, a.lon FROM json_each(?) j
    CROSS JOIN address a ON a.ndas = j.value"""
"""Numbers alone, each exact as a float, so that the rows go into one array without an object for each text: a
commune code has five digits, a status is below eight."""
_BY_ALIAS = f"""SELECT {RECORD_COLUMNS} FROM address a
    WHERE a.ndas IN (SELECT ndas FROM alias WHERE code = ? AND system = ?) ORDER BY a.ndas"""  # noqa: S608
_BY_ALIASES = """SELECT DISTINCT a.code, a.ndas FROM json_each(?) j
    CROSS JOIN alias a ON a.code = j.value AND a.system = ?"""
_POINTS = """SELECT a.ndas, a.lat, a.lon FROM json_each(?) first
    CROSS JOIN address a ON a.cell BETWEEN first.value AND first.value + ?
    WHERE a.status < 3 AND a.lat BETWEEN ? AND ? AND a.lon BETWEEN ? AND ?"""
_OF_ROW = """SELECT ndas, lat, lon FROM address WHERE cell BETWEEN ? AND ? + ?
    AND status < 3 AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"""
_OF_FEW_ROWS = {count: " UNION ALL ".join([_OF_ROW] * count) for count in (1, 2, 3)}
"""Of boxes so small that they touch few rows of cells, as most do: a list of these takes as long to read as what
stands there."""
_ALIKE_WIDE = f"{_POINTS} AND a.likeness = ?"
_ALIKE = """SELECT ndas FROM address WHERE cell = ? AND likeness = ? AND status < 3
    AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"""
_COUNT = "(SELECT count(*) FROM address a WHERE a.street = s.id AND a.status IN (1, 2))"
ON_ALL = f"SELECT s.commune, s.division, NULL, {_COUNT} FROM street s WHERE s.name = ?"  # noqa: S608
ON_SOME = f"""SELECT s.commune, s.division, NULL, {_COUNT} FROM json_each(?) j
    CROSS JOIN street s ON s.name = ? AND s.commune = j.value"""  # noqa: S608
_AT = """a.street = s.id AND a.status IN (1, 2) AND a.number BETWEEN ? AND ? AND (a.number - ?) % ? = 0
    GROUP BY s.id, a.number"""
AT_ALL = f"""SELECT s.commune, s.division, a.number, count(*) FROM street s
    CROSS JOIN address a WHERE s.name = ? AND {_AT}"""  # noqa: S608
AT_SOME = f"""SELECT s.commune, s.division, a.number, count(*) FROM json_each(?) j
    CROSS JOIN street s ON s.name = ? AND s.commune = j.value CROSS JOIN address a WHERE {_AT}"""  # noqa: S608
_COUNTED = """(SELECT count(*) FROM address a WHERE a.{kind} = s.id AND a.status < 3),
    (SELECT count(*) FROM address a WHERE a.{kind} = s.id AND a.status IN (1, 2))"""
_NAMES = """SELECT s.name, s.commune, s.division, {counted} FROM {communes} street s{index}
    WHERE s.name >= ? AND s.name < ? {within}
    AND EXISTS (SELECT 1 FROM address a WHERE a.{kind} = s.id AND a.status < 3)
    ORDER BY s.name, s.commune, s.division LIMIT ?"""
_HOUSES = """SELECT a.ndas, s.commune, s.division, a.number, a.lat, a.lon FROM json_each(?) j
    CROSS JOIN street s ON s.name = ? AND s.commune = j.value CROSS JOIN address a
    WHERE a.{kind} = s.id AND a.status < 3{numbered}"""
_NUMBERED = " AND a.number BETWEEN ? AND ? AND (a.number - ?) % ? = 0"
_LAST = "\U0010ffff"
"""Sorts behind every letter of a folded key."""

NAMES_ALL = {
    kind: f"""SELECT s.name, s.commune, s.division, count(*), count(*) FILTER (WHERE a.status IN (1, 2))
    FROM street s CROSS JOIN address a
    WHERE s.name >= ? AND s.name < ? AND a.{kind} = s.id AND a.status < 3
    GROUP BY s.name, s.commune, s.division ORDER BY s.name, s.commune, s.division LIMIT ?"""  # noqa: S608
    for kind in ("street", "place")
}
"""In the order of the index of streets: no more of them are counted than are asked for."""
NAMES_SOME = {
    kind: _NAMES.format(
        kind=kind,
        counted=_COUNTED.format(kind=kind),
        communes="json_each(?) j CROSS JOIN",
        index=" INDEXED BY street_by_commune",
        within="AND s.commune = j.value",
    )
    for kind in ("street", "place")
}
BEARING = {
    kind: f"""SELECT s.name, s.commune, s.division FROM json_each(?) k CROSS JOIN json_each(?) j
    CROSS JOIN street s ON s.name = k.value AND s.commune = j.value
    WHERE EXISTS (SELECT 1 FROM address a WHERE a.{kind} = s.id AND a.status < 3)"""  # noqa: S608
    for kind in ("street", "place")
}
KEYS = """SELECT s.name FROM json_each(?) j CROSS JOIN street s INDEXED BY street_by_commune
    WHERE s.commune = j.value AND s.name >= ? AND s.name < ?"""
"""Of both kinds, and also those that nobody bears any more."""
HOUSES = {kind: _HOUSES.format(kind=kind, numbered="") for kind in ("street", "place")}
HOUSES_AT = {kind: _HOUSES.format(kind=kind, numbered=_NUMBERED) for kind in ("street", "place")}
STATED_ON = {
    kind: f"""SELECT a.components, (SELECT parts FROM shared WHERE id = a.shared)
    FROM (SELECT b.ndas FROM json_each(?) j CROSS JOIN street s ON s.name = ? AND s.commune = j.value
        CROSS JOIN address b WHERE b.{kind} = s.id AND b.status < 3 ORDER BY b.ndas LIMIT ?) first
    CROSS JOIN address a ON a.ndas = first.ndas ORDER BY a.ndas"""  # noqa: S608
    for kind in ("street", "place")
}
"""The index alone tells which are the first: no other row is read."""
_EVENT = """e.number, coalesce(t.kind, e.kind) kind, coalesce(t.at_ms, e.at_ms) at_ms,
    coalesce(t.actor, e.actor) actor, coalesce(t.reason, e.reason) reason,
    coalesce(t.details, e.details) details"""
EVENT_COLUMNS = f"e.ndas, {_EVENT}"
"""An event, of the table ``event`` under the name ``e`` and of ``told`` under the name ``t``."""

_EVENTS = f"""SELECT {EVENT_COLUMNS} FROM event e LEFT JOIN told t ON t.id = e.told
    WHERE e.ndas = ? ORDER BY e.number"""  # noqa: S608
_LIFE = f"""SELECT {RECORD_COLUMNS}, {_EVENT} FROM address a
    LEFT JOIN event e ON e.ndas = a.ndas LEFT JOIN told t ON t.id = e.told WHERE a.ndas = ? ORDER BY e.number"""  # noqa: S608
_LIVES = f"""SELECT {RECORD_COLUMNS}, {_EVENT} FROM json_each(?) j
    CROSS JOIN address a ON a.ndas = CAST(j.key AS INTEGER)
    LEFT JOIN event e ON e.ndas = a.ndas AND e.number >= j.value LEFT JOIN told t ON t.id = e.told
    ORDER BY a.ndas, e.number"""  # noqa: S608
_AFTER = f"""SELECT f.position, {EVENT_COLUMNS} FROM feed f
    CROSS JOIN event e ON e.ndas = f.ndas AND e.number = f.number LEFT JOIN told t ON t.id = e.told
    WHERE f.position > ? ORDER BY f.position LIMIT ?"""  # noqa: S608
_RECEIPT = "SELECT ndas, outcome, digest FROM receipt WHERE key = ?"
_BATCH = """SELECT r.row_id, r.ndas, r.outcome, r.digest FROM json_each(?) j
    CROSS JOIN batch_row r ON r.batch_id = ? AND r.row_id = j.value"""


class SQLiteReads(Reads):
    """Reads over whatever connection :meth:`_rows` has."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        """All rows of one statement.

        :raises StoreError: as the port says.
        """

    def key(self) -> bytes:
        key: bytes = self._rows("SELECT key FROM registry", ())[0][0]
        return key

    def records(self, codes: Sequence[str]) -> dict[str, AddressRecord]:
        if len(codes) == 1:
            rows = self._rows(_ONE, (int(codes[0]),))
        else:
            rows = [row for chunk in _numbers(codes) for row in self._rows(_MANY, (chunk,))]
        found = (record_from(row) for row in rows)
        return {record.ndas: record for record in found}

    def components(self, codes: Sequence[str]) -> list[Components]:
        rows = [row for chunk in _numbers(codes) for row in self._rows(_STATED, (chunk,))]
        return [components_of(stated, shared) for stated, shared in rows]

    def outlines(self, codes: NDArray[np.int64]) -> Outlines:
        import numpy as np

        from geoaddr.arrivals import Outlines

        rows = self._rows(_OUTLINES, (to_json(np.sort(codes).tolist()),))
        numbers = np.fromiter(chain.from_iterable(rows), np.float64, 5 * len(rows)).reshape(-1, 5)
        ndas, filed, issued_day = (numbers[:, column].astype(np.int64) for column in range(3))
        return Outlines(
            ndas=ndas,
            status=(filed % 8).astype(np.int8),
            commune=_commune_codes(filed // 8),
            issued_day=issued_day.astype(np.int32),
            lat=numbers[:, 3].copy(),
            lon=numbers[:, 4].copy(),
        )

    def issued(self, codes: Iterable[str]) -> set[str]:
        return {f"{row[0]:010}" for chunk in _numbers(codes) for row in self._rows(TAKEN, (chunk,))}

    def by_alias(self, system: str, code: str) -> list[AddressRecord]:
        return [record_from(row) for row in self._rows(_BY_ALIAS, (code, system))]

    def by_aliases(self, system: str, codes: Sequence[str]) -> dict[str, list[AddressRecord]]:
        asked = [code for code in codes if code.isprintable()]  # no other is ever kept
        named = sorted(self._rows(_BY_ALIASES, (to_json(asked), system))) if asked else []
        records = self.records([f"{ndas:010}" for _, ndas in named]) if named else {}
        found: dict[str, list[AddressRecord]] = {}
        for code, ndas in named:
            if (record := records.get(f"{ndas:010}")) is not None:
                found.setdefault(code, []).append(record)
        return found

    def points_in(self, box: Cell) -> list[Located]:
        firsts, width = _rows_of_cells(box)
        sides = (box.south, box.north, box.west, box.east)
        few = _OF_FEW_ROWS.get(len(firsts))
        if few is not None:
            rows = self._rows(few, [value for first in firsts for value in (first, first, width, *sides)])
        else:
            rows = self._rows(_POINTS, (to_json(firsts), width, *sides))
        return [Located(f"{ndas:010}", lat, lon) for ndas, lat, lon in rows]

    def alike(self, wanted: Sequence[Like]) -> list[list[AddressRecord]]:
        found = [self._alike(*like) for like in wanted]
        records = self.records([code for codes in found for code in codes])
        return [[records[code] for code in codes] for codes in found]

    def _alike(self, likeness: int, box: Cell) -> list[str]:
        firsts, width = _rows_of_cells(box)
        corners = (box.south, box.north, box.west, box.east)
        if len(firsts) * (width + 1) > _FEW_CELLS:
            rows = self._rows(_ALIKE_WIDE, (to_json(firsts), width, *corners, likeness))
        else:
            cells = (cell for first in firsts for cell in range(first, first + width + 1))
            rows = [row for cell in cells for row in self._rows(_ALIKE, (cell, likeness, *corners))]
        return sorted(f"{row[0]:010}" for row in rows)

    def standing_on(
        self, street: str, communes: Collection[str] | None = None, numbers: range | None = None
    ) -> list[Standing]:
        values: tuple[Any, ...] = (street,) if communes is None else (to_json(list(communes)), street)
        if numbers is None:
            rows = self._rows(ON_ALL if communes is None else ON_SOME, values)
        elif not numbers:
            return []
        else:
            asked = (numbers[0], numbers[-1], numbers[0], numbers.step)
            rows = self._rows(AT_ALL if communes is None else AT_SOME, (*values, *asked))
        return [Standing(Filed(c, division), number, n) for c, division, number, n in rows if n]

    def names(
        self, kind: Kind, begin: str, communes: Collection[str] | None = None, limit: int | None = None
    ) -> list[Named]:
        asked = (begin, begin + _LAST, -1 if limit is None else limit)
        if communes is None:
            rows = self._rows(NAMES_ALL[kind], asked)
        else:
            rows = self._rows(NAMES_SOME[kind], (to_json(sorted(set(communes))), *asked))
        return [Named(key, Filed(commune, division), *counts) for key, commune, division, *counts in rows]

    def bearing(self, kind: Kind, keys: Collection[str], communes: Collection[str]) -> list[Borne]:
        asked = (to_json(sorted(set(keys))), to_json(sorted(set(communes))))
        return [Borne(key, Filed(*filed)) for key, *filed in self._rows(BEARING[kind], asked)]

    def keys(self, kind: Kind, begin: str, communes: Collection[str]) -> set[str]:
        rows = self._rows(KEYS, (to_json(sorted(set(communes))), begin, begin + _LAST))
        return {key for (key,) in rows}

    def houses(self, kind: Kind, key: str, communes: Collection[str], numbers: range | None = None) -> list[House]:
        values = (to_json(sorted(set(communes))), key)
        if numbers is None:
            rows = self._rows(HOUSES[kind], values)
        elif not numbers:
            return []
        else:
            rows = self._rows(HOUSES_AT[kind], (*values, numbers[0], numbers[-1], numbers[0], numbers.step))
        return [
            House(f"{ndas:010}", Filed(commune, division), number, lat, lon)
            for ndas, commune, division, number, lat, lon in rows
        ]

    def stated_on(self, kind: Kind, key: str, communes: Collection[str], most: int) -> list[Components]:
        rows = self._rows(STATED_ON[kind], (to_json(sorted(set(communes))), key, most))
        return [components_of(stated, shared) for stated, shared in rows]

    def doors(self, kind: Kind, wanted: Sequence[Numbered]) -> list[list[Door]]:
        return sqlite_doors.doors(self._rows, kind, wanted)

    def doors_by_column(self, kind: Kind, wanted: Sequence[Numbered]) -> Doors:
        return sqlite_doors.by_column(self._rows, kind, wanted)

    def lying(self, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Lying:
        return sqlite_doors.lying(self._rows, kind, wanted)

    def middles(self, kind: Kind, wanted: Sequence[tuple[str, Collection[str]]]) -> Sequence[Kept | None]:
        return sqlite_doors.middles(self._rows, kind, wanted)

    def naming(self, codes: Sequence[int]) -> Mapping[int, Components]:
        return sqlite_doors.naming(self._rows, codes)

    def events(self, ndas: str) -> list[Event]:
        return [event_from(row) for row in self._rows(_EVENTS, (int(ndas),))]

    def life(self, ndas: str) -> Lived | None:
        rows = self._rows(_LIFE, (int(ndas),))
        return _lived(rows) if rows else None

    def lives(self, wanted: Mapping[str, range]) -> dict[str, Lived]:
        rows = self._rows(_LIVES, (to_json({code: numbers.start for code, numbers in wanted.items()}),))
        return {f"{ndas:010}": _lived(list(each)) for ndas, each in groupby(rows, key=itemgetter(0))}

    def events_after(self, position: int, limit: int) -> list[Told]:
        found = self._rows(_AFTER, (position, limit))
        return [Told(at, event_from(tuple(event))) for at, *event in found]

    def receipt(self, key: str) -> Receipt | None:
        rows = self._rows(_RECEIPT, (key,))
        return Receipt(f"{rows[0][0]:010}", rows[0][1], rows[0][2]) if rows else None

    def batch_receipts(self, batch_id: str, row_ids: Sequence[str]) -> dict[str, Receipt]:
        rows = self._rows(_BATCH, (to_json(list(row_ids)), batch_id))
        return {row_id: Receipt(f"{ndas:010}", outcome, digest) for row_id, ndas, outcome, digest in rows}


def _lived(rows: Sequence[Row]) -> Lived:
    """A record with events, of the rows of one code; at least one."""
    told = [event_from((row[0], *row[RECORD_WIDTH:])) for row in rows if row[RECORD_WIDTH] is not None]
    return record_from(rows[0][:RECORD_WIDTH]), tuple(told)


def fetched(connection: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[Row]:
    """All rows of one statement."""
    return connection.execute(sql, values).fetchall()


def _commune_codes(numbers: NDArray[np.int64]) -> Any:
    """The codes of communes given as numbers, each code made once: a dictionary array."""
    import numpy as np
    import pyarrow as pa

    distinct, of = np.unique(numbers, return_inverse=True)
    codes = pa.array([f"{number:05}" for number in distinct.tolist()], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(of.astype(np.int32)), codes)


def _numbers(codes: Iterable[str]) -> Iterator[str]:
    """Distinct codes as JSON lists of integers, a chunk at a time."""
    distinct = iter(dict.fromkeys(codes))
    while chunk := [int(code) for code in islice(distinct, CHUNK)]:
        yield to_json(chunk)


def _rows_of_cells(box: Cell) -> tuple[list[int], int]:
    """The first cell of each row of cells that the box touches, and how many more it touches in a row."""
    first, above = cell_of(box.south, box.west), cell_of(box.north, box.west)
    return list(range(first, above + 1, CELL_STRIDE)), cell_of(box.south, box.east) - first
