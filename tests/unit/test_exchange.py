"""Rows that are exchanged among pieces: each is answered once, and comes back to where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import call
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaddr.bulk import exchange
from geoaddr.bulk.answers import Plan, answered
from geoaddr.bulk.endings import by_ending
from geoaddr.bulk.exchange import Exchange
from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError
from geoaddr.platform import batch

PLAN = Plan(verb="geocode", names={"status": "status", "label": "label_1", "error": "error"}, text="address")
RAGGED = Plan(verb="geocode", names=PLAN.names, text="address", ragged="width")


def answer(first: int, piece: pa.RecordBatch) -> dict[str, Any]:
    """An answer that tells the text it was given for."""
    texts = piece["address"].to_pylist()
    return {
        "status": pa.array(["ok"] * len(texts)),
        "label": pa.array([None if text is None else f"<{text}>" for text in texts], pa.string()),
        "error": pa.array([None] * len(texts), pa.string()),
    }


def pieces_of(rows: list[tuple[str | None, str | None]], sizes: list[int]) -> Iterator[pa.RecordBatch]:
    """Rows as pieces of a file with a column beside the text; their ``ragged`` notes last."""
    begin = 0
    for size in sizes:
        some = rows[begin : begin + size]
        yield pa.record_batch(
            {
                "label": pa.array([str(begin + n) for n in range(len(some))]),
                "address": pa.array([text for text, _ in some], pa.string()),
                "width": pa.array([wrong for _, wrong in some], pa.string()),
            }
        )
        begin += size


@st.composite
def files(draw: st.DrawFn) -> tuple[list[tuple[str | None, str | None]], list[int]]:
    sizes = draw(st.lists(st.integers(1, 6), max_size=8))
    row = st.tuples(st.none() | st.text(max_size=6), st.none() | st.just("2 fields for 3"))
    return draw(st.lists(row, min_size=sum(sizes), max_size=sum(sizes))), sizes


@settings(deadline=None)
@given(file=files(), most=st.integers(1, 20), ragged=st.booleans())
def test_a_file_is_answered_as_if_nothing_were_exchanged(
    file: tuple[list[tuple[str | None, str | None]], list[int]], most: int, ragged: bool
) -> None:
    planned = RAGGED if ragged else PLAN
    pieces = list(pieces_of(*file))
    if not ragged:
        pieces = [piece.drop_columns(["width"]) for piece in pieces]
    straight = [answered(0, piece, answer, planned) for piece in pieces]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "SPAN_ROWS", most)
        exchanged = Exchange(planned)
        given_ones = list(exchanged.given(iter(pieces)))
        made = (answered(0, piece, answer, planned) for piece in given_ones)
        back = list(exchanged.put_back(made, lambda work: map(call, work)))
    assert [piece.num_rows for piece in given_ones] == [piece.num_rows for piece in pieces]
    assert [piece.to_pylist() for piece in back] == [piece.to_pylist() for piece in straight]
    assert [piece.schema for piece in back] == [piece.schema for piece in straight]


def test_texts_that_end_alike_come_together() -> None:
    here, there = "Phường Ba Đình, Hà Nội", "Phường Sài Gòn, TP Hồ Chí Minh"
    mixed = [(f"{n} Lê Lợi, {here if n % 2 else there}", None) for n in range(8)]
    given_ones = Exchange(PLAN).given(pieces_of(mixed, [4, 4]))
    assert [{text.partition(", ")[2] for text in piece["address"].to_pylist()} for piece in given_ones] == [
        {there},
        {here},
    ]


def test_a_run_that_exchanged_other_rows_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pieces are of other rows."""
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_ROWS", 16)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_MOST", 16)
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"address": [f"{n} Lê Lợi, Phường Ba Đình" for n in range(64)]}), source)
    job = BatchJob(verb="geocode", source=source, out=out, store="memory:", workers=1, resume=True)

    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch(job, progress=stop)
    monkeypatch.setattr("geoaddr.bulk.engine.LAYOUT", (0, 0, 0, 0))
    with pytest.raises(DataError, match="unfinished run"):
        batch(job)


