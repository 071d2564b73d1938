"""What cells of sheets and lines can hold: replaced, refused or written as text, before any work is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError
from geoaddr.platform import batch


def locate(source: Path, out: Path) -> None:
    batch(BatchJob(verb="locate", source=source, out=out, store="memory:"))


def test_characters_that_a_sheet_cannot_hold_are_replaced(tmp_path: Path) -> None:
    """One control character does not cost the run; every other sign of the text stays."""
    table = pa.table({"a\x01": ["Hồ\x00 Gươm\x0b\t\n"], "lat": [21.0285], "lon": [105.8542]})
    pq.write_table(table, tmp_path / "in.parquet")
    locate(tmp_path / "in.parquet", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert (sheet["A1"].value, sheet["A2"].value) == ("a\N{REPLACEMENT CHARACTER}", "Hồ\ufffd Gươm\ufffd\t\n")


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("values", [[["a", "b"]], [{"a": 1}], [dt.timedelta(1)]])
def test_columns_that_no_cell_can_hold_are_refused_before_any_work(
    values: list[object], ending: str, tmp_path: Path
) -> None:
    table = pa.table({"parts": values, "lat": [21.0285], "lon": [105.8542]})
    pq.write_table(table, tmp_path / "in.parquet")
    with pytest.raises(DataError, match="column parts: a cell cannot hold its values"):
        locate(tmp_path / "in.parquet", tmp_path / f"out{ending}")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
    locate(tmp_path / "in.parquet", tmp_path / "out.parquet")


def test_times_stand_in_a_sheet(tmp_path: Path) -> None:
    seen = dt.datetime(2026, 9, 20, 7, 30, tzinfo=dt.UTC)
    table = pa.table({"seen": [seen], "at": [dt.time(7, 30)], "lat": [21.0285], "lon": [105.8542]})
    pq.write_table(table, tmp_path / "in.parquet")
    locate(tmp_path / "in.parquet", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert sheet["A2"].value.startswith("2026-09-20 07:30:00")
    assert sheet["B2"].value.startswith("07:30:00")
