"""``geoaddr locate``: a point to its units, postcode and codes."""

from __future__ import annotations

import click

from geoaddr.cli.frame import PointVerb, Session
from geoaddr.cli.inputs import number
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.views import located_rows


@click.command(cls=PointVerb)
@click.argument("lat")
@click.argument("lon")
@click.option("--as-of", metavar="DATE", help="Units as on this day; by default the pack's date.")
@click.option(
    "--uncertainty-m",
    metavar="METRES",
    help="How rough the point is: the true place lies within with a probability of 68 %. Every commune that it "
    "may lie in is then listed with its weight.",
)
@click.pass_obj
def locate(session: Session, lat: str, lon: str, as_of: str | None, uncertainty_m: str | None) -> int:
    """Units, postcode and codes at a point, in WGS 84 degrees, and how near the next commune is.

    Exit code 1: the point lies outside the country.
    """
    rough = None if uncertainty_m is None else number("uncertainty_m", uncertainty_m)
    with session.open() as ga:
        answer = ga.locate(lat=number("lat", lat), lon=number("lon", lon), as_of=as_of, uncertainty_m=rough)
    if session.as_json:
        print_json(answer.to_dict())
    else:
        print_fields(located_rows(answer, session.lang), session.lang)
    return 0 if answer.inside else NEGATIVE
