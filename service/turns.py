"""Large batches of a worker are worked on one after another.

Python's lock lets one of them at a time go on anyway. Side by side they take as long and hold the memory of all of
them, and each row that is read from the registry hands the lock to another thread and waits for it again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

FEW_ROWS = 100
"""So many rows and fewer wait for nobody."""

PATIENCE_S = 1.0
"""After this a batch goes on beside others: those before it may be many rows of a slow verb."""


class Turns:
    """Who is at work in this process."""

    def __init__(self) -> None:
        self._mine = threading.Lock()

    @contextmanager
    def of(self, rows: int) -> Iterator[None]:
        """While a batch of so many rows is worked on."""
        alone = rows > FEW_ROWS and self._mine.acquire(timeout=PATIENCE_S)
        try:
            yield
        finally:
            if alone:
                self._mine.release()
