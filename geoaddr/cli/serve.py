"""``geoaddr serve``: the HTTP service on this machine."""

from __future__ import annotations

import sys

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.output import print_json
from geoaddr.errors import Said


@click.command(cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=int, metavar="N", help="Port; 0 takes a free one.")
@click.option("--workers", default=1, show_default=True, type=int, metavar="N", help="Processes.")
@click.option("--open", "open_", is_flag=True, help="Every right without a key; loopback only, for a demo.")
@click.pass_obj
def serve(session: Session, host: str, port: int, workers: int, open_: bool) -> int:
    """Start the HTTP service. Closed by default: without a key it answers at area level."""
    from service.server import serve as start

    def announce(said: Said) -> None:
        if session.as_json:
            print_json({"listening": said._asdict()})
        else:
            print(said.in_language(session.lang))
        sys.stdout.flush()

    start(host, port, workers, open_, session.pack, session.store, announce=announce)
    return 0
