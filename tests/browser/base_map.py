"""Somebody else's raster tiles: one grey pixel each, and what they were asked with."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")


class BaseMap(ThreadingHTTPServer):
    """Answers every path, to every origin; ``headers`` are those of each request, names in small letters."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Grey)
        self.headers: list[dict[str, str]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def template(self) -> str:
        return f"http://{self.host}/{{z}}/{{x}}/{{y}}.png"


class _Grey(BaseHTTPRequestHandler):
    server: BaseMap

    def do_GET(self) -> None:
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        with suppress(ConnectionError):  # a tile that has left the window is asked for no longer
            self.wfile.write(_PIXEL)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running_base_map() -> Iterator[BaseMap]:
    with BaseMap() as tiles:
        threading.Thread(target=tiles.serve_forever, daemon=True).start()
        yield tiles
        tiles.shutdown()
