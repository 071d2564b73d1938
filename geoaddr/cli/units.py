"""``geoaddr unit`` and ``geoaddr units``: administrative units, dated."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, cast

import click

from geoaddr.cli.frame import Lazy, Session, Verb, Verbs
from geoaddr.cli.inputs import number
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_columns, print_data, print_fields, print_json
from geoaddr.cli.views import unit_rows
from geoaddr.errors import InvalidInput, Said, UnknownUnit
from geoaddr.model import Level, Unit

if TYPE_CHECKING:
    from geoaddr.platform import Geoaddr

LEVELS = ("province", "district", "commune")

END_OF_DISTRICTS = dt.date(2025, 7, 1)
NO_DISTRICTS = Said(
    "there are no districts since 2025-07-01; --as-of 2025-06-30 lists the last ones",
    "không còn cấp huyện từ ngày 2025-07-01; --as-of 2025-06-30 liệt kê các đơn vị cuối cùng",
)


@click.command(cls=Verb)
@click.argument("code")
@click.option("--as-of", metavar="DATE", help="The unit as on this day; by default the pack's date.")
@click.option("--boundary", is_flag=True, help="Print its boundary as a GeoJSON feature.")
@click.option("--tolerance-m", metavar="M", help="With --boundary: simplify it by up to M metres.")
@click.option("--zoom", type=int, metavar="Z", help="With --boundary: simplify it for a web map, 4 to 22.")
@click.pass_obj
def unit(
    session: Session, code: str, as_of: str | None, boundary: bool, tolerance_m: str | None, zoom: int | None
) -> int:
    """A unit by its code: 2 digits a province, 3 a district, 5 a commune.

    Exit code 1: no unit has the code on the day.
    """
    for name, given in (("tolerance_m", tolerance_m), ("zoom", zoom)):
        if given is not None and not boundary:
            raise InvalidInput(name, given, Said("goes with --boundary", "phải đi cùng --boundary"))
    with session.open() as ga:
        if boundary:
            allowed_m = None if tolerance_m is None else number("tolerance_m", tolerance_m)
            print_json(ga.boundary(code, as_of=as_of, tolerance_m=allowed_m, zoom=zoom))
            return 0
        found = ga.unit(code, as_of=as_of)
        if session.as_json:
            print_json(found.to_dict())
            print_data(ga.pack.info, session.lang, as_json=True)
            return 0
        day = ga.as_of(as_of)
        rows = unit_rows(found, _parents(ga, found, day), _successors(ga, found, session.lang), session.lang)
        print_fields(rows, session.lang)
        print_data(ga.pack.info, session.lang)
    return 0


@click.command(cls=Verb)
@click.option("--level", type=click.Choice(LEVELS), default="commune", show_default=True, help="Which units.")
@click.option("--parent", metavar="CODE", help="Only the units of this one.")
@click.option("--as-of", metavar="DATE", help="The units as on this day; by default the pack's date.")
@click.pass_obj
def list_units(session: Session, level: str, parent: str | None, as_of: str | None) -> int:
    """The units of a level, by code. With --json, one line a unit."""
    with session.open() as ga:
        try:
            found = ga.units(cast(Level, level), as_of=as_of, parent=parent)
        except UnknownUnit as error:
            raise UnknownUnit("parent", error.value, error.reason) from None
        if level == "district" and ga.as_of(as_of) >= END_OF_DISTRICTS:
            print(f"geoaddr: {NO_DISTRICTS.in_language(session.lang)}", file=sys.stderr)
    if session.as_json:
        for each in found:
            print_json(each.to_dict())
    else:
        rows = ((u.code, u.full_name, u.parent or "", u.valid_from.isoformat()) for u in found)
        print_columns(("code", "full_name", "parent", "valid_from"), rows, session.lang)
    return 0


units = Verbs(
    name="units",
    lazy={
        "list": Lazy("geoaddr.cli.units:list_units", "The units of a level, or of one unit."),
        "crosswalk": Lazy("geoaddr.cli.crosswalk:crosswalk", "The table of old codes and new ones."),
    },
    help="List administrative units, and what became of them.",
)


def _parents(ga: Geoaddr, unit: Unit, day: dt.date) -> list[Unit]:
    parents = []
    code = unit.parent
    while code is not None:
        parents.append(ga.unit(code, as_of=day))
        code = parents[-1].parent
    return parents


def _successors(ga: Geoaddr, unit: Unit, lang: str) -> list[str]:
    if unit.valid_to is None:
        return []
    links = ga.gazetteer.successors(unit)
    named = ((ga.gazetteer.unit(link.code, as_of=link.on, level=link.level), link) for link in links)
    return [f"{found.full_name} ({found.code}), {word(link.grade, lang)}" for found, link in named]
