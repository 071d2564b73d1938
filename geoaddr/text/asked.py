"""What a text must be before anything is read in it."""

from __future__ import annotations

from geoaddr.errors import InvalidQuery, Said

MAX_LENGTH = 4096
"""Characters that a text may have. An address is far shorter; a bound on the length is a bound on the time."""


def asked(text: object, field: str = "text") -> str:
    """``text`` when it can be read: a string of at most 4,096 characters that UTF-8 can write.

    :raises InvalidQuery: naming ``field``, for anything else.
    """
    if not isinstance(text, str):
        raise InvalidQuery(field, text, Said("not a text", "không phải chuỗi ký tự"))
    if len(text) > MAX_LENGTH:
        raise InvalidQuery(
            field,
            _beginning(text) + "…",
            Said(
                f"longer than {MAX_LENGTH} characters: not an address",
                f"dài hơn {MAX_LENGTH} ký tự: không phải một địa chỉ",
            ),
        )
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            reason = Said(
                f"not valid Unicode: half a character at position {error.start + 1}",
                f"không phải Unicode hợp lệ: nửa ký tự ở vị trí {error.start + 1}",
            )
            raise InvalidQuery(field, _beginning(text), reason) from None
    return text


def _beginning(text: str) -> str:
    """The first characters, fit to be shown: a question mark for half a character."""
    return text[:40].encode(errors="replace").decode()
