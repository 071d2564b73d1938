"""Declared operations to Flask views: rights first, then what was asked, then the verb, then what is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request

from geoaddr.model import plain
from geoaddr.sight import Sight, Whereabouts
from service import access, guard, openapi, reading
from service.board import Board
from service.direct import Answering, Direct, Read
from service.keys.shares import Shares
from service.operations import JSON, Answer, Asked, Operation, Sent
from service.settings import Settings
from service.tally import Tally

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr


def install(
    app: Flask, direct: Direct, operations: Iterable[Operation], ga: Geoaddr, settings: Settings, board: Board,
    shares: Shares,
) -> None:  # fmt: skip
    """Answer every operation at its path; the endpoint has its name. Those asked most often go to ``direct``
    too."""
    for operation in operations:
        answer = _answering(operation, ga, board, shares)
        app.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.name,
            view_func=_handler(operation, settings, answer),
            methods=[operation.method],
        )
        if operation.hot:
            direct.add(operation, answer)


def install_document(app: Flask, operations: tuple[Operation, ...]) -> None:
    """Answer ``/openapi.json``, written when it is first asked for."""

    @cache
    def body() -> bytes:
        return orjson.dumps(openapi.document(operations), option=orjson.OPT_INDENT_2)

    app.add_url_rule("/openapi.json", endpoint="openapi", view_func=lambda: Response(body(), mimetype=JSON))


def _answering(operation: Operation, ga: Geoaddr, board: Board, shares: Shares) -> Answering:
    """Rights, question, verb and sight of an operation, whichever way a request came."""
    where = Whereabouts(ga.locator, lambda: ga.registry)

    def answering(tally: Tally, path: Mapping[str, str], read: Callable[[], Read]) -> tuple[bytes, Answer]:
        tally.operation = operation.name
        caller = tally.caller
        access.require(operation.needs, caller)
        if operation.looks_up:
            tally.may_look_up()
        sight = Sight(caller.grants, lambda: where)
        query, body, idempotency_key = read()
        asked: Asked[Any, Any] = Asked(
            ga=ga,
            path=path,
            query=query,
            body=body,
            caller=caller,
            sight=sight,
            rights=access.Rights(ga, caller, where),
            tally=tally,
            shares=shares,
            idempotency_key=idempotency_key,
            stopping=board.stopping,
        )
        answer = operation.view(asked)
        shown = (answer.sight or sight).shown(answer.content)
        tally.write_down(operation.name, shown)
        return to_json(shown), answer

    return answering


def _handler(operation: Operation, settings: Settings, answering: Answering) -> Callable[..., Response]:
    def read() -> Read:
        if operation.large:
            request.max_content_length = settings.max_batch_bytes
        query, body = reading.read_query(request, operation.query), _body(operation)
        return query, body, reading.read_idempotency_key(request) if operation.idempotent else None

    def handle(**path: str) -> Response:
        content, answer = answering(guard.tally_of(request.environ), path, read)
        response = Response(content, status=answer.status, mimetype=operation.media)
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
