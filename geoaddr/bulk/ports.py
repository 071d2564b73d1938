"""What the batch engine needs of the platform that stands above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from geoaddr.assigning import Assigner
    from geoaddr.bulk.issued import IssuedCodes
    from geoaddr.conversion import Converter
    from geoaddr.finding.geocoder import Geocoder
    from geoaddr.finding.homes import Homes
    from geoaddr.finding.nearest import Nearby
    from geoaddr.interpretation import Interpreter
    from geoaddr.known import KnownStreets
    from geoaddr.locating import Locator
    from geoaddr.model import Resolved, Unit
    from geoaddr.pack import Pack
    from geoaddr.registry import Registry
    from geoaddr.validation.validator import Validator


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a platform was opened, for other processes to open the same one.

    ``opener`` takes ``pack``, the path of a pack or ``None`` for the embedded one, which is not in the same place
    on every machine, and ``store``, a registry's URL; that may hold a password, and is not shown.
    """

    opener: Callable[[str | None, str], Any]
    pack: str | None
    store: str = field(repr=False)


class Platform(Protocol):
    """An open platform: :class:`geoaddr.platform.Geoaddr`."""

    pack: Pack
    locator: Locator
    origin: Origin | None

    @property
    def registry(self) -> Registry:
        """Which household has which code."""

    @property
    def assigner(self) -> Assigner:
        """Decides the commune and area of a household."""

    @property
    def interpreter(self) -> Interpreter:
        """Recognises the units of address texts."""

    @property
    def converter(self) -> Converter:
        """Carries addresses over the reform."""

    @property
    def converter_for_all(self) -> Converter:
        """The same from what everyone may learn of the registry."""

    @property
    def validator(self) -> Validator:
        """Judges addresses."""

    @property
    def validator_for_all(self) -> Validator:
        """The same from what everyone may learn of the registry."""

    @property
    def geocoder(self) -> Geocoder:
        """Finds places by text."""

    @property
    def homes(self) -> Homes:
        """Says what is known of households that were found."""

    @property
    def known(self) -> KnownStreets | None:
        """Where streets lie, as the registry tells; ``None`` without one."""

    def issued_codes(self, as_of: dt.date) -> IssuedCodes:
        """Answers about columns of the registry's codes on a date."""

    def as_of(self, given: dt.date | str | None) -> dt.date:
        """A date, or the pack's."""

    def resolve(self, code: str, *, as_of: dt.date | str | None = None) -> Resolved:
        """Every reading of a code."""

    def reverse(
        self,
        *,
        lat: float,
        lon: float,
        radius_m: float = 100.0,
        limit: int = 5,
        as_of: dt.date | str | None = None,
        area_only: bool = False,
    ) -> Nearby:
        """The addresses nearest to a point."""

    def unit(self, code: str, *, as_of: dt.date | str | None = None) -> Unit:
        """A unit by its code."""

    def close(self) -> None:
        """Let go of the registry."""
