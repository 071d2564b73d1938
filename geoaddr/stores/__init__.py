"""Engines that keep a registry, chosen by URL. None is loaded before it is chosen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from geoaddr.errors import InvalidInput, Said

if TYPE_CHECKING:
    from geoaddr.store import Store

MEMORY = "memory:"
SQLITE = "sqlite:///"

BUSY_S = 30.0
"""Long enough for a file of addresses that is being loaded, a chunk at a time."""


def open_store(url: str, *, key: bytes | None = None, busy_s: float = BUSY_S) -> Store:
    """The store that a URL names; opening creates nothing.

    :param url: ``memory:`` (gone with the process), ``sqlite:///relative.db`` or ``sqlite:////absolute.db``.
    :param key: the issuing key of a registry that is made through this store, for tests and for moving a
        registry between engines; 32 random bytes by default.
    :param busy_s: how many seconds a writer waits for its turn, and then for that of other processes, before it
        gives up.
    :raises InvalidInput: for anything else.
    """
    check_url(url)
    if url == MEMORY:
        from geoaddr.stores.memory import MemoryStore

        return MemoryStore(key=key)
    from geoaddr.stores.sqlite import SQLiteStore

    return SQLiteStore(url.removeprefix(SQLITE), key=key, busy_s=busy_s)


def is_absent(url: str) -> bool:
    """Whether nothing can be in the store that a URL names, seen without loading an engine; one that is not
    absent may still be empty."""
    path = url.removeprefix(SQLITE)
    return url == MEMORY or (path != url and not os.path.exists(path))  # noqa: PTH110  # asked for each address


def check_url(url: str) -> None:
    """Refuse what names no store, without loading one. :raises InvalidInput:"""
    if url == MEMORY or (url.startswith(SQLITE) and len(url) > len(SQLITE)):
        return
    raise InvalidInput(
        "store",
        url,
        Said(
            "not a registry's URL; write memory:, sqlite:///relative.db or sqlite:////absolute.db",
            "không phải địa chỉ của sổ đăng ký; hãy viết memory:, sqlite:///tương-đối.db hoặc sqlite:////tuyệt-đối.db",
        ),
    )
