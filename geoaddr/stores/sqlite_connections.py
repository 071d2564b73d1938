"""Connections to a registry file: one for each thread and process, and errors in the platform's words."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geoaddr.errors import Said, SchemaMismatch, StoreError, StoreUnavailable, os_reason
from geoaddr.stores import sqlite_schema
from geoaddr.stores.files import make_file, obstacle

CACHE = "PRAGMA cache_size = -300"
"""Kilobytes, for each thread of each process: the pages that every question goes through. The system caches the
file once for all, and codes of a nation are read no faster with ten times as much."""

_PAUSE_S = 0.01
_SMALLEST = 512
"""Bytes of the smallest file that SQLite makes; it looks into larger ones itself."""


class Held:
    """A thread's connection. When the thread ends it is left to be closed by another one, in the process that
    opened it. To close one calls back into Python where functions were lent to it, and that, while a thread of a
    server's own runtime is taken apart, takes it apart twice and ends the process (in CPython 3.11)."""

    def __init__(self, connection: sqlite3.Connection, left: deque[sqlite3.Connection]) -> None:
        self.connection = connection
        self._left = left
        self.writes_ahead = False
        """Whether that was seen; a connection that only reads does not look."""
        self._pid = os.getpid()

    def __del__(self) -> None:
        if self._pid == os.getpid():
            self._left.append(self.connection)


