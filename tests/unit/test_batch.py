"""A verb over a file: every row keeps its place, every column its value, whatever the format and the answer."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geoaddr
from geoaddr.bulk import parts
from geoaddr.bulk.columns import degrees, new_names, texts
from geoaddr.bulk.job import BatchJob, check
from geoaddr.bulk.locating import LOCATE_COLUMNS, PointColumns
from geoaddr.errors import DataError, InvalidInput
from geoaddr.platform import batch
from tests.tables import read

POINTS = """\
id,lat,lon,note
a,21.0285,105.8542,Hồ Gươm
b,10.7769,106.7009,"Quận 1, cũ"
c,,105.8,no latitude
d,105.8542,21.0285,swapped
e,north,106,words
f,15.0,112.9,at sea
g,21.0285,105.8542,
"""
STATUS = {
    "a": "partial",
    "b": "partial",
    "c": "error",
    "d": "error",
    "e": "error",
    "f": "not_found",
    "g": "partial",
}


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "points.csv"
    path.write_text(POINTS, encoding="utf-8")
    return path


def locate(source: Path, out: Path, **how: object) -> list[dict[str, str]]:
    batch(BatchJob(verb="locate", source=source, out=out, store="memory:", **how))  # type: ignore[arg-type]
    return read(out) if out.suffix == ".csv" else []


def test_every_row_keeps_its_place_and_says_what_is_wrong(points: Path, tmp_path: Path) -> None:
    rows = locate(points, tmp_path / "out.csv")
    assert [r["id"] for r in rows] == list("abcdefg")
    assert {r["id"]: r["status"] for r in rows} == STATUS
    assert rows[1]["note"] == "Quận 1, cũ"
    assert rows[0]["province"] == "Hà Nội"
    assert rows[0]["province_code"] == "01"
    errors = {r["id"]: r["error"] for r in rows}
    assert errors["c"] == "lat: empty or not a finite number"
    assert errors["d"] == "lat: outside -90 to 90; did you swap latitude and longitude?"
    assert errors["e"] == "lat: empty or not a finite number"
    assert errors["a"] == errors["f"] == ""


@pytest.mark.parametrize("ending", [".parquet", ".gpkg", ".geojson", ".xlsx", ".tsv"])
def test_every_format_carries_the_same_answers(points: Path, tmp_path: Path, ending: str) -> None:
    """Through a format and back: what ``locate`` says of its rows is what it says of the CSV."""
    want = locate(points, tmp_path / "want.csv")
    through = tmp_path / f"through{ending}"
    locate(points, through)
    got = locate(through, tmp_path / "got.csv", lat="lat", lon="lon")
    for old, new in zip(want, got, strict=True):
        assert {n: new[n] for n in ("id", "lat", "lon")} == {n: old[n] for n in ("id", "lat", "lon")}
        assert new["geoaddr_commune_code"] == old["commune_code"]
        assert new["geoaddr_vpostcode"] == old["vpostcode"]
        assert (new["geoaddr_error"] or "") == old["error"]


def test_rough_points_and_borders_have_columns_of_their_own(tmp_path: Path) -> None:
    """Metres of a column; a row without is exact, and one that says nonsense is an error. Distances: GEOS on the
    cell's boundary in an azimuthal equidistant plane."""
    source = tmp_path / "rough.csv"
    lines = [
        "id,lat,lon,metres",
        *(f"{k},21.0285,105.8542,{m}" for k, m in enumerate(["200", "", "5,5", "-1", "x"])),
    ]
    source.write_text("\n".join(lines).replace("5,5", '"5,5"'), encoding="utf-8")
    rows = locate(source, tmp_path / "out.csv", uncertainty="metres", border=True)
    assert [row["status"] for row in rows] == ["ambiguous", "partial", "partial", "error", "error"]
    assert [row["candidates"] for row in rows] == ["00070:0.92; 00082:0.08", "", "00070:1.00", "", ""]
    assert [row["error"] for row in rows[3:]] == [
        "uncertainty_m: not 0 to 10,000 metres",
        "uncertainty_m: not a finite number",
    ]
    for row in rows[:3]:
        assert float(row["edge_distance_m"]) == pytest.approx(187.17, abs=0.01)
        assert (row["neighbour_code"], row["neighbour"]) == ("00082", "Cửa Nam")
    assert rows[3]["edge_distance_m"] == ""


