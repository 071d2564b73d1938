"""Folders of Parquet files as input, and outputs in partitions: no row lost, none twice, each at its place."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

from geoaddr.bulk import parts
from geoaddr.bulk.job import BatchJob
from geoaddr.bulk.report import BatchReport
from geoaddr.errors import DataError, GeoaddrError, InvalidInput
from geoaddr.platform import batch

HANOI, SAIGON, ABROAD = (21.0285, 105.8542), (10.7769, 106.7009), (48.85, 2.35)


def table(*points: tuple[float, float], first: int = 0) -> pa.Table:
    numbers = pa.array(range(first, first + len(points)), pa.int64())
    return pa.table({"id": numbers, "lat": [p[0] for p in points], "lon": [p[1] for p in points]})


def locate(source: Path, out: Path, **options: object) -> BatchReport:
    return batch(BatchJob(verb="locate", source=source, out=out, store="memory:", **options))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two days of points, the second file with a column more; and files that are no data."""
    for day, points in (("2026-01-01", table(HANOI, SAIGON)), ("2026-01-02", table(ABROAD, first=2))):
        (tmp_path / "in" / f"day={day}").mkdir(parents=True)
        pq.write_table(points, tmp_path / "in" / f"day={day}" / "a.parquet")
    more = table(SAIGON, first=3).append_column("note", pa.array(["x"]))
    pq.write_table(more, tmp_path / "in" / "day=2026-01-02" / "b.parquet")
    (tmp_path / "in" / "_SUCCESS").touch()
    pq.write_table(table(HANOI), tmp_path / "in" / "day=2026-01-01" / ".half.parquet")
    return tmp_path / "in"


def test_a_folder_is_read_as_one_table_in_the_order_of_its_files(folder: Path, tmp_path: Path) -> None:
    report = locate(folder, tmp_path / "out.parquet")
    found = pq.read_table(tmp_path / "out.parquet").to_pydict()
    assert report.rows == 4
    assert found["id"] == [0, 1, 2, 3]
    assert found["note"] == [None, None, None, "x"]
    assert [str(day) for day in found["day"]] == ["2026-01-01", "2026-01-01", "2026-01-02", "2026-01-02"]
    assert found["province_code"] == ["01", "79", None, "79"]


def test_partitions_hold_each_row_once_and_in_order(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "CHUNK_ROWS", 1)
    out = tmp_path / "out.parquet"
    locate(folder, out, partition_by=("province_code",))
    assert sorted(each.name for each in out.iterdir()) == [
        "province_code=01", "province_code=79", "province_code=__HIVE_DEFAULT_PARTITION__",
    ]  # fmt: skip
    files = sorted((out / "province_code=79").iterdir())
    assert [i for file in files for i in pq.ParquetFile(file).read()["id"].to_pylist()] == [1, 3]
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".")]


def test_an_output_in_partitions_is_an_input_again(folder: Path, tmp_path: Path) -> None:
    locate(folder, tmp_path / "out.parquet", partition_by=("province_code",))
    locate(tmp_path / "out.parquet", tmp_path / "again.csv")
    assert len((tmp_path / "again.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_codes_that_name_folders_stay_texts(folder: Path, tmp_path: Path) -> None:
    """Those of Hà Nội begin with a zero; a column of numbers stays one."""
    source, out, again = tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "again.parquet"
    pq.write_table(table(HANOI, SAIGON, ABROAD).append_column("year", pa.array([2025, 2026, 2026])), source)
    locate(source, out, partition_by=("year", "province_code"))
    locate(out, again)
    found = pq.read_table(again).sort_by("id")
    at = found.column_names.index("province_code")
    assert found.column(at).to_pylist() == ["01", "79", None]
    assert found["year"].to_pylist() == [2025, 2026, 2026]


def test_what_stands_there_is_replaced_whole_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    locate(folder, out, partition_by=("province_code",))
    with pytest.raises(InvalidInput, match="--overwrite"):
        locate(folder, out, partition_by=("province_code",))
    before = sorted(str(file.relative_to(out)) for file in out.rglob("*"))
    with pytest.raises(InvalidInput, match="partition_by 'nowhere': no such column"):
        locate(folder, out, partition_by=("nowhere",), overwrite=True)
    assert sorted(str(file.relative_to(out)) for file in out.rglob("*")) == before
    locate(folder, out, partition_by=("commune_code",), overwrite=True)
    assert {each.name.partition("=")[0] for each in out.iterdir()} == {"commune_code"}


def test_a_folder_of_somebody_elses_files_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.parquet").mkdir()
    (tmp_path / "mine.parquet" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InvalidInput, match="no folder of Parquet files"):
        locate(folder, tmp_path / "mine.parquet", partition_by=("province_code",), overwrite=True)
    assert (tmp_path / "mine.parquet" / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_bad_folders_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="a folder without Parquet files"):
        locate(tmp_path / "empty", tmp_path / "out.csv")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(DataError, match="bad"):
        locate(tmp_path / "bad", tmp_path / "out.csv")
    pq.write_table(table(HANOI), tmp_path / "bad" / "a.parquet")
    pq.write_table(pa.table({"id": [[1]], "lat": [21.0], "lon": [105.0]}), tmp_path / "bad" / "b.parquet")
    with pytest.raises(DataError, match="id"):
        locate(tmp_path / "bad", tmp_path / "out.csv")
    with pytest.raises(GeoaddrError, match=r"partitions are written as .parquet only"):
        locate(tmp_path / "bad", tmp_path / "out.csv", partition_by=("id",))


def points_file(path: Path, crs: str, lon: float, lat: float) -> None:
    frame = gpd.GeoDataFrame({"id": [path.stem]}, geometry=gpd.points_from_xy([lon], [lat]), crs="EPSG:4326")
    frame.to_crs(crs).to_parquet(path)


def test_points_of_geoparquet_files_are_used_in_the_system_that_all_state(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    points_file(tmp_path / "in" / "a.parquet", "EPSG:3405", HANOI[1], HANOI[0])
    points_file(tmp_path / "in" / "b.parquet", "EPSG:3405", SAIGON[1], SAIGON[0])
    locate(tmp_path / "in", tmp_path / "out.csv")
    table = csv.read_csv(
        tmp_path / "out.csv", convert_options=csv.ConvertOptions(column_types={"province_code": pa.string()})
    )
    assert table["province_code"].to_pylist() == ["01", "79"]


def test_files_in_different_systems_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    points_file(tmp_path / "in" / "a.parquet", "EPSG:3405", HANOI[1], HANOI[0])
    points_file(tmp_path / "in" / "b.parquet", "EPSG:9210", SAIGON[1], SAIGON[0])
    with pytest.raises(DataError, match="points in different systems: EPSG:3405, EPSG:9210"):
        locate(tmp_path / "in", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
