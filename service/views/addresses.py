"""Addresses: issuing codes and reading records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from geoaddr.codes import ndas
from geoaddr.errors import UnknownAddress
from geoaddr.model import AddressRecord, Assigned, Changes, Event, Record, day_from
from geoaddr.sight import seen_changes
from service.life_schemas import ChangesQuery, FormerlyBody, PastQuery
from service.operations import Answer, Asked, Operation
from service.schemas import AssignBody, NoQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Record):
    """All that happened to an address, oldest first."""

    ndas: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses(Record):
    """Records by NDAS code."""

    addresses: tuple[AddressRecord, ...]


def assign(asked: Asked[NoQuery, AssignBody]) -> Answer:
    body = asked.body
    asked.rights.may_place(lat=body.lat, lon=body.lon, components=body.components)
    assigned = asked.ga.assign(
        body.components,
        lat=body.lat,
        lon=body.lon,
        actor=body.actor,
        reason=body.reason,
        idempotency_key=asked.idempotency_key,
        point_source=body.point_source,
        uncertainty_m=body.uncertainty_m,
    )
    status = 201 if assigned.outcome == "created" else 200
    return Answer(assigned, status, {"Location": f"/v1/addresses/{assigned.ndas}"})


def address(asked: Asked[PastQuery, None]) -> Answer:
    with _looking_up(asked):
        return Answer(asked.ga.address(asked.path["ndas"], as_of=asked.query.as_of))


def history(asked: Asked[NoQuery, None]) -> Answer:
    code = ndas.validate(asked.path["ndas"])
    with _looking_up(asked):
        return Answer(History(ndas=code, events=tuple(asked.ga.history(code))))


@contextmanager
def _looking_up(asked: Asked[Any, None]) -> Iterator[None]:
    """Note whether the code was ever issued."""
    try:
        yield
    except UnknownAddress:
        asked.tally.looked_up(asked.path["ndas"], found=False)
        raise
    asked.tally.looked_up(asked.path["ndas"], found=True)


def formerly(asked: Asked[NoQuery, FormerlyBody]) -> Answer:
    on = None if asked.body.on is None else day_from(asked.body.on, "on")
    found = asked.ga.formerly(asked.body.components, on=on)
    if asked.grants.limited:  # that an address was called so is its text, which is told in some provinces only
        province_of = asked.sight.whereabouts().of_record
        found = [
            record
            for record in found
            if "address" in asked.grants.at(province_of(record)) and not asked.sight.hides_lines_of(record)
        ]
    return Answer(Addresses(addresses=tuple(found)))


def changes(asked: Asked[ChangesQuery, None]) -> Answer:
    def ask(since: str | dt.date, limit: int) -> Changes:
        return asked.ga.changes(since, limit=limit)

    return Answer(seen_changes(asked.sight, "address", ask, asked.query.since, asked.query.limit))


NDAS = {"ndas": "The NDAS code: ten digits, in any spacing, with or without its check letter."}

OPERATIONS = (
    Operation(
        name="assign",
        tag="addresses",
        method="POST",
        path="/v1/addresses",
        view=assign,
        summary="Give a household its NDAS code for life, or find the one that it has",
        description="The same components within a few metres are the same household: its record is answered "
        "(200) and nothing is written. With an `Idempotency-Key` the same request may be sent again and is "
        "answered as it was; another request under the same key is refused (409). On a pack with approximate "
        "boundaries `components.commune` is required, and the record stays `proposed`.",
        body=AssignBody,
        answer=Assigned,
        statuses={
            201: "A code was issued; `Location` is its record.",
            200: "The household had a code (`outcome` is `existing`).",
        },
        idempotent=True,
        needs="write",
        problems=(409,),
    ),
    Operation(
        name="address",
        tag="addresses",
        path="/v1/addresses/{ndas}",
        view=address,
        summary="The whole record of an issued code",
        description="A code that was never issued has no record (404). Retired and superseded ones keep theirs. "
        "With `as_of` the record as it stood then, 404 where the code was not issued by then.",
        parameters=NDAS,
        query=PastQuery,
        answer=AddressRecord,
        cached="content",
        needs="address",
        looks_up=True,
        problems=(404,),
    ),
    Operation(
        name="history",
        tag="addresses",
        path="/v1/addresses/{ndas}/history",
        view=history,
        summary="All that happened to an address",
        description="Each event with its time (UTC), actor and reason; nothing is ever taken out.",
        parameters=NDAS,
        answer=History,
        cached="content",
        needs="address",
        looks_up=True,
        problems=(404,),
    ),
    Operation(
        name="changes",
        tag="addresses",
        path="/v1/changes",
        view=changes,
        summary="What happened to all addresses, for those who keep copies",
        description="Events of all addresses in the order in which they were written down, oldest first. Ask "
        "again with the answer's `cursor` to go on, until it stays the same: then nothing is new. A cursor "
        "beyond the last event (another registry, or one restored from a copy) is refused (400). A key that is "
        "limited to provinces gets the events of addresses that lay there then; where one moved elsewhere it "
        "sees that, and of `details` the side that lay here, null in place of the other. An answer may then have "
        "fewer events than `limit`, or none, and its cursor goes on nevertheless.",
        query=ChangesQuery,
        answer=Changes,
        needs="address",
    ),
    Operation(
        name="formerly",
        tag="addresses",
        method="POST",
        path="/v1/addresses/formerly",
        view=formerly,
        summary="Which addresses were called so before",
        description="The records whose address was this one before it was amended, whatever capitals and accents; "
        "commune and province are not compared. None is an answer (200).",
        body=FormerlyBody,
        answer=Addresses,
        needs="address",
    ),
)
