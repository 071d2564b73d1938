"""What surrounds every request: its id, its line in the log, its place in the counts.

It stands outside Flask, so that it sees what Flask answers by itself as well, and knows operations by their names:
neither path nor query, body or address of the caller is written anywhere.
"""

from __future__ import annotations

import os
import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from service.board import BOUNDS_S, OPERATIONS, REASONS, STATUSES, Board, Word
from service.logs import Log

if TYPE_CHECKING:
    from flask import Flask

    from geoaddr.model import PackInfo

REQUEST_ID = "geoaddr.request_id"
REASON = "geoaddr.reason"
OPERATION = "geoaddr.operation"
"""Where the id of a request, why it was refused, and the name of its operation stand in its WSGI environment."""

WATCH = "geoaddr.watch"
"""Where the watch of an application stands among its extensions."""

OTHER = "other"
UNMATCHED = "unmatched"
"""The operation of a request for a path that there is not."""

WHOLE_BYTES = 1 << 20
"""An answer of a stated length up to this is handed to the server in one piece."""

_ACCEPTABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}").fullmatch
_BOUNDS_NS = [int(bound * 1e9) for bound in BOUNDS_S]
_GENERATION, _STOPPING = int(Word.GENERATION), int(Word.STOPPING)

Headers = list[tuple[str, str]]


class Names:
    """Names by number, in as many words of the board as there are."""

    def __init__(self, names: Iterable[str], most: int) -> None:
        known = list(dict.fromkeys(names))[: most - 1]
        self.names = [*known, OTHER]
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._other = len(known)

    def number(self, name: str) -> int:
        """The number of a name."""
        return self._numbers.get(name, self._other)


DATA = "Geoaddr-Data"
"""The header with the name, version and accuracy of the data that answers come from."""


_AS_IT_IS = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")


def said_of(pack: PackInfo) -> str:
    """The value of :data:`DATA`: ASCII, whatever a pack is called."""
    return f"{quote(f'{pack.name} {pack.version}', safe=_AS_IT_IS)}; boundaries={pack.boundary_accuracy}"


class Watch:
    """A WSGI application around another.

    :param operations, statuses, reasons: what is told apart in the counts.
    """

    def __init__(
        self, inner: Callable[..., Iterable[bytes]], board: Board, log: Log, operations: Iterable[str],
        statuses: Iterable[int], reasons: Iterable[str], data: str, *, access_log: bool = True,
    ) -> None:  # fmt: skip
        self._data = (DATA, data)
        self.inner, self.board, self.log = inner, board, log
        self.operations = Names([UNMATCHED, *operations], OPERATIONS)
        self.statuses = Names(map(str, statuses), STATUSES)
        self.reasons = Names(reasons, REASONS)
        self._access_log = access_log and log.says("info")
        self._counting = threading.Lock()
        self.enter(0, 0)

    def enter(self, generation: int, worker: int) -> None:
        """Count from now on as this worker; called once in its process."""
        self.row = self.board.row(generation, worker)
        self._generation = generation
        self._prefix = os.urandom(5).hex()
        self._number = 0

    @property
    def succeeded(self) -> bool:
        """Whether another generation answers already, and this one only finishes."""
        return self.board.generation > self._generation

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = perf_counter_ns()
        request_id = environ[REQUEST_ID] = self._id_of(environ.get("HTTP_X_REQUEST_ID"))
        said: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            headers.append(("X-Request-ID", request_id))
            headers.append(self._data)
            if words[_GENERATION] > self._generation or words[_STOPPING]:
                headers.append(("Connection", "close"))
            said[:] = status, headers
            return start_response(status, headers, exc_info)

        words = self.board.words
        body = self.inner(environ, start)
        if type(body) is list and len(body) == 1 and len(body[0]) <= WHOLE_BYTES:
            self._done(environ, said, began, len(body[0]))
            return body
        length = _length(said)
        if 0 <= length <= WHOLE_BYTES:
            whole = b"".join(body)
            _close(body)
            self._done(environ, said, began, len(whole))
            return [whole]
        return _Streamed(body, lambda sent: self._done(environ, said, began, sent))

    def _id_of(self, given: str | None) -> str:
        """The caller's id where it is one that can be written anywhere, else a new one."""
        if given is not None and _ACCEPTABLE(given):
            return given
        self._number += 1
        return f"{self._prefix}-{self._number:x}"

    def _done(self, environ: dict[str, Any], said: Sequence[Any], began: int, sent: int) -> None:
        took = perf_counter_ns() - began
        status = said[0][:3] if said else "500"
        operation = environ.get(OPERATION, UNMATCHED)
        reason = environ.get(REASON)
        with self._counting:
            self.row.count(
                self.operations.number(operation),
                self.statuses.number(status),
                bisect_left(_BOUNDS_NS, took),
                took,
            )
            if reason is not None:
                self.row.refuse(self.reasons.number(reason))
        failed = status >= "500"
        if self._access_log or failed:
            # Every one of these is a number, or a text of letters, digits and a few signs: JSON as it stands.
            why = "" if reason is None else f',"reason":"{reason}"'
            self.log.put_plain(
                "error" if failed else "info",
                "request",
                f'"request_id":"{environ[REQUEST_ID]}","operation":"{operation}","method":"{_method(environ)}",'
                f'"status":{status},"duration_ms":{took // 1000 / 1000},"bytes":{sent}{why}',
            )


class _Streamed:
    """A body that is handed on piece by piece, and accounted for when it ends."""

    def __init__(self, body: Iterable[bytes], done: Callable[[int], None]) -> None:
        self._body, self._done, self._sent = body, done, 0
        self._pieces = iter(body)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self._sent += len(piece)
        return piece

    def close(self) -> None:
        """End it, whether or not all was sent."""
        try:
            _close(self._body)
        finally:
            self._done(self._sent)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _length(said: Sequence[Any]) -> int:
    """The stated length of an answer, bytes; -1 where it has none."""
    for name, value in said[1] if said else ():
        if name.lower() == "content-length":
            return int(value)
    return -1


def _method(environ: dict[str, Any]) -> str:
    """The method, where it is one of HTTP's own: anything else is the caller's text."""
    method: str = environ.get("REQUEST_METHOD", "")
    return method if method in _METHODS else OTHER


_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def install(app: Flask, board: Board, log: Log, reasons: Iterable[str], data: str, *, access_log: bool) -> None:
    """Watch every request of ``app``, whose endpoints are the operations: all of them are there by now.

    :param data: what every answer says of the data behind it.
    """
    from flask import request

    @app.after_request
    def note(response: Any) -> Any:
        asked = request._get_current_object()  # type: ignore[attr-defined]  # once: each look costs
        if asked.url_rule is not None:
            asked.environ[OPERATION] = asked.url_rule.endpoint
        return response

    operations = ["metrics", *(rule.endpoint for rule in app.url_map.iter_rules())]
    watch = Watch(app.wsgi_app, board, log, operations, KNOWN_STATUSES, reasons, data, access_log=access_log)
    app.extensions[WATCH] = watch
    app.wsgi_app = watch  # type: ignore[method-assign]


KNOWN_STATUSES = (
    200, 201, 202, 204, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413,
    414, 415, 416, 422, 429, 431, 500, 501, 502, 503, 504,
)  # fmt: skip
