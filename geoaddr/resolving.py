"""Any code to what it names: every system whose form the text has, every reading inside the country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from geoaddr.areas import Areas
from geoaddr.belonging import as_filed, belonging_on, province_of
from geoaddr.boundaries.vintages import LayerInfo
from geoaddr.codes import clean, correction, geohash, ndas, plus_code, recognise, vpostcode, vpostcode_correction
from geoaddr.locating import PLUS_CODE_LENGTH, Locator, UnitView
from geoaddr.model import AddressRecord, Cell, Event, Reading, Resolved, Suggestion, System
from geoaddr.model.quick import unchecked
from geoaddr.registry import Registry

NOT_ISSUED = "not_issued"
COMPUTED = "computed"

FINE_DEGREES = 0.0002
"""Up to this height, a little more than a Plus Code of ten digits has (14 m), a cell is answered as a place. The
units of a larger one are those that all the ground in it shares, and it has no Vpostcode."""

MOST_UNITS = 64
"""A cell whose box meets more communes than this says nothing about any of them."""

HAIR = 1e-9
"""Degrees by which a cell is drawn in, so that what only touches its edge has no ground in it."""

_reading, _resolved = unchecked(Reading), unchecked(Resolved)


class Resolver:
    """Reads codes against the registry and the boundaries."""

    def __init__(self, locator: Locator, registry: Registry) -> None:
        self._locator = locator
        self._gazetteer = locator.gazetteer
        self._registry = registry
        self._areas: dict[LayerInfo, Areas] = {}

    def resolve(self, text: str, *, as_of: dt.date) -> Resolved:
        """Every reading of a code, in any spacing and case; for an NDAS code that was not issued, what it
        may have been meant as.

        A well-formed code of a place abroad has no reading.

        :raises InvalidCode: for a text that has the form of no system and is no slip away from one.
        """
        if type(text) is str and len(text) == ndas.DIGITS and clean.is_digits(text):  # this form and no other
            reading = self._ndas(text, as_of)
            if reading.status != NOT_ISSUED:
                return _resolved(text, (reading,))
        forms = recognise.forms(text)
        readings = [r for form in forms for r in self._readings(form.system, form.code, as_of)]
        suggestions = self._suggestions(text, {r.system for r in readings if r.status != NOT_ISSUED}, as_of)
        if not forms and not suggestions:
            raise recognise.refusal(text)
        return Resolved(input=text, readings=tuple(readings), suggestions=suggestions)

    def _suggestions(self, text: str, answered: set[System], as_of: dt.date) -> tuple[Suggestion, ...]:
        """What a code that names nothing may have been meant as; nothing where some reading stands."""
        if answered:
            return ()
        by_slip = correction.suggest(text, issued=self._registry.issued, area_known=self._area_known)
        return (
            *by_slip,
            *vpostcode_correction.suggest(
                text, areas_of=lambda postcode: self._areas_on(as_of).exactly(postcode, as_of)
            ),
        )

    def _readings(self, system: System, code: str, as_of: dt.date) -> Iterator[Reading]:
        if system == "ndas":
            yield self._ndas(code, as_of)
        elif system == "location_id":
            yield from self._location_id(code, as_of)
        elif system == "vpostcode":
            yield from self._vpostcode(code, as_of)
        elif system == "plus_code":
            yield from self._computed("plus_code", code, plus_code.decode(code), as_of)
        else:
            yield from self._computed("parcel", code, geohash.decode(code), as_of)

    def _ndas(self, code: str, as_of: dt.date) -> Reading:
        found = self._registry.find_with_history(code)
        if found is not None:
            return self._address("ndas", code, *found, as_of)
        communes = self._gazetteer.by_postcode(ndas.area(code), as_of=as_of)
        commune = communes[0] if len(communes) == 1 else None
        return Reading(
            system="ndas",
            code=code,
            status=NOT_ISSUED,
            commune=commune,
            province=province_of(self._locator, commune, as_of),
            postcode=ndas.area(code) if communes else None,
        )

    def _location_id(self, code: str, as_of: dt.date) -> Iterator[Reading]:
        records = self._registry.find_by_alias("location_id", code, on=as_of)
        for record in records:
            yield self._address("location_id", code, record, self._registry.store.events(record.ndas), as_of)
        if not records:
            yield Reading(system="location_id", code=code, status=NOT_ISSUED)

    def _address(
        self, system: System, code: str, record: AddressRecord, history: Sequence[Event], as_of: dt.date
    ) -> Reading:
        if record.status == "withdrawn":
            return self._withdrawn(system, code, record, history, as_of)
        province, commune, postcode = belonging_on(self._locator, record, as_of)
        row, column = plus_code.to_grid(record.point.lat, record.point.lon)
        located = plus_code.encode_grid(row, column, PLUS_CODE_LENGTH)
        return _reading(
            system=system,
            code=code,
            status=record.status,
            point=record.point,
            cell=plus_code.cell_around(row, column, PLUS_CODE_LENGTH),
            province=province,
            commune=commune,
            postcode=postcode,
            address=record,
            ndas=record.ndas,
            vpostcode=vpostcode.joined(postcode, located) if postcode else None,
            plus_code=located,
            aliases=record.aliases,
            superseded_by=record.superseded_by,
            history=tuple(history),
        )

    def _withdrawn(
        self, system: System, code: str, record: AddressRecord, history: Sequence[Event], as_of: dt.date
    ) -> Reading:
        """A code whose address was erased: where it was issued, and that it is taken."""
        province, commune, postcode = as_filed(self._locator, record, as_of)
        return Reading(
            system=system,
            code=code,
            status=record.status,
            province=province,
            commune=commune,
            postcode=postcode,
            ndas=record.ndas,
            aliases=(),
            superseded_by=(),
            history=tuple(history),
        )

    def _vpostcode(self, code: str, as_of: dt.date) -> Iterator[Reading]:
        """Every cell that a Vpostcode may name. Its postcode, where known, outranks the cell's middle: a cell
        on a border lies in several communes, and the code says which of them is meant."""
        areas, locator = (
            self._areas_on(as_of).of_postcode(code[: vpostcode.POSTCODE_DIGITS], as_of),
            self._on(as_of),
        )
        for found in vpostcode.decode(code, areas):
            row = areas[0].row if len(areas) == 1 else next(_rows_in(found.cell, locator), None)
            if row is not None:
                yield self._cell("vpostcode", code, found.cell, locator.view(row, as_of))

    def _computed(self, system: System, code: str, cell: Cell, as_of: dt.date) -> Iterator[Reading]:
        """The reading of a cell that lies in the country, with a part of it at least."""
        locator = self._on(as_of)
        if cell.north - cell.south <= FINE_DEGREES:
            row = next(_rows_in(cell, locator), None)
            if row is not None:
                yield self._cell(system, code, cell, locator.view(row, as_of))
            return
        rows = _rows_meeting(cell, locator)
        if rows or next(_rows_in(cell, locator), None) is not None:
            views = [locator.view(row, as_of) for row in rows]
            provinces, communes = {v.province for v in views}, {v.commune for v in views}
            yield Reading(
                system=system,
                code=code,
                status=COMPUTED,
                point=cell.centre,
                cell=cell,
                province=provinces.pop() if len(provinces) == 1 else None,
                commune=communes.pop() if len(communes) == 1 else None,
            )

    def _cell(self, system: System, code: str, cell: Cell, units: UnitView) -> Reading:
        centre, postcode = cell.centre, units.postcode
        return Reading(
            system=system,
            code=code,
            status=COMPUTED,
            point=centre,
            cell=cell,
            province=units.province,
            commune=units.commune,
            postcode=postcode,
            vpostcode=vpostcode.encode(centre.lat, centre.lon, postcode) if postcode else None,
            plus_code=plus_code.encode(centre.lat, centre.lon, PLUS_CODE_LENGTH),
        )

    def _on(self, as_of: dt.date) -> Locator:
        """The communes of a date, or of the nearest day that has polygons."""
        return self._locator.on(as_of)

    def _areas_on(self, as_of: dt.date) -> Areas:
        locator = self._on(as_of)
        if locator.layer not in self._areas:
            self._areas[locator.layer] = Areas(locator)
        return self._areas[locator.layer]

    def _area_known(self, area: str) -> bool:
        return bool(self._gazetteer.by_postcode(area, as_of=self._locator.info.date))


def _rows_meeting(cell: Cell, locator: Locator) -> list[int]:
    """Every boundary row with ground in a wide cell; none where the cell is too wide to be about a unit."""
    index = locator.index
    boxes = ((row, index.bounds(row)) for row in range(len(index)))
    near = [
        row for row, (w, s, e, n) in boxes if w < cell.east and cell.west < e and s < cell.north and cell.south < n
    ]
    if len(near) > MOST_UNITS:
        return []
    import shapely

    inside = shapely.box(cell.west + HAIR, cell.south + HAIR, cell.east - HAIR, cell.north - HAIR)
    return [row for row in near if shapely.intersects(index.polygon(row), inside)]


def _rows_in(cell: Cell, locator: Locator) -> Iterator[int]:
    """The boundary rows at the middle of a cell and at the other points of a lattice over it. The middle
    alone will not do: that of a house's cell on the shore may lie at sea."""
    tall, wide = cell.north - cell.south, cell.east - cell.west
    for up, along in vpostcode.LATTICE:
        yield from locator.index.at(cell.south + up * tall, cell.west + along * wide)[:1]
