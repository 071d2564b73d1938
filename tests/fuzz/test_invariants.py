"""Every invariant on made-up texts, and on the corpus that the fuzzer keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.platform import Geoaddr
from tests.fuzz import strategies
from tests.fuzz.invariants import check, check_normal_forms

CORPUS = Path(__file__).parent / "corpus.txt"
KEPT: list[str] = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
PIECE = 25


@pytest.fixture(scope="module")
def ga() -> Iterator[Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


@pytest.mark.parametrize("first", range(0, len(KEPT), PIECE))
def test_every_text_that_the_fuzzer_kept(ga: Geoaddr, first: int) -> None:
    for text in KEPT[first : first + PIECE]:
        check(ga, text)


@settings(max_examples=150, deadline=None)
@given(strategies.address_like)
def test_texts_like_addresses(ga: Geoaddr, text: str) -> None:
    check(ga, text)


@settings(max_examples=150, deadline=None)
@given(st.one_of(strategies.hostile, strategies.mixed))
def test_hostile_texts(ga: Geoaddr, text: str) -> None:
    check(ga, text)


@settings(max_examples=150, deadline=None)
@given(strategies.address_like)
def test_composed_and_decomposed_letters_are_the_same_address(ga: Geoaddr, text: str) -> None:
    check_normal_forms(ga, text)
