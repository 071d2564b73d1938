"""The production server: granian's workers around the application. Needs the extra ``service``.

Importing this loads neither granian nor Flask, so that the command line can say what is missing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from geoaddr.errors import GeoaddrError, InvalidInput, MissingExtra, Said
from service.listening import free_port, is_loopback, numeric_address, when_listening
from service.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

NEEDED = ("flask", "granian", "orjson", "pydantic")
"""The libraries of the extra ``service``."""

THREADS_PER_WORKER = 4
"""Python threads that answer within one process: one computes while others wait for the store or a client."""

HEADERS_WITHIN_MILLISECONDS = 10_000
"""How long a client may take over the head of a request."""

FINISH_WITHIN_SECONDS = 10
"""How long a worker may take to finish what it has begun, once the service is told to stop."""

_NEVER_ISSUED = "0000000000"


def _print_english(said: Said) -> None:
    print(said.en, flush=True)


def serve(
    host: str = "127.0.0.1",
    port: int = 8080,
    workers: int = 1,
    open_: bool = False,
    pack: str | None = None,
    store: str | None = None,
    *,
    announce: Callable[[Said], None] = _print_english,
) -> None:
    """Serve until SIGINT or SIGTERM; then finish what was begun and return.

    :param port: 0 takes any free one.
    :param workers: processes; each opens the pack itself, and they share its memory.
    :param open_: give every caller every right; on a loopback address only.
    :param announce: told where the service listens, once it does.
    :raises MissingExtra: when the server's libraries are not installed.
    :raises InvalidInput: for a host or number of workers that cannot be, or ``open_`` on an address that
        others can reach.
    :raises AddressTaken: when the host and port cannot be had.
    :raises DataError: for a pack that cannot be used.
    :raises StoreError: for a registry that cannot be used.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise MissingExtra("service", "geoaddr serve")
    settings = Settings.from_environment(pack=pack, store=store, open=open_)
    if workers < 1:
        raise InvalidInput("workers", workers, Said("less than 1", "nhỏ hơn 1"))
    address = numeric_address(host)
    if open_ and not is_loopback(address):
        raise InvalidInput(
            "host",
            host,
            Said(
                "--open gives everybody every right, so it is for loopback addresses only (127.0.0.1, ::1)",
                "--open cho mọi người mọi quyền, nên chỉ dùng với địa chỉ nội bộ (127.0.0.1, ::1)",
            ),
        )
    port = free_port(address, port)
    _check_data(settings)
    import_module("service.app")  # once, here: forked workers share its memory
    server = _server(settings, address, port, workers)
    said = _listens(address, port, workers, open_)
    server.on_startup(lambda: when_listening(address, port, partial(announce, said)))
    # The workers get the application from an object of ours: nothing is looked up in the working directory.
    server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def _check_data(settings: Settings) -> None:
    """Meet a broken pack or registry here, in one line, and not in every worker."""
    with settings.open_platform() as ga:
        ga.registry.find(_NEVER_ISSUED)


def _server(settings: Settings, address: str, port: int, workers: int) -> Any:
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    return Server(
        "service.app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        websockets=False,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_WITHIN_MILLISECONDS,
            max_buffer_size=2 * settings.max_url_characters + 16 * 1024,
        ),
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=FINISH_WITHIN_SECONDS,
    )


def _application(settings: Settings) -> Flask:
    """What each worker serves, made in that worker."""
    # Ctrl-C reaches a terminal's whole process group; only the parent may act on it, and stop the workers.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from service.app import create_app

    try:
        return create_app(settings=settings)
    except GeoaddrError as error:
        sys.exit(f"geoaddr: {error}")


def _end_with_parent() -> None:
    """A worker whose parent was killed would hold the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(FINISH_WITHIN_SECONDS)  # a worker that was still starting does not hear the signal
        os._exit(1)


def _listens(address: str, port: int, workers: int, open_: bool) -> Said:
    url = f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
    if open_:
        return Said(
            f"geoaddr listens on {url} (workers: {workers}; open: every right without a key)",
            f"geoaddr đang chạy tại {url} (số tiến trình: {workers}; mở: mọi quyền, không cần khóa)",
        )
    return Said(
        f"geoaddr listens on {url} (workers: {workers})", f"geoaddr đang chạy tại {url} (số tiến trình: {workers})"
    )


_TO_STDERR = {"handlers": ["stderr"], "level": "INFO", "propagate": False}

_LOGGING = {
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {**_TO_STDERR}, "granian.access": {**_TO_STDERR}, "geoaddr": {**_TO_STDERR}},
}
"""Standard output is for the one line that says where the service listens; logs go beside it."""
