"""The life of an address, as verbs of the platform; each is a thin call of the registry's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geoaddr.errors import InvalidInput, Said
from geoaddr.model import AddressRecord, Amended, Changes, Components, Event, Point, Unit
from geoaddr.restating import check_units, commune_of_today
from geoaddr.straying import astray, straying
from geoaddr.wiring import Wiring

if TYPE_CHECKING:
    from geoaddr.registry.renaming import Renamed
    from geoaddr.registry.reviewing import Suspicion
    from geoaddr.registry.syncing import Proposal, Synced


class Lives(Wiring):
    """What a platform tells of addresses that have a code, and does with them. ``how`` of each change: ``actor``,
    ``reason``, ``evidence``, and for one record ``expected_version``; see :class:`geoaddr.registry.life.Life`."""

    def address(self, ndas: str, *, as_of: dt.datetime | dt.date | str | None = None) -> AddressRecord:
        """The record of an issued code.

        :param as_of: as it stood then: a day (its end in the country), or a time with its zone.
        :raises UnknownAddress: when it was not issued, or not by then.
        :raises InvalidDate: for what is neither day nor time.
        """
        return self.registry.get(ndas) if as_of is None else self.registry.as_of(ndas, as_of)

    def confirm(self, ndas: str, **how: Any) -> AddressRecord:
        """Take a record one step up: proposed, verified, live. See :meth:`geoaddr.registry.Registry.confirm`."""
        return self.registry.confirm(ndas, **how)

    def visit(self, ndas: str, outcome: str = "agrees", **how: Any) -> AddressRecord:
        """Write down a round of verification. See :meth:`geoaddr.registry.Registry.visit`."""
        return self.registry.visit(ndas, outcome, **how)

    def amend(self, ndas: str, components: Mapping[str, Any] | None = None, **how: Any) -> Amended:
        """Change an address that keeps its code. See :meth:`geoaddr.registry.Registry.amend`.

        A new point outside the commune that the code was issued under, or far from the one before, is taken, with
        a warning, and so are an entrance that is far from the point and a commune in which the address does not
        lie: see :mod:`geoaddr.straying` and :mod:`geoaddr.restating`.

        :raises InvalidInput: for a commune or province that is none of today's, too: see
            :mod:`geoaddr.restating`.
        """
        lat, lon = how.get("lat"), how.get("lon")
        point = None if lat is None and lon is None else Point(lat=lat, lon=lon)  # type: ignore[arg-type]
        before = None if point is None and components is None else self.registry.find(ndas)
        found = () if components is None else check_units(self.locator, components, before, point)
        record = self.registry.amend(ndas, components, **how)
        if before is not None and point is not None:
            found = (*found, *straying(self.locator, before, record.point))
        if how.get("entrances"):
            found = (*found, *astray(record))
        warnings = tuple(said._asdict() for said in found)
        return Amended(**{name: getattr(record, name) for name in record}, warnings=warnings)

    def rename_street(self, commune: str, street: str, name: str, **how: Any) -> Renamed:
        """Amend every standing household on a street of a commune: it is called ``name`` now. See
        :meth:`geoaddr.registry.Registry.rename_street`.

        :param commune: of today, by its code, or by a name that only one has; its households are those filed under
            it or under what it was made of, and where that was divided those whose point lies in it.
        :raises InvalidInput: for a commune that is none of today's, too.
        """
        code = commune_of_today(self.locator, commune).code
        return self.registry.rename_street(code, street, name, territory=self.homes.territory(code), **how)

    def retire(self, ndas: str, **how: Any) -> AddressRecord:
        """End a code without a successor. It still answers. See :meth:`geoaddr.registry.Registry.retire`."""
        return self.registry.retire(ndas, **how)

    def demolish(self, codes: Sequence[str], **how: Any) -> list[AddressRecord]:
        """End the codes of what was pulled down. See :meth:`geoaddr.registry.Registry.demolish`."""
        return self.registry.demolish(codes, **how)

    def supersede(self, ndas: str, by: Sequence[str], **how: Any) -> AddressRecord:
        """End a code in favour of others. See :meth:`geoaddr.registry.Registry.supersede`."""
        return self.registry.supersede(ndas, by, **how)

    def split(self, ndas: str, into: Sequence[str], **how: Any) -> AddressRecord:
        """End a building's code in favour of its flats'. See :meth:`geoaddr.registry.Registry.split`."""
        return self.registry.split(ndas, into, **how)

    def merge(self, codes: Sequence[str], into: str, **how: Any) -> list[AddressRecord]:
        """End the codes of flats that became one. See :meth:`geoaddr.registry.Registry.merge`."""
        return self.registry.merge(codes, into, **how)

    def erase(self, ndas: str, *, reason: str, **how: Any) -> AddressRecord:
        """Erase an address on the ground of privacy, for good. See :meth:`geoaddr.registry.Registry.erase`."""
        return self.registry.erase(ndas, reason=reason, **how)

    def history(self, ndas: str) -> list[Event]:
        """All that happened to an address, oldest first. :raises UnknownAddress: when not issued."""
        return self.registry.history(ndas)

    def changes(self, since: str | dt.date = "0", *, limit: int = 100) -> Changes:
        """What happened to all addresses since. See :meth:`geoaddr.registry.Registry.changes`."""
        return self.registry.changes(since, limit=limit)

    def reserve(self, area: str, count: int) -> list[str]:
        """Codes for a team that works without a connection. See :meth:`geoaddr.registry.Registry.reserve`.

        :raises InvalidInput: for an area that is no postcode of today, too.
        """
        if not self.gazetteer.by_postcode(area, as_of=self.pack.info.date):
            raise InvalidInput(
                "area", area, Said("no commune has this postcode", "không xã, phường nào có mã này")
            )
        return self.registry.reserve(area, count)

    def sync(self, rows: Iterable[Mapping[str, Any]], *, actor: str = "") -> Iterator[Synced]:
        """Apply a postman's day, row by row, as the answers are asked for.

        :param rows: by column; numbered from 1 in their order. See :mod:`geoaddr.registry.syncing`.
        """
        from geoaddr.registry import LoadRow

        def draft_of(parts: Components, point: Point, source: str, uncertainty_m: float | None) -> Proposal:
            draft, filing = self.assigner.draft(parts, point, point_source=source, uncertainty_m=uncertainty_m)
            return draft, tuple(Said(**warning) for warning in filing.warnings)

        def straying_of(before: AddressRecord, point: Point) -> tuple[Said, ...]:
            return straying(self.locator, before, point)

        def check(parts: Mapping[str, Any], before: AddressRecord | None, point: Point | None) -> None:
            check_units(self.locator, parts, before, point)

        numbered = (LoadRow(number, values) for number, values in enumerate(rows, 1))
        return self.registry.sync(numbered, draft_of, straying_of, check, actor=actor)

    def review(self, *, area: str | None = None, kinds: Collection[str] = ()) -> Iterator[Suspicion]:
        """What people should look at: likely duplicates, house numbers out of order, points outside their commune,
        texts that their points contradict. See :meth:`geoaddr.reviewing.Reviewer.review`."""
        from geoaddr.reviewing import Reviewer

        def read_commune(text: str) -> Unit | None:
            read = self.converter.convert(text, to="new", point=None, as_of=None)
            return read.commune if read.status == "ok" else None

        return Reviewer(self.registry, self.locator, read_commune).review(area, kinds)

    def formerly(
        self, components: Components | Mapping[str, Any], *, on: dt.date | None = None
    ) -> list[AddressRecord]:
        """The records that had this address before. See :meth:`geoaddr.registry.Registry.formerly`."""
        return self.registry.formerly(components, on=on)
