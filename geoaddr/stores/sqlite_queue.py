"""Writers of one file queue for it, in whatever process they are.

SQLite lets those who wait look now and then, ever more rarely, whether the file is free; who comes later and looks
at the right moment goes first, and some wait for seconds. Here only the first in the queue looks. The queue is a
lock (flock) on the folder of the file: the kernel serves those who wait for it in their order, lets go of it when
a process ends, and no file of its own is left behind.
"""

from __future__ import annotations

import fcntl
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_THE_HEAD_S = 0.05
"""Who has looked for so long goes to the end, lest others wait past their time for one who may wait longer."""

_LOOK_S = (0.0001, 0.0005)


def begin(connection: sqlite3.Connection, path: Path, busy_s: float) -> None:
    """Begin to write, when it is one's turn.

    :param busy_s: how long to wait, in seconds.
    :raises sqlite3.OperationalError: when that was not enough, or as SQLite says.
    """
    deadline = time.monotonic() + busy_s
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun_at_the_head(connection, path, deadline):
            pass
    finally:
        connection.execute(f"PRAGMA busy_timeout = {busy_s * 1000:.0f}")


def _begun_at_the_head(connection: sqlite3.Connection, path: Path, deadline: float) -> bool:
    with _queue(path.parent):
        until = time.monotonic() + _AT_THE_HEAD_S
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                now = time.monotonic()
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or now > deadline:
                    raise
                if now > until:
                    return False
                time.sleep(random.uniform(*_LOOK_S))  # noqa: S311  # no secret
            else:
                return True


@contextmanager
def _queue(folder: Path) -> Iterator[None]:
    """The head of the queue for files in a folder. Where a file system has no such locks, everybody is at it."""
    try:
        place = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        _wait(place)
        yield
    finally:
        os.close(place)


def _wait(place: int) -> None:
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
    except OSError:  # the file's own lock keeps writers apart
        return
