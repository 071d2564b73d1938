"""Streets and places that many texts ask for without a number: their middles and spellings, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.finding.asking import Name
from geoaddr.finding.geocoder import components_named
from geoaddr.finding.homes import Homes
from geoaddr.finding.labels import SAMPLE, label, spelling
from geoaddr.finding.middle_columns import Groups, Ints, middles
from geoaddr.model import Components
from geoaddr.store import Filed, House, Kind, Reads

_ROW = np.dtype([("group", "i8"), ("code", "i8"), ("lat", "f8"), ("lon", "f8")])

CODES = 10**10
"""More than any code as a number."""

MOST = 256
"""Names whose addresses are held at once: a street has hundreds, and each takes some 200 bytes."""


class Named(NamedTuple):
    """A name that is asked for in one commune of today."""

    name: Name
    commune: str


class Middle(NamedTuple):
    """The known address nearest to the middle of a street or place, the radius about it that holds most of them,
    and how it is written, with its units."""

    lat: float
    lon: float
    uncertainty_m: float
    label: str


def middles_of(reads: Reads, homes: Homes, asked: Sequence[Named]) -> dict[Named, Middle]:
    """The middles of those of some names that are borne by an address that lies in their commune."""
    found: dict[Named, Middle] = {}
    for kind in ("street", "place"):
        some = sorted((each for each in asked if each.name.kind == kind), key=_where)
        found.update(_kept(reads, homes, kind, some))
        left = [each for each in some if each not in found]
        for first in range(0, len(left), MOST):
            found.update(_of_kind(reads, homes, kind, left[first : first + MOST]))
    return found


def _kept(reads: Reads, homes: Homes, kind: Kind, asked: Sequence[Named]) -> Iterator[tuple[Named, Middle]]:
    """The middles that need not be worked out: all addresses lie in the commune, wherever its borders are."""
    told = reads.middles(kind, [(each.name.key, homes.filings_of(each.commune).codes) for each in asked])
    for each, kept in zip(asked, told, strict=True):
        if kept is None:
            continue
        filings = homes.filings_of(each.commune)
        if each.commune in filings.communes(kept.filed) and not filings.divided(kept.filed, homes.present):
            named = components_named(each.name, kept.written)
            written = label(named, homes.units(each.commune))
            yield each, Middle(kept.lat, kept.lon, kept.uncertainty_m, written)


def _where(named: Named) -> tuple[str, str]:
    """Neighbours are asked for together: engines keep them near one another."""
    return named.commune, named.name.key


def _of_kind(reads: Reads, homes: Homes, kind: Kind, asked: Sequence[Named]) -> Iterator[tuple[Named, Middle]]:
    lying = reads.lying(kind, [(each.name.key, homes.filings_of(each.commune).codes) for each in asked])
    if not lying.rows:
        return
    rows = np.fromiter(lying.rows, _ROW, len(lying.rows))
    kept = np.flatnonzero(_inside(homes, asked, lying.groups, rows))
    if not len(kept):
        return
    at = np.array([at for at, _ in lying.groups])[rows["group"][kept]]
    by_code = np.argsort(at * CODES + rows["code"][kept])
    at, kept = at[by_code], kept[by_code]
    groups = Groups.of_sorted(at)
    codes, lat, lon = (rows[name][kept] for name in ("code", "lat", "lon"))
    told = middles(lat, lon, groups)
    stated = _stated(reads, codes, groups)
    for which, written, y, x, reach in zip(at[groups.begins].tolist(), stated, *told, strict=True):
        each = asked[which]
        named = components_named(each.name, spelling(kind, each.name.key, map(homes.lines.likely, written)))
        yield each, Middle(y, x, reach, label(named, homes.units(each.commune)))


def _inside(
    homes: Homes, asked: Sequence[Named], groups: Sequence[tuple[int, Filed]], rows: Any
) -> NDArray[np.bool_]:
    """Which addresses, each of a group, lie in the commune in which they are asked for."""
    inside, doubtful = np.zeros((2, len(groups)), dtype=bool)
    for group, (at, filed) in enumerate(groups):
        filings = homes.filings_of(asked[at].commune)
        inside[group] = asked[at].commune in filings.communes(filed)
        doubtful[group] = inside[group] and filings.divided(filed, homes.present)
    found: NDArray[np.bool_] = inside[rows["group"]]
    for row in np.flatnonzero(doubtful[rows["group"]]).tolist():
        group, code, lat, lon = rows[row].tolist()
        at, filed = groups[group]
        commune = asked[at].commune
        house = House(f"{code:010}", filed, None, lat, lon)
        found[row] = homes.lies_in(house, commune, homes.filings_of(commune))
    return found


def _stated(reads: Reads, codes: Ints, groups: Groups) -> list[list[Components]]:
    """What a sample of each group of addresses states of names; one for all where they say the same."""
    begins, counts = groups.begins.tolist(), groups.counts.tolist()
    samples = [codes[a : a + min(n, SAMPLE)].tolist() for a, n in zip(begins, counts, strict=True)]
    told = reads.naming([code for sample in samples for code in sample])
    found: list[list[Components]] = []
    for sample in samples:
        said = [told[code] for code in sample if code in told]
        found.append(said[:1] if all(each is said[0] for each in said) else said)
    return found
