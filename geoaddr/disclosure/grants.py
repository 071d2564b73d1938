"""What a reader may see and do, and where: scopes, each in the whole country or in some provinces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

Scope = Literal["validity", "area", "address", "point", "write", "admin"]
"""``validity``: whether a code was issued and stands. ``area``: its commune and postcode. ``address``: its text,
other codes and history. ``point``: its coordinates, and the codes that are computed from them. ``write``: issuing
codes, changing addresses and sharing them. ``admin``: looking after the registry: review, erasure."""

SCOPES: tuple[Scope, ...] = ("validity", "area", "address", "point", "write", "admin")
"""All of them, what tells least first."""

Provinces = frozenset[str]
"""Codes of provinces of today."""

_IMPLIED: Mapping[Scope, tuple[Scope, ...]] = {
    "validity": (),
    "area": ("validity",),
    "address": ("validity", "area"),
    "point": ("validity", "area"),
    "write": ("validity", "area"),
    "admin": ("validity", "area"),
}
"""What comes with a scope, everywhere: beyond its provinces a key sees what everyone sees. Neither ``point`` nor
``write`` brings the text of an address with it."""


@dataclass(frozen=True, slots=True)
class Grants:
    """The scopes that a reader holds: of each the provinces in which it counts, ``None`` for all.

    ``scope in grants`` asks whether it is held anywhere; :meth:`at` what counts in one province.
    """

    places: Mapping[Scope, Provinces | None]
    limited: bool = field(init=False, compare=False)
    """Whether a scope counts in some provinces only."""
    sees_all: bool = field(init=False, compare=False)
    """Whether nothing is withheld, wherever it lies."""
    anywhere: frozenset[Scope] = field(init=False, compare=False)
    """The scopes that count in every province."""

    def __post_init__(self) -> None:
        anywhere = frozenset(scope for scope, where in self.places.items() if where is None)
        object.__setattr__(self, "anywhere", anywhere)
        object.__setattr__(self, "limited", len(anywhere) < len(self.places))
        object.__setattr__(self, "sees_all", "address" in anywhere and "point" in anywhere)

    @classmethod
    def of(cls, given: Iterable[Scope] | Mapping[Scope, Iterable[str] | None]) -> Self:
        """Grants with all that the ``given`` scopes bring with them.

        :param given: scopes that count everywhere, or of each its provinces, ``None`` for all.
        """
        stated = given if isinstance(given, Mapping) else dict.fromkeys(given)
        places: dict[Scope, Provinces | None] = {
            scope: None if where is None else frozenset(where) for scope, where in stated.items()
        }
        for scope in stated:
            places.update(dict.fromkeys(_IMPLIED[scope]))
        return cls({scope: places[scope] for scope in SCOPES if scope in places})

    def __contains__(self, scope: object) -> bool:
        return scope in self.places

    def everywhere(self, *scopes: Scope) -> bool:
        """Whether all of ``scopes`` count in the whole country."""
        return self.anywhere.issuperset(scopes)

    def at(self, province: str | None) -> frozenset[Scope]:
        """The scopes that count in a province of today; in one that is not known, those that count everywhere."""
        if not self.limited:
            return self.anywhere
        return frozenset(scope for scope, where in self.places.items() if where is None or province in where)


EVERYBODY = Grants.of(["area"])
"""What a reader without a key holds."""

EVERYTHING = Grants.of(SCOPES)
"""What whoever owns the registry holds."""
