"""The operations that are asked most often, answered before Flask is entered.

Flask's request, routing and response cost more than such an operation itself. A request that is plain (GET,
ASCII without escapes, no longer than is let pass, from no page of another site, for nothing that is had already)
needs none of them; every other one goes on to Flask, which answers the same operation in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from service import caching, errors, guard, reading
from service.watching import OPERATION

if TYPE_CHECKING:
    from flask import Flask

    from service.answering import Answering, Read
    from service.operations import Operation
    from service.settings import Settings

_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Direct:
    """A WSGI application before another, ``inner``."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self._inner = inner
        self._longest, self._open = settings.max_url_characters, settings.open
        self._known: dict[str, tuple[str, Operation, Answering, Read | None]] = {}

    def add(self, operation: Operation, answering: Answering) -> None:
        """Answer an operation whose path has at most one part that varies, its last."""
        stem, _, name = operation.path.partition("{")
        nothing = not any(field.is_required() for field in operation.query.model_fields.values())
        unasked: Read | None = (operation.query(), None, None, "") if nothing else None
        self._known[stem] = name.rstrip("}"), operation, answering, unasked

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        stem, slash, last = path.rpartition("/")
        known = self._known.get(stem + slash) or self._known.get(path)
        if known is None or not self._plain(environ, path, query):
            return self._inner(environ, start_response)
        name, operation, answering, unasked = known
        if name and not last:
            return self._inner(environ, start_response)

        def read() -> Read:
            # Nothing that is hot speaks to people, so no language is looked for.
            if not query and unasked is not None:
                return unasked
            return reading.read_pairs(_pairs(query), operation.query), None, None, ""

        environ[OPERATION] = operation.name
        try:
            asked = answering.asked(operation, guard.tally_of(environ), {name: last} if name else {}, read)
            content, answer = answering.answer(operation, asked)
            assert isinstance(content, bytes)  # no file is asked for so often
        except Exception as error:  # whatever it is, it is answered: Flask's own net is not around this
            status, headers, body = errors.outside(error, environ)
            start_response(status, headers)
            return [body]
        headers = [("Content-Type", operation.media), ("Content-Length", str(len(content)))]
        if answer.headers:
            headers.extend(answer.headers.items())
        else:
            environ[guard.BARE] = True
        if operation.cached == "no" or answer.status != HTTPStatus.OK:
            headers.append(caching.NOT_KEPT)
        else:
            keep = caching.Keeping(operation.cached, answering.version, asked.caller.key is not None)
            headers.extend(keep.headers(keep.tag(path, query.encode(), content)))
        start_response(_STATUS[answer.status], headers)
        return [content]

    def _plain(self, environ: dict[str, Any], path: str, query: str) -> bool:
        written = path + query
        return (
            environ["REQUEST_METHOD"] == "GET"
            and len(written) <= self._longest
            and written.isascii()
            and written.isprintable()
            and "%" not in query
            and "+" not in query
            and "HTTP_IF_NONE_MATCH" not in environ
            and "HTTP_ORIGIN" not in environ
            and (not self._open or reading.is_local(environ.get("HTTP_HOST", "localhost")))
        )


def install(app: Flask, settings: Settings) -> Direct:
    """Put a way around Flask before ``app``; operations are added to it."""
    direct = Direct(app.wsgi_app, settings)
    app.wsgi_app = direct  # type: ignore[method-assign]  # Flask's own way of wrapping an application
    return direct


def _pairs(query: str) -> list[tuple[str, str]]:
    """The parameters of a query without escapes, in their order."""
    return [(name, value) for name, _, value in (part.partition("=") for part in query.split("&") if part)]
