"""What a request may say. Unknown parameters are refused by name.

Presence, kinds of JSON values and sizes are checked here. Whether a number is a place, a text a date or a
code a code is the core's to say, so that the same input is refused in the same words by every door.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError

from geoaddr.components import MAX_TEXT_CHARACTERS
from geoaddr.errors import Said
from geoaddr.finding.geocoder import MOST_MATCHES
from geoaddr.finding.nearest import DEFAULT_RADIUS_M, MOST_RADIUS_M
from geoaddr.finding.suggesting import MOST_COMPLETIONS
from geoaddr.model import Components, Level, reject_unknown
from geoaddr.registry.drafts import MAX_CODE_CHARACTERS, MAX_UNCERTAINTY_M, PointSource
from geoaddr.text.asked import MAX_LENGTH
from geoaddr.uncertain import MOST_UNCERTAIN_M
from geoaddr.validation.fields import ALIASES, FIELDS, MAX_ALLEYS, MAX_CHARACTERS, NUMBERS

MOST_EXPLAINED = 512
"""Characters of a text that is explained: its words are told one by one, in two languages, forty times as long."""

Day = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "description": "The day whose units are wanted, YYYY-MM-DD; by default the pack's own.",
        }
    ),
]
ReadingDay = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "description": "Read with the units of this day, YYYY-MM-DD; by default those of all days compete.",
        }
    ),
]


AnsweringDay = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "description": "Answer with the units of this day, YYYY-MM-DD: for `new` from 2025-07-01 on, by "
            "default the date of the data; for `old` before it, by default 2025-06-30.",
        }
    ),
]


CompletedDay = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "description": "Complete the units of this day alone, YYYY-MM-DD; by default those of today, and old "
            "ones after them.",
        }
    ),
]


def _without_underscores(value: object) -> object:
    """Python reads ``1_6`` as a number; nobody else does."""
    if isinstance(value, str) and "_" in value:
        raise PydanticCustomError("float_parsing", "not a number")
    return value


def _true_or_false(value: object) -> object:
    """Python reads ``yes``, ``on`` and ``1`` as true; OpenAPI does not."""
    if value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "neither true nor false")
    return value == "true"


_AsWritten = BeforeValidator(_without_underscores)


def _number(kind: str, least: float, most: float, said: str) -> WithJsonSchema:
    """A number within its range as the description has it; the core refuses one outside, in its own words."""
    return WithJsonSchema({"type": kind, "minimum": least, "maximum": most, "description": said})


Latitude = Annotated[float, _AsWritten, _number("number", -90, 90, "Latitude in degrees, WGS 84.")]
Longitude = Annotated[float, _AsWritten, _number("number", -180, 180, "Longitude in degrees, WGS 84.")]
Text = Annotated[str, Field(max_length=MAX_LENGTH, description="An address as it was written.")]
Actor = Annotated[
    str, Field(max_length=MAX_CODE_CHARACTERS, description="Who does this: an office or a system, not a person.")
]
Reason = Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS, description="Why, for the history.")]
Evidence = Annotated[
    str,
    Field(max_length=MAX_CHARACTERS, description="On what evidence: the reference of a decision, a photograph."),
]
When = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "description": "As it stood then: a day, YYYY-MM-DD, which stands for its end in the country, or a "
            "time with its zone (RFC 3339); by default now.",
        }
    ),
]
Version = Annotated[int, Field(ge=1, description="Refuse (409) when the record is no longer of this version.")]


class Query(BaseModel):
    """The parameters after the question mark."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoQuery(Query):
    """No parameters."""


class AsOfQuery(Query):
    """A day."""

    as_of: Day | None = None


class BoundaryQuery(AsOfQuery):
    """A day, and how far the boundary may be simplified."""

    tolerance_m: (
        Annotated[
            float,
            _AsWritten,
            Field(
                description="Simplify: no border moves by more than so many metres, 0 to 5,000. Neighbours "
                "simplified alike fit each other, vertex by vertex."
            ),
        ]
        | None
    ) = None
    zoom: (
        Annotated[
            int,
            _AsWritten,
            Field(
                description="Instead of `tolerance_m`, the zoom of a web map of 256-pixel tiles, 4 to 22: "
                "half a pixel."
            ),
        ]
        | None
    ) = None


class LocateQuery(AsOfQuery):
    """A point, how rough it is, and a day."""

    lat: Latitude
    lon: Longitude
    uncertainty_m: (
        Annotated[
            float,
            _AsWritten,
            WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_UNCERTAIN_M}),
            Field(description="The true place lies within so many metres with a probability of 68 %."),
        ]
        | None
    ) = None


class ParseQuery(Query):
    """An address text, a day, and whether the reading is to be explained."""

    q: Text
    as_of: ReadingDay | None = None
    explain: Annotated[
        bool,
        BeforeValidator(_true_or_false),
        Field(
            description="Add every stage of the reading, in both languages, as `explanation`; "
            f"for texts of at most {MOST_EXPLAINED} characters."
        ),
    ] = False


