"""A real service on a free port of this machine, for as long as a test needs it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running_service(*arguments: str, wait_s: float = 30.0) -> Iterator[str]:
    """Start ``geoaddr serve`` with ``arguments``, yield its address when it answers, stop it after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "geoaddr.cli", "serve", "--port", str(port), *arguments]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + wait_s
        while not answers(f"{address}/healthz"):
            if server.poll() is not None or time.monotonic() > until:
                server.kill()
                raise RuntimeError(f"the service did not start: {server.communicate()[0]}")
            time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        try:
            server.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
