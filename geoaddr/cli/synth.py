"""``geoaddr synth``: a made-up nation, to measure and to show with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Session, Verb, stopping
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.progress import Bar
from geoaddr.errors import Said
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.synthetic.report import SynthReport

FILE = click.Path(path_type=Path)
STYLES = ("official", "abbreviated", "unaccented", "old", "mixed")
STOPPED = Said("stopped, nothing was written", "đã dừng, chưa ghi gì")


@click.command(cls=Verb)
@click.option("-o", "--out", required=True, metavar="FILE", type=FILE, help="A .parquet, .csv, .tsv or .txt file.")
@click.option("--households", type=int, metavar="N",
              help="How many; by default 28 million in the nation, and a province's share of them.")  # fmt: skip
@click.option("--province", "provinces", multiple=True, metavar="CODE", help="Only this province; repeatable.")
@click.option(
    "--seed", type=int, default=0, show_default=True, metavar="N", help="The same seed, the same nation."
)
@click.option("--population", type=FILE, metavar="FILE",
              help="Columns code, population: count out by these, not by a made-up rule.")  # fmt: skip
@click.option("--style", type=click.Choice(STYLES), default="official", show_default=True,
              help="How the address line is written.")  # fmt: skip
@click.option("--columns", type=click.Choice(["all", "registry"]), default="all", show_default=True,
              help="All, or those that registry load reads.")  # fmt: skip
@click.option("--workers", type=int, metavar="N", help="Threads; by default one a processor.")
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.pass_obj
def synth(session: Session, /, out: Path, **options: Any) -> int:
    """Make up households with addresses, points and codes. None of them is anybody's home.

    The same seed, pack and release give the same file, byte by byte.
    """
    with session.open() as ga, stopping(STOPPED), Bar(sys.stderr) as bar:
        made = ga.synth(out, progress=bar.show, **options)
    if session.as_json:
        print_json(made.to_dict())
    else:
        print_fields(_fields(made, session.lang), session.lang)
        print(f"\n{made.notice[session.lang]}")
    return 0


def _fields(made: SynthReport, lang: str) -> Iterator[tuple[str, str | None]]:
    yield "file", made.out
    for name in ("rows", "communes", "provinces"):
        yield {"rows": "households"}.get(name, name), figure(getattr(made, name), lang)
    yield "seed", str(made.seed)
    yield "weights", made.weights[lang]
    for name in ("raised", "full"):
        codes = getattr(made, name)
        yield name, figure(len(codes), lang) if codes else None
    yield "seconds", figure(made.seconds, lang, ".1f")
    yield "pack", f"{made.pack.name} {made.pack.version} ({made.pack.date})"
    yield "boundary_accuracy", word(made.pack.boundary_accuracy, lang)
