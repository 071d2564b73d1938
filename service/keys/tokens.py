"""Secrets that callers carry: ``gak_ID_SECRET`` a key, ``gas_ID_SECRET`` a share.

The id is for looking up and for people; the secret has 256 random bits. What is kept is its SHA-256. Slow
hashes with a salt (argon2, scrypt) slow down the guessing of passwords that people think up: nobody guesses 256
random bits, however fast the hash, and every request pays for it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Literal, NamedTuple

Kind = Literal["gak", "gas"]

ID_CHARACTERS = 10
SECRET_BYTES = 32
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l, o, 0 and 1, which people confuse."""

_TOKEN = re.compile(rf"(gak|gas)_([{_ALPHABET}]{{{ID_CHARACTERS}}})_([A-Za-z0-9_-]{{43}})", re.ASCII)


class Token(NamedTuple):
    """A token that somebody presented or was given."""

    kind: str
    id: str
    secret: str

    def __str__(self) -> str:
        return f"{self.kind}_{self.id}_{self.secret}"


def new(kind: Kind, id: str | None = None) -> Token:  # noqa: A002  # the word for it
    """A new token; another secret for the ``id`` where one is given."""
    made = id or "".join(secrets.choice(_ALPHABET) for _ in range(ID_CHARACTERS))
    return Token(kind, made, secrets.token_urlsafe(SECRET_BYTES))


def read(text: str, kind: Kind) -> Token | None:
    """The token that a text is; ``None`` for a text that is none of this kind."""
    found = _TOKEN.fullmatch(text)
    return Token(*found.groups()) if found is not None and found[1] == kind else None


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def is_secret_of(secret: str, kept: bytes) -> bool:
    """Whether a secret is the one whose digest was kept; takes as long whatever is wrong with it."""
    return hmac.compare_digest(digest(secret), kept)
