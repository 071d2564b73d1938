"""``batch`` by the command line; what it does with files of all kinds is specified in the tests of the engine."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.command_lines import Lines

POINTS = """\
id,lat,lon
a,21.0285,105.8542
b,105.8542,21.0285
c,15.0,112.9
"""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_answered_and_the_exit_code_is_0(line: Lines, tmp_path: Path) -> None:
    source, out, report = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "report.json"
    source.write_text(POINTS)
    told = line("batch", "locate", source, "-o", out, "--report", report, "--json")
    assert (told.code, told.err, told.answer["rows"]) == (0, "", 3)
    assert json.loads(report.read_text()) == told.answer
    rows = rows_of(out)
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert [row["commune_code"] for row in rows] == ["00070", "", ""]
    assert [row["status"] for row in rows][1:] == ["error", "not_found"]


def test_an_output_that_exists_is_kept_unless_told(line: Lines, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(POINTS)
    out.write_text("mine")
    ran = line("batch", "locate", source, "-o", out)
    assert (ran.code, out.read_text()) == (2, "mine")
    assert "--overwrite" in ran.complaint
    shown = line("batch", "locate", source, "-o", out, "--overwrite", "--lang", "vi")
    assert (shown.code, len(rows_of(out))) == (0, 3)
    assert "số dòng: 3" in shown.out


def test_codes_assigned_by_file_resolve_by_file(line: Lines, tmp_path: Path) -> None:
    source, codes, back = tmp_path / "in.csv", tmp_path / "codes.csv", tmp_path / "back.csv"
    source.write_text("address,lat,lon,ward\n12 Lò Sũ,21.0285,105.8542,00070\n14 Lò Sũ,21.0286,105.8543,00070\n")
    words = ["batch", "assign", source, "--text", "address", "--commune", "ward", "-o"]
    assert line(*words, codes).code == 0
    assert line("batch", "resolve", codes, "-o", back, "--code", "ndas").code == 0
    rows = rows_of(back)
    assert len({row["ndas"] for row in rows_of(codes)}) == 2
    assert {row["code_status"] for row in rows} == {"proposed"}
