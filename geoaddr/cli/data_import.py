"""``geoaddr data import | fetch``: real boundaries into a complete pack."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Session, Verb, stopping
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.errors import Said

if TYPE_CHECKING:
    from geoaddr.importing.report import ImportReport

FILE = click.Path(path_type=Path)
STOPPED = Said("stopped, nothing was written", "đã dừng, chưa ghi gì")
LEVELS = ("province", "district", "commune")


def _import_options(command: Any) -> Any:
    options: list[Callable[[Any], Any]] = [
        click.option("-o", "--out", required=True, metavar="PACK", type=FILE, help="The pack to write."),
        click.option("--code-column", metavar="COL", help="Column with the units' codes."),
        click.option("--name-column", metavar="COL", help="Column with their names."),
        click.option("--province-column", metavar="COL", help="Column with their provinces' codes."),
        click.option("--geometry-column", metavar="COL", help="Column with the polygons."),
        click.option("--level", type=click.Choice(LEVELS), help="Level of every row, or of those to take."),
        click.option("--valid-from", metavar="DATE", help="Add a layer that holds from this day on."),
        click.option("--valid-to", metavar="DATE", help="The first day on which it no longer does."),
        click.option("--layer", metavar="NAME", help="Which layer of a file that holds several."),
        click.option("--encoding", metavar="NAME", help="Of a shapefile that does not say."),
        click.option("--name", metavar="NAME", help="Name of the pack; by default the source's."),
        click.option("--check-names/--no-check-names", default=True, help="Refuse names of other codes."),
        click.option("--overwrite", is_flag=True, help="Replace a pack that exists."),
        click.option("--report", "report_file", metavar="FILE", type=FILE, help="Write the whole report as JSON."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("import", cls=Verb)
@click.argument("source", type=FILE)
@_import_options
@click.pass_obj
def import_(session: Session, /, source: Path, out: Path, report_file: Path | None, **options: Any) -> int:
    """Make a complete pack from a layer of boundaries, and report what is wrong with it.

    SOURCE: GeoParquet, GeoPackage, GeoJSON, a shapefile, or a folder or zip of one GeoJSON file a unit.
    Units, names and postcodes come from the pack in use. Columns are found by their usual names. With
    --valid-from the layer stands beside those of the pack in use, for its own days.
    """
    from geoaddr.importing.layer_import import import_layer

    with stopping(STOPPED):
        made = import_layer(source, out, base=session.open_pack(), report=teller(session), **_choices(options))
    return _tell(session, made, out, report_file)


@click.command(cls=Verb)
@click.argument("url")
@_import_options
@click.option("--sha256", metavar="SUM", help="Refuse a file with another sum.")
@click.pass_obj
def fetch(
    session: Session, /, url: str, out: Path, sha256: str | None, report_file: Path | None, **options: Any
) -> int:
    """Download a layer of boundaries and import it.

    Nobody but you checks that the file is the right one: give its SHA-256 if you know it.
    """
    from geoaddr.importing.fetch import fetch as fetch_layer

    with stopping(STOPPED):
        made = fetch_layer(
            url, out, base=session.open_pack(), sha256=sha256, report=teller(session), **_choices(options)
        )
    return _tell(session, made, out, report_file)


def _choices(options: dict[str, Any]) -> dict[str, Any]:
    roles = {"code": "code", "name": "name", "province_code": "province", "geometry": "geometry"}
    columns = {role: options.pop(f"{flag}_column") for role, flag in roles.items()}
    return {**options, "columns": columns}


def teller(session: Session) -> Callable[[Said], None]:
    """Each step is named before it begins, on a line of its own."""

    def tell(step: Said) -> None:
        print(f"{step.in_language(session.lang)} …", file=sys.stderr, flush=True)

    return tell


def _tell(session: Session, made: ImportReport, out: Path, report_file: Path | None) -> int:
    if report_file is not None:
        report_file.write_text(json.dumps(made.to_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if session.as_json:
        print_json(made.to_dict())
    else:
        print(made.text(session.lang))
        print()
        use = f"export GEOADDR_PACK={shlex.quote(str(out.absolute()))}"
        print_fields([("written", str(out)), ("next", f"{use}  ({word('to_use', session.lang)})")], session.lang)
    return 0
