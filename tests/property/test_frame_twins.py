"""A frame and a file with the same rows get the same answers, whatever stands in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk.answers import ANSWER_COLUMNS
from geoaddr.bulk.job import BatchJob, run

ADDRESSES = [
    "12 Lò Sũ, Hoàn Kiếm, Hà Nội",
    "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội",
    "59 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội",
    "xã Tân Lập",
    "Sài Gòn",
    "",
    "   ",
    "💧",
]
CODES = ["10011-12345", "7PH2 2R2V+", "00070", "", "abc", "7PH7XXXX+XX"]

degrees_of = st.one_of(
    st.none(),
    st.floats(8.0, 23.5).map(repr),
    st.sampled_from(["21°01'42.6\"N", "21,0285", "north", "105.8 E", "1e400", "-91"]),
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "address": st.one_of(st.none(), st.sampled_from(ADDRESSES)),
            "lat": degrees_of,
            "lon": st.one_of(st.none(), st.floats(102.2, 109.0).map(repr), st.just("105°51'Đ")),
            "code": st.one_of(st.none(), st.sampled_from(CODES)),
        }
    ),
    max_size=12,
)
TEXTS = pa.schema([(name, pa.string()) for name in ("address", "lat", "lon", "code")])


class Shared(geoaddr.Geoaddr):
    """A platform that outlives the jobs that it answers, so that its dictionary is built once."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def ga() -> Iterator[geoaddr.Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield Shared(opened.pack, opened.registry)


def from_file(ga: geoaddr.Geoaddr, verb: Any, table: pa.Table, how: dict[str, Any]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        pq.write_table(table, source)
        run(BatchJob(verb=verb, source=source, out=out, **how), lambda pack, store: ga)
        return list(pq.read_table(out).to_pylist())


@pytest.mark.parametrize(
    ("verb", "how"),
    [
        ("locate", {}),
        ("locate", {"as_of": "2025-06-30", "lang": "vi"}),
        ("resolve", {}),
        ("parse", {}),
        ("geocode", {}),
        ("convert", {"lat": "lat", "lon": "lon"}),
        ("convert", {"to": "old"}),
        ("validate", {"code": "code"}),
    ],
)
@settings(max_examples=6, deadline=None)
@given(rows)
def test_frames_answer_as_files_do(
    ga: geoaddr.Geoaddr, verb: str, how: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    table = pa.Table.from_pylist(rows, TEXTS)
    want = from_file(ga, verb, table, how)
    answer = getattr(ga, f"{verb}_frame")
    assert answer(table, **how).to_pylist() == want
    pandas = answer(table.to_pandas(), **how)
    assert [*pandas.columns[4:]] == [n if n not in TEXTS.names else f"geoaddr_{n}" for n in ANSWER_COLUMNS[verb]]
    assert pandas.astype(object).where(pandas.notna(), None).to_dict("records") == want
    polars = pytest.importorskip("polars", reason="polars is not installed")
    assert answer(polars.from_arrow(table), **how).to_dicts() == want


def test_the_index_of_pandas_is_no_row_number(ga: geoaddr.Geoaddr) -> None:
    frame = pd.DataFrame({"lat": [21.0285, 10.77], "lon": [105.8542, 106.7]}, index=[1, 0])
    assert ga.locate_frame(frame)["province"].to_dict() == {1: "Hà Nội", 0: "Hồ Chí Minh"}
