"""Structured logs: one JSON object a line, on standard error.

A request never waits for whoever reads the log: lines are handed to a thread that writes them, and when the
reader is so slow that :data:`MOST_WAITING` lines wait, the oldest are dropped and counted.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import select
import sys
import threading
import time
import traceback
from collections import deque
from multiprocessing import util
from typing import Any

import orjson

from service.settings import LEVELS

MOST_WAITING = 20_000
"""Lines of a process that wait to be written, about 5 MB."""

EVERY_S = 0.05
"""How often waiting lines are written."""

PATIENCE_S = 0.5
"""How long a process that has other things to do waits for the reader of its log."""

AT_ONCE = 4096
"""Bytes that are written in one piece, which no other process' lines can come between (PIPE_BUF of Linux)."""


class Log:
    """The lines of one process, from ``level`` on."""

    def __init__(self, level: str = "info", fd: int | None = None) -> None:
        self.level = LEVELS.index(level)
        self.dropped = 0
        self.about: dict[str, Any] = {}
        self._about = ""
        self._fd = fd
        self._waiting: deque[bytes] = deque()
        self._writing = threading.Lock()
        self._clock = 0, ""

    def belongs_to(self, **about: int) -> None:
        """State in every line from now on whose it is."""
        self.about = about
        self._about = "".join(f'"{name}":{number},' for name, number in about.items())

    def says(self, level: str) -> bool:
        """Whether lines of a level are written at all."""
        return LEVELS.index(level) >= self.level

    def put(self, level: str, event: str, **facts: Any) -> None:
        """One line, written soon; :meth:`flush` is called by a thread or, where there is none, by the caller."""
        if self.says(level):
            line = {"time": self._now(), "level": level, "event": event, **self.about, **facts}
            self._wait(orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE))

    def put_plain(self, level: str, event: str, facts: str) -> None:
        """The same for ``facts`` that are JSON already, members without braces: a fifth of the time."""
        self._wait(
            f'{{"time":"{self._now()}","level":"{level}","event":"{event}",{self._about}{facts}}}\n'.encode()
        )

    def _wait(self, line: bytes) -> None:
        self._waiting.append(line)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1

    def say(self, level: str, event: str, **facts: Any) -> None:
        """One line, written now; where the reader does not read, it waits for a later one."""
        self.put(level, event, **facts)
        self.flush(PATIENCE_S)

    def fault(self, trace: str) -> None:
        """The trace of an error that ended a process."""
        self.say("error", "fault", trace=trace)

    def flush(self, patience_s: float | None = None) -> None:
        """Write what waits. Threads take turns.

        :param patience_s: how long a reader who does not read is waited for; by default for ever.
        """
        with self._writing:
            while self._waiting:
                if patience_s is not None and not _is_taken(self._target(), patience_s):
                    return
                piece = self._waiting.popleft()
                while self._waiting and len(piece) + len(self._waiting[0]) <= AT_ONCE:
                    piece += self._waiting.popleft()
                self._write(piece)

    def _write(self, piece: bytes) -> None:
        try:
            while piece:
                piece = piece[os.write(self._target(), piece) :]
        except OSError:  # nobody reads any more
            self.dropped += 1

    def _target(self) -> int:
        return self._fd if self._fd is not None else sys.stderr.fileno()

    def _now(self) -> str:
        second, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        known, stamp = self._clock
        if second != known:
            stamp = dt.datetime.fromtimestamp(second, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
            self._clock = second, stamp
        return f"{stamp}.{nanoseconds // 1_000_000:03d}Z"


class Handler(logging.Handler):
    """Carries the records of :mod:`logging` into a log, traces included."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One line for one record."""
        facts: dict[str, Any] = {"logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            facts["trace"] = "".join(traceback.format_exception(*record.exc_info))
        level = record.levelname.lower()
        self._log.put(level if level in LEVELS else "error", "log", **facts)


def flush_last(log: Log) -> None:
    """Write what waits when this process ends, after all else that it does last has said what went wrong."""
    util.Finalize(None, log.flush, (PATIENCE_S,), exitpriority=0)


def take_over(log: Log) -> None:
    """Let everything that this process logs come out in ``log``."""
    root = logging.getLogger()
    root.handlers[:] = [Handler(log)]
    root.setLevel({"debug": logging.DEBUG, "info": logging.INFO}.get(LEVELS[log.level], logging.WARNING))


def _is_taken(fd: int, patience_s: float) -> bool:
    """Whether what is written next is taken, or nobody reads; ``select`` knows no descriptor over 1,023."""
    waiting = select.poll()
    waiting.register(fd, select.POLLOUT)
    return bool(waiting.poll(patience_s * 1000))
