"""A record as it stood at some time, from the record as it is and its history.

Events say what they changed, so the past is reached by taking them back, the last one first. Those of every kind
can be: confirmations, ends and aliases tell what was before by their nature, amendments hold it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from geoaddr.errors import InvalidDate, Said
from geoaddr.model import AddressRecord, Components, Event, Point, day_from, plain
from geoaddr.profiles.vn import TIME_ZONE


def as_it_was(record: AddressRecord, events: Sequence[Event], at: str) -> AddressRecord | None:
    """The record after all that had happened up to ``at`` (UTC, ISO 8601, inclusive); ``None`` before its first
    event.

    :param events: the whole history, oldest first.
    """
    for event, earlier in zip(reversed(events), [*reversed(events[:-1]), None], strict=True):
        if event.at <= at:
            return record
        if earlier is not None:
            record = taken_back(record, event, earlier.at)
    return None


def taken_back(record: AddressRecord, event: Event, at: str) -> AddressRecord:
    """The record as it was before its last event; ``at`` is the time of the one before."""
    details = event.details
    changes: dict[str, Any] = {"version": event.number - 1, "updated_at": at}
    if "from" in details:
        changes["status"] = details["from"]
    if "by" in details:
        changes["superseded_by"] = ()
    if "alias" in details:
        changes["aliases"] = record.aliases[:-1]
    for name, value in details.get("before", {}).items():
        changes[name] = _field(record, name, value)
    return replace(record, **changes)


def leads_to(record: AddressRecord, event: Event) -> bool:
    """Whether the last event says of the record what the record says itself."""
    details = event.details
    told = details.get("after", {})
    if "alias" in details and plain(record.aliases[-1:]) != [details["alias"]]:
        return False
    if "by" in details and list(record.superseded_by) != list(details["by"]):
        return False
    return all(getattr(record, name) == _field(record, name, value) for name, value in told.items())


def moment(value: dt.datetime | dt.date | str, name: str = "as_of", *, begins: bool = False) -> str:
    """A time in UTC, ISO 8601 to the millisecond; a day stands for its end in the country.

    :param value: a day (``2026-03-01``) or a time with its zone (``2026-03-01T08:00:00+07:00``).
    :param begins: a day stands for its beginning.
    :raises InvalidDate: for anything else.
    """
    if isinstance(value, str):
        value = _time_from(value, name) if "T" in value.upper() else day_from(value, name)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            said = Said("a time needs its zone: Z or +07:00", "thời điểm cần múi giờ: Z hoặc +07:00")
            raise InvalidDate(name, value.isoformat(), said)
        return utc(value, name)
    if not isinstance(value, dt.date):
        raise InvalidDate(name, value, _NO_TIME)
    time = dt.time() if begins else dt.time(23, 59, 59, 999_999)
    return utc(dt.datetime.combine(value, time, TIME_ZONE), name)


def utc(value: dt.datetime, name: str = "as_of") -> str:
    """A time as events have it: UTC, ISO 8601 to the millisecond, ``Z``.

    :raises InvalidDate: for one that has no such form.
    """
    try:
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except OverflowError:
        raise InvalidDate(name, value.isoformat(), _NO_TIME) from None


_NO_TIME = Said(
    "neither a day nor a time; write 2026-03-01 or 2026-03-01T08:00:00+07:00",
    "không phải ngày hay thời điểm; hãy viết 2026-03-01 hoặc 2026-03-01T08:00:00+07:00",
)


def _time_from(text: str, name: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidDate(name, text, _NO_TIME) from None


def _field(record: AddressRecord, name: str, value: Any) -> Any:
    """A field from the plain data of an event."""
    if name == "components":
        return _components(record.components, value)
    if name == "point":
        return Point(**value)
    if name == "entrances":
        return tuple(Point(**point) for point in value)
    return value


def _components(now: Components, parts: Mapping[str, Any]) -> Components:
    changes: dict[str, Any] = {name: tuple(v) if name == "alley" else v for name, v in parts.items()}
    return replace(now, **changes)
