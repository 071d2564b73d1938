"""Bodies that are on their way to one worker: how many may be waited for, and for how long.

The server hands a body on as it comes, and whoever reads it keeps a thread until its client has sent it. So few
may be waited for at once, not all of them one client's; and one that comes too slowly is cut off (see
:mod:`service.connections`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from geoaddr.errors import GeoaddrError, Said
from service.access import CALLER, STRANGER
from service.standing import SLOW_S, Standing
from service.tally import BodiesWaited

BODIES = "geoaddr.bodies"
"""Where a request's WSGI environment has the :class:`Bodies` of its worker."""

SMALL_BYTES = 64 * 1024
"""A body that says it is no longer than this never waits behind longer ones."""

LEAST_BYTES_PER_S = 16 * 1024
"""How fast a body has to come, beyond the seconds that each has."""

PATIENCE_S = 0.01
"""How long a body waits for its place: those that come whole leave theirs at once, others not for long."""

YOUNG_S = 1.0
"""On a busy machine one that came whole is not read at once. So who brings a key waits on while some of those
before it came as lately as this."""

MOST_PATIENCE_S = 2.0
"""And not longer than this."""

NEEDED_S = 0.05
NEEDED_BYTES_PER_S = 256 * 1024
"""What a body may keep a place for before that counts: see :mod:`service.standing`."""

PRESSED_S = 2.0
"""What a body has instead of its seconds while others wait for places."""

PRESSED_FOR_S = 5.0
"""So long after one was refused for want of a place others are taken to wait."""


class BodyTooSlow(GeoaddrError):
    """A body came too slowly, and was cut off."""

    def __init__(self) -> None:
        super().__init__(
            Said("the body came too slowly and was cut off", "nội dung yêu cầu gửi quá chậm nên đã bị cắt")
        )


class Body:
    """One that is on its way.

    :param remote: the address that the connection comes from.
    """

    __slots__ = ("_began", "_came", "_read", "cut", "remote")

    def __init__(self, remote: str) -> None:
        self.remote = remote
        self.cut = False
        """Whether its connection was closed, since it was late."""
        self._began, self._read, self._came = time.monotonic(), 0, 0

    def expect(self, length: int) -> None:
        """Begin to wait for so many bytes more."""
        self._read += length

    def took(self, length: int) -> None:
        """So many bytes came."""
        self._came += length

    def kept_s(self, now: float) -> float:
        """How long it has kept its place beyond what it needed, seconds."""
        return max(0.0, self.waited_s(now) - NEEDED_S - self._came / NEEDED_BYTES_PER_S)

    def waited_s(self, now: float) -> float:
        """How long it has been on its way, seconds."""
        return now - self._began

    def late_s(self, now: float, allowed_s: float) -> float:
        """How long ago it should have been there, seconds; negative while there is time."""
        return self.waited_s(now) - allowed_s - self._read / LEAST_BYTES_PER_S


class Bodies:
    """All that are on their way to this worker.

    Of its threads one is always left for questions. Long bodies have half of them, so that a short one finds a
    place beside them; one client never has them all, and who kept places for long leaves the last one to others.

    :param threads: of the worker.
    :param allowed_s: how long a body may take beyond its length at :data:`LEAST_BYTES_PER_S`.
    :param client_of: tells clients without a key apart by the address of a connection and ``X-Forwarded-For``.
    """

    def __init__(self, threads: int, allowed_s: float, client_of: Callable[[str, str], bytes]) -> None:
        self._allowed_s, self._client_of = allowed_s, client_of
        self._places = max(threads - 1, 1)
        self._long_places, self._own_places = max(threads // 2, 1), max(self._places - 1, 1)
        self._changed = threading.Condition()
        self._waited: dict[Body, tuple[bytes, bool]] = {}
        self._refused_at = -PRESSED_FOR_S
        self._standing = Standing()

    @contextmanager
    def place(self, environ: Mapping[str, Any], length: int | None) -> Iterator[Body]:
        """While the body of a request is waited for.

        :param length: as it says itself; ``None`` where it does not.
        :raises BodiesWaited: where as many are as there may be.
        """
        remote, caller = environ.get("REMOTE_ADDR") or "", environ.get(CALLER, STRANGER)
        if caller.key is not None:
            client = b"key:" + caller.key.encode()
        else:
            client = self._client_of(remote, environ.get("HTTP_X_FORWARDED_FOR") or "")
        long, came = length is None or length > SMALL_BYTES, time.monotonic()
        with self._changed:
            while not self._has_place(client, long):
                if not self._is_patient(came, known=caller is not STRANGER):
                    self._refuse(client)
                self._changed.wait(PATIENCE_S)
            body = Body(remote)
            self._waited[body] = client, long
        try:
            yield body
        finally:
            with self._changed:
                now = time.monotonic()
                self._standing.charge(client, body.kept_s(now), now)
                del self._waited[body]
                self._changed.notify_all()

    def _is_patient(self, came: float, *, known: bool) -> bool:
        now = time.monotonic()
        if now < came + PATIENCE_S:
            return True
        return (
            known and now < came + MOST_PATIENCE_S and any(body.waited_s(now) < YOUNG_S for body in self._waited)
        )

    def _refuse(self, client: bytes) -> NoReturn:
        if self._held_by(client) < self._own_places and not self._is_slow(client):  # not for what it holds itself
            self._refused_at = time.monotonic()
        raise BodiesWaited

    def _has_place(self, client: bytes, long: bool) -> bool:
        if not self._waited:
            return True
        left = 1 if self._is_slow(client) else 0
        if len(self._waited) >= max(self._places - left, 1) or self._held_by(client) >= self._own_places:
            return False
        return not long or sum(each[1] for each in self._waited.values()) < max(self._long_places - left, 1)

    def _is_slow(self, client: bytes) -> bool:
        now = time.monotonic()
        kept = sum(body.kept_s(now) for body, each in self._waited.items() if each[0] == client)
        return self._standing.of(client, now) + kept > SLOW_S

    def _held_by(self, client: bytes) -> int:
        return sum(each[0] == client for each in self._waited.values())

    def late(self) -> list[tuple[Body, float]]:
        """Those that should have been there, and since when, seconds."""
        if not self._waited:
            return []
        now = time.monotonic()
        pressed = now < self._refused_at + PRESSED_FOR_S
        allowed_s = min(self._allowed_s, PRESSED_S) if pressed else self._allowed_s
        with self._changed:
            waited = [(body, body.late_s(now, allowed_s)) for body in self._waited]
        return [(body, late_s) for body, late_s in waited if late_s > 0]
