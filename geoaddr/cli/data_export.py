"""``geoaddr data export``: boundaries out of the pack in use, for maps and GIS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from geoaddr.cli.data_import import teller
from geoaddr.cli.frame import Session, Verb, stopping
from geoaddr.cli.inputs import number
from geoaddr.cli.labels import word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.views import Rows
from geoaddr.errors import Said
from geoaddr.text.figures import figure, megabytes

if TYPE_CHECKING:
    from geoaddr.exporting.choosing import ExportLevel
    from geoaddr.exporting.report import ExportReport

STOPPED = Said("stopped, nothing was written", "đã dừng, chưa ghi gì")


@click.command(cls=Verb)
@click.option("-o", "--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="The file to write: .geojson, .gpkg or .parquet.")  # fmt: skip
@click.option("--level", type=click.Choice(["commune", "province"]), default="commune", show_default=True,
              help="Communes, or provinces joined of them.")  # fmt: skip
@click.option("--unit", "units", multiple=True, metavar="CODE",
              help="Only this unit, or the communes of this province; may be repeated.")  # fmt: skip
@click.option("--as-of", metavar="DATE", help="The units as on this day; by default the pack's date.")
@click.option("--tolerance-m", metavar="M", help="Simplify: no border moves by more than M metres.")
@click.option("--zoom", type=int, metavar="Z", help="Simplify by half a pixel of a web map, 4 to 22.")
@click.option("--overwrite", is_flag=True, help="Replace a file that exists.")
@click.pass_obj
def export(
    session: Session, /, out: Path, level: str, as_of: str | None, tolerance_m: str | None, **options: Any
) -> int:
    """Write boundaries as GeoJSON, GeoPackage or GeoParquet, simplified or to the last vertex.

    Simplified borders still fit: neighbours keep the same vertices, so that no gap or overlap opens.
    """
    from geoaddr.exporting.layer_export import export_layer

    with session.open() as ga, stopping(STOPPED):
        made = export_layer(
            ga.locator,
            out,
            level=cast("ExportLevel", level),
            as_of=ga.as_of(as_of),
            tolerance_m=None if tolerance_m is None else number("tolerance_m", tolerance_m),
            report=teller(session),
            **options,
        )
    if session.as_json:
        print_json(made.to_dict())
    else:
        print_fields(_rows(made, session.lang), session.lang)
    return 0


def _rows(made: ExportReport, lang: str) -> Rows:
    before, after = figure(made.vertices_before, lang), figure(made.vertices, lang)
    yield "file", made.file
    yield "boundary_accuracy", word(made.pack.boundary_accuracy, lang)
    yield "units", figure(made.units, lang)
    yield "missing", [f"{unit.full_name} ({unit.code})" for unit in made.missing]
    yield "tolerance", f"{figure(made.tolerance_m, lang, ',.4g')} m"
    yield "vertices", f"{before} → {after}" if before != after else after
    if made.largest_change is not None:
        change = made.largest_change
        yield "largest_change", f"{figure(change.percent, lang, '+.2f')} % {change.full_name} ({change.code})"
    yield "size", megabytes(made.bytes, lang)
