"""Who asks, and what they may do. Closed by default: a caller without a key learns areas, never a household.

NDAS codes can be enumerated, 100,000 in an area, so what a code tells a stranger is decided once for every view:
:class:`geoaddr.disclosure.Grants` say which scopes a caller holds and where, :class:`geoaddr.sight.Sight` leaves
out of an answer what they do not cover, and :class:`Rights` refuses writes that they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geoaddr.disclosure import EVERYBODY, EVERYTHING, Grants, Scope
from geoaddr.errors import GeoaddrError, Said

if TYPE_CHECKING:
    from geoaddr.model import AddressRecord
    from geoaddr.platform import Geoaddr
    from geoaddr.sight import Whereabouts

CALLER = "geoaddr.caller"
"""Where a request's WSGI environment has its :class:`Caller`."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the grants, and the id of the key, ``None`` for a caller without one."""

    grants: Grants
    key: str | None = None


STRANGER = Caller(EVERYBODY)
"""A caller without a key."""

OWNER = Caller(EVERYTHING)
"""Every caller of an open service."""


def caller_of(environ: Mapping[str, Any]) -> Caller:
    """Who sent a request."""
    found: Caller = environ.get(CALLER, STRANGER)
    return found


class KeyRequired(GeoaddrError):
    """A caller without a key needs one; ``scope`` says with which scopes, a space between them."""

    def __init__(self, *scopes: Scope) -> None:
        listed, words = _listed(scopes), "scope" if len(scopes) == 1 else "scopes"
        super().__init__(
            Said(
                f"this needs a key with the {words} {listed}; without one the service answers at area level "
                "(a demonstration on your own machine: geoaddr serve --open)",
                f"cần khóa truy cập có quyền {listed}; không có khóa, dịch vụ chỉ trả lời ở mức địa bàn "
                "(chạy thử trên máy của mình: geoaddr serve --open)",
            )
        )
        self.scope = " ".join(scopes)


class ScopeMissing(GeoaddrError):
    """The caller's key does not have these scopes."""

    def __init__(self, *scopes: Scope) -> None:
        listed, words = _listed(scopes), "scope" if len(scopes) == 1 else "scopes"
        super().__init__(
            Said(f"this key does not have the {words} {listed}", f"khóa truy cập này không có quyền {listed}")
        )
        self.scope = " ".join(scopes)


class OutsideProvinces(ScopeMissing):
    """The caller's key has these scopes, but not there."""

    def __init__(self, *scopes: Scope) -> None:
        super().__init__(*scopes)
        en, vi = self.reason
        self.reason = Said(f"{en} in that province", f"{vi} tại tỉnh, thành phố đó")


class NotEverywhere(ScopeMissing):
    """The caller's key has the scope, but not in the whole country."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.reason = Said(
            f"a file is worked on for keys that have the scope '{scope}' in the whole country",
            f"chỉ xử lý tệp cho khóa truy cập có quyền '{scope}' trên cả nước",
        )


def require(scope: Scope | None, caller: Caller, *others: Scope) -> None:
    """Let pass a caller who holds ``scope``, and the ``others``, somewhere.

    :raises KeyRequired, ScopeMissing: for any other, naming all that is missing.
    """
    missing = [each for each in (scope, *others) if each is not None and each not in caller.grants]
    if missing:
        raise KeyRequired(*missing) if caller.key is None else ScopeMissing(*missing)


def _listed(scopes: Sequence[Scope]) -> str:
    return ", ".join(f"'{scope}'" for scope in scopes)


class Rights:
    """What a caller may write; each method returns for a write that is allowed and raises for another."""

    def __init__(self, ga: Geoaddr, caller: Caller, whereabouts: Whereabouts) -> None:
        self._ga, self._caller, self._whereabouts = ga, caller, whereabouts

    def may_write_in(self, province: str | None, scope: Scope = "write", *others: Scope) -> None:
        """The caller holds ``scope``, and the ``others``, in a province.

        :raises OutsideProvinces: for a province where one is missing, naming all that are, and one not known.
        """
        require(scope, self._caller, *others)
        held = self._caller.grants.at(province)
        missing = [each for each in (scope, *others) if each not in held]
        if missing:
            raise OutsideProvinces(*missing)

    def may_in_area(self, scope: Scope, area: str) -> None:
        """The caller holds ``scope`` where codes begin with the postcode ``area``.

        :raises OutsideProvinces: for the area of another province, and one that is no commune's of today.
        """
        require(scope, self._caller)
        grants, gazetteer = self._caller.grants, self._ga.gazetteer
        if scope not in grants.anywhere:
            communes = gazetteer.by_postcode(area, as_of=gazetteer.date)
            if not communes or any(scope not in grants.at(commune.parent) for commune in communes):
                raise OutsideProvinces(scope)

    def may_change(self, *codes: str, scope: Scope = "write") -> None:
        """The caller may change these addresses; those that were never issued are for the verb to refuse.

        :raises OutsideProvinces: for an address that lies in another province.
        :raises InvalidCode: for what is no NDAS code.
        """
        require(scope, self._caller)
        if scope not in self._caller.grants.anywhere:
            for record in self._ga.registry.find_many(codes):
                if record is not None:
                    self.may_write_in(self._whereabouts.of_record(record), scope)

    def covers(self, record: AddressRecord, *scopes: Scope) -> bool:
        """Whether the caller holds all of ``scopes`` where an address lies."""
        grants = self._caller.grants
        return grants.everywhere(*scopes) or grants.at(self._whereabouts.of_record(record)).issuperset(scopes)

    def may_show(self, record: AddressRecord, *scopes: Scope) -> None:
        """The caller sees this much of an address, and may let others see it.

        :raises OutsideProvinces, ScopeMissing: naming what is not covered.
        """
        grants = self._caller.grants
        held = grants.at(self._whereabouts.of_record(record)) if grants.limited else grants.anywhere
        for scope in scopes:
            require(scope, self._caller)
            if scope not in held:
                raise OutsideProvinces(scope)

    def may_place(self, *, lat: float, lon: float, components: Mapping[str, Any] | None = None) -> None:
        """The caller may have an address at a point, with the commune that ``components`` state, if any.

        :raises OutsideProvinces: for a point that lies, or an address that would be filed, in another province.
        :raises InvalidInput, InvalidPoint: for what cannot be an address at all.
        """
        require("write", self._caller)
        if "write" in self._caller.grants.anywhere:
            return
        self.may_write_in(self._whereabouts.of_point(lat=lat, lon=lon))
        if components is not None:
            from geoaddr.components import components_from
            from geoaddr.model import Point

            filing = self._ga.assigner.file(components_from(components), Point(lat=lat, lon=lon))
            self.may_write_in(filing.province.code)
