"""What requests about the life of an address may say; see :mod:`service.schemas`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from geoaddr.codes import ndas
from geoaddr.components import MAX_CHARACTERS, MAX_TEXT_CHARACTERS
from geoaddr.errors import FieldError
from geoaddr.model import COMPONENT_NAMES, Point
from geoaddr.registry.amending import Cause
from geoaddr.registry.drafts import MAX_CODE_CHARACTERS, MAX_ENTRANCES, MAX_UNCERTAINTY_M, PointSource
from geoaddr.registry.feed import MAX_CHANGES
from geoaddr.registry.lifecycle import MAX_SUCCESSORS
from geoaddr.registry.renaming import MOST_NUMBER
from geoaddr.registry.reserving import MAX_RESERVED
from geoaddr.registry.reviewing import Oddity
from geoaddr.registry.rows import listed, number_from
from geoaddr.registry.syncing import COLUMNS
from geoaddr.registry.visiting import Finding
from service.access import Rights
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

MOST_REVIEWED = 1_000
"""Suspicions in one answer."""

MOST_SYNCED = 1_000
"""Rows of one request; each is a transaction of its own."""


MOST_RENAMED = 1_000
"""Households of one request."""

_HouseNumber = Annotated[
    int,
    Field(ge=0, le=MOST_NUMBER, description="Only the part of the street with these numbers, both in it."),
]


def _sync_rows_schema() -> dict[str, Any]:
    """Rows by column, open: a row with a column that is not known is answered as refused, and spoils no other."""
    return {
        "type": "array",
        "maxItems": MOST_SYNCED,
        "description": "Proposals, amendments and visits, each with an `id` chosen once: docs, `registry sync`.",
        "items": {"type": "object", "properties": {name: {} for name in COLUMNS}},
    }


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


class WhyBody(Body):
    """Who changes something, why, and on what evidence."""

    actor: Actor = ""
    reason: Reason = ""
    evidence: Evidence = ""

    def how(self) -> dict[str, Any]:
        """The same as the arguments of the verb."""
        return self.model_dump()

    def check(self, rights: Rights, *codes: str) -> None:
        """The caller may do this to the addresses of ``codes``, and to those that the body names.

        :raises OutsideProvinces: for an address, or a point, in a province where the caller may not write.
        """
        rights.may_change(*codes)


class LifecycleBody(WhyBody):
    """A step in the life of an address."""

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

    def how(self) -> dict[str, Any]:
        entrances = None if self.entrances is None else [Point(lat=e.lat, lon=e.lon) for e in self.entrances]
        return self.model_dump(exclude={"entrances"}) | {"entrances": entrances}

    def check(self, rights: Rights, *codes: str) -> None:
        rights.may_change(*codes)
        if self.lat is not None and self.lon is not None:
            rights.may_place(lat=self.lat, lon=self.lon)


class RenameStreetBody(WhyBody):
    """Which street of which commune has another name now."""

    commune: Annotated[str, Field(max_length=MAX_CHARACTERS, description="The commune of today: code or name.")]
    street: Annotated[str, Field(alias="from", max_length=MAX_CHARACTERS, description="The name that it had.")]
    name: Annotated[str, Field(alias="to", max_length=MAX_CHARACTERS, description="The name that it has now.")]
    first_number: _HouseNumber | None = None
    last_number: _HouseNumber | None = None
    dry_run: Annotated[bool, Field(description="Tell what would become of it, and change nothing.")] = False
    limit: Annotated[
        int, Field(ge=1, le=MOST_RENAMED, description="Look at so many households; the rest `remaining`.")
    ] = MOST_RENAMED
    after: Annotated[str, Field(description="The `after` of the answer before, to go on.")] | None = None

    def how(self) -> dict[str, Any]:
        return self.model_dump(exclude={"limit"}) | {"most": self.limit}


def _codes(said: str) -> Any:
    return Field(min_length=1, max_length=MAX_SUCCESSORS, description=said)


class SupersedeBody(LifecycleBody):
    """Which codes take over."""

    by: Annotated[list[str], _codes("The NDAS codes that replace this one.")]

    def check(self, rights: Rights, *codes: str) -> None:
        rights.may_change(*codes, *self.by)


class SplitBody(LifecycleBody):
    """Which flats a building became."""

    into: Annotated[list[str], _codes("The NDAS codes of the flats.")]

    def check(self, rights: Rights, *codes: str) -> None:
        rights.may_change(*codes, *self.into)


class EraseBody(LifecycleBody):
    """On what ground an address is erased."""

    reason: Annotated[
        str, Field(min_length=1, max_length=MAX_TEXT_CHARACTERS, description="Why; it stays in the history.")
    ]
    yes: Annotated[Literal[True], Field(description="That this cannot be taken back is understood.")]

    def how(self) -> dict[str, Any]:
        return self.model_dump(exclude={"yes"})

    def check(self, rights: Rights, *codes: str) -> None:
        rights.may_change(*codes, scope="admin")


class DemolishBody(WhyBody):
    """What was pulled down."""

    codes: Annotated[list[str], _codes("The NDAS codes that end, all or none.")]

    def check(self, rights: Rights, *codes: str) -> None:
        rights.may_change(*codes, *self.codes)


class MergeBody(DemolishBody):
    """Which flats became one."""

    into: Annotated[
        str, Field(max_length=MAX_CODE_CHARACTERS, description="The code that stands for all of them.")
    ]

    def check(self, rights: Rights, *codes: str) -> None:
        super().check(rights, *codes, self.into)


_ON = {"type": "string", "format": "date", "description": "Only those that had it on this day, YYYY-MM-DD."}


class FormerlyBody(Body):
    """An address that is no more."""

    components: Annotated[dict[str, Any], WithJsonSchema(_components_schema())]
    on: Annotated[str, WithJsonSchema(_ON)] | None = None


class ReviewQuery(Query):
    """Which addresses to look at, and for what."""

    area: Annotated[
        str, Field(max_length=MAX_CODE_CHARACTERS, description="The postcode that the codes begin with.")
    ]
    kind: Annotated[Oddity, Field(description="Only this kind.")] | None = None
    limit: Annotated[
        int, _AsWritten, Field(ge=1, le=MOST_REVIEWED, description="How many at most, 1 to 1,000.")
    ] = 100


class ReserveBody(Body):
    """How many codes of which area."""

    area: Annotated[
        str, Field(max_length=MAX_CODE_CHARACTERS, description="The postcode that the codes begin with.")
    ]
    count: Annotated[
        int,
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_RESERVED}),
        Field(description="How many."),
    ]


class SyncBody(Body):
    """A postman's day."""

    rows: Annotated[
        list[dict[str, Any]],
        WithJsonSchema(_sync_rows_schema()),
        Field(max_length=MOST_SYNCED),
    ]
    actor: Actor = ""

    def check(self, rights: Rights) -> None:
        """The caller may do what every row says. What cannot be read as a code or a point is for the verb to
        refuse, which reads it in the same way.

        :raises OutsideProvinces: for an address, or a point, in a province where the caller may not write.
        """
        for row in self.rows:
            told = {name: row[name] for name in ("ndas", "lat", "lon") if row.get(name) not in (None, "")}
            with suppress(FieldError):
                if "ndas" in told:
                    rights.may_change(ndas.validate(told["ndas"]))
            with suppress(FieldError):
                if "lat" in told and "lon" in told:
                    lat, lon = (number_from(name, told[name]) for name in ("lat", "lon"))
                    rights.may_place(lat=lat, lon=lon, components=_components(row))


def _components(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a row that proposes an address files it by."""
    if row.get("action") != "propose":
        return None
    parts = {name: row[name] for name in COMPONENT_NAMES if name in row}
    return parts | ({"alley": listed(parts["alley"])} if "alley" in parts else {})