@pytest.mark.parametrize("kind", [pa.string_view(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_texts_of_every_kind_are_exchanged(kind: pa.DataType) -> None:
    texts = ["1 Lê Lợi, Phường Ba Đình", "2 Lê Lợi, Phường Sài Gòn", "3 Lê Lợi, Phường Ba Đình"]
    pieces = [pa.record_batch({"address": pa.array([text], pa.string()).cast(kind)}) for text in texts]
    exchanged = Exchange(PLAN)
    made = (answered(0, piece, answer, PLAN) for piece in list(exchanged.given(iter(pieces))))
    back = list(exchanged.put_back(made, lambda work: map(call, work)))
    assert [piece["label_1"].to_pylist() for piece in back] == [[f"<{text}>"] for text in texts]
    assert {piece.schema.field("address").type for piece in back} == {kind}


@pytest.mark.parametrize(
    "texts", [pa.array(["x" * 1_000] * 2), pa.array(["x" * 100] * 20).dictionary_encode()], ids=["as such", "once"]
)
def test_rows_wait_for_others_only_as_long_as_they_take_little_room(
    monkeypatch: pytest.MonkeyPatch, texts: pa.Array
) -> None:
    """A column of categories is small as it is read, and large as what is asked."""
    monkeypatch.setattr(exchange, "SPAN_BYTES", 4_000)
    read: list[int] = []

    def long_rows() -> Iterator[pa.RecordBatch]:
        for number in range(8):
            read.append(number)
            yield pa.record_batch({"address": texts})

    next(Exchange(PLAN).given(long_rows()))
    assert read == [0, 1]


def test_answers_to_other_rows_are_refused() -> None:
    """A kept piece is of the rows that it is joined to, or of none."""
    exchanged = Exchange(PLAN, resumed=True)
    pieces = [pa.record_batch({"address": [f"{n} Lê Lợi", f"{n} Quán Thánh"]}) for n in range(2)]
    made = [answered(0, piece, answer, PLAN) for piece in list(exchanged.given(iter(pieces)))]
    with pytest.raises(DataError, match="other rows"):
        list(exchanged.put_back(iter(made[::-1]), lambda work: map(call, work)))


def test_processes_answer_spans_and_go_on_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several spans of several pieces of a ragged file, by two workers, then by one, as by one alone."""
    for name, value in [("parts.GEOCODE_ROWS", 16), ("parts.GEOCODE_MOST", 16), ("exchange.SPAN_ROWS", 64)]:
        monkeypatch.setattr(f"geoaddr.bulk.{name}", value)
    units = ("Phường Ba Đình, Hà Nội", "Phường Sài Gòn, TP Hồ Chí Minh", "Phường Hải Châu, Đà Nẵng")
    rows = [f'{n},"{n} Lê Lợi, {units[n % 3]}"' + ",more" * (n % 50 == 7) for n in range(200)]
    source, out, whole = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "whole.csv"
    source.write_text("\n".join(["id,address", *rows]), encoding="utf-8")
    job = BatchJob(verb="geocode", source=source, out=out, store="memory:", workers=2, resume=True)

    def stop(done: int, total: int | None) -> None:
        if done >= 96:
            raise KeyboardInterrupt

    batch(replace(job, out=whole, workers=1))
    with pytest.raises(KeyboardInterrupt):
        batch(job, progress=stop)
    assert batch(replace(job, workers=1)).resumed_rows >= 96
    assert out.read_bytes() == whole.read_bytes()
    assert pd.read_csv(whole)["id"].tolist() == [*range(200)]


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        ([], []),
        (["ca", "bb", None, "ab", "ba"], [4, 0, 3, 1, 2]),
        (["đường Lê Lợi", "Lê Lợi", "Đường Lê Lợi"], [1, 2, 0]),
    ],
)
def test_texts_are_ordered_from_their_last_letter_on(texts: list[str | None], order: list[int]) -> None:
    assert by_ending(pa.array(texts, pa.string())).tolist() == order


def test_a_run_that_was_stopped_goes_on_with_what_it_had_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a piece that stands are those of the piece that goes on with it."""
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_ROWS", 16)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_MOST", 16)
    texts = [f"{n} Lê Lợi, {'Phường Ba Đình, Hà Nội' if n % 3 else 'Phường Sài Gòn'}" for n in range(100)]
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"address": texts}), source)
    job = BatchJob(verb="geocode", source=source, out=out, store="memory:", workers=1, resume=True)

    def stop(done: int, total: int | None) -> None:
        if done >= 48:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch(job, progress=stop)
    report = batch(job)
    assert (report.rows, report.resumed_rows) == (100, 48)
    whole = tmp_path / "whole.parquet"
    batch(BatchJob(verb="geocode", source=source, out=whole, store="memory:", workers=1))
    assert pq.read_table(out).equals(pq.read_table(whole))
    assert pq.read_table(out)["address"].to_pylist() == texts


@pytest.mark.parametrize("partition_by", [(), ("province_code",)])
@pytest.mark.parametrize("given_as", [".gpkg", ".geojson"])
def test_rows_keep_what_stands_beside_them_in_layers_and_partitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given_as: str, partition_by: tuple[str, ...]
) -> None:
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_ROWS", 8)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_MOST", 8)
    units = [("Phường Ba Đình, Hà Nội", "01"), ("Phường Sài Gòn, Hồ Chí Minh", "79")]
    rows = [(n, f"{n} Lê Lợi, {units[n % 2][0]}", 105 + n / 128, units[n % 2][1]) for n in range(40)]
    frame = gpd.GeoDataFrame(rows, columns=["id", "address", "kept", "_"]).drop(columns="_")
    frame = frame.set_geometry(gpd.points_from_xy(frame["kept"], [21.0] * len(frame), crs="EPSG:4326"))
    source, out = tmp_path / f"in{given_as}", tmp_path / ("out.parquet" if partition_by else "out.gpkg")
    frame.to_file(source)
    batch(BatchJob(verb="geocode", source=source, out=out, store="memory:", workers=1, partition_by=partition_by))
    if partition_by:
        assert len(list(out.iterdir())) == len(units)
        found = pq.read_table(out).to_pandas()
    else:
        found = pd.DataFrame(gpd.read_file(out, layer="out"))
    found["province_code"] = [f"{int(code):02}" for code in found["province_code"]]  # numbers in names of folders
    stated = found.sort_values("id")[["id", "address", "kept", "province_code"]]
    assert [tuple(row) for row in stated.itertuples(index=False)] == rows
