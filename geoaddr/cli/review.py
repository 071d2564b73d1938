"""``geoaddr registry review``: what people should look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.model import plain
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.registry.reviewing import Suspicion

_COLUMNS = ("kind", "ndas", "others", "reason", "evidence")


@click.command(cls=Verb)
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path),
              help="Write CSV (.csv, .tsv, .txt) instead of lines on standard output.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.option("--area", metavar="CODE", help="Only codes that begin with this postcode.")
@click.option("--kind", "kinds", multiple=True, metavar="WORD",
              help="Only this kind; repeatable: docs/reference/cli.md.")  # fmt: skip
@click.pass_obj
def review(
    session: Session, /, out: Path | None, overwrite: bool, area: str | None, kinds: tuple[str, ...]
) -> int:
    """What people should look at, with what each goes by; with --json, one line each.

    Likely duplicates, house numbers out of order along their street, points outside the commune that the code was
    issued under, texts that the point contradicts. On approximate boundaries the last two tell only of points that
    are kilometres off.
    """
    with session.registry(made=True), session.open() as ga:
        found = ga.review(area=area, kinds=kinds)
        if out is None:
            for each in found:
                if session.as_json:
                    print_json(each.to_dict() | {"said": each.said._asdict()})
                else:
                    print(f"{word(each.kind, session.lang)}: {each.said.in_language(session.lang)}")
            return 0
        from geoaddr.cli.records import write_rows

        counts: Counter[str] = Counter()
        written = write_rows(_COLUMNS, _rows(found, counts, session.lang), out, overwrite=overwrite)
    if session.as_json:
        print_json({"file": str(out), "found": written, **counts})
    else:
        kinds_found = [f"{figure(n, session.lang)} {word(kind, session.lang)}" for kind, n in counts.items()]
        print_fields([("file", str(out)), ("found", kinds_found or figure(0, session.lang))], session.lang)
    return 0


def _rows(found: Iterator[Suspicion], counts: Counter[str], lang: str) -> Iterator[tuple[str, ...]]:
    """The values of :data:`_COLUMNS`."""
    for each in found:
        counts[each.kind] += 1
        yield (
            each.kind,
            each.ndas,
            "; ".join(each.others),
            each.said.in_language(lang),
            json.dumps(plain(each.evidence), ensure_ascii=False),
        )
