"""The application factory. Importing this opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from flask import Flask, Response, request

from geoaddr.model import plain
from service import access, errors, openapi, reading
from service.operations import JSON, Asked, Operation
from service.settings import Settings
from service.views import OPERATIONS

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

EXAMPLE_TEXT = "1 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh"
MISSPELT_TEXT = "1 Le Loi, P. Ben Nhge, Qaun 1, TP. Ho Chi Mihn"


def create_app(ga: Geoaddr | None = None, settings: Settings | None = None) -> Flask:
    """The service as a WSGI application.

    :param ga: the platform to serve; by default it is opened as ``settings`` say, once for this process, and its
        dictionary of names is made before anybody asks.
    :param settings: by default those of the environment.
    :raises DataError: for a pack that cannot be used.
    :raises StoreError: for a registry that cannot be opened.
    """
    settings = settings or Settings.from_environment()
    ga = ga or _warm(settings.open_platform())
    app = Flask("service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.url_map.merge_slashes = False
    errors.install(app)
    app.before_request(lambda: reading.check_url(request, settings.max_url_characters))
    if settings.open:
        app.before_request(lambda: reading.check_host(request))
    for operation in OPERATIONS:
        app.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.name,
            view_func=_handler(operation, ga, settings),
            methods=[operation.method],
        )
    app.add_url_rule("/openapi.json", endpoint="openapi", view_func=_document())
    return app


def _warm(ga: Geoaddr) -> Geoaddr:
    """Make what the first text would wait for; until then the process listens to nobody."""
    ga.validate(EXAMPLE_TEXT)
    ga.validate(MISSPELT_TEXT)
    return ga


def _handler(operation: Operation, ga: Geoaddr, settings: Settings) -> Callable[..., Response]:
    """The Flask view of an operation: rights first, then what was asked, then the verb."""

    def handle(**path: str) -> Response:
        grants = access.EVERYTHING if settings.open else access.EVERYBODY
        access.require(operation.needs, grants)
        asked: Asked[Any, Any] = Asked(
            ga=ga,
            path=path,
            query=reading.read_query(request, operation.query),
            body=reading.read_body(request, operation.body) if operation.body else None,
            grants=grants,
            idempotency_key=reading.read_idempotency_key(request) if operation.idempotent else None,
        )
        answer = operation.view(asked)
        response = Response(to_json(answer.content), status=answer.status, mimetype=operation.media)
        response.headers.update(answer.headers)
        return response

    return handle


def to_json(content: Any) -> bytes:
    """Values of :mod:`geoaddr.model`, or JSON-ready data, as JSON: what ``to_dict`` gives, and faster."""
    return orjson.dumps(content, default=plain)


def _document() -> Callable[[], Response]:
    @cache
    def body() -> bytes:
        return orjson.dumps(openapi.document(OPERATIONS), option=orjson.OPT_INDENT_2)

    return lambda: Response(body(), mimetype=JSON)
