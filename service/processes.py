"""Processes of a service: forking, waiting, ending, and signals as things to wait for."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import util
from types import FrameType, TracebackType
from typing import Self

LOOK_EVERY_S = 0.01


def forked(work: Callable[[], None], fault: Callable[[str], None]) -> int:
    """Do ``work`` in a child process, which ends after it; its id. Only for a process without other threads.

    :param fault: told the trace of an error that nobody expected.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    util._finalizer_registry.clear()  # type: ignore[attr-defined]  # the parent's own are not for the child to run
    try:
        work()
        util._exit_function()  # type: ignore[attr-defined]  # what the child is to do last: os._exit does nothing by itself
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # whatever it was, nothing of the parent's may run on in the child
        fault(traceback.format_exc())
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def reaped(pid: int) -> bool:
    """Whether a child has ended; its remains are taken away."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def end(pid: int, within_s: float) -> None:
    """Ask a child to end, wait, and kill it when it does not."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + within_s
    while not reaped(pid):
        if time.monotonic() > until:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(LOOK_EVERY_S)


class Signals:
    """Within it these signals do nothing but wake :meth:`wait`."""

    def __init__(self, *wanted: signal.Signals) -> None:
        self._wanted = wanted
        self._came: set[signal.Signals] = set()

    def __enter__(self) -> Self:
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._before = {number: signal.signal(number, self._note) for number in self._wanted}
        self._woken = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        signal.set_wakeup_fd(self._woken)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()

    def _note(self, number: int, _: FrameType | None) -> None:
        self._came.add(signal.Signals(number))

    def put_back(self, *numbers: signal.Signals) -> None:
        """Let the next :meth:`wait` find these signals."""
        self._came.update(numbers)

    def wait(self, within_s: float, *readable: int) -> set[signal.Signals]:
        """The signals that came, at once when there are any, else as soon as one comes, one of the descriptors has
        something to read, or the time is over."""
        if not self._came:
            with suppress(InterruptedError):
                select.select([self._reading.fileno(), *readable], [], [], within_s)
        with suppress(BlockingIOError):
            while self._reading.recv(512):
                pass
        came, self._came = self._came, set()
        return came
