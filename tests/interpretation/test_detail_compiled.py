"""The compiled grammar below the commune finds the pieces that plain Python finds."""

from __future__ import annotations

import csv
import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.interpretation.detail import briefs_of, plain_pieces
from geoaddr.interpretation.detail_compiled import compiled_briefs, compiled_pieces
from geoaddr.interpretation.detail_gathered import briefly
from tests.fuzz.strategies import mixed
from tests.interpretation.hostile_texts import LONG, NOTHING, PROSE

SAMPLE = 1500


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    if compiled_pieces("1 Lê Lợi", [(0, 8)]) is None:
        pytest.skip("the compiled grammar was not built (it needs a C++ compiler)")


def the_same(text: str, spans: list[tuple[int, int]]) -> None:
    taken = [(a, b) for a, b in spans if text[a:b].strip()]
    pieces = compiled_pieces(text, taken)
    plain = plain_pieces(text, taken)
    assert pieces is None or pieces == plain, (text, taken)
    begin, left = (taken[0][1], taken[1:]) if taken and taken[0][0] == 0 else (0, taken)
    behind = tuple([(a - begin, b - begin) for a, b in left])
    found = compiled_briefs([None, text, text], [0, begin, begin], [None, behind, None])
    assert found is not None
    assert found[1] == (None if pieces is None else briefly(*plain)), (text, taken)
    assert (found[0], found[2]) == (None, None)
    assert briefs_of([text], [begin], [behind]) == [briefly(*plain)], (text, taken)


def parted(text: str) -> list[list[tuple[int, int]]]:
    """The whole text, what stands before each of its first commas, and without what stands between them."""
    commas = [at for at, letter in enumerate(text) if letter == ","][:3]
    before = [[(0, at)] for at in commas]
    without = [[(0, a), (b, len(text))] for a, b in pairwise(commas)]
    return [[(0, len(text))], *before, *without]


def test_real_addresses(shared: Path) -> None:
    with (shared / "data/addresses/real_addresses_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[column] for row in csv.DictReader(file) for column in ("old_address", "new_address")]
    labelled = json.loads((shared / "data/addresses/components_dev.json").read_text(encoding="utf-8"))
    for text in [*random.Random(3).sample(rows, SAMPLE), *[row["text"] for row in labelled]]:
        for spans in parted(text):
            the_same(text, spans)


def test_texts_made_to_hurt() -> None:
    for text in [*LONG.values(), *NOTHING.values(), *PROSE.strip().splitlines()]:
        for spans in parted(text):
            the_same(text, spans)


@settings(max_examples=500, deadline=None)
@given(mixed, st.lists(st.integers(0, 120), max_size=4))
def test_any_text_in_any_stretches(text: str, edges: list[int]) -> None:
    cut = sorted({min(edge, len(text)) for edge in edges})
    the_same(text, [*zip(cut[::2], cut[1::2], strict=False)] or [(0, len(text))])


def test_a_plus_code_is_left_to_plain_python() -> None:
    assert compiled_pieces("7P28QMGC+2V Lê Lợi", [(0, 18)]) is None
    assert compiled_briefs(["7P28QMGC+2V Lê Lợi"], [18], [()]) == [None]


def test_stretches_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="as many"):
        compiled_briefs(["1 Lê Lợi"], [], [()])
