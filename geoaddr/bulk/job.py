"""A verb over a file: every input row has its output row, in order, whatever the answer."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from geoaddr.bulk.answers import ANSWER_COLUMNS, own_name
from geoaddr.bulk.datasets import check_partitions
from geoaddr.bulk.ports import Platform
from geoaddr.bulk.report import ROWS_LISTED, BatchReport
from geoaddr.bulk.writers import check_ending
from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.model import as_date

if TYPE_CHECKING:
    import pyarrow as pa

    from geoaddr.bulk.answers import Plan

Verb = Literal["locate", "resolve", "assign", "parse", "geocode", "convert", "validate"]
Opener = Callable[[str | None, str | None], Platform]
Progress = Callable[[int, int | None], None]
Watch = Callable[["pa.RecordBatch", "Plan"], None]
"""Told each piece of the output, and which of its columns are what, before it is written."""
Tell = Callable[[Said], None]
"""Told what whoever started a run has to know while it is under way."""

log = logging.getLogger("geoaddr.batch")

USED = {
    "locate": ("lat", "lon", "crs", "swap", "as_of", "uncertainty", "border"),
    "resolve": ("code", "as_of"),
    "assign": ("text", "lat", "lon", "crs", "swap", "commune", "fields"),
    "parse": ("text", "as_of"),
    "geocode": ("text", "as_of"),
    "convert": ("text", "lat", "lon", "crs", "swap", "as_of", "to"),
    "validate": ("text", "lat", "lon", "crs", "swap", "code", "fields", "as_of"),
}
"""Which of the options that are not for every verb each verb takes."""
_WITHOUT = {"to": "new", "border": False, "swap": False, "fields": ()}
"""What stands for an option that was not given, where that is not ``None``."""

PAGES = frozenset({".html", ".htm"})
"""The endings of reports that are pages for people."""

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchJob:
    """What to do: the verb, the files, the columns it reads (found by usual names where not given).

    ``to``: the units in which ``convert`` answers, ``new`` or ``old``. ``fields``: those of a form that
    ``validate`` judges, or the parts of an address that ``assign`` files, each with its column; beside them a line
    of text is read only where ``text`` is named.
    ``crs``: the coordinate system of the points, by default what the file states of its geometry, and WGS 84 for
    columns. ``swap``: latitude and longitude stand in each other's place. ``border``: let ``locate`` tell how near
    the next commune is. ``partition_by``: columns of the output by whose values it is parted into files of one
    folder. ``report``: where the report goes, as a page for ``.html``, else as JSON; ``report_rows``: how many of
    the rows with errors, and of the least certain, it lists.
    """

    verb: Verb
    source: Path
    out: Path
    pack: str | None = None
    store: str | None = None
    text: str | None = None
    lat: str | None = None
    lon: str | None = None
    code: str | None = None
    commune: str | None = None
    uncertainty: str | None = None
    crs: str | None = None
    swap: bool = False
    as_of: str | None = None
    to: str = "new"
    fields: tuple[tuple[str, str], ...] = ()
    border: bool = False
    workers: int | None = None
    resume: bool = False
    overwrite: bool = False
    report: Path | None = None
    report_rows: int = ROWS_LISTED
    partition_by: tuple[str, ...] = ()
    lang: str = "en"


def run(
    job: BatchJob,
    opener: Opener,
    progress: Progress | None = None,
    watch: Watch | None = None,
    tell: Tell | None = None,
) -> BatchReport:
    """Run a job.

    :param opener: opens the platform from a pack and a store, here and in worker processes.
    :param progress: called with rows done and rows in all (``None`` where not known).
    :param watch: told of every piece of the output before it is written; what it raises ends the run.
    :param tell: told that rows which a stopped run keeps are not gone on with; by default a warning is logged.
    :raises InvalidInput: for an unknown verb or an output that exists.
    :raises DataError: for a file or column that cannot be used; nothing is left half-written.
    """
    from geoaddr.bulk.engine import Engine

    check(job)
    started = time.monotonic()
    platform = opener(job.pack, job.store)
    try:
        report = BatchReport(job.verb, str(job.out), platform.pack.info, rows_listed=job.report_rows)
        platform.as_of(job.as_of)
        engine = Engine(job, opener, platform, report, watch or (lambda batch, planned: None), tell or _warn)
        engine.run(progress or (lambda done, total: None))
        report.seconds = time.monotonic() - started
    except OSError as error:
        raise _cannot_write(job.out, error) from None
    finally:
        platform.close()
    if job.report is not None:
        _write_report(report, job.report, platform, job.lang)
    return report


def _warn(said: Said) -> None:
    log.warning("%s", said.en)


def _write_report(report: BatchReport, path: Path, platform: Platform, lang: str) -> None:
    from geoaddr.bulk.report_page import page

    try:
        if path.suffix.lower() in PAGES:
            path.write_text(page(report, platform.locator, lang), encoding="utf-8")
        else:
            report.write(path)
    except OSError as error:
        why = os_reason(error)
        raise DataError(path, Said(f"cannot be written: {why.en}", f"không ghi được: {why.vi}")) from None


def check(job: BatchJob) -> None:
    """Refuse a job that cannot end well, before any work is done."""
    if job.verb not in ANSWER_COLUMNS:
        known = ", ".join(ANSWER_COLUMNS)
        raise InvalidInput(
            "verb", job.verb, Said(f"not a batch verb; use {known}", f"không có lệnh này; hãy dùng {known}")
        )
    _check_used(job)
    _check_fields(job)
    if job.verb == "convert":
        from geoaddr.conversion.converter import day_answered

        day_answered(job.to, None if job.as_of is None else as_date(job.as_of))
    check_ending(job.out)
    check_partitions(job.out, job.partition_by)
    if job.source.resolve() == job.out.resolve():
        raise InvalidInput("out", str(job.out), Said("is the input itself", "chính là tệp vào"))
    if job.out.exists() and not (job.overwrite or job.resume):
        raise InvalidInput(
            "out",
            str(job.out),
            Said("exists; add --overwrite or --resume", "đã có; hãy thêm --overwrite hoặc --resume"),
        )
    if job.report is not None and not (job.report.parent.is_dir() and os.access(job.report.parent, os.W_OK)):
        raise InvalidInput("report", str(job.report), Said("cannot be written there", "không ghi được ở đó"))
    if not 0 <= job.report_rows <= MOST_LISTED:
        said = Said(f"must be from 0 to {MOST_LISTED}", f"phải từ 0 đến {MOST_LISTED}")
        raise InvalidInput("report_rows", job.report_rows, said)
    if job.workers is not None and job.workers < 1:
        raise InvalidInput("workers", job.workers, Said("must be at least 1", "phải từ 1 trở lên"))


def _check_used(job: BatchJob) -> None:
    """Refuse what the verb would not look at: who gives it expects another answer."""
    for option in dict.fromkeys(name for names in USED.values() for name in names):
        given, without = getattr(job, option), _WITHOUT.get(option)
        if given != without and option not in USED[job.verb]:
            used = ", ".join(USED[job.verb])
            raise InvalidInput(
                option,
                "; ".join("=".join(pair) for pair in given) if option == "fields" else given,
                Said(
                    f"{job.verb} does not use it; it uses {used}", f"{job.verb} không dùng; lệnh này dùng {used}"
                ),
            )


def _check_fields(job: BatchJob) -> None:
    """Refuse fields that the verb does not know, and one that two columns are given for."""
    if not job.fields:
        return
    own_name_of = own_name(job.verb)
    found = {"commune"} if job.commune is not None else set()
    for name, _ in job.fields:
        own = own_name_of(name)
        if own in found:
            raise InvalidInput("field", name, Said("given twice", "được ghi hai lần"))
        found.add(own)


def _cannot_write(out: Path, error: OSError) -> DataError:
    return DataError(
        out,
        Said(
            f"cannot be written: {os_reason(error).en}; what is done is kept beside it, --resume goes on",
            f"không ghi được: {os_reason(error).vi}; phần đã xong được giữ bên cạnh, --resume để chạy tiếp",
        ),
    )
