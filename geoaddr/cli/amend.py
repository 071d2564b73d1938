"""``geoaddr registry amend``: an address changes and keeps its code."""

from __future__ import annotations

import sys
from typing import Any

import click

from geoaddr.cli.assign import PARTS
from geoaddr.cli.frame import MINUS, PointVerb, Session
from geoaddr.cli.inputs import number
from geoaddr.cli.lifecycle import change_options
from geoaddr.cli.past import show_record
from geoaddr.errors import InvalidPoint, Said
from geoaddr.model import Point


def _part_options(command: Any) -> Any:
    for name, help_text in reversed(PARTS.items()):
        flag = "--" + name.replace("_", "-")
        shown = help_text if name != "commune" else "Commune as stated. What the code was issued under stays."
        command = click.option(flag, name, multiple=name == "alley", metavar="TEXT", help=shown)(command)
    return command


@click.command(cls=PointVerb)
@change_options
@_part_options
@click.option("--lat", metavar="DEGREES", help="Latitude of the new point, WGS 84.")
@click.option("--lon", metavar="DEGREES", help="Longitude of the new point, WGS 84.")
@click.option("--point-source", metavar="WORD", help="How it was obtained: declared, survey, imported.")
@click.option("--uncertainty-m", metavar="METRES", help="How far off it may be.")
@click.option("--entrance", "entrances", multiple=True, metavar="LAT,LON",
              help="An entrance; repeat for each: they replace those that are there.")  # fmt: skip
@click.option("--cause", default="corrected", show_default=True, metavar="WORD",
              help="Kind of change: corrected, moved, renamed, renumbered.")  # fmt: skip
@click.pass_obj
def amend(
    session: Session,
    /,
    code: str,
    lat: str | None,
    lon: str | None,
    point_source: str | None,
    uncertainty_m: str | None,
    entrances: tuple[str, ...],
    cause: str,
    actor: str,
    reason: str,
    evidence: str,
    expected_version: int | None,
    **parts: Any,
) -> int:
    """Change an address that keeps its code: another entrance, a renamed street, a new number, a correction.

    Only what is named changes; an empty text takes a part out. What it was stays readable (show --as-of) and
    findable (formerly). A point in another commune, or more than 1 km from the one before, is taken with a
    warning.
    """
    stated = {name: value for name, value in parts.items() if value not in (None, ())}
    with session.registry(made=True):
        pass
    with session.open() as ga:
        record = ga.amend(
            code,
            {name: list(value) if name == "alley" else value for name, value in stated.items()} or None,
            lat=None if lat is None else number("lat", lat),
            lon=None if lon is None else number("lon", lon),
            point_source=point_source,
            uncertainty_m=None if uncertainty_m is None else number("uncertainty_m", uncertainty_m),
            entrances=tuple(map(_entrance, entrances)) if entrances else None,
            cause=cause,
            actor=actor,
            reason=reason,
            evidence=evidence,
            expected_version=expected_version,
        )
    show_record(session, record)
    if not session.as_json:
        for warning in record.warnings:
            print(f"geoaddr: {warning[session.lang]}", file=sys.stderr)
    return 0


def _entrance(text: str) -> Point:
    lat, comma, lon = text.replace(MINUS, "-").partition(",")
    if not comma:
        raise InvalidPoint("entrance", text, Said("write LAT,LON", "hãy viết VĨ_ĐỘ,KINH_ĐỘ"))
    return Point(lat=number("entrance", lat), lon=number("entrance", lon))
