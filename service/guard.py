"""The door of the service: who comes in, how often, and what every answer carries.

It stands outside Flask, so that a request that is one too many costs microseconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoaddr.errors import GeoaddrError
from service import errors
from service.access import CALLER, OWNER, STRANGER
from service.background import Background
from service.bodies import BODIES, Bodies
from service.keys import tokens
from service.keys.database import Database, Row, open_database
from service.keys.keyring import Keyring
from service.keys.known import KeyRefused, KnownKeys
from service.keys.trail import keeping, weight
from service.limits.addresses import Addresses
from service.limits.counters import Counters
from service.limits.rules import UNLIMITED, Meter
from service.tally import Tally, refuse

if TYPE_CHECKING:
    from flask import Flask

    from service.settings import Settings

log = logging.getLogger("geoaddr.service")

GUARD = "geoaddr.guard"
"""Where the guard of an application stands among its extensions."""

TALLY = "geoaddr.tally"
"""Where a request's WSGI environment has its :class:`~service.tally.Tally`."""

BARE = "geoaddr.bare"
"""Set where an answer has a ``Cache-Control`` and none of the headers of :data:`SECURITY`: they need not be
looked for then."""

SECURITY: tuple[tuple[str, str], ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
"""On every answer, but for those that the answer sets itself."""

NOT_KEPT = ("Cache-Control", "no-store")
"""On what a key opened, unless the answer says otherwise: nobody between is to keep it."""

_OWN = frozenset({"content-security-policy", "x-frame-options", "referrer-policy", "cross-origin-opener-policy"})

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Guard:
    """A WSGI application around another."""

    def __init__(self, inner: Application, settings: Settings, database: Database, counters: Counters) -> None:
        self.inner, self._open, self._counters = inner, settings.open, counters
        self.database = database
        self.trail: Background[Row] = Background("geoaddr-trail", partial(_write_trail, database), weigh=weight)
        self._keys = KnownKeys(Keyring(database), counters)
        self._stranger = Meter(settings.limits)
        self._owner = Meter(UNLIMITED)
        self._addresses = Addresses(settings.trusted_proxies)
        self.bodies = Bodies(settings.threads, settings.body_s, self._addresses.of)
        self._tag_of = lru_cache(8192)(lambda address: counters.tag(b"address:" + address))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        now = time.time()
        try:
            tally, meter = self._admitted(environ, now)
        except GeoaddrError as error:
            return self._refused(error, environ, start_response, now)
        environ[CALLER], environ[TALLY], environ[BODIES] = tally.caller, tally, self.bodies

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if BARE in environ:
                headers.extend(SECURITY)
            else:
                secure(headers, keyed=tally.caller.key is not None)
            if meter.policy:
                headers.append(("RateLimit-Policy", meter.policy))
                headers.append(("RateLimit", meter.state(self._counters, tally.slot, now)))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self.inner(environ, start)

    def _admitted(self, environ: dict[str, Any], now: float) -> tuple[Tally, Meter]:
        """The request's tally. :raises KeyRefused, TooManyRequests, StoreError:"""
        if self._open:
            return Tally(OWNER, self._owner, self._counters, 0, now, self.trail), self._owner
        authorization: str | None = environ.get("HTTP_AUTHORIZATION")
        if authorization is None or authorization[:7].lower() != "bearer ":
            slot = self._counted_address(environ, now)
            return Tally(STRANGER, self._stranger, self._counters, slot, now, self.trail), self._stranger
        token = tokens.read(authorization[7:].strip(), "gak")
        if token is None:
            self._counted_address(environ, now)
            raise KeyRefused("unknown")
        if not self._keys.has_met(token.id):
            self._counted_address(environ, now)  # before the database is asked: ids can be made up
        try:
            known = self._keys.of(token, now)
        except KeyRefused:
            self._counted_address(environ, now)
            raise
        refused = known.meter.count(self._counters, known.slot, now)
        if refused is not None:
            raise refuse(refused)
        return Tally(known.caller, known.meter, self._counters, known.slot, now, self.trail), known.meter

    def _counted_address(self, environ: dict[str, Any], now: float) -> int:
        """Count a request of an address; its slot. :raises TooManyRequests:"""
        remote, forwarded = environ.get("REMOTE_ADDR") or "", environ.get("HTTP_X_FORWARDED_FOR") or ""
        tag = self._tag_of(self._addresses.of(remote, forwarded))
        slot = self._counters.slot("address", tag)
        refused = self._stranger.count(self._counters, slot, now)
        if refused is not None:
            raise refuse(refused)
        return slot

    def _refused(
        self, error: GeoaddrError, environ: dict[str, Any], start_response: Callable[..., Any], now: float
    ) -> Iterable[bytes]:
        status, headers, body = errors.outside(error, environ)
        secure(headers, keyed=True)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def install(app: Flask, settings: Settings, *, own_registry: bool) -> Guard:
    """Put a guard around ``app``.

    :param own_registry: whether the registry is the one that ``settings`` name, and its keys lie beside it.
    """
    url = settings.access_url(own_registry=own_registry)
    guard = Guard(app.wsgi_app, settings, open_database(url), _counters(settings.counters_path(url)))
    app.extensions[GUARD] = guard
    app.wsgi_app = guard  # type: ignore[method-assign]  # Flask's own way of wrapping an application
    return guard


def tally_of(environ: dict[str, Any]) -> Tally:
    """The tally of a request that came through a guard."""
    found: Tally = environ[TALLY]
    return found


def _counters(path: Path | None) -> Counters:
    if path is not None:
        try:
            return Counters.of_file(path)
        except OSError as error:
            log.warning("%s: %s; each worker counts by itself, and forgets when it ends", path, error.strerror)
    return Counters.in_memory()


def _write_trail(database: Database, rows: Sequence[Row]) -> None:
    try:
        database.write(keeping(rows))
    except GeoaddrError as error:
        database.trail_refused = error
        raise
    database.trail_refused = None


def secure(headers: list[tuple[str, str]], *, keyed: bool) -> None:
    """Add to an answer's headers those that it does not have."""
    own = {name.lower() for name, _ in headers}
    if own.isdisjoint(_OWN):
        headers.extend(SECURITY)
    else:
        headers.extend(each for each in SECURITY if each[0].lower() not in own)
    if keyed and "cache-control" not in own:
        headers.append(NOT_KEPT)
