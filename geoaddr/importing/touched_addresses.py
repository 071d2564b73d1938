"""The addresses of a registry that lie in the units which a resolution touches. Reads only; no code changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geoaddr.errors import UnknownUnit
from geoaddr.importing.amend import Plan
from geoaddr.importing.resolution import Act
from geoaddr.locating import Locator
from geoaddr.model import AddressRecord

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 2**14


class TouchedAddress(NamedTuple):
    """A code, whatever its status; the unit that it lies in and what that becomes: ``into`` is ``None`` where
    the part of a divided commune is not known."""

    ndas: str
    status: str
    action: str
    unit: str
    into: str | None


def touched_addresses(records: Iterable[AddressRecord], plan: Plan, locator: Locator) -> Iterator[TouchedAddress]:
    """The touched ones among ``records``, in their order; one line for each thing that happens to an address.

    On exact boundaries the point decides in which commune of the pack's date an address lies, else the commune
    that it was filed under.
    """
    waiting = iter(records)
    while chunk := list(islice(waiting, CHUNK)):
        for record, commune in zip(chunk, _communes(chunk, locator), strict=True):
            if commune is not None:
                yield from _followed(record, commune, plan, locator)


def _communes(records: list[AddressRecord], locator: Locator) -> list[str | None]:
    """The commune of the pack's date that each address lies in."""
    filed = [_filed(record, locator) for record in records]
    if locator.info.boundary_accuracy != "exact":
        return filed
    lat, lon = (np.array([getattr(r.point, axis) for r in records], dtype=np.float64) for axis in ("lat", "lon"))
    hits = locator.rows_at(lat, lon)
    several: dict[int, set[str]] = {}
    for at, row in zip(hits.multi_rows.tolist(), hits.multi_units.tolist(), strict=True):
        several.setdefault(at, set()).add(locator.codes[row])
    return [_chosen(at, hits.primary, several, filed, locator) for at in range(len(records))]


def _chosen(
    at: int, primary: NDArray[np.int32], several: dict[int, set[str]], filed: list[str | None], locator: Locator
) -> str | None:
    """The commune by point; the filed one where several or none hold it."""
    if primary[at] < 0 or filed[at] in several.get(at, ()):
        return filed[at]
    return locator.codes[int(primary[at])]


def _filed(record: AddressRecord, locator: Locator) -> str | None:
    """The commune of the pack's date that all of the filed one lies in; ``None`` where it was divided."""
    code, day = record.commune_code, locator.info.date
    try:
        found = locator.gazetteer.translate(code, "commune", known_on=record.issued_on, as_of=day)
    except UnknownUnit:  # loaded with what its issuer wrote
        return None
    return found[0][0].code if len(found) == 1 else None


def _followed(record: AddressRecord, commune: str, plan: Plan, locator: Locator) -> Iterator[TouchedAddress]:
    """An address through all days of a resolution, from the commune that it lies in on the pack's date."""
    at: str | None = commune
    province = locator.gazetteer.unit(commune, as_of=locator.info.date).parent
    for day in plan.resolution.days:
        acts = [act for act in plan.resolution.acts if act.on == day]
        for act in acts:
            if act.into is None and act.unit in (at, province):
                became = act.parent if act.action == "transfer" else act.unit
                yield TouchedAddress(record.ndas, record.status, act.action, act.unit, became)
                province = act.parent or province
        shares = [act for act in acts if act.into is not None and act.unit == at]
        if shares:
            into = shares[0].into if len(shares) == 1 else _part(record, shares, plan)
            yield TouchedAddress(record.ndas, record.status, shares[0].action, shares[0].unit, into)
            at = into


def _part(record: AddressRecord, shares: list[Act], plan: Plan) -> str | None:
    """The part of a divided commune that holds the address."""
    import shapely

    drawn = next((each for each in plan.redrawn if each.day == shares[0].on), None)
    for act in shares:
        piece = drawn.pieces.get((act.unit, str(act.into))) if drawn else None
        if piece is not None and shapely.intersects_xy(piece, record.point.lon, record.point.lat):
            return act.into
    return None
