"""What answers the pieces of a batch job beside the process that reads and writes: worker processes, and the
order in which their pieces come back."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import chain
from multiprocessing import parent_process
from typing import TypeVar

import pyarrow as pa

from geoaddr.bulk.answers import Answer, Plan, answered, answerer
from geoaddr.bulk.job import Opener
from geoaddr.bulk.parts import Parts
from geoaddr.errors import GeoaddrError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker process needs to answer pieces as this one would."""

    opener: Opener
    pack: str | None
    store: str | None
    planned: Plan
    as_of: str | None
    run: str
    lang: str


def in_order(futures: Iterable[Future[Result]], ahead: int) -> Iterator[Result]:
    """The results of tasks in their order, so many of them begun before the oldest is waited for."""
    waiting: deque[Future[Result]] = deque()
    for future in futures:
        waiting.append(future)
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class Watched(Iterator[pa.RecordBatch]):
    """Pieces on their way to a writer of another language, which would forget why they ended."""

    def __init__(self, pieces: Iterator[pa.RecordBatch]) -> None:
        self._pieces = pieces
        self._error: BaseException | None = None

    def __next__(self) -> pa.RecordBatch:
        try:
            return next(self._pieces)
        except StopIteration:
            raise
        except BaseException as error:
            self._error = error
            raise

    def put_back(self, piece: pa.RecordBatch | None) -> None:
        """Let a piece that was taken come first again."""
        if piece is not None:
            self._pieces = chain([piece], self._pieces)

    def raise_error(self) -> None:
        """Raise what ended the pieces, if they did not come to their end."""
        if self._error is not None:
            raise self._error from None


_worker: tuple[Answer, Plan, Parts] | GeoaddrError
"""What a worker process answers with, or why it cannot; that is told by the first piece it is given, for an error
at its start would end the run without a reason."""


def start_worker(task: Task, parts: Parts) -> None:
    """Open the platform once in a worker process; the pack's pages are shared."""
    global _worker
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        platform = task.opener(task.pack, task.store)
        _worker = (answerer(platform, task.planned, task.as_of, task.run, task.lang), task.planned, parts)
    except GeoaddrError as error:
        _worker = error


def worker_started() -> None:
    """Nothing: who is asked for it starts."""


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, by whatever death, and end with it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def answer_piece(number: int, first_row: int, batch: pa.RecordBatch) -> int:
    """Answer a piece in a worker process and keep it; its number comes back.

    :raises GeoaddrError: why the worker could not begin.
    """
    if isinstance(_worker, GeoaddrError):
        raise _worker
    answer, planned, parts = _worker
    parts.put(number, answered(first_row, batch, answer, planned))
    return number
