"""``geoaddr data tiles``: the outlines of the map, drawn before anybody looks at it."""

from __future__ import annotations

import datetime as dt

import click

from geoaddr.cli.data_import import teller
from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.errors import Said
from geoaddr.model import Level, as_date
from geoaddr.profiles.vn import REFORM


@click.command(cls=Verb)
@click.option("--as-of", metavar="DATE", multiple=True,
              help="Draw this day; may be repeated. By default the pack's, and the reform's eve.")  # fmt: skip
@click.pass_obj
def tiles(session: Session, as_of: tuple[str, ...]) -> int:
    """Draw the outlines of the map of the pack in use, once, into the user's cache folder.

    The service does so by itself when the map is first looked at, and has no tiles until then. A pack as
    small as the embedded one is drawn in a moment, and nothing is kept of it.
    """
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.tiling import Tiles
    from geoaddr.wiring import locator_of

    opened = session.open_pack()
    gazetteer = Gazetteer.from_pack(opened)
    made = Tiles(gazetteer, locator_of(opened, gazetteer))
    days = [as_date(day) for day in as_of] or [opened.info.date, REFORM - dt.timedelta(days=1)]

    say = teller(session)

    def tell(level: Level, tolerance_m: float) -> None:
        far = f"{tolerance_m:.0f} m"
        en, vi = word(level, "en"), word(level, "vi")
        say(Said(f"{en} outlines to within {far}", f"đường ranh {vi}, sai lệch dưới {far}"))

    for day in days:
        made.draw(day, tell)
    folders = [str(folder) for folder in made.folders if folder.is_dir()]
    if session.as_json:
        print_json({"pack": opened.info.to_dict(), "as_of": [day.isoformat() for day in days], "folders": folders})
    else:
        print_fields([("as_of", [day.isoformat() for day in days]), ("folder", folders)], session.lang)
    return 0
