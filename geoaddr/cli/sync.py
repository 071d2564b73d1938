"""``geoaddr registry reserve | sync``: work that was done without a connection."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.progress import Bar
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.codes import check_letter
from geoaddr.errors import DataError, Said
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.registry.syncing import Synced

WARNED = "warned"
_LINES = frozenset({".jsonl", ".ndjson"})
_ANSWER = ("row", "id", "status", "ndas", "check_letter", "version", "field", "value", "reason", "address_status")


@click.command(cls=Verb)
@click.option("--area", required=True, metavar="CODE", help="The postcode that the codes begin with.")
@click.option("--count", required=True, type=int, metavar="N", help="How many, 1 to 10,000.")
@click.option("-o", "--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="Where they go: .csv, .tsv or .txt.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.pass_obj
def reserve(session: Session, /, area: str, count: int, out: Path, overwrite: bool) -> int:
    """Set codes apart for a team that works without a connection. They are never issued otherwise."""
    from geoaddr.cli.records import write_rows

    with session.open() as ga:

        def rows() -> Iterator[tuple[str, str]]:
            """Asked for once the file can be written, so that no code is lost to a wrong name."""
            for code in ga.reserve(area, count):
                yield code, check_letter.letter(code)

        written = write_rows(("ndas", "check_letter"), rows(), out, overwrite=overwrite)
    if session.as_json:
        print_json({"file": str(out), "area": area, "codes": written})
    else:
        codes = figure(written, session.lang)
        print_fields([("file", str(out)), ("area", area), ("codes", codes)], session.lang)
    return 0


@click.command(cls=Verb)
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="What became of each row: .csv, .tsv or .txt.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.option("--actor", default="", metavar="NAME", help="Who it was, for rows that do not say.")
@click.pass_obj
def sync(session: Session, /, source: Path, out: Path, overwrite: bool, actor: str) -> int:
    """Apply a postman's day: proposals, amendments and visits in CSV or JSON Lines, each row with an id.

    The same file may come again: what was applied is not applied twice. Nothing is overwritten; what a person has
    to decide is in the output, and so is what was applied with a warning. Exit code 1: there is a row to decide
    on, or one that cannot be used.
    """
    from geoaddr.cli.records import write_rows

    counts: Counter[str] = Counter()
    with session.open() as ga, Bar(sys.stderr) as bar, _rows(source, bar.show) as rows:
        answers = _counted(ga.sync(rows, actor=actor), counts)
        write_rows(_ANSWER, (_answer(each, session.lang) for each in answers), out, overwrite=overwrite)
    from geoaddr.registry.syncing import SyncStatus

    found = {status: counts[status] for status in get_args(SyncStatus)}
    rows_done, warned = sum(found.values()), counts[WARNED]
    if session.as_json:
        print_json({"file": str(out), "rows": rows_done, **found, WARNED: warned})
    else:
        shown = [
            (status, figure(number, session.lang))
            for status, number in {**found, WARNED: warned}.items()
            if number
        ]
        print_fields([("file", str(out)), ("rows", figure(rows_done, session.lang)), *shown], session.lang)
    if warned:
        print(f"geoaddr: {_note(warned, out).in_language(session.lang)}", file=sys.stderr)
    return NEGATIVE if found["conflict"] or found["refused"] else 0


def _note(warned: int, out: Path) -> Said:
    return Said(
        f"applied, but look at it: rows {warned:,}; the column reason of {out} says why",
        f"đã ghi nhưng cần xem lại: {figure(warned, 'vi')} dòng; xem cột reason của {out}",
    )


def _counted(answers: Iterable[Synced], counts: Counter[str]) -> Iterator[Synced]:
    for answer in answers:
        counts[answer.status] += 1
        counts[WARNED] += bool(answer.warnings)
        yield answer


def _answer(answer: Synced, lang: str) -> tuple[str, ...]:
    """The values of :data:`_ANSWER`."""
    issued = answer.ndas is not None and answer.status in ("created", "existing", "repeated")
    return (
        str(answer.row),
        answer.id,
        answer.status,
        answer.ndas or "",
        check_letter.letter(answer.ndas) if issued and answer.ndas else "",
        "" if answer.version is None else str(answer.version),
        answer.field or "",
        answer.value or "",
        _why(answer, lang),
        answer.address_status or "",
    )


def _why(answer: Synced, lang: str) -> str:
    """Why a row was not applied, or what a person should hear of one that was."""
    said = answer.warnings if answer.reason is None else (answer.reason,)
    return "; ".join(each.in_language(lang) for each in said)


@contextmanager
def _rows(path: Path, progress: Callable[[int, int | None], None]) -> Iterator[Iterator[Mapping[str, Any]]]:
    """The rows of a file, read as they are asked for; blank cells of a table are absent.

    :raises DataError: for a file that cannot be read, a table with a column that rows do not have or without one
        that they need, and a line that is no JSON object.
    """
    if path.suffix.lower() in _LINES:
        try:
            with path.open(encoding="utf-8-sig") as lines:
                yield _objects(path, lines)
        except UnicodeDecodeError:
            from geoaddr.bulk.readers import other_encoding

            raise other_encoding(path) from None
        return
    from geoaddr.bulk.readers import open_source

    with open_source(path) as source:
        _check_columns(path, source.schema.names)
        yield _cells(source.batches, source.rows, progress)


def _check_columns(path: Path, names: list[str]) -> None:
    """Refuse a table of another kind whole: each of its rows would be refused for the same reason."""
    from geoaddr.registry.syncing import COLUMNS

    for name in names:
        if name not in COLUMNS:
            said = Said("not a column of a row to sync", "không phải cột của dòng cần đồng bộ")
            raise DataError(path, said, line=1, column=name)
    for name in ("id", "action"):
        if name not in names:
            raise DataError(path, Said(f"the column {name} is missing", f"thiếu cột {name}"))


def _objects(path: Path, lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            said = Said("not a JSON object", "không phải đối tượng JSON")
            raise DataError(path, said, line=number)
        yield found


def _cells(
    batches: Iterable[Any], total: int | None, progress: Callable[[int, int | None], None]
) -> Iterator[Mapping[str, Any]]:
    done = 0
    for batch in batches:
        for values in batch.to_pylist():
            yield {name: value for name, value in values.items() if value not in (None, "")}
        done += batch.num_rows
        progress(done, total)
