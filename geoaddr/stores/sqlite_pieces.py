"""Records of a registry file in pieces: those that nothing has happened to, which most are, by the column.

What is not as it was written, be it a single value, has its whole piece read record by record, which says of which
record that is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geoaddr.arrivals import Beginnings, Plain
from geoaddr.model import STATUSES
from geoaddr.registry.columns import numbers, places
from geoaddr.store import TOGETHER, Piece, Scanned
from geoaddr.stores.column_rows import parts_of
from geoaddr.stores.rows import BEGINNINGS, UNREADABLE, iso, to_json
from geoaddr.stores.sqlite_reads import EVENT_COLUMNS
from geoaddr.stores.sqlite_scanning import scanned

_RECORDS = """SELECT ndas, status, version, entrances IS NOT NULL, commune, lat, lon, issued_day, created_ms,
    updated_ms, components, point_source, uncertainty_m, likeness, street, place, number, shared
    FROM address ORDER BY ndas"""
_EVENTS = f"""SELECT {EVENT_COLUMNS} FROM event e LEFT JOIN told t ON t.id = e.told
    WHERE e.ndas BETWEEN ? AND ? ORDER BY e.ndas, e.number"""  # noqa: S608
_ALIASED = "SELECT DISTINCT ndas FROM alias WHERE ndas BETWEEN ? AND ?"
_NAMES = "SELECT s.id, s.name, s.division FROM json_each(?) j CROSS JOIN street s ON s.id = j.value"
_SHARED = "SELECT x.id, x.parts FROM json_each(?) j CROSS JOIN shared x ON x.id = j.value"

_ENDED = STATUSES.index("superseded")
"""Statuses before this one are of addresses that stand, or were retired."""

_DAY_ZERO = 719_163
_DAYS = range(1 - _DAY_ZERO, 2_932_897)
"""Days since 1970 that a date may be."""

Columns = dict[str, Sequence[Any]]


def pieces(connection: sqlite3.Connection, *, history: bool) -> Iterator[Piece]:
    """All records of the state that the connection sees."""
    cursor = connection.execute(_RECORDS)
    while rows := cursor.fetchmany(TOGETHER):
        columns = dict(zip((name for name, *_ in cursor.description), zip(*rows, strict=True), strict=True))
        yield _piece(connection, columns, history=history)


def _piece(connection: sqlite3.Connection, columns: Columns, *, history: bool) -> Piece:
    codes = np.array(columns["ndas"], dtype=np.int64)
    plain, others = None, codes
    try:
        found, begun = _plain_rows(connection, codes, columns, history=history)
        if found.any():
            plain, others = _plain(connection, columns, found, begun), codes[~found]
    except UNREADABLE:  # told of by whoever reads its record
        plain, others = None, codes

    def singly(some: Sequence[int]) -> list[Scanned]:
        return list(scanned(connection, some, history=history))

    return Piece(codes, plain, singly(others.tolist()) if len(others) else (), singly)


def _plain_rows(
    connection: sqlite3.Connection, codes: NDArray[np.int64], columns: Columns, *, history: bool
) -> tuple[NDArray[np.bool_], Beginnings | None]:
    """Which rows are plain, and how the histories of these begin."""
    span = int(codes[0]), int(codes[-1])
    aliased = [code for (code,) in connection.execute(_ALIASED, span)]
    status, version = _numbers(columns["status"]), _numbers(columns["version"])
    found = (version == 1) & (status >= 0) & (status < _ENDED) & ~np.array(columns["entrances IS NOT NULL"], bool)
    found &= ~np.isin(codes, np.array(aliased, dtype=np.int64))
    if not history:
        return found, None
    events = connection.execute(_EVENTS, span).fetchall()
    if not events:
        return np.zeros(len(codes), dtype=bool), None
    of, number, kind, at_ms, _, reason, details = zip(*events, strict=True)
    at, alone = _first_of(codes, _numbers(of))
    steps = _texts(details)
    leads = np.array([_LEADS.get(text, -1) for text in steps.dictionary.to_pylist()], dtype=np.int8)
    to = leads[numbers(steps.indices, np.int32)]
    found &= alone & (_numbers(number)[at] == 1) & (to[at] >= 0)
    times = [iso(each) for each in at_ms]
    kept = pa.array(at[found])
    return found, Beginnings(
        kind=_texts(kind).take(kept),
        at=_texts(times).take(kept),
        reason=_texts(reason).take(kept),
        to=to[at[found]],
    )


_LEADS = {text: STATUSES.index(told["to"]) for text, told in BEGINNINGS.items() if told}


def _first_of(codes: NDArray[np.int64], of: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The place of the first event of each code among those ``of`` codes ascending, and whether it is the only
    one."""
    first, last = np.searchsorted(of, codes, "left"), np.searchsorted(of, codes, "right")
    return np.minimum(first, len(of) - 1), last - first == 1


