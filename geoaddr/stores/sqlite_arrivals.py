"""Columns of new records as rows of a registry file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.arrivals import Arrivals
from geoaddr.model import STATUSES
from geoaddr.registry.columns import places
from geoaddr.stores.column_rows import stated
from geoaddr.stores.rows import milliseconds, to_json
from geoaddr.stores.sqlite_names import Named, Names
from geoaddr.stores.sqlite_rows import NOTHING, OWN_PARTS, SHARED_PARTS
from geoaddr.stores.sqlite_schema import CELL_STRIDE, CELLS_PER_DEGREE

_BOUND = (
    "street", "place", "shared", "ndas", "status", "commune", "lat", "lon", "issued_day", "components",
    "point_source", "uncertainty_m", "likeness", "cell", "number",
)  # fmt: skip
_INSERT = f"INSERT INTO address ({', '.join(_BOUND)}, version, created_ms, updated_ms) VALUES "  # noqa: S608
_ROW = f"({', '.join('?' * len(_BOUND))}, 1, {{ms}}, {{ms}})"
_AT_ONCE = 100
"""Rows of a statement. Other threads work while it runs; values of more would not fit the processor's cache."""
_ALIKE = f"""SELECT a.ndas, a.status, a.commune, a.lat, a.lon, a.issued_day, a.components,
    coalesce(s.parts, '{NOTHING}'), a.point_source, a.uncertainty_m
    FROM json_each(?) j CROSS JOIN address a ON a.ndas = j.value LEFT JOIN shared s ON s.id = a.shared
    WHERE a.entrances IS NULL AND NOT EXISTS (SELECT 1 FROM alias WHERE alias.ndas = a.ndas)"""  # noqa: S608
_BEGIN = "INSERT INTO event (ndas, number, kind, at_ms, actor, reason, details) VALUES (?, 1, ?, ?, ?, ?, ?)"

_BEGIN_ALIKE = """INSERT INTO event (ndas, number, kind, at_ms, actor, reason, details, told)
    VALUES (?, 1, '', 0, '', '', '', ?)"""
_TOLD = "SELECT id FROM told WHERE kind = ? AND at_ms = ? AND actor = ? AND reason = ? AND details = ?"
_TELL = "INSERT INTO told (kind, at_ms, actor, reason, details) VALUES (?, ?, ?, ?, ?) RETURNING id"

MANY = 1000
"""Records that arrive together of which nobody tells one by what is said of all."""


class Said(NamedTuple):
    """What the first events of records that arrive together have in common."""

    kind: str
    at_ms: int
    actor: str
    reason: str


DETAILS = tuple(to_json({"to": status}) for status in STATUSES)
"""What a first event says, by status."""


class Ready(NamedTuple):
    """What an insert of records binds, but for the rows of their names: ``values`` those of whole statements, one
    after another, ``rest`` those of the records behind them by column; the group of neighbours ``of`` each record,
    and what each group is ``named``."""

    values: list[Any]
    rest: list[Sequence[Any]]
    of: NDArray[np.int64]
    named: list[Named]


def made_ready(arrivals: Arrivals) -> Ready:
    """What :func:`insert_addresses` needs of records; asks nothing of a registry."""
    nothing = [None] * len(arrivals)
    columns: list[Sequence[Any]] = [
        nothing,
        nothing,
        nothing,
        arrivals.ndas.tolist(),
        arrivals.status.tolist(),
        _listed(arrivals.commune),
        arrivals.lat.tolist(),
        arrivals.lon.tolist(),
        arrivals.issued_day.tolist(),
        _listed(stated(arrivals.parts, OWN_PARTS, len(arrivals)).dictionary_encode()),
        _listed(arrivals.point_source),
        _or_none(arrivals.uncertainty_m, np.isnan(arrivals.uncertainty_m)),
        arrivals.likeness.tolist(),
        _cells(arrivals.lat, arrivals.lon).tolist(),
        _numbers(arrivals.number),
    ]
    together = len(arrivals) - len(arrivals) % _AT_ONCE
    values: list[Any] = [None] * (together * len(columns))
    for at, column in enumerate(columns):
        values[at :: len(columns)] = column[:together]
    return Ready(values, [column[together:] for column in columns], *_named(arrivals))


def insert_addresses(connection: sqlite3.Connection, names: Names, arrivals: Arrivals) -> NDArray[np.int64]:
    """Insert the records: by statements of :data:`_AT_ONCE` rows, and the rest one by one.

    :returns: the rows of their places, 0 for none.
    :raises sqlite3.IntegrityError: when a code is taken.
    """
    ready = arrivals.ready if isinstance(arrivals.ready, Ready) else made_ready(arrivals)
    values, rest, width = ready.values.copy(), ready.rest.copy(), len(_BOUND)
    of_groups = [names.row(named) for named in ready.named]
    rows = np.array(of_groups, dtype=object).reshape(-1, 3)[ready.of]
    together = len(values) // width
    for at in range(rows.shape[1]):
        column = rows[:, at].tolist()
        values[at::width], rest[at] = column[:together], column[together:]
    row = _ROW.format(ms=milliseconds(arrivals.at))
    many = _INSERT + ", ".join([row] * _AT_ONCE)
    for begin in range(0, len(values), _AT_ONCE * width):
        connection.execute(many, values[begin : begin + _AT_ONCE * width])
    connection.executemany(_INSERT + row, zip(*rest, strict=True))
    places: NDArray[np.int64] = np.array([row[1] or 0 for row in of_groups], dtype=np.int64)[ready.of]
    return places


