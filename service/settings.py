"""How a service is set up: one frozen value, read from the environment where the caller gives none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Self

from geoaddr.errors import InvalidInput, Said
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import check_url, is_absent, open_store
from geoaddr.wiring import pack_path, store_url

MAX_BODY_BYTES = 64 * 1024
"""The largest request body; the largest address that the registry keeps is under 20 kB of JSON."""

MAX_URL_CHARACTERS = 16 * 1024
"""The longest path with its query, as it is sent: an address text of 4,096 characters, percent-encoded as
Vietnamese usually comes out, four for each."""

BUSY_S = 3.0
"""How long a request waits for the registry before it is told to come back; meanwhile it keeps a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a service serves, to whom, and how much of it at once.

    ``pack`` and ``store`` as :func:`geoaddr.open` takes them. ``open`` gives every right to every caller:
    for a demonstration on one's own machine, and :func:`service.server.serve` refuses it elsewhere.
    """

    pack: str | None = None
    store: str | None = None
    open: bool = False
    max_body_bytes: int = MAX_BODY_BYTES
    max_url_characters: int = MAX_URL_CHARACTERS
    busy_s: float = BUSY_S

    def open_platform(self) -> Geoaddr:
        """The platform on this pack and registry, as :func:`geoaddr.open` opens it, but for the patience.

        :raises InvalidInput, DataError: as there.
        """
        url = store_url(self.store)
        check_url(url)
        patient = partial(open_store, url, busy_s=self.busy_s)
        return Geoaddr(Pack.open(pack_path(self.pack)), lambda: Registry(patient()), partial(is_absent, url))

    @classmethod
    def from_environment(
        cls,
        *,
        pack: str | None = None,
        store: str | None = None,
        open: bool = False,  # noqa: A002  # the flag's name
        environment: Mapping[str, str] = os.environ,
    ) -> Self:
        """The settings of this process; what is given here wins.

        Reads ``GEOADDR_PACK``, ``GEOADDR_STORE``, ``GEOADDR_MAX_BODY_BYTES`` and
        ``GEOADDR_MAX_URL_CHARACTERS``. ``open`` is never read: nothing left in an environment may open a
        service.

        :raises InvalidInput: for a limit that is not a positive whole number.
        """
        return cls(
            pack=pack or environment.get("GEOADDR_PACK") or None,
            store=store or environment.get("GEOADDR_STORE") or None,
            open=open,
            max_body_bytes=_limit(environment, "GEOADDR_MAX_BODY_BYTES", MAX_BODY_BYTES),
            max_url_characters=_limit(environment, "GEOADDR_MAX_URL_CHARACTERS", MAX_URL_CHARACTERS),
        )


def _limit(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name)
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or int(given) == 0:
        raise InvalidInput(name, given, Said("not a positive whole number", "không phải số nguyên dương"))
    return int(given)
