"""Bytes that should be UTF-8: where they are not, and what they may be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.text.encodings import not_utf8

LINES = "số nhà,đường\n12,Lê Lợi\n14,Hàng Trống\n"


def in_1258(text: str) -> bytes:
    """Windows-1258 has ``â ă ê ô ơ ư`` with and without capitals; tones stand behind their letters."""
    parts = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323")
        parts.append(unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones)) + tones)
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize(
    ("content", "at", "value", "line", "encoding"),
    [
        ("a\nHàng Bông\n".encode("latin-1"), 3, 0xE0, 2, "Latin-1"),
        (in_1258(LINES), 1, 0xF4, 1, "Windows-1258"),
        ("\ufeff12 Lê Lợi".encode("utf-16-le"), 0, 0xFF, 1, "UTF-16"),
        ("\ufeff12 Lê Lợi".encode("utf-16-be"), 0, 0xFE, 1, "UTF-16"),
        ("12 Lê Lợi".encode("utf-16-le"), 1, 0, 1, "UTF-16"),
        (b"12 \xa7\xad\xeang", 3, 0xA7, 1, None),  # 12 Đường in TCVN3, for which there is no sure sign
        (b"a\n\nb\x80", 4, 0x80, 3, None),
        ("Lê".encode()[:-1], 1, 0xC3, 1, None),  # cut short
    ],
)
@pytest.mark.parametrize("size", [1 << 20, 3, 2])
def test_where_it_shows_and_what_it_may_be(
    content: bytes, at: int, value: int, line: int, encoding: str | None, size: int
) -> None:
    blocks = [content[first : first + size] for first in range(0, len(content), size)]
    found = not_utf8(blocks)
    assert found is not None
    assert (found.at, found.value, found.line) == (at, value, line)
    if size > 3:
        assert found.encoding == encoding


def first_bad(content: bytes) -> int | None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


@given(st.text(), st.integers(1, 7))
def test_utf8_is_no_other_encoding_however_it_comes(text: str, size: int) -> None:
    content = text.replace("\0", "").encode(errors="ignore")
    assert not_utf8(content[first : first + size] for first in range(0, len(content), size)) is None


@given(st.binary(max_size=60), st.integers(1, 7))
def test_the_first_byte_that_cannot_be_is_told(content: bytes, size: int) -> None:
    content = content.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    found = not_utf8(content[first : first + size] for first in range(0, len(content), size))
    start = first_bad(content)
    told = None if found is None else (found.at, found.line)
    assert told == (None if start is None else (start, 1 + content.count(b"\n", 0, start)))


def test_the_sentence_counts_from_one() -> None:
    found = not_utf8(["x Hàng Bông".encode("latin-1")])
    assert found is not None
    assert found.said.en == "not UTF-8: byte 4 is 0xe0, as in Latin-1"
    assert found.said.vi == "không phải UTF-8: byte thứ 4 là 0xe0, có vẻ là Latin-1"
