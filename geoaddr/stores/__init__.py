"""Engines that keep a registry, chosen by URL. None is loaded before it is chosen."""

from __future__ import annotations

from geoaddr.errors import InvalidInput, Said
from geoaddr.store import Store

MEMORY = "memory:"
SQLITE = "sqlite:///"


def open_store(url: str, *, key: bytes | None = None) -> Store:
    """The store that a URL names; opening creates nothing.

    :param url: ``memory:`` (gone with the process), ``sqlite:///relative.db`` or ``sqlite:////absolute.db``.
    :param key: the issuing key of a registry that is made through this store, for tests and for moving a
        registry between engines; 32 random bytes by default.
    :raises InvalidInput: for anything else.
    """
    if url == MEMORY:
        from geoaddr.stores.memory import MemoryStore

        return MemoryStore(key=key)
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        from geoaddr.stores.sqlite import SQLiteStore

        return SQLiteStore(url.removeprefix(SQLITE), key=key)
    raise InvalidInput(
        "store",
        url,
        Said(
            "not a registry's URL; write memory:, sqlite:///relative.db or sqlite:////absolute.db",
            "không phải địa chỉ của sổ đăng ký; hãy viết memory:, sqlite:///tương-đối.db hoặc sqlite:////tuyệt-đối.db",
        ),
    )
