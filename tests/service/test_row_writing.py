"""Columns of answers as JSON: the same bytes as of one object a row."""

from __future__ import annotations

from typing import Any

import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.row_writing import Json, as_array, as_lines

TEXTS = st.one_of(st.none(), st.sampled_from(["", "ok", "Đà Nẵng", 'a "b"', "a\\b", "a\nb", "null"]), st.text())
NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, -0.0, 16.0, 108.22, 1e-7, 1e22]), st.floats(allow_nan=False))
ROWS = st.lists(st.tuples(TEXTS, TEXTS, NUMBERS, st.none()), max_size=8)


def columns_of(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    status, name, lat, nothing = zip(*rows, strict=True) if rows else ((), (), (), ())
    return {
        "status": pa.array(status, pa.string()),
        "name": pa.array(name, pa.string()),
        "lat": pa.array([None if n in (float("inf"), -float("inf")) else n for n in lat], pa.float64()),
        "nothing": pa.array(nothing, pa.string()),
    }


def plain(columns: dict[str, Any]) -> list[dict[str, Any]]:
    names = tuple(columns)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(column.to_pylist() for column in columns.values()), strict=True)
    ]


@given(ROWS, st.integers(0, 3))
def test_rows_are_written_as_orjson_writes_them(rows: list[tuple[Any, ...]], begin: int) -> None:
    columns = {name: column.slice(begin) for name, column in columns_of(rows).items()}
    assert as_array(columns) == orjson.dumps(plain(columns))
    lines = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in plain(columns))
    assert as_lines(columns) == lines


@pytest.mark.parametrize("problems", [[None, None], ['{"status":422}', None], ['{"a":"\\"b"}', "[1,2]"]])
def test_json_is_written_as_it_is(problems: list[str | None]) -> None:
    columns = columns_of([("ok", None, 1.5, None), ("error", "x", None, None)])
    rows = plain(columns)
    for row, problem in zip(rows, problems, strict=True):
        row["problem"] = None if problem is None else orjson.loads(problem)
    assert orjson.loads(as_array(columns | {"problem": Json(problems)})) == rows
