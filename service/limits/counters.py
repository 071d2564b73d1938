"""A table of counters in memory that all workers of a service share, and that outlives them where it is a file.

The table is a fixed number of slots of 64 bytes, each eight numbers of eight bytes. A caller's slot is found by
a 64-bit tag in one of four places; where all four are taken the one that was used longest ago is given up.
Slots of keys and of addresses lie apart, so that no flood of addresses can push a key's counters out.

No process waits for another. A number is written whole, and a worker that is interrupted in the microsecond
between reading and writing one undoes what other workers counted of that caller meanwhile: a fraction of a
percent of what one caller asks at full speed, in the caller's favour. Threads of one worker take turns. The kernel
writes a file out by itself: killed workers lose nothing, a machine that fails loses what was counted since, half a
minute as a rule.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import threading
import time
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Literal

Of = Literal["key", "address"]

TAG, DUE, DAY, DEBT, DEBT_AT, LAST, UNTIL, STRIKES = range(8)
"""The numbers of a slot: whose it is; when the next request is due (seconds); the day and its requests; misses
not yet forgiven and when they were counted; the last code looked for; refused until; how often it was."""

WIDTH = 8
WAYS = 4
KEY_SLOTS = 1 << 12
ADDRESS_SLOTS = 1 << 16
BYTES = (1 + KEY_SLOTS + ADDRESS_SLOTS) * WIDTH * 8
"""The first slot is the table's own: its format and the secret of its tags."""

_FORMAT = int.from_bytes(b"geoaddr1", "little")


class Counters:
    """The table. ``words`` and ``times`` are the same memory, read as whole numbers and as floating-point seconds;
    a slot is the index of its first number."""

    def __init__(self, memory: mmap.mmap) -> None:
        self.memory = memory
        self.turn = threading.Lock()
        """Held by a thread of this process for as long as it reads and writes numbers that belong together."""
        view = memoryview(memory)
        self.words: memoryview[int] = view.cast("Q")
        self.times: memoryview[float] = view.cast("d")
        if self.words[0] != _FORMAT:
            memory[: len(memory)] = bytes(len(memory))
            memory[8:40] = secrets.token_bytes(32)
            self.words[0] = _FORMAT
        self._secret = bytes(memory[8:40])

    @classmethod
    def of_file(cls, path: Path) -> Counters:
        """The table in a file, made where there is none or another format. :raises OSError: when it cannot be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # one worker makes it
            if os.fstat(file).st_size != BYTES:
                os.ftruncate(file, 0)
                os.ftruncate(file, BYTES)
            return cls(mmap.mmap(file, BYTES))
        finally:
            fcntl.flock(
                file, fcntl.LOCK_UN
            )  # the memory keeps the file open, and with it a lock that is not let go
            os.close(file)

    @classmethod
    def in_memory(cls) -> Counters:
        """A table of this process and of those that it forks."""
        return cls(mmap.mmap(-1, BYTES))

    def tag(self, name: bytes) -> int:
        """A number for a caller that nobody can aim at another's."""
        return int.from_bytes(blake2b(name, digest_size=8, key=self._secret).digest(), "little") or 1

    def slot(self, of: Of, tag: int) -> int:
        """The slot of a caller, taken over from the one longest unused where it has none yet."""
        if of == "key":
            first = WIDTH * (1 + tag % (KEY_SLOTS // WAYS) * WAYS)
        else:
            first = WIDTH * (1 + KEY_SLOTS + tag % (ADDRESS_SLOTS // WAYS) * WAYS)
        words, times = self.words, self.times
        places: Sequence[int] = range(first, first + WIDTH * WAYS, WIDTH)
        for place in places:
            if words[place] == tag:
                return place
        taken = min(places, key=lambda place: (words[place] != 0, times[place + DUE]))
        words[taken] = 0
        self.memory[(taken + 1) * 8 : (taken + WIDTH) * 8] = bytes(8 * (WIDTH - 1))
        times[taken + DUE] = time.time()
        words[taken] = tag
        return taken

    def flush(self) -> None:
        """Have the kernel write the table out now."""
        self.memory.flush()
