"""A postman's day on the command line, with the embedded pack."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import shapely

from geoaddr.importing.layer_import import import_layer
from geoaddr.pack import Pack
from geoaddr.wiring import EMBEDDED_PACK
from tests.command_lines import Lines
from tests.importing.layers import write_parquet

DAY = """\
id,action,ndas,expected_version,house_number,street,commune,lat,lon,outcome,evidence
p7-1,propose,{first},,12,Bạch Đằng,Phường Hải Châu,16.0678,108.2208,,photo 1
p7-2,propose,,,14,Bạch Đằng,Phường Hải Châu,16.0680,108.2208,,photo 2
p7-3,visit,{first},,,,,,,agrees,
p7-4,amend,{first},1,12A,,,,,,
p7-5,propose,,,16,Bạch Đằng,,16.0682,108.2208,,
"""


def write_squares(path: Path) -> Path:
    """A pack in which 20242, Hải Châu, has an exact boundary: a square around the point of these tests."""
    source = write_parquet(
        path.with_suffix(".parquet"), {"code": ["20242"]}, [shapely.box(108.2, 16.0, 108.3, 16.1)]
    )
    import_layer(source, path, base=Pack.open(EMBEDDED_PACK))
    return path


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


IN_HAI_CHAU, IN_SAI_GON = ("16.0690", "108.2208"), ("10.77", "106.7")


def test_a_point_that_contradicts_the_stated_commune_is_told(line: Lines, tmp_path: Path) -> None:
    """Ba Đình is in Hà Nội and the point in Đà Nẵng: what ``assign`` warns of, the output says, for each run."""
    (tmp_path / "pack").mkdir()
    pack = write_squares(tmp_path / "pack" / "squares.gapack")
    day = tmp_path / "day.csv"
    day.write_text(
        "id,action,house_number,street,commune,lat,lon\n"
        f"a,propose,12,Bạch Đằng,Phường Ba Đình,{','.join(IN_HAI_CHAU)}\n"
        f"b,propose,14,Bạch Đằng,Phường Hải Châu,{','.join(IN_HAI_CHAU)}\n",
        encoding="utf-8",
    )
    for run, status in (("first", "created"), ("again", "repeated")):
        out = tmp_path / f"{run}.csv"
        ran = line("registry", "sync", day, "-o", out, "--json", "--pack", pack)
        assert (ran.code, ran.answer["warned"]) == (0, 1)
        assert ran.complaint.startswith("applied, but look at it: rows 1")
        first, second = read(out)
        assert (first["status"], first["address_status"]) == (status, "proposed")
        assert "Phường Ba Đình (00004)" in first["reason"]
        assert "Phường Hải Châu (20242)" in first["reason"]
        assert (second["address_status"], second["reason"]) == ("verified", "")


def test_an_amendment_that_moves_an_address_far_is_told(line: Lines, tmp_path: Path, first: str) -> None:
    day, out = tmp_path / "day.csv", tmp_path / "out.csv"
    day.write_text(
        DAY.format(first=first).splitlines()[0] + f"\na,propose,{first},,12,Bạch Đằng,Phường Hải Châu,"
        f"16.0678,108.2208,,\nb,amend,{first},1,,,,{','.join(IN_SAI_GON)},,\n",
        encoding="utf-8",
    )
    assert line("registry", "sync", day, "-o", out, "--lang", "vi").code == 0
    assert read(out)[1]["status"] == "applied"
    assert "điểm đã được dời hơn 100 km" in read(out)[1]["reason"]


MOVES = """
to                | said
16.0679, 108.2208 |
16.0800, 108.2208 | more than 1 km
10.7700, 106.7000 | issued under Phường Hải Châu (20242), but the point lies in; more than 100 km
12.0000, 112.0000 | lies in no commune; more than 100 km
"""


@pytest.mark.parametrize("row", MOVES.strip().splitlines()[1:], ids=lambda row: row.split("|")[0].strip())
def test_an_amended_point_is_never_moved_in_silence(line: Lines, tmp_path: Path, row: str) -> None:
    """Ten metres; more than a kilometre; into another city; into the sea. It is done, and said."""
    to, said = (cell.strip() for cell in row.split("|"))
    lat, lon = to.split(", ")
    words = ("--commune", "Phường Hải Châu", "--house-number", "12", "--street", "Bạch Đằng", "--json")
    code = line("assign", "--lat", "16.0678", "--lon", "108.2208", *words).answer["ndas"]
    ran = line("registry", "amend", code, "--lat", lat, "--lon", lon, "--json")
    assert (ran.code, ran.answer["point"]["lat"]) == (0, float(lat))
    warnings = " ".join(warning["en"] for warning in ran.answer["warnings"])
    assert bool(warnings) == bool(said)
    assert all(part in warnings for part in said.split("; "))
    assert all(warning["vi"] for warning in ran.answer["warnings"])
    shown = line("registry", "amend", code, "--lat", "16.0678", "--lon", "108.2208")
    assert ("by more than" in shown.err) == bool(said)


@pytest.mark.parametrize(("head", "said"), [("id,act", "column act"), ("id,ndas", "the column action is missing")])
def test_a_table_of_another_kind_is_refused_whole(line: Lines, tmp_path: Path, head: str, said: str) -> None:
    (tmp_path / "day.csv").write_text(f"{head}\na,visit\n", encoding="utf-8")
    ran = line("registry", "sync", tmp_path / "day.csv", "-o", tmp_path / "out.csv")
    assert (ran.code, said in ran.complaint) == (2, True)
    assert not (tmp_path / "out.csv").exists()


def test_a_record_is_shown_with_the_units_that_it_was_filed_under(line: Lines) -> None:
    """An address that was given as one line names none of them itself."""
    words = ("--lat", "16.0678", "--lon", "108.2208", "--text", "12 Bạch Đằng", "--commune", "20242", "--json")
    code = line("assign", *words).answer["ndas"]
    shown = line("registry", "show", code).out
    assert "Phường Hải Châu (20242)" in shown
    assert "Thành phố Đà Nẵng (48)" in shown
    assert "50206" in shown.replace(code[:5] + " " + code[5:], "")
