"""Writing in the background, in batches: what a request leaves behind without waiting for it.

The queue is bounded. Where it is full the request is refused before it tells anything, so that what cannot be
written down is not disclosed. A worker that is killed loses what it has not written yet: half a second's worth.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing import util
from typing import Generic, TypeVar

from geoaddr.errors import GeoaddrError

log = logging.getLogger("geoaddr.service")

T = TypeVar("T")

EVERY_S = 0.5
MOST_WAITING = 20_000
"""Two of the largest batches, about 5 MB."""

MOST_AT_ONCE = 2_000
"""Written together; where more wait, they are written without delay."""

AFTER_FAILURE_S = 2.0


class Background(Generic[T]):
    """A queue and the thread that empties it, which starts with the first entry, in whichever process that is.

    :param write: keeps a batch; :class:`GeoaddrError` and :class:`OSError` from it are tried again.
    """

    def __init__(self, name: str, write: Callable[[Sequence[T]], None], every_s: float = EVERY_S) -> None:
        self._name, self._write, self._every_s = name, write, every_s
        self._waiting: deque[T] = deque()
        self._some, self._many = threading.Event(), threading.Event()
        self._writing = threading.Lock()
        self._pid = 0

    @property
    def full(self) -> bool:
        """Whether nothing more can be taken."""
        return len(self._waiting) >= MOST_WAITING

    def put(self, entry: T) -> None:
        """Have an entry written soon."""
        self._waiting.append(entry)
        self._wake()

    def put_all(self, entries: Sequence[T]) -> bool:
        """Have entries written soon, all of them; ``False`` where there is no room for all.

        Who brings more than there is room for writes what waits, so that many do not bring it faster than it is
        written.
        """
        if len(self._waiting) + len(entries) > MOST_WAITING:
            try:
                self.flush()
            except (GeoaddrError, OSError):
                return False
            if len(self._waiting) + len(entries) > MOST_WAITING:
                return False
        self._waiting.extend(entries)
        self._wake()
        return True

    def _wake(self) -> None:
        if len(self._waiting) >= MOST_AT_ONCE:
            self._many.set()
        if not self._some.is_set():
            if self._pid != os.getpid():
                self._start()
            self._some.set()

    def flush(self) -> None:
        """Write all that waits, now. :raises GeoaddrError, OSError: where that cannot be done; it waits on."""
        with self._writing:
            while self._waiting:
                batch = [self._waiting[i] for i in range(min(MOST_AT_ONCE, len(self._waiting)))]
                self._write(batch)
                for _ in batch:
                    self._waiting.popleft()

    def _start(self) -> None:
        self._pid = os.getpid()
        util.Finalize(None, self._last, exitpriority=10)  # runs at the end of workers too, which atexit does not
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def _run(self) -> None:
        never = threading.Event()
        failed = False
        while True:
            self._some.wait()
            if failed:
                never.wait(AFTER_FAILURE_S)
            else:
                self._many.wait(self._every_s)
            self._some.clear()
            self._many.clear()
            try:
                self.flush()
                failed = False
            except (GeoaddrError, OSError) as error:
                if not failed:
                    log.error("%s: %s", self._name, error)
                failed = True
                self._some.set()

    def _last(self) -> None:
        try:
            self.flush()
        except (GeoaddrError, OSError) as error:
            log.error("%s: %d entries are lost: %s", self._name, len(self._waiting), error)
