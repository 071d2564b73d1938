"""Declared operations as views of Flask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, request, send_file

from service import caching, errors, guard, openapi, reading
from service.answering import Answering, Read
from service.direct import Direct
from service.multipart import MULTIPART
from service.operations import JSON, Answer, Operation, Sent
from service.turns import turns


def install(app: Flask, direct: Direct, operations: Iterable[Operation], answering: Answering) -> None:
    """Answer every operation at its path; the endpoint has its name. Those asked most often go to ``direct``
    too."""
    for operation in operations:
        app.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.name,
            view_func=_handler(operation, answering),
            methods=[operation.method],
        )
        if operation.hot:
            direct.add(operation, answering)


def install_document(app: Flask, operations: tuple[Operation, ...], *, open_: bool) -> None:
    """Answer ``/openapi.json``, written when it is first asked for."""

    @cache
    def body() -> bytes:
        return orjson.dumps(openapi.document(operations, open_=open_), option=orjson.OPT_INDENT_2)

    app.add_url_rule("/openapi.json", endpoint="openapi", view_func=lambda: Response(body(), mimetype=JSON))


def _handler(operation: Operation, answering: Answering) -> Callable[..., Response]:
    settings = answering.settings
    longest = settings.max_job_bytes if operation.upload else settings.max_batch_bytes

    def read() -> Read:
        if operation.large or operation.upload:
            request.max_content_length = longest
        if operation.upload and request.mimetype == MULTIPART:
            body = _body(operation)
            reading.check_utf8(request)
            query = reading.read_pairs([*request.args.items(multi=True), *body.fields], operation.query)
        else:
            query, body = reading.read_query(request, operation.query), _body(operation)
        key = reading.read_idempotency_key(request) if operation.idempotent else None
        return query, body, key, errors.language()

    def handle(**path: str) -> Response:
        with turns(request.environ):
            return answered(path)

    def answered(path: dict[str, str]) -> Response:
        asked = answering.asked(operation, guard.tally_of(request.environ), path, read)
        keep = caching.Keeping(operation.cached, answering.version, keyed=asked.caller.key is not None)
        if (known := caching.unchanged(keep)) is not None:
            return known
        content, answer = answering.answer(operation, asked)
        return caching.tagged(_response(content, answer, operation), keep)

    return handle


def _response(content: bytes | Path, answer: Answer, operation: Operation) -> Response:
    if isinstance(content, Path):
        named = answer.download
        response = send_file(content, as_attachment=named is not None, download_name=named)
    else:
        response = Response(content, status=answer.status, mimetype=operation.media)
    if answer.headers:
        response.headers.update(answer.headers)
    return response


def _body(operation: Operation) -> Any:
    if isinstance(operation.body, Sent):
        return operation.body.read(request)
    return reading.read_body(request, operation.body) if operation.body else None
