"""Addresses: issuing codes, reading records, and the steps of their lives."""

from __future__ import annotations

from dataclasses import dataclass

from geoaddr.codes import ndas
from geoaddr.model import AddressRecord, Assigned, Changes, Event, Point, Record
from service.life_schemas import (
    AmendBody,
    ChangesQuery,
    ConfirmBody,
    LifecycleBody,
    PastQuery,
    SupersedeBody,
    VisitBody,
)
from service.operations import Answer, Asked, Operation
from service.schemas import AssignBody, NoQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Record):
    """All that happened to an address, oldest first."""

    ndas: str
    events: tuple[Event, ...]


def assign(asked: Asked[NoQuery, AssignBody]) -> Answer:
    body = asked.body
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
    return Answer(asked.ga.address(asked.path["ndas"], as_of=asked.query.as_of))


def history(asked: Asked[NoQuery, None]) -> Answer:
    code = ndas.validate(asked.path["ndas"])
    return Answer(History(ndas=code, events=tuple(asked.ga.history(code))))


def changes(asked: Asked[ChangesQuery, None]) -> Answer:
    return Answer(asked.ga.changes(asked.query.since, limit=asked.query.limit))


def confirm(asked: Asked[NoQuery, ConfirmBody]) -> Answer:
    return Answer(asked.ga.confirm(asked.path["ndas"], **asked.body.model_dump()))


def visit(asked: Asked[NoQuery, VisitBody]) -> Answer:
    return Answer(asked.ga.visit(asked.path["ndas"], **asked.body.model_dump()))


def amend(asked: Asked[NoQuery, AmendBody]) -> Answer:
    body = asked.body
    entrances = None if body.entrances is None else [Point(lat=e.lat, lon=e.lon) for e in body.entrances]
    how = body.model_dump(exclude={"entrances"})
    return Answer(asked.ga.amend(asked.path["ndas"], entrances=entrances, **how))


def retire(asked: Asked[NoQuery, LifecycleBody]) -> Answer:
    return Answer(asked.ga.retire(asked.path["ndas"], **asked.body.model_dump()))


def supersede(asked: Asked[NoQuery, SupersedeBody]) -> Answer:
    how = asked.body.model_dump(exclude={"by"})
    return Answer(asked.ga.supersede(asked.path["ndas"], asked.body.by, **how))


_NDAS = {"ndas": "The NDAS code: ten digits, in any spacing, with or without its check letter."}

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
        parameters=_NDAS,
        query=PastQuery,
        answer=AddressRecord,
        needs="address",
        problems=(404,),
    ),
    Operation(
        name="history",
        tag="addresses",
        path="/v1/addresses/{ndas}/history",
        view=history,
        summary="All that happened to an address",
        description="Each event with its time (UTC), actor and reason; nothing is ever taken out.",
        parameters=_NDAS,
        answer=History,
        needs="address",
        problems=(404,),
    ),
    Operation(
        name="changes",
        tag="addresses",
        path="/v1/changes",
        view=changes,
        summary="What happened to all addresses, for those who keep copies",
        description="Events of all addresses in the order in which they were written down, oldest first. Ask "
        "again with the answer's `cursor` to go on; it stays the same when nothing is new. A cursor beyond the "
        "last event (another registry, or one restored from a copy) is refused (400).",
        query=ChangesQuery,
        answer=Changes,
        needs="address",
    ),
    Operation(
        name="confirm",
        tag="addresses",
        method="POST",
        path="/v1/addresses/{ndas}/confirm",
        view=confirm,
        summary="Take an address one step up: proposed, verified, live",
        description="A retired or superseded address cannot be confirmed (409).",
        parameters=_NDAS,
        body=ConfirmBody,
        answer=AddressRecord,
        needs="write",
        problems=(404, 409),
    ),
    Operation(
        name="visit",
        tag="addresses",
        method="POST",
        path="/v1/addresses/{ndas}/visit",
        view=visit,
        summary="Write down a round of verification on the spot",
        description="Three at most. The first that agrees makes a proposed address verified; the third, where it "
        "agrees, live. A fourth, and one of an address that is live or at an end, is refused (409).",
        parameters=_NDAS,
        body=VisitBody,
        answer=AddressRecord,
        needs="write",
        problems=(404, 409),
    ),
    Operation(
        name="amend",
        tag="addresses",
        method="POST",
        path="/v1/addresses/{ndas}/amend",
        view=amend,
        summary="Change an address that keeps its code",
        description="Another entrance, a renamed street, a new number, a correction. What is named changes; a "
        "part that is null or empty is taken out. What it was stays readable with `as_of`, and the former address "
        "is kept as an alias. An address at its end cannot be amended (409).",
        parameters=_NDAS,
        body=AmendBody,
        answer=AddressRecord,
        needs="write",
        problems=(404, 409),
    ),
    Operation(
        name="retire",
        tag="addresses",
        method="POST",
        path="/v1/addresses/{ndas}/retire",
        view=retire,
        summary="End an address that has no successor",
        description="The code is never used again, and still answers.",
        parameters=_NDAS,
        body=LifecycleBody,
        answer=AddressRecord,
        needs="write",
        problems=(404, 409),
    ),
    Operation(
        name="supersede",
        tag="addresses",
        method="POST",
        path="/v1/addresses/{ndas}/supersede",
        view=supersede,
        summary="End an address in favour of others",
        description="The code still answers, and says which codes replaced it.",
        parameters=_NDAS,
        body=SupersedeBody,
        answer=AddressRecord,
        needs="write",
        problems=(404, 409),
    ),
)
