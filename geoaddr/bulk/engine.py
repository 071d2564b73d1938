"""The running of a batch job.

The input is read in pieces of fixed size, each answered and kept, and written in order while others are still
being answered; the output gets its name when it is whole. So memory does not grow with the file, a killed run
goes on with ``resume``, and the output is there whole or not at all. Verbs that exchange rows hold the input of up
to a million of them, and write when all of these are answered.
"""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from operator import call
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from geoaddr._version import __version__
from geoaddr.bulk.answers import Answer, Plan, answered, answerer, joined, plan
from geoaddr.bulk.datasets import files_of, write_dataset
from geoaddr.bulk.exchange import LAYOUT, Exchange
from geoaddr.bulk.finished import Finished
from geoaddr.bulk.job import BatchJob, Opener, Progress, Tell, Watch
from geoaddr.bulk.layers import DRIVERS, Styled
from geoaddr.bulk.parts import CHUNK_ROWS, Parts, chunks, no_rows, piece_rows
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.readers import Source, open_source
from geoaddr.bulk.report import BatchReport
from geoaddr.bulk.spatial import moved, moves, watched, with_points
from geoaddr.bulk.systems import WGS84, settled
from geoaddr.bulk.tally import Tally
from geoaddr.bulk.workers import Task, Watched, answer_piece, in_order, start_worker, worker_started
from geoaddr.bulk.writers import check_columns, write
from geoaddr.errors import GeoaddrError, Said
from geoaddr.store import Reads

ROLES = ("lat", "lon", "code", "text", "commune", "uncertainty")
REGISTRY_READERS = ("resolve", "geocode", "convert", "validate")
"""Verbs whose answers depend on what a registry holds."""
COLUMNAR = ("locate",)
"""Verbs that answer whole columns at a time, for which threads do as well as processes and start at once."""
EXCHANGING = ("geocode",)
"""Verbs that are faster where texts that end alike are answered together."""
SOONER = 2
"""Workers that start before there is anything to do, for a run of several pieces of which none stands yet."""
JOINING = 2
"""Threads that put answers back to their rows."""
WORKER_LOST = Said(
    "a worker process was ended from outside, perhaps for want of memory; what is done is kept, --resume goes on, "
    "fewer --workers need less",
    "một tiến trình con bị dừng từ bên ngoài, có thể do thiếu bộ nhớ; phần đã xong được giữ lại, --resume để chạy "
    "tiếp, ít --workers hơn thì cần ít bộ nhớ hơn",
)
READ_AHEAD = 2
"""Pieces a worker that are read before the oldest is waited for; bounds the memory, with the rows of a span."""

Piece = tuple[int, pa.RecordBatch]
"""A piece of the input, with its number."""

Given = TypeVar("Given")


