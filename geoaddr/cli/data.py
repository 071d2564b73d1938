"""``geoaddr data``: packs, their making and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from geoaddr.cli.frame import Lazy, Session, Verb, Verbs
from geoaddr.cli.labels import label, word
from geoaddr.cli.output import print_fields, print_json
from geoaddr.cli.views import Rows
from geoaddr.text.figures import figure, megabytes

if TYPE_CHECKING:
    from geoaddr.boundaries.vintages import Vintage
    from geoaddr.pack import Pack

data = Verbs(
    name="data",
    lazy={
        "info": Lazy("geoaddr.cli.data:info", "What a pack holds, and where it comes from."),
        "check": Lazy("geoaddr.cli.data_check:check", "Prove a pack's invariants; measure its boundaries."),
        "import": Lazy("geoaddr.cli.data_import:import_", "A pack with real boundaries, from a file or folder."),
        "fetch": Lazy("geoaddr.cli.data_import:fetch", "Download boundaries, then import them."),
        "export": Lazy("geoaddr.cli.data_export:export", "Boundaries as GeoJSON, GeoPackage or GeoParquet."),
        "tiles": Lazy("geoaddr.cli.data_tiles:tiles", "Draw the outlines of the map beforehand."),
        "amend": Lazy("geoaddr.cli.data_amend:amend", "Apply a resolution to the pack in use."),
        "build": Lazy("geoaddr.cli.data_build:build", "The embedded pack, from its sources in a checkout."),
    },
    help="Packs: gazetteer and boundaries in one file.",
)


@click.command(cls=Verb)
@click.pass_obj
def info(session: Session) -> int:
    """What the pack in use holds, and where it comes from."""
    opened = session.open_pack()
    if session.as_json:
        from geoaddr.boundaries.vintages import Vintages

        known = {"file": str(opened.path), **opened.info.to_dict(), "bytes": opened.path.stat().st_size}
        vintages = Vintages(opened, opened.info.date, opened.info.boundary_accuracy)
        known["layers"] = [{**layer.info.to_dict(), "units": len(layer.codes)} for layer in vintages.all]
        print_json({**known, "meta": dict(opened.meta), "sections": len(opened.sections)})
    else:
        print_fields(_rows(opened, session.lang), session.lang)
    return 0


def _rows(pack: Pack, lang: str) -> Rows:
    from geoaddr.boundaries.vintages import Vintages
    from geoaddr.gazetteer import Gazetteer
    from geoaddr.model import Level

    levels: tuple[Level, ...] = ("province", "commune")
    gazetteer = Gazetteer.from_pack(pack)
    yield "file", str(pack.path)
    yield "name", pack.info.name
    yield "version", pack.info.version
    yield "date", pack.info.date.isoformat()
    yield "boundary_accuracy", word(pack.info.boundary_accuracy, lang)
    layers = Vintages(pack, pack.info.date, pack.info.boundary_accuracy).all
    yield "layers", [_layer(layer, lang) for layer in layers if len(layers) > 1]
    counts = {x: len(gazetteer.units(x, as_of=pack.info.date)) for x in levels}
    yield "units", [f"{label(level, lang)}: {figure(count, lang)}" for level, count in counts.items()]
    yield "size", megabytes(pack.path.stat().st_size, lang)
    for name, value in pack.meta.items():
        if name == "layers":  # told above
            continue
        if name == "commune_confidence":
            yield name, word("confidence", lang).format(share=figure(value, lang, ".0%"))
        else:
            yield name, _fact(value, lang)


def _layer(layer: Vintage, lang: str) -> str:
    """A layer on one line: its level, days, units, accuracy and source."""
    info = layer.info
    until = info.valid_to.isoformat() if info.valid_to else "…"
    accuracy = word(info.accuracy, lang).partition(":")[0]
    return (
        f"{label(info.level, lang)}: [{info.valid_from}, {until}), {figure(len(layer.codes), lang)}, {accuracy}"
        + (f" ({info.source})" if info.source else "")
    )


def _fact(value: Any, lang: str) -> list[str]:
    """A fact of the pack's own on short lines; what lies deeper is for ``--json``."""
    if isinstance(value, Mapping):
        shown = ((label(name, lang), part) for name, part in value.items() if isinstance(part, str | int | float))
        return [f"{name}: {_plain(part, lang)}" for name, part in shown]
    if isinstance(value, list):
        origins = (_origin(each) for each in value if isinstance(each, Mapping))
        return list(dict.fromkeys(origins))
    return [_plain(value, lang)]


def _plain(value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    return figure(value, lang) if isinstance(value, int | float) else str(value)


def _origin(source: Mapping[str, Any]) -> str:
    """Where a source comes from, on one line."""
    named = " ".join(str(source[key]) for key in ("origin", "version") if source.get(key))
    return f"{named} ({source['licence']})" if source.get("licence") else named
