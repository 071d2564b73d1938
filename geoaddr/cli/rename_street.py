"""``geoaddr registry rename-street``: a street of a commune has another name, and so has each household on it."""

from __future__ import annotations

import sys
from typing import Any

import click

from geoaddr.cli.frame import Session, Verb, stopping
from geoaddr.cli.lifecycle import why_options
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.views import ndas_text
from geoaddr.errors import Said
from geoaddr.text.figures import figure

_STOPPED = Said(
    "stopped: some households have the new name, the others the old one; the same command again goes on",
    "đã dừng: một số hộ đã có tên mới, các hộ khác giữ tên cũ; chạy lại đúng lệnh này để làm tiếp",
)


@click.command(cls=Verb)
@click.option("--commune", required=True, metavar="CODE", help="The commune of today.")
@click.option("--from", "street", required=True, metavar="NAME", help="The name that the street has.")
@click.option("--to", "name", required=True, metavar="NAME", help="The name that it is given.")
@click.option("--first-number", type=int, metavar="N", help="Only from this house number on.")
@click.option("--last-number", type=int, metavar="N", help="Only up to this house number.")
@why_options
@click.option("--dry-run", is_flag=True, help="Tell what would become of it, and change nothing.")
@click.pass_obj
def rename_street(session: Session, /, commune: str, street: str, name: str, **how: Any) -> int:
    """Give a street of a commune another name: every household on it is amended, and keeps its code.

    What the households were called before stays readable (show --as-of) and findable (formerly). A run that was
    broken off is finished by the same command again. Exit code 1: there are households that a person has to amend.
    """
    with session.registry(made=True):
        pass
    with session.open() as ga, stopping(_STOPPED):
        told = ga.rename_street(commune, street, name, **how)
    if session.as_json:
        print_json(told.to_dict())
    else:
        counts = {
            "would_rename" if told.dry_run else "renamed": told.renamed,
            "renamed_before": told.already or 0,
            "not_renamed": told.refused,
        }
        written = [f"{each.street} ({figure(each.households, session.lang)})" for each in told.written]
        shown = [(key, figure(number, session.lang)) for key, number in counts.items()]
        print_fields([*shown, ("written_as", written)], session.lang)
        for each in told.refusals:
            print(f"geoaddr: {ndas_text(each.ndas)}: {each.reason[session.lang]}", file=sys.stderr)
        if told.refused > len(told.refusals):
            print(
                f"geoaddr: {_more(told.refused - len(told.refusals)).in_language(session.lang)}", file=sys.stderr
            )
    return NEGATIVE if told.refused else 0


def _more(number: int) -> Said:
    return Said(f"and {figure(number, 'en')} more", f"và {figure(number, 'vi')} hộ khác")
