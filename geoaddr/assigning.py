"""From a household's components and point to a draft that the registry can give a code for life.

A code's first five digits are the postcode of the commune that holds the household, for ever. So the
commune must be certain: an exact boundary decides it, and where the boundaries are approximate the
household states it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geoaddr.codes import check_letter, plus_code, vpostcode
from geoaddr.components import clean_components
from geoaddr.distance import to_box_m
from geoaddr.errors import InvalidInput, InvalidPoint, Said, UnknownUnit
from geoaddr.lines import Lines
from geoaddr.locating import PLUS_CODE_LENGTH, Locator
from geoaddr.model import Accuracy, AddressRecord, Assigned, Components, Point, Status, Unit
from geoaddr.registry import Draft, Issued
from geoaddr.stating import Caution, Stated, Statements

FARTHEST_STATED_KM = 50.0
"""A household farther than this from the commune that it states is refused, not warned about."""

TELLING = ("house_number", "alley", "street", "hamlet", "building", "floor", "unit", "poi", "text")
"""The components that tell a household from its neighbours."""

NOTHING_STATED: Caution = {
    "en": "no part of the address was stated: only the point tells this household from others",
    "vi": "không có phần nào của địa chỉ: chỉ có tọa độ phân biệt hộ này với hộ khác",
}


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a household is filed: its commune and area, the status it starts with, what to warn about."""

    commune: Unit
    province: Unit
    area_code: str
    status: Status
    warnings: tuple[Caution, ...]