def _plain(
    connection: sqlite3.Connection, columns: Columns, found: NDArray[np.bool_], begun: Beginnings | None
) -> Plain:
    rows = np.flatnonzero(found)
    days = _numbers(columns["issued_day"])
    if days.min() < _DAYS.start or days.max() >= _DAYS.stop:
        raise ValueError
    for moment in {*columns["created_ms"], *columns["updated_ms"]}:
        iso(moment)
    streets, places = (_named(connection, columns[kind]) for kind in ("street", "place"))
    division = np.where(streets[1] >= 0, streets[1], places[1])
    taken = pa.array(rows)
    lat, lon = (pa.array(columns[name], pa.float64()).take(taken) for name in ("lat", "lon"))
    if lat.null_count or lon.null_count:
        raise TypeError
    parts = parts_of(_texts(columns["components"]), _shared(connection, columns["shared"]))
    metres = pa.array(columns["uncertainty_m"], pa.float64())
    return Plain(
        ndas=_numbers(columns["ndas"])[rows],
        status=_numbers(columns["status"])[rows].astype(np.int8),
        commune=_texts(columns["commune"]).take(taken),
        lat=numbers(lat, np.float64),
        lon=numbers(lon, np.float64),
        issued_day=days[rows].astype(np.int32),
        point_source=_texts(columns["point_source"]).take(taken),
        uncertainty_m=numbers(metres.fill_null(np.nan).take(taken), np.float64),
        parts={name: texts.take(taken) for name, texts in parts.items()},
        likeness=_numbers(columns["likeness"])[rows],
        division=division[rows].astype(np.int8),
        street=streets[0].take(taken),
        place=places[0].take(taken),
        number=pa.array(columns["number"], pa.int32()).take(taken),
        begun=begun,
    )


def _named(connection: sqlite3.Connection, ids: Sequence[int | None]) -> tuple[Any, NDArray[np.int64]]:
    """The names of rows of streets and places, and of which division each is, -1 for none."""
    rows = pa.array(ids, pa.int64()).dictionary_encode()
    distinct = rows.dictionary.to_pylist()
    known = {row: (name, division) for row, name, division in connection.execute(_NAMES, (to_json(distinct),))}
    told = [known.get(row, (None, -1)) for row in distinct]
    names = pa.array([name for name, _ in told], pa.string())
    divisions = np.array([*(division for _, division in told), -1], dtype=np.int64)
    return names.take(rows.indices).dictionary_encode(), divisions[places(rows)]


def _shared(connection: sqlite3.Connection, ids: Sequence[int | None]) -> Any:
    """The JSON of rows of shared parts; null for none."""
    rows = pa.array(ids, pa.int64()).dictionary_encode()
    distinct = rows.dictionary.to_pylist()
    known = dict(connection.execute(_SHARED, (to_json(distinct),)).fetchall())
    return pa.array([known[row] for row in distinct], pa.string()).take(rows.indices).dictionary_encode()


def _numbers(values: Sequence[Any]) -> NDArray[np.int64]:
    """Whole numbers. :raises ValueError, TypeError: for anything else."""
    found = pa.array(values, pa.int64())
    if found.null_count:
        raise TypeError
    return numbers(found, np.int64)


def _texts(values: Sequence[str | None]) -> Any:
    """A dictionary array. :raises TypeError: for what is no text."""
    return pa.array(values, pa.string()).dictionary_encode()
