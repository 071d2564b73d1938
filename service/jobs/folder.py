"""The folder of jobs: everything that is known of them stands on disk, so that any worker, and one that is started
later, knows them too.

Each job is a folder under a name that nobody can guess: ``asked.json`` what is to be done and for whom,
``state.json`` how far it is, the input, the result and the reports. Files are replaced whole. ``cancelled`` ends a
job that is being worked on; from then on nobody finds it.
"""

from __future__ import annotations

import fcntl
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from geoaddr.errors import GeoaddrError, NotFound, Said

Status = Literal["queued", "running", "done", "failed"]

_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_ASKED, _STATE, _CANCELLED = "asked.json", "state.json", "cancelled"


class TooManyJobs(GeoaddrError):
    """No further job is taken now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many jobs are kept in all, how many bytes they may fill with what comes of them, and for how long after
    its end one is kept."""

    jobs: int
    bytes: int
    keep_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be done. ``owner``: the key of whoever asked; ``name``: what the file is called; ``source`` and
    ``out``: names of files in the job's folder; ``options`` as :class:`geoaddr.bulk.job.BatchJob` takes them;
    ``lines``: those of a file of text below its first, of which a row may have several."""

    owner: str
    name: str
    verb: str
    source: str
    out: str
    options: Mapping[str, Any]
    lang: str
    created: float
    lines: int | None = None


FAILED = Said("the job failed; its reason is in the log", "tác vụ bị lỗi; nguyên nhân ở trong nhật ký")
"""What is said of a job that failed for a reason that is not its owner's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a job is; times in seconds since 1970. ``error``: why it failed, in both languages."""

    status: Status = "queued"
    rows_done: int = 0
    rows: int | None = None
    started: float | None = None
    ended: float | None = None
    attempts: int = 0
    error: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job in its folder."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def asked(self) -> Asked:
        return Asked(**json.loads((self.path / _ASKED).read_text(encoding="utf-8")))

    @property
    def state(self) -> State:
        try:
            found = json.loads((self.path / _STATE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return State()
        return State(**found | {"error": None if found["error"] is None else tuple(found["error"])})

    @property
    def report(self) -> Path:
        return self.path / "report.json"

    @property
    def page(self) -> Path:
        return self.path / "report.html"

    def note(self, **changes: Any) -> State:
        """Write down how far it is."""
        state = replace(self.state, **changes)
        _write(self.path / _STATE, asdict(state))
        return state

    @property
    def cancelled(self) -> bool:
        return (self.path / _CANCELLED).exists()

    def cancel(self) -> None:
        """Let nobody find it any more."""
        if self.path.exists():
            (self.path / _CANCELLED).touch()

    def remove(self) -> None:
        """Leave nothing of it, even where a run still writes there."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def bytes(self) -> int:
        """What it takes up now."""
        return sum(_size(file) for file in self.path.rglob("*"))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _write(path: Path, values: Mapping[str, Any]) -> None:
    partial = path.with_suffix(f".{secrets.token_hex(4)}.partial")
    partial.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


class Folder:
    """All jobs of a service. Safe to share between threads and processes."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self._limits = path, limits

    def new(self, size: int | None) -> Path:
        """An empty folder for a job to come; nobody finds it before :meth:`add`.

        :param size: bytes of the input, where that is known.
        :raises TooManyJobs: while there are as many jobs as may be, or no room.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        kept = [*self.all()]
        if len(kept) >= self._limits.jobs:
            raise TooManyJobs(
                Said("there are too many jobs; try later", "đang có quá nhiều tác vụ; hãy thử lại sau")
            )
        self.check_room(kept, size or 0)
        path = self.path / secrets.token_urlsafe(16)
        path.mkdir(mode=0o700)
        return path

    def check_room(self, kept: Iterable[Job], more: int = 0) -> None:
        """:raises TooManyJobs: where jobs take up all the room that they may."""
        if sum(job.bytes for job in kept) + more > self._limits.bytes:
            said = Said("no room for another job; try later", "không còn chỗ cho tác vụ khác; hãy thử lại sau")
            raise TooManyJobs(said)

    def add(self, path: Path, asked: Asked) -> Job:
        """Let a job be found and worked on."""
        _write(path / _ASKED, asdict(asked))
        return Job(path)

    def find(self, job_id: str, owner: str) -> Job:
        """A job of an owner. :raises NotFound: where there is none, or it is somebody else's."""
        job = Job(self.path / job_id)
        if (
            _NAME.fullmatch(job_id)
            and (job.path / _ASKED).exists()
            and not job.cancelled
            and job.asked.owner == owner
        ):
            return job
        raise NotFound("id", job_id, Said("no such job", "không có tác vụ này"))

    def all(self) -> Iterator[Job]:
        """Every job that was not cancelled, by nobody's order."""
        for path in self.path.iterdir() if self.path.is_dir() else ():
            job = Job(path)
            if (path / _ASKED).exists() and not job.cancelled:
                yield job

    def waiting(self) -> list[Job]:
        """The jobs to work on, those that a run left first, then by their age."""
        found = [(job, job.state, job.asked.created) for job in self.all()]
        found.sort(key=lambda each: (each[1].status != "running", each[2]))
        return [job for job, state, _ in found if state.status in ("queued", "running")]

    def sweep(self, *, idle: bool | None = None) -> None:
        """Drop what has expired, was cancelled, or was never sent whole.

        :param idle: whether no process works on a job; it is found out where that is not known.
        """
        now, idle = time.time(), not self.is_running() if idle is None else idle
        for path in [*self.path.iterdir()] if self.path.is_dir() else ():
            if not path.is_dir():
                continue
            job = Job(path)
            if not (path / _ASKED).exists():
                expired = now - path.stat().st_mtime > self._limits.keep_s
            else:
                ended = job.state.ended
                expired = ended is not None and now - ended > self._limits.keep_s
            if expired or (job.cancelled and idle):
                job.remove()

    @contextmanager
    def running(self) -> Iterator[bool]:
        """Be the one that works on jobs; false where another process is."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True

    def is_running(self) -> bool:
        """Whether some process works on jobs."""
        if not self.path.is_dir():
            return False
        with self.running() as free:
            return not free
