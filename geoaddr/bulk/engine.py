"""The running of a batch job.

The input is read in pieces of fixed size, each answered and kept; when all stand they are written to the
output in one go. So memory does not grow with the file, a killed run goes on with ``resume``, and the
output is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import pyarrow as pa

from geoaddr._version import __version__
from geoaddr.bulk.answers import Answer, Plan, answerer, joined, plan
from geoaddr.bulk.finished import Finished
from geoaddr.bulk.job import BatchJob, Opener, Progress
from geoaddr.bulk.parts import CHUNK_ROWS, Parts, chunks, no_rows, piece_rows
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.readers import Source, open_source, require_wgs84
from geoaddr.bulk.report import BatchReport
from geoaddr.bulk.spatial import with_points
from geoaddr.bulk.writers import DRIVERS, check_columns, write

ROLES = ("lat", "lon", "code", "text", "commune")
REGISTRY_READERS = ("resolve", "convert", "validate")
"""Verbs whose answers depend on what a registry holds."""
READ_AHEAD = 2
"""Pieces a worker that are read before the oldest is waited for; bounds the memory."""


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


class Engine:
    """One run of one job."""

    def __init__(self, job: BatchJob, opener: Opener, platform: Platform, report: BatchReport) -> None:
        self._job, self._platform, self._report = job, platform, report
        self._opener = opener
        self._rows = piece_rows(job.verb)

    def run(self, progress: Progress) -> None:
        """Answer every piece that does not stand yet, then write the output."""
        job = self._job
        with open_source(job.source) as source:
            given = {role: getattr(job, role) for role in ROLES}
            check_columns(job.out, source.schema)
            planned = plan(job.verb, source.schema.names, source.geometry, given, job.source, job.to)
            if planned.geometry is not None:
                require_wgs84(source.crs, job.source)
            fingerprint, finished = self._fingerprint(), Finished(job.out)
            if job.resume and job.out.exists():
                self._report.rows = self._report.resumed_rows = finished.rows_of(fingerprint)
                return
            parts = Parts(job.out, fingerprint)
            run = parts.prepare(resume=job.resume)
            task = Task(self._opener, job.pack, job.store, planned, job.as_of, run, job.lang)
            answer = answerer(self._platform, planned, job.as_of, run, job.lang)
            if job.verb == "assign" or (job.workers or 1) == 1:
                count = self._alone(source, planned, answer, parts, progress)
            else:
                count = self._together(source, task, parts, progress)
            empty = no_rows(source.schema)
            schema = parts.get(0).schema if count else joined(empty, answer(0, empty), planned).schema
            self._write(source, planned, schema, parts, count)
            finished.remember(fingerprint, self._report.rows)
            parts.clear()

    def _alone(self, source: Source, planned: Plan, answer: Answer, parts: Parts, progress: Progress) -> int:
        """Make the pieces in this process (codes are always issued here); how many there are."""
        count = done = 0
        for number, batch in enumerate(self._pieces(source)):
            if number not in parts:
                parts.put(number, joined(batch, answer(number * self._rows, batch), planned))
            else:
                self._report.resumed_rows += batch.num_rows
            count, done = number + 1, done + batch.num_rows
            progress(done, source.rows)
        return count

    def _together(self, source: Source, task: Task, parts: Parts, progress: Progress) -> int:
        """Make the pieces in worker processes, a few ahead; how many there are."""
        count = done = 0
        waiting: deque[Future[int]] = deque()
        workers = self._job.workers or 1
        with ProcessPoolExecutor(workers, get_context("spawn"), _start, (task, parts)) as pool:
            for number, batch in enumerate(self._pieces(source)):
                count = number + 1
                if number in parts:
                    self._report.resumed_rows += batch.num_rows
                    done += batch.num_rows
                    continue
                waiting.append(pool.submit(_answer, number, number * self._rows, batch))
                while len(waiting) > READ_AHEAD * workers:
                    done += waiting.popleft().result()
                    progress(done, source.rows)
            for future in waiting:
                done += future.result()
                progress(done, source.rows)
        return count

    def _pieces(self, source: Source) -> Iterator[pa.RecordBatch]:
        return chunks(source.batches, source.schema, self._rows)

    def _write(self, source: Source, planned: Plan, schema: pa.Schema, parts: Parts, count: int) -> None:
        pieces, geometry = self._counted(parts, count, planned), source.geometry
        if self._job.out.suffix.lower() in DRIVERS and geometry is None:
            schema, pieces, geometry = with_points(schema, pieces, planned)
        large = chunks(pieces, schema, CHUNK_ROWS)  # as formats like it that keep groups of rows
        write(self._job.out, schema, large, geometry=geometry, crs=source.crs)

    def _counted(self, parts: Parts, count: int, planned: Plan) -> Iterator[pa.RecordBatch]:
        for batch in parts.all(count):
            self._report.add(batch, planned.names)
            yield batch

    def _fingerprint(self) -> str:
        """What the pieces depend on: the input's content, the options, the software and the data that answer."""
        job = self._job
        facts: list[Any] = [sum_of(job.source), job.verb, job.as_of, job.lang, job.to, self._rows]
        facts += [getattr(job, role) for role in ROLES]
        facts += [__version__, self._platform.pack.info.version, self._registry_state()]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _registry_state(self) -> list[str | int]:
        """Which registry answers and, where its answers depend on what it holds, how much has happened in it."""
        if self._job.verb == "assign":  # which rows a stopped run filed, the registry itself remembers
            self._platform.registry.store.create()
            return [_hashed(self._platform.registry.store.key())]
        if self._job.verb not in REGISTRY_READERS or self._platform.known is None:
            return []
        store = self._platform.registry.store
        return [_hashed(store.key()), store.counts()["events"]] if store.exists() else []


def _hashed(key: bytes) -> str:
    return hashlib.sha256(b"registry" + key).hexdigest()


def sum_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_worker: tuple[Answer, Plan, Parts]


def _start(task: Task, parts: Parts) -> None:
    """Open the platform once in a worker process; the pack's pages are shared."""
    global _worker
    threading.Thread(target=_end_with_parent, daemon=True).start()
    platform = task.opener(task.pack, task.store)
    _worker = (answerer(platform, task.planned, task.as_of, task.run, task.lang), task.planned, parts)


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, by whatever death, and end with it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(number: int, first_row: int, batch: pa.RecordBatch) -> int:
    answer, planned, parts = _worker
    parts.put(number, joined(batch, answer(first_row, batch), planned))
    return int(batch.num_rows)
