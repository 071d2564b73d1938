"""Jobs: files that are worked on beside the service. A job is its owner's; nobody else finds it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from geoaddr.disclosure import Scope
from geoaddr.errors import Conflict, InvalidInput, Said
from geoaddr.model import Record
from service import access, reading
from service.errors import Problem, failed_job
from service.job_schemas import JOB_ID, JobQuery, ReportQuery, Verbs
from service.jobs import folder
from service.jobs.folder import Job
from service.jobs.offered import Offered
from service.multipart import FILE, MULTIPART, Form
from service.operations import JSON, Answer, Asked, Operation, Sent
from service.schemas import NoQuery

FORMATS = {"text/csv": ".csv", "application/vnd.apache.parquet": ".parquet", "application/octet-stream": ""}
"""What a file may say that it is; of the last its first bytes decide."""

MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
}

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""A report repeats what a file holds: nothing of it may run, whatever it is."""

MOST_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState(Record):
    """A job. ``progress``: the part of the rows that is done; of a file of text, whose ``rows`` are known at its
    end only, by its lines. ``result`` and ``report`` are paths, once there is something there; ``problem`` says
    why it failed. It is gone after ``expires``."""

    id: str
    verb: Verbs
    name: str
    status: folder.Status
    rows_done: int
    rows: int | None
    progress: float | None
    created: str
    started: str | None
    ended: str | None
    expires: str | None
    result: str | None
    report: str | None
    problem: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobList(Record):
    """Jobs, the latest first."""

    jobs: tuple[JobState, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is on its way."""

    media: str
    size: int | None
    pieces: Iterator[bytes]
    fields: Sequence[tuple[str, str]] = ()
    """What a form says beside it, as parameters."""


def upload(request: Request) -> Upload:
    """The body as it comes. :raises UnsupportedMediaType: for what is not known as a table."""
    if request.mimetype == MULTIPART:
        form = Form(request.mimetype_params.get("boundary"), reading.pieces(request))
        media = form.media if form.media in FORMATS else "application/octet-stream"
        return Upload(media, request.content_length, form.file(), _fields(form, request))
    if request.mimetype not in FORMATS:
        raise UnsupportedMediaType
    reading.check_length(request)
    return Upload(request.mimetype, request.content_length, reading.pieces(request))


def _fields(form: Form, request: Request) -> list[tuple[str, str]]:
    """The fields of a form; what the file is called there, unless it is said otherwise."""
    named = re.split(r"[\\/]", form.name or "")[-1][:MOST_NAME_CHARACTERS]
    said = "name" in request.args or any(name == "name" for name, _ in form.fields)
    return form.fields if said or not named else [*form.fields, ("name", named)]


def create(asked: Asked[JobQuery, Upload]) -> Answer:
    query, offered = asked.query, asked.jobs()
    _require_everywhere(asked.caller, query.verb)
    path = offered.folder.new(asked.body.size)
    try:
        source, lines = _kept(path, asked.body)
        asked.tally.rows(max(_rows(path / source) if lines is None else lines, 1) - 1)
        job = offered.take(path, source, query, owner=asked.owner, lang=asked.lang, lines=lines)
    except BaseException:
        Job(path).remove()
        raise
    state = _state(job, offered, asked.lang)
    offered.runners.ensure()
    return Answer(state, 202, {"Location": f"/v1/jobs/{job.id}"})


def _require_everywhere(caller: access.Caller, verb: str) -> None:
    """Let pass whoever sees everything that a file may be answered with: a job is worked on as the registry's
    owner would do it.

    :raises KeyRequired, ScopeMissing: for any other.
    """
    scopes: tuple[Scope, ...] = ("address", "point", "write") if verb == "assign" else ("address", "point")
    access.require(None, caller, *scopes)
    for scope in scopes:
        if not caller.grants.everywhere(scope):
            raise access.NotEverywhere(scope)


def _rows(parquet: Path) -> int:
    """The rows that a file says it has; none where it cannot be read, which is for the engine to refuse."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(parquet).num_rows)
    except (pa.ArrowException, OSError):
        return 0


def _kept(path: Path, sent: Upload) -> tuple[str, int | None]:
    """The name of the file that was sent, now in the folder of its job, and its lines below the first.

    :raises InvalidInput: for an empty file.
    """
    first = next(sent.pieces, b"")
    if not first:
        raise InvalidInput("body", None, Said("an empty file", "tệp rỗng"))
    ending = FORMATS[sent.media] or (".parquet" if first.startswith(b"PAR1") else ".csv")
    lines = 0
    with (path / f"input{ending}").open("wb") as file:
        for piece in chain([first], sent.pieces):
            file.write(piece)
            lines += piece.count(b"\n")
    return f"input{ending}", max(lines - 1, 1) if ending == ".csv" else None


def list_jobs(asked: Asked[NoQuery, None]) -> Answer:
    offered = asked.jobs()
    own = [job for job in offered.folder.all() if job.asked.owner == asked.owner]
    own.sort(key=lambda job: -job.asked.created)
    return Answer(JobList(jobs=tuple(_state(job, offered, asked.lang) for job in own)), headers=_in(asked.lang))


def job(asked: Asked[NoQuery, None]) -> Answer:
    offered = asked.jobs()
    found = offered.folder.find(asked.path["id"], asked.owner)
    if found.state.status in ("queued", "running"):
        offered.runners.ensure()
    return Answer(_state(found, offered, asked.lang), headers=_in(asked.lang))


def result(asked: Asked[NoQuery, None]) -> Answer:
    found = _finished(asked)
    out = found.path / found.asked.out
    asked.tally.write_each("job_result", [found.id], "address point")
    name = f"{found.asked.name.rpartition('.')[0] or found.asked.name}-{found.asked.verb}{out.suffix}"
    return Answer(out, headers={"Content-Type": MEDIA[out.suffix]}, download=name)


def report(asked: Asked[ReportQuery, None]) -> Answer:
    found = _finished(asked)
    asked.tally.write_each("job_report", [found.id], "address point")  # some of its rows are listed there
    if asked.query.format == "html":
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": PAGE_POLICY}
        return Answer(found.page, headers=headers)
    return Answer(found.report.read_bytes())


def cancel(asked: Asked[NoQuery, None]) -> Answer:
    offered = asked.jobs()
    offered.folder.find(asked.path["id"], asked.owner).cancel()
    offered.folder.sweep()
    return Answer(b"", 204)


def _in(lang: str) -> dict[str, str]:
    """What tells the language of an answer."""
    return {"Content-Language": lang, "Vary": "Accept-Language"}


def _finished(asked: Asked[Any, None]) -> Job:
    """:raises Conflict: for a job that is not done."""
    found = asked.jobs().folder.find(asked.path["id"], asked.owner)
    _require_everywhere(asked.caller, found.asked.verb)  # a key may have lost what it had
    status = found.state.status
    if status != "done":
        raise Conflict("status", status, Said("the job is not done", "tác vụ chưa xong"))
    return found


def _state(job: Job, offered: Offered, lang: str) -> JobState:
    asked, state = job.asked, job.state
    done, here = state.status == "done", f"/v1/jobs/{job.id}"
    rows = state.rows or asked.lines
    progress = 1.0 if done else min(state.rows_done / rows, 1.0) if rows else None
    said = None if state.error is None else Said(*state.error)
    return JobState(
        id=job.id,
        verb=asked.verb,  # type: ignore[arg-type]  # one of them was asked for
        name=asked.name,
        status=state.status,
        rows_done=state.rows_done,
        rows=state.rows,
        progress=None if progress is None else round(progress, 4),
        created=_time(asked.created),
        started=None if state.started is None else _time(state.started),
        ended=None if state.ended is None else _time(state.ended),
        expires=None if state.ended is None else _time(state.ended + offered.limits.keep_s),
        result=f"{here}/result" if done else None,
        report=f"{here}/report" if done else None,
        problem=None if said is None else failed_job(said, lang, ours=said == folder.FAILED),
    )


def _time(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


_BINARY = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "required": [FILE],
    "properties": {FILE: _BINARY},
    "description": "Parameters as fields before the file, which is the last part.",
}
_OWN: Any = {"tag": "jobs", "needs": "address", "problems": (404,), "parameters": JOB_ID}

OPERATIONS = (
    Operation(
        name="create_job",
        tag="jobs",
        method="POST",
        path="/v1/jobs",
        view=create,
        summary="Have a file worked on",
        description="The body is the file, CSV or Parquet, as it is, or a form with it; the options are those of "
        "`geoaddr batch`, and columns with the usual names are found without. The answer comes at once; the "
        "work is done by a process of its own, and goes on after a restart of the service. The key needs the "
        "scopes `address` and `point` in the whole country, for `assign` `write` too.",
        query=JobQuery,
        body=Sent(read=upload, content={**dict.fromkeys(FORMATS, _BINARY), MULTIPART: _FORM}),
        upload=True,
        answer=JobState,
        statuses={202: "The job waits; `Location` is where to ask how far it is."},
        needs="address",
        needs_too=("point",),
        problems=(429,),
    ),
    Operation(
        name="list_jobs",
        tag="jobs",
        path="/v1/jobs",
        view=list_jobs,
        summary="The jobs of this key",
        description="Those that wait, are worked on, and have ended without having expired.",
        answer=JobList,
        needs="address",
    ),
    Operation(
        name="job",
        path="/v1/jobs/{id}",
        view=job,
        summary="How far a job is",
        description="`status` is `queued`, `running`, `done` or `failed`. Another key's job is not found (404).",
        answer=JobState,
        **_OWN,
    ),
    Operation(
        name="job_result",
        path="/v1/jobs/{id}/result",
        view=result,
        summary="The file that came of a job",
        description="All columns of the file, in order, and the answer's after them. 409 while it is not done.",
        answer=Any,
        media=MEDIA[".csv"].partition(";")[0],
        also={media: "The same as another format." for ending, media in MEDIA.items() if ending != ".csv"},
        **{**_OWN, "problems": (404, 409)},
    ),
    Operation(
        name="job_report",
        path="/v1/jobs/{id}/report",
        view=report,
        summary="What a job did",
        description="Rows by status, kinds of errors, confidences, the data that answered; the first rows with "
        "errors and the least certain ones, which repeat what the file holds. 409 while it is not done.",
        query=ReportQuery,
        answer=dict[str, Any],
        media=JSON,
        also={"text/html": "The same as a page."},
        **{**_OWN, "problems": (404, 409)},
    ),
    Operation(
        name="cancel_job",
        method="DELETE",
        path="/v1/jobs/{id}",
        view=cancel,
        summary="Cancel a job, or drop what came of it",
        description="Its file and its result are deleted. Codes that it issued stay issued.",
        answer=None,
        statuses={204: "It is gone."},
        **_OWN,
    ),
)
