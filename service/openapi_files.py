"""What the description says of the paths that answer no JSON of an operation: tiles, sheets of labels, figures.

They are routed by their own modules; a test holds their parameters and answers to what is said here.
"""

from __future__ import annotations

from typing import Any

from service.errors import PROBLEM
from service.labels import MOST_CODES, MOST_COPIES, MOST_LABELS
from service.metrics import TEXT
from service.tiles import MVT

_DAY = {"type": "string", "format": "date"}


def paths(refusals: dict[int, str], problem: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Their entries of the document's ``paths``.

    :param refusals: what a refusal means, by its status.
    :param problem: the schema of problem documents.
    """

    def described(path: str, statuses: tuple[int, ...], **said: Any) -> dict[str, Any]:
        answers = {
            str(status): {"description": refusals[status], "content": {PROBLEM: {"schema": problem}}}
            for status in statuses
        }
        said["responses"] = {**said["responses"], **answers}
        return {path: {"get": said}}

    return {
        **described(
            "/tiles/{z}/{x}/{y}.mvt",
            (400, 401, 403, 429, 503),
            operationId="tile",
            tags=["map"],
            summary="A vector tile of the units of a day",
            description="Layers: `provinces`, `districts`, `communes`, `labels`, `islands`, and from zoom 15 on "
            "`addresses` for callers with `address` and `point` in the whole country. 503 with `Retry-After` "
            "while the outlines of a large pack are drawn.",
            parameters=[
                *(_in_path(name, text) for name, text in _TILE.items()),
                _in_query("as_of", "The day, YYYY-MM-DD; by default the data's.", _DAY),
                _in_query("v", "Whatever tells one version of the tiles from another in a cache.", _text()),
            ],
            responses={
                "200": _answer("A tile.", MVT, {"type": "string", "contentEncoding": "binary"}),
                "304": {"description": "The answer is the one that `If-None-Match` names."},
            },
        ),
        **described(
            "/tiles.json",
            (400, 401, 403, 429, 503),
            operationId="tiles",
            tags=["map"],
            summary="What a map has to know before it asks for tiles",
            description="TileJSON 3.0.0; under `geoaddr` the day, the days on which units changed, the version of "
            "the data, and whether the tiles are ready.",
            parameters=[_in_query("as_of", "The day, YYYY-MM-DD; by default the data's.", _DAY)],
            responses={"200": _answer("TileJSON.", "application/json", {"type": "object"})},
        ),
        **described(
            "/labels.pdf",
            (400, 401, 403, 404, 429, 503),
            operationId="labels",
            tags=["map"],
            summary="A sheet of labels for codes, to be printed",
            description="Each with its QR code, commune and province: no more than everyone may learn of a code. "
            f"At most {MOST_LABELS} labels. 404 for a code that was never issued.",
            parameters=[
                _in_query(
                    "codes", f"1 to {MOST_CODES} codes of any system, parted by commas.", _text(), needed=True
                ),
                _in_query("copies", "How often each is printed.", _number(1, MOST_COPIES)),
                _in_query(
                    "lang", "By default that of `Accept-Language`.", {"type": "string", "enum": ["en", "vi"]}
                ),
            ],
            responses={
                "200": _answer("The sheet.", "application/pdf", {"type": "string", "contentEncoding": "binary"})
            },
        ),
        **described(
            "/metrics",
            (404,),
            operationId="metrics",
            tags=["running"],
            summary="The figures of all workers, for Prometheus",
            description="For who brings the setting `metrics_token` as a bearer token (no key does), and for "
            "everyone where the service is open; for all others there is nothing at this path.",
            parameters=[],
            responses={"200": _answer("Figures.", TEXT, _text())},
            security=[{"metrics": []}],
        ),
    }


_TILE = {
    "z": "The zoom of the tile's scheme (XYZ, Web Mercator).",
    "x": "Its column, from the west.",
    "y": "Its row, from the north.",
}


def _in_path(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": text, "schema": {"type": "integer"}}


def _in_query(name: str, text: str, schema: dict[str, Any], *, needed: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": needed, "description": text, "schema": schema}


def _answer(text: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {media: {"schema": schema}}}


def _text() -> dict[str, Any]:
    return {"type": "string"}


def _number(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}
