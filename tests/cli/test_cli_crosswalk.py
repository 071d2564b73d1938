"""``geoaddr units crosswalk``: the same table to standard output and to files."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import geoaddr
from tests.command_lines import Lines

PROVINCES = ("units", "crosswalk", "--level", "province")
"""A short table of the same kind."""


@pytest.fixture(scope="module")
def table() -> pa.Table:
    with geoaddr.open(store="memory:") as ga:
        return ga.crosswalk(level="province")


def test_standard_output_is_csv_in_utf_8_without_a_mark(line: Lines, table: pa.Table) -> None:
    ran = line.real(*PROVINCES, LC_ALL="C")
    assert ran.code == 0
    assert not ran.out.startswith("\ufeff")
    assert "\r" not in ran.out
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert list(rows[0]) == table.schema.names
    texts = [{k: written(v) for k, v in row.items()} for row in table.to_pylist()]
    assert rows == texts
    assert {len(row["old_code"]) for row in rows} == {2}
    assert rows[0]["old_code"] == "01"


def written(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_json_lines(line: Lines, table: pa.Table) -> None:
    answers = line(*PROVINCES, "--json").answers
    assert len(answers) == table.num_rows == 63
    assert answers[1] == {
        k: v.isoformat() if isinstance(v, dt.date) else v for k, v in table.to_pylist()[1].items()
    }


def test_files(line: Lines, table: pa.Table, tmp_path: Path) -> None:
    for ending in ("csv", "tsv", "txt", "parquet", "xlsx"):
        assert line(*PROVINCES, "-o", tmp_path / f"x.{ending}", "--json").answer["rows"] == 63
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == line(*PROVINCES).out
    assert (tmp_path / "x.txt").read_bytes() == (tmp_path / "x.csv").read_bytes()
    assert "\t" in (tmp_path / "x.tsv").read_text(encoding="utf-8")
    assert pq.read_table(tmp_path / "x.parquet").equals(table)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet["B"]][1:] == table["old_code"].to_pylist()
    assert {cell.data_type for cell in sheet["B"]} == {"s"}


REFUSED = """
--from 2025-07-01 --to 2025-06-30 | to '2025-06-30': lies before 2025-07-01
--from 30/06/2025                 | from '30/06/2025': not a date
--from 2017-01-01                 | from '2017-01-01': the data begins
--to tomorrow                     | to 'tomorrow': not a date
--level ward                      | level
-o table.gpkg                     | out 'table.gpkg': must end in one of .csv
"""


@pytest.mark.parametrize("row", REFUSED.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_refused(line: Lines, row: str) -> None:
    words, complaint = (cell.strip() for cell in row.split("|"))
    ran = line("units", "crosswalk", *words.split())
    assert (ran.code, ran.out) == (2, "")
    assert complaint in ran.complaint


def test_a_day_after_the_data_is_answered_with_a_warning(line: Lines) -> None:
    ran = line(*PROVINCES, "--to", "2030-01-01", "--lang", "vi")
    assert (ran.code, ran.out) == (0, line(*PROVINCES).out)
    assert ran.complaint == "dữ liệu chỉ đến ngày 2026-09-20; chưa rõ những thay đổi sau ngày đó"


def test_a_file_that_exists_stays(line: Lines, tmp_path: Path) -> None:
    there = tmp_path / "x.csv"
    there.write_text("mine")
    ran = line(*PROVINCES, "-o", there, "--lang", "vi")
    assert ran.code == 2
    assert "đã có" in ran.complaint
    assert there.read_text() == "mine"
    assert line(*PROVINCES, "-o", there, "--overwrite").code == 0
    assert there.read_text().startswith('"level"')
