"""Address texts: taken apart, carried over the reform, judged. What is asked is the caller's own and not kept.

A caller without the scope ``address`` is answered from what is told of the registry to everyone: no evidence of
a single household enters an answer (:mod:`geoaddr.disclosure`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from geoaddr.conversion import Converted
from geoaddr.errors import InvalidInput, Said
from geoaddr.parsing import Parsed
from geoaddr.sight import looked_at
from geoaddr.validation import Validated
from service.looking import note_verdict
from service.operations import Answer, Asked, Operation
from service.schemas import MOST_EXPLAINED, ConvertQuery, NoQuery, ParseQuery, ValidateBody


def parse(asked: Asked[ParseQuery, None]) -> Answer:
    query = asked.query
    if query.explain and len(query.q) > MOST_EXPLAINED:
        raise InvalidInput(
            "explain",
            True,
            Said(
                f"only texts of at most {MOST_EXPLAINED} characters are explained",
                f"chỉ giải thích văn bản dài tối đa {MOST_EXPLAINED} ký tự",
            ),
        )
    content = _content(asked.ga.parse(query.q, as_of=query.as_of, explain=query.explain))
    if not query.explain:
        del content["explanation"]
    return Answer(content)


def convert(asked: Asked[ConvertQuery, None]) -> Answer:
    query = asked.query
    answer = asked.sight.converted(
        lambda area_only: asked.ga.convert(
            query.q, to=query.to, lat=query.lat, lon=query.lon, as_of=query.as_of, area_only=area_only
        )
    )
    return Answer(_content(answer))


def _content(answer: Parsed | Converted) -> dict[str, Any]:
    """What ``to_dict`` gives, with units and readings still values, which are written faster."""
    return {**answer, "components": answer.components.to_dict()}


def validate(asked: Asked[NoQuery, ValidateBody]) -> Answer:
    body = asked.body
    address = body.address()
    resolve = cache(lambda code: asked.ga.resolve(code, as_of=body.as_of))
    answer = asked.sight.validated(
        lambda area_only: asked.ga.validate(
            address, code=body.code, lat=body.lat, lon=body.lon, as_of=body.as_of, area_only=area_only
        ),
        resolve,
    )
    note_verdict(asked, answer, looked_at(answer, resolve))
    return Answer(answer)


OPERATIONS = (
    Operation(
        name="parse",
        tag="texts",
        path="/v1/parse",
        view=parse,
        summary="An address text taken apart: units, house number, alleys, street and the rest",
        description="Old units and new ones compete, unless `as_of` chooses the day. `interpretations` holds "
        "every reading with its weight, best first, and what each was weighed by; a text in which no unit is "
        "understood is an answer (200) without any. What no component took is in `components.rest`. With "
        "`explain=true` there is an `explanation` too: what was seen in the text, "
        "stage by stage, and why; of texts that are as long as addresses are.",
        query=ParseQuery,
        answer=Parsed,
        cached="pack",
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
        cached="content",
    ),
    Operation(
        name="validate",
        tag="texts",
        method="POST",
        path="/v1/validate",
        view=validate,
        summary="A verdict on an address that a checkout can act on",
        description="`verdict` is `accept`, `confirm`, `fix` or `reject`, `possible_next_action` the one thing "
        "to do next. Every part has a status and a reason in Vietnamese and English. A bad address is an answer "
        "(200), not an error. Without the scope `address` nothing is learnt of a household: a code that only the "
        "registry can read counts by its status, commune and postcode, and a street by the communes in which "
        "several households share it.",
        body=ValidateBody,
        answer=Validated,
        looks_up=True,
    ),
)
