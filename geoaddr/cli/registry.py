"""``geoaddr registry``: making, filling, reading and proving a registry."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geoaddr.cli.frame import Lazy, Session, Verb, Verbs
from geoaddr.cli.labels import label, word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.progress import Bar
from geoaddr.cli.refusals import NEGATIVE
from geoaddr.errors import InvalidInput, Said, SchemaMismatch, UnknownUnit
from geoaddr.text.figures import figure

if TYPE_CHECKING:
    from geoaddr.registry import Registry

SHOWN_ERRORS = 10

registry = Verbs(
    name="registry",
    lazy={
        "init": Lazy("geoaddr.cli.registry:init", "Make the registry, or bring an older one forward."),
        "load": Lazy("geoaddr.cli.registry:load", "Bring in existing records with their codes."),
        "export": Lazy("geoaddr.cli.registry:export", "Write every record."),
        "stats": Lazy("geoaddr.cli.registry:stats", "Totals by status, the fullest areas."),
        "backup": Lazy("geoaddr.cli.registry:backup", "Copy the registry, history and key included."),
        "verify": Lazy("geoaddr.cli.registry:verify", "Prove that the registry is sound."),
        "confirm": Lazy("geoaddr.cli.lifecycle:confirm", "Take a record one step up: proposed, verified, live."),
        "retire": Lazy("geoaddr.cli.lifecycle:retire", "End a code without a successor."),
        "supersede": Lazy("geoaddr.cli.lifecycle:supersede", "End a code in favour of others."),
        "visit": Lazy("geoaddr.cli.lifecycle:visit", "Write down a round of verification on the spot."),
        "amend": Lazy("geoaddr.cli.amend:amend", "Change an address that keeps its code."),
        "rename-street": Lazy(
            "geoaddr.cli.rename_street:rename_street", "Give a street of a commune another name."
        ),
        "split": Lazy("geoaddr.cli.lifecycle:split", "End a building's code in favour of its flats'."),
        "merge": Lazy("geoaddr.cli.lifecycle:merge", "End the codes of flats that became one."),
        "demolish": Lazy("geoaddr.cli.lifecycle:demolish", "End the codes of what was pulled down."),
        "erase": Lazy("geoaddr.cli.erase:erase", "Erase an address on the ground of privacy, for good."),
        "show": Lazy("geoaddr.cli.past:show", "The record of a code, now or as it was."),
        "formerly": Lazy("geoaddr.cli.past:formerly", "Which codes had an address before."),
        "review": Lazy("geoaddr.cli.review:review", "What people should look at, with the evidence."),
        "reserve": Lazy("geoaddr.cli.sync:reserve", "Set codes apart for a team without a connection."),
        "sync": Lazy("geoaddr.cli.sync:sync", "Apply a postman's day, once."),
        "changes": Lazy("geoaddr.cli.changes:changes", "What happened to all addresses since."),
        "history": Lazy("geoaddr.cli.lifecycle:history", "All that happened to an address."),
    },
    help="Registries: which household has which code, for life.",
)


@click.command(cls=Verb)
@click.pass_obj
def init(session: Session) -> int:
    """Make the registry, or bring one of an older schema forward, with the keys of its service. An existing one
    keeps its records."""
    with session.registry() as (url, opened):
        older = _is_older(opened)
        made = opened.store.create()
        keys = _keys_brought_forward(session)
        if session.as_json:
            told = {"created": made, "brought_forward": older, "keys_brought_forward": keys}
            print_json({"store": url, **told, **opened.stats()})
        else:
            outcome = "made" if made else "brought_forward" if older else "existed"
            fields = [("store", url), ("outcome", word(outcome, session.lang))]
            if keys:
                fields.append(("keys", word("brought_forward", session.lang)))
            print_fields(fields, session.lang)
    return 0


def _keys_brought_forward(session: Session) -> bool:
    """Whether there were keys of an earlier schema."""
    from geoaddr.cli.keys import keys_url
    from service.keys.database import open_database

    with closing(open_database(keys_url(session))) as keys:
        return keys.bring_forward()


def _is_older(registry: Registry) -> bool:
    """Whether the registry cannot be read before it is brought forward."""
    try:
        registry.exists()
        registry.stats()
    except SchemaMismatch:
        return True
    return False


@click.command(cls=Verb)
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--actor", default="", metavar="NAME", help="Who loads, for the history.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the history.")
@click.pass_obj
def load(session: Session, source: Path, actor: str, reason: str) -> int:
    """Bring in existing records with their codes: CSV, Parquet or Excel.

    Columns: docs/reference/registry-load.md. A record that is there already is left alone, so a load may be
    repeated. Exit code 1: some rows were refused; the others are loaded.
    """
    from geoaddr.cli.records import load_batches

    with session.registry() as (_, opened), Bar(sys.stderr) as bar, load_batches(source, bar.show) as batches:
        report = opened.load_batches(batches, actor=actor, reason=reason, known=_communes_of(session))
    if session.as_json:
        print_json(report.to_dict())
        return NEGATIVE if report.refused else 0
    counts = ("rows", "loaded", "unchanged", "refused")
    print_fields([(name, figure(getattr(report, name), session.lang)) for name in counts], session.lang)
    for error in report.errors[:SHOWN_ERRORS]:
        where = f"{label('row', session.lang)} {error.row}, {error.field} '{error.value}'"
        print(f"  {where}: {error.reason.in_language(session.lang)}")
    return NEGATIVE if report.refused else 0


def _communes_of(session: Session) -> Callable[[str, dt.date], bool]:
    """Whether the pack in use knows a commune on a day."""
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.pack import Pack
    from geoaddr.wiring import pack_path

    gazetteer = Gazetteer.from_pack(Pack.open(pack_path(session.pack)))

    def known(code: str, day: dt.date) -> bool:
        try:
            return bool(gazetteer.unit(code, level="commune", as_of=day))
        except UnknownUnit:
            return False

    return known


@click.command(cls=Verb)
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path),
              help="Write CSV (.csv, .tsv, .txt) or Parquet that load reads, or a GeoPackage, not JSON Lines on "
              "standard output.")  # fmt: skip
@click.option("--history", metavar="FILE", type=click.Path(path_type=Path),
              help="Write all events too, of the same state: .csv or .parquet.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace files that exist.")
@click.pass_obj
def export(session: Session, out: Path | None, history: Path | None, overwrite: bool) -> int:
    """Write every record, of any status, by code; all of one state. The issuing key is not in it.

    For a complete copy with key, see backup.
    """
    if history is not None and out is None:
        said = Said("goes with --out", "đi cùng --out")
        raise InvalidInput("history", str(history), said)
    with session.registry(made=True) as (_, opened):
        if out is None:
            for record in opened.export():
                print_json(record.to_dict())
            return 0
        from geoaddr.cli.records import export_files

        written = export_files(opened, out, history, overwrite=overwrite)
    if session.as_json:
        print_json(written)
    else:
        fields = [(n, figure(v, session.lang) if isinstance(v, int) else v) for n, v in written.items()]
        print_fields(fields, session.lang)
    return 0


@click.command(cls=Verb)
@click.pass_obj
def stats(session: Session) -> int:
    """Totals by status, events, other codes, and the areas that have issued most."""
    with session.registry(made=True) as (url, opened):
        found = {"store": url, **opened.stats()}
    if session.as_json:
        print_json(found)
        return 0
    by_status = [
        f"{figure(n, session.lang)} {word(status, session.lang)}" for status, n in found.pop("by_status").items()
    ]
    fullest = [f"{area['area']}: {figure(area['position'], session.lang)}" for area in found.pop("fullest_areas")]
    rows = [
        (name, figure(value, session.lang) if isinstance(value, int) else str(value))
        for name, value in found.items()
    ]
    print_fields([*rows, ("by_status", by_status), ("fullest_areas", fullest)], session.lang)
    return 0


@click.command(cls=Verb)
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.pass_obj
def backup(session: Session, target: Path, overwrite: bool) -> int:
    """Copy the registry while it is in use, history and issuing key included. Keep the copy secret."""
    with session.registry(made=True) as (url, opened):
        opened.backup(target, overwrite=overwrite)
    if session.as_json:
        print_json({"store": url, "file": str(target), "bytes": target.stat().st_size})
    else:
        print_fields([("store", url), ("file", str(target))], session.lang)
    return 0


@click.command(cls=Verb)
@click.pass_obj
def verify(session: Session) -> int:
    """Prove that the registry is sound: storage, codes, histories, successors, postcodes by the pack in use.

    Exit code 1: it is not.
    """
    from geoaddr.gazetteer import Gazetteer

    gazetteer = Gazetteer.from_pack(session.open_pack())
    with session.registry(made=True) as (url, opened):
        problems = opened.verify(lambda commune, day: gazetteer.postcode(commune, as_of=day))
    if session.as_json:
        found = [{"kind": p.kind, "ndas": p.ndas, "reason": p.said._asdict()} for p in problems]
        print_json({"store": url, "sound": not problems, "problems": found})
        return NEGATIVE if problems else 0
    lines = [f"{problem.ndas or '-'}: {problem.said.in_language(session.lang)}" for problem in problems]
    print_fields([("store", url), ("problems", lines or word("none_found", session.lang))], session.lang)
    return NEGATIVE if problems else 0
