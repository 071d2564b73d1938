"""Between a record and its rows in PostgreSQL."""

from __future__ import annotations

from typing import Any

from geoaddr.model import AddressRecord
from geoaddr.store import Entry, Placed
from geoaddr.stores import rows

ADDRESS_COLUMNS = (
    "ndas, status, version, commune, lat, lon, issued_day, created_ms, updated_ms, components, point_source,"
    " uncertainty_m, entrances, superseded_by, likeness, street, number, division, place"
)
_OTHERS = ADDRESS_COLUMNS.removeprefix("ndas, ")

INSERT_ADDRESS = f"""INSERT INTO address ({ADDRESS_COLUMNS}) VALUES ({", ".join(["%s"] * 19)})
    ON CONFLICT DO NOTHING"""  # noqa: S608
COPY_ADDRESS = f"COPY address ({ADDRESS_COLUMNS}) FROM STDIN"
UPDATE_ADDRESS = f"""UPDATE address SET ({_OTHERS}) = ({", ".join(["%s"] * 18)})
    WHERE ndas = %s AND version = %s - 1"""  # noqa: S608
"""All but the code, which stands behind them with the version: ``(*row[1:], row[0], row[2])``."""

ALIAS_COLUMNS = "ndas, number, system, code, from_day, to_day"
EVENT_COLUMNS = "ndas, number, kind, at_ms, actor, reason, details"

RECORD_COLUMNS = """a.ndas, a.status, a.version, a.commune, a.lat, a.lon, a.issued_day, a.created_ms,
    a.updated_ms, a.components::text, a.point_source, a.uncertainty_m, a.entrances::text, a.superseded_by,
    (SELECT json_agg(json_build_array(l.system, l.code, l.from_day, l.to_day) ORDER BY l.number)::text
       FROM alias l WHERE l.ndas = a.ndas)"""
"""What :func:`record_from` reads, of the table ``address`` under the name ``a``."""


def address_row(entry: Entry) -> tuple[Any, ...]:
    """The values of :data:`ADDRESS_COLUMNS`."""
    record, likeness, placed = entry
    by = [int(code) for code in record.superseded_by] or None
    where = (None, None, None, None) if placed is None else placed
    return (*rows.record_values(record), by, likeness, *where)


def record_from(row: tuple[Any, ...]) -> AddressRecord:
    """The record of a row of :data:`RECORD_COLUMNS`."""
    *values, by, aliases = row
    return rows.record_from(
        tuple(values),
        () if aliases is None else rows.aliases_from(aliases),
        () if by is None else tuple(f"{code:010}" for code in by),
    )


def placed_from(street: str | None, number: int | None, division: int | None, place: str | None) -> Placed | None:
    """By which street and place a row is found."""
    return None if division is None else Placed(street, number, division, place)