def test_points_of_a_geometry_need_no_columns(points: Path, tmp_path: Path) -> None:
    locate(points, tmp_path / "points.gpkg")
    table = pyogrio.raw.read_arrow(tmp_path / "points.gpkg", layer="points")[1]
    geometry = table.column_names[-1]
    how = {"geometry_type": "Point", "crs": "EPSG:4326", "geometry_name": geometry}
    pyogrio.raw.write_arrow(table.select(["id", geometry]), tmp_path / "only.gpkg", **how)
    rows = locate(tmp_path / "only.gpkg", tmp_path / "out.csv")
    assert [r["province"] for r in rows[:2]] == ["Hà Nội", "Hồ Chí Minh"]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("lat;lon\n21.0285;105.8542\n", ";"),
        ("\ufefflat\tlon\r\n21.0285\t105.8542\r\n", "tab and BOM"),
        ("Latitude|LNG\n21.0285|105.8542\n", "bar and usual names"),
        ('"lat","lon"\n"21.0285","105.8542"', "quotes, no end of line"),
    ],
)
def test_csv_as_people_have_it(tmp_path: Path, text: str, delimiter: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(text.encode("utf-8"))
    assert [r["province"] for r in locate(path, tmp_path / "out.csv")] == ["Hà Nội"]


def test_values_pass_through_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('id,lat,lon,x\n007,21.02850,105.85420,"a ""b""\nc"\n', encoding="utf-8")
    (row,) = locate(path, tmp_path / "out.csv")
    assert [row[n] for n in ("id", "lat", "lon", "x")] == ["007", "21.02850", "105.85420", 'a "b"\nc']


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("in.csv", b"", "the file is empty"),
        ("in.csv", b"a,b\n1,2\n", "no column is known to hold the latitude; add --lat COLUMN, one of: a, b"),
        ("in.csv", "lat,lon\nđ,1\n".encode("utf-16"), "not UTF-8"),
        ("in.csv", b"lat,lat,lon\n1,2,3\n", "two columns have this name"),
        ("in.parquet", b"PAR1 no", "cannot be read"),
        ("in.gpkg", b"SQLite no", "cannot be read"),
        ("in.geojson", b'{"type": "FeatureColl', "cannot be read"),
        ("in.xlsx", b"PK no", "cannot be read"),
        ("in.doc", b"", "no format is known"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=reason) as caught:
        locate(tmp_path / name, tmp_path / "out.csv")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


def test_an_output_that_exists_is_refused_unless_asked(points: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(InvalidInput, match="--overwrite or --resume"):
        locate(points, out)
    assert out.read_text() == "mine"
    assert len(locate(points, out, overwrite=True)) == 7
    assert len(locate(points, out, resume=True)) == 7


def test_an_output_that_is_the_input_is_refused(points: Path) -> None:
    with pytest.raises(InvalidInput, match="is the input itself"):
        locate(points, points, overwrite=True)


def test_a_header_alone_gives_a_header(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("lat,lon\n")
    locate(tmp_path / "in.csv", tmp_path / "out.csv")
    header = (tmp_path / "out.csv").read_text().strip().replace('"', "").split(",")
    assert header == ["lat", "lon", *LOCATE_COLUMNS]


@pytest.mark.parametrize(
    ("taken", "names"),
    [
        ([], ["status", "commune"]),
        (["status"], ["geoaddr_status", "commune"]),
        (["status", "geoaddr_status", "commune"], ["geoaddr_2_status", "geoaddr_commune"]),
    ],
)
def test_names_that_the_input_has_are_told_apart(taken: list[str], names: list[str]) -> None:
    assert new_names(["status", "commune"], taken) == names


def test_workers_give_the_same_bytes(points: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locate(points, tmp_path / "one.csv")
    locate(points, tmp_path / "two.csv", workers=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_dates_before_the_reform_answer_through_the_changes(points: Path, tmp_path: Path) -> None:
    row = locate(points, tmp_path / "out.csv", as_of="2025-06-30")[0]
    assert row["province"] == "Hà Nội"
    assert row["postcode"] == row["vpostcode"] == ""
    assert row["status"] in ("ambiguous", "partial")
    assert row["commune_code"] in row["candidates"]


def test_an_island_district_without_communes_is_a_part_of_an_answer(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("lat,lon\n8.6833,106.6069\n15.383,109.117\n", encoding="utf-8")
    rows = locate(tmp_path / "in.csv", tmp_path / "out.csv", as_of="2025-06-30")
    assert [(r["status"], r["district"], r["commune_code"]) for r in rows] == [
        ("partial", "Côn Đảo", ""),
        ("partial", "Lý Sơn", ""),
    ]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    table = pa.table({"n": pa.array([1], pa.int8()), "lat": [21.0285], "lon": [105.8542]})
    pq.write_table(table, tmp_path / "in.parquet")
    locate(tmp_path / "in.parquet", tmp_path / "out.parquet")
    schema = pq.read_schema(tmp_path / "out.parquet")
    assert schema.field("n").type == pa.int8()
    assert schema.field("confidence").type == pa.float64()


def test_numbers_as_texts_keep_their_digits_or_are_empty() -> None:
    column = pa.array([1112012345.0, 7.5, None, float("nan"), float("inf"), 1e35])
    assert texts(column) == ["1112012345", "7.5", "", "", "", ""]


@cache
def columns_of(as_of: str) -> tuple[geoaddr.Geoaddr, PointColumns]:
    ga = geoaddr.open(store="memory:")
    return ga, PointColumns(ga, ga.as_of(as_of))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(7, 24) | st.floats(-100, 200, allow_nan=False),
            st.floats(101, 119) | st.floats(-200, 200, allow_nan=False),
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["2026-09-20", "2025-07-01", "2025-06-30"]),
)
def test_columns_say_what_the_scalar_verb_says(points: list[tuple[float, float]], as_of: str) -> None:
    ga, together = columns_of(as_of)
    lat, lon = (pa.array(values, pa.float64()) for values in zip(*points, strict=True))
    columns = together.locate(degrees(lat, "lat", 90.0), degrees(lon, "lon", 180.0))
    rows = pa.table(columns).to_pylist()
    for (y, x), row in zip(points, rows, strict=True):
        if abs(y) > 90 or abs(x) > 180:
            with pytest.raises(InvalidInput) as caught:
                ga.locate(lat=y, lon=x, as_of=as_of)
            assert row["status"] == "error"
            assert row["error"].startswith(caught.value.field)
            continue
        one = ga.locate(lat=y, lon=x, as_of=as_of)
        assert row["plus_code"] == one.plus_code
        assert row["vpostcode"] == one.vpostcode
        assert row["postcode"] == one.postcode
        assert row["province_code"] == (one.province.code if one.province else None)
        assert row["district_code"] == (one.district.code if one.district else None)
        assert (row["status"] == "not_found") == (not one.inside)
        if one.commune:
            assert row["commune_code"] == one.commune.code


def test_pieces_of_another_job_are_not_mixed_in(points: Path, tmp_path: Path) -> None:
    parts.Parts(tmp_path / "out.csv", "another job").prepare(resume=False)
    with pytest.raises(DataError, match="an unfinished run with another input"):
        locate(points, tmp_path / "out.csv", resume=True)
    assert len(locate(points, tmp_path / "out.csv")) == 7
    assert not [*tmp_path.glob(".out*")]


def test_the_report_counts_every_row(points: Path, tmp_path: Path) -> None:
    job = BatchJob(
        verb="locate", source=points, out=tmp_path / "o.csv", store="memory:", report=tmp_path / "r.json"
    )
    report = batch(job)
    kept = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert kept["rows"] == 7
    assert kept["counts"]["status"] == {"error": 3, "not_found": 1, "partial": 3}
    assert [e["row"] for e in kept["first_errors"]] == [3, 4, 5]
    assert "số dòng: 7" in report.lines("vi")
    assert kept["pack"]["boundary_accuracy"] == "approximate"


def test_finished_outputs_are_believed_only_when_this_job_made_them(points: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    job = BatchJob(verb="locate", source=points, out=out, store="memory:", resume=True)
    assert batch(job).rows == 7
    again = batch(job)
    assert (again.rows, again.resumed_rows) == (7, 7)
    points.write_text(POINTS + "h,21.0,105.8,new\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="not known as the finished output of this job"):
        batch(job)


def test_two_runs_of_one_output_keep_out_of_each_others_way(points: Path, tmp_path: Path) -> None:
    other = parts.Parts(tmp_path / "out.csv", "another run")
    other.prepare(resume=False)
    with pytest.raises(InvalidInput, match="another run is writing this output"):
        locate(points, tmp_path / "out.csv")


def test_nothing_is_left_of_a_job_that_could_not_begin(points: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="begins on 2018-01-01"):
        locate(points, tmp_path / "out.csv", as_of="2017-01-01")
    with pytest.raises(InvalidInput, match="cannot be written there"):
        locate(points, tmp_path / "out.csv", report=tmp_path / "nowhere" / "r.json")
    assert [p.name for p in tmp_path.iterdir()] == ["points.csv"]


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("note,lat,lon\n=1+1,21.0285,105.8542\n", encoding="utf-8")
    locate(tmp_path / "in.csv", tmp_path / "out.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_a_decimal_comma_is_a_decimal_sign(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("lat;lon\n21,0285;105,8542\n", encoding="utf-8")
    assert locate(tmp_path / "in.csv", tmp_path / "out.csv")[0]["province"] == "Hà Nội"


def test_a_column_is_found_however_its_accents_are_encoded(tmp_path: Path) -> None:
    header = unicodedata.normalize("NFD", "vĩ độ,lon")
    (tmp_path / "in.csv").write_text(f"{header}\n21.0285,105.8542\n", encoding="utf-8")
    rows = locate(tmp_path / "in.csv", tmp_path / "out.csv", lat=unicodedata.normalize("NFC", "vĩ độ"))
    assert rows[0]["province"] == "Hà Nội"


def test_rows_speak_the_language_of_the_run(points: Path, tmp_path: Path) -> None:
    rows = locate(points, tmp_path / "out.csv", lang="vi")
    assert rows[3]["error"] == "lat: nằm ngoài khoảng -90 đến 90; có phải vĩ độ và kinh độ bị đổi chỗ?"


OPTIONS = {
    "text": "c", "lat": "c", "lon": "c", "code": "c", "commune": "c", "uncertainty": "c",
    "as_of": "2025-08-01", "to": "old", "border": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "used"),
    [
        ("locate", "lat lon as_of uncertainty border"),
        ("resolve", "code as_of"),
        ("assign", "text lat lon commune"),
        ("parse", "text as_of"),
        ("geocode", "text as_of"),
        ("convert", "text lat lon as_of to"),
        ("validate", "text lat lon code as_of"),
    ],
)
def test_an_option_that_a_verb_does_not_use_is_refused(verb: str, used: str, points: Path, tmp_path: Path) -> None:
    """Who names a column of codes for a verb that reads none expects another answer than they would get."""
    for option, value in OPTIONS.items():
        given: dict[str, Any] = {option: value}
        job = BatchJob(verb=verb, source=points, out=tmp_path / "out.csv", **given)  # type: ignore[arg-type]
        if option in used.split():
            if (verb, option) != ("convert", "as_of"):
                check(job)
            continue
        with pytest.raises(InvalidInput, match=f"^{option} .*{verb} does not use it"):
            batch(job)
