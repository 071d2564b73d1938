"""What requests about the life of an address may say; see :mod:`service.schemas`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from geoaddr.registry.amending import Cause
from geoaddr.registry.drafts import MAX_ENTRANCES, MAX_UNCERTAINTY_M, PointSource
from geoaddr.registry.feed import MAX_CHANGES
from geoaddr.registry.lifecycle import MAX_SUCCESSORS
from geoaddr.registry.visiting import Finding
from service.schemas import (
    Actor,
    Body,
    Evidence,
    Latitude,
    Longitude,
    Query,
    Reason,
    Version,
    When,
    _AsWritten,
    _components_schema,
)


class PastQuery(Query):
    """A time."""

    as_of: When | None = None


class ChangesQuery(Query):
    """Where to go on."""

    since: Annotated[
        str,
        Field(
            description="The `cursor` of an earlier answer, `0` for the beginning, or a time: a day, YYYY-MM-DD, "
            "from its midnight in the country, or a time with its zone (RFC 3339)."
        ),
    ] = "0"
    limit: Annotated[
        int,
        _AsWritten,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_CHANGES}),
        Field(description="How many events at most, 1 to 1,000."),
    ] = 100


class LifecycleBody(Body):
    """A step in the life of an address."""

    actor: Actor = ""
    reason: Reason = ""
    evidence: Evidence = ""
    expected_version: Version | None = None


class ConfirmBody(LifecycleBody):
    """A confirmation."""

    round: Annotated[int, Field(ge=1, le=3, description="The round of verification, 1 to 3.")] | None = None


class VisitBody(LifecycleBody):
    """A round of verification."""

    outcome: Annotated[Finding, Field(description="What was found on the spot.")] = "agrees"


class EntranceBody(Body):
    """An entrance."""

    lat: Latitude
    lon: Longitude


class AmendBody(LifecycleBody):
    """What is different now; what is not named stays."""

    components: Annotated[dict[str, Any], WithJsonSchema(_components_schema())] | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    point_source: Annotated[PointSource, Field(description="How the point was obtained.")] | None = None
    uncertainty_m: (
        Annotated[
            float,
            Field(
                ge=0, le=MAX_UNCERTAINTY_M, allow_inf_nan=False, description="How good the point is, in metres."
            ),
        ]
        | None
    ) = None
    entrances: (
        Annotated[list[EntranceBody], Field(max_length=MAX_ENTRANCES, description="All of them, anew.")] | None
    ) = None
    cause: Annotated[Cause, Field(description="The kind of change; the history calls it so.")] = "corrected"


class SupersedeBody(LifecycleBody):
    """Which codes take over."""

    by: Annotated[
        list[str],
        Field(min_length=1, max_length=MAX_SUCCESSORS, description="The NDAS codes that replace this one."),
    ]
