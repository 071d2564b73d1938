"""The commune and province that a change states: units of today, or it is refused.

Whoever proposes an address may know an old name, which is taken with a note: see :mod:`geoaddr.stating`. Whoever
amends one writes down what it is called now. The code stays that of the commune of its issue in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoaddr.components import clean_text, components_from
from geoaddr.errors import InvalidInput, Said
from geoaddr.locating import Locator
from geoaddr.model import AddressRecord, Components, Level, Point, Unit
from geoaddr.stating import BEFORE, Caution, Statements, spelled_out
from geoaddr.straying import filed_under, names_of


def check_units(
    locator: Locator, parts: Mapping[str, Any], before: AddressRecord | None, point: Point | None
) -> tuple[Said, ...]:
    """Refuse a commune or province that is none on the day of the data. What is not stated is not looked at, but
    for a commune that the record keeps beside another province.

    :param parts: those that change; one that is empty is taken out.
    :param before: the record that changes; ``None`` for a code that was never issued.
    :param point: the new point, where there is one.
    :returns: what a person should hear: of a commune in which the household does not lie.
    :raises InvalidInput: naming the part: a name or code that no unit has, that one had before and has no more,
        or that several have where neither the province nor the household's place tells which; and a province
        in which the commune that the record keeps does not lie.
    """
    stated = components_from(parts)
    statements = Statements(locator.gazetteer, locator.info.date)
    province = None
    if stated.province is not None:
        told = statements.read(Components(province=stated.province))
        _require_present("province", stated.province, told.cautions)
        province = told.province.code if told.province else None
        if told.province and before is not None and "commune" not in parts:
            _require_in(locator, told.province, stated.province, before.components.commune)
    if stated.commune is not None:
        kept = None if before is None or province else before.components.province
        about = _about(locator, before, point)
        told = statements.read(
            Components(commune=stated.commune, province=province or _code(statements, stated.commune, kept)),
            prefer=about,
        )
        _require_present("commune", stated.commune, told.cautions)
        if told.commune is not None and about and told.commune.code not in about:
            return (_elsewhere(locator, told.commune, about),)
    return ()


def _elsewhere(locator: Locator, commune: Unit, about: tuple[str, ...]) -> Said:
    there = ", ".join(names_of(locator, tuple(dict.fromkeys(about))))
    return Said(
        f"{commune.full_name} ({commune.code}) is stated, but the address lies in {there}",
        f"đã ghi {commune.full_name} ({commune.code}), nhưng địa chỉ nằm ở {there}",
    )


def commune_of_today(locator: Locator, stated: str) -> Unit:
    """The commune that a code or a name means, on the day of the data.

    :raises InvalidInput: for what is no text, and for others as :func:`check_units`.
    """
    written = clean_text("commune", stated)
    if written is None:
        raise InvalidInput("commune", None, Said("required", "bắt buộc"))
    told = Statements(locator.gazetteer, locator.info.date).read(Components(commune=written))
    _require_present("commune", written, told.cautions)
    assert told.commune is not None
    return told.commune


def _require_in(locator: Locator, province: Unit, written: str, kept: str | None) -> None:
    """Refuse a province, as ``written``, in which no commune has the name or code that is ``kept``, today or
    before the reform. What is the name of none of today's is not judged: it was taken when it was one."""
    if kept is None:
        return
    gazetteer, today, name = locator.gazetteer, locator.info.date, spelled_out(kept)
    now = gazetteer.find(name, level="commune", as_of=today)
    if not now or any(unit.parent == province.code for unit in now):
        return
    for old in gazetteer.find(name, level="commune", as_of=BEFORE):
        became = gazetteer.translate(old.code, "commune", known_on=BEFORE, as_of=today)
        if any(unit.parent == province.code for unit, _ in became):
            return
    said = Said(
        f"the commune of the record, {kept}, is none of {province.full_name}; state the commune too",
        f"xã, phường đang ghi, {kept}, không thuộc {province.full_name}; hãy ghi cả xã, phường",
    )
    raise InvalidInput("province", written, said)


def _code(statements: Statements, commune: str, province: str | None) -> str | None:
    """The code of the province that a record has, where it has a commune of that name: it may have moved away."""
    if province is None:
        return None
    try:
        told = statements.read(Components(commune=commune, province=province))
    except InvalidInput:
        return None
    return told.province.code if told.province else None


def _about(locator: Locator, before: AddressRecord | None, point: Point | None) -> tuple[str, ...]:
    """The communes of today where the household lies and where it was filed."""
    place = point or (before.point if before else None)
    held_by = () if place is None else locator.commune_codes_at(place)
    filed = () if before is None else filed_under(locator, before.commune_code, before.issued_on)
    return (*held_by, *filed)


def _require_present(level: Level, value: str, cautions: tuple[Caution, ...]) -> None:
    """Refuse what is understood by what it was before alone."""
    for caution in cautions:
        raise InvalidInput(level, value, Said(en=caution["en"], vi=caution["vi"]))
