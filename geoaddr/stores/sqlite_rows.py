"""Between a record and its rows in SQLite."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from geoaddr.model import STATUSES, AddressRecord, Alias, Components, Event, Point
from geoaddr.store import Entry
from geoaddr.stores.sqlite_schema import cell_of
from geoaddr.stores.sqlite_streets import components_of

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_STATUS_NUMBERS = {status: number for number, status in enumerate(STATUSES)}
_PARTS = tuple(name for name in Components.__dataclass_fields__ if name != "alley")
_texts_of = attrgetter(*_PARTS)

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_quoted = json.encoder.encode_basestring

RECORD_COLUMNS = """a.ndas, a.status, a.version, a.commune, a.lat, a.lon, a.issued_day, a.created_ms,
    a.updated_ms, a.components, a.point_source, a.uncertainty_m, a.entrances,
    (SELECT json_group_array(json_array(system, code, from_day, to_day))
       FROM (SELECT * FROM alias WHERE ndas = a.ndas ORDER BY number)),
    CASE a.status WHEN 4 THEN (SELECT json_group_array(by)
       FROM (SELECT by FROM successor WHERE ndas = a.ndas ORDER BY number)) END"""
"""What :func:`record_from` reads, of the table ``address`` under the name ``a``."""

_OWN = (
    "ndas", "status", "version", "commune", "lat", "lon", "issued_day", "created_ms", "updated_ms", "likeness",
    "components", "point_source", "uncertainty_m", "entrances", "cell", "street", "number",
)  # fmt: skip

INSERT_ADDRESS = f"INSERT INTO address ({', '.join(_OWN)}) VALUES ({', '.join('?' * len(_OWN))})"  # noqa: S608
UPDATE_ADDRESS = f"UPDATE address SET {' = ?, '.join(_OWN[1:])} = ? WHERE ndas = ? AND version = ? - 1"  # noqa: S608
"""All but the code, which stands behind them with the version: ``(*row[1:], row[0], row[2])``."""


def address_row(entry: Entry, street: int | None) -> tuple[Any, ...]:
    """The values of :data:`INSERT_ADDRESS`; ``street`` is the row of the entry's street."""
    record = entry.record
    return (
        int(record.ndas),
        _STATUS_NUMBERS[record.status],
        record.version,
        record.commune_code,
        record.point.lat,
        record.point.lon,
        record.issued_on.toordinal() - _DAY_ZERO,
        milliseconds(record.created_at),
        milliseconds(record.updated_at),
        entry.likeness,
        _stated(record.components),
        record.point_source,
        record.uncertainty_m,
        to_json([(p.lat, p.lon) for p in record.entrances]) if record.entrances else None,
        cell_of(record.point.lat, record.point.lon),
        street,
        entry.placed.number if entry.placed is not None else None,
    )


def record_from(row: tuple[Any, ...]) -> AddressRecord:
    """The record of a row of :data:`RECORD_COLUMNS`."""
    (ndas, status, version, commune, lat, lon, day, created, updated, components, source, uncertainty,
     entrances, aliases, successors) = row  # fmt: skip
    return AddressRecord(
        ndas=f"{ndas:010}",
        status=STATUSES[status],
        components=components_of(components),
        commune_code=commune,
        issued_on=_date(day),
        point=_point(lat, lon),
        point_source=source,
        uncertainty_m=uncertainty,
        entrances=() if entrances is None else _points(entrances),
        aliases=() if aliases == "[]" else _aliases(aliases),
        superseded_by=() if successors is None else tuple(f"{by:010}" for by in json.loads(successors)),
        version=version,
        created_at=iso(created),
        updated_at=iso(updated),
    )


def alias_rows(record: AddressRecord) -> list[tuple[Any, ...]]:
    """One row for each alias, in the record's order."""
    return [
        (int(record.ndas), number, alias.system, alias.code, _day(alias.valid_from), _day(alias.valid_to))
        for number, alias in enumerate(record.aliases)
    ]


def successor_rows(record: AddressRecord) -> list[tuple[int, int, int]]:
    """One row for each code that replaces the record, in the record's order."""
    return [(int(record.ndas), number, int(by)) for number, by in enumerate(record.superseded_by)]


def event_row(event: Event) -> tuple[Any, ...]:
    """The values of a row of ``event``."""
    at_ms = milliseconds(event.at)
    return (int(event.ndas), event.number, event.kind, at_ms, event.actor, event.reason, _details(event))


def event_from(row: tuple[Any, ...]) -> Event:
    """The event of a row."""
    ndas, number, kind, at_ms, actor, reason, details = row
    parsed: Mapping[str, Any] = {} if details == "{}" else json.loads(details)
    return Event(f"{ndas:010}", number, kind, iso(at_ms), actor, reason, parsed)


@lru_cache(maxsize=1024)
def milliseconds(at: str) -> int:
    """Milliseconds since 1970 of a UTC time in ISO 8601."""
    moment = dt.datetime.fromisoformat(at)
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=1024)
def iso(ms: int) -> str:
    """A UTC time in ISO 8601, to the millisecond: ``2026-03-01T08:00:00.000Z``."""
    moment = dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stated(components: Components) -> str:
    """JSON of what was stated, written by hand: this is done for every record that is kept."""
    texts = zip(_PARTS, _texts_of(components), strict=True)
    stated = [f'"{name}":{_quoted(text)}' for name, text in texts if text is not None]
    if components.alley:
        stated.append(f'"alley":[{",".join(map(_quoted, components.alley))}]')
    return f"{{{','.join(stated)}}}"


def _details(event: Event) -> str:
    details = event.details
    if len(details) == 1 and "to" in details:  # how every history begins
        return f'{{"to":{_quoted(details["to"])}}}'
    return to_json(details)


def _point(lat: float, lon: float) -> Point:
    """A point without the checks of its making, which it went through when it was kept."""
    point = object.__new__(Point)
    object.__setattr__(point, "lat", lat)
    object.__setattr__(point, "lon", lon)
    return point


def _points(text: str) -> tuple[Point, ...]:
    return tuple(Point(lat=lat, lon=lon) for lat, lon in json.loads(text))


def _aliases(text: str) -> tuple[Alias, ...]:
    return tuple(
        Alias(system, code, None if start is None else _date(start), None if end is None else _date(end))
        for system, code, start, end in json.loads(text)
    )


@lru_cache(maxsize=1024)
def _date(day: int) -> dt.date:
    return dt.date.fromordinal(day + _DAY_ZERO)


def _day(date: dt.date | None) -> int | None:
    return None if date is None else date.toordinal() - _DAY_ZERO
