"""The registry verbs: a registry made, filled, changed, written out, copied and proved."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from tests.command_lines import Lines

EXISTING = """\
ndas,lat,lon,commune_code,issued_on,status,house_number,alley,street,aliases,superseded_by
1102400001,21.0285,105.8542,00070,2025-09-01,live,12,ngõ 5; ngách 3,Tràng Tiền,location_id:123456789012,
1102400002,21.0286,105.8543,00070,2025-09-01,retired,14,,Tràng Tiền,,
1102400003,21.0287,105.8544,00070,2025-09-01,superseded,16,,Tràng Tiền,,1102400001
"""


@pytest.fixture
def existing(tmp_path: Path) -> Path:
    path = tmp_path / "existing.csv"
    path.write_text(EXISTING, encoding="utf-8-sig")
    return path


def test_init_makes_a_registry_once(line: Lines, tmp_path: Path) -> None:
    first, second = line("registry", "init", "--json"), line("registry", "init", "--json")
    assert (first.code, first.answer["created"], first.answer["addresses"]) == (0, True, 0)
    assert (second.code, second.answer["created"]) == (0, False)
    assert (tmp_path / "registry.db").exists()


def test_existing_records_come_in_with_their_codes(line: Lines, existing: Path) -> None:
    first, again = line("registry", "load", existing, "--json"), line("registry", "load", existing, "--json")
    assert (first.code, first.answer["loaded"], first.answer["refused"]) == (0, 3, 0)
    assert (again.answer["loaded"], again.answer["unchanged"]) == (0, 3)
    for code, status in [("1102400001", "live"), ("1102400002", "retired"), ("1102400003", "superseded")]:
        ran = line("resolve", code, "--json")
        (reading,) = ran.answer["readings"]
        assert (ran.code, reading["status"]) == (0, status)
    assert reading["superseded_by"] == ["1102400001"]
    assert line("resolve", "123456789012", "--json").answer["readings"][0]["ndas"] == "1102400001"


def test_an_export_never_replaces_a_registry(line: Lines, existing: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'registry.csv'}"
    line("registry", "load", existing, "--store", store)
    ran = line("registry", "export", "-o", tmp_path / "registry.csv", "--overwrite", "--store", store)
    assert (ran.code, "a database" in ran.complaint) == (2, True)
    assert line("registry", "stats", "--json", "--store", store).answer["addresses"] == 3


@pytest.mark.parametrize("name", ["out.geojson", "out.xlsx", "out.db", "out"])
def test_an_export_of_no_known_ending_is_refused(line: Lines, existing: Path, tmp_path: Path, name: str) -> None:
    line("registry", "load", existing)
    ran = line("registry", "export", "-o", tmp_path / name)
    assert (ran.code, "must end in .csv, .tsv or .txt" in ran.complaint) == (2, True)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["out.csv", "out.TSV", "out.txt", "out.parquet"])
def test_an_export_of_any_ending_loads_again(line: Lines, existing: Path, tmp_path: Path, name: str) -> None:
    line("registry", "load", existing)
    assert line("registry", "export", "-o", tmp_path / name).code == 0
    assert line("registry", "load", tmp_path / name, "--json").answer["unchanged"] == 3
    assert (b"\t" in (tmp_path / name).read_bytes()) == name.endswith("TSV") or name.endswith("parquet")


def test_an_export_to_parquet_has_numbers_and_days(line: Lines, existing: Path, tmp_path: Path) -> None:
    line("registry", "load", existing)
    ran = line("registry", "export", "-o", tmp_path / "out.parquet", "--json")
    assert ran.answer["records"] == 3
    table = pq.read_table(tmp_path / "out.parquet")
    records = line("registry", "export", "--json").answers
    assert table["ndas"].to_pylist() == [record["ndas"] for record in records]
    assert table["lat"].to_pylist() == [record["point"]["lat"] for record in records]
    assert [day.isoformat() for day in table["issued_on"].to_pylist()] == [r["issued_on"] for r in records]


def test_an_export_to_a_geopackage_is_a_layer_of_points(line: Lines, existing: Path, tmp_path: Path) -> None:
    line("registry", "load", existing)
    assert line("registry", "export", "-o", tmp_path / "out.gpkg").code == 0
    info = pyogrio.read_info(tmp_path / "out.gpkg")
    assert (info["features"], info["geometry_type"], info["crs"]) == (3, "Point", "EPSG:4326")
    _, _, geometries, fields = pyogrio.raw.read(tmp_path / "out.gpkg", columns=["lat", "lon"])
    lat, lon = fields
    assert [*map(tuple, shapely.get_coordinates(shapely.from_wkb(geometries)))] == [*zip(lon, lat, strict=True)]
    assert "exists" in line("registry", "export", "-o", tmp_path / "out.gpkg").complaint


@pytest.mark.parametrize("name", ["events.csv", "events.parquet"])
def test_histories_go_beside_an_export(line: Lines, existing: Path, tmp_path: Path, name: str) -> None:
    line("registry", "load", existing, "--actor", "office@ward.example")
    line("registry", "retire", "1102400001", "--reason", "demolished", "--evidence", "12/QĐ")
    out, events = tmp_path / "out.csv", tmp_path / name
    answer = line("registry", "export", "-o", out, "--history", events, "--json").answer
    assert answer == {"file": str(out), "records": 3, "history": str(events), "events": 4}
    table = pq.read_table(events) if name.endswith("parquet") else pacsv.read_csv(events)
    assert table.column_names == ["ndas", "number", "kind", "at", "reason", "details"]
    rows = table.to_pylist()
    assert [row["kind"] for row in rows if int(row["ndas"]) == 1102400001] == ["loaded", "retired"]
    (retired,) = [row for row in rows if row["kind"] == "retired"]
    assert (int(retired["number"]), retired["reason"]) == (2, "demolished")
    assert json.loads(retired["details"]) == {"from": "live", "to": "retired", "evidence": "12/QĐ"}
    assert b"office@ward.example" not in events.read_bytes()
    assert "exists" in line("registry", "export", "-o", tmp_path / "2.csv", "--history", events).complaint
    assert not (tmp_path / "2.csv").exists()


def test_histories_are_refused_before_anything_is_written(line: Lines, existing: Path, tmp_path: Path) -> None:
    line("registry", "load", existing)
    out = tmp_path / "out.csv"
    assert line("registry", "export", "-o", out, "--history", tmp_path / "x.gpkg").code == 2
    assert line("registry", "export", "--history", tmp_path / "x.csv").code == 2
    assert line("registry", "export", "-o", out, "--history", tmp_path / "no" / "x.csv").code == 2
    assert not out.exists()


READS = """\
registry verify
registry stats
registry export
registry export -o out.csv
registry backup copy.db
registry confirm 1102400001
registry retire 1102400001
registry supersede 1102400001 --by 1102400002
registry history 1102400001
"""


@pytest.mark.parametrize("words", READS.splitlines())
def test_a_registry_that_does_not_exist_is_not_taken_for_an_empty_one(
    line: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = line(*words.split())
    assert (ran.code, ran.out) == (1, "")
    assert ran.complaint == f"no registry yet: {tmp_path / 'registry.db'}"
    assert line(*words.split(), "--lang", "vi").complaint.startswith("chưa có sổ đăng ký: ")
    assert list(tmp_path.iterdir()) == []


def test_what_is_exported_loads_into_another_registry(line: Lines, existing: Path, tmp_path: Path) -> None:
    line("registry", "load", existing)
    out = tmp_path / "out.csv"
    assert line("registry", "export", "-o", out, "--json").answer["records"] == 3
    assert "exists" in line("registry", "export", "-o", out).complaint
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert line("registry", "load", out, "--store", other, "--json").answer["loaded"] == 3
    here, there = (line("registry", "export", "--json", "--store", s).answers for s in (line.store, other))
    for record in [*here, *there]:
        del record["created_at"], record["updated_at"]
    assert here == there
    with out.open(newline="") as file:
        assert [row["alley"] for row in csv.DictReader(file)] == ["ngõ 5; ngách 3", "", ""]


def test_refused_rows_are_told_and_the_others_loaded(line: Lines, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(EXISTING.replace("1102400002", "110240000X").replace("105.8544", "1058.544"))
    told, shown = line("registry", "load", bad, "--json"), line("registry", "load", bad, "--lang", "vi")
    assert (told.code, told.answer["loaded"], told.answer["refused"]) == (1, 1, 2)
    assert [(e["row"], e["field"]) for e in told.answer["errors"]] == [(2, "ndas"), (3, "lon")]
    assert "dòng 3, lon '1058.544'" in shown.out


@pytest.mark.parametrize(
    ("column", "says"), [("lat", "column lat is missing"), ("ndas", "column ndas is missing")]
)
def test_a_file_without_a_required_column_is_refused_whole(
    line: Lines, tmp_path: Path, column: str, says: str
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(EXISTING.replace(f"{column},", "note,", 1))
    ran = line("registry", "load", bad)
    assert ran.code == 2
    assert says in ran.complaint or "not a column of records" in ran.complaint


def test_the_life_of_an_address(line: Lines, existing: Path) -> None:
    words = ["assign", "--lat", "21.0285", "--lon", "105.8542", "--commune", "00070", "--street", "Lò Sũ"]
    code = line(*words, "--json").answer["ndas"]
    line("registry", "load", existing)
    spaced = f"{code[:5]} {code[5:]}"
    first = line("registry", "confirm", spaced, "--actor", "ward office", "--round", "2", "--json")
    assert (first.answer["status"], first.answer["version"]) == ("verified", 2)
    assert line("registry", "confirm", code, "--json").answer["status"] == "live"
    assert line("registry", "confirm", code).code == 1
    stale = line("registry", "retire", code, "--expected-version", "1")
    assert (stale.code, "changed since it was read" in stale.complaint) == (1, True)
    ended = line("registry", "supersede", code, "--by", "1102400001", "--reason", "split", "--json")
    assert ended.answer["superseded_by"] == ["1102400001"]
    events = line("registry", "history", code, "--json").answers
    assert [e["kind"] for e in events] == ["issued", "confirmed", "confirmed", "superseded"]
    assert (events[1]["actor"], events[1]["details"]["round"]) == ("ward office", 2)
    assert "ward office" in line("registry", "history", code).out
    assert line("resolve", code, "--json").code == 0


def test_a_backup_is_the_registry(line: Lines, existing: Path, tmp_path: Path) -> None:
    line("registry", "load", existing)
    copy = tmp_path / "copy.db"
    assert line("registry", "backup", copy, "--json").answer["bytes"] == copy.stat().st_size
    assert line("registry", "backup", copy).code == 2
    assert line("registry", "backup", copy, "--overwrite").code == 0
    here, there = (
        line("registry", "stats", "--json", "--store", s).answer for s in (line.store, f"sqlite:///{copy}")
    )
    assert {**here, "store": ""} == {**there, "store": ""}


def test_verify_finds_a_record_that_was_tampered_with(line: Lines, existing: Path, tmp_path: Path) -> None:
    line("registry", "load", existing)
    sound = line("registry", "verify", "--json")
    assert (sound.code, sound.answer["problems"]) == (0, [])
    with sqlite3.connect(tmp_path / "registry.db") as database:
        kept = database.execute("SELECT type, name FROM sqlite_master").fetchall()
        for name in [name for kind, name in kept if kind == "trigger"]:
            database.execute(f"DROP TRIGGER {name}")
        table = next(name for kind, name in kept if kind == "table" and "event" in name)
        database.execute(f"DELETE FROM {table}")
    broken = line("registry", "verify", "--json")
    assert (broken.code, broken.answer["sound"]) == (1, False)
    assert {problem["ndas"] for problem in broken.answer["problems"]} == {f"110240000{n}" for n in (1, 2, 3)}
    assert line("doctor", "--json").code == 1


def test_stats_in_both_languages(line: Lines, existing: Path) -> None:
    line("registry", "load", existing)
    assert line("registry", "stats", "--json").answer["by_status"]["retired"] == 1
    assert "1 retired" in line("registry", "stats").out
    assert "1 ngừng sử dụng" in line("registry", "stats", "--lang", "vi").out


def test_a_code_at_an_address_that_another_has_is_given_with_a_hint(line: Lines) -> None:
    words = ("assign", "--house-number", "12", "--street", "Tràng Tiền", "--commune", "00070", "--lon", "105.8542")
    first = line(*words, "--lat", "21.0285", "--json").answer
    assert first["same_address"] == []
    second = line(*words, "--lat", "21.0295")
    code = f"{first['ndas'][:5]} {first['ndas'][5:]}"
    assert (second.code, f"{code} has, or had before, the same address:" in second.err) == (0, True)
    third = line(*words, "--lat", "21.0305", "--lang", "vi")
    assert third.err.startswith("geoaddr: địa chỉ này trùng với ")
    assert code in third.err
    assert "same address" not in line(*words, "--lat", "21.0305").err  # it has its code already
