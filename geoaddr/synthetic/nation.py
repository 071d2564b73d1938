"""The making of a nation: its households in steps, by threads, into one file."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import pyarrow as pa

from geoaddr.bulk.parts import chunks
from geoaddr.bulk.writers import write
from geoaddr.errors import DataError, Said, os_reason
from geoaddr.locating import Locator
from geoaddr.synthetic.communes import Commune, blocks
from geoaddr.synthetic.households import Maker
from geoaddr.synthetic.job import SynthJob, check
from geoaddr.synthetic.layouts import LAYOUTS, Layout, laid_out
from geoaddr.synthetic.plan import Plan
from geoaddr.synthetic.report import SynthReport, metadata

Progress = Callable[[int, int | None], None]

BLOCK_ROWS = 2**17
"""Households made in one step, more or less; bounds the memory together with the number of threads."""

GROUP_ROWS = 2**17
"""Rows of a row group in Parquet, whatever the steps were."""

READ_AHEAD = 1
"""Steps a thread that are made before the oldest is written."""


def run(job: SynthJob, locator: Locator, progress: Progress | None = None) -> SynthReport:
    """Make a nation and write it, whole or not at all.

    :raises InvalidInput: for an option that cannot be used.
    :raises DataError: for a file that cannot be read or written, and a pack without boundaries.
    """
    check(job)
    started = time.monotonic()
    plan = Plan.of(job, locator)
    layout = LAYOUTS[job.columns]
    maker = Maker(locator, plan.provinces, job.seed, job.style, layout.made)
    schema = layout.schema(maker.schema).with_metadata(metadata(job.seed, job.style, plan.weighted, locator.info))
    made = _counted(_made(maker, layout, plan, job.workers or _processors()), plan.total, progress)
    try:
        write(job.out, schema, chunks(made, schema, GROUP_ROWS))
    except OSError as error:
        why = os_reason(error)
        raise DataError(job.out, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None
    return plan.report(job, time.monotonic() - started)


def _made(maker: Maker, layout: Layout, plan: Plan, workers: int) -> Iterator[pa.RecordBatch]:
    """The rows in order, made by threads a few steps ahead of the writer."""

    def make(step: tuple[list[Commune], int]) -> pa.RecordBatch:
        return laid_out(layout, maker.households(*step), plan.info.date)

    steps = _steps(plan)
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[pa.RecordBatch]] = deque()
        try:
            waiting.extend(pool.submit(make, step) for step in islice(steps, workers * (1 + READ_AHEAD)))
            while waiting:
                batch = waiting.popleft().result()
                waiting.extend(pool.submit(make, step) for step in islice(steps, 1))
                yield batch
        finally:
            for future in waiting:
                future.cancel()


def _steps(plan: Plan) -> Iterator[tuple[list[Commune], int]]:
    first = 1
    for block in blocks(plan.communes, BLOCK_ROWS):
        yield block, first
        first += sum(commune.households for commune in block)


def _counted(batches: Iterator[pa.RecordBatch], total: int, progress: Progress | None) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.num_rows
        if progress is not None:
            progress(done, total)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
