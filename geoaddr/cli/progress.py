"""A progress bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO

WIDTH = 30
EVERY_S = 0.1
"""A terminal is redrawn at most this often."""


class Bar:
    """Shows rows done on one line that it wipes at the end; silent where the stream is not a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._on = stream.isatty()
        self._started = self._drawn = time.monotonic()
        self._length = 0

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._length:
            self._write(" " * self._length)
            self._write("")

    def show(self, done: int, total: int | None) -> None:
        """Say how far the work is; ``total`` where it is known."""
        now = time.monotonic()
        if not self._on or now - self._drawn < EVERY_S:
            return
        self._drawn = now
        a_second = done / max(now - self._started, EVERY_S)
        text = f"{done:,}  {a_second:,.0f}/s"
        if total:
            full = min(WIDTH, WIDTH * done // total)
            text = f"[{'#' * full}{' ' * (WIDTH - full)}] {min(done, total) / total:4.0%}  {text}"
        self._write(text.ljust(self._length))
        self._length = len(text)

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text)
        self._stream.flush()
