"""Jobs as a service offers them: the folder, and who works on what is in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoaddr.errors import GeoaddrError, InvalidInput, Said
from geoaddr.model import as_date
from geoaddr.stores import MEMORY, absolute
from service.job_schemas import JobQuery
from service.jobs.folder import Asked, Folder, Job, Limits
from service.jobs.runner import Runners, Told, batch_job
from service.settings import Settings

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

JOBS = "geoaddr.jobs"
"""Where an application has its jobs among its extensions."""

_NOT_OPTIONS = frozenset({"verb", "name", "out", "fields"})


class NoJobs(GeoaddrError):
    """This service takes no jobs."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The jobs of one service."""

    folder: Folder
    limits: Limits
    runners: Runners
    told: Told

    def take(self, path: Path, source: str, query: JobQuery, *, owner: str, lang: str, lines: int | None) -> Job:
        """Let the file ``source`` in the folder ``path`` be worked on.

        :raises InvalidInput: for options that the verb does not use, or that cannot be used.
        """
        from geoaddr.bulk.job import check

        ending = f".{query.out}" if query.out is not None else Path(source).suffix
        options: dict[str, Any] = query.model_dump(exclude=set(_NOT_OPTIONS))
        options["fields"] = _fields(query.fields)
        asked = Asked(
            owner=owner,
            name=query.name,
            verb=query.verb,
            source=source,
            out=f"result{ending}",
            options=options,
            lang=lang,
            created=time.time(),
            lines=lines,
        )
        if query.as_of is not None:
            as_date(query.as_of)
        job = Job(path)
        check(batch_job(job, self.told, asked))
        return self.folder.add(path, asked)


def take_up(jobs: Callable[[], Offered]) -> None:
    """See to it that what an earlier service left is worked on."""
    try:
        jobs().runners.ensure()
    except NoJobs:
        return


def offered(ga: Geoaddr, settings: Settings, access: str) -> Offered:
    """The jobs of a service on ``ga``, whose keys are in the database ``access``.

    :raises NoJobs: where no other process can open the same registry.
    """
    origin = ga.origin
    if origin is None or origin.store.startswith("memory:"):
        raise NoJobs(
            Said(
                "this service takes no jobs: its registry lives in its own memory",
                "dịch vụ này không nhận tác vụ: sổ đăng ký chỉ nằm trong bộ nhớ của nó",
            )
        )
    limits = Limits(jobs=settings.max_jobs, bytes=settings.max_jobs_bytes, keep_s=settings.jobs_hours * 3600.0)
    told = Told(
        folder=str(_folder(settings).absolute()),
        limits=asdict(limits),
        pack=origin.pack,
        store=origin.store,
        workers=settings.job_workers,
        access=None if access == MEMORY else absolute(access),
    )
    return Offered(told.jobs(), limits, Runners(told), told)


def _folder(settings: Settings) -> Path:
    if settings.jobs is not None:
        return Path(settings.jobs)
    import platformdirs

    return Path(platformdirs.user_data_path("geoaddr")) / "jobs"


def _fields(written: str | None) -> tuple[tuple[str, str], ...]:
    """``street=Phố;ward=Phường``. :raises InvalidInput:"""
    found = []
    for each in (written or "").split(";"):
        name, _, column = each.partition("=")
        if each.strip() and not (name.strip() and column):
            raise InvalidInput("fields", each, Said("not NAME=COLUMN", "không có dạng TÊN=CỘT"))
        if each.strip():
            found.append((name.strip(), column))
    return tuple(found)
