"""A record as a row of a file, and back. The columns: ``docs/reference/registry-load.md``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from geoaddr.codes import ndas
from geoaddr.components import components_from
from geoaddr.errors import InvalidInput, Said
from geoaddr.model import COMPONENT_NAMES, STATUSES, AddressRecord, Alias, Point, day_from, reject_unknown
from geoaddr.registry.drafts import COMMUNE_DIGITS, check_parts, require_digits
from geoaddr.registry.erasing import tombstone

OWN_COLUMNS = (
    "ndas", "lat", "lon", "commune_code", "issued_on", "status", "point_source", "uncertainty_m", "entrances",
    "aliases", "superseded_by",
)  # fmt: skip
COLUMNS = OWN_COLUMNS + COMPONENT_NAMES

DEFAULT_STATUS = "live"
DEFAULT_SOURCE = "imported"
"""The status and the ``point_source`` of a row that states none."""

_KNOWN = frozenset(COLUMNS)

REQUIRED = ("ndas", "lat", "lon", "commune_code", "issued_on")

_NEEDED = frozenset(REQUIRED)
_PARTS = frozenset(COMPONENT_NAMES)

BETWEEN = "; "
"""Stands between the values of a column that holds several."""

_DAY = r"\d{4}-\d\d-\d\d"
_ALIAS = re.compile(rf"(?P<system>[^:]+):(?P<code>.+?)(?:@(?P<start>{_DAY})?/(?P<end>{_DAY})?)?")

_WITH_STATUS = Said(
    "goes with the status superseded, and only with it", "đi cùng trạng thái superseded và chỉ trạng thái đó"
)


def row_from_record(record: AddressRecord) -> dict[str, str]:
    """The values of :data:`COLUMNS` as text; :func:`record_from_row` gives the same record again."""
    parts = {name: getattr(record.components, name) or "" for name in COMPONENT_NAMES}
    parts["alley"] = BETWEEN.join(record.components.alley)
    return parts | {
        "ndas": record.ndas,
        "lat": repr(record.point.lat),
        "lon": repr(record.point.lon),
        "commune_code": record.commune_code,
        "issued_on": record.issued_on.isoformat(),
        "status": record.status,
        "point_source": record.point_source,
        "uncertainty_m": "" if record.uncertainty_m is None else repr(record.uncertainty_m),
        "entrances": BETWEEN.join(f"{point.lat!r} {point.lon!r}" for point in record.entrances),
        "aliases": BETWEEN.join(map(_alias_text, record.aliases)),
        "superseded_by": BETWEEN.join(record.superseded_by),
    }


def record_from_row(values: Mapping[str, Any], at: str) -> AddressRecord:
    """The record of a row that is loaded ``at`` a time; blank values count as absent.

    :raises InvalidInput: by column: unknown, required and absent, or not what it should be.
    """
    if not values.keys() <= _KNOWN:
        reject_unknown(values, COLUMNS, Said("a row to load", "dòng cần nạp"))
    stated = {name: value for name, value in values.items() if value is not None and value != ""}
    if not stated.keys() >= _NEEDED:
        missing = next(name for name in REQUIRED if name not in stated)
        raise InvalidInput(missing, None, Said("required", "bắt buộc"))
    parts = {name: value for name, value in stated.items() if name in _PARTS}
    if "alley" in parts:
        parts["alley"] = listed(parts["alley"])
    record = AddressRecord(
        ndas=_code("ndas", stated["ndas"]),
        status=_status(stated.get("status", DEFAULT_STATUS)),
        components=components_from(parts),
        commune_code=require_digits("commune_code", stated["commune_code"], COMMUNE_DIGITS),
        issued_on=_date("issued_on", stated["issued_on"]),
        point=Point(lat=number_from("lat", stated["lat"]), lon=number_from("lon", stated["lon"])),
        point_source=stated.get("point_source", DEFAULT_SOURCE),
        uncertainty_m=number_from("uncertainty_m", stated["uncertainty_m"]) if "uncertainty_m" in stated else None,
        entrances=tuple(_entrance(text) for text in listed(stated.get("entrances"))),
        aliases=tuple(_alias(text) for text in listed(stated.get("aliases"))),
        superseded_by=tuple(_code("superseded_by", text) for text in listed(stated.get("superseded_by"))),
        created_at=at,
        updated_at=at,
    )
    if bool(record.superseded_by) != (record.status == "superseded"):
        raise InvalidInput("superseded_by", stated.get("superseded_by"), _WITH_STATUS)
    if record.status == "withdrawn":
        return tombstone(record)
    check_parts(record.issued_on, record.point_source, record.uncertainty_m, record.entrances, record.aliases)
    return record


def listed(value: Any) -> list[str]:
    """The values of a cell that holds several, or of a list."""
    if value is None:
        return []
    texts = value if isinstance(value, list | tuple) else str(value).split(";")
    return [text.strip() for text in texts if text.strip()]


def _code(name: str, value: object) -> str:
    if isinstance(value, str) and len(value) == ndas.DIGITS and value.isascii() and value.isdigit():
        return value
    try:
        return ndas.validate(value)  # type: ignore[arg-type]  # it refuses what is not text
    except InvalidInput as error:
        raise InvalidInput(name, value, error.reason) from None


def _status(value: Any) -> Any:
    if value not in STATUSES:
        allowed = ", ".join(STATUSES)
        raise InvalidInput("status", value, Said(f"not one of {allowed}", f"không thuộc {allowed}"))
    return value


def _date(name: str, value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else day_from(value, name)


def number_from(name: str, value: Any) -> float:
    """The number of a cell. :raises InvalidInput: for what is none."""
    try:
        if not isinstance(value, str) or (value.isascii() and "_" not in value):  # float() takes more than people
            return float(value)
    except (TypeError, ValueError):
        pass
    raise InvalidInput(name, value, Said("not a number", "không phải là số"))


def _alias(text: str) -> Alias:
    found = _ALIAS.fullmatch(text)
    if not found:
        raise InvalidInput(
            "aliases",
            text,
            Said("write system:code or system:code@from/to", "hãy viết hệ_thống:mã hoặc hệ_thống:mã@từ/đến"),
        )
    start, end = found["start"], found["end"]
    return Alias(
        found["system"].strip(),
        found["code"].strip(),
        None if start is None else _date("aliases", start),
        None if end is None else _date("aliases", end),
    )


def _alias_text(alias: Alias) -> str:
    name = f"{alias.system}:{alias.code}"
    if alias.valid_from is None and alias.valid_to is None:
        return name
    start, end = ("" if day is None else day.isoformat() for day in (alias.valid_from, alias.valid_to))
    return f"{name}@{start}/{end}"


def _entrance(text: str) -> Point:
    lat, blank, lon = text.partition(" ")
    if not blank:
        raise InvalidInput("entrances", text, Said("write lat lon; lat lon", "hãy viết vĩ_độ kinh_độ; ..."))
    return Point(lat=number_from("entrances", lat), lon=number_from("entrances", lon))
