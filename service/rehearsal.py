"""Requests that are answered before anybody asks, in the process that workers are forked from.

The interpreter rewrites code as it runs, and libraries remember what they met; each worker would do that in a copy
of its own. Nothing is counted, logged or written, and the registry is not looked at.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from service.access import CALLER, OWNER
from service.bodies import BODIES
from service.guard import GUARD, TALLY
from service.limits.counters import Counters
from service.limits.rules import UNLIMITED, Meter
from service.tally import Tally
from service.warming import PREFIXES, ROWS, TEXTS

if TYPE_CHECKING:
    from flask import Flask

TIMES = 40
"""So often a piece of code has to run before the interpreter leaves it as it is."""

_CODES = ("7P28QPG2+QC", "0000000000")
"""Of a point, and one that was never issued."""

_BATCHES = ("resolve", "locate")


def rehearse(app: Flask) -> list[int]:
    """Answer what is asked most often, many times; the statuses."""
    asked = [
        *(("GET", f"/v1/codes/{code}", "", b"") for code in _CODES),
        ("GET", "/v1/locate", "lat=10.7769&lon=106.7009", b""),
        *(("GET", "/v1/search", f"q={quote(text)}", b"") for text in TEXTS[:1]),
        *(("GET", "/v1/suggest", f"q={quote(prefix)}", b"") for prefix in PREFIXES[:1]),
        *(("POST", f"/v1/batch/{verb}", "", orjson.dumps([ROWS[verb]] * 4)) for verb in _BATCHES),
    ]
    counters = Counters.in_memory()
    return [_answer(app, counters, *each) for _ in range(TIMES) for each in asked]


def _answer(app: Flask, counters: Counters, method: str, path: str, query: str, body: bytes) -> int:
    guard, statuses = app.extensions[GUARD], []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.input": io.BytesIO(body), "wsgi.errors": None,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        CALLER: OWNER, BODIES: guard.bodies,
        TALLY: Tally(OWNER, Meter(UNLIMITED), counters, 0, time.time(), guard.trail),
    }  # fmt: skip

    def start(status: str, headers: Any, exc_info: Any = None) -> None:
        statuses.append(int(status[:3]))

    b"".join(guard.inner(environ, start))
    return statuses[-1]
