"""The erasure of an address on the ground of privacy: its code stays taken, and nothing else of it is left.

The record becomes a tombstone: no components, no aliases, no entrances, no successors, and for its point a whole
degree nearby, which says less than the code does. Of its history the kinds, times and statuses stay; who, why, and
every former state are written over. That cannot be taken back. Copies of the registry made before still hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geoaddr.errors import Conflict, Said
from geoaddr.model import AddressRecord, Components, Event, Point, Status
from geoaddr.registry.drafts import MAX_UNCERTAINTY_M, Note
from geoaddr.registry.lifecycle import keep, present
from geoaddr.store import Transaction

ERASED_SOURCE = "withdrawn"
"""The ``point_source`` of a tombstone."""

ERASE_MOVES: frozenset[tuple[Status, Status]] = frozenset(
    (status, "withdrawn") for status in ("proposed", "verified", "live", "retired", "superseded")
)

_IMPERSONAL = ("from", "to", "round", "outcome")
"""Of an event's details what tells nothing of a place or a person."""


def erase(transaction: Transaction, ndas: str, note: Note, *, expected_version: int | None) -> AddressRecord:
    """Make a tombstone of a record, whatever its status.

    :raises UnknownAddress, StaleVersion: as the verbs promise.
    :raises Conflict: when it is one already.
    """
    record = present(transaction, ndas, expected_version)
    if record.status == "withdrawn":
        raise Conflict("status", record.status, Said(f"{ndas} was erased already", f"{ndas} đã bị xóa từ trước"))
    told = {"from": record.status, "to": "withdrawn"}
    kept = keep(transaction, tombstone(record), "erased", note, told)
    transaction.redact(ndas, [redacted(event) for event in transaction.events(ndas)[:-1]])
    return kept


def tombstone(record: AddressRecord) -> AddressRecord:
    """What is left of a record."""
    return replace(
        record,
        status="withdrawn",
        components=Components(),
        point=Point(lat=float(round(record.point.lat)), lon=float(round(record.point.lon))),
        point_source=ERASED_SOURCE,
        uncertainty_m=float(MAX_UNCERTAINTY_M),
        entrances=(),
        aliases=(),
        superseded_by=(),
    )


def redacted(event: Event) -> Event:
    """What is left of an event."""
    details: Mapping[str, Any] = {name: event.details[name] for name in _IMPERSONAL if name in event.details}
    return replace(event, actor="", reason="", details=details)
