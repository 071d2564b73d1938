"""Keys as a worker knows them: read from the database when first presented, and again a second later.

So a key that was revoked is refused by every worker within :data:`READ_AGAIN_S`, whichever host it was revoked on.
"""

from __future__ import annotations

from dataclasses import dataclass

from geoaddr.errors import GeoaddrError, Said
from service.access import STRANGER, Caller
from service.keys import tokens
from service.keys.keyring import Key, Keyring
from service.limits.counters import Counters
from service.limits.rules import UNLIMITED, Meter

READ_AGAIN_S = 1.0
MOST_KNOWN = 10_000

_UNCOUNTED = Meter(UNLIMITED)

_REFUSED = {
    "unknown": Said("this key is not known here", "khóa truy cập này không có ở đây"),
    "revoked": Said("this key was revoked", "khóa truy cập này đã bị thu hồi"),
    "expired": Said("this key has expired", "khóa truy cập này đã hết hạn"),
}


class KeyRefused(GeoaddrError):
    """A key was presented that opens nothing. Why is told to who has the secret; to others it is not known."""

    def __init__(self, why: str) -> None:
        super().__init__(_REFUSED[why])
        self.why = why


@dataclass(slots=True)
class Known:
    """A key, or that an id has none; until when that is believed; what its holder may do; where it is counted."""

    key: Key | None
    read_at_s: float
    caller: Caller
    meter: Meter
    tag: int
    slot: int


class KnownKeys:
    """What a worker knows of keys."""

    def __init__(self, keyring: Keyring, counters: Counters) -> None:
        self._keyring, self._counters = keyring, counters
        self._known: dict[str, Known] = {}

    def has_met(self, id: str) -> bool:  # noqa: A002  # the word for it
        """Whether the id is that of a key that was read before."""
        known = self._known.get(id)
        return known is not None and known.key is not None

    def of(self, token: tokens.Token, now: float) -> Known:
        """The key of a token that opens something.

        :param now: seconds since 1970-01-01 UTC.
        :raises KeyRefused: for any other.
        :raises StoreError: where the key cannot be read.
        """
        known = self._known.get(token.id)
        if known is None or not known.read_at_s <= now < known.read_at_s + READ_AGAIN_S:
            known = self._read(token.id, known, now)
        key, now_ms = known.key, int(now * 1000)
        if key is None or not key.opens(token.secret, now_ms):
            raise KeyRefused("unknown")
        if key.revoked_ms is not None or (key.expires_ms is not None and key.expires_ms <= now_ms):
            raise KeyRefused(key.status(now_ms))
        if self._counters.words[known.slot] != known.tag:
            known.slot = self._counters.slot("key", known.tag)
        return known

    def _read(self, id: str, before: Known | None, now: float) -> Known:  # noqa: A002  # the word for it
        key = self._keyring.find(id)
        if before is not None and before.key == key:
            before.read_at_s = now
            return before
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        known = self._known[id] = self._counted(key, now)
        return known

    def _counted(self, key: Key | None, now: float) -> Known:
        if key is None:
            return Known(None, now, STRANGER, _UNCOUNTED, 0, 0)
        tag = self._counters.tag(b"key:" + key.id.encode())
        slot = self._counters.slot("key", tag)
        return Known(key, now, Caller(key.grants, key.id), Meter(key.limits), tag, slot)
