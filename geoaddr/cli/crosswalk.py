"""``geoaddr units crosswalk``: the table of old codes and new ones, for programs that convert codes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.units import LEVELS
from geoaddr.errors import DataError, InvalidDate, InvalidInput, Said, os_reason
from geoaddr.model import Level, plain
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")

_OPTIONS = {"known_on": "from", "as_of": "to"}


@click.command(cls=Verb)
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path),
              help="Write .csv, .tsv, .txt, .parquet or .xlsx, not CSV on standard output.")  # fmt: skip
@click.option("--from", "known_on", metavar="DATE", default="2025-06-30", show_default=True,
              help="The day of the old units.")  # fmt: skip
@click.option("--to", "as_of", metavar="DATE", help="The day of the new ones; by default the pack's date.")
@click.option("--level", type=click.Choice(LEVELS), help="Only old units of this level; by default all three.")
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.pass_obj
def crosswalk(
    session: Session, out: Path | None, known_on: str, as_of: str | None, level: str | None, overwrite: bool
) -> int:
    """What became of every unit: a row for each old unit and each new one that got all or part of it.

    Codes are texts with their leading zeros. With --json, one line a row.
    """
    if out is not None:
        _check(out, overwrite)
    with session.open() as ga:
        try:
            table = ga.crosswalk(known_on=known_on, as_of=as_of, level=cast("Level | None", level))
        except InvalidDate as error:
            raise InvalidDate(_OPTIONS.get(error.field, error.field), error.value, error.reason) from None
        if ga.as_of(as_of) > ga.date:
            print(f"geoaddr: {word('data_ends', session.lang).format(day=ga.date)}", file=sys.stderr)
    if out is not None:
        _write(table, out)
        _report(session, out, table.num_rows)
    elif session.as_json:
        for row in table.to_pylist():
            print_json(plain(row))
    else:
        sys.stdout.write(_csv(table))
    return 0


def _check(out: Path, overwrite: bool) -> None:
    if out.suffix.lower() not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise InvalidInput("out", str(out), Said(f"must end in one of {known}", f"phải có đuôi {known}"))
    if out.exists() and not overwrite:
        raise InvalidInput("out", str(out), Said("exists; add --overwrite", "đã có; hãy thêm --overwrite"))


def _write(table: pa.Table, out: Path) -> None:
    from geoaddr.bulk.writers import write

    try:
        write(out, table.schema, iter(table.to_batches()))
    except OSError as error:
        reason = os_reason(error)
        raise DataError(out, Said(f"cannot be written: {reason.en}", f"không ghi được: {reason.vi}")) from None


def _csv(table: pa.Table) -> str:
    import pyarrow.csv as pacsv

    text = io.BytesIO()
    pacsv.write_csv(table, text, pacsv.WriteOptions(quoting_style="needed"))
    return text.getvalue().decode()


def _report(session: Session, out: Path, rows: int) -> None:
    if session.as_json:
        print_json({"file": str(out), "rows": rows})
    else:
        print_fields([("file", str(out)), ("rows", figure(rows, session.lang))], session.lang)
