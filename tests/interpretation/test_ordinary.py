"""A text that passes for ordinary at a glance has nothing to be masked, and no code."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.errors import InvalidQuery
from geoaddr.interpretation.codes_in_text import codes_in
from geoaddr.interpretation.ordinary import is_ordinary
from geoaddr.platform import Geoaddr
from geoaddr.text.masking import masked
from tests.fuzz.strategies import mixed


@pytest.fixture(scope="module")
def ga() -> Geoaddr:
    return geoaddr.open(store="memory:")


near_codes = st.text(alphabet="0123456789wbcghqst+@/:. -7PQMGC", max_size=40)


@settings(max_examples=1000, deadline=None)
@given(st.one_of(mixed, near_codes))
@example("w7er8u0evk5z")
@example("www.a.vn")
@example("http://a.vn/?q=1")
@example("10110 1234-5")
@example("7P28QMGC+2V")
@example("a@b.vn")
@example("\ud800")
@example("a" * 4097)
def test_says_yes_only_to_what_has_nothing(ga: Geoaddr, text: str) -> None:
    if is_ordinary(text):
        assert masked(text) == text
        assert codes_in(text, ga.gazetteer) == ()


@pytest.mark.parametrize("text", ["\ud800", "a" * 4097, None, 5])
def test_never_to_what_cannot_be_read(text: object) -> None:
    assert not is_ordinary(text)
    with pytest.raises(InvalidQuery):
        masked(text)  # type: ignore[arg-type]
