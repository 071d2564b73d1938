"""``geoaddr registry show | formerly``: a record as it is, as it was, and by what it was called before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from geoaddr.cli.frame import Session, Verb
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.cli.views import Rows, ndas_text, point_text, record_rows, unit_text
from geoaddr.model import AddressRecord, Unit, day_from

_PARTS = ("house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi", "text")


def _part_options(command: Any) -> Any:
    for name in reversed(_PARTS):
        flag = "--" + name.replace("_", "-")
        help_text = f"The {name.replace('_', ' ')} that it had."
        command = click.option(flag, name, multiple=name == "alley", metavar="TEXT", help=help_text)(command)
    return command


@click.command(cls=Verb)
@click.argument("code")
@click.option("--as-of", metavar="DATE", help="As it stood then: a day, or a time with its zone.")
@click.pass_obj
def show(session: Session, /, code: str, as_of: str | None) -> int:
    """The record of a code, of any status: now, or as it stood at a time. A day stands for its end."""
    with session.registry(made=True) as (_, registry):
        record = registry.get(code) if as_of is None else registry.as_of(code, as_of)
    show_record(session, record, () if session.as_json else _filed_under(session, record))
    return 0


def _filed_under(session: Session, record: AddressRecord) -> tuple[Unit, ...]:
    """The commune that a code was issued under and the units above it, as they were then; none where nobody
    knows it."""
    from geoaddr.errors import UnknownUnit
    from geoaddr.gazetteer import Gazetteer

    gazetteer, day, found = Gazetteer.from_pack(session.open_pack()), record.issued_on, []
    code: str | None = record.commune_code
    try:
        while code is not None:
            found.append(gazetteer.unit(code, as_of=day))
            code = found[-1].parent
    except UnknownUnit:
        pass
    return tuple(found)


@click.command(cls=Verb)
@_part_options
@click.option("--on", metavar="DATE", help="Only those that had it on this day.")
@click.pass_obj
def formerly(session: Session, /, on: str | None, **parts: Any) -> int:
    """Which codes had an address before it was amended. Capitals and accents make no difference.

    Exit code 1: none.
    """
    stated = {name: list(value) if name == "alley" else value for name, value in parts.items() if value}
    with session.registry(made=True) as (_, registry):
        found = registry.formerly(stated, on=None if on is None else day_from(on, "on"))
    for number, record in enumerate(found):
        if number and not session.as_json:
            print()
        show_record(session, record)
    return 0 if found else NEGATIVE


def show_record(session: Session, record: AddressRecord, units: Sequence[Unit] = ()) -> None:
    """A record for the person or the program that asked, with the units that it was filed under."""
    if session.as_json:
        print_json(record.to_dict())
    else:
        print_fields(_rows(record, session.lang, units), session.lang)


def _rows(record: AddressRecord, lang: str, units: Sequence[Unit]) -> Rows:
    yield "ndas", ndas_text(record.ndas)
    yield "status", word(record.status, lang)
    for unit in units:
        yield unit.level, unit_text(unit)
    if units:
        yield "postcode", record.ndas[:5]
    if record.status != "withdrawn":  # the point of a tombstone tells nothing
        yield from record_rows(record, lang)
    yield "entrances", [point_text(point) for point in record.entrances]
    yield "aliases", [f"{word(alias.system, lang)} {alias.code}" for alias in record.aliases]
    yield "superseded_by", [ndas_text(code) for code in record.superseded_by]
    yield "version", str(record.version)
