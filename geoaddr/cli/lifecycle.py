"""``geoaddr registry confirm | retire | supersede | history``: the life of an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_columns, print_fields, print_json
from geoaddr.cli.views import Rows, ndas_text, record_rows
from geoaddr.model import AddressRecord


def _change_options(command: Any) -> Any:
    options: list[Callable[[Any], Any]] = [
        click.argument("code"),
        click.option("--actor", default="", metavar="NAME", help="Who asks, for the history."),
        click.option("--reason", default="", metavar="TEXT", help="Why, for the history."),
        click.option("--expected-version", type=int, metavar="N", help="Refuse if the record changed since."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=Verb)
@_change_options
@click.option(
    "--round", "round_", type=click.IntRange(1, 3), metavar="N", help="Which verification round, 1 to 3."
)
@click.pass_obj
def confirm(session: Session, /, code: str, round_: int | None, **how: Any) -> int:
    """Take a record one step up: proposed, verified, live."""
    with session.registry(made=True) as (_, registry):
        _show(session, registry.confirm(code, round=round_, **how))
    return 0


@click.command(cls=Verb)
@_change_options
@click.pass_obj
def retire(session: Session, /, code: str, **how: Any) -> int:
    """End a code without a successor. It still answers."""
    with session.registry(made=True) as (_, registry):
        _show(session, registry.retire(code, **how))
    return 0


@click.command(cls=Verb)
@_change_options
@click.option("--by", multiple=True, required=True, metavar="CODE", help="What replaces it; repeat for several.")
@click.pass_obj
def supersede(session: Session, /, code: str, by: tuple[str, ...], **how: Any) -> int:
    """End a code in favour of others. It still answers, and names them."""
    with session.registry(made=True) as (_, registry):
        _show(session, registry.supersede(code, by, **how))
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
    else:
        rows = ((str(e.number), e.at, word(e.kind, session.lang), e.actor, e.reason) for e in events)
        print_columns(("number", "at", "kind", "actor", "reason"), rows, session.lang)
    return 0


def _show(session: Session, record: AddressRecord) -> None:
    if session.as_json:
        print_json(record.to_dict())
    else:
        print_fields(_rows(record, session.lang), session.lang)


def _rows(record: AddressRecord, lang: str) -> Rows:
    yield "ndas", ndas_text(record.ndas)
    yield "status", word(record.status, lang)
    yield from record_rows(record, lang)
    yield "superseded_by", [ndas_text(code) for code in record.superseded_by]
    yield "version", str(record.version)
