"""The verbs that change records, and those that tell what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from geoaddr.codes import ndas as ndas_codes
from geoaddr.components import components_from
from geoaddr.errors import InvalidInput, Said, UnknownAddress
from geoaddr.model import AddressRecord, Alias, Changes, Components, Event, Point
from geoaddr.registry import amending, erasing, lifecycle, visiting
from geoaddr.registry.drafts import check_alias, note
from geoaddr.registry.feed import changes
from geoaddr.registry.likeness import address_line
from geoaddr.registry.past import as_it_was, moment
from geoaddr.store import Store, Transaction

Clock = Callable[[], dt.datetime]


class Life:
    """What a :class:`~geoaddr.registry.Registry` does with records that are there.

    Every change is one event: who (``actor``), when, why (``reason``), on what ``evidence`` (a reference to a
    decision, a photograph, a file); nothing about a person in any of them. All verbs of changes raise

    - ``InvalidCode`` for what is not an NDAS code, ``UnknownAddress`` when it was never issued;
    - ``StaleVersion`` when ``expected_version`` is given and the record has another;
    - ``Conflict`` when the record's status forbids the change.
    """

    store: Store
    _clock: Clock

    def confirm(
        self,
        ndas: str,
        *,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        round: int | None = None,  # noqa: A002  # the word of the field
        expected_version: int | None = None,
    ) -> AddressRecord:
        """Take a record one step up: proposed to verified, verified to live.

        :param round: which round of verification, for the history.
        """
        details = None if round is None else {"round": round}
        how = (actor, reason, evidence, expected_version)
        return self._move([ndas], "confirmed", how, details=details)[0]

    def visit(
        self,
        ndas: str,
        outcome: str = "agrees",
        *,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """Write down a round of verification on the spot, the first, second or third: see
        :mod:`geoaddr.registry.visiting`.

        :param outcome: ``agrees``, ``differs`` or ``not_found``. The first round that agrees makes a proposed
            address verified; the third, where it agrees, live.
        :raises Conflict: for an address that is live or at an end, and for a fourth round.
        """
        visiting.require_finding(outcome)
        finding = cast(visiting.Finding, outcome)
        return self._change(
            ndas,
            (actor, reason, evidence),
            lambda t, code, told: visiting.visit(t, code, finding, told, expected_version=expected_version),
        )

    def amend(
        self,
        ndas: str,
        components: Mapping[str, Any] | None = None,
        *,
        lat: float | None = None,
        lon: float | None = None,
        point_source: str | None = None,
        uncertainty_m: float | None = None,
        entrances: Sequence[Point] | None = None,
        cause: str = "corrected",
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """Change an address that keeps its code. What it was before stays in its history, readable as of then
        (:meth:`as_of`), and findable by its former components (:meth:`formerly`).

        :param components: the parts that change; an empty one is taken out. Commune and code never change:
            they are those of the issue. Units that they state are taken as they are: whoever has a gazetteer
            looks at them before (:mod:`geoaddr.restating`).
        :param cause: ``corrected``, ``moved`` (another entrance), ``renamed`` (the street, hamlet or building),
            ``renumbered``; the kind of the event.
        :raises InvalidInput: when nothing is named to change, or for a part that no record may hold.
        """
        amending.require_cause(cause)
        told = amending.amendment(
            components,
            lat=lat,
            lon=lon,
            point_source=point_source,
            uncertainty_m=uncertainty_m,
            entrances=entrances,
        )
        why = cast(amending.Cause, cause)
        return self._change(
            ndas,
            (actor, reason, evidence),
            lambda t, code, n: amending.amend(t, code, told, why, n, expected_version=expected_version),
        )

    def retire(
        self,
        ndas: str,
        *,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """End a code without a successor. It still answers, and is never issued again."""
        return self._move([ndas], "retired", (actor, reason, evidence, expected_version))[0]

    def demolish(
        self, codes: Sequence[str], *, actor: str = "", reason: str = "", evidence: str = ""
    ) -> list[AddressRecord]:
        """End the codes of what was pulled down, all or none: a house, or every flat of a building.

        :raises InvalidInput: when none is named, or one twice.
        """
        return self._move(codes, "demolished", (actor, reason, evidence, None))

    def supersede(
        self,
        ndas: str,
        by: Sequence[str],
        *,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """End a code in favour of others, which must exist. It still answers, and names them.

        :raises InvalidInput: when ``by`` is empty or names a code twice.
        :raises Conflict: when it is at an end already, would in the end replace itself, or be replaced by a
            code that is retired.
        """
        return self._move([ndas], "superseded", (actor, reason, evidence, expected_version), by=by)[0]

    def split(
        self,
        ndas: str,
        into: Sequence[str],
        *,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """End a building's code in favour of those of its flats, two at least, which must exist.

        :raises InvalidInput, Conflict: as :meth:`supersede`.
        """
        if len(into) < 2:
            raise InvalidInput("into", ", ".join(into), Said("name two codes at least", "hãy nêu ít nhất hai mã"))
        return self._move([ndas], "split", (actor, reason, evidence, expected_version), by=into)[0]

    def merge(
        self, codes: Sequence[str], into: str, *, actor: str = "", reason: str = "", evidence: str = ""
    ) -> list[AddressRecord]:
        """End the codes of flats that became one, all or none, in favour of the one that stands for them.

        :raises InvalidInput, Conflict: as :meth:`supersede`.
        """
        return self._move(codes, "merged", (actor, reason, evidence, None), by=[into])

    def erase(
        self,
        ndas: str,
        *,
        actor: str = "",
        reason: str,
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """Erase an address on the ground of privacy, for good: see :mod:`geoaddr.registry.erasing`. The code stays
        taken and answers as ``withdrawn``.

        :param reason: why, which stays in the history; required.
        :raises InvalidInput: without a reason.
        :raises Conflict: when it was erased before.
        """
        if not reason.strip():
            raise InvalidInput("reason", None, Said("required", "bắt buộc"))
        return self._change(
            ndas,
            (actor, reason, evidence),
            lambda t, code, told: erasing.erase(t, code, told, expected_version=expected_version),
        )

    def add_alias(
        self,
        ndas: str,
        alias: Alias,
        *,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        expected_version: int | None = None,
    ) -> AddressRecord:
        """Give a record that was not erased a code of another system; one it has already changes nothing.

        :raises InvalidInput: for an alias that cannot be kept.
        """
        check_alias(alias)
        return self._change(
            ndas,
            (actor, reason, evidence),
            lambda t, code, told: lifecycle.add_alias(t, code, alias, told, expected_version=expected_version),
        )

    def history(self, ndas: str) -> list[Event]:
        """All that happened to an address, oldest first.

        :raises UnknownAddress: when it was never issued.
        """
        code = ndas_codes.validate(ndas)
        events = self.store.events(code)
        if not events:  # whatever was issued has an event that says so
            lifecycle.require(self.store, code)
        return events

    def changes(self, since: str | dt.date = "0", *, limit: int = 100) -> Changes:
        """What happened to all addresses after a cursor, or from a time on, in the order in which it was written
        down: see :mod:`geoaddr.registry.feed`.

        :param since: the ``cursor`` of an earlier answer (``"0"`` is the beginning), a time with its zone, or a
            day, which begins at midnight in the country.
        :param limit: 1 to 1,000.
        :raises InvalidInput: for a limit out of range, and a cursor beyond the end.
        :raises InvalidDate: for what is neither cursor nor time.
        """
        return changes(self.store, since, limit)

    def as_of(self, ndas: str, when: dt.datetime | dt.date | str) -> AddressRecord:
        """The record as it stood at a time; a day stands for its end in the country. What it was before it came
        into this registry is not known.

        :param when: a day, or a time with its zone; texts in ISO 8601.
        :raises UnknownAddress: when it was never issued, or later than that.
        :raises InvalidDate: for what is neither day nor time.
        """
        code, at = ndas_codes.validate(ndas), moment(when)
        events, record = self.store.events(code), lifecycle.require(self.store, code)
        while record.version != len(events):  # it changed between the two readings
            events, record = self.store.events(code), lifecycle.require(self.store, code)
        found = as_it_was(record, events, at)
        if found is None:
            first = events[0].at
            raise UnknownAddress(
                "ndas",
                code,
                Said(f"not in this registry before {first}", f"chưa có trong sổ đăng ký trước {first}"),
            )
        return found

    def formerly(
        self, components: Components | Mapping[str, Any], *, on: dt.date | None = None
    ) -> list[AddressRecord]:
        """The records whose address was this one before, by NDAS code; those only that had it on a day.

        Parts are compared folded; commune and province are not looked at: a former address is a line such as
        ``12 Quán Thánh``, and many communes may have had it. All are answered.

        :raises InvalidInput: when nothing is stated to look for, or an unknown part.
        """
        parts = components if isinstance(components, Components) else components_from(components)
        line = address_line(parts)
        if not line:
            raise InvalidInput("components", None, Said("nothing to look for", "chưa có gì để tìm"))
        return self.find_by_alias(amending.FORMERLY, line, on=on)

    def find_by_alias(self, system: str, code: str, *, on: dt.date | None = None) -> list[AddressRecord]:
        """The records that another system's code names, by NDAS code; those only that it names on a day."""
        found = self.store.by_alias(system, code)
        return [r for r in found if any(_names(a, system, code, on) for a in r.aliases)]

    def _change(
        self,
        ndas: str,
        why: tuple[str, str, str],
        work: Callable[[Transaction, str, Any], AddressRecord],
    ) -> AddressRecord:
        code = ndas_codes.validate(ndas)
        actor, reason, evidence = why
        told = note(actor, reason, self._clock(), evidence)
        lifecycle.require(self.store, code)  # a code that is not there makes no registry
        return self.store.write(lambda transaction: work(transaction, code, told))

    def _move(
        self,
        codes: Sequence[str],
        change: lifecycle.Change,
        how: tuple[str, str, str, int | None],
        *,
        by: Sequence[str] = (),
        details: dict[str, Any] | None = None,
    ) -> list[AddressRecord]:
        """Take records to their next status, all or none."""
        compact = [ndas_codes.validate(code) for code in codes]
        if not compact or len(set(compact)) != len(compact):
            raise InvalidInput(
                "codes", ", ".join(codes), Said("name each code, and each once", "hãy nêu mỗi mã đúng một lần")
            )
        successors = [ndas_codes.validate(code) for code in by]
        actor, reason, evidence, expected_version = how
        told = note(actor, reason, self._clock(), evidence)
        for code in compact:
            lifecycle.require(self.store, code)  # a code that is not there makes no registry

        def work(transaction: Transaction) -> list[AddressRecord]:
            moved = []
            for code in compact:
                if lifecycle.needs_successors(change):
                    lifecycle.check_successors(transaction, code, successors)
                moved.append(
                    lifecycle.move(
                        transaction, code, change, told,
                        expected_version=expected_version, by=successors, details=details,
                    )
                )  # fmt: skip
            return moved

        return self.store.write(work)


def _names(alias: Alias, system: str, code: str, on: dt.date | None) -> bool:
    if (alias.system, alias.code) != (system, code):
        return False
    begun = alias.valid_from is None or on is None or alias.valid_from <= on
    return begun and (alias.valid_to is None or on is None or on < alias.valid_to)
