"""Spelling: Telex leftovers, glued syllables, distances; judged against definitions, not against themselves."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaddr.interpretation.spelling import (
    cut_syllables,
    near,
    one_left_out,
    untelex,
)

TELEX = """
phuowngf phuong
quaanj   quan
ddoongs  dong
nguyeexn nguyen
thuyr    thuy
huyeenj  huyen
khasnh   khanh
hoaf     hoa
"""


@pytest.mark.parametrize("line", TELEX.strip().splitlines())
def test_telex_keystrokes_left_standing(line: str) -> None:
    typed, meant = line.split()
    assert untelex(typed) == meant


def test_glued_syllables_fall_apart_into_the_fewest() -> None:
    known = {"phuong", "phuc", "tan", "phu", "c", "ta", "n"}
    assert cut_syllables("phuongphuctan", known) == [0, 6, 10, 13]
    assert cut_syllables("phuongx", known) is None
    assert cut_syllables("tan" * 100, known) is None


WORDS = st.text("abcn", max_size=8)


@cache
def by_definition(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return by_definition(a[1:], b[1:])
    return 1 + min(by_definition(a[1:], b), by_definition(a, b[1:]), by_definition(a[1:], b[1:]))


@given(WORDS, WORDS)
def test_near_tells_none_from_one_edit_from_more(a: str, b: str) -> None:
    swaps = {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    expected = 0 if a == b else 1 if by_definition(a, b) == 1 or b in swaps else 2
    assert near(a, b) == expected


def deletions(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


@given(WORDS, WORDS)
def test_one_letter_left_out_of_one_word_or_of_each(a: str, b: str) -> None:
    without_a, without_b = set(deletions(a)), set(deletions(b))
    expected = a in without_b or b in without_a or not without_a.isdisjoint(without_b)
    assert one_left_out(a, b) == (a != b and expected)
