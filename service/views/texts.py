"""Address texts: taken apart, and carried over the reform. What is asked is the caller's own and is not kept."""

from __future__ import annotations

from geoaddr.conversion import Converted
from geoaddr.parsing import Parsed
from service.operations import Answer, Asked, Operation
from service.schemas import ConvertQuery, ParseQuery


def parse(asked: Asked[ParseQuery, None]) -> Answer:
    return Answer(asked.ga.parse(asked.query.q, as_of=asked.query.as_of).to_dict())


def convert(asked: Asked[ConvertQuery, None]) -> Answer:
    query = asked.query
    return Answer(asked.ga.convert(query.q, to=query.to, lat=query.lat, lon=query.lon).to_dict())


OPERATIONS = (
    Operation(
        name="parse",
        tag="texts",
        path="/v1/parse",
        view=parse,
        summary="An address text taken apart: units, house number, alleys, street and the rest",
        description="Old units and new ones compete, unless `as_of` chooses the day. `interpretations` holds "
        "every reading with its weight, best first, and what each was weighed by; a text in which no unit is "
        "understood is an answer (200) without any. What no component took is in `components.rest`.",
        query=ParseQuery,
        answer=Parsed,
    ),
    Operation(
        name="convert",
        tag="texts",
        path="/v1/convert",
        view=convert,
        summary="An address in today's units, or in those of 30 June 2025",
        description="`status` is `ok` where one answer is stood behind, and only then there is an `address`. A "
        "commune that was split is never guessed: `candidates` are all that it may be, each with its weight and "
        "the basis of it. `lat` and `lon`, where known, decide on exact boundaries.",
        query=ConvertQuery,
        answer=Converted,
    ),
)
