"""Frames of pandas, GeoPandas, Polars and Arrow: the same kind comes back, all its own kept, answers appended."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

import geoaddr
from geoaddr.bulk.columns import text_column
from geoaddr.errors import DataError, InvalidInput
from tests.command_lines import Lines

LAT, LON = [21.0285, None, 10.7725, 15.0], [105.8542, 105.8, 106.698, 112.9]
PROVINCES = ["Hà Nội", None, "Hồ Chí Minh", None]
STATUSES = ["partial", "error", "partial", "not_found"]
COLUMNS = {"id": [9, 8, 7, 6], "lat": LAT, "lon": LON, "status": ["a", "b", "c", None]}


@pytest.fixture(scope="module")
def ga() -> Iterator[geoaddr.Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


def polars(columns: dict[str, Any]) -> Any:
    return pytest.importorskip("polars").DataFrame(columns)


class Stream:
    """What another library may give: a stream of Arrow and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


KINDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "pandas": pd.DataFrame,
    "pandas, Arrow types": lambda c: pd.DataFrame(c).convert_dtypes(dtype_backend="pyarrow"),
    "polars": polars,
    "Arrow table": pa.table,
    "Arrow table of several chunks": lambda c: pa.concat_tables([pa.table(c)[:1], pa.table(c)[1:]]),
    "Arrow record batch": lambda c: pa.table(c).to_batches()[0],
    "Arrow stream": lambda c: Stream(pa.table(c)),
}


def values(frame: Any, name: str) -> list[Any]:
    if isinstance(frame, pd.DataFrame):
        return [None if pd.isna(value) else value for value in frame[name]]
    column = frame[name]
    return list(column.to_list() if hasattr(column, "to_list") else column.to_pylist())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_back_with_the_answers_after_its_own(ga: geoaddr.Geoaddr, kind: str) -> None:
    given = KINDS[kind](COLUMNS)
    got = ga.locate_frame(given)
    assert type(got) is (pa.Table if kind == "Arrow stream" else type(given))
    names = [*(got.columns if hasattr(got, "iloc") or hasattr(got, "hstack") else got.schema.names)]
    assert names[:5] == ["id", "lat", "lon", "status", "geoaddr_status"]
    assert names[-1] == "error"
    for name, kept in COLUMNS.items():
        assert values(got, name) == kept
    assert values(got, "geoaddr_status") == STATUSES
    assert values(got, "province") == PROVINCES


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_have_the_same_columns(ga: geoaddr.Geoaddr, kind: str) -> None:
    if kind == "Arrow record batch":
        none: Any = pa.record_batch({"lat": pa.array([], pa.float64()), "lon": pa.array([], pa.float64())})
    else:
        none = KINDS[kind]({"lat": pa.array([], pa.float64()), "lon": pa.array([], pa.float64())})
    assert values(ga.locate_frame(none), "commune_code") == []


def test_index_order_and_types_of_pandas_are_kept(ga: geoaddr.Geoaddr) -> None:
    given = pd.DataFrame(COLUMNS, index=pd.Index(["x", "x", "y", "z"], name="key")).astype({"id": "int8"})
    given["day"] = pd.to_datetime("2025-07-01")
    given["kind"] = pd.Categorical(["b", "a", "b", "a"])
    before = given.copy(deep=True)
    got = ga.locate_frame(given)
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(got[before.columns], before)
    got["id"] = 0
    assert given["id"].tolist() == before["id"].tolist()


def test_texts_among_numbers_and_categories_are_read(ga: geoaddr.Geoaddr) -> None:
    frame = pd.DataFrame({"lat": [21.0285, "21°01'42.6\"N", None], "lon": pd.Categorical(["105,8542"] * 3)})
    got = ga.locate_frame(frame)
    assert got["commune_code"].tolist()[:2] == ["00070", "00070"]
    assert got["error"].tolist()[2] == "lat: empty or not a finite number"


@pytest.fixture
def layer() -> gpd.GeoDataFrame:
    shapes = [shapely.Point(x, y) for y, x in zip([21.0285, 10.7725], [105.8542, 106.698], strict=True)]
    others = [None, shapely.Point(), shapely.box(105, 21, 106, 22)]
    return gpd.GeoDataFrame({"n": range(5)}, geometry=[*shapes, *others], crs="EPSG:4326").rename_geometry("at")