class Connections:
    """Hands each thread a connection of its own.

    A forked child never touches a connection that its parent opened: SQLite's locks do not survive a fork.
    The parent's are put aside, not closed, and the child opens its own.
    """

    def __init__(self, path: Path, *, busy_s: float, key: bytes | None, steps: sqlite_schema.Steps) -> None:
        self.path = path
        self._busy_s = busy_s
        self._key = key
        self._steps = steps
        self._put_aside: list[object] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._local = threading.local()
        self._all: weakref.WeakSet[Held] = weakref.WeakSet()
        self._left: deque[sqlite3.Connection] = deque()
        self.turn = threading.Lock()
        """Held while writing, so that threads of a process queue here instead of polling the file."""

    def own(self) -> None:
        """Notice a fork."""
        if self._pid != os.getpid():
            self._put_aside.append((self._local, self._all, [*self._all], self._left))
            self._begin()

    def exists(self) -> bool:
        """Whether the file is a registry; an absent or empty one is none yet."""
        self.own()
        if getattr(self._local, "held", None) is not None:
            return True
        if not self.path.exists():
            return False
        connection = self.open()
        try:
            return self._version(connection) > 0
        finally:
            connection.close()

    def reading(self) -> sqlite3.Connection:
        """A connection to read with; to an empty registry in memory while there is no file."""
        self.own()
        held: Held | None = getattr(self._local, "held", None)
        return self._first_reading() if held is None else held.connection

    def _first_reading(self) -> sqlite3.Connection:
        if self.path.exists():
            connection = self.open()
            version = self._version(connection)
            if version == len(self._steps):
                return self._hold(connection)
            connection.close()
            if version:
                raise self._older(version)
        empty: Held | None = getattr(self._local, "empty", None)
        if empty is None:
            self._close_left()
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            sqlite_schema.bring_forward(connection, ":memory:", steps=self._steps)
            self._local.empty = empty = Held(connection, self._left)
        return empty.connection

    def writing(self) -> tuple[sqlite3.Connection, bool]:
        """A connection to write with, and whether the registry was made for it."""
        self.own()
        held: Held | None = getattr(self._local, "held", None)
        if held is not None:
            self._write_ahead(held)
            return held.connection, False
        make_file(self.path)
        connection = self.open()
        made = False
        if self._version(connection) < len(self._steps):
            use_wal(connection, self._busy_s)
            made = sqlite_schema.bring_forward(connection, str(self.path), key=self._key, steps=self._steps)
        self._hold(connection)
        self._write_ahead(self._local.held)
        return connection, made

    def _write_ahead(self, held: Held) -> None:
        """See that the log is written ahead: a load that was killed has left the file without."""
        if not held.writes_ahead:
            use_wal(held.connection, self._busy_s)
            held.writes_ahead = True

    def open(self) -> sqlite3.Connection:
        """A new connection, with the durability that the port promises."""
        self._close_left()
        self._refuse_other_files()
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=self._busy_s,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # else OR REPLACE deletes past the triggers
        connection.execute(CACHE)
        return connection

    @contextmanager
    def snapshot(self, *, of_any_schema: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection of its own that sees one state until the end; of nothing while there is no file.

        :param of_any_schema: of the file as it is; there is one.
        """
        reading = None if of_any_schema else self.reading()
        connection = self.open() if reading is None or self._is_held(reading) else reading
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            if connection is reading:
                connection.execute("ROLLBACK")
            else:
                connection.close()

    def close(self) -> None:
        """Close every connection of this process."""
        self.own()
        for held in list(self._all):
            held.connection.close()
        self._close_left()
        self._begin()

    def _close_left(self) -> None:
        """Close the connections of threads that have ended, in the process that opened them."""
        self.own()
        with suppress(IndexError):
            while True:
                self._left.popleft().close()

    def _is_held(self, connection: sqlite3.Connection) -> bool:
        held: Held | None = getattr(self._local, "held", None)
        return held is not None and held.connection is connection

    def _hold(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        held = Held(connection, self._left)
        self._all.add(held)
        self._local.held = held
        return connection

    def _version(self, connection: sqlite3.Connection) -> int:
        return sqlite_schema.version_of(connection, str(self.path), steps=self._steps)

    def _refuse_other_files(self) -> None:
        """SQLite takes a file of one byte for an empty one and would write over it.

        The size alone is looked at: to open the file and close it would let go of the locks that this process
        has on it, of every connection.
        """
        try:
            found = self.path.stat()
        except OSError:
            return  # absent or not to be reached: SQLite says what it thinks of that
        if stat.S_ISREG(found.st_mode) and 0 < found.st_size < _SMALLEST:
            raise sqlite_schema.not_a_registry(str(self.path))

    def _older(self, version: int) -> SchemaMismatch:
        known = len(self._steps)
        return SchemaMismatch(
            Said(
                f"{self.path}: the registry has schema {version}, this software needs schema {known}; "
                "'geoaddr registry init' brings it forward",
                f"{self.path}: sổ đăng ký có lược đồ {version}, phần mềm này cần lược đồ {known}; "
                "lệnh 'geoaddr registry init' sẽ nâng cấp",
            )
        )


def use_wal(connection: sqlite3.Connection, busy_s: float) -> None:
    """Write ahead from now on. SQLite does not wait for other processes here as it does elsewhere: wait for it."""
    deadline = time.monotonic() + busy_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


_LOCKED = Said("another process kept it locked for too long", "tiến trình khác giữ khóa quá lâu")
_UNAVAILABLE: dict[int, Said] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: Said("cannot be opened", "không mở được"),
    sqlite3.SQLITE_READONLY: Said("cannot be written", "không ghi được"),
    sqlite3.SQLITE_PERM: Said("access denied", "không có quyền truy cập"),
    sqlite3.SQLITE_FULL: Said("the disk is full", "đĩa đã đầy"),
    sqlite3.SQLITE_IOERR: Said("the disk cannot be read or written", "không đọc hoặc ghi được đĩa"),
}
_UNREACHED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite says of a file without saying why."""


_NO_TEXT = "Could not decode to UTF-8"
"""What Python says, without a code, of bytes that are no text."""


def locked(path: Path) -> StoreUnavailable:
    """The refusal of a writer that waited in vain."""
    return StoreUnavailable(Said(f"{path}: {_LOCKED.en}", f"{path}: {_LOCKED.vi}"))


UNREADABLE = (sqlite3.Error, UnicodeDecodeError, MemoryError)
"""What reading may raise: a damaged file may state sizes for which there is no memory, and what SQLite quotes of
it may be no text."""


def store_error(error: Exception, path: Path) -> StoreError | SchemaMismatch | None:
    """What an engine's error means to the caller; ``None`` for one that only a mistake here can cause."""
    if isinstance(error, OSError):
        told = os_reason(error)
        return StoreUnavailable(Said(f"{path}: {told.en}", f"{path}: {told.vi}"))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest the detail
    if code in _UNAVAILABLE:
        said = _UNAVAILABLE[code]
        why = obstacle(path) if code in _UNREACHED else None
        if why is not None:
            said = Said(f"{said.en}: {why.en}", f"{said.vi}: {why.vi}")
        return StoreUnavailable(Said(f"{path}: {said.en}", f"{path}: {said.vi}"))
    if code == sqlite3.SQLITE_NOTADB:
        return sqlite_schema.not_a_registry(str(path))
    no_text = isinstance(error, UnicodeDecodeError) or str(error).startswith(_NO_TEXT)
    if code == sqlite3.SQLITE_CORRUPT or no_text:
        return StoreError(
            Said(f"{path}: damaged; restore a backup", f"{path}: tệp bị hỏng; hãy khôi phục bản sao lưu")
        )
    if isinstance(error, MemoryError):
        return StoreError(
            Said(
                f"{path}: no memory for what it states; if memory is not short, it is damaged: restore a backup",
                f"{path}: không đủ bộ nhớ để đọc; nếu máy còn bộ nhớ thì tệp bị hỏng: hãy khôi phục bản sao lưu",
            )
        )
    return None
