"""One worker: granian around the application, on a socket that the supervisor holds.

granian's own supervisor opens a socket for each worker and closes it with the worker, and whoever waits in its
queue is turned away. Here only granian's worker is used, in a process that we forked.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import stat
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from geoaddr.store import Pooled
from service.board import Gauge, Row
from service.connections import Cutter
from service.guard import GUARD
from service.jobs.offered import JOBS, take_up
from service.listening import BACKLOG
from service.logs import EVERY_S, Log, flush_last
from service.memory import Leftovers
from service.settings import Settings
from service.watching import WATCH, Watch

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

_UNTIL_IT_ANSWERS = {
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGINT: signal.SIG_IGN,
    signal.SIGHUP: signal.SIG_IGN,
    signal.SIGCHLD: signal.SIG_DFL,
}
"""What signals do to a worker that still starts; then granian handles the first two."""

GIVE_BACK_EVERY_S = 2.0
"""How often memory is looked at, and told how many connections there are."""

HEADERS_WITHIN_MILLISECONDS = 10_000
"""How long a client may take over the head of a request."""


CONNECTIONS_PER_WORKER = 8192
"""Connections that a worker holds at once; others wait until one of them ends. Idle ones cost it some kilobytes
each."""


def work(
    ga: Geoaddr, app: Any, settings: Settings, listener: socket.socket, generation: int, number: int, log: Log
) -> None:
    """Answer until SIGTERM, then finish what was begun and return."""
    parent = os.getppid()
    signal.set_wakeup_fd(-1)
    for number_, handler in _UNTIL_IT_ANSWERS.items():
        signal.signal(number_, handler)
    watch = app.extensions[WATCH]
    watch.enter(generation, number)
    log.belongs_to(generation=generation, worker=number)
    watch.row.set(Gauge.PID, os.getpid())
    take_up(app.extensions[JOBS])
    flush_last(log)
    ended, cutter = threading.Event(), Cutter(app.extensions[GUARD].bodies, listener.getsockname()[1])
    keeper = threading.Thread(target=_keep, args=(parent, ga, watch, cutter, listener, log, ended), daemon=True)
    keeper.start()
    _allow_connections()
    server = _server(settings)
    held: Any = SocketHolder
    server._ssp, server._shd, server._sso = None, held(listener.fileno(), False, BACKLOG), None
    answering = server._spawn_worker(0, server._spawn_wsgi_worker, lambda: app)
    watch.row.set(Gauge.READY, 1)
    answering.inner.run()  # in this process: it was made by us, not by granian
    watch.row.set(Gauge.READY, 0)
    ended.set()
    keeper.join(2 * EVERY_S)


def _server(settings: Settings) -> Any:
    return Server(
        "service.app",
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # many requests on one connection could not be cut off one by one
        workers=1,
        runtime_mode=RuntimeModes.mt,
        blocking_threads=settings.threads,
        websockets=False,
        backpressure=CONNECTIONS_PER_WORKER,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_WITHIN_MILLISECONDS,
            max_buffer_size=2 * settings.max_url_characters + 16 * 1024,
        ),
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
    )


def _allow_connections() -> None:
    """Use as many file descriptors as the system lets this user have: its first limit is often 1,024."""
    own, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_PER_WORKER + 1024
    if own != resource.RLIM_INFINITY and own < wanted:
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(own, limit), most))


def _keep(
    parent: int, ga: Geoaddr, watch: Watch, cutter: Cutter, listener: socket.socket, log: Log,
    ended: threading.Event,
) -> None:  # fmt: skip
    """Write the log; cut off bodies that are late; give back memory; leave new connections to the next generation
    once there is one; end with the parent: a worker without one would hold the port for ever."""
    accepting, leftovers, looked_s = True, Leftovers(), time.monotonic()
    while not ended.wait(EVERY_S):
        log.flush()
        try:
            cutter.look()
        except Exception:  # whatever it is: without this thread nobody would notice a parent that is gone
            logging.getLogger("geoaddr.service").exception("late bodies cannot be cut off")
        watch.row.set(Gauge.LOG_LINES_DROPPED, log.dropped)
        if accepting and watch.succeeded:
            accepting = False
            _turn_away_from(listener)
        if time.monotonic() > looked_s + GIVE_BACK_EVERY_S:
            leftovers.give_back()
            _show(ga.connections(), watch.row)
            looked_s = time.monotonic()
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)  # a worker that was still starting does not hear the signal
            os._exit(1)


def _show(pooled: Pooled, row: Row) -> None:
    for gauge, count in zip((Gauge.STORE_MOST, Gauge.STORE_IN_USE, Gauge.STORE_IDLE), pooled, strict=True):
        row.set(gauge, count)


def _turn_away_from(listener: socket.socket) -> None:
    """Accept no more from a socket that others accept from, too.

    Closing it is granian's to do, and that ends this worker's kept connections at once. So an empty socket takes
    its place under every number that this process has for it: from now on there is nothing to accept.
    """
    nobody = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    nobody.setblocking(False)
    nobody.bind(b"")  # a name of the kernel's choice, no file
    nobody.listen(1)
    wanted = os.fstat(listener.fileno()).st_ino
    for entry in Path("/proc/self/fd").iterdir():
        number = int(entry.name)
        with suppress(OSError):
            found = os.fstat(number)
            if found.st_ino == wanted and stat.S_ISSOCK(found.st_mode):
                os.dup2(nobody.fileno(), number, inheritable=False)


_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {},
    "loggers": {},
}
"""granian's lines go where all others of the process go."""
