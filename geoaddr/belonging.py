"""Which units a household of the registry belongs to on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from geoaddr.dated_locating import DatedLocator
from geoaddr.errors import UnknownUnit
from geoaddr.locating import Locator, UnitView
from geoaddr.model import AddressRecord, Located, Unit
from geoaddr.profiles.vn import REFORM


class Belonging(NamedTuple):
    """The province and commune of a household, and the commune's postcode; ``None`` for what is not certain."""

    province: Unit | None
    commune: Unit | None
    postcode: str | None


def belonging(locator: Locator, record: AddressRecord, located: Located) -> Belonging:
    """The units of a record whose point was ``located``, on the day for which it was.

    An exact polygon outranks what the record was filed under; an approximate cell does not.
    """
    return by_units(locator, record, located, located.as_of) or as_filed(locator, record, located.as_of)


def belonging_on(locator: Locator, record: AddressRecord, as_of: dt.date) -> Belonging:
    """:func:`belonging` of a record whose point is yet to be located."""
    return by_units(locator, record, locator.units_at(record.point, as_of), as_of) or as_filed(
        locator, record, as_of
    )


def by_units(
    locator: Locator, record: AddressRecord, units: Located | UnitView, as_of: dt.date
) -> Belonging | None:
    """The units of the polygons that a record's point lies in, where they outrank what it was filed under; the day
    of issue has no say in that."""
    if _trusts_boundary(locator, record, units.commune, as_of):
        return Belonging(units.province, units.commune, units.postcode)
    return None


def communes_by_point(
    locator: Locator, points: Sequence[tuple[float, float]], day: dt.date
) -> list[str | None] | None:
    """For households at points (lat, lon) the codes of the communes of :func:`belonging_on`, where one polygon
    alone holds the point; ``None`` in place of all where boundaries do not tell."""
    if day < REFORM or locator.info.boundary_accuracy != "exact" or _has_areas(locator, day):
        return None
    here = locator.on(day)
    if not here.layer.holds(day):
        return None
    import numpy as np

    lat, lon = np.array(points, dtype=np.float64).reshape(-1, 2).T.copy()
    hits = here.rows_at(lat, lon)
    found = [here.codes[row] if row >= 0 else None for row in hits.primary.tolist()]
    for row in hits.multi_rows.tolist():
        found[row] = None
    return found


def _has_areas(locator: Locator, day: dt.date) -> bool:
    """Whether polygons of provinces or districts have a say."""
    return isinstance(locator, DatedLocator) and locator.areas_on(day) is not None


def as_filed(locator: Locator, record: AddressRecord, as_of: dt.date) -> Belonging:
    """The units that a record was filed under, carried to a day, wherever its point is."""
    province, commune = _of_record(locator, record, as_of)
    postcode = locator.gazetteer.postcode(commune.code, as_of=as_of) if commune else None
    return Belonging(province, commune, postcode)


def province_of(locator: Locator, unit: Unit | None, as_of: dt.date) -> Unit | None:
    """The province that holds a unit, or that it is."""
    while unit is not None and unit.level != "province" and unit.parent is not None:
        unit = locator.gazetteer.unit(unit.parent, as_of=as_of)
    return unit


def _trusts_boundary(locator: Locator, record: AddressRecord, commune: Unit | None, as_of: dt.date) -> bool:
    if locator.info.boundary_accuracy != "exact" or commune is None:
        return False
    if as_of < REFORM or commune.code == record.commune_code:
        return True
    return record.commune_code not in locator.on(as_of).commune_codes_at(record.point)


def _of_record(locator: Locator, record: AddressRecord, as_of: dt.date) -> tuple[Unit | None, Unit | None]:
    """The province and commune the record was filed under, carried to another date as far as is certain:
    one commune, or the province that all it may have been share. An island district had no communes."""
    try:
        carried = locator.gazetteer.translate(
            record.commune_code, "commune", known_on=record.issued_on, as_of=as_of
        )
    except UnknownUnit:  # records that were loaded carry what their issuer wrote
        return None, None
    units = [unit for unit, _ in carried]
    provinces = {province_of(locator, unit, as_of) for unit in units}
    commune = units[0] if len(units) == 1 and units[0].level == "commune" else None
    return (provinces.pop() if len(provinces) == 1 else None), commune
