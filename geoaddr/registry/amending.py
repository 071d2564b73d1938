"""Changes of an address that keeps its code: another entrance, a renamed street, a new number, a correction.

The event holds every changed field as it was and as it is, so that each past state can be read again. An address
that had other components before stays findable by them: they become an alias of the system :data:`FORMERLY`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from geoaddr.components import clean_components, components_from
from geoaddr.errors import Conflict, InvalidInput, Said
from geoaddr.model import COMPONENT_NAMES, AddressRecord, Alias, Components, Event, Point, Record, plain
from geoaddr.profiles.vn import TIME_ZONE
from geoaddr.registry.drafts import MAX_ALIASES, Note, check_parts
from geoaddr.registry.lifecycle import keep_all, next_version, present
from geoaddr.registry.likeness import address_line
from geoaddr.store import ENDS, Transaction

Cause = Literal["corrected", "moved", "renamed", "renumbered"]
"""What was written down was wrong; the entrance is elsewhere now; the street (hamlet, building) has another name
now; the house has another number now."""

CAUSES: tuple[Cause, ...] = get_args(Cause)

FORMERLY = "former_address"
"""The system of the aliases that are addresses of before, folded as :func:`address_line` does it."""

FIELDS = ("components", "point", "point_source", "uncertainty_m", "entrances")
"""What of a record may be amended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment(Record):
    """What is to be different. ``None`` leaves a field as it is.

    ``components`` holds the parts that change, cleaned; one that is empty is taken out.
    """

    components: Mapping[str, Any] | None = None
    point: Point | None = None
    point_source: str | None = None
    uncertainty_m: float | None = None
    entrances: tuple[Point, ...] | None = None


def amendment(
    components: Mapping[str, Any] | None,
    *,
    lat: float | None,
    lon: float | None,
    point_source: str | None,
    uncertainty_m: float | None,
    entrances: Sequence[Point] | None,
) -> Amendment:
    """A checked amendment.

    :raises InvalidInput: for nothing at all, half a point, an unknown part, or one that no record may hold.
    """
    point = None if lat is None and lon is None else Point(lat=lat, lon=lon)  # type: ignore[arg-type]
    parts: dict[str, Any] | None = None
    if components is not None:
        cleaned = components_from(components)
        parts = {name: getattr(cleaned, name) for name in COMPONENT_NAMES if name in components}
    told = Amendment(
        components=parts or None,
        point=point,
        point_source=point_source,
        uncertainty_m=None if uncertainty_m is None else float(uncertainty_m),
        entrances=None if entrances is None else tuple(entrances),
    )
    if told == Amendment():
        raise InvalidInput(
            "amendment", None, Said("nothing was named to change", "chưa nêu nội dung nào cần thay đổi")
        )
    check_parts(dt.date.min, point_source or "declared", told.uncertainty_m, told.entrances or (), ())
    return told


def amend(
    transaction: Transaction,
    ndas: str,
    told: Amendment,
    cause: Cause,
    note: Note,
    *,
    expected_version: int | None,
) -> AddressRecord:
    """Change a record that stands; what is so already changes nothing.

    A new point without an uncertainty is as good as nobody said: that of the old point does not count for it.

    :raises UnknownAddress, StaleVersion: as the verbs promise.
    :raises Conflict: for a record at its end.
    :raises InvalidInput: when the record has as many aliases as it may.
    """
    record = present(transaction, ndas, expected_version)
    version = amended(record, told, cause, note)
    return record if version is None else keep_all(transaction, [version])[0]


def amended(
    record: AddressRecord, told: Amendment, cause: Cause, note: Note
) -> tuple[AddressRecord, Event] | None:
    """The next version of a record that is changed, with its event; ``None`` where all is so already.

    :raises Conflict, InvalidInput: as :func:`amend`.
    """
    if record.status in ENDS:
        said = Said(f"{record.ndas} is at its end", f"{record.ndas} đã kết thúc, không sửa được nữa")
        raise Conflict("status", record.status, said)
    changed = _changed(record, told)
    names = [name for name in FIELDS if getattr(changed, name) != getattr(record, name)]
    if not names:
        return None
    details: dict[str, Any] = {"before": {}, "after": {}}
    for name in names:
        details["before"][name], details["after"][name] = _told(record, changed, name)
    alias = _former(record, changed, max(note.at, record.updated_at))
    if alias is not None:
        if len(record.aliases) >= MAX_ALIASES:
            raise InvalidInput(
                "aliases", len(record.aliases), Said(f"more than {MAX_ALIASES}", f"nhiều hơn {MAX_ALIASES}")
            )
        changed = replace(changed, aliases=(*record.aliases, alias))
        details["alias"] = alias.to_dict()
    return next_version(changed, cause, note, details)


def components_after(now: Components, parts: Mapping[str, Any]) -> Components:
    """Components with some parts changed; an empty part is taken out."""
    given = {name: getattr(now, name) for name in COMPONENT_NAMES} | {
        name: (tuple(value or ()) if name == "alley" else value or None) for name, value in parts.items()
    }
    return clean_components(Components(**given))


def require_cause(value: object) -> None:
    """:raises InvalidInput: for what is not one of :data:`CAUSES`."""
    if value not in CAUSES:
        allowed = ", ".join(CAUSES)
        raise InvalidInput("cause", value, Said(f"not one of {allowed}", f"không thuộc {allowed}"))


def _changed(record: AddressRecord, told: Amendment) -> AddressRecord:
    moved = told.point is not None and told.point != record.point
    uncertainty_m = told.uncertainty_m
    if uncertainty_m is None and not moved:
        uncertainty_m = record.uncertainty_m
    return replace(
        record,
        components=record.components
        if told.components is None
        else components_after(record.components, told.components),
        point=record.point if told.point is None else told.point,
        point_source=told.point_source or ("declared" if moved else record.point_source),
        uncertainty_m=uncertainty_m,
        entrances=record.entrances if told.entrances is None else told.entrances,
    )


def _told(record: AddressRecord, changed: AddressRecord, name: str) -> tuple[Any, Any]:
    """A field before and after; of components only the parts that differ."""
    before, after = plain(getattr(record, name)), plain(getattr(changed, name))
    if name != "components":
        return before, after
    parts = [part for part in before if before[part] != after[part]]
    return {part: before[part] for part in parts}, {part: after[part] for part in parts}


def _former(record: AddressRecord, changed: AddressRecord, at: str) -> Alias | None:
    """The address of before as an alias, until the day of the change; ``None`` where people would look for it
    under the same words still."""
    line = address_line(record.components)
    if not line or line == address_line(changed.components):
        return None
    ended = [alias.valid_to for alias in record.aliases if alias.system == FORMERLY and alias.valid_to is not None]
    since = max(ended, default=None)
    day = dt.datetime.fromisoformat(at).astimezone(TIME_ZONE).date()
    if since is not None and since >= day:
        day = since + dt.timedelta(days=1)
    return Alias(FORMERLY, line, since, day)
