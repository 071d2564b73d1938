"""What a :class:`~geoaddr.registry.Registry` does with a whole street."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from geoaddr.codes import ndas as ndas_codes
from geoaddr.errors import InvalidCode, InvalidInput
from geoaddr.model import AddressRecord
from geoaddr.registry.drafts import note
from geoaddr.registry.renaming import (
    Renamed,
    Renaming,
    Territory,
    numbers_between,
    require_change,
)
from geoaddr.registry.renaming_households import rename
from geoaddr.registry.street_names import name_to_give, street_name
from geoaddr.registry.streets import Present
from geoaddr.store import Store


class StreetLife:
    """The verbs for streets."""

    store: Store
    _clock: Callable[[], dt.datetime]
    _present: Present

    def rename_street(
        self,
        commune: str,
        street: str,
        name: str,
        *,
        first_number: int | None = None,
        last_number: int | None = None,
        actor: str = "",
        reason: str = "",
        evidence: str = "",
        dry_run: bool = False,
        most: int | None = None,
        after: str | None = None,
        territory: Territory | None = None,
        allowed: Callable[[AddressRecord], bool] | None = None,
        done: Callable[[Sequence[str]], None] | None = None,
    ) -> Renamed:
        """Amend every standing household on a street of a commune: it is called ``name`` now. Each gets an event
        of its own, of the kind ``renamed``; they are taken by code, a hundred in a transaction. What was
        broken off is finished by the same call again.

        Streets are compared as :func:`geoaddr.known.street_key` does it, and by their accents; a household that is
        written with others or none, or whose street holds more than its name, is refused and named in the answer.

        :param commune: the code of a commune of today.
        :param first_number, last_number: of the houses on a part of the street, both in it; an address in an alley
            has the number of its mouth.
        :param dry_run: tell what would become of them, and change nothing.
        :param most: look at so many households, at all by default; ``after``: those behind a code.
        :param territory: what lies in the commune; by default what was filed under it wherever it is of today.
        :param allowed: refuses records that a caller may not change.
        :param done: called with the codes of some households when these are committed.
        :raises InvalidInput: for names that are none or the same, numbers out of order, and a street that no
            household of the commune has or had.
        """
        old, new = street_name("from", street), name_to_give("to", name)
        require_change(old, new)
        told = Renaming(
            commune=commune,
            territory=territory or self._territory(commune),
            street=old,
            name=new,
            numbers=numbers_between(first_number, last_number),
            note_now=lambda: note(actor, reason, self._clock(), evidence),
            allowed=allowed or (lambda record: True),
        )
        return rename(
            self.store,
            told,
            dry_run=dry_run,
            most=most,
            after=None if after is None else _code("after", after),
            done=done or (lambda codes: None),
        )

    def _territory(self, commune: str) -> Territory:
        filed = frozenset(self._present.filed_as(commune))
        return Territory(sorted({each.commune for each in filed}), lambda house: house.filed in filed)


def _code(field: str, given: str) -> str:
    """:raises InvalidInput: naming the field."""
    try:
        return ndas_codes.validate(given)
    except InvalidCode as error:
        raise InvalidInput(field, given, error.reason) from None
