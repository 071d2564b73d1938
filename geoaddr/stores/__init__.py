"""Engines that keep a registry, chosen by URL. None is loaded before it is chosen."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from geoaddr.errors import InvalidInput, MissingExtra, Said

if TYPE_CHECKING:
    from geoaddr.store import Store

MEMORY = "memory:"
SQLITE = "sqlite:///"
POSTGRES = "postgresql://"

BUSY_S = 30.0
"""Long enough for a file of addresses that is being loaded, a chunk at a time."""


def open_store(url: str, *, key: bytes | None = None, busy_s: float = BUSY_S) -> Store:
    """The store that a URL names; opening creates nothing.

    :param url: ``memory:`` (gone with the process), ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or
        ``postgresql://user@host/database``.
    :param key: the issuing key of a registry that is made through this store, for tests and for moving a
        registry between engines; 32 random bytes by default.
    :param busy_s: how many seconds a writer waits for its turn, and then for that of other processes, before it
        gives up.
    :raises InvalidInput: for anything else.
    :raises MissingExtra: for PostgreSQL, where its driver is not installed.
    """
    check_url(url)
    if url == MEMORY:
        from geoaddr.stores.memory import MemoryStore

        return MemoryStore(key=key)
    if url.startswith(POSTGRES):
        try:
            from geoaddr.stores.postgres import PostgresStore
        except ImportError:
            raise MissingExtra("postgres", "a registry on PostgreSQL") from None
        return PostgresStore(url, key=key, busy_s=busy_s)
    from geoaddr.stores.sqlite import SQLiteStore

    return SQLiteStore(url.removeprefix(SQLITE), key=key, busy_s=busy_s)


def is_absent(url: str) -> bool:
    """Whether nothing can be in the store that a URL names, seen without loading an engine; one that is not
    absent may still be empty."""
    path = url.removeprefix(SQLITE)
    return url == MEMORY or (path != url and not os.path.exists(path))  # noqa: PTH110  # asked for each address


def absolute(url: str) -> str:
    """The same store for a process that stands in another folder."""
    path = url.removeprefix(SQLITE)
    return url if path == url else SQLITE + os.path.abspath(path)  # noqa: PTH100  # asked at each opening


def check_url(url: str) -> None:
    """Refuse what names no store, without loading one. :raises InvalidInput:"""
    if url == MEMORY or any(url.startswith(kind) and len(url) > len(kind) for kind in (SQLITE, POSTGRES)):
        return
    raise InvalidInput(
        "store",
        without_password(url),
        Said(
            "not a registry's URL; write memory:, sqlite:///relative.db, sqlite:////absolute.db or "
            "postgresql://user@host/database",
            "không phải địa chỉ của sổ đăng ký; hãy viết memory:, sqlite:///tương-đối.db, sqlite:////tuyệt-đối.db "
            "hoặc postgresql://user@host/database",
        ),
    )


_PASSWORDS = (
    re.compile(r"(://[^:/@\s]*:)[^\s]*(?=@)"),
    re.compile(r"([?&](?:ssl)?password=)[^&\s]*", re.IGNORECASE),
)


def without_password(text: str) -> str:
    """A store's URL, or a sentence with one, fit to be shown."""
    for password in _PASSWORDS:
        text = password.sub(r"\1***", text)
    return text
