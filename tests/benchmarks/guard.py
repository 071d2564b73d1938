"""What keys, limits and the trail cost a request: one code asked of the application in this process, with a key
and everything on, beside the same open service (which has neither) and a constant Flask view.

``python -m tests.benchmarks.guard [--pack PACK] [--requests N]``. Processor time; the best of several turns,
taken by turns, since other work on the machine disturbs each alike.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response

from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import open_store
from geoaddr.wiring import EMBEDDED_PACK
from service.app import create_app
from service.guard import Guard
from service.keys.database import open_database
from service.keys.keyring import Keyring
from service.limits.rules import Limits
from service.settings import Settings

TURNS = 12
HOUSE = {"house_number": "12", "street": "Bạch Đằng", "commune": "20242"}
PLENTY = Limits(rate=1_000_000, burst=1_000_000, day=1_000_000_000, misses=1_000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=EMBEDDED_PACK)
    parser.add_argument("--requests", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ga = Geoaddr(Pack.open(given.pack), Registry(open_store(f"sqlite:///{folder}/registry.db")))
        code = ga.assign(HOUSE, lat=16.0678, lon=108.2208).ndas
        url = f"sqlite:///{folder}/registry.access.db"
        _, token = Keyring(open_database(url)).create("bench", {"address": None, "point": None}, limits=PLENTY)
        keyed, opened = create_app(ga, Settings(access=url)), create_app(ga, Settings(open=True))
        constant = _constant()
        environ = _environ(f"/v1/codes/{code}")
        with_key = {**environ, "HTTP_AUTHORIZATION": f"Bearer {token}"}
        guard = Guard(_answer, Settings(access=url), open_database(url), keyed.wsgi_app._counters)
        asked: dict[str, Callable[[], Any]] = {
            "with a key, everything on": lambda: _ask(keyed.wsgi_app, with_key),
            "open service": lambda: _ask(opened.wsgi_app, environ),
            "constant Flask view": lambda: _ask(constant.wsgi_app, environ),
            "the guard alone": lambda: _ask(guard, with_key),
        }
        best = _measured(asked, given.requests)
        for name, each_us in best.items():
            print(f"{name:28} {each_us:8.1f} us")
        key, whole, floor, _ = best.values()
        print(f"{'added by key, limits, trail':28} {key - whole:8.1f} us")
        print(f"{'requests, of the constant':28} {100 * floor / key:8.1f} %")


def _measured(asked: dict[str, Callable[[], Any]], requests: int) -> dict[str, float]:
    best = dict.fromkeys(asked, float("inf"))
    for _ in range(TURNS):
        for name, ask in asked.items():
            began = time.process_time()
            for _ in range(requests):
                ask()
            best[name] = min(best[name], (time.process_time() - began) / requests * 1e6)
    return best


def _ask(app: Any, environ: dict[str, Any]) -> None:
    answer = app(dict(environ), lambda status, headers, exc_info=None: None)
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()


def _answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def _constant() -> Flask:
    app, body = Flask("constant"), b'{"answer": 42}' * 60
    app.add_url_rule("/v1/codes/<code>", view_func=lambda code: Response(body, mimetype="application/json"))
    return app


def _environ(path: str) -> dict[str, Any]:
    request = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": ""}
    server = {"SERVER_NAME": "localhost", "SERVER_PORT": "8080", "SERVER_PROTOCOL": "HTTP/1.1"}
    headers = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8080", "HTTP_ACCEPT": "*/*"}
    how = {"wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False}
    given = {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": None, "wsgi.errors": None}
    return {**request, **server, **headers, **how, **given}


if __name__ == "__main__":
    main()
