"""From a household's components and point to a draft that the registry can give a code for life.

A code's first five digits are the postcode of the commune that holds the household, for ever. So the
commune must be certain: an exact boundary decides it, and where the boundaries are approximate the
household states it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from geoaddr.distance import to_box_m
from geoaddr.errors import InvalidInput, InvalidPoint, Said
from geoaddr.locating import Locator
from geoaddr.model import Components, Point, Status, Unit
from geoaddr.registry import Draft

FARTHEST_STATED_KM = 50.0
"""A household farther than this from the commune that it states is refused, not warned about."""

Caution = Mapping[str, str]


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

    def __init__(self, locator: Locator) -> None:
        self._locator = locator
        self._gazetteer = locator.gazetteer

    def draft(
        self, components: Components, point: Point, *, point_source: str, uncertainty_m: float | None
    ) -> tuple[Draft, Filing]:
        """The draft of a record, and how its commune was decided.

        :raises InvalidPoint: when no commune holds the point.
        :raises InvalidInput: when the boundaries are approximate and no commune is stated; when the stated
            one is unknown, ambiguous or far from the point.
        """
        filing = self.file(components, point)
        draft = Draft(
            components=components,
            area_code=filing.area_code,
            commune_code=filing.commune.code,
            point=point,
            point_source=point_source,
            uncertainty_m=uncertainty_m,
            entrances=(),
            aliases=(),
            issued_on=self._locator.info.date,
            status=filing.status,
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
        province = self._stated_province(components, as_of)
        stated = self._stated(components, province, as_of, held_by if exact else ())
        if not exact:
            return self._by_statement(held_by, stated, point, as_of)
        filing = self._by_boundary(held_by, stated or province, as_of)
        if components.province is None or province is not None:
            return filing
        unknown = _unknown("province", "tỉnh, thành phố", as_of)
        note = {lang: f"{components.province}: {unknown.in_language(lang)}" for lang in ("en", "vi")}
        return replace(filing, warnings=(*filing.warnings, note))

    def _stated_province(self, components: Components, as_of: dt.date) -> Unit | None:
        """The province that the components state.

        :raises InvalidInput: for one that is not known, when a commune is to be looked for in it.
        """
        if components.province is None:
            return None
        found = self._gazetteer.find(components.province, level="province", as_of=as_of)
        if not found and components.commune is not None:
            raise InvalidInput("province", components.province, _unknown("province", "tỉnh, thành phố", as_of))
        return found[0] if found else None

    def _stated(
        self, components: Components, province: Unit | None, as_of: dt.date, held_by: tuple[str, ...]
    ) -> Unit | None:
        """The commune that the components state, by code or by name; of several with one name the one in
        ``held_by``.

        :raises InvalidInput: for a commune that is not known, or a name that several have.
        """
        if components.commune is None:
            return None
        parent = province.code if province else None
        found = self._gazetteer.find(components.commune, level="commune", parent=parent, as_of=as_of)
        if not found:
            raise InvalidInput("commune", components.commune, _unknown("commune", "xã, phường", as_of))
        found = [unit for unit in found if unit.code in held_by] or found
        if len(found) > 1:
            listed = ", ".join(f"{u.full_name} ({u.code})" for u in found[:5])
            raise InvalidInput(
                "commune",
                components.commune,
                Said(
                    f"{len(found)} communes have this name: {listed}; state the code or the province",
                    f"{len(found)} xã, phường cùng tên: {listed}; hãy ghi mã hoặc tỉnh",
                ),
            )
        return found[0]

    def _by_boundary(self, held_by: tuple[str, ...], stated: Unit | None, as_of: dt.date) -> Filing:
        """``stated`` is a commune or, where none is stated, a province."""
        warnings: list[Caution] = []
        code = held_by[0]
        actual = self._gazetteer.unit(code, level="commune", as_of=as_of)
        if stated is not None and stated.code in held_by:
            code = stated.code
        elif stated is not None and stated.code != actual.parent:
            warnings.append(_differs(stated, actual, "boundary", "ranh giới"))
        if len(held_by) > 1 and (stated is None or stated.code not in held_by):
            warnings.append(
                {
                    "en": f"the point lies in several communes ({', '.join(held_by)}); {code} was taken",
                    "vi": f"điểm nằm trong nhiều xã, phường ({', '.join(held_by)}); đã lấy {code}",
                }
            )
        return self._filing(code, "verified", warnings, as_of)

    def _by_statement(self, held_by: tuple[str, ...], stated: Unit | None, point: Point, as_of: dt.date) -> Filing:
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
        warnings: list[Caution] = []
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


def _unknown(level_en: str, level_vi: str, as_of: dt.date) -> Said:
    return Said(f"no such {level_en} on {as_of}", f"không có {level_vi} này vào ngày {as_of}")


def _differs(stated: Unit, found: Unit, by_en: str, by_vi: str) -> Caution:
    return {
        "en": f"stated {stated.full_name} ({stated.code}), but the {by_en} says {found.full_name} ({found.code})",
        "vi": f"khai là {stated.full_name} ({stated.code}), nhưng {by_vi} cho {found.full_name} ({found.code})",
    }
