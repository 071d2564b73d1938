"""Calls from pages of other sites (CORS): of the verbs that a checkout asks, from the origins that are named.

It stands outside the guard: a script at a permitted origin reads a refusal too, and what a browser asks beforehand
is answered whatever the caller's limits are, since it cannot carry a key and is no question yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from service.guard import secure
from service.settings import Settings
from service.watching import OPERATION

if TYPE_CHECKING:
    from flask import Flask

    from service.guard import Application

FOR_CHECKOUTS = frozenset(
    {"locate", "resolve", "search", "suggest", "parse", "convert", "validate", "list_units", "unit", "boundary"}
)
"""The operations that pages of other sites may ask. What writes, and what tells of many households, is not among
them: a key that may do these has no place in a page."""

HEADERS = "Authorization, Content-Type, Accept-Language, If-None-Match"
EXPOSED = (
    "ETag, Content-Language, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, X-Request-ID, "
    "Geoaddr-Data"
)
PREFLIGHT_S = 86_400
ANY = "*"

Headers = list[tuple[str, str]]


class Cors:
    """A WSGI application around another, of ``app``."""

    def __init__(self, inner: Application, app: Flask, origins: Iterable[str]) -> None:
        self._inner, self._app, self._origins = inner, app, frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        wanted = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        if environ["REQUEST_METHOD"] == "OPTIONS" and wanted is not None and self._allowed(environ) is not None:
            operation, routes = self._matched(environ, wanted)
            if operation in FOR_CHECKOUTS:
                environ[OPERATION] = operation
                return self._beforehand(environ, routes, start_response)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            operation = environ.get(OPERATION) or self._matched(environ, environ["REQUEST_METHOD"])[0]
            if operation in FOR_CHECKOUTS:
                self._allow(environ, headers)
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._inner(environ, start)

    def _beforehand(
        self, environ: dict[str, Any], routes: MapAdapter, start_response: Callable[..., Any]
    ) -> list[bytes]:
        """What a browser asks before the script's own request."""
        headers: Headers = [
            ("Content-Length", "0"),
            ("Access-Control-Allow-Methods", ", ".join(sorted(routes.allowed_methods()))),
            ("Access-Control-Allow-Headers", HEADERS),
            ("Access-Control-Max-Age", str(PREFLIGHT_S)),
        ]
        self._allow(environ, headers)
        secure(headers, keyed=False)
        start_response("200 OK", headers)
        return []

    def _allow(self, environ: dict[str, Any], headers: Headers) -> None:
        """Let the script read the answer, where its origin may; caches keep answers to origins apart."""
        varies = [value for name, value in headers if name.lower() == "vary"]
        headers[:] = [each for each in headers if each[0].lower() != "vary"]
        headers.append(("Vary", ", ".join([*varies, "Origin"])))
        origin = self._allowed(environ)
        if origin is not None:
            headers.append(("Access-Control-Allow-Origin", origin))
            if environ["REQUEST_METHOD"] != "OPTIONS":
                headers.append(("Access-Control-Expose-Headers", EXPOSED))

    def _allowed(self, environ: dict[str, Any]) -> str | None:
        origin: str | None = environ.get("HTTP_ORIGIN")
        if origin is None or self._origins.isdisjoint((origin, ANY)):
            return None
        return ANY if ANY in self._origins else origin

    def _matched(self, environ: dict[str, Any], method: str) -> tuple[str | None, MapAdapter]:
        """The operation of a path and method, which none may have, and the routes of the path."""
        routes = self._app.url_map.bind("", path_info=environ["PATH_INFO"])
        try:
            endpoint: str = routes.match(method=method)[0]
        except (HTTPException, RequestRedirect):
            return None, routes
        return endpoint, routes


def install(app: Flask, settings: Settings) -> None:
    """Let pages from ``settings.cors_origins`` ask; without any, nothing is different."""
    if settings.cors_origins:
        app.wsgi_app = Cors(app.wsgi_app, app, settings.cors_origins)  # type: ignore[method-assign]  # Flask's own way
