"""A household's own place, shared by its consent: a link for one address, with a purpose and an end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from geoaddr.model import Reading, Record
from geoaddr.sight import Sight
from service.keys.shares import MAX_CHARACTERS, MOST_DAYS, OPENS, Share, SharedScope
from service.operations import Answer, Asked, Operation
from service.schemas import Body, NoQuery, Query

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class ShareBody(Body):
    """What is shared, with what consent, for how long."""

    ndas: Annotated[str, Field(description="The NDAS code of the address.")]
    scope: Annotated[
        SharedScope,
        Field(description="`area` the commune and postcode, `address` the text too, `point` the coordinates too."),
    ]
    purpose: Annotated[
        str, Field(max_length=MAX_CHARACTERS, description="What for; whoever opens the link reads it.")
    ]
    consent: Annotated[
        str,
        Field(
            max_length=MAX_CHARACTERS,
            description="How the household agreed: the reference of a form or a call, nothing about a person.",
        ),
    ]
    days: Annotated[int, Field(description=f"For how many days, 1 to {MOST_DAYS}.")] = 7


class SharesQuery(Query):
    """Which address."""

    ndas: Annotated[str, Field(description="The NDAS code of the address.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareInfo(Record):
    """A share without its token. ``status``: ``active``, ``expired`` or ``revoked``; times are UTC (RFC 3339);
    ``created_by`` the id of the key."""

    id: str
    ndas: str
    scope: SharedScope
    purpose: str
    consent: str
    status: Literal["active", "expired", "revoked"]
    created_by: str
    created_at: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMade(ShareInfo):
    """A new share. ``token`` is shown once; ``path`` is the link's."""

    token: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareList(Record):
    """The shares of an address, the oldest first."""

    ndas: str
    shares: tuple[ShareInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlace(Record):
    """An address as its household shares it."""

    purpose: str
    scope: SharedScope
    expires_at: str
    place: Reading


def create(asked: Asked[NoQuery, ShareBody]) -> Answer:
    body = asked.body
    asked.rights.may_change(body.ndas)
    record = asked.ga.registry.get(body.ndas)
    asked.rights.may_show(record, *OPENS[body.scope])
    share, token = asked.shares.create(
        record.ndas, body.scope, purpose=body.purpose, consent=body.consent, days=body.days, actor=_who(asked)
    )
    path = f"/v1/shared/{token}"
    return Answer(ShareMade(**dict(_info(share, asked.tally.now)), token=token, path=path), 201, NOT_KEPT)


def listed(asked: Asked[SharesQuery, None]) -> Answer:
    asked.rights.may_change(asked.query.ndas)
    ndas = asked.ga.registry.get(asked.query.ndas).ndas
    shares = tuple(_info(share, asked.tally.now) for share in asked.shares.of_address(ndas))
    return Answer(ShareList(ndas=ndas, shares=shares))


def revoke(asked: Asked[NoQuery, None]) -> Answer:
    share = asked.shares.get(asked.path["id"])
    asked.rights.may_change(share.ndas)
    return Answer(_info(asked.shares.revoke(share.id, actor=_who(asked)), asked.tally.now))


def shared(asked: Asked[NoQuery, None]) -> Answer:
    share = asked.shares.opened_by(asked.path["token"])
    (reading,) = asked.ga.resolve(share.ndas).readings
    place = replace(reading, history=None, aliases=None)
    sight = Sight(share.grants, asked.sight.whereabouts)
    asked.tally.note(f"share:{share.id}", "shared", share.ndas, " ".join(OPENS[share.scope]))
    content = SharedPlace(
        purpose=share.purpose, scope=share.scope, expires_at=_time(share.expires_ms), place=place
    )
    return Answer(content, headers=NOT_KEPT, sight=sight)


def _who(asked: Asked[NoQuery, ShareBody] | Asked[NoQuery, None]) -> str:
    return asked.caller.key or "open"


def _info(share: Share, now: float) -> ShareInfo:
    ended = "expired" if share.expires_ms <= now * 1000 else "active"
    return ShareInfo(
        id=share.id,
        ndas=share.ndas,
        scope=share.scope,
        purpose=share.purpose,
        consent=share.consent,
        status="revoked" if share.revoked_ms is not None else ended,  # type: ignore[arg-type]  # one of two words
        created_by=share.created_by,
        created_at=_time(share.created_ms),
        expires_at=_time(share.expires_ms),
    )


def _time(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


OPERATIONS = (
    Operation(
        name="share",
        tag="shares",
        method="POST",
        path="/v1/shares",
        view=create,
        summary="Share an address by its household's consent",
        description="Answers a link that shows this one address to whoever has it, until it ends or is revoked. "
        "Nobody shares more than they may see. Silence is no consent: `consent` says how it was given.",
        body=ShareBody,
        answer=ShareMade,
        statuses={201: "The share was made; its token is shown this once."},
        needs="write",
        problems=(404,),
    ),
    Operation(
        name="shares",
        tag="shares",
        path="/v1/shares",
        view=listed,
        summary="The shares of an address",
        description="All of them, with those that have ended; without their tokens.",
        query=SharesQuery,
        answer=ShareList,
        needs="write",
        problems=(404,),
    ),
    Operation(
        name="unshare",
        tag="shares",
        method="POST",
        path="/v1/shares/{id}/revoke",
        view=revoke,
        summary="End a share",
        description="At once, and for good.",
        parameters={"id": "The share's id."},
        answer=ShareInfo,
        needs="write",
        problems=(404,),
    ),
    Operation(
        name="shared",
        tag="shares",
        path="/v1/shared/{token}",
        view=shared,
        summary="An address that was shared",
        description="For whoever has the link; every use is written into the trail. A link that never was, has "
        "ended or was revoked is 404.",
        parameters={"token": "The share's token, `gas_...`."},
        answer=SharedPlace,
        needs=None,
        problems=(404,),
    ),
)
