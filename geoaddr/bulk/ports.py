"""What the batch engine needs of the platform that stands above it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from geoaddr.assigning import Assigner
    from geoaddr.conversion import Converter
    from geoaddr.finding.geocoder import Geocoder
    from geoaddr.interpretation import Interpreter
    from geoaddr.known import KnownStreets
    from geoaddr.locating import Locator
    from geoaddr.model import Resolved
    from geoaddr.pack import Pack
    from geoaddr.registry import Registry
    from geoaddr.validation.validator import Validator


class Platform(Protocol):
    """An open platform: :class:`geoaddr.platform.Geoaddr`."""

    pack: Pack
    locator: Locator

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
    def validator(self) -> Validator:
        """Judges addresses."""

    @property
    def geocoder(self) -> Geocoder:
        """Finds places by text."""

    @property
    def known(self) -> KnownStreets | None:
        """Where streets lie, as the registry tells; ``None`` without one."""

    def as_of(self, given: dt.date | str | None) -> dt.date:
        """A date, or the pack's."""

    def resolve(self, code: str, *, as_of: dt.date | str | None = None) -> Resolved:
        """Every reading of a code."""

    def close(self) -> None:
        """Let go of the registry."""
