"""Declared operations to Flask views: rights first, then what was asked, then the verb, then what is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request

from geoaddr.model import plain
from geoaddr.sight import Sight, Whereabouts
from service import access, guard, openapi, reading
from service.board import Board
from service.keys.shares import Shares
from service.operations import JSON, Asked, Operation, Sent
from service.settings import Settings

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr


def install(
    app: Flask, operations: Iterable[Operation], ga: Geoaddr, settings: Settings, board: Board, shares: Shares
) -> None:
    """Answer every operation at its path; the endpoint has its name."""
    for operation in operations:
        app.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.name,
            view_func=_handler(operation, ga, settings, board, shares),
            methods=[operation.method],
        )


def install_document(app: Flask, operations: tuple[Operation, ...]) -> None:
    """Answer ``/openapi.json``, written when it is first asked for."""

    @cache
    def body() -> bytes:
        return orjson.dumps(openapi.document(operations), option=orjson.OPT_INDENT_2)

    app.add_url_rule("/openapi.json", endpoint="openapi", view_func=lambda: Response(body(), mimetype=JSON))


def _handler(
    operation: Operation, ga: Geoaddr, settings: Settings, board: Board, shares: Shares
) -> Callable[..., Response]:
    where = Whereabouts(ga.locator, lambda: ga.registry)

    def handle(**path: str) -> Response:
        tally = guard.tally_of(request.environ)
        tally.operation = operation.name
        caller = tally.caller
        access.require(operation.needs, caller)
        if operation.looks_up:
            tally.may_look_up()
        sight = Sight(caller.grants, lambda: where)
        if operation.large:
            request.max_content_length = settings.max_batch_bytes
        asked: Asked[Any, Any] = Asked(
            ga=ga,
            path=path,
            query=reading.read_query(request, operation.query),
            body=_body(operation),
            caller=caller,
            sight=sight,
            rights=access.Rights(ga, caller, where),
            tally=tally,
            shares=shares,
            idempotency_key=reading.read_idempotency_key(request) if operation.idempotent else None,
            stopping=board.stopping,
        )
        answer = operation.view(asked)
        shown = (answer.sight or sight).shown(answer.content)
        tally.write_down(operation.name, shown)
        response = Response(to_json(shown), status=answer.status, mimetype=operation.media)
        if answer.headers:
            response.headers.update(answer.headers)
        return response

    return handle


def _body(operation: Operation) -> Any:
    if isinstance(operation.body, Sent):
        return operation.body.read(request)
    return reading.read_body(request, operation.body) if operation.body else None


def to_json(content: Any) -> bytes:
    """Values of :mod:`geoaddr.model`, or JSON-ready data, as JSON: what ``to_dict`` gives, and faster."""
    return orjson.dumps(content, default=plain)
