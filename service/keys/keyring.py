"""Keys: made, listed, given a new secret, revoked. Every act of it stands in the trail."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geoaddr.disclosure import SCOPES, Grants, Scope
from geoaddr.errors import InvalidInput, NotFound, Said
from geoaddr.model import Record
from service.keys import tokens
from service.keys.database import Database, Row, Statement
from service.keys.trail import KEEP, entry
from service.limits.rules import KEY_LIMITS, Limits

MAX_NAME_CHARACTERS = 100
LONGEST_GRACE_S = 30 * 86_400

_INSERT = "INSERT INTO access_key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ALL = (
    "SELECT id, name, digest, former, former_until_ms, places, limits, created_ms, expires_ms, revoked_ms "
    "FROM access_key"
)
_ONE = _ALL + " WHERE id = ?"
_IN_ORDER = _ALL + " ORDER BY created_ms, id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Record):
    """A key as it is kept; the secret is not. Times are milliseconds since 1970-01-01 UTC.

    ``places``: of each scope the provinces in which it counts, ``None`` for all. ``former``: what is kept of the
    secret before the last rotation, which is good until ``former_until_ms``.
    """

    id: str
    name: str
    places: Mapping[Scope, tuple[str, ...] | None]
    limits: Limits
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None
    digest: bytes
    former: bytes | None
    former_until_ms: int | None

    @property
    def grants(self) -> Grants:
        """What its holder may see and do."""
        return Grants.of(self.places)

    def status(self, now_ms: int) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked_ms is not None:
            return "revoked"
        return "expired" if self.expires_ms is not None and self.expires_ms <= now_ms else "active"

    def opens(self, secret: str, now_ms: int) -> bool:
        """Whether a secret is the key's, of now or of before a rotation that is still good."""
        own = tokens.is_secret_of(secret, self.digest)
        if self.former is None or self.former_until_ms is None or self.former_until_ms <= now_ms:
            return own
        return own | tokens.is_secret_of(secret, self.former)


class Keyring:
    """The keys of a service.

    :param clock: seconds since 1970-01-01 UTC.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = database, clock

    def create(
        self,
        name: str,
        scopes: Mapping[Scope, Iterable[str] | None],
        *,
        expires_ms: int | None = None,
        limits: Limits = KEY_LIMITS,
        actor: str = "",
    ) -> tuple[Key, str]:
        """A new key, and its token, which nobody can see again.

        :param name: who it is for: an organisation or a program, not a person.
        :param scopes: of each the provinces in which it counts, ``None`` for all.
        :raises InvalidInput: for a name or scopes that cannot be, or an end in the past.
        """
        now_ms = self._now_ms()
        checked_text("name", name, MAX_NAME_CHARACTERS)
        places = _places(scopes)
        if expires_ms is not None and expires_ms <= now_ms:
            raise InvalidInput("expires", expires_ms, Said("lies in the past", "đã ở trong quá khứ"))
        token = tokens.new("gak")
        kept = tokens.digest(token.secret)
        told = json.dumps(places, default=list)
        row = (token.id, name, kept, None, None, told, json.dumps(limits.to_dict()), now_ms, expires_ms, None)
        self._database.write(
            [
                Statement(_INSERT, [row]),
                Statement(KEEP, [entry(now_ms, actor, "key-created", token.id, " ".join(places))]),
            ]
        )
        return _key(row), str(token)

    def find(self, id: str) -> Key | None:  # noqa: A002  # the word for it
        """The key of an id, whatever its status."""
        rows = self._database.read(_ONE, (id,))
        return _key(rows[0]) if rows else None

    def all(self) -> list[Key]:
        """Every key, the oldest first."""
        return [_key(row) for row in self._database.read(_IN_ORDER)]

    def rotate(self, id: str, *, grace_s: int = 0, actor: str = "") -> tuple[Key, str]:  # noqa: A002
        """Give a key another secret, and its token; the old one is good for ``grace_s`` more seconds.

        :raises UnknownKey: for an id that no key has, or that of one that was revoked.
        :raises InvalidInput: for a time longer than 30 days.
        """
        if not 0 <= grace_s <= LONGEST_GRACE_S:
            said = Said("not from 0 to 30 days", "không từ 0 đến 30 ngày")
            raise InvalidInput("grace", grace_s, said)
        now_ms, key = self._now_ms(), self._standing(id)
        token = tokens.new("gak", id)
        self._database.write(
            [
                Statement(KEEP, [entry(now_ms, actor, "key-rotated", id, "")]),
                Statement(
                    "UPDATE access_key SET digest = ?, former = ?, former_until_ms = ? WHERE id = ? "
                    "AND revoked_ms IS NULL",
                    [(tokens.digest(token.secret), key.digest, now_ms + 1000 * grace_s, id)],
                ),
            ]
        )
        return self._standing(id), str(token)

    def revoke(self, id: str, *, actor: str = "") -> Key:  # noqa: A002
        """End a key, for good. :raises UnknownKey: for an id that no standing key has."""
        now_ms = self._now_ms()
        self._standing(id)
        self._database.write(
            [
                Statement(KEEP, [entry(now_ms, actor, "key-revoked", id, "")]),
                Statement(
                    "UPDATE access_key SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL", [(now_ms, id)]
                ),
            ]
        )
        found = self.find(id)
        assert found is not None
        return found

    def _standing(self, id: str) -> Key:  # noqa: A002
        found = self.find(id)
        if found is None or found.revoked_ms is not None:
            raise UnknownKey(
                "key", id, Said("no key that stands has this id", "không có khóa còn hiệu lực mang mã này")
            )
        return found

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


class UnknownKey(NotFound):
    """No key that stands has this id."""


def checked_text(field: str, text: str, most: int) -> str:
    """A text of people, on one line. :raises InvalidInput: empty, too long, or with control characters."""
    if not text.strip() or len(text) > most or not text.isprintable():
        said = Said(f"not 1 to {most} printable characters", f"không phải từ 1 đến {most} ký tự in được")
        raise InvalidInput(field, text, said)
    return text


def _places(scopes: Mapping[Scope, Iterable[str] | None]) -> dict[Scope, tuple[str, ...] | None]:
    if not scopes:
        raise InvalidInput("scope", None, Said("at least one is needed", "cần ít nhất một quyền"))
    for scope, provinces in scopes.items():
        if scope not in SCOPES:
            allowed = ", ".join(SCOPES)
            raise InvalidInput("scope", scope, Said(f"not one of: {allowed}", f"không thuộc: {allowed}"))
        if provinces is not None:
            for code in provinces:
                if not (isinstance(code, str) and len(code) == 2 and code.isascii() and code.isdigit()):
                    said = Said("not a province's code of two digits", "không phải mã tỉnh gồm hai chữ số")
                    raise InvalidInput("scope", code, said)
    return {
        scope: None if scopes[scope] is None else tuple(sorted(set(scopes[scope] or ())))
        for scope in SCOPES
        if scope in scopes
    }


def _key(row: Row) -> Key:
    id_, name, digest, former, former_until_ms, places, limits, created_ms, expires_ms, revoked_ms = row
    told: dict[Any, Any] = json.loads(places)
    return Key(
        id=id_,
        name=name,
        places={scope: None if where is None else tuple(where) for scope, where in told.items()},
        limits=Limits.from_dict(json.loads(limits)),
        created_ms=created_ms,
        expires_ms=expires_ms,
        revoked_ms=revoked_ms,
        digest=bytes(digest),
        former=None if former is None else bytes(former),
        former_until_ms=former_until_ms,
    )
