"""In which provinces an address has lain: before and after each of its events.

Whoever may see addresses of a province sees what an address was while it lay there, and not what it was or is
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from geoaddr.disclosure import Scope
from geoaddr.model import AddressRecord, Alias, Change, Event, Point
from geoaddr.sight.fields import without_point

OF_BEFORE = frozenset({"before", "alias"})
"""What of an event's details tells of the address as it was; the alias is its line until then."""

Scopes = frozenset[Scope]


class Lain(NamedTuple):
    """The provinces in which an address lay before an event and after it; ``None`` where that is not certain."""

    before: str | None
    after: str | None


def moves(event: Event | Change) -> bool:
    """Whether the address has another point since."""
    return "point" in event.details.get("before", {})


def lain(
    record: AddressRecord, events: Sequence[Event | Change], of_record: Callable[[AddressRecord], str | None]
) -> dict[int, Lain]:
    """Where a record lay at its last events, by their numbers.

    :param record: as it is after them.
    :param events: oldest first.
    """
    found = {}
    province = of_record(record)
    for event in reversed(events):
        earlier = province
        if moves(event) and record.status != "withdrawn":
            record = replace(record, point=Point(**event.details["before"]["point"]))
            earlier = of_record(record)
        found[event.number] = Lain(earlier, province)
        province = earlier
    return found


def told(details: Mapping[str, Any], before: Scopes, after: Scopes) -> dict[str, Any]:
    """What an event by which an address came to another province tells whoever has these scopes there: ``None``
    in place of what was, or is, where they do not see addresses."""
    found: dict[str, Any] = {}
    for name, value in details.items():
        scopes = before if name in OF_BEFORE else after if name == "after" else before | after
        if "address" not in scopes:
            found[name] = None
        elif "point" in scopes:
            found[name] = value
        else:
            found |= without_point({name: value})
    return found


def formerly_elsewhere(
    aliases: Sequence[Alias],
    events: Sequence[Event | Change],
    lay: Mapping[int, Lain],
    sees: Callable[[str | None], bool],
) -> list[Alias]:
    """Those of some aliases that are lines of an address while it lay where its reader does not see addresses."""
    lines = {
        event.details["alias"]["code"]
        for event in events
        if "alias" in event.details and not sees(lay[event.number].before)
    }
    return [alias for alias in aliases if alias.code in lines]
