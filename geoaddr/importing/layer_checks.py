"""Proofs that the layers of a pack fit its gazetteer: every code is a unit on the days of its layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from geoaddr.boundaries.vintages import Vintage, Vintages
from geoaddr.gazetteer import Gazetteer
from geoaddr.importing.checks import Check
from geoaddr.importing.dated_layers import last_day
from geoaddr.pack import Pack

NONE = "none against it"


def check_layers(pack: Pack, gazetteer: Gazetteer) -> Iterator[Check]:
    """Two invariants over all layers, and for each dated layer how many of its level's units it has.

    A layer need not be complete, so a count below the gazetteer's is told and is no failure.
    """
    layers = Vintages(pack, pack.info.date, pack.info.boundary_accuracy).all
    layers = [layer for layer in layers if layer.prefix + ".codes" in pack]
    yield _check(
        "every polygon is a unit of its layer's days",
        [o for layer in layers for o in _strangers(layer, gazetteer)],
    )
    yield _check(
        "every layer has a code for each polygon, in order", [o for layer in layers for o in _disorder(layer)]
    )
    if len(layers) > 1:
        for layer in layers:
            known = len(gazetteer.units(layer.info.level, as_of=layer.info.valid_from))
            yield Check(
                f"{layer.info.level} polygons from {layer.info.valid_from}",
                True,
                str(len(layer.codes)),
                str(known),
            )


def _strangers(layer: Vintage, gazetteer: Gazetteer) -> Iterator[str]:
    info = layer.info
    for day in (info.valid_from, last_day(info.valid_to, info.valid_from, gazetteer.date)):
        known = {unit.code for unit in gazetteer.units(info.level, as_of=day)}
        yield from (f"{code} on {day}" for code in layer.codes if code not in known)


def _disorder(layer: Vintage) -> Iterator[str]:
    codes = layer.codes
    if len(codes) != len(layer.index):
        yield f"{layer.prefix}: {len(codes)} codes, {len(layer.index)} polygons"
    if any(a >= b for a, b in pairwise(codes)):
        yield f"{layer.prefix}: not ascending"


def _check(name: str, offenders: list[str]) -> Check:
    rest = f"; … {len(offenders)} in all" if len(offenders) > 5 else ""
    return Check(name, not offenders, "; ".join(offenders[:5]) + rest or NONE, NONE)
