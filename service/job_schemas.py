"""What requests about jobs may say; see :mod:`service.schemas`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from service.schemas import Query, _AsWritten, _true_or_false

_Switch = Annotated[bool, BeforeValidator(_true_or_false)]

FILE_NAME = r"^[^/\\\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+$"
"""The name of a file: no path, nothing that breaks a line, nothing that turns the direction of writing about."""

Verbs = Literal["locate", "resolve", "assign", "parse", "geocode", "convert", "validate"]


class JobQuery(Query):
    """What is to be done with the file that is the body: the options of ``geoaddr batch``."""

    verb: Annotated[Verbs, Field(description="The verb of every row.")]
    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            pattern=FILE_NAME,
            description="What the file is called, and its result too.",
        ),
    ] = "file"
    out: (
        Annotated[
            Literal["csv", "parquet", "xlsx", "geojson", "gpkg"],
            Field(description="The format of the result; by default that of the file."),
        ]
        | None
    ) = None
    text: Annotated[str, Field(max_length=200, description="Column with the address.")] | None = None
    lat: Annotated[str, Field(max_length=200, description="Column with the latitude.")] | None = None
    lon: Annotated[str, Field(max_length=200, description="Column with the longitude.")] | None = None
    code: Annotated[str, Field(max_length=200, description="Column with the code.")] | None = None
    commune: Annotated[str, Field(max_length=200, description="Column with the stated commune's code.")] | None = (
        None
    )
    uncertainty: (
        Annotated[
            str, Field(max_length=200, description="Column with the metres to which each point is known, at 68 %.")
        ]
        | None
    ) = None
    crs: Annotated[str, Field(max_length=30, description="System of the points, `EPSG:9210`.")] | None = None
    swap: Annotated[_Switch, Field(description="Latitude and longitude stand in each other's place.")] = False
    border: Annotated[_Switch, Field(description="Add how near the next commune is, and which.")] = False
    fields: (
        Annotated[
            str,
            Field(
                max_length=2_000,
                description="Parts of the address and their columns, `street=Phố;ward=Phường` (assign, validate).",
            ),
        ]
        | None
    ) = None
    as_of: (
        Annotated[
            str,
            WithJsonSchema(
                {"type": "string", "format": "date", "description": "Units as on this day, YYYY-MM-DD."}
            ),
        ]
        | None
    ) = None
    to: Annotated[Literal["new", "old"], Field(description="Units of which time (convert).")] = "new"
    report_rows: Annotated[
        int,
        _AsWritten,
        Field(ge=0, le=1_000, description="Rows that the report lists of each kind."),
    ] = 10


class ReportQuery(Query):
    """Which form of the report."""

    format: Annotated[
        Literal["json", "html"], Field(description="`html` is a page for people, in the language of the job.")
    ] = "json"


JOB_ID = {"id": "The identity that the answer to `POST /v1/jobs` gave."}
