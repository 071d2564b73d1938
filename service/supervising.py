"""The process that holds the sockets, and the generations of workers that answer on them.

A generation is a process that opens the pack, warms it and forks the workers, so that they share its memory. A new
pack gets a new generation: once its workers answer, the one before finishes what it began and ends. The sockets
stay open all the while, so that no connection is refused or lost between the two.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoaddr.errors import GeoaddrError, Said
from geoaddr.wiring import pack_path
from service.board import Word
from service.processes import Signals, end, forked, reaped

if TYPE_CHECKING:
    from service.board import Board
    from service.logs import Log
    from service.settings import Settings

LOOK_EVERY_S = 0.25
"""How often the pack's file and the generation are looked at."""

START_WITHIN_S = 120.0
"""How long a generation may take to open its pack and start its workers."""

LOOK_SOON_S = 0.02

REST_S = 5.0
"""The longest pause between starts of a generation that keeps ending."""


@dataclass(slots=True)
class Generation:
    """A running generation: its number and its process."""

    number: int
    pid: int


class StopAsked(Exception):
    """The service is to end; the signal is found by the next wait."""


class Supervisor:
    """Keeps one generation of workers answering on ``sockets``, one for each worker.

    :param work: what a generation's process does: its number, and what tells the supervisor that it answers.
    """

    def __init__(
        self, settings: Settings, sockets: list[socket.socket], board: Board, log: Log,
        work: Callable[[int, Callable[[dict[str, Any]], None]], None],
    ) -> None:  # fmt: skip
        self._settings, self._sockets, self._board, self._log, self._work = settings, sockets, board, log, work
        self._pack = pack_path(settings.pack)
        self._seen = _signature(self._pack)
        self._current: Generation | None = None
        self._leaving: Generation | None = None

    def run(self, announce: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM.

        :param announce: called once, when the first generation answers.
        :raises GeoaddrError: when the first generation cannot start.
        """
        with Signals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD) as signals:
            with suppress(StopAsked):
                self._current = self._start(signals)
                self._log.say("info", "started", workers=self._settings.workers, pack=str(self._pack))
                announce()
                self._keep(signals)
            self._stop(signals)

    def _keep(self, signals: Signals) -> None:
        """Have a generation answer, the one of the latest pack. :raises StopAsked:"""
        while True:
            came = _heard_of(signals, LOOK_EVERY_S)
            if signal.SIGHUP in came or self._replaced():
                self._reload(signals)
            if self._current is not None and reaped(self._current.pid):
                self._current = None
                self._again(signals)

    def _start(self, signals: Signals) -> Generation:
        """Start the next generation and wait until it answers.

        :raises GeoaddrError: when it does not.
        :raises StopAsked: before it does; it is ended then.
        """
        number = self._board.generation + 1
        reading, writing = os.pipe()
        pid = forked(lambda: self._work(number, lambda told: _tell(writing, told)), self._log.fault)
        os.close(writing)
        try:
            told = _heard(reading, START_WITHIN_S, signals)
        except StopAsked:
            end(pid, self._settings.finish_s)
            raise
        finally:
            os.close(reading)
        if "ready" not in told:
            end(pid, self._settings.finish_s)
            raise GeoaddrError(Said(*told["failed"]))
        self._board.words[Word.GENERATION] = number
        return Generation(number, pid)

    def _reload(self, signals: Signals) -> None:
        """Let a new generation take over; where it cannot, the old one goes on and the log says why.

        :raises StopAsked: whenever it is; both are ended with the service then.
        """
        self._seen = _signature(self._pack)
        before = self._current
        try:
            self._current = self._start(signals)
        except GeoaddrError as error:
            self._board.add(Word.RELOADS_REFUSED)
            self._log.say("error", "reload_refused", reason=error.message("en"), serving=self._board.generation)
            return
        self._board.add(Word.RELOADS)
        self._log.say("info", "reloaded", generation=self._current.number)
        if before is not None:
            self._leaving = before
            _rest(
                signals, self._settings.drain_s
            )  # kept connections hear that they are closed with their next answer
            self._finish(before, signals)
            self._leaving = None

    def _finish(self, leaving: Generation, signals: Signals) -> None:
        """Let a generation end what it began. :raises StopAsked: before it has."""
        os.kill(leaving.pid, signal.SIGTERM)
        until = time.monotonic() + self._settings.finish_s + 1
        while not reaped(leaving.pid):
            if time.monotonic() > until:
                end(leaving.pid, 0.0)
                return
            _rest(signals, LOOK_SOON_S)

    def _again(self, signals: Signals) -> None:
        """Start a generation in the place of one that ended by itself, until one stays. :raises StopAsked:"""
        pause_s = 0.0
        while True:
            self._log.say("error", "generation_ended", generation=self._board.generation)
            try:
                self._current = self._start(signals)
                return
            except GeoaddrError as error:
                self._log.say("error", "start_refused", reason=error.message("en"))
            pause_s = min(REST_S, pause_s * 2 + 0.1)
            _rest(signals, pause_s)

    def _stop(self, signals: Signals) -> None:
        """End all; by SIGINT, or another SIGTERM, without waiting for who still asks."""
        self._board.stop()
        self._log.say("info", "stopping")
        if self._current is not None and signal.SIGINT not in signals.wait(0):
            with suppress(StopAsked):
                _rest(signals, self._settings.drain_s)
        running = [each.pid for each in (self._current, self._leaving) if each is not None]
        for pid in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + self._settings.finish_s + 1
        for pid in running:
            end(pid, max(0.0, until - time.monotonic()))
        for held in self._sockets:
            held.close()

    def _replaced(self) -> bool:
        return self._settings.watch_pack and _signature(self._pack) != self._seen


def _signature(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is replaced; ``None`` while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _tell(fd: int, told: dict[str, Any]) -> None:
    os.write(fd, json.dumps(told).encode() + b"\n")
    os.close(fd)


def _heard_of(signals: Signals, within_s: float, *readable: int) -> set[signal.Signals]:
    """What :meth:`Signals.wait` says. :raises StopAsked: for a stop; the next wait finds the signals again."""
    came = signals.wait(within_s, *readable)
    if signal.SIGINT in came or signal.SIGTERM in came:
        signals.put_back(*came)
        raise StopAsked
    return came


def _rest(signals: Signals, within_s: float) -> None:
    """Wait. What is heard meanwhile is found afterwards. :raises StopAsked:"""
    until, came = time.monotonic() + within_s, set[signal.Signals]()
    while (left_s := until - time.monotonic()) > 0:
        came |= _heard_of(signals, left_s)
    signals.put_back(*came)


def _heard(fd: int, within_s: float, signals: Signals) -> dict[str, Any]:
    """What a generation says of its start: one line. :raises StopAsked: before it does."""
    said, came = b"", set[signal.Signals]()
    until = time.monotonic() + within_s
    while not said.endswith(b"\n") and (left_s := until - time.monotonic()) > 0:
        came |= _heard_of(signals, left_s, fd)
        if select.select([fd], [], [], 0)[0]:
            if not (part := os.read(fd, 65536)):
                break
            said += part
    signals.put_back(*came)
    if said.endswith(b"\n"):
        told: dict[str, Any] = json.loads(said)
        return told
    return {"failed": ("its workers did not start", "các tiến trình không khởi động được")}
