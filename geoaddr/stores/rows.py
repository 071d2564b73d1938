"""Between a record and the values that engines of SQL keep of it.

Codes are integers, times are milliseconds and days since 1970-01-01 UTC, parts of an address are JSON: one form
for all engines, so that their tables read alike.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from geoaddr.errors import Said, StoreError
from geoaddr.model import COMPONENT_NAMES, STATUSES, AddressRecord, Alias, Components, Event, Point
from geoaddr.model.quick import unchecked
from geoaddr.store import Door, Filed, House

_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_STATUS_NUMBERS = {status: number for number, status in enumerate(STATUSES)}
_PARTS = tuple(name for name in Components.__dataclass_fields__ if name != "alley")
_texts_of = attrgetter(*_PARTS)

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
BEGINNINGS = {to_json(told): told for told in ({}, *({"to": status} for status in STATUSES))}
"""What most events say, read once."""

_quoted = json.encoder.encode_basestring
_parse = json.JSONDecoder().raw_decode  # a third faster than json.loads, which looks for blanks around

_record, _components = unchecked(AddressRecord), unchecked(Components)
_event, _checked_point = unchecked(Event), unchecked(Point)


def components_of(text: str, shared: str | None = None) -> Components:
    """What a row's JSON states, with that of parts that it shares with others."""
    stated: dict[str, Any]
    if shared is not None:  # one text is read sooner than two
        text = shared if text == "{}" else f"{text[:-1]},{shared[1:]}"
    stated, _ = _parse(text)
    if "alley" in stated:
        stated["alley"] = tuple(stated["alley"])
    return _components(**stated)


def parts_of(text: str) -> dict[str, Any]:
    """What JSON states."""
    stated: dict[str, Any]
    stated, _ = _parse(text)
    return stated


own_parts = lru_cache(maxsize=4096)(parts_of)
"""What JSON states that is a row's own; not to be changed."""

shared_parts = lru_cache(maxsize=256)(parts_of)
"""What JSON states that rows share; not to be changed. Rows of one street come together; of a whole country hardly
any comes again."""


def door_from(row: Sequence[Any]) -> Door:
    """The door of a row: code, commune, division, number, lat, lon, components, source of the point, its
    uncertainty, the components that it shares with its neighbours."""
    ndas, commune, division, number, lat, lon, components, source, uncertainty_m, shared = row
    house = House(f"{ndas:010}", Filed(commune, division), number, lat, lon)
    return Door(house, stated_by(components, shared), source, uncertainty_m)


def stated_by(text: str, shared: str | None) -> Mapping[str, Any]:
    """What a row's JSON states, with that of parts that it shares with others; not to be changed. Many houses of
    many streets state the same number."""
    own = own_parts(text)
    return own if shared is None else {**own, **shared_parts(shared)}


def record_values(record: AddressRecord, names: Collection[str] = COMPONENT_NAMES) -> tuple[Any, ...]:
    """Code, status, version, commune, lat, lon, day of issue, made and changed at, components of those
    ``names``, source of the point, uncertainty, entrances."""
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
        stated(record.components, names),
        record.point_source,
        record.uncertainty_m,
        to_json([(p.lat, p.lon) for p in record.entrances]) if record.entrances else None,
    )


def record_from(
    values: tuple[Any, ...],
    aliases: tuple[Alias, ...],
    superseded_by: tuple[str, ...],
    shared: str | None = None,
) -> AddressRecord:
    """The record of :func:`record_values`, with its lists, and with the JSON of the parts that it shares.

    :raises StoreError: for values that were never kept.
    """
    (ndas, status, version, commune, lat, lon, day, created, updated, components, source, uncertainty,
     entrances) = values  # fmt: skip
    try:
        return _record(
            ndas=f"{ndas:010}",
            status=STATUSES[status],
            components=components_of(components, shared),
            commune_code=commune,
            issued_on=_date(day),
            point=_point(lat, lon),
            point_source=source,
            uncertainty_m=uncertainty,
            entrances=() if entrances is None else _points(entrances),
            aliases=aliases,
            superseded_by=superseded_by,
            version=version,
            created_at=iso(created),
            updated_at=iso(updated),
        )
    except UNREADABLE as error:
        raise damaged(ndas) from error


UNREADABLE = (TypeError, ValueError, LookupError, ArithmeticError, OSError)
"""What values that were written over lead to where they are read."""


def damaged(ndas: object) -> StoreError:
    """What is said of a row that cannot be read."""
    return StoreError(
        Said(
            f"the row of {ndas} is damaged; restore a backup",
            f"dòng dữ liệu của {ndas} bị hỏng; hãy khôi phục bản sao lưu",
        )
    )


def alias_rows(record: AddressRecord) -> list[tuple[Any, ...]]:
    """One row for each alias, in the record's order."""
    return [
        (int(record.ndas), number, alias.system, alias.code, _day(alias.valid_from), _day(alias.valid_to))
        for number, alias in enumerate(record.aliases)
    ]


def event_row(event: Event) -> tuple[Any, ...]:
    """The values of a row of ``event``."""
    at_ms = milliseconds(event.at)
    return (int(event.ndas), event.number, event.kind, at_ms, event.actor, event.reason, _details(event))


def event_from(row: tuple[Any, ...]) -> Event:
    """The event of a row. :raises StoreError: for values that were never kept."""
    ndas, number, kind, at_ms, actor, reason, details = row
    try:
        known = BEGINNINGS.get(details)
        parsed: Mapping[str, Any] = json.loads(details) if known is None else known.copy()
        return _event(f"{ndas:010}", number, kind, iso(at_ms), actor, reason, parsed)
    except UNREADABLE as error:
        raise damaged(ndas) from error


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


def stated(components: Components, names: Collection[str] = COMPONENT_NAMES) -> str:
    """JSON of what was stated of some parts, written by hand: this is done for every record that is kept."""
    texts = zip(_PARTS, _texts_of(components), strict=True)
    told = [f'"{name}":{_quoted(text)}' for name, text in texts if text is not None and name in names]
    if components.alley and "alley" in names:
        told.append(stated_levels(components.alley))
    return f"{{{','.join(told)}}}"


def stated_text(name: str, text: str) -> str:
    """A part in JSON, with its name."""
    return f'"{name}":{_quoted(text)}'


def stated_levels(levels: Iterable[str]) -> str:
    """The levels of an alley in JSON, with their name."""
    return f'"alley":[{",".join(map(_quoted, levels))}]'


def _details(event: Event) -> str:
    details = event.details
    if len(details) == 1 and "to" in details:  # how every history begins
        return f'{{"to":{_quoted(details["to"])}}}'
    return to_json(details)


def _point(lat: float, lon: float) -> Point:
    """A point that was checked when it was kept."""
    if type(lat) is not float or type(lon) is not float:
        raise TypeError
    return _checked_point(lat=lat, lon=lon)


def _points(text: str) -> tuple[Point, ...]:
    return tuple(Point(lat=lat, lon=lon) for lat, lon in json.loads(text))


def aliases_from(text: str) -> tuple[Alias, ...]:
    """The aliases of a JSON list of system, code, and the days from which and to which they hold."""
    return tuple(
        Alias(system, code, None if start is None else _date(start), None if end is None else _date(end))
        for system, code, start, end in json.loads(text)
    )


@lru_cache(maxsize=1024)
def _date(day: int) -> dt.date:
    return dt.date.fromordinal(day + _DAY_ZERO)


def _day(date: dt.date | None) -> int | None:
    return None if date is None else date.toordinal() - _DAY_ZERO