class Engine:
    """One run of one job."""

    def __init__(
        self, job: BatchJob, opener: Opener, platform: Platform, report: BatchReport, watch: Watch, tell: Tell
    ) -> None:
        self._job, self._platform, self._report = job, platform, report
        self._opener, self._watch, self._tell = opener, watch, tell
        self._rows = piece_rows(job.verb)

    def run(self, progress: Progress) -> None:
        """Answer every piece that does not stand yet, and write the output meanwhile."""
        job = self._job
        with open_source(job.source, ragged=job.lang) as source:
            given = {role: getattr(job, role) for role in ROLES}
            check_columns(job.out, source.schema)
            planned = plan(
                job.verb, source.schema.names, source.geometry, given, job.source, job.to, job.fields, job.border
            )
            planned = replace(planned, ragged=source.ragged)
            planned, self._report.system = settled(
                planned, named=job.crs, stated=source.crs, swap=job.swap, file=job.source
            )
            if job.report is not None:
                self._report.tally = Tally(planned, job.report_rows)
            source = watched(source, planned, job.source)
            self._rows = piece_rows(job.verb, source.rows)
            fingerprint, finished = self._fingerprint(), Finished(job.out)
            if job.resume and job.out.exists():
                self._report.tally = None  # nothing is read again
                self._report.rows = self._report.resumed_rows = finished.rows_of(fingerprint)
                return
            parts = Parts(job.out, fingerprint)
            task = Task(
                self._opener, job.pack, job.store, planned, job.as_of, parts.prepare(resume=job.resume), job.lang
            )
            try:
                if parts.left is not None:
                    self._tell(parts.left.said)
                self._answered(source, task, parts, progress)
                finished.remember(fingerprint, self._report.rows)
                parts.clear()
            finally:
                parts.release()

    def _answered(self, source: Source, task: Task, parts: Parts, progress: Progress) -> None:
        """Make the pieces of the output, and write it."""
        planned = task.planned
        answer = answerer(self._platform, planned, task.as_of, task.run, task.lang)
        made = Watched(self._in_file_order(source, task, answer, parts, progress))
        first = next(made, None)
        empty = no_rows(source.schema)
        schema = joined(empty, answer(0, empty), planned).schema if first is None else first.schema
        made.put_back(first)
        try:
            self._write(source, planned, schema, made)
        finally:
            made.raise_error()

    def _in_file_order(
        self, source: Source, task: Task, answer: Answer, parts: Parts, progress: Progress
    ) -> Iterator[pa.RecordBatch]:
        """All pieces of the output, in order."""
        pieces = chunks(source.batches, source.read, self._rows)
        few = [*islice(pieces, 2)]
        given: Iterator[pa.RecordBatch] = chain(few, pieces)
        exchange = Exchange(task.planned, resumed=self._job.resume) if self._job.verb in EXCHANGING else None
        if exchange is not None:
            given = exchange.given(given)
        made = self._made(self._noted(enumerate(given), parts), len(few) > 1, task, answer, parts)
        made = self._shown(made, source, progress)
        if exchange is None:
            return made
        return exchange.put_back(made, lambda work: self._in_threads(work, JOINING, call))

    def _made(
        self, pieces: Iterator[Piece], several: bool, task: Task, answer: Answer, parts: Parts
    ) -> Iterator[pa.RecordBatch]:
        """Pieces, answered, in order, by as many workers as pay."""
        workers = self._job.workers or os.cpu_count() or 1
        if self._job.verb == "assign" or workers == 1:  # codes are always issued here, one after another
            return (self._piece(task.planned, answer, parts, each) for each in pieces)
        if self._job.verb in COLUMNAR:
            return self._in_threads(pieces, workers, partial(self._piece, task.planned, answer, parts))
        if not several and self._job.workers is None:  # a process takes longer to start than such a file
            return (self._piece(task.planned, answer, parts, each) for each in pieces)
        sooner = SOONER if several and not self._job.resume else 0
        return self._in_processes(pieces, workers, sooner, task, parts)

    def _noted(self, pieces: Iterable[Piece], parts: Parts) -> Iterator[Piece]:
        """The same, after counting the rows of those that stand already."""
        for number, batch in pieces:
            if number in parts:
                self._report.resumed_rows += batch.num_rows
            yield number, batch

    def _piece(
        self, planned: Plan, answer: Answer, parts: Parts, piece: tuple[int, pa.RecordBatch]
    ) -> pa.RecordBatch:
        """A piece of the output, answered now unless it stands."""
        number, batch = piece
        if number in parts:
            return parts.get(number)
        made = answered(number * self._rows, batch, answer, planned)
        parts.put(number, made)
        return parts.get(number) if self._job.verb in EXCHANGING else made  # a span's wait, on the disk

    def _in_threads(
        self, pieces: Iterable[Given], workers: int, work: Callable[[Given], pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        """Pieces made by threads, a few ahead: columns are worked through without the interpreter's lock."""
        with ThreadPoolExecutor(workers) as pool:
            yield from in_order((pool.submit(work, piece) for piece in pieces), READ_AHEAD * workers)

    def _in_processes(
        self, pieces: Iterable[Piece], workers: int, sooner: int, task: Task, parts: Parts
    ) -> Iterator[pa.RecordBatch]:
        """Pieces made by worker processes, a few ahead; ``sooner`` of these start before the first is read."""

        def submitted() -> Iterator[Future[int]]:
            for number, batch in pieces:
                if number in parts:
                    standing: Future[int] = Future()
                    standing.set_result(number)
                    yield standing
                else:
                    yield pool.submit(answer_piece, number, number * self._rows, batch)

        with ProcessPoolExecutor(workers, get_context("spawn"), start_worker, (task, parts)) as pool:
            try:
                for _ in range(min(workers, sooner)):
                    pool.submit(worker_started)  # they open the pack while the first pieces are read
                yield from map(parts.get, in_order(submitted(), READ_AHEAD * workers))
            except BrokenProcessPool:
                raise GeoaddrError(WORKER_LOST) from None

    def _shown(
        self, pieces: Iterator[pa.RecordBatch], source: Source, progress: Progress
    ) -> Iterator[pa.RecordBatch]:
        done = 0
        for piece in pieces:
            done += piece.num_rows
            progress(done, source.rows)
            yield piece

    def _write(self, source: Source, planned: Plan, schema: pa.Schema, pieces: Iterator[pa.RecordBatch]) -> None:
        pieces, geometry, crs = self._counted(pieces, planned), source.geometry, source.crs or self._job.crs
        if self._job.out.suffix.lower() in DRIVERS:
            if geometry is None:
                schema, pieces, geometry = with_points(schema, pieces, planned)
                crs = WGS84
            elif moves(planned, self._job.out):
                pieces, crs = moved(pieces, planned), WGS84
        styled = Styled(planned.names, self._job.lang)
        large = chunks(pieces, schema, CHUNK_ROWS)  # as formats like it that keep groups of rows
        if self._job.partition_by:
            write_dataset(self._job.out, schema, large, self._job.partition_by)
        else:
            write(self._job.out, schema, large, geometry=geometry, crs=crs, styled=styled)

    def _counted(self, pieces: Iterator[pa.RecordBatch], planned: Plan) -> Iterator[pa.RecordBatch]:
        for batch in pieces:
            self._report.add(batch, planned.names, planned.text)
            self._watch(batch, planned)
            yield batch

    def _fingerprint(self) -> str:
        """What the pieces depend on: the input's content, the options, the software and the data that answer."""
        job = self._job
        facts: list[Any] = [sum_of(job.source), job.verb, job.as_of, job.lang, job.to, job.border, self._rows]
        facts += [*LAYOUT] if job.verb in EXCHANGING else []
        facts += [getattr(job, role) for role in ROLES] + [job.crs, job.swap, *job.fields]
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
        return [_hashed(store.key()), _last_position(store)] if store.exists() else []


def _last_position(reads: Reads) -> int:
    """The position of a registry's last event, 0 without any; found by halves, for to count them takes seconds
    where there are some millions."""

    def is_last(position: int) -> bool:
        return not reads.events_after(position, 1)

    above = 1
    while not is_last(above):
        above *= 2
    return bisect_left(range(above), True, key=is_last)


def _hashed(key: bytes) -> str:
    return hashlib.sha256(b"registry" + key).hexdigest()


def sum_of(path: Path) -> str:
    """The SHA-256 of a file's content; of a folder, that of its files' names and contents."""
    if path.is_dir():
        named = [[str(file.relative_to(path)), sum_of(file)] for file in files_of(path)]
        return hashlib.sha256(json.dumps(named).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
