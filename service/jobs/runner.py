"""The process that works on jobs, one after another, until none waits: ``python -m service.jobs.runner``.

What it needs to know comes as one line of JSON on standard input, which stays open as long as whoever started it
lives: so no password stands in a list of processes, and no run outlives its service. What was begun is gone on
with by the next one.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoaddr.errors import DataError, FieldError, GeoaddrError, Said, StoreUnavailable
from service.jobs.folder import FAILED, Asked, Folder, Job, Limits, TooManyJobs
from service.jobs.telling import AWAY_FOR_S, watching

if TYPE_CHECKING:
    from geoaddr.bulk.job import BatchJob
    from geoaddr.bulk.report import BatchReport
    from service.jobs.telling import Telling

log = logging.getLogger("geoaddr.jobs")

MOST_ATTEMPTS = 5
"""How often a job is begun or gone on with: one that ends its process each time is given up."""

STARTS_WITHIN_S = 20.0
"""How long a runner that has not begun is waited for, before another one is started."""

WAITS_S = 5.0
"""So long after its registry or its trail was out of reach a job is gone on with; for all of
:data:`service.jobs.telling.AWAY_FOR_S`, as one attempt."""

NOTED_EVERY_S = 0.3
MEASURED_EVERY_S = 5.0


class Cancelled(GeoaddrError):
    """Whoever asked for the job wants it no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a runner is told: where jobs are, on which pack and registry, by how many workers; ``access``: the
    database of keys, in which the trail is, ``None`` where it lasts no longer than a process."""

    folder: str
    limits: dict[str, Any]
    pack: str | None
    store: str
    workers: int
    access: str | None = None

    def jobs(self) -> Folder:
        return Folder(Path(self.folder), Limits(**self.limits))


class Runners:
    """Starts a runner where one is needed and none is at work."""

    def __init__(self, told: Told) -> None:
        self._told, self._jobs = told, told.jobs()
        self._started: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._starting = threading.Lock()

    def ensure(self) -> None:
        """See to it that waiting jobs are worked on."""
        with self._starting:
            if self._is_starting() or self._jobs.is_running() or not self._jobs.waiting():
                return
            self._started, self._began = _start(self._told), time.monotonic()

    def _is_starting(self) -> bool:
        """Whether a runner lives that may not have had the time to begin."""
        alive = self._started is not None and self._started.poll() is None
        return alive and time.monotonic() - self._began < STARTS_WITHIN_S


def _start(told: Told) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "service.jobs.runner"]  # nothing of the working directory is run
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603  # our own
    assert started.stdin is not None
    started.stdin.write(json.dumps(asdict(told)).encode() + b"\n")
    started.stdin.flush()
    return started


def batch_job(job: Job, told: Told, asked: Asked) -> BatchJob:
    """What the engine is asked to do."""
    from geoaddr.bulk.job import BatchJob

    options = dict(asked.options)
    options["fields"] = tuple((name, column) for name, column in options.get("fields", ()))
    return BatchJob(
        verb=asked.verb,  # type: ignore[arg-type]  # the engine checks it
        source=job.path / asked.source,
        out=job.path / asked.out,
        pack=told.pack,
        store=told.store,
        workers=told.workers,
        resume=True,
        report=job.page,
        lang=asked.lang,
        **options,
    )


def work(told: Told) -> None:
    """Work on jobs until none waits, unless another process is at it."""
    jobs = told.jobs()
    while jobs.waiting():  # asked once more without the lock: one may have come just before it was let go
        with jobs.running() as mine:
            if not mine:
                return
            while waiting := jobs.waiting():
                _run(waiting[0], told, jobs)
                jobs.sweep(idle=True)


def _run(job: Job, told: Told, jobs: Folder) -> None:
    state = job.state
    if state.attempts >= MOST_ATTEMPTS:
        job.note(status="failed", error=tuple(FAILED), ended=time.time())
        return
    job.note(status="running", started=state.started or time.time(), attempts=state.attempts + 1)
    progress = _Progress(job, jobs)
    trail = watching(told, job.asked.owner, progress.check)
    try:
        report = _answered(job, told, progress, trail)
        report.write(job.report)
        job.note(status="done", rows_done=report.rows, rows=report.rows, ended=time.time())
    except Cancelled:
        job.remove()
    except StoreUnavailable as error:
        if state.attempts + 1 < MOST_ATTEMPTS:
            log.warning("job is put back: %s", error)
            job.note(status="queued")
            time.sleep(WAITS_S)
        else:
            log.error("job failed: %s", error)
            job.note(status="failed", error=tuple(FAILED), ended=time.time())
    except GeoaddrError as error:
        said = _for_callers(error, job)
        if said is None:
            log.error("job failed: %s", error, exc_info=error)
        job.note(status="failed", error=tuple(said or FAILED), ended=time.time())
    except (OSError, ValueError, MemoryError, ArithmeticError, LookupError, TypeError) as error:
        log.error("job failed: unexpected %s", type(error).__name__, exc_info=error)
        job.note(status="failed", error=tuple(FAILED), ended=time.time())
    finally:
        if trail is not None:
            trail.close()


def _answered(job: Job, told: Told, progress: _Progress, trail: Telling | None) -> BatchReport:
    """Do it, and go on where it was left while the registry or the trail is away: a file is long, and a server
    is started again in minutes.

    :raises StoreUnavailable: where it was away for too long.
    """
    from geoaddr.platform import batch

    while True:
        try:
            return batch(batch_job(job, told, job.asked), progress, trail)
        except StoreUnavailable as error:
            if time.monotonic() - progress.moved > AWAY_FOR_S:
                raise
            log.warning("job waits: %s", error)
        progress.check()
        time.sleep(WAITS_S)


def _for_callers(error: GeoaddrError, job: Job) -> Said | None:
    """What whoever sent the file has to know, without this machine's paths; ``None`` for what is not theirs."""
    if not isinstance(error, FieldError | DataError | TooManyJobs):
        return None
    here, name = f"{job.path}{os.sep}", job.asked.name
    said = (error.message(lang).replace(here + job.asked.source, name).replace(here, "") for lang in ("en", "vi"))
    return Said(*said)


class _Progress:
    """Notes how far a job is, now and then, and ends it where it is cancelled or takes up too much room."""

    def __init__(self, job: Job, jobs: Folder) -> None:
        self._job, self._jobs = job, jobs
        self._noted = self._measured = 0.0
        self._most = 0
        self.moved = time.monotonic()
        """When more was done than ever before."""

    def check(self) -> None:
        """:raises Cancelled: for a job that is not wanted any more."""
        if self._job.cancelled:
            raise Cancelled(Said("cancelled", "đã hủy"))

    def __call__(self, done: int, rows: int | None) -> None:
        self.check()
        now = time.monotonic()
        if done > self._most:
            self._most, self.moved = done, now
        if now - self._measured > MEASURED_EVERY_S:
            self._measured = now
            self._jobs.check_room(self._jobs.all())
        if now - self._noted > NOTED_EVERY_S:
            self._noted = now
            self._job.note(rows_done=done, rows=rows)


def _told() -> Told:
    line = b""
    while not line.endswith(b"\n"):
        if not (read := os.read(0, 1)):
            sys.exit("nothing was told")
        line += read
    return Told(**json.loads(line))


def _end_with_the_service() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def main() -> None:
    """Read what there is to know, and work."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    told = _told()
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    work(told)


if __name__ == "__main__":
    main()
