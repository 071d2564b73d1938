"""``geoaddr demo``: the main job once, in a registry of its own that is gone afterwards."""

from __future__ import annotations

import io
import json
import shlex
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import click

from geoaddr.cli.frame import Session, Verb

HOUSEHOLD = (
    "--house-number", "57", "--street", "Huỳnh Thúc Kháng", "--commune", "Láng", "--province", "Hà Nội",
    "--lat", "21.0180", "--lon", "105.8089",
)  # fmt: skip


@click.command(cls=Verb)
@click.pass_obj
def demo(session: Session) -> int:
    """Give a household its code, resolve the code, locate the household's point."""
    with tempfile.TemporaryDirectory() as folder:
        common = ["--store", f"sqlite:///{Path(folder) / 'demo.db'}", "--lang", session.lang]
        if session.pack:
            common += ["--pack", session.pack]
        if session.as_json:
            common.append("--json")
        code = _shown(common, "assign", *HOUSEHOLD)
        if code:
            return code
        issued = json.loads(_quietly([*common, "assign", *HOUSEHOLD, "--json"]))["ndas"]
        return max(_shown(common, "resolve", issued), _shown(common, "locate", "21.0180", "105.8089"))


def _quietly(argv: list[str]) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        _run(argv)
    return out.getvalue()


def _shown(common: list[str], *argv: str) -> int:
    if "--json" not in common:
        click.echo(f"\n$ geoaddr {shlex.join(argv)}")
    return _run([*common, *argv])


def _run(argv: list[str]) -> int:
    from geoaddr.cli.main import cli

    return cli.run(argv)
