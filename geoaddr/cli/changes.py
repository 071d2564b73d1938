"""``geoaddr registry changes``: what happened to all addresses, for those who keep copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_columns, print_json
from geoaddr.cli.views import ndas_text

if TYPE_CHECKING:
    from geoaddr.model import Change
    from geoaddr.registry import Registry


@click.command(cls=Verb)
@click.option("--since", default="0", show_default=True, metavar="CURSOR",
              help="After this cursor; or from a day, or a time with its zone.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="So many at most; by default all.")
@click.pass_obj
def changes(session: Session, /, since: str, limit: int | None) -> int:
    """What happened to all addresses, in the order in which it was written down. With --json, one line an event.

    Each has a cursor: go on after the last one that you have seen.
    """
    with session.registry(made=True) as (_, registry):
        if session.as_json:
            for change in _read(registry, since, limit):
                print_json(change.to_dict())
            return 0
        rows = [
            (c.cursor, c.at, ndas_text(c.ndas), word(c.kind, session.lang), c.actor, c.reason)
            for c in _read(registry, since, limit)
        ]
    print_columns(("cursor", "at", "ndas", "kind", "actor", "reason"), rows, session.lang)
    return 0


def _read(registry: Registry, since: str, limit: int | None) -> Iterator[Change]:
    """Answers one after another until nothing is new."""
    from geoaddr.registry.feed import MAX_CHANGES

    left = limit
    while left is None or left > 0:
        found = registry.changes(since, limit=MAX_CHANGES if left is None else min(left, MAX_CHANGES))
        if not found.changes:
            return
        yield from found.changes
        since = found.cursor
        left = None if left is None else left - len(found.changes)
