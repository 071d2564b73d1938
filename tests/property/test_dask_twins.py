"""A Dask frame, however it is cut, and one frame with the same rows get the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from tests.property.test_frame_twins import TEXTS, rows

dd = pytest.importorskip("dask.dataframe", reason="the extra dask is not installed")


@pytest.fixture(scope="module")
def ga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[geoaddr.Geoaddr]:
    folder: Path = tmp_path_factory.mktemp("registry")
    with geoaddr.open(store=f"sqlite:///{folder / 'none.db'}") as opened:
        yield opened


@pytest.mark.parametrize(
    ("verb", "how"),
    [
        ("locate", {}),
        ("locate", {"as_of": "2025-06-30", "lang": "vi"}),
        ("resolve", {}),
        ("parse", {}),
        ("convert", {"lat": "lat", "lon": "lon", "to": "old"}),
        ("validate", {"code": "code"}),
    ],
)
@settings(max_examples=6, deadline=None)
@given(rows, st.lists(st.integers(0, 12), max_size=4))
def test_cuts_do_not_change_answers(
    ga: geoaddr.Geoaddr, verb: str, how: dict[str, Any], rows: list[dict[str, Any]], cuts: list[int]
) -> None:
    whole = pd.DataFrame(rows, columns=TEXTS.names, dtype="str")
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    parts = [whole[begin:end] for begin, end in pairwise(edges)]
    given_lazily = dd.from_map(lambda part: part, parts, meta=whole[:0])
    answer = getattr(ga, f"{verb}_frame")
    got = answer(given_lazily, **how).compute(scheduler="sync")
    pd.testing.assert_frame_equal(got, answer(given_lazily.compute(scheduler="sync"), **how))
