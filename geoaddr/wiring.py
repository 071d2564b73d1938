"""The wiring: which pack and registry are used, and the parts that answer from them, made when needed."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from geoaddr.boundaries.vintages import COMMUNES as COMMUNES
from geoaddr.boundaries.vintages import Vintages
from geoaddr.bulk.ports import Origin
from geoaddr.dated_locating import DatedLocator
from geoaddr.gazetteer import Gazetteer
from geoaddr.locating import Locator
from geoaddr.pack import Pack
from geoaddr.store import Pooled

if TYPE_CHECKING:
    from geoaddr.assigning import Assigner
    from geoaddr.bulk.issued import IssuedCodes
    from geoaddr.conversion import Converter
    from geoaddr.finding.geocoder import Geocoder
    from geoaddr.finding.homes import Homes
    from geoaddr.finding.nearest import Nearest
    from geoaddr.finding.suggesting import Suggester
    from geoaddr.interpretation import Interpreter
    from geoaddr.interpretation.detail import Detail
    from geoaddr.known import KnownStreets
    from geoaddr.lines import Lines
    from geoaddr.registry import Registry
    from geoaddr.resolving import Resolver
    from geoaddr.store import Reads
    from geoaddr.validation.household import Household
    from geoaddr.validation.validator import Validator

EMBEDDED_PACK = Path(__file__).parent / "_pack" / "vn.gapack"


REMEMBERED_DAYS = 4
"""Days of which the units of places are kept at hand; a caller may ask for any: more are worked out again."""


def locator_of(pack: Pack, gazetteer: Gazetteer) -> Locator:
    """The locator of a pack: a plain one where it has but one layer of boundaries."""
    vintages = Vintages(pack, pack.info.date, pack.info.boundary_accuracy)
    present = vintages.present
    if len(vintages.all) > 1:
        return DatedLocator(gazetteer, vintages, pack.info)
    return Locator(gazetteer, present.index, present.codes, pack.info, present.info)


def open_registry(url: str) -> Registry:
    """The registry at a URL. :raises StoreError: when it cannot be opened."""
    from geoaddr.registry import Registry
    from geoaddr.stores import open_store

    return Registry(open_store(url))


def pack_path(given: str | os.PathLike[str] | None = None) -> Path:
    """Which pack is used: the one given, else ``GEOADDR_PACK``, else the embedded one."""
    return Path(given or os.environ.get("GEOADDR_PACK") or EMBEDDED_PACK)


def store_url(given: str | None = None) -> str:
    """Which registry is used: the one given, else ``GEOADDR_STORE``, else the user's own file."""
    found = given or os.environ.get("GEOADDR_STORE")
    if found:
        return found
    import platformdirs

    return f"sqlite:///{platformdirs.user_data_path('geoaddr') / 'registry.db'}"


