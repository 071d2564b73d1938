"""The entry of the command line: one line of words in, an exit code out.

Exit codes: 0 success; 1 a negative answer (invalid, not found, not issued, outside the country, problems
found); 2 bad usage or input, with one line on standard error; 130 and 141 when a person or the reader of
the output stopped it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from geoaddr._version import __version__
from geoaddr.cli.frame import Lazy, Stopped, Verbs, language_of
from geoaddr.cli.refusals import exit_code, refusal
from geoaddr.errors import GeoaddrError

INTERRUPTED = 130
READER_LEFT = 141
"""What a shell reports of a command that SIGINT or SIGPIPE ended."""

VERBS = {
    "locate": Lazy("geoaddr.cli.locate:locate", "Point to units, postcode and codes."),
    "resolve": Lazy("geoaddr.cli.resolve:resolve", "Any code to its address, units, point and status."),
    "assign": Lazy("geoaddr.cli.assign:assign", "Give a household its code for life."),
    "geocode": Lazy("geoaddr.cli.finding:geocode", "An address to the places that it may mean."),
    "reverse": Lazy("geoaddr.cli.finding:reverse", "A point to the nearest addresses."),
    "suggest": Lazy("geoaddr.cli.finding:suggest", "Completions of an address that is being typed."),
    "parse": Lazy("geoaddr.cli.texts:parse", "An address text taken apart."),
    "convert": Lazy("geoaddr.cli.texts:convert", "An old address in today's units, or back."),
    "validate": Lazy("geoaddr.cli.validate:validate", "A verdict on an address that a checkout can act on."),
    "unit": Lazy("geoaddr.cli.units:unit", "Look up an administrative unit, or print its boundary."),
    "units": Lazy("geoaddr.cli.units:units", "List administrative units; what became of all of them."),
    "batch": Lazy("geoaddr.cli.batch:batch", "A verb over a file: CSV, Parquet, GeoPackage, GeoJSON, Excel."),
    "registry": Lazy("geoaddr.cli.registry:registry", "Registries: make, load, confirm, retire, export, back up."),
    "data": Lazy("geoaddr.cli.data:data", "Packs: build, import real boundaries, fetch, check."),
    "synth": Lazy("geoaddr.cli.synth:synth", "A made-up nation of households, for benchmarks and demonstrations."),
    "keys": Lazy("geoaddr.cli.keys:keys", "Keys of the service: who may see what, and the trail of who did."),
    "serve": Lazy("geoaddr.cli.serve:serve", "Start the HTTP service."),
    "demo": Lazy("geoaddr.cli.demo:demo", "The main job once, in a registry that is gone afterwards."),
    "doctor": Lazy("geoaddr.cli.doctor:doctor", "What is installed and in use, and whether it is sound."),
}


class Root(Verbs):
    """The whole command line."""

    def main(self, args: Sequence[str] | None = None, *_: Any, standalone_mode: bool = True, **__: Any) -> Any:
        """Run one line; end the process with its exit code, or return that where ``standalone_mode`` is off."""
        code = self.run(list(sys.argv[1:] if args is None else args))
        if standalone_mode:
            sys.exit(code)
        return code

    def run(self, argv: list[str]) -> int:
        """Run one line and return its exit code."""
        _speak_utf8()
        try:
            code = self._answer(argv)
            sys.stdout.flush()
        except KeyboardInterrupt:
            return INTERRUPTED
        except Stopped as stopped:
            _say(stopped.said.in_language(language_of(argv)))
            return INTERRUPTED
        except BrokenPipeError:
            _drop_output()
            return READER_LEFT
        except (GeoaddrError, click.ClickException, OSError) as error:
            return _refuse(error, language_of(argv))
        return code

    def _answer(self, argv: list[str]) -> int:
        try:
            self._complete()
            with self.make_context("geoaddr", [*argv]) as ctx:
                return int(self.invoke(ctx) or 0)
        except click.exceptions.Exit as end:
            return end.exit_code

    def _complete(self) -> None:
        instruction = os.environ.get("_GEOADDR_COMPLETE")
        if instruction:
            from click.shell_completion import shell_complete

            raise click.exceptions.Exit(shell_complete(self, {}, "geoaddr", "_GEOADDR_COMPLETE", instruction))


def _refuse(error: Exception, lang: str) -> int:
    _say(refusal(error, lang))
    return exit_code(error)


def _say(line: str) -> None:
    try:
        print(f"geoaddr: {line}", file=sys.stderr, flush=True)
        sys.stdout.flush()
    except OSError:  # nobody can be told: a full disk, a reader that left
        _drop_output()


def _speak_utf8() -> None:
    """Vietnamese letters come out whatever the locale is; what is no text at all is marked, not fatal.

    A stream that the caller closed is one that nobody reads.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for good
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _drop_output() -> None:
    """Nobody reads any more: let the interpreter's last flushes go nowhere instead of failing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


cli = Root(
    name="geoaddr",
    lazy=VERBS,
    help="The open digital address platform for Viet Nam.",
    params=[],
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli = click.version_option(__version__, prog_name="geoaddr", message="%(prog)s %(version)s")(cli)


def main() -> None:
    """The console script ``geoaddr``."""
    cli.main()