def same(connection: sqlite3.Connection, arrivals: Arrivals) -> NDArray[np.bool_]:
    """Which records are kept so, with neither other codes nor entrances nor successors."""
    given = set(
        zip(
            arrivals.ndas.tolist(),
            arrivals.status.tolist(),
            _listed(arrivals.commune),
            arrivals.lat.tolist(),
            arrivals.lon.tolist(),
            arrivals.issued_day.tolist(),
            _listed(stated(arrivals.parts, OWN_PARTS, len(arrivals)).dictionary_encode()),
            _listed(stated(arrivals.parts, SHARED_PARTS, len(arrivals)).dictionary_encode()),
            _listed(arrivals.point_source),
            _or_none(arrivals.uncertainty_m, np.isnan(arrivals.uncertainty_m)),
            strict=True,
        )
    )
    kept = connection.execute(_ALIKE, (to_json(arrivals.ndas.tolist()),))
    found: NDArray[np.bool_] = np.isin(arrivals.ndas, [row[0] for row in kept if row in given])
    return found


def begin_histories(connection: sqlite3.Connection, arrivals: Arrivals) -> None:
    """Insert the first event of each record."""
    said = Said(arrivals.kind, milliseconds(arrivals.at), arrivals.actor, arrivals.reason)
    rows = zip(arrivals.ndas.tolist(), arrivals.status.tolist(), strict=True)
    if len(arrivals) < MANY:
        connection.executemany(_BEGIN, ((code, *said, DETAILS[status]) for code, status in rows))
    else:
        told = tell(connection, said, np.unique(arrivals.status).tolist())
        connection.executemany(_BEGIN_ALIKE, ((code, told[status]) for code, status in rows))


def tell(connection: sqlite3.Connection, said: Said, statuses: Iterable[int]) -> dict[int, int]:
    """Write down what first events say, once for each status; the rows by status."""
    told: dict[int, int] = {}
    for status in statuses:
        values = (*said, DETAILS[status])
        rows = connection.execute(_TOLD, values).fetchall() or connection.execute(_TELL, values).fetchall()
        told[status] = rows[0][0]
    return told


def _cells(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.int64]:
    """:func:`geoaddr.stores.sqlite_schema.cell_of` by the column."""
    rows = ((lat + 90.0) * CELLS_PER_DEGREE).astype(np.int64)
    found: NDArray[np.int64] = rows * CELL_STRIDE + ((lon + 180.0) * CELLS_PER_DEGREE).astype(np.int64)
    return found


def _named(arrivals: Arrivals) -> tuple[NDArray[np.int64], list[Named]]:
    """The group of neighbours of each record, and what each group shares: it is asked for once."""
    alike = [arrivals.parts[name] for name in SHARED_PARTS if name in arrivals.parts]
    first, of = _groups([arrivals.commune, arrivals.street, arrivals.place, *alike], arrivals.division)
    group = arrivals.chosen(first)
    asked = zip(
        group.street.to_pylist(),
        group.place.to_pylist(),
        group.commune.to_pylist(),
        group.division.tolist(),
        stated(group.parts, SHARED_PARTS, len(group)).to_pylist(),
        strict=True,
    )
    return of, [Named(*each) for each in asked]


def _groups(texts: Sequence[Any], numbers: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that are equal in all columns: the first of each group, ascending by it, and the group of each row."""
    of = numbers.astype(np.int64)
    most = int(of.max(initial=0)) + 1
    for column in texts:
        indices = places(column).astype(np.int64)
        width = len(column.dictionary) + 1
        if most * width >= 2**62:
            distinct, of = np.unique(of, return_inverse=True)
            most = len(distinct)
        of, most = of * width + indices + 1, most * width
    _, first, of = np.unique(of, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[of]


def _listed(column: Any) -> list[str | None]:
    """The texts of a dictionary array; Arrow's own way makes an object of its own for each row."""
    values = [*column.dictionary.to_pylist(), None]
    return [values[place] for place in places(column).tolist()]


def _numbers(column: Any) -> list[int | None]:
    """The numbers of an array of 32 bits, ``None`` for null."""
    filled = column.fill_null(_NO_NUMBER)
    values = np.frombuffer(filled.buffers()[1], np.int32, len(filled), 4 * filled.offset)
    return _or_none(values, values == _NO_NUMBER)


_NO_NUMBER = -(2**31)


def _or_none(values: NDArray[Any], none: NDArray[np.bool_]) -> list[Any]:
    if none.all():
        return [None] * len(values)
    found = values.astype(object)
    found[none] = None
    listed: list[Any] = found.tolist()
    return listed