class Assigner:
    """Decides the commune and area of a household."""

    def __init__(self, locator: Locator, lines: Lines) -> None:
        self._locator, self._lines = locator, lines
        self._gazetteer = locator.gazetteer

    def draft(
        self, components: Components, point: Point, *, point_source: str, uncertainty_m: float | None
    ) -> tuple[Draft, Filing]:
        """The draft of a record, and how its commune was decided. A line that is understood as a whole is taken
        apart, and kept beside its parts.

        :raises InvalidPoint: when no commune holds the point.
        :raises InvalidInput: when the boundaries are approximate and no commune is stated; when the stated
            one is unknown, ambiguous or far from the point.
        """
        filing = self.file(components, point)
        told = clean_components(components)
        parts = self._lines.apart(told)
        draft = Draft(
            components=parts,
            area_code=filing.area_code,
            commune_code=filing.commune.code,
            point=point,
            point_source=point_source,
            uncertainty_m=uncertainty_m,
            entrances=(),
            aliases=(),
            issued_on=self._locator.info.date,
            status=filing.status,
            stated=None if parts is told else told,
        )
        return draft, filing

    def file(self, components: Components, point: Point) -> Filing:
        """The commune and area of a household."""
        as_of = self._locator.info.date
        held_by = self._locator.commune_codes_at(point)
        if not held_by:
            raise InvalidPoint(
                "point",
                f"{point.lat}, {point.lon}",
                Said(
                    "no commune holds this point: it is at sea, abroad or outside the loaded boundaries",
                    "không xã, phường nào chứa điểm này: điểm ở ngoài biển, ở nước ngoài hay ngoài ranh giới",
                ),
            )
        exact = self._locator.info.boundary_accuracy == "exact"
        stated = self._stated(components, held_by, as_of, exact=exact)
        filing = (
            self._by_boundary(held_by, stated, as_of)
            if exact
            else self._by_statement(held_by, stated, point, as_of)
        )
        if any(getattr(components, name) for name in TELLING):
            return filing
        return replace(filing, status="proposed", warnings=(*filing.warnings, NOTHING_STATED))

    def filed(self, record: AddressRecord, components: Components, point: Point) -> Filing:
        """Where the record of a household stands, with what is to be said today of what was stated.

        A record whose units the gazetteer does not know, since its issuer wrote others, is filed as of today.

        :raises InvalidInput: when that cannot be done.
        """
        units = self._units_of(record)
        try:
            today = self.file(components, point)
        except InvalidInput:
            if units is None:
                raise
            return Filing(*units, record.ndas[:5], record.status, ())
        return today if units is None else Filing(*units, record.ndas[:5], record.status, today.warnings)

    def _units_of(self, record: AddressRecord) -> tuple[Unit, Unit] | None:
        """The commune and province of a record, as they were when it was filed."""
        try:
            commune = self._gazetteer.unit(record.commune_code, level="commune", as_of=record.issued_on)
        except UnknownUnit:
            return None
        above = commune
        while above.parent is not None:
            above = self._gazetteer.unit(above.parent, as_of=record.issued_on)
        return commune, above

    def _stated(self, components: Components, held_by: tuple[str, ...], as_of: dt.date, *, exact: bool) -> Stated:
        """What the components state; where a boundary decides, a province that nobody knows is only noted."""
        try:
            return Statements(self._gazetteer, as_of).read(components, prefer=held_by if exact else ())
        except InvalidInput as error:
            if not exact or components.commune is not None:
                raise
            return Stated(None, None, ({lang: error.message(lang) for lang in ("en", "vi")},))

    def _by_boundary(self, held_by: tuple[str, ...], stated: Stated, as_of: dt.date) -> Filing:
        """Verified where one polygon holds the point and nothing that was stated contradicts it."""
        warnings = [*stated.cautions]
        code = held_by[0]
        status: Status = "verified" if len(held_by) == 1 else "proposed"
        actual = self._gazetteer.unit(code, level="commune", as_of=as_of)
        if stated.commune is not None and stated.commune.code in held_by:
            code, status = stated.commune.code, "verified"
        elif stated.commune is not None:
            warnings.append(_differs(stated.commune, actual, "boundary", "ranh giới"))
            status = "proposed"
        elif stated.province is not None and stated.province.code != actual.parent:
            warnings.append(_differs(stated.province, actual, "boundary", "ranh giới"))
            status = "proposed"
        if len(held_by) > 1 and (stated.commune is None or stated.commune.code != code):
            warnings.append(
                {
                    "en": f"the point lies in several communes ({', '.join(held_by)}); {code} was taken",
                    "vi": f"điểm nằm trong nhiều xã, phường ({', '.join(held_by)}); đã lấy {code}",
                }
            )
        return self._filing(code, status, warnings, as_of)

    def _by_statement(self, held_by: tuple[str, ...], told: Stated, point: Point, as_of: dt.date) -> Filing:
        stated = told.commune
        if stated is None:
            raise InvalidInput(
                "commune",
                None,
                Said(
                    "required: the loaded boundaries are approximate and do not decide a code for life; "
                    "state the commune, or import exact boundaries",
                    "bắt buộc: ranh giới đang dùng chỉ gần đúng, không đủ để cấp mã vĩnh viễn; "
                    "hãy ghi xã, phường hoặc nạp ranh giới chính xác",
                ),
            )
        warnings = [*told.cautions]
        if stated.code not in held_by:
            self._refuse_far(stated, point)
            cell = self._gazetteer.unit(held_by[0], level="commune", as_of=as_of)
            warnings.append(_differs(stated, cell, "approximate cell", "ô gần đúng"))
        return self._filing(stated.code, "proposed", warnings, as_of)

    def _refuse_far(self, stated: Unit, point: Point) -> None:
        bounds = self._locator.bounds_of(stated.code)
        if bounds is None:
            return
        away_km = to_box_m(point, bounds) / 1000
        if away_km > FARTHEST_STATED_KM:
            raise InvalidInput(
                "commune",
                stated.code,
                Said(
                    f"{stated.full_name} is {away_km:.0f} km from the point; one of the two is wrong",
                    f"{stated.full_name} cách điểm {away_km:.0f} km; một trong hai bị sai",
                ),
            )

    def _filing(self, code: str, status: Status, warnings: list[Caution], as_of: dt.date) -> Filing:
        commune = self._gazetteer.unit(code, level="commune", as_of=as_of)
        assert commune.parent is not None
        area = self._gazetteer.postcode(code, as_of=as_of)
        if area is None:
            raise InvalidInput(
                "commune", code, Said("has no postcode on this date", "không có mã bưu chính vào ngày này")
            )
        province = self._gazetteer.unit(commune.parent, level="province", as_of=as_of)
        return Filing(commune, province, area, status, tuple(warnings))


def assigned(issued: Issued, filing: Filing, accuracy: Accuracy, same_address: Sequence[str]) -> Assigned:
    """What a household is answered: its record, its codes, how it was filed, and who states the same address."""
    record = issued.record
    postcode = record.ndas[:5]
    return Assigned(
        outcome=issued.outcome,
        ndas=record.ndas,
        check_letter=check_letter.letter(record.ndas),
        status=record.status,
        vpostcode=vpostcode.encode(record.point.lat, record.point.lon, postcode),
        plus_code=plus_code.encode(record.point.lat, record.point.lon, PLUS_CODE_LENGTH),
        postcode=postcode,
        province=filing.province,
        commune=filing.commune,
        address=record,
        boundary_accuracy=accuracy,
        warnings=filing.warnings,
        same_address=tuple(same_address),
    )


def request_digest(parts: Components, point: Point, source: str, uncertainty_m: float | None) -> str:
    """What a request with an idempotency key asked for, so that a replay can be told from a mix-up."""
    request = [parts.to_dict(), point.to_dict(), source, uncertainty_m]
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _differs(stated: Unit, found: Unit, by_en: str, by_vi: str) -> Caution:
    return {
        "en": f"stated {stated.full_name} ({stated.code}), but the {by_en} says {found.full_name} ({found.code})",
        "vi": f"khai là {stated.full_name} ({stated.code}), nhưng {by_vi} cho {found.full_name} ({found.code})",
    }
