"""A generation: the process that opens and warms the pack, and the workers that it forks and keeps alive.

All that a worker reads is made before the fork and frozen, so that workers share its memory: a worker beyond the
first costs what it writes itself. Only the registry is opened by each worker, when it first needs it.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from geoaddr.errors import GeoaddrError, Said
from service.board import Board, Gauge, Word
from service.logs import Log, take_over
from service.processes import Signals, end, forked, reaped
from service.settings import Settings
from service.worker import work

LOOK_EVERY_S = 0.1
READY_WITHIN_S = 60.0
"""How long the workers may take to say that they answer."""

SETTLED_S = 0.05
"""A worker says that it is ready when all is loaded; so much later its server has its threads, or has failed."""

LONG_S = 5.0
"""A worker that lived as long did start; one that ends sooner is started again after a growing pause."""

_UNTIL_THERE_ARE_WORKERS = {
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGINT: signal.SIG_IGN,
    signal.SIGHUP: signal.SIG_IGN,
    signal.SIGCHLD: signal.SIG_DFL,
}
"""What signals do while the pack is opened and warmed: a stop has nothing to wait for."""

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

Tell = Callable[[dict[str, Any]], None]


class Generation:
    """The workers of one pack, one for each socket."""

    def __init__(self, settings: Settings, sockets: list[socket.socket], board: Board, log: Log) -> None:
        self._settings, self._sockets, self._board, self._log = settings, sockets, board, log
        self._pids: list[int] = []
        self._begun: list[float] = []
        self._pauses: list[float] = [0.0] * len(sockets)

    def run(self, number: int, tell: Tell) -> None:
        """Start the workers, tell that they answer, and keep them until SIGTERM or the supervisor's end."""
        supervisor = os.getppid()
        os.setpgid(0, 0)  # Ctrl-C reaches a terminal's whole group; only the supervisor may act on it
        self._log.belongs_to(generation=number)
        take_over(self._log)
        for number_, handler in _UNTIL_THERE_ARE_WORKERS.items():
            signal.signal(number_, handler)
        signal.set_wakeup_fd(-1)
        try:
            self._ga, self._app = _warmed(self._settings, self._board, self._log)
        except GeoaddrError as error:
            tell({"failed": (error.message("en"), error.message("vi"))})
            return
        with Signals(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD) as signals:
            self._number = number
            for place in range(len(self._sockets)):
                self._pids.append(self._fork(place))
                self._begun.append(time.monotonic())
            if not self._all_ready(signals):
                failed = Said("its workers did not start", "các tiến trình không khởi động được")
                tell({"failed": failed})
            else:
                tell({"ready": number})
                self._keep(signals, supervisor)
            self._end()

    def _fork(self, place: int) -> int:
        self._board.row(self._number, place).set(Gauge.READY, 0)
        self._board.add(Word.WORKER_STARTS)
        return forked(
            lambda: work(
                self._ga, self._app, self._settings, self._sockets[place], self._number, place, self._log
            ),
            self._log.fault,
        )

    def _all_ready(self, signals: Signals) -> bool:
        """Wait until all workers say so; false where one ended, or this is to end."""
        rows = [self._board.row(self._number, place) for place in range(len(self._pids))]
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            if all(row.get(Gauge.READY) for row in rows):
                time.sleep(SETTLED_S)
                return not any(reaped(pid) for pid in self._pids)
            if any(reaped(pid) for pid in self._pids) or signal.SIGTERM in signals.wait(0.01):
                return False
        return False

    def _keep(self, signals: Signals, supervisor: int) -> None:
        """Start again what ends."""
        while os.getppid() == supervisor:
            if signal.SIGTERM in signals.wait(LOOK_EVERY_S):
                return
            for place, pid in enumerate(self._pids):
                if pid and reaped(pid):
                    self._pids[place] = 0
                    self._board.row(self._number, place).set(Gauge.READY, 0)
                    self._log.say("error", "worker_ended", worker=place, pid=pid)
                    lived_s = time.monotonic() - self._begun[place]
                    self._pauses[place] = 0.0 if lived_s > LONG_S else min(LONG_S, self._pauses[place] * 2 + 0.1)
                    self._begun[place] = time.monotonic() + self._pauses[place]
                if not self._pids[place] and time.monotonic() >= self._begun[place]:
                    self._pids[place] = self._fork(place)
                    self._begun[place] = time.monotonic()
                    self._log.say("info", "worker_started", worker=place, pid=self._pids[place])

    def _end(self) -> None:
        """Let the workers finish, all at once."""
        running = [pid for pid in self._pids if pid and not reaped(pid)]
        for pid in running:
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + self._settings.finish_s
        for pid in running:
            end(pid, max(0.0, until - time.monotonic()))
        for place in range(len(self._pids)):
            self._board.row(self._number, place).set(Gauge.READY, 0)


def _warmed(settings: Settings, board: Board, log: Log) -> tuple[Geoaddr, Any]:
    """The platform and the application, with all that workers share made and frozen.

    :raises GeoaddrError: for a broken pack.
    """
    from service.app import PLATFORM, create_app
    from service.rehearsal import rehearse

    here = os.getpid()
    app = create_app(settings=settings, board=board, log=log, absent=lambda: os.getpid() == here)
    app.view_functions["openapi"]()  # written once, here
    rehearse(app)
    app.extensions[PLATFORM].pack.read_ahead()
    gc.collect()
    gc.freeze()
    return app.extensions[PLATFORM], app