class Wiring:
    """The parts of one platform. Safe to share between threads.

    :param registry: or what opens it when a verb first needs it: points are located and units listed without.
    :param absent: tells without opening it that there is no registry yet.
    :param origin: from where other processes open the same platform; ``None`` where they cannot.
    """

    def __init__(
        self,
        pack: Pack,
        registry: Registry | Callable[[], Registry],
        absent: Callable[[], bool] = lambda: False,
        origin: Origin | None = None,
    ) -> None:
        self.pack = pack
        self.origin = origin
        self._given = registry
        self._absent = absent
        self._opened: Registry | None = None
        self._opening = threading.Lock()
        self._issued_codes: dict[dt.date, IssuedCodes] = {}
        self.gazetteer = Gazetteer.from_pack(pack)
        self.locator = locator_of(pack, self.gazetteer)

    @property
    def registry(self) -> Registry:
        """Which household has which code. :raises StoreError: when it cannot be opened."""
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    self._opened = self._given() if callable(self._given) else self._given
        return self._opened

    def connections(self) -> Pooled:
        """The connections of this process to the registry; none while it is not open."""
        return Pooled(0, 0, 0) if self._opened is None else self._opened.store.connections()

    @cached_property
    def assigner(self) -> Assigner:
        """Decides the commune and area of a household."""
        from geoaddr.assigning import Assigner

        return Assigner(self.locator, self.lines)

    @cached_property
    def resolver(self) -> Resolver:
        """Reads codes of every system."""
        from geoaddr.resolving import Resolver

        return Resolver(self.locator, self.registry)

    def issued_codes(self, as_of: dt.date) -> IssuedCodes:
        """Answers about columns of the registry's codes on a date, which know the units of places met before."""
        found = self._issued_codes.get(as_of)
        if found is None:
            from geoaddr.bulk.issued import IssuedCodes

            found = IssuedCodes(self.locator, as_of)
            if len(self._issued_codes) < REMEMBERED_DAYS:
                self._issued_codes[as_of] = found
        return found

    @cached_property
    def interpreter(self) -> Interpreter:
        """Recognises the units of address texts; its dictionary is built when first needed."""
        from geoaddr.interpretation import Interpreter

        return Interpreter(self.gazetteer)

    @cached_property
    def lines(self) -> Lines:
        """Takes lines of addresses apart."""
        from geoaddr.lines import Lines

        return Lines(lambda: self.interpreter)

    @property
    def known(self) -> KnownStreets | None:
        """Where streets lie, as the registry's addresses tell; ``None`` while there is no registry.

        :raises StoreError, SchemaMismatch: for a registry that cannot be read.
        """
        if self._opened is None and self._absent():
            return None
        return self._known_streets if self.registry.exists() else None

    @property
    def rows(self) -> Reads | None:
        """The registry's rows; ``None`` while there is no registry.

        :raises StoreError, SchemaMismatch: for a registry that cannot be read.
        """
        return None if self.known is None else self.registry.store

    @cached_property
    def geocoder(self) -> Geocoder:
        """Finds places by text."""
        from geoaddr.finding.geocoder import Geocoder

        return Geocoder(
            self.interpreter, self.converter.carrier, self.homes, lambda: self.resolver, lambda: self.rows
        )

    @cached_property
    def nearest(self) -> Nearest:
        """Finds addresses by point."""
        from geoaddr.finding.nearest import Nearest

        return Nearest(self.homes, self.locator, lambda: self.rows)

    @cached_property
    def suggester(self) -> Suggester:
        """Completes texts that are being typed; its names are gathered when first needed."""
        from geoaddr.finding.suggesting import Suggester

        return Suggester(
            self.homes, self.locator, self.converter.carrier, lambda: self.rows, self.geocoder.geocode
        )

    @cached_property
    def homes(self) -> Homes:
        """Says what is known of households and communes that were found."""
        from geoaddr.finding.homes import Homes
        from geoaddr.registry.present import PresentCommunes

        return Homes(self.locator, PresentCommunes(self.gazetteer), self.lines)

    @cached_property
    def _known_streets(self) -> KnownStreets:
        from geoaddr.registry import Registry
        from geoaddr.registry.present import PresentCommunes

        return Registry(self.registry.store, present=PresentCommunes(self.gazetteer))

    @cached_property
    def converter(self) -> Converter:
        """Carries addresses over the reform."""
        from geoaddr.conversion import Converter

        return Converter(self.interpreter, self.locator, lambda: self.known)

    @cached_property
    def converter_for_all(self) -> Converter:
        """:attr:`converter` from what everyone may learn of the registry."""
        from geoaddr.conversion import Converter
        from geoaddr.disclosure import streets_for_all

        return Converter(self.interpreter, self.locator, lambda: streets_for_all(self.known))

    @cached_property
    def validator(self) -> Validator:
        """Judges addresses for a checkout."""
        from geoaddr.validation.validator import Validator

        return Validator(
            self.interpreter,
            self.locator,
            self.converter,
            lambda: self.resolver,
            lambda: self.known,
            self._household,
        )

    def _household(self, detail: Detail, commune: str) -> Household | None:
        from geoaddr.finding.exact import household_at
        from geoaddr.validation.household import Household

        rows = self.rows
        record = None if rows is None else household_at(rows, self.homes, detail, commune)
        return None if record is None else Household(record.ndas, record.status)

    @cached_property
    def validator_for_all(self) -> Validator:
        """:attr:`validator` from what everyone may learn of the registry."""
        from geoaddr.disclosure import streets_for_all
        from geoaddr.validation.validator import Validator

        return Validator(
            self.interpreter,
            self.locator,
            self.converter_for_all,
            lambda: self.resolver,
            lambda: streets_for_all(self.known),
        )

    def close(self) -> None:
        """Let go of the registry."""
        if self._opened is not None or not callable(self._given):
            self.registry.close()
