"""A real service in processes of its own, asked over real sockets, whose log is read while it runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple, Self

SERVE = [
    sys.executable,
    "-c",
    "import sys; from geoaddr.cli.main import main; sys.argv[0] = 'geoaddr'; main()",
    "serve",
]
ENDS_WITHIN_S = 20.0


class Told(NamedTuple):
    """An answer: its status, headers with small letters, and content."""

    status: int
    headers: dict[str, str]
    content: Any


class RunningService:
    """``geoaddr serve`` with these arguments, started in ``folder``; its log is a file there."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self._log = folder / "service.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [*SERVE, "--port", "0", *arguments], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=log,
                env={**os.environ, "LC_ALL": "C", **environment},
            )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self._log.read_text()
        self.host, port = line.split()[3].removeprefix("http://").rsplit(":", 1)
        self.port = int(port)

    def ask(self, path: str, *, method: str = "GET", body: Any = None, **headers: str) -> Told:
        """One request on a connection of its own."""
        connection = HTTPConnection(self.host, self.port, timeout=20)
        try:
            return self.ask_on(connection, path, method=method, body=body, **headers)
        finally:
            connection.close()

    def ask_on(
        self, connection: HTTPConnection, path: str, *, method: str = "GET", body: Any = None, **headers: str
    ) -> Told:
        data = None if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            method, path, data, sent if data is None else {"Content-Type": "application/json", **sent}
        )
        response = connection.getresponse()
        content = response.read()
        named = {name.lower(): value for name, value in response.getheaders()}
        json_like = "json" in named.get("content-type", "")
        return Told(response.status, named, json.loads(content) if json_like else content.decode())

    def lines(self, event: str | None = None) -> list[dict[str, Any]]:
        """The whole lines of its log so far, JSON all of them; those of one event."""
        found = [json.loads(line) for line in self._whole_lines()]
        return [line for line in found if event in (None, line["event"])]

    def strays(self) -> list[str]:
        """The lines of its log so far that are no JSON: what was written past it."""
        return [line for line in self._whole_lines() if not line.startswith("{")]

    def _whole_lines(self) -> list[str]:
        whole, _, _ = self._log.read_text("utf-8").rpartition("\n")  # many at once are not written at once
        return whole.splitlines()

    def until(self, holds: Callable[[], Any], within_s: float = ENDS_WITHIN_S) -> Any:
        """Wait until something holds, and what it is."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            try:
                if found := holds():
                    return found
            except (OSError, HTTPException):
                pass
            time.sleep(0.02)
        raise AssertionError(f"not within {within_s} s; the log: {self._log.read_text('utf-8')[-3000:]}")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """End it by SIGTERM; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=ENDS_WITHIN_S)
        return self.process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
