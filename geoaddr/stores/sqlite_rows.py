"""Between a record and its rows in SQLite."""

from __future__ import annotations

import json
from typing import Any

from geoaddr.model import COMPONENT_NAMES, AddressRecord
from geoaddr.store import Entry
from geoaddr.stores import rows
from geoaddr.stores.sqlite_schema import cell_of

_OWN = (
    "ndas", "status", "version", "commune", "lat", "lon", "issued_day", "created_ms", "updated_ms", "components",
    "point_source", "uncertainty_m", "entrances", "likeness", "cell", "street", "number",
    "place", "shared",
)  # fmt: skip

SHARED_PARTS = ("street", "hamlet", "building", "commune", "province")
"""What neighbours state alike; kept once for all of them."""

OWN_PARTS = tuple(name for name in COMPONENT_NAMES if name not in SHARED_PARTS)

NOTHING = "{}"
"""No parts."""

RECORD_COLUMNS = """a.ndas, a.status, a.version, a.commune, a.lat, a.lon, a.issued_day, a.created_ms,
    a.updated_ms, a.components, a.point_source, a.uncertainty_m, a.entrances,
    CASE WHEN EXISTS (SELECT 1 FROM alias WHERE ndas = a.ndas) THEN
      (SELECT json_group_array(json_array(system, code, from_day, to_day))
         FROM (SELECT * FROM alias WHERE ndas = a.ndas ORDER BY number)) END aliases,
    CASE a.status WHEN 4 THEN (SELECT json_group_array(by)
       FROM (SELECT by FROM successor WHERE ndas = a.ndas ORDER BY number)) END successors,
    (SELECT parts FROM shared WHERE id = a.shared) parts"""
"""What :func:`record_from` reads, of the table ``address`` under the name ``a``. Most have no aliases: to
see that is cheaper than to make a list of none. Short names for what is worked out, since SQLite names a column
without one by its whole text, and that is decoded with every answer."""

RECORD_WIDTH = 16
"""How many columns these are."""

INSERT_ADDRESS = f"INSERT INTO address ({', '.join(_OWN)}) VALUES ({', '.join('?' * len(_OWN))})"  # noqa: S608
UPDATE_ADDRESS = f"UPDATE address SET {' = ?, '.join(_OWN[1:])} = ? WHERE ndas = ? AND version = ? - 1"  # noqa: S608
"""All but the code, which stands behind them with the version: ``(*row[1:], row[0], row[2])``."""


def address_row(entry: Entry, street: int | None, place: int | None, shared: int | None) -> tuple[Any, ...]:
    """The values of :data:`INSERT_ADDRESS`; the rest are the rows of the entry's names
    and shared parts."""
    record = entry.record
    return (
        *rows.record_values(record, OWN_PARTS),
        entry.likeness,
        cell_of(record.point.lat, record.point.lon),
        street,
        entry.placed.number if entry.placed is not None else None,
        place,
        shared,
    )


def record_from(row: tuple[Any, ...]) -> AddressRecord:
    """The record of a row of :data:`RECORD_COLUMNS`."""
    aliases, successors, shared = row[-3:]
    try:
        others = () if aliases is None else rows.aliases_from(aliases)
        by = () if successors is None else tuple(f"{by:010}" for by in json.loads(successors))
    except rows.UNREADABLE as error:
        raise rows.damaged(row[0]) from error
    return rows.record_from(row[:-3], others, by, shared)


def successor_rows(record: AddressRecord) -> list[tuple[int, int, int]]:
    """One row for each code that replaces the record, in the record's order."""
    return [(int(record.ndas), number, int(by)) for number, by in enumerate(record.superseded_by)]
