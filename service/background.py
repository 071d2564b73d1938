"""Writing in the background, in batches: what a request leaves behind without waiting for it.

The queue is bounded. Where it is full the request is refused before it tells anything, so that what cannot be
written down is not disclosed. A worker that is killed loses what it has not written yet: half a second's worth.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing import util
from typing import Generic, TypeVar

from geoaddr.errors import GeoaddrError

log = logging.getLogger("geoaddr.service")

T = TypeVar("T")

EVERY_S = 0.5
MOST_WAITING = 20_000
"""Two of the largest batches with a row for each of their entries, about 5 MB."""

MOST_AT_ONCE = 2_000
"""Written together; where more wait, they are written without delay."""

AFTER_FAILURE_S = 2.0
"""So long after writing failed nobody but the thread tries again."""

PATIENCE_S = 4.0
"""How long a request waits while others write, a little longer than a database waits for its lock."""


class Background(Generic[T]):
    """A queue and the thread that empties it, which starts with the first entry, in whichever process that is.

    :param write: keeps a batch; :class:`GeoaddrError` and :class:`OSError` from it are tried again.
    :param weigh: how much of the room an entry takes up.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[T]], None],
        every_s: float = EVERY_S,
        weigh: Callable[[T], int] = lambda _: 1,
    ) -> None:
        self._name, self._write, self._every_s, self._weigh = name, write, every_s, weigh
        self._waiting: deque[T] = deque()
        self._weight = 0
        self._weighing = threading.Lock()
        self._some, self._many = threading.Event(), threading.Event()
        self._writing = threading.Lock()
        self._failed_at = -math.inf
        self._pid = 0

    @property
    def full(self) -> bool:
        """Whether nothing more can be taken."""
        return self._weight >= MOST_WAITING

    def put(self, entry: T) -> None:
        """Have an entry written soon."""
        self._take((entry,), self._weigh(entry), most=None)

    def put_all(self, entries: Sequence[T]) -> bool:
        """Have entries written soon, all of them; ``False`` where there is no room for all.

        Who brings more than there is room for writes what waits, so that many do not bring it faster than it is
        written; one of them does while the others wait, once, and are refused where that fails.
        """
        weight = sum(map(self._weigh, entries))
        return self._take(entries, weight, most=MOST_WAITING) or (
            weight <= MOST_WAITING and self._made_room(weight) and self._take(entries, weight, most=MOST_WAITING)
        )

    def _take(self, entries: Sequence[T], weight: int, *, most: int | None) -> bool:
        with self._weighing:
            if most is not None and self._weight + weight > most:
                return False
            self._waiting.extend(entries)
            self._weight += weight
        if self._weight >= MOST_AT_ONCE:
            self._many.set()
        if not self._some.is_set():
            if self._pid != os.getpid():
                self._start()
            self._some.set()
        return True

    def _made_room(self, weight: int) -> bool:
        """Write what waits, unless that was tried in vain a moment ago or by whom this waited for."""
        came = time.monotonic()
        if came < self._failed_at + AFTER_FAILURE_S or not self._writing.acquire(timeout=PATIENCE_S):
            return False
        try:
            if self._failed_at >= came:
                return False
            while self._weight + weight > MOST_WAITING:  # not longer: others bring more meanwhile
                self._write_first()
            return True
        except (GeoaddrError, OSError):
            return False
        finally:
            self._writing.release()

    def flush(self) -> None:
        """Write all that waits, now. :raises GeoaddrError, OSError: where that cannot be done; it waits on."""
        with self._writing:
            while self._waiting:
                self._write_first()

    def _write_first(self) -> None:
        batch = self._first()
        try:
            self._write(batch)
        except BaseException:
            self._failed_at = time.monotonic()
            raise
        with self._weighing:
            for entry in batch:
                self._waiting.popleft()
                self._weight -= self._weigh(entry)

    def _first(self) -> list[T]:
        """What is written together next; it stays where it is until that is done."""
        batch: list[T] = []
        weight = 0
        for number in range(len(self._waiting)):  # others may append meanwhile
            batch.append(self._waiting[number])
            weight += self._weigh(batch[-1])
            if weight >= MOST_AT_ONCE:
                break
        return batch

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
            except Exception as error:  # whatever it is: without this thread nothing would be written any more
                if not failed:
                    log.error("%s: %s", self._name, error or type(error).__name__)
                failed = True
                self._some.set()

    def _last(self) -> None:
        try:
            self.flush()
        except (GeoaddrError, OSError) as error:
            log.error("%s: %d entries are lost: %s", self._name, len(self._waiting), error)