class ConvertQuery(Query):
    """An address text, which units are wanted, and where the place is, if that is known."""

    q: Text
    to: Annotated[
        Literal["new", "old"], Field(description="`new`: today's units. `old`: those of 30 June 2025.")
    ] = "new"
    lat: Latitude | None = None
    lon: Longitude | None = None
    as_of: AnsweringDay | None = None


Limit = Annotated[int, _AsWritten]


class SearchQuery(Query):
    """An address text, how many matches are wanted, and a day."""

    q: Text
    limit: Annotated[Limit, _number("integer", 1, MOST_MATCHES, "At most so many matches.")] = 5
    as_of: ReadingDay | None = None


class ReverseQuery(AsOfQuery):
    """A point, and how far and how many."""

    lat: Latitude
    lon: Longitude
    radius_m: Annotated[
        float,
        _AsWritten,
        Field(description=f"How far to look, in metres, above 0 and at most {MOST_RADIUS_M:,.0f}."),
    ] = DEFAULT_RADIUS_M
    limit: Annotated[Limit, _number("integer", 1, MOST_MATCHES, "At most so many matches.")] = 5
    same_commune: Annotated[
        bool,
        BeforeValidator(_true_or_false),
        Field(description="Put the addresses in the point's own commune first."),
    ] = False


class SuggestQuery(Query):
    """The beginning of an address, and where completions are wanted first."""

    q: Text
    limit: Annotated[Limit, _number("integer", 1, MOST_COMPLETIONS, "At most so many completions.")] = 8
    lat: Latitude | None = None
    lon: Longitude | None = None
    province: (
        Annotated[str, Field(max_length=100, description="The code of a province, whose completions come first.")]
        | None
    ) = None
    as_of: CompletedDay | None = None


class UnitsQuery(AsOfQuery):
    """Which units to list."""

    level: Annotated[Level, Field(description="Which kind of units; districts end on 30 June 2025.")]
    parent: (
        Annotated[str, Field(max_length=100, description="Only the units inside this one, by code.")] | None
    ) = None


class Body(BaseModel):
    """A JSON object. Its values are taken as they are: no text is read as a number, nor the reverse."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _components_schema() -> dict[str, Any]:
    """The fields of :class:`geoaddr.model.Components`, closed, as :func:`components_from` reads them."""
    schema = TypeAdapter(Components).json_schema()
    return {
        "type": "object",
        "description": "The parts of the address. Commune and province are a code or a name.",
        "properties": {name: _untitled(part) for name, part in schema["properties"].items()},
        "additionalProperties": False,
    }


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in ("title", "default")}


class AssignBody(Body):
    """A household: what it states, and where it is."""

    components: Annotated[dict[str, Any], WithJsonSchema(_components_schema())]
    lat: Latitude
    lon: Longitude
    point_source: Annotated[PointSource, Field(description="How the point was obtained.")] = "declared"
    uncertainty_m: (
        Annotated[
            float,
            Field(
                ge=0, le=MAX_UNCERTAINTY_M, allow_inf_nan=False, description="How good the point is, in metres."
            ),
        ]
        | None
    ) = None
    actor: Actor = ""
    reason: Reason = ""


def _form_schema() -> dict[str, Any]:
    """A form's fields, closed, as :func:`geoaddr.validation.fields.asked` reads them."""
    text = {"anyOf": [{"type": "string", "maxLength": MAX_CHARACTERS}, {"type": "null"}]}
    names = [name for name in (*FIELDS, *ALIASES) if name not in ("text", "code", "lat", "lon")]
    fields: dict[str, Any] = {name: text for name in names if name not in ("latitude", "longitude")}
    for name, least in NUMBERS.items():
        fields[name] = {"anyOf": [*text["anyOf"], {"type": "integer", "minimum": least}]}
    fields["alley"] = {
        "description": "One alley, or the chain from the street inwards.",
        "anyOf": [*text["anyOf"], {"type": "array", "items": {"type": "string"}, "maxItems": MAX_ALLEYS}],
    }
    return {
        "type": "object",
        "description": "The fields of a form, of today or of before the reform. Units are names or codes.",
        "properties": fields,
        "additionalProperties": False,
    }


class ValidateBody(Body):
    """An address to judge: a text, a form's fields, a code, a point; of several given all must agree."""

    text: Text | None = None
    components: Annotated[dict[str, Any], WithJsonSchema(_form_schema())] | None = None
    code: (
        Annotated[str, Field(max_length=MAX_CHARACTERS, description="A code of any system, in any spacing.")]
        | None
    ) = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    as_of: ReadingDay | None = None

    def address(self) -> dict[str, Any] | str | None:
        """The text and the fields as :meth:`geoaddr.platform.Geoaddr.validate` takes them.

        :raises InvalidInput: for what is not among the fields of a form.
        """
        if self.components is None:
            return self.text
        own = tuple(_form_schema()["properties"])
        reject_unknown(self.components, own, Said("an address form", "biểu mẫu địa chỉ"))
        return self.components if self.text is None else {**self.components, "text": self.text}
