"""A street of a commune has another name now: what is to be done about it, and what became of it.

A people's council renames a street of thousands of households at once. How they are taken one after another stands
in :mod:`geoaddr.registry.renaming_households`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from geoaddr.errors import InvalidInput, Said
from geoaddr.known import read_street
from geoaddr.model import AddressRecord, Record
from geoaddr.registry.drafts import Note
from geoaddr.store import House

MOST_NUMBER = 99_999
"""Of a house."""


class Territory(NamedTuple):
    """What lies in a commune: the codes that addresses there were filed under, of any division, and whether a
    house that was filed so does lie there; ``None`` where nobody can tell."""

    codes: Collection[str]
    holds: Callable[[House], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRenamed(Record):
    """A household on the street that was left as it is, and why, in English and Vietnamese."""

    ndas: str
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written(Record):
    """How the old name is written by some households."""

    street: str
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed(Record):
    """What became of a street: how many households were ``renamed`` now (or would be, in a ``dry_run``), and how
    they wrote its name, most first (``written``); how many had been renamed before (``already``; ``None`` while
    some remain); how many were ``refused``, the first of them by code in ``refusals``; how many with the old name
    were not looked at (``remaining``), and behind which code to go on (``after``)."""

    commune: str
    street: str
    renamed: int
    written: tuple[Written, ...]
    already: int | None
    refused: int
    refusals: tuple[NotRenamed, ...]
    remaining: int
    after: str | None
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """What is to be done: ``street`` is called ``name`` now, where it lies in ``territory`` and a house has one of
    the ``numbers``, of all houses where that is ``None``. ``allowed``: whether this caller may change a record."""

    commune: str
    territory: Territory
    street: str
    name: str
    numbers: range | None
    note_now: Callable[[], Note]
    allowed: Callable[[AddressRecord], bool]

    @property
    def before(self) -> str:
        """The key of the street."""
        return read_street(self.street).street

    @property
    def after(self) -> str:
        """The key that it has then."""
        return read_street(self.name).street


def numbers_between(first: int | None, last: int | None) -> range | None:
    """House numbers from ``first`` to ``last``, both in it; ``None`` for all.

    :raises InvalidInput: for one that is no number of a house, and a first above the last.
    """
    if first is None and last is None:
        return None
    for name, number in (("first_number", first), ("last_number", last)):
        if number is not None and not 0 <= number <= MOST_NUMBER:
            raise InvalidInput(name, number, Said(f"not 0 to {MOST_NUMBER}", f"phải từ 0 đến {MOST_NUMBER}"))
    numbers = range(first or 0, (MOST_NUMBER if last is None else last) + 1)
    if not numbers:
        raise InvalidInput("last_number", last, Said(f"below {first}", f"nhỏ hơn {first}"))
    return numbers


def require_change(street: str, name: str) -> None:
    """:raises InvalidInput: where both names are of one street, as streets are compared."""
    if read_street(street).street == read_street(name).street:
        said = Said(
            f"the same street as {street}: only its writing differs",
            f"vẫn là đường, phố {street}: chỉ khác cách viết",
        )
        raise InvalidInput("to", name, said)
