"""Tokens: what is one word, and where it stands in the text as written."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.errors import InvalidQuery
from geoaddr.text.asked import MAX_LENGTH
from geoaddr.text.tokens import fold_word, tokenise

WORDS = """
P1,Q3,TP.HồChíMinh              | P 1 Q 3 TP Hồ Chí Minh
TPHồChíMinh                     | TP Hồ Chí Minh
TPHCM                           | TPHCM
T.Giang                         | T Giang
PhườngThạnhLộc,Quận12           | Phường Thạnh Lộc Quận 12
ĐƯỜNG LÊ LỢI                    | ĐƯỜNG LÊ LỢI
huyện M'Drắk, Cư M’gar          | huyện M'Drắk Cư M’gar
1806/127/2/6                    | 1806 127 2 6
14A bis                         | 14 A bis
Bà Rịa-Vũng Tàu                 | Bà Rịa Vũng Tàu
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in WORDS.strip().splitlines()]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_words_of_a_text(text: str, words: str) -> None:
    assert [token.text for token in tokenise(text)] == words.split()


@pytest.mark.parametrize(("text", "words"), CASES)
def test_decomposed_text_has_the_same_words(text: str, words: str) -> None:
    tokens = tokenise(unicodedata.normalize("NFD", text))
    assert [unicodedata.normalize("NFC", token.text) for token in tokens] == words.split()


def test_gaps_say_what_parted_the_words() -> None:
    assert [token.gap for token in tokenise("số 5, ngõ 12/34 -  Huế")] == ["", " ", ",", " ", "/", "-"]


def test_full_width_letters_fold_to_plain_ones() -> None:
    assert [token.folded for token in tokenise("Ｐ１， ＨÀ Nội")] == ["p", "1", "ha", "noi"]


@given(st.text(max_size=200))
def test_offsets_point_into_the_original(text: str) -> None:
    tokens = tokenise(text)
    assert all(text[token.start : token.end] == token.text and token.folded for token in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))


def test_no_words_is_no_error() -> None:
    assert tokenise("") == tokenise(" ,;()[] 🏠 ") == []


def test_a_text_that_is_too_long_is_refused() -> None:
    assert tokenise("a" * MAX_LENGTH)
    with pytest.raises(InvalidQuery, match="4096"):
        tokenise("a" * (MAX_LENGTH + 1))


def test_no_long_word_is_kept_in_memory() -> None:
    word = "Đ" * MAX_LENGTH
    held = sys.getrefcount(word)
    assert fold_word(word) == "d" * MAX_LENGTH
    assert sys.getrefcount(word) == held
