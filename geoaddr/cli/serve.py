"""``geoaddr serve``: the HTTP service on this machine."""

from __future__ import annotations

import sys

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.output import print_json
from geoaddr.errors import Said


@click.command(cls=Verb)
@click.option("--host", metavar="ADDRESS", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=int, metavar="N", help="Port; 0 takes a free one.  [default: 8080]")
@click.option("--workers", type=int, metavar="N", help="Processes.  [default: 1]")
@click.option("--open", "open_", is_flag=True, help="Every right without a key; loopback only, for a demo.")
@click.option("--config", metavar="FILE", help="TOML file of settings. [env: GEOADDR_CONFIG]")
@click.pass_obj
def serve(
    session: Session, host: str | None, port: int | None, workers: int | None, open_: bool, config: str | None
) -> int:
    """Start the HTTP service. Closed by default: without a key it answers at area level.

    Flags win over the environment (GEOADDR_PORT ...), and that over the file. SIGHUP takes up a new pack.
    """
    from service.server import serve as start

    def announce(said: Said) -> None:
        if session.as_json:
            print_json({"listening": said._asdict()})
        else:
            print(said.in_language(session.lang))
        sys.stdout.flush()

    start(host, port, workers, open_, session.pack, session.store, config=config, announce=announce)
    return 0