def test_the_points_of_geopandas(ga: geoaddr.Geoaddr, layer: gpd.GeoDataFrame) -> None:
    got = ga.locate_frame(layer)
    assert isinstance(got, gpd.GeoDataFrame)
    assert (got.crs, got.geometry.name) == (layer.crs, "at")
    assert got.geometry.geom_equals(layer.geometry).tolist() == [True, True, False, True, True]
    assert values(got, "province") == ["Hà Nội", "Hồ Chí Minh", None, None, None]
    assert values(got, "status") == ["partial", "partial", "error", "error", "error"]


def test_the_system_of_geopandas_is_respected(
    ga: geoaddr.Geoaddr, layer: gpd.GeoDataFrame, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "geoaddr.frames")
    moved = layer.to_crs("EPSG:9210")
    got = ga.locate_frame(moved)
    assert values(got, "commune_code") == values(ga.locate_frame(layer), "commune_code")
    assert got.crs == moved.crs
    assert "points: from EPSG:9210 (VN-2000 / TM-3 105-45) by VN-2000 to WGS 84 (2), EPSG:6960" in caplog.text
    silent = gpd.GeoDataFrame({"n": range(5)}, geometry=np.asarray(layer.geometry))
    with pytest.raises(DataError, match="frame: its points state no coordinate system"):
        ga.locate_frame(silent)
    assert values(ga.locate_frame(silent, crs="EPSG:4326"), "province")[0] == "Hà Nội"
    with pytest.raises(DataError, match="its points are in EPSG:9210, and crs= says EPSG:4326"):
        ga.locate_frame(moved, crs="EPSG:4326")


@pytest.mark.parametrize("through", ["GeoArrow", "GeoParquet"])
def test_arrow_tables_that_state_their_points(
    ga: geoaddr.Geoaddr, layer: gpd.GeoDataFrame, tmp_path: Any, through: str
) -> None:
    moved = layer[:2].to_crs("EPSG:9210")
    if through == "GeoArrow":
        table = pa.table(moved.to_arrow(geometry_encoding="WKB"))
    else:
        moved.to_parquet(tmp_path / "layer.parquet")
        table = pa.parquet.read_table(tmp_path / "layer.parquet")
    got = ga.locate_frame(table)
    assert got["province"].to_pylist() == ["Hà Nội", "Hồ Chí Minh"]
    assert got.select(table.column_names).equals(table, check_metadata=True)


def test_what_cannot_be_answered_is_refused(ga: geoaddr.Geoaddr) -> None:
    for given in ([1], pa.array([1.0]), {"lat": [1]}, None):
        with pytest.raises(InvalidInput, match="not a frame of pandas"):
            ga.locate_frame(given)
    with pytest.raises(InvalidInput, match="several levels"):
        ga.locate_frame(pd.DataFrame({("a", "lat"): [1.0], ("a", "lon"): [2.0]}))
    with pytest.raises(DataError, match=r"frame, column y: no such column; the frame has: id, lat"):
        ga.locate_frame(pd.DataFrame(COLUMNS), lat="y", lon="lon")
    with pytest.raises(DataError, match=r"2 of its first 3 points lie in Viet Nam only with .*add swap=True"):
        ga.locate_frame(pd.DataFrame({"lat": [106.0, 105.8, 15], "lon": [10.5, 21.0, 112.9]}))


def test_households_of_a_frame_get_codes_that_resolve(ga: geoaddr.Geoaddr) -> None:
    homes = pd.DataFrame(
        {
            "address": ["12 Lò Sũ", "14 Lò Sũ"],
            "lat": [21.0285, 21.0286],
            "lon": [105.8542, 105.8543],
            "ward": "00070",
        }
    )
    coded = ga.assign_frame(homes, commune="ward")
    assert coded["outcome"].tolist() == ["created", "created"]
    back = ga.resolve_frame(coded[["ndas"]])
    assert back["geoaddr_ndas"].tolist() == coded["ndas"].tolist()
    assert ga.assign_frame(homes, commune="ward")["ndas"].tolist() == coded["ndas"].tolist()


def test_addresses_are_found_in_every_kind_of_frame(ga: geoaddr.Geoaddr) -> None:
    """The columns keep their names, and what is found is the scalar verb's best match."""
    text = "112 Quán Thánh, Phường Ba Đình, Hà Nội"
    best = ga.geocode(text)[0]
    frame = pd.DataFrame({"address": [text, None]}, index=["a", "b"])
    found = ga.geocode_frame(frame)
    assert (found["commune_code"]["a"], found["match_level"]["a"]) == (best.commune.code, best.match_level)
    assert (found["status"]["b"], [*found.index]) == ("not_found", ["a", "b"])
    table = ga.geocode_frame(pa.table({"address": [text]}))
    assert table["label"].to_pylist() == [best.label]
    points = gpd.GeoDataFrame({"address": [text]}, geometry=gpd.points_from_xy([105.83], [21.04]), crs="EPSG:4326")
    assert isinstance(ga.geocode_frame(points), gpd.GeoDataFrame)
    polars = pytest.importorskip("polars", reason="polars is not installed")
    assert ga.geocode_frame(polars.DataFrame({"address": [text]}))["label"].to_list() == [best.label]


