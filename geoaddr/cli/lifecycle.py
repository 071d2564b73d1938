"""``geoaddr registry confirm | visit | retire | supersede | split | merge | demolish | history``: the life of an
address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_columns, print_json
from geoaddr.cli.past import show_record
from geoaddr.model import AddressRecord

_WHY: tuple[Callable[[Any], Any], ...] = (
    click.option("--actor", default="", metavar="NAME", help="Who asks, for the history."),
    click.option("--reason", default="", metavar="TEXT", help="Why, for the history."),
    click.option("--evidence", default="", metavar="REF", help="On what: a decision, a photograph, a file."),
)
_CODE = click.argument("code")
_VERSION = click.option("--expected-version", type=int, metavar="N", help="Refuse if the record changed since.")


def change_options(command: Any) -> Any:
    """The options of every change of one record."""
    for option in reversed((_CODE, *_WHY, _VERSION)):
        command = option(command)
    return command


def why_options(command: Any) -> Any:
    """The options of every change: who, why, on what evidence."""
    for option in reversed(_WHY):
        command = option(command)
    return command


def changes_options(command: Any) -> Any:
    """The options of a change of several records."""
    for option in reversed((click.argument("codes", nargs=-1, required=True, metavar="CODE..."), *_WHY)):
        command = option(command)
    return command


@click.command(cls=Verb)
@change_options
@click.option(
    "--round", "round_", type=click.IntRange(1, 3), metavar="N", help="Which verification round, 1 to 3."
)
@click.pass_obj
def confirm(session: Session, /, code: str, round_: int | None, **how: Any) -> int:
    """Take a record one step up: proposed, verified, live."""
    with session.registry(made=True) as (_, registry):
        show_record(session, registry.confirm(code, round=round_, **how))
    return 0


@click.command(cls=Verb)
@change_options
@click.option("--outcome", default="agrees", show_default=True, metavar="WORD",
              help="What was found: agrees, differs, not_found.")  # fmt: skip
@click.pass_obj
def visit(session: Session, /, code: str, outcome: str, **how: Any) -> int:
    """Write down a round of verification on the spot, three at most.

    The first that agrees makes a proposed address verified, the third, where it agrees, live.
    """
    with session.registry(made=True) as (_, registry):
        show_record(session, registry.visit(code, outcome, **how))
    return 0


@click.command(cls=Verb)
@change_options
@click.pass_obj
def retire(session: Session, /, code: str, **how: Any) -> int:
    """End a code without a successor. It still answers."""
    with session.registry(made=True) as (_, registry):
        show_record(session, registry.retire(code, **how))
    return 0


@click.command(cls=Verb)
@changes_options
@click.pass_obj
def demolish(session: Session, /, codes: Sequence[str], **how: Any) -> int:
    """End the codes of what was pulled down, all or none. They still answer."""
    with session.registry(made=True) as (_, registry):
        _show_all(session, registry.demolish(codes, **how))
    return 0


@click.command(cls=Verb)
@change_options
@click.option("--by", multiple=True, required=True, metavar="CODE", help="What replaces it; repeat for several.")
@click.pass_obj
def supersede(session: Session, /, code: str, by: tuple[str, ...], **how: Any) -> int:
    """End a code in favour of others. It still answers, and names them."""
    with session.registry(made=True) as (_, registry):
        show_record(session, registry.supersede(code, by, **how))
    return 0


@click.command(cls=Verb)
@change_options
@click.option("--into", multiple=True, required=True, metavar="CODE", help="A flat's code; repeat for each.")
@click.pass_obj
def split(session: Session, /, code: str, into: tuple[str, ...], **how: Any) -> int:
    """End a building's code in favour of those of its flats, which must exist."""
    with session.registry(made=True) as (_, registry):
        show_record(session, registry.split(code, into, **how))
    return 0


@click.command(cls=Verb)
@changes_options
@click.option("--into", required=True, metavar="CODE", help="The code that stands for all of them.")
@click.pass_obj
def merge(session: Session, /, codes: Sequence[str], into: str, **how: Any) -> int:
    """End the codes of flats that became one, all or none, in favour of the one that must exist."""
    with session.registry(made=True) as (_, registry):
        _show_all(session, registry.merge(codes, into, **how))
    return 0


@click.command(cls=Verb)
@click.argument("code")
@click.pass_obj
def history(session: Session, code: str) -> int:
    """All that happened to an address, oldest first. With --json, one line an event."""
    with session.registry(made=True) as (_, registry):
        events = registry.history(code)
    if session.as_json:
        for event in events:
            print_json(event.to_dict())
        return 0
    rows = (
        (str(e.number), e.at, word(e.kind, session.lang), e.actor, e.reason, str(e.details.get("evidence", "")))
        for e in events
    )
    print_columns(("number", "at", "kind", "actor", "reason", "evidence"), rows, session.lang)
    return 0


def _show_all(session: Session, records: Sequence[AddressRecord]) -> None:
    for number, record in enumerate(records):
        if number and not session.as_json:
            print()
        show_record(session, record)
