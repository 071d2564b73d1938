"""What an engine keeps rows of, asks for and gives back: the values that pass through the port of
:mod:`geoaddr.store`.

Codes are ten-digit strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from geoaddr.errors import Said
from geoaddr.model import COMPONENT_NAMES, AddressRecord, Cell, Components, Event, Outcome

AREA_CAPACITY = 100_000
"""Codes in an area; the position of an area that has issued them all."""

VOUCHED = frozenset({"verified", "live"})
"""The statuses of an address that somebody or exact boundaries vouch for."""

ENDS = frozenset({"retired", "superseded", "withdrawn"})
"""The statuses of an address that stands no more."""


ALL_DOORS = (-(2.0**64), 2.0**64)
"""Beyond all that doors are numbered by: see :class:`Numbered`."""


class Placed(NamedTuple):
    """How an address is found by its names: the key of its street and of the place that it stands in (a hamlet, a
    building; one of the two at least), its number there if it has one, and of which division of the country its
    commune code is (counted upwards; codes come again)."""

    street: str | None
    number: int | None
    division: int
    place: str | None = None


class Entry(NamedTuple):
    """A record with what it is found by: the 64-bit number of its folded components, and its street."""

    record: AddressRecord
    likeness: int
    placed: Placed | None = None


class Filed(NamedTuple):
    """A commune code, and the division of the country that it is of."""

    commune: str
    division: int


class Standing(NamedTuple):
    """How many addresses of one commune stand on a street, or at one ``number`` of it."""

    filed: Filed
    number: int | None
    addresses: int


Kind = Literal["street", "place"]
"""Which of its two names an address is looked for by."""


class Named(NamedTuple):
    """A street or place of one commune: the key of its name, how many standing addresses bear it, and how many of
    these are vouched for."""

    key: str
    filed: Filed
    standing: int
    vouched: int


class Borne(NamedTuple):
    """A street or place of one commune that a standing address bears: the key of its name."""

    key: str
    filed: Filed


class House(NamedTuple):
    """A standing address on a street or in a place: its number there if it has one, and its point in degrees."""

    ndas: str
    filed: Filed
    number: int | None
    lat: float
    lon: float


class Lying(NamedTuple):
    """Standing addresses of several streets or places. ``groups``: those of one of these, by its position, that
    were filed alike. ``rows``: the position of its group, the code as a number, and the point in degrees, of
    each."""

    groups: Sequence[tuple[int, Filed]]
    rows: Sequence[tuple[int, int, float, float]]


class Kept(NamedTuple):
    """What an engine keeps of all standing addresses of one street or place that were filed alike: the one nearest
    to their middle, the radius about it that holds most of them, metres, and how its name is written."""

    filed: Filed
    lat: float
    lon: float
    uncertainty_m: float
    written: str


class Numbered(NamedTuple):
    """What is asked for when the doors at one number are wanted: the key of a street or place, the commune codes,
    of any division, that its addresses were filed under, and the number. ``holding``: digits; doors that state a
    house number without them are left out, as those of an alley are where a house at its mouth is asked for.
    ``between``: ranges, both ends in them, of what doors are numbered by; others may be left out. A door is
    numbered by what its house number begins with behind its last stroke, 0 where that is no digit, and a flat by
    -1 less what its own number begins with, blanks, points and hyphens left out."""

    key: str
    communes: tuple[str, ...]
    number: int
    holding: str = ""
    between: tuple[tuple[float, float], ...] = ()


class Door(NamedTuple):
    """A standing address at a number of a street or in a place, with what its record says of it: ``stated`` its
    components by their names, those that it has; alleys may be a list."""

    house: House
    stated: Mapping[str, Any]
    point_source: str
    uncertainty_m: float | None

    @property
    def house_number(self) -> str | None:
        """The house number as stated."""
        return self.stated.get("house_number")

    @property
    def alley(self) -> tuple[str, ...]:
        """The alleys from the street inwards."""
        return tuple(self.stated.get("alley", ()))

    @property
    def components(self) -> Components:
        """All that is stated."""
        return Components(**{**self.stated, "alley": self.alley})


class Doors(NamedTuple):
    """Doors at many numbers by the column, in no promised order. ``filed``: how some were filed; ``stated``: what
    some state, each once. ``rows``, of each: the position of what was wanted, that of how it was filed, its code
    as a number, its point in degrees, the positions of what it states for itself and of what it states like others
    (neither has a name of the other), the source of its point, and its uncertainty, metres."""

    filed: Sequence[Filed]
    stated: Sequence[Mapping[str, Any]]
    rows: Sequence[tuple[int, int, int, float, float, int, int, str, float | None]]


class Pooled(NamedTuple):
    """Connections that a process has to its engine: ``most`` that it may have, ``in_use`` and ``idle`` those that
    it has; all 0 for an engine without."""

    most: int
    in_use: int
    idle: int


class Like(NamedTuple):
    """What is asked for when the like of an address is wanted."""

    likeness: int
    box: Cell


class Proposal(NamedTuple):
    """A new address with all that is to be kept of it but its code, which is to be dealt in an area; the one that
    record and event have is of no meaning. Nothing is kept where the like of it stands in the box, or where the
    request, an idempotency key with a digest of what was asked, was answered before."""

    entry: Entry
    event: Event
    box: Cell
    area: str
    request: tuple[str, str] | None

    @property
    def like(self) -> Like:
        """What must not be there."""
        return Like(self.entry.likeness, self.box)


class Receipt(NamedTuple):
    """What a request was answered with: the code, the outcome, and a digest of what was asked."""

    ndas: str
    outcome: Outcome
    digest: str


class Scanned(NamedTuple):
    """A record with its history, as :meth:`~geoaddr.store.Store.scan` gives it."""

    record: AddressRecord
    likeness: int
    events: tuple[Event, ...]
    placed: Placed | None = None


class Told(NamedTuple):
    """An event with its position in the one order of all events of a registry."""

    position: int
    event: Event


Lived = tuple[AddressRecord, tuple[Event, ...]]
"""A record with events of it, by their number ascending, both of one state."""


class Located(NamedTuple):
    """A code and its point in degrees, without the record."""

    ndas: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a registry that should not be: ``kind`` for programs, ``said`` for people."""

    kind: str
    ndas: str | None
    said: Said


NAMES = ("street", "hamlet", "building", "poi")
"""Components that are names of what an address stands on or in."""


def named_alone(components: Components) -> Components:
    """What components say of names; of a line, which names what it names, all of it."""
    named = {name: value for name in NAMES if (value := getattr(components, name))}
    return Components(**named) if named else Components(text=components.text)


def door_of(house: House, record: AddressRecord) -> Door:
    """The door of a record."""
    components = record.components
    stated = {name: value for name in COMPONENT_NAMES if (value := getattr(components, name))}
    return Door(house, stated, record.point_source, record.uncertainty_m)
