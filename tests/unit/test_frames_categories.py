"""Columns of categories: few texts over many rows, which nowhere take the room of a copy for every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import geoaddr
from geoaddr.bulk.endings import by_ending
from geoaddr.bulk.spelling import Spelling

UNITS = ("Phường Ba Đình, Hà Nội", "Phường Hoàn Kiếm, Hà Nội", "Phường Sài Gòn, TP Hồ Chí Minh")
TEXTS = [f"{n} Quán Thánh, {UNITS[n % 3]}" for n in range(5)]
ROWS = [None if n == 7 else TEXTS[n * 3 % 5] for n in range(23)]


@pytest.fixture(scope="module")
def ga() -> Iterator[geoaddr.Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


def polars(rows: list[str | None]) -> Any:
    pl = pytest.importorskip("polars")
    return pl.DataFrame({"address": pl.Series(rows, dtype=pl.Categorical)})


def of_objects(rows: list[str | None]) -> pd.DataFrame:
    texts = pd.Index([*dict.fromkeys(row for row in rows if row)], dtype=object)
    return pd.DataFrame({"address": pd.Categorical(pd.Series(rows, dtype=object), categories=texts)})


def in_chunks(rows: list[str | None]) -> pa.Table:
    chunks = [pa.array(rows[:9]), pa.array([f"{n}" for n in range(120)]), pa.array(rows[9:])]
    encoded = [pa.DictionaryArray.from_arrays(*_small(chunk)) for chunk in chunks]
    return pa.table({"address": pa.chunked_array(encoded)})


def _small(chunk: pa.Array) -> tuple[pa.Array, pa.Array]:
    encoded = chunk.dictionary_encode()
    return encoded.indices.cast(pa.int8()), encoded.dictionary


KINDS: dict[str, Callable[[list[str | None]], Any]] = {
    "pandas": lambda rows: pd.DataFrame({"address": pd.Categorical(rows)}),
    "pandas, objects": of_objects,
    "polars": polars,
    "Arrow": lambda rows: pa.table({"address": pa.array(rows).dictionary_encode()}),
    "Arrow, with a null among the texts": lambda rows: pa.table(
        {"address": pa.array(rows).dictionary_encode(null_encoding="encode")}
    ),
}


def answers(frame: Any) -> dict[str, list[Any]]:
    table = frame if isinstance(frame, pa.Table) else pa.table(frame)
    return {name: table[name].to_pylist() for name in table.column_names if name != "address"}


@pytest.mark.parametrize("verb", ["geocode", "parse", "convert", "validate"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("most_spelt", [1_000_000_000, 100])
def test_they_are_answered_as_their_texts_are(
    ga: geoaddr.Geoaddr, monkeypatch: pytest.MonkeyPatch, kind: str, verb: str, most_spelt: int
) -> None:
    monkeypatch.setattr("geoaddr.bulk.spelling.MOST_SPELT", most_spelt)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_ROWS", 8)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_MOST", 8)
    ask = getattr(ga, f"{verb}_frame")
    found = ask(KINDS[kind](ROWS), text="address")
    assert answers(found) == answers(ask(pa.table({"address": ROWS}), text="address"))


def test_chunks_with_more_texts_than_the_numbers_of_each_hold(ga: geoaddr.Geoaddr) -> None:
    frame = in_chunks(ROWS)
    want = ga.parse_frame(pa.table({"address": frame["address"].to_pylist()}), text="address")
    assert answers(ga.parse_frame(frame, text="address")) == answers(want)


def test_they_keep_their_own_kind(ga: geoaddr.Geoaddr) -> None:
    frame = KINDS["pandas"](ROWS)
    pd.testing.assert_series_equal(ga.parse_frame(frame)["address"], frame["address"])


@pytest.mark.parametrize("size", [1, 4, 100])
def test_a_piece_holds_as_many_rows_as_may_be_spelt_out(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Each row once, in order; a text that is too long by itself is a piece by itself."""
    monkeypatch.setattr("geoaddr.bulk.spelling.MOST_SPELT", 10)
    rows = ["aaaa", "bb", None, "c" * 30, "aaaa", "aaaa", "aaaa", "", None, None]
    for column in (pa.array(rows).dictionary_encode(), pa.array(rows, pa.large_string())):
        pieces = [*Spelling(pa.record_batch({"text": column})).pieces(size)]
        told = [piece["text"].to_pylist() for _, piece in pieces]
        assert [text for piece in told for text in piece] == rows
        assert [first for first, _ in pieces] == [sum(map(len, told[:n])) for n in range(len(told))]
        assert all(len(piece) <= size for piece in told)
        assert all(len(piece) == 1 or sum(len(text or "") for text in piece) <= 10 for piece in told)
        assert not any(pa.types.is_dictionary(piece["text"].type) for _, piece in pieces)


@pytest.mark.parametrize("kinds", [3, 127, 128, 129])
def test_they_are_ordered_as_their_texts_are(kinds: int) -> None:
    """Also where as many texts as the smallest numbers can name stand beside a null."""
    rows = [None if n % 11 == 10 else f"{n * 7 % kinds} Lê Lợi {n % 5}" for n in range(400)]
    for null in ("mask", "encode"):
        assert (
            by_ending(pa.array(rows).dictionary_encode(null_encoding=null)).tolist()
            == by_ending(pa.array(rows)).tolist()
        )
    codes = np.arange(400) % kinds
    encoded = pa.Array.from_pandas(
        pd.Series(pd.Categorical.from_codes(codes, [f"{n} Lê Lợi" for n in range(kinds)]))
    )
    assert by_ending(encoded).tolist() == by_ending(encoded.dictionary_decode()).tolist()


@pytest.mark.slow
def test_more_than_two_gigabytes_once_spelt_out(ga: geoaddr.Geoaddr) -> None:
    """Categories of objects are texts with 32-bit offsets, which no array of so many letters has."""
    texts = [f"{n} Lê Lợi, {UNITS[n % 3]}, {'x' * 720}" for n in range(51)]
    codes = np.arange(3_000_000) % len(texts)
    assert min(map(len, texts)) * len(codes) > 2**31
    frame = pd.DataFrame({"address": pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object))})
    communes = np.array(["Ba Đình", "Hoàn Kiếm", "Sài Gòn"], dtype=object)
    assert (ga.geocode_frame(frame)["commune"].to_numpy() == communes[codes % 3]).all()
