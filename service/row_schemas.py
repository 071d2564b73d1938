"""What a row of a batch may say; see :mod:`service.schemas`. Names and kinds are those of the verb, but flat."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from geoaddr.finding.nearest import DEFAULT_RADIUS_M, MOST_RADIUS_M
from geoaddr.registry.drafts import MAX_CODE_CHARACTERS
from geoaddr.uncertain import MOST_UNCERTAIN_M
from geoaddr.validation.fields import COLUMNS, MAX_CHARACTERS
from service.schemas import AnsweringDay, AsOfQuery, Body, Query, ReadingDay, Text

_Latitude = Annotated[float, Field(description="Latitude in degrees, WGS 84, -90 to 90.")]
_Longitude = Annotated[float, Field(description="Longitude in degrees, WGS 84, -180 to 180.")]
_Code = Annotated[str, Field(max_length=MAX_CHARACTERS, description="A code, in any spacing.")]
_Part = Annotated[str, Field(max_length=MAX_CHARACTERS)]


class PointRow(Body):
    """A point, and how rough it is."""

    lat: _Latitude
    lon: _Longitude
    uncertainty_m: (
        Annotated[
            float,
            Field(
                ge=0,
                le=MOST_UNCERTAIN_M,
                description="The true place lies within so many metres with a probability of 68 %.",
            ),
        ]
        | None
    ) = None


class NearRow(Body):
    """A point, and how far to look."""

    lat: _Latitude
    lon: _Longitude
    radius_m: Annotated[float, Field(gt=0, le=MOST_RADIUS_M, description="How far to look, in metres.")] = (
        DEFAULT_RADIUS_M
    )


class CodeRow(Body):
    """A code of any system."""

    code: _Code


class UnitRow(Body):
    """The code of a unit."""

    code: _Code


class TextRow(Body):
    """An address text."""

    text: Text


class ConvertRow(TextRow):
    """An address text, and where the place is, if that is known."""

    lat: _Latitude | None = None
    lon: _Longitude | None = None


class HouseholdRow(Body):
    """A household: its address in a line, where it is, and the commune that it states."""

    text: Text
    lat: _Latitude
    lon: _Longitude
    commune: (
        Annotated[str, Field(max_length=MAX_CODE_CHARACTERS, description="The stated commune's code.")] | None
    ) = None


class _JudgedRow(Body):
    """An address to judge: a text, the fields of a form, a code, a point."""

    text: Text | None = None
    code: _Code | None = None
    lat: _Latitude | None = None
    lon: _Longitude | None = None


_FORM: Any = dict.fromkeys(COLUMNS, (_Part | None, None))
JudgedRow = create_model("JudgedRow", __base__=_JudgedRow, __doc__=_JudgedRow.__doc__, **_FORM)
"""With the fields of a form; alleys in one text, parted by semicolons."""


class ReadingQuery(Query):
    """A day for reading."""

    as_of: ReadingDay | None = None


class ConvertManyQuery(Query):
    """Which units are wanted."""

    to: Annotated[
        Literal["new", "old"], Field(description="`new`: today's units. `old`: those of 30 June 2025.")
    ] = "new"
    as_of: AnsweringDay | None = None


__all__ = [
    "AsOfQuery", "CodeRow", "ConvertManyQuery", "ConvertRow", "HouseholdRow", "JudgedRow", "NearRow", "PointRow",
    "ReadingQuery", "TextRow", "UnitRow",
]  # fmt: skip
