"""What is said of bytes that should be UTF-8 and are not: where that shows, and which encoding they may have."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from geoaddr.errors import Said

LOOKED_AT = 1 << 16
"""Bytes around a place by which an encoding is guessed."""

_LETTERS = frozenset("ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ")
_OWN = frozenset("ĂăĐđƠơƯư")
LEAST_LETTERS = 0.8
"""The share of letters among the bytes above ASCII in Latin-1; in other encodings of Vietnamese it is less."""
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


class NotUtf8(NamedTuple):
    """The first byte that cannot be: its place, from 0 on, its value, the line that it is in, from 1 on, and the
    name of an encoding that all may have, where one can be guessed."""

    at: int
    value: int
    line: int
    encoding: str | None

    @property
    def said(self) -> Said:
        """The same as a sentence that has no subject."""
        en = f"not UTF-8: byte {self.at + 1} is 0x{self.value:02x}"
        vi = f"không phải UTF-8: byte thứ {self.at + 1} là 0x{self.value:02x}"
        if self.encoding is None:
            return Said(en, vi)
        return Said(f"{en}, as in {self.encoding}", f"{vi}, có vẻ là {self.encoding}")


def not_utf8(blocks: Iterable[bytes]) -> NotUtf8 | None:
    """Where the bytes in ``blocks`` are no UTF-8, ``None`` where they are; UTF-16 is told by its zeros."""
    held, at, line = b"", 0, 1
    for block in chain(blocks, [b""]):
        joined = held + block
        encoding: str | None = "UTF-16"
        bad = _utf16(joined) if at == 0 else None
        if bad is None:
            try:
                used = codecs.utf_8_decode(joined, "strict", not block)[1]
            except UnicodeDecodeError as error:
                bad = error.start
                encoding = _guessed(joined[max(0, bad - LOOKED_AT) : bad + LOOKED_AT]) if block else None
        if bad is not None:
            return NotUtf8(at + bad, joined[bad], line + joined.count(b"\n", 0, bad), encoding)
        held, at, line = joined[used:], at + used, line + joined.count(b"\n", 0, used)
    return None


def _utf16(begin: bytes) -> int | None:
    """Where that shows: at its mark, or at the first zero."""
    begin = begin[:LOOKED_AT]
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 0
    return begin.find(0) if 8 * begin.count(0) > len(begin) else None


def _guessed(near: bytes) -> str | None:
    """The encoding of bytes with a letter each: Windows-1258 has the tones of Vietnamese as marks behind letters,
    and ``ă đ ơ ư`` where Latin-1 has other letters."""
    try:
        read = near.decode("cp1258")
    except UnicodeDecodeError:
        read = ""
    whole = {letter for letter in unicodedata.normalize("NFC", read).upper() if not letter.isascii()}
    if whole and whole <= _LETTERS and (_TONES.intersection(read) or _OWN.intersection(read)):
        return "Windows-1258"
    high = [byte for byte in near if byte >= 0x80]
    letters = sum(byte >= 0xC0 for byte in high)
    return "Latin-1" if letters > LEAST_LETTERS * len(high) else None
