"""``geoaddr batch``: a verb over a file, a row out for every row in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Session, Stopped, Verb
from geoaddr.cli.output import print_json
from geoaddr.cli.progress import Bar
from geoaddr.errors import InvalidInput, Said
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.bulk.job import BatchJob

VERBS = ("locate", "resolve", "assign", "parse", "geocode", "convert", "validate")


def _pairs(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """``NAME=COL``, as often as it stands there."""
    pairs = tuple((name.strip(), column) for name, _, column in (each.partition("=") for each in given))
    for each, (name, column) in zip(given, pairs, strict=True):
        if not (name and column):
            raise InvalidInput("field", each, Said("not NAME=COLUMN", "không có dạng TÊN=CỘT"))
    return pairs


def _stopped(job: BatchJob) -> Said:
    """What a stopped run leaves behind: whole pieces alone are kept, and some seconds make one."""
    from geoaddr.bulk.parts import kept_rows, piece_rows

    kept, size = kept_rows(job.out), piece_rows(job.verb)
    if not kept:
        return Said(
            f"stopped; --resume goes on, from the beginning: rows are kept {size:,} at a time, and none were done",
            f"đã dừng; thêm --resume để chạy tiếp, từ đầu: cứ {figure(size, 'vi')} dòng giữ một lần, "
            "chưa có lần nào",
        )
    return Said(
        f"stopped; --resume goes on: {kept:,} rows are kept",
        f"đã dừng; thêm --resume để chạy tiếp: đã giữ {figure(kept, 'vi')} dòng",
    )


@click.command(cls=Verb)
@click.argument("verb", type=click.Choice(VERBS))
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, metavar="OUT", type=click.Path(path_type=Path),
              help="Where the answer goes; its ending says the format.")  # fmt: skip
@click.option("--text", metavar="COL", help="Column with the address (assign, parse, geocode, convert, validate).")
@click.option("--lat", metavar="COL", help="Column with the latitude.")
@click.option("--lon", metavar="COL", help="Column with the longitude.")
@click.option("--crs", metavar="EPSG:CODE",
              help="Coordinate system of the points; by default the file's, for columns WGS 84.")  # fmt: skip
@click.option("--swap", is_flag=True, help="Latitude and longitude stand in each other's place.")
@click.option("--code", metavar="COL", help="Column with the code (resolve, validate).")
@click.option("--field", "fields", multiple=True, metavar="NAME=COL", callback=_pairs,
              help="A part of the address and its column, street=Phố, for each (assign, validate).")  # fmt: skip
@click.option("--commune", metavar="COL", help="Column with the stated commune's code (assign).")
@click.option("--uncertainty", metavar="COL",
              help="Column with the metres to which each point is known, at 68 % (locate).")  # fmt: skip
@click.option("--border", is_flag=True, help="Add how near the next commune is, and which (locate).")
@click.option(
    "--as-of",
    metavar="DATE",
    help="Units as on this day; by default the pack's date, for parse, geocode and validate those of every day, "
    "for convert --to old 2025-06-30.",
)
@click.option("--to", type=click.Choice(["new", "old"]), default="new", show_default=True,
              help="Units of which time (convert).")  # fmt: skip
@click.option("--partition-by", metavar="COL", multiple=True,
              help="Part a .parquet output by a column's values, into a folder; may be repeated.")  # fmt: skip
@click.option(
    "--workers", type=int, metavar="N", help="How many pieces are worked on at once; by default one a core."
)
@click.option("--resume", is_flag=True, help="Go on where a stopped run left off.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the report: a page for .html, else JSON.",
)
@click.option("--report-rows", type=int, default=10, show_default=True, metavar="N",
              help="Rows with errors, and least certain ones, that reports list.")  # fmt: skip
@click.pass_obj
def batch(session: Session, /, **options: Any) -> int:
    """Run a verb over a file: CSV, Parquet (or a folder of it), GeoPackage, GeoJSON, Excel.

    Columns with the usual names are found by themselves. Exit code 0: every row has its answer, whatever it is.
    """
    from geoaddr.bulk.job import BatchJob
    from geoaddr.platform import batch as run

    job = BatchJob(pack=session.pack, store=session.store, lang=session.lang, **options)

    def tell(said: Said) -> None:
        print(f"geoaddr: {said.in_language(session.lang)}", file=sys.stderr, flush=True)

    try:
        with Bar(sys.stderr) as bar:
            report = run(job, bar.show, tell=tell)
    except KeyboardInterrupt:
        raise Stopped(_stopped(job)) from None
    if session.as_json:
        print_json(report.to_dict())
    else:
        print("\n".join(report.lines(session.lang)))
    return 0