@pytest.mark.parametrize("most_at_once", [1_000_000, 1_000])
def test_rows_of_a_large_frame_keep_their_places(
    ga: geoaddr.Geoaddr, monkeypatch: pytest.MonkeyPatch, most_at_once: int
) -> None:
    """They are answered in the order of how their texts end; answers larger than an array come back by pieces."""
    monkeypatch.setattr("geoaddr.bulk.frames.MOST_ORDERED", most_at_once)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_ROWS", 4)
    monkeypatch.setattr("geoaddr.bulk.parts.GEOCODE_MOST", 4)
    units = ("Phường Ba Đình, Hà Nội", "Phường Hoàn Kiếm, Hà Nội", "Phường Sài Gòn, TP Hồ Chí Minh")
    texts = [None if n == 7 else f"{n} Quán Thánh, {units[n % 3]}" for n in range(20)]
    found = ga.geocode_frame(pa.table({"address": texts}))
    assert found["address"].to_pylist() == texts
    assert found.schema.field("label").type == pa.string()
    expected = [next(iter(ga.geocode(text)), None) if text else None for text in texts]
    assert found["label"].to_pylist() == [best.label if best else None for best in expected]


def test_the_accessor(ga: geoaddr.Geoaddr, layer: gpd.GeoDataFrame) -> None:
    import geoaddr.pandas

    geoaddr.pandas.use(ga)
    frame = pd.DataFrame({"address": ["12 Lò Sũ, Hoàn Kiếm, Hà Nội"], "lat": [21.0285], "lon": [105.8542]})
    pd.testing.assert_frame_equal(frame.geoaddr.locate(), ga.locate_frame(frame))
    pd.testing.assert_frame_equal(frame.geoaddr.parse("address"), ga.parse_frame(frame, text="address"))
    pd.testing.assert_frame_equal(frame.geoaddr.geocode("address"), ga.geocode_frame(frame, text="address"))
    pd.testing.assert_frame_equal(frame.geoaddr.convert(to="old"), ga.convert_frame(frame, to="old"))
    pd.testing.assert_frame_equal(frame.geoaddr.validate(), ga.validate_frame(frame))
    codes = frame.geoaddr.locate()[["plus_code"]]
    pd.testing.assert_frame_equal(codes.geoaddr.resolve("plus_code"), ga.resolve_frame(codes, code="plus_code"))
    assert isinstance(layer.geoaddr.locate(), gpd.GeoDataFrame)


def test_no_library_of_frames_is_loaded_that_was_not_given(tmp_path: Any) -> None:
    script = """
import sys, geoaddr
libraries = {"pandas", "geopandas", "polars", "pyproj"}
ga = geoaddr.open(store="memory:")
print(sorted(libraries & sys.modules.keys()))
import pyarrow as pa  # which looks for pandas by itself
ga.locate_frame(pa.table({"lat": [21.0], "lon": [105.8]}))
print(sorted(libraries & sys.modules.keys() - {"pandas"}))
"""
    ran = Lines(tmp_path).script(script)
    assert (ran.out, ran.err) == ("[]\n[]\n", "")


def test_texts_that_begin_beyond_two_gigabytes_are_read_by_pieces() -> None:
    """Their bytes are never touched, and take no memory, but for the last."""
    texts, begin = ["1 Lê Lợi".encode(), "2 Lê Lợi".encode()], 2**31
    letters = np.zeros(begin + 100, dtype=np.uint8)
    ends = begin + np.cumsum([0, *map(len, texts)])
    letters[begin : ends[-1]] = np.frombuffer(b"".join(texts), dtype=np.uint8)
    offsets = pa.py_buffer(np.concatenate([[0], ends]).astype(np.int64))
    column = pa.LargeStringArray.from_buffers(3, offsets, pa.py_buffer(letters))
    assert text_column(column.slice(1)).to_pylist() == ["1 Lê Lợi", "2 Lê Lợi"]
