"""``geoaddr assign``: a household to its code for life."""

from __future__ import annotations

import sys
from typing import Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.inputs import json_object, number
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.views import assigned_rows, ndas_text
from geoaddr.errors import Said

PARTS = {
    "house_number": "House number (số nhà).",
    "alley": "Alley (ngõ, ngách, hẻm, kiệt), from the street inwards; repeat for a chain.",
    "street": "Street.",
    "hamlet": "Hamlet or residential group (thôn, ấp, tổ dân phố).",
    "building": "Building.",
    "floor": "Floor.",
    "unit": "Flat.",
    "poi": "Name of a place.",
    "commune": "Commune: code or name. Required where boundaries are approximate.",
    "province": "Province: code or name.",
    "text": "The whole address on one line; its parts are read out of it where it is understood.",
}


def _part_options(command: Any) -> Any:
    for name, help_text in reversed(PARTS.items()):
        flag = "--" + name.replace("_", "-")
        command = click.option(flag, name, multiple=name == "alley", metavar="TEXT", help=help_text)(command)
    return command


@click.command(cls=Verb)
@click.option("--lat", required=True, metavar="DEGREES", help="Latitude, WGS 84.")
@click.option("--lon", required=True, metavar="DEGREES", help="Longitude, WGS 84.")
@_part_options
@click.option("--components", metavar="JSON", help="The parts as one JSON object (- reads standard input).")
@click.option("--point-source", default="declared", show_default=True, metavar="WORD",
              help="How the point was obtained: declared, survey, imported.")  # fmt: skip
@click.option("--uncertainty-m", metavar="METRES", help="How far off the point may be.")
@click.option("--idempotency-key", metavar="KEY", help="A repeated call with this key answers as the first did.")
@click.option("--actor", default="", metavar="NAME", help="Who asks, for the history.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the history.")
@click.pass_obj
def assign(
    session: Session,
    /,
    lat: str,
    lon: str,
    components: str | None,
    point_source: str,
    uncertainty_m: str | None,
    idempotency_key: str | None,
    actor: str,
    reason: str,
    **parts: Any,
) -> int:
    """Give a household its code for life, or find the one that it has.

    Parts given as options stand over those of --components.
    """
    stated = _stated(components, parts)
    with session.open() as ga:
        answer = ga.assign(
            stated,
            lat=number("lat", lat),
            lon=number("lon", lon),
            actor=actor,
            reason=reason,
            idempotency_key=idempotency_key,
            point_source=point_source,
            uncertainty_m=None if uncertainty_m is None else number("uncertainty_m", uncertainty_m),
        )
    if session.as_json:
        print_json(answer.to_dict())
        return 0
    code = ndas_text(answer.ndas)
    print(f"\n    {click.style(code, bold=True) if sys.stdout.isatty() else code}   {answer.check_letter}\n")
    print_fields(assigned_rows(answer, session.lang), session.lang)
    for warning in answer.warnings:
        print(f"geoaddr: {warning[session.lang]}", file=sys.stderr)
    if answer.same_address:
        said = _same_address(", ".join(map(ndas_text, answer.same_address)))
        print(f"geoaddr: {said.in_language(session.lang)}", file=sys.stderr)
    return 0


def _same_address(codes: str) -> Said:
    return Said(
        f"{codes} has, or had before, the same address: another home, or this one entered twice?",
        f"địa chỉ này trùng với địa chỉ hiện nay hoặc trước đây của {codes}: nhà khác, hay một nhà nhập hai lần?",
    )


def _stated(components: str | None, parts: dict[str, Any]) -> dict[str, Any]:
    text = sys.stdin.read() if components == "-" else components
    stated = {} if text is None else json_object("components", text)
    given = {name: list(value) if name == "alley" else value for name, value in parts.items() if value}
    return stated | given
