"""Memory that a request used and nothing uses any more, given back to the system.

The C library keeps what was freed, in case it is needed again: one boundary of a province would leave a worker
holding a hundred megabytes for good.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

GROWN_BYTES = 8 * 1024 * 1024
"""So much more than the least that was ever held, and it is worth the milliseconds that giving back takes."""

REST = 5
"""After giving back what was not even half as much, so many looks pass before the next time."""

_STATM = Path("/proc/self/statm")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_library = ctypes.CDLL(None)
_trim = getattr(_library, "malloc_trim", None)
"""Of glibc; other libraries give back by themselves or not at all."""

_ARENA_MAX = -8
"""Glibc's M_ARENA_MAX."""

_ARENAS = 2


def share_arenas() -> None:
    """Have threads that are begun from now on, of forked children too, take memory from the same few pools.

    A pool for each thread keeps what it once needed, and Python's own lock lets few of them ask at a time anyway.
    """
    limit = getattr(_library, "mallopt", None)
    if limit is not None and _trim is not None:  # glibc
        limit(_ARENA_MAX, _ARENAS)


def trim() -> None:
    """Give back what is free now, where the C library keeps it; some milliseconds."""
    if _trim is not None:
        _trim(0)


class Leftovers:
    """What this process holds beyond what it needs; looked at every few seconds."""

    def __init__(self) -> None:
        self._least = _resident()
        self._resting = 0

    def give_back(self) -> None:
        """Give back what was freed, where much has come together."""
        if self._resting:
            self._resting -= 1
            return
        before = _resident()
        if _trim is None or before < self._least + GROWN_BYTES:
            return
        trim()
        after = _resident()
        if before - after < GROWN_BYTES / 2:
            self._resting = REST


def _resident() -> int:
    """Bytes of the process in memory that are not a file's; 0 where the system does not tell."""
    try:
        _, resident, shared = _STATM.read_text().split()[:3]
    except OSError:
        return 0
    return (int(resident) - int(shared)) * _PAGE
