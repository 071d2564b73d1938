"""Streets and places that many texts ask for without a number: their middles and spellings, all at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geoaddr.distance import metres_a_degree
from geoaddr.finding.asking import Name
from geoaddr.finding.geocoder import components_named
from geoaddr.finding.homes import Homes
from geoaddr.finding.labels import SAMPLE, label, spelling
from geoaddr.finding.points import FEW, LEAST_M, SURE, UNSEEN_M
from geoaddr.model import Components
from geoaddr.store import Filed, House, Kind, Reads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
        for first in range(0, len(some), MOST):
            found.update(_of_kind(reads, homes, kind, some[first : first + MOST]))
    return found


def _where(named: Named) -> tuple[str, str]:
    """Neighbours are asked for together: engines keep them near one another."""
    return named.commune, named.name.key


def _of_kind(reads: Reads, homes: Homes, kind: Kind, asked: Sequence[Named]) -> Iterator[tuple[Named, Middle]]:
    lying = reads.lying(kind, [(each.name.key, homes.filings_of(each.commune).codes) for each in asked])
    if not lying.rows:
        return
    numbers = np.fromiter(chain.from_iterable(lying.rows), np.float64, 4 * len(lying.rows))  # exact below 2**53
    lat, lon = numbers[2::4], numbers[3::4]
    of, codes = numbers[0::4].astype(np.int64), numbers[1::4].astype(np.int64)
    order = np.flatnonzero(_inside(homes, asked, lying.groups, of, codes, lat, lon))
    at = np.array([at for at, _ in lying.groups])[of]
    order = order[np.lexsort((codes[order], at[order]))]
    at, codes, lat, lon = at[order], codes[order], lat[order], lon[order]
    begins = np.flatnonzero(np.diff(at, prepend=-1))
    ends = np.append(begins[1:], len(at))
    stated = _stated(reads, codes, begins, ends)
    for begin, end, written in zip(begins.tolist(), ends.tolist(), stated, strict=True):
        each = asked[at[begin]]
        y, x, reach = _middle(lat[begin:end], lon[begin:end])
        named = components_named(each.name, spelling(kind, each.name.key, written))
        yield each, Middle(y, x, reach, label(named, homes.units(each.commune)))


def _inside(
    homes: Homes,
    asked: Sequence[Named],
    groups: Sequence[tuple[int, Filed]],
    of: Ints,
    codes: Ints,
    lat: Floats,
    lon: Floats,
) -> NDArray[np.bool_]:
    """Which addresses, each of a group, lie in the commune in which they are asked for."""
    inside, doubtful = np.zeros((2, len(groups)), dtype=bool)
    for group, (at, filed) in enumerate(groups):
        filings = homes.filings_of(asked[at].commune)
        inside[group] = asked[at].commune in filings.communes(filed)
        doubtful[group] = inside[group] and filings.divided(filed, homes.present)
    found: NDArray[np.bool_] = inside[of]
    for row in np.flatnonzero(doubtful[of]).tolist():
        at, filed = groups[of[row]]
        commune = asked[at].commune
        house = House(f"{codes[row]:010}", filed, None, float(lat[row]), float(lon[row]))
        found[row] = homes.lies_in(house, commune, homes.filings_of(commune))
    return found


def _stated(reads: Reads, codes: Ints, begins: Ints, ends: Ints) -> list[list[Components]]:
    """What a sample of each group of addresses states of names; one for all where they say the same."""
    samples = [codes[a : min(a + SAMPLE, b)].tolist() for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]
    told = reads.naming([code for sample in samples for code in sample])
    found: list[list[Components]] = []
    for sample in samples:
        said = [told[code] for code in sample if code in told]
        found.append(said[:1] if all(each is said[0] for each in said) else said)
    return found


def _middle(lat: Floats, lon: Floats) -> tuple[float, float, float]:
    """:func:`geoaddr.finding.points.middle` of addresses by code ascending."""
    away = _off(lat, lon, _median(lat), _median(lon))
    nearest = int(np.argmin(away))
    y, x = float(lat[nearest]), float(lon[nearest])
    count = len(lat)
    reach = math.sqrt(np.sort(_off(lat, lon, y, x))[min(count - 1, math.ceil(SURE * count) - 1)])
    if count < FEW:
        reach = max(reach, UNSEEN_M)
    return y, x, max(LEAST_M, round(reach, 1))


def _median(values: Floats) -> float:
    ordered, half = np.sort(values), len(values) // 2
    middle = ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return float(middle)


def _off(lat: Floats, lon: Floats, y: float, x: float) -> Floats:
    tall, wide = metres_a_degree(y)
    north, east = (lat - y) * tall, (lon - x) * wide
    found: Floats = north * north + east * east
    return found
