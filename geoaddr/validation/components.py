"""A verdict on every part of an address."""

from __future__ import annotations

from collections.abc import Iterator

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import UnitMatch
from geoaddr.model import Unit
from geoaddr.validation.case import Case, is_misspelt
from geoaddr.validation.contradictions import code_why, point_why, postcode_why, street_why
from geoaddr.validation.fields import DETAILS
from geoaddr.validation.leftovers import Leftover
from geoaddr.validation.misfits import misfit_why
from geoaddr.validation.records import ComponentVerdict, Status, Why
from geoaddr.validation.verdict import ACCEPT_AT, LIKELY
from geoaddr.validation.wording import listed, why

LISTED = 3


def components(case: Case, gazetteer: Gazetteer) -> tuple[ComponentVerdict, ...]:
    """The parts from small to large, what is missing among them; then what was given besides."""
    return (
        *_below(case),
        *_rest(case),
        *_commune(case, gazetteer),
        *_district(case),
        *_province(case),
        *_postcode(case),
        *_codes(case),
        *_point(case, gazetteer),
    )


def _below(case: Case) -> Iterator[ComponentVerdict]:
    record = case.record
    alone = record is not None and not (case.asked.text or case.asked.detail or case.asked.alley)
    for name in DETAILS:
        found = getattr(case.detail, name)
        value = ", ".join(found) if isinstance(found, tuple) else found
        if not value:
            continue
        status, reason = _detail_status(case, name, value, alone)
        yield _part(name, value, status, reason, given=None if alone else value)
    if case.door != "door" and not case.empty:
        yield _part("house_number", None, "missing", _no_door_why(case))


def _no_door_why(case: Case) -> Why:
    detail = case.detail
    if any(c.isdigit() for name in case.doubtful for c in getattr(detail, name) or ""):
        return why("door_unsure")
    if case.door != "place":
        return why("door_missing")
    return why("door_vague" if detail.building or detail.poi or detail.street else "door_in_ward")


def _detail_status(case: Case, name: str, value: str, alone: bool) -> tuple[Status, Why]:
    record = case.record
    if alone:
        return "inferred", why("from_record")
    if record is not None and name in ("house_number", "alley", "street") and getattr(record, name):
        if case.house_differs(record):
            return "unconfirmed", why("not_of_record")
        return "confirmed", why("of_record")
    if case.household is not None and case.household.vouched:
        return "confirmed", why("household")
    if case.household is not None and name != "street":  # others may vouch for that
        return "unconfirmed", why("household_proposed")
    if name == "street" and case.street_elsewhere:
        return "unconfirmed", street_why(case)
    if name == "street" and case.street_here and case.place.commune is not None:
        return "confirmed", why("street_known", unit=case.place.commune.full_name)
    if name in case.doubtful:
        return "unconfirmed", why("doubtful", given=value)
    return "unconfirmed", why("plausible")


def _rest(case: Case) -> Iterator[ComponentVerdict]:
    for leftover in case.leftovers:
        name, stood = _name_of(case, leftover), _full(case.place.commune or case.place.province)
        if not leftover.units:
            reason = why("unit_unknown" if leftover.level else "rest_unknown")
            yield _part(name, None, "unconfirmed" if leftover.level else "unexpected", reason, leftover.given)
        elif leftover.agrees:
            yield _part(name, None, "unexpected", why("unit_again", unit=stood), leftover.given)
        else:
            yield _part(name, None, "unexpected", misfit_why(case, leftover), leftover.given)


def _name_of(case: Case, leftover: Leftover) -> str:
    """The level that a leftover names, where nothing else names it; else it is the rest."""
    level = leftover.means
    first = next(other for other in case.leftovers if other.means == level)
    if level is None or first is not leftover:
        return "rest"
    taken = case.match(level) is not None
    return "rest" if taken or (level == "commune" and case.place.stands) else level


def _taken(case: Case, level: str) -> bool:
    """Whether a leftover stands in a level's place."""
    return any(_name_of(case, leftover) == level for leftover in case.leftovers)


def _commune(case: Case, gazetteer: Gazetteer) -> Iterator[ComponentVerdict]:
    place, match = case.place, case.match("commune")
    given = case.written(match) if match else None
    unit = place.commune
    if not place.stands or unit is None:
        if match is not None:
            yield _part("commune", None, "unconfirmed", _open_why(case, match, gazetteer), given)
        elif (name := _perhaps_commune(case)) is not None:
            yield _part("commune", None, "unconfirmed", _open_why(case, name, gazetteer), case.written(name))
        elif not (case.empty or _taken(case, "commune")):
            yield _part("commune", None, "missing", why("commune_missing"))
        return
    if match is None:
        district = case.match("district")
        if place.by == "names" and district is not None and place.candidates[0].basis != "known":
            # a district that is one commune today
            yield _part("commune", unit.full_name, "corrected", _carried_why(case, district.unit, unit))
            return
        by_cell = any(candidate.basis == "cell" for candidate in place.candidates)
        reason = "commune_roughly" if by_cell else f"commune_by_{place.by}"
        yield _part("commune", unit.full_name, "inferred", why(reason, unit=unit.full_name))
    elif (place.confidence or 0.0) < ACCEPT_AT:
        yield _part("commune", unit.full_name, "unconfirmed", why("unit_doubtful", unit=unit.full_name), given)
    else:
        yield _part("commune", unit.full_name, *_unit_status(case, match, unit), given)


def _perhaps_commune(case: Case) -> UnitMatch | None:
    return None if _taken(case, "commune") else case.perhaps_commune


