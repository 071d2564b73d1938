"""A postman's day on the command line, with the embedded pack."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.command_lines import Lines

DAY = """\
id,action,ndas,expected_version,house_number,street,commune,lat,lon,outcome,evidence
p7-1,propose,{first},,12,Bạch Đằng,Phường Hải Châu,16.0678,108.2208,,photo 1
p7-2,propose,,,14,Bạch Đằng,Phường Hải Châu,16.0680,108.2208,,photo 2
p7-3,visit,{first},,,,,,,agrees,
p7-4,amend,{first},1,12A,,,,,,
p7-5,propose,,,16,Bạch Đằng,,16.0682,108.2208,,
"""


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def first(line: Lines, tmp_path: Path) -> str:
    """A code of Hải Châu, 50206, that a team has with it."""
    ran = line("registry", "reserve", "--area", "50206", "--count", "3", "-o", tmp_path / "codes.csv", "--json")
    assert (ran.code, ran.answer["codes"]) == (0, 3)
    return read(tmp_path / "codes.csv")[0]["ndas"]


def test_a_day(line: Lines, tmp_path: Path, first: str) -> None:
    day, out = tmp_path / "day.csv", tmp_path / "out.csv"
    day.write_text(DAY.format(first=first), encoding="utf-8-sig")
    ran = line("registry", "sync", day, "-o", out, "--actor", "postman 7", "--json")
    assert ran.code == 1
    assert {k: v for k, v in ran.answer.items() if v and k != "file"} == {
        "rows": 5, "created": 2, "applied": 1, "conflict": 1, "refused": 1,
    }  # fmt: skip
    rows = read(out)
    assert [(r["id"], r["status"], r["field"]) for r in rows] == [
        ("p7-1", "created", ""), ("p7-2", "created", ""), ("p7-3", "applied", ""),
        ("p7-4", "conflict", "expected_version"), ("p7-5", "refused", "commune"),
    ]  # fmt: skip
    assert (rows[0]["ndas"], rows[3]["ndas"], rows[3]["version"]) == (first, first, "2")
    assert rows[1]["ndas"].startswith("50206")
    again = line("registry", "sync", day, "-o", tmp_path / "again.csv", "--json", "--actor", "postman 7")
    assert (again.answer["repeated"], again.answer["conflict"], again.answer["refused"]) == (3, 1, 1)
    assert len(line("registry", "changes", "--json").answers) == 3
    assert line("registry", "verify").code == 0


def test_json_lines(line: Lines, tmp_path: Path, first: str) -> None:
    day = tmp_path / "day.jsonl"
    parts = {
        "house_number": "12",
        "alley": ["ngõ 5", "ngách 3"],
        "street": "Bạch Đằng",
        "commune": "Phường Hải Châu",
    }
    rows = [
        {"id": "a", "action": "propose", "ndas": first, "lat": 16.0678, "lon": 108.2208, **parts},
        {"id": "b", "action": "amend", "ndas": first, "expected_version": 1, "alley": None},
    ]
    day.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    assert line("registry", "sync", day, "-o", tmp_path / "out.csv", "--lang", "vi").code == 0
    assert line("registry", "show", first, "--json").answer["components"]["alley"] == []
    day.write_text('{"id": "c"}\nnot JSON', encoding="utf-8")
    ran = line("registry", "sync", day, "-o", tmp_path / "bad.csv")
    assert (ran.code, "line 2" in ran.complaint) == (2, True)


def test_what_cannot_be_written_changes_nothing(line: Lines, tmp_path: Path, first: str) -> None:
    day, out = tmp_path / "day.csv", tmp_path / "out.csv"
    day.write_text(DAY.format(first=first), encoding="utf-8")
    out.write_text("mine")
    for target in (out, tmp_path / "out.xlsx", tmp_path / "no" / "out.csv"):
        assert line("registry", "sync", day, "-o", target).code == 2
        assert line("registry", "reserve", "--area", "50206", "--count", "1", "-o", target).code == 2
    assert out.read_text() == "mine"
    assert line("registry", "stats", "--json").answer["addresses"] == 0
    new = tmp_path / "new.csv"
    line("registry", "reserve", "--area", "50206", "--count", "1", "-o", new)
    assert line("registry", "stats", "--json").answer["fullest_areas"] == [{"area": "50206", "position": 4}]
