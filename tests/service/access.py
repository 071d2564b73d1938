"""Keys for tests: a service with a database of keys of its own, and callers who hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from geoaddr.disclosure import Scope
from geoaddr.platform import Geoaddr
from service.app import create_app
from service.guard import GUARD
from service.keys.database import open_database
from service.keys.keyring import Keyring
from service.keys.trail import Entry, Trail
from service.limits.rules import KEY_LIMITS, UNLIMITED, Limits
from service.settings import Settings


class Served:
    """A service over a platform, and its keys."""

    def __init__(self, ga: Geoaddr, folder: Path, limits: Limits = UNLIMITED, **settings: Any) -> None:
        self.url = f"sqlite:///{folder / 'registry.access.db'}"
        own = {"jobs": str(folder / "jobs"), **settings}
        self.app = create_app(ga, Settings(access=self.url, limits=limits, **own))
        self.database = open_database(self.url)
        self.keyring = Keyring(self.database)

    def key(
        self,
        scopes: Iterable[Scope] | Mapping[Scope, Iterable[str] | None],
        limits: Limits = KEY_LIMITS,
        **how: Any,
    ) -> str:
        """A new key's token."""
        given = scopes if isinstance(scopes, Mapping) else dict.fromkeys(scopes)
        return self.keyring.create("a test", given, limits=limits, **how)[1]

    def client(self, token: str | None = None) -> FlaskClient:
        """A caller with a key, or without one."""
        client = self.app.test_client()
        if token is not None:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    def holder(self, *scopes: Scope, **places: Iterable[str]) -> FlaskClient:
        """A caller with a new key: scopes that count everywhere, and others in provinces."""
        return self.client(self.key({**dict.fromkeys(scopes), **places}))  # type: ignore[dict-item]

    def trail(self, **of: Any) -> list[Entry]:
        """The trail, with what waited to be written."""
        self.app.extensions[GUARD].trail.flush()
        return list(Trail(self.database).read(**of))
