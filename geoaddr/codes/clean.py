"""What all code systems share when they read a text: bounds on its length, separators, foreign characters.

A code may be typed with spaces, hyphens or dots between its characters. Everything else must be plain ASCII:
a full-width digit looks like a digit and is another character, so it is refused by name and place instead of
being turned into one in silence.
"""

from __future__ import annotations

import unicodedata

from geoaddr.errors import InvalidFormat, InvalidLength, Said

LONGEST = 64
"""Characters that a typed code may have, separators included; longer texts are refused unread."""

DIGITS = frozenset("0123456789")

_SEPARATORS = dict.fromkeys(map(ord, " \t\r\n\u00a0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013\u2014.\u00b7"))
"""Blanks, hyphens and dashes, dots: what people put between the characters of a code. Not the underscore."""


def compact(text: str) -> str:
    """``text`` in capitals without separators.

    :raises InvalidLength: for an empty text and for more than :data:`LONGEST` characters.
    :raises InvalidFormat: for anything that is no text, and for a character that is not printable ASCII.
    """
    if not isinstance(text, str):
        raise InvalidFormat("code", text, Said("not a text; codes are strings", "không phải chuỗi ký tự"))
    if len(text) > LONGEST:
        raise InvalidLength(
            "code",
            text,
            Said(
                f"{len(text)} characters; no code has more than {LONGEST}",
                f"{len(text)} ký tự; không mã nào dài hơn {LONGEST} ký tự",
            ),
        )
    kept = text.translate(_SEPARATORS)
    if not kept:
        raise InvalidLength("code", text, Said("empty; a code is needed", "trống; cần một mã"))
    if not (kept.isascii() and kept.isprintable()):
        raise _foreign(text)
    return kept.upper()


def is_digits(text: str) -> bool:
    """Whether ``text`` consists of the ASCII digits 0-9 alone (``str.isdigit`` takes others too)."""
    return text.isascii() and text.isdigit()


def require_digits(text: str, width: int, *, value: str, what: Said) -> str:
    """``text`` when it is exactly ``width`` digits; ``what`` names the code in the error.

    :raises InvalidFormat: naming the first other character of the typed ``value`` and its place.
    :raises InvalidLength: for another number of digits.
    """
    if not is_digits(text):
        raise unexpected(DIGITS, value=value, what=what)
    if len(text) != width:
        raise wrong_length(len(text), str(width), value=value, what=what)
    return text


def unexpected(alphabet: frozenset[str], *, value: str, what: Said, skip: int = 0) -> InvalidFormat:
    """The error for the first character of the typed ``value`` that ``alphabet`` (in either case) lacks.

    The first ``skip`` characters, separators not counted, are another part of the code.
    """
    known = alphabet | {c.swapcase() for c in alphabet}
    typed = [(i, c) for i, c in enumerate(value, 1) if ord(c) not in _SEPARATORS][skip:]
    at, char = next(((i, c) for i, c in typed if c not in known), (len(value), value[-1:]))
    return InvalidFormat(
        "code",
        value,
        Said(
            f"{what.en} cannot have '{char}' (character {at})", f"{what.vi} không thể có '{char}' (ký tự thứ {at})"
        ),
    )


def wrong_length(found: int, needed: str, *, value: str, what: Said) -> InvalidLength:
    """The error for ``found`` characters where ``needed`` stand in ``what``."""
    return InvalidLength(
        "code",
        value,
        Said(
            f"{what.en} has {needed} characters, not {found}", f"{what.vi} có {needed} ký tự, không phải {found}"
        ),
    )


def _foreign(text: str) -> InvalidFormat:
    """The error for the first character of ``text`` that is not printable ASCII and no separator."""
    at, char = next(
        (i, c)
        for i, c in enumerate(text, 1)
        if not (c.isascii() and c.isprintable()) and ord(c) not in _SEPARATORS
    )
    name = f"U+{ord(char):04X}"
    plain = unicodedata.normalize("NFKC", char)
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        kind = (
            Said("a full-width digit", "chữ số toàn khổ (full-width)")
            if plain != char and 0xFF10 <= ord(char) <= 0xFF19
            else Said("a digit of another script", "chữ số của hệ chữ khác")
        )
        advice = Said(f"; type {digit}", f"; hãy gõ {digit}")
    elif 0xFF01 <= ord(char) <= 0xFF5E:
        kind = Said("a full-width character", "ký tự toàn khổ (full-width)")
        advice = Said(f"; type {plain}", f"; hãy gõ {plain}")
    else:
        kind = Said("not a plain letter or digit", "không phải chữ cái hay chữ số thường")
        advice = Said("", "")
    return InvalidFormat(
        "code",
        text,
        Said(
            f"character {at} ({name}) is {kind.en}{advice.en}", f"ký tự thứ {at} ({name}) là {kind.vi}{advice.vi}"
        ),
    )
