"""``geoaddr serve``: workers around the application, kept by a supervisor. Needs the extra ``service``.

Importing this loads neither granian nor Flask, so that the command line can say what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from geoaddr.errors import InvalidInput, MissingExtra, Said
from service.configuration import configure
from service.listening import free_port, is_loopback, listeners, numeric_address
from service.settings import Settings

NEEDED = ("flask", "fpdf", "granian", "orjson", "pydantic", "segno")
"""The libraries of the extra ``service``."""

_POOL = ("ARROW_DEFAULT_MEMORY_POOL", "system")
"""Arrow's own pool keeps what was freed, some 17 MB in a worker that answered batches; the system's gives it back,
see :mod:`service.memory`. It is read when Arrow is loaded."""

_SERVERS = ("_RJEM_MALLOC_CONF", "narenas:2,oversize_threshold:524288")
"""The server's library has pools of its own, and keeps what large answers took, tens of megabytes; from this size
on it gives it back at once. It is read when that library is loaded."""

_NEVER_ISSUED = "0000000000"


def _print_english(said: Said) -> None:
    print(said.en, flush=True)


def serve(
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    open_: bool = False,
    pack: str | None = None,
    store: str | None = None,
    *,
    config: str | os.PathLike[str] | None = None,
    announce: Callable[[Said], None] = _print_english,
) -> None:
    """Serve until SIGINT or SIGTERM; then finish what was begun and return. SIGHUP takes up a new pack.

    What is not given here comes from the environment, the file ``config`` and the defaults of
    :class:`service.settings.Settings`, in this order.

    :param port: 0 takes any free one.
    :param workers: processes; they share the memory of what they read.
    :param open_: give every caller every right; on a loopback address only.
    :param announce: told where the service listens, once it answers.
    :raises MissingExtra: when the server's libraries are not installed.
    :raises InvalidInput: for a setting that cannot be, or ``open_`` on an address that others can reach.
    :raises AddressTaken: when the host and port cannot be had.
    :raises DataError: for a pack or a file of settings that cannot be used.
    :raises StoreError: for a registry that cannot be used.
    """
    for name, value in (_POOL, _SERVERS):
        os.environ.setdefault(name, value)
    if any(find_spec(name) is None for name in NEEDED):
        raise MissingExtra("service", "geoaddr serve")
    flags = {
        "host": host, "port": port, "workers": workers, "open": open_ or None, "pack": pack, "store": store,
    }  # fmt: skip
    settings = configure(flags, file=config).settings
    address = numeric_address(settings.host)
    if settings.open and not is_loopback(address):
        raise InvalidInput(
            "host",
            settings.host,
            Said(
                "--open gives everybody every right, so it is for loopback addresses only (127.0.0.1, ::1)",
                "--open cho mọi người mọi quyền, nên chỉ dùng với địa chỉ nội bộ (127.0.0.1, ::1)",
            ),
        )
    port = free_port(address, settings.port)
    _check_data(settings)
    import_module("service.app")  # once, here: all processes share its memory
    _supervise(settings, address, port, lambda: announce(_listens(address, port, settings)))


def _check_data(settings: Settings) -> None:
    """Meet a broken pack, registry or database of keys here, in one line, and not in every worker."""
    from service.keys.database import open_database

    with settings.open_platform() as ga:
        ga.registry.find(_NEVER_ISSUED)
    keys = open_database(settings.access_url())
    keys.read("SELECT 1 FROM access_key LIMIT 1")
    keys.check_version()
    keys.close()


def _supervise(settings: Settings, address: str, port: int, announce: Callable[[], None]) -> None:
    from service.board import Board
    from service.generation import Generation
    from service.logs import Log
    from service.memory import share_arenas
    from service.supervising import Supervisor

    share_arenas()
    sockets = listeners(address, port, settings.workers)
    board, log = Board(settings.workers), Log(settings.log_level)

    def generation(number: int, tell: Callable[[dict[str, Any]], None]) -> None:
        Generation(settings, sockets, board, log).run(number, tell)

    Supervisor(settings, sockets, board, log, generation).run(announce)


def _listens(address: str, port: int, settings: Settings) -> Said:
    url = f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
    if settings.open:
        return Said(
            f"geoaddr listens on {url} (workers: {settings.workers}; open: every right without a key)",
            f"geoaddr đang chạy tại {url} (số tiến trình: {settings.workers}; mở: mọi quyền, không cần khóa)",
        )
    return Said(
        f"geoaddr listens on {url} (workers: {settings.workers})",
        f"geoaddr đang chạy tại {url} (số tiến trình: {settings.workers})",
    )
