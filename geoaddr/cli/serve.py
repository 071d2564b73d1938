"""``geoaddr serve``: the HTTP service on this machine."""

from __future__ import annotations

from importlib.util import find_spec

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.errors import MissingExtra

NEEDED = ("flask", "granian", "orjson", "pydantic")


@click.command(cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65_535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes.")
@click.option("--open", "open_", is_flag=True, help="Every scope without a key; loopback only, for a demo.")
@click.pass_obj
def serve(session: Session, host: str, port: int, workers: int, open_: bool) -> int:
    """Start the HTTP service. Closed by default: without a key it answers at area level."""
    if any(find_spec(name) is None for name in NEEDED):
        raise MissingExtra("service", "geoaddr serve")
    from service.server import serve as start

    start(host=host, port=port, workers=workers, open_=open_, pack=session.pack, store=session.store)
    return 0