def _unit_status(case: Case, match: UnitMatch, unit: Unit) -> tuple[Status, Why]:
    if is_misspelt(match):
        return "corrected", why("unit_spelling", given=case.written(match), unit=match.unit.full_name)
    if match.unit.code != unit.code or match.unit.valid_to is not None:
        return "corrected", _carried_why(case, match.unit, unit)
    if case.place.by not in ("names", "point"):
        return "confirmed", why(f"commune_by_{case.place.by}", unit=unit.full_name)
    return "confirmed", why("unit_exact", unit=unit.full_name)


def _carried_why(case: Case, old: Unit, unit: Unit) -> Why:
    candidate = next((c for c in case.place.candidates if c.commune.code == unit.code), None)
    if candidate is not None and candidate.basis in ("boundary", "known", "note", "prior"):
        return why("unit_part", old=old.full_name, unit=unit.full_name)
    law = candidate.legal_basis if candidate is not None else None
    return why("unit_by_law" if law else "unit_whole", old=old.full_name, unit=unit.full_name, law=law)


def _open_why(case: Case, match: UnitMatch, gazetteer: Gazetteer) -> Why:
    """Why the commune is open: those that come into question, not a stray reading's."""
    candidates = [c for c in case.place.candidates if c.weight >= LIKELY] or case.place.candidates
    names = listed(_told_apart([candidate.commune for candidate in candidates], gazetteer), LISTED)
    parts = all(candidate.basis in ("note", "prior", "known") for candidate in candidates)
    if match.unit.level == "commune" and parts and match.unit.valid_to is not None:
        return why("unit_split", old=match.unit.full_name, units=names)
    return why("unit_several", units=names) if candidates else why("unit_unknown")


def _told_apart(units: list[Unit], gazetteer: Gazetteer) -> list[str]:
    """Full names; with the province where two have one name."""
    names = [unit.full_name for unit in units]
    if len(set(names)) == len(names):
        return names
    above = [gazetteer.unit(unit.parent or "", as_of=gazetteer.date).name for unit in units]
    return [f"{name} ({province})" for name, province in zip(names, above, strict=True)]


def _district(case: Case) -> Iterator[ComponentVerdict]:
    match = case.match("district")
    if match is None or match is _perhaps_commune(case):
        return
    stray = case.reading is not None and case.reading.era == "mixed"
    status: Status = "unexpected" if stray else "corrected"
    yield _part("district", None, status, why("district_ended", old=match.unit.full_name), case.written(match))


def _province(case: Case) -> Iterator[ComponentVerdict]:
    match, unit = case.match("province"), case.place.province
    if _taken(case, "province"):
        return
    if match is None:
        if unit is not None and case.place.commune is not None and case.place.stands:
            commune = case.place.commune.full_name
            yield _part(
                "province",
                unit.full_name,
                "inferred",
                why("province_inferred", commune=commune, unit=unit.full_name),
            )
        elif not case.empty:
            yield _part("province", None, "missing", why("province_missing"))
        return
    given = case.written(match)
    if unit is None:
        yield _part(
            "province",
            match.unit.full_name,
            "unconfirmed",
            why("unit_read", given=given, unit=match.unit.full_name),
            given,
        )
    elif is_misspelt(match):
        reason = why("unit_spelling", given=given, unit=match.unit.full_name)
        yield _part("province", unit.full_name, "corrected", reason, given)
    elif match.unit.name != unit.name:
        reason = why("province_merged", old=match.unit.full_name, unit=unit.full_name)
        yield _part("province", unit.full_name, "corrected", reason, given)
    else:
        yield _part(
            "province", unit.full_name, "confirmed", why("unit_read", given=given, unit=unit.full_name), given
        )


def _postcode(case: Case) -> Iterator[ComponentVerdict]:
    found, right, state = case.postcode, case.right_postcode, case.postcode_state
    commune = _full(case.place.commune)
    if found is None:
        if right is not None:
            yield _part("postcode", right, "inferred", why("postcode_inferred", unit=commune))
        return
    statuses: dict[str | None, Status] = {
        "right": "confirmed", "former": "corrected", "unchecked": "unconfirmed",
        "elsewhere": "unexpected", "other_province": "unexpected", "malformed": "unexpected",
    }  # fmt: skip
    value = found.written if state == "unchecked" else right
    status = "unconfirmed" if case.six_digits else statuses[state]
    yield _part("postcode", value, status, postcode_why(case), found.written)


def _codes(case: Case) -> Iterator[ComponentVerdict]:
    for code in case.codes:
        state = case.code_state(code)
        value = code.reading.code if code.reading is not None else None
        status: Status = "confirmed" if state == "right" else "unconfirmed"
        if state in ("refused", "nowhere", "elsewhere", "retired", "house") and not case.roughly_elsewhere(code):
            status = "unexpected"
        if state == "superseded" and code.reading is not None:
            after = code.reading.superseded_by or ()
            status, value = ("corrected", after[0]) if len(after) == 1 else ("unexpected", None)
        yield _part("code", value, status, code_why(case, code), code.written)
    if case.household is not None:
        yield _part("code", case.household.ndas, "inferred", why("household_code"))


def _point(case: Case, gazetteer: Gazetteer) -> Iterator[ComponentVerdict]:
    if case.point is None:
        return
    state = case.point_state
    value = f"{case.point.point.lat:.6f}, {case.point.point.lon:.6f}"
    status: Status = "confirmed" if state in ("inside", "near") else "unconfirmed"
    if state in ("elsewhere", "outside") and case.exact:
        status = "unexpected"
    yield _part("point", value, status, point_why(case, gazetteer), value)


def _part(name: str, value: str | None, status: Status, reason: Why, given: str | None = None) -> ComponentVerdict:
    return ComponentVerdict(name=name, value=value, status=status, why=reason, given=given)


def _full(unit: Unit | None) -> str:
    return unit.full_name if unit is not None else "?"
