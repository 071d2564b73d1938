"""``geoaddr synth``: a made-up province by the command line, and into a registry."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq

from tests.command_lines import Lines

FEW = ("--households", "300", "--province", "92")
MORE = ("--households", "5000", "--province", "92")


def test_the_report_and_the_file_agree(line: Lines, tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    told = line("synth", "-o", out, *FEW, "--seed", "3", "--json")
    assert (told.code, told.err) == (0, "")
    answer = told.answer
    assert (answer["rows"], answer["provinces"], answer["seed"]) == (300, 1, 3)
    assert answer["notice"].keys() == {"en", "vi"}
    table = pq.read_table(out)
    assert table.num_rows == 300
    assert len(set(table["commune_code"].to_pylist())) == answer["communes"]
    assert table.schema.metadata[b"geoaddr.notice"].decode() == answer["notice"]["en"]


def test_a_person_is_told_that_it_is_made_up(line: Lines, tmp_path: Path) -> None:
    assert "nobody's home" in line("synth", "-o", tmp_path / "x.csv", *FEW).out
    shown = line("synth", "-o", tmp_path / "y.csv", *FEW, "--lang", "vi").out
    assert "không phải nhà của ai" in shown
    assert "quy tắc tự đặt" in shown


def test_it_loads_into_a_registry_and_resolves(line: Lines, tmp_path: Path) -> None:
    for ending in ("csv", "parquet"):
        out = tmp_path / f"x.{ending}"
        assert line("synth", "-o", out, *MORE, "--columns", "registry").code == 0
        loaded = line("registry", "load", out, "--json")
        assert (loaded.code, loaded.answer["rows"], loaded.answer["refused"]) == (0, 5_000, 0)
    assert loaded.answer["unchanged"] == 5_000  # the same records, whatever the file's format
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["alley"])
    reading = line("resolve", row["ndas"], "--json").answer["readings"][0]
    assert reading["status"] == "proposed"
    assert reading["address"]["components"]["alley"] == row["alley"].split("; ")
    assert reading["point"] == {"lat": float(row["lat"]), "lon": float(row["lon"])}
    assert reading["commune"]["code"] == row["commune_code"]


def test_refusals(line: Lines, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert line("synth", "-o", out, "--province", "97").code == 1
    for words in (["--households", "0"], ["--households", "many"], ["--seed", "-1"], ["--style", "loud"]):
        ran = line("synth", "-o", out, *words)
        assert (ran.code, ran.out) == (2, "")
        assert words[0].removeprefix("--") in ran.complaint
    missing = line("synth", "-o", out, "--population", tmp_path / "none.csv")
    assert (missing.code, missing.complaint) == (2, f"{tmp_path / 'none.csv'}: no such file")
    assert line("synth", "-o", tmp_path / "nowhere" / "x.csv", *FEW).code == 2
    assert not list(tmp_path.glob("*.csv"))
