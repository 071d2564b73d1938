"""What offices and postmen do with a registry: look at what is odd, set codes apart, bring in a day's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from geoaddr.codes import check_letter
from geoaddr.errors import Said
from geoaddr.model import Record, Status
from geoaddr.registry.reviewing import Oddity
from geoaddr.registry.syncing import Synced, SyncStatus
from service.life_schemas import ReserveBody, ReviewQuery, SyncBody
from service.operations import Answer, Asked, Operation
from service.schemas import NoQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Record):
    """A sentence in both languages."""

    en: str
    vi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion(Record):
    """Something for a person to look at: ``evidence`` is what it goes by, ``others`` whom it concerns too."""

    kind: Oddity
    ndas: str
    others: tuple[str, ...]
    evidence: Mapping[str, Any] | None
    said: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Record):
    """What was found in an area, by code; ``complete``: whether there is no more."""

    area: str
    found: tuple[Suspicion, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedCode(Record):
    """A code, and the letter that may be printed after it."""

    ndas: str
    check_letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved(Record):
    """Codes that are never issued otherwise."""

    area: str
    codes: tuple[ReservedCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedRow(Record):
    """What became of a row: the record's code, version and status by now; for a row that was not applied, which
    ``field`` and ``value`` stood in the way, and why; for one that was, what a person should hear of it."""

    row: int
    id: str
    status: SyncStatus
    ndas: str | None
    version: int | None
    field: str | None
    value: str | None
    reason: Sentence | None
    address_status: Status | None
    warnings: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedDay(Record):
    """What became of each row, in order."""

    rows: tuple[SyncedRow, ...]


def _sentence(said: Said) -> Sentence:
    return Sentence(en=said.en, vi=said.vi)


def review(asked: Asked[ReviewQuery, None]) -> Answer:
    query = asked.query
    asked.rights.may_in_area("admin", query.area)
    found = asked.ga.review(area=query.area, kinds=() if query.kind is None else (query.kind,))
    seen = asked.sight.shown(tuple(islice(found, query.limit)))
    asked.tally.write_each("review", [each.ndas for each in seen if each.evidence is not None], "point")
    told = (Suspicion(**{**each, "said": each.said and _sentence(each.said)}) for each in seen)
    return Answer(Review(area=query.area, found=tuple(told), complete=next(found, None) is None))


def reserve(asked: Asked[NoQuery, ReserveBody]) -> Answer:
    asked.rights.may_in_area("write", asked.body.area)
    codes = asked.ga.reserve(asked.body.area, asked.body.count)
    listed = tuple(ReservedCode(ndas=code, check_letter=check_letter.letter(code)) for code in codes)
    return Answer(Reserved(area=asked.body.area, codes=listed), 201)


def sync(asked: Asked[NoQuery, SyncBody]) -> Answer:
    asked.body.check(asked.rights)
    rows = list(asked.ga.sync(asked.body.rows, actor=asked.body.actor))
    changed = [row.ndas for row in rows if row.ndas is not None and row.status in ("created", "applied")]
    asked.tally.write_each("sync", changed, "write")
    return Answer(SyncedDay(rows=tuple(map(_told, rows))))


def _told(row: Synced) -> SyncedRow:
    reason = None if row.reason is None else _sentence(row.reason)
    return SyncedRow(**{**row, "reason": reason, "warnings": tuple(map(_sentence, row.warnings))})


OPERATIONS = (
    Operation(
        name="review",
        tag="addresses",
        path="/v1/review",
        view=review,
        summary="What people should look at, with what each goes by",
        description="Of the standing addresses of an area: likely duplicates, house numbers out of order, points "
        "outside the commune, texts that the point contradicts. Nothing is changed. On approximate boundaries the "
        "last two tell only of points that are kilometres off.",
        query=ReviewQuery,
        answer=Review,
        needs="admin",
    ),
    Operation(
        name="reserve",
        tag="addresses",
        method="POST",
        path="/v1/reserve",
        view=reserve,
        summary="Set codes of an area apart for a team without a connection",
        description="They are never issued otherwise, and cannot be given back: a request that is sent twice sets "
        "twice as many apart.",
        body=ReserveBody,
        answer=Reserved,
        statuses={201: "The codes, in the order of issue."},
        needs="write",
        problems=(409,),
    ),
    Operation(
        name="sync",
        tag="addresses",
        method="POST",
        path="/v1/sync",
        view=sync,
        summary="Apply a postman's day, once",
        description="Proposals, amendments and visits, each with an `id` that was chosen once. The same rows may "
        "come again: what was applied is `repeated` and not applied twice. Each row is applied wholly or not at "
        "all; what a person has to decide is a `conflict`, what cannot be used is `refused`, and both are "
        "answers (200). What was applied and should be looked at, a point outside the commune that is stated, has "
        "`warnings`.",
        body=SyncBody,
        large=True,
        answer=SyncedDay,
        needs="write",
    ),
)
