"""Shares: a link by which a household lets somebody see its own place, for a purpose and a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from geoaddr.disclosure import Grants, Scope
from geoaddr.errors import InvalidInput, NotFound, Said
from geoaddr.model import Record
from service.keys import tokens
from service.keys.database import Database, Row, Statement
from service.keys.keyring import checked_text
from service.keys.trail import DAY_MS, KEEP, entry

SharedScope = Literal["area", "address", "point"]

OPENS: dict[SharedScope, tuple[Scope, ...]] = {
    "area": ("area",),
    "address": ("address",),
    "point": ("address", "point"),
}
"""What each scope of a share shows: each more than the one before it."""

MOST_DAYS = 366
MAX_CHARACTERS = 200

_ALL = (
    "SELECT id, digest, ndas, scope, purpose, consent, created_by, created_ms, expires_ms, revoked_ms FROM share "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Record):
    """A share as it is kept, without its secret. Times are milliseconds since 1970-01-01 UTC."""

    id: str
    digest: bytes
    ndas: str
    scope: SharedScope
    purpose: str
    consent: str
    created_by: str
    created_ms: int
    expires_ms: int
    revoked_ms: int | None

    @property
    def grants(self) -> Grants:
        """What whoever has the link may see of this one address."""
        return Grants.of(OPENS[self.scope])


class UnknownShare(NotFound):
    """No share that stands has this token or id."""


class Shares:
    """The shares of a service.

    :param clock: seconds since 1970-01-01 UTC.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = database, clock

    def create(
        self, ndas: str, scope: SharedScope, *, purpose: str, consent: str, days: int, actor: str
    ) -> tuple[Share, str]:
        """A new share of an address, and its token, which nobody can see again.

        :param consent: how the household agreed: the reference of a form or a call, nothing about a person.
        :param days: for how many days it is good, 1 to 366.
        :raises InvalidInput: for a text or number that cannot be.
        """
        checked_text("purpose", purpose, MAX_CHARACTERS)
        checked_text("consent", consent, MAX_CHARACTERS)
        if not 1 <= days <= MOST_DAYS:
            raise InvalidInput("days", days, Said(f"not 1 to {MOST_DAYS}", f"không từ 1 đến {MOST_DAYS}"))
        now_ms, token = self._now_ms(), tokens.new("gas")
        row = (
            token.id, tokens.digest(token.secret), ndas, scope, purpose, consent, actor, now_ms,
            now_ms + days * DAY_MS, None,
        )  # fmt: skip
        self._database.write(
            [
                Statement("INSERT INTO share VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [row]),
                Statement(KEEP, [entry(now_ms, actor, "share-created", ndas, f"{scope} share:{token.id}")]),
            ]
        )
        return _share(row), str(token)

    def check(self) -> None:
        """See that the database of keys and shares answers. :raises StoreError: as :meth:`Database.check`."""
        self._database.check()

    def opened_by(self, text: str) -> Share:
        """The share that a token opens. One that never was, was revoked or has ended is the same to its bearer.

        :raises UnknownShare: for a token that opens none.
        """
        token = tokens.read(text, "gas")
        found = None if token is None else self._find(token.id)
        if token is None or found is None or not tokens.is_secret_of(token.secret, found.digest):
            raise _unknown("token")
        if found.revoked_ms is not None or found.expires_ms <= self._now_ms():
            raise _unknown("token")
        return found

    def get(self, id: str) -> Share:  # noqa: A002  # the word for it
        """The share of an id, whatever became of it. :raises UnknownShare:"""
        found = self._find(id)
        if found is None:
            raise _unknown("id")
        return found

    def of_address(self, ndas: str) -> list[Share]:
        """Every share of an address, the oldest first."""
        return [
            _share(row) for row in self._database.read(_ALL + "WHERE ndas = ? ORDER BY created_ms, id", (ndas,))
        ]

    def revoke(self, id: str, *, actor: str) -> Share:  # noqa: A002
        """End a share, for good; one that was ended stays so. :raises UnknownShare:"""
        now_ms, found = self._now_ms(), self.get(id)
        if found.revoked_ms is None:
            self._database.write(
                [
                    Statement(KEEP, [entry(now_ms, actor, "share-revoked", found.ndas, f"share:{id}")]),
                    Statement(
                        "UPDATE share SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL", [(now_ms, id)]
                    ),
                ]
            )
        return self.get(id)

    def _find(self, id: str) -> Share | None:  # noqa: A002
        rows = self._database.read(_ALL + "WHERE id = ?", (id,))
        return _share(rows[0]) if rows else None

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


def _unknown(field: str) -> UnknownShare:
    return UnknownShare(field, None, Said("there is no such share", "không có liên kết chia sẻ này"))


def _share(row: Row) -> Share:
    id_, digest, ndas, scope, purpose, consent, created_by, created_ms, expires_ms, revoked_ms = row
    return Share(
        id=id_, digest=bytes(digest), ndas=ndas, scope=scope, purpose=purpose, consent=consent,
        created_by=created_by, created_ms=created_ms, expires_ms=expires_ms, revoked_ms=revoked_ms,
    )  # fmt: skip
