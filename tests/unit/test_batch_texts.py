"""Address texts over files: every row keeps its place, the same answers in every format and after every stop."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

import geoaddr
from geoaddr.bulk import parts
from geoaddr.bulk.answers import ANSWER_COLUMNS
from geoaddr.bulk.converting import CONVERT_COLUMNS
from geoaddr.bulk.job import BatchJob
from geoaddr.bulk.parsing import PARSE_COLUMNS, communes
from geoaddr.bulk.report import BatchReport
from geoaddr.bulk.validating import PARTED, VALIDATE_COLUMNS, reasons
from geoaddr.errors import DataError, InvalidInput
from geoaddr.platform import batch
from tests.tables import read

LONG = "x" * 5000
ADDRESSES = [
    "112 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội",
    "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội",
    "",
    LONG,
    "🏠🏠",
    "Quận 7, Thành phố Hồ Chí Minh",
    "Ngõ 12\u202e\x07 Quán Thánh, Ba Đình, Hà Nội",
    "98 P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội",
]


def write_csv(path: Path, rows: list[str], column: str = "address", start: str = "") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(start)
        out = csv.writer(file)
        out.writerow(["id", column])
        out.writerows(enumerate(rows))
    return path


def run(verb: str, source: Path, out: Path, **how: object) -> BatchReport:
    return batch(BatchJob(verb=verb, source=source, out=out, store="memory:", **how))  # type: ignore[arg-type]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "in.csv", ADDRESSES)


def test_convert_answers_every_row_in_its_place(source: Path, tmp_path: Path) -> None:
    report = run("convert", source, tmp_path / "out.csv")
    rows = read(tmp_path / "out.csv")
    assert [*rows[0]] == ["id", "address", *CONVERT_COLUMNS]
    assert [row["id"] for row in rows] == [str(n) for n in range(len(ADDRESSES))]
    assert [row["status"] for row in rows[:6]] == [
        "ok", "ambiguous", "not_found", "error", "not_found", "partial",
    ]  # fmt: skip
    assert rows[0]["new_address"] == "112 P. Quán Thánh, Phường Ba Đình, Thành phố Hà Nội"
    assert rows[7]["new_address"] == "98 P. Quán Thánh, Phường Ba Đình, Thành phố Hà Nội"
    assert (rows[0]["province"], rows[0]["commune"], rows[0]["commune_code"]) == ("Hà Nội", "Ba Đình", "00004")
    assert "4096" in rows[3]["error"]
    assert sum(report.counts["status"].values()) == report.rows == len(ADDRESSES)
    assert report.errors[0]["row"] == 4


def test_weights_of_candidates_sum_to_one_and_the_heaviest_is_the_answer(source: Path, tmp_path: Path) -> None:
    run("convert", source, tmp_path / "out.csv")
    row = read(tmp_path / "out.csv")[1]
    shares = dict(part.split(":") for part in row["candidates"].split("; "))
    assert len(shares) > 1
    assert round(sum(map(float, shares.values())), 9) == 1
    assert max(shares, key=lambda code: float(shares[code])) == row["commune_code"]
    assert (row["basis"], row["new_address"]) == ("note", "")


def test_parse_names_the_parts_and_what_it_filled_in(tmp_path: Path) -> None:
    texts = ["Số 5 ngách 12/34 ngõ 12 phố Quán Thánh, phường Quán Thánh, Ba Đình", "Tầng 3, tòa A, Quận 7, TP HCM"]
    run("parse", write_csv(tmp_path / "in.csv", texts, "dia_chi"), tmp_path / "out.csv")
    first, second = read(tmp_path / "out.csv")
    assert [*first] == ["id", "dia_chi", *PARSE_COLUMNS]
    assert (first["house_number"], first["alley"]) == ("5", "ngõ 12; ngách 12/34")
    assert (first["commune"], first["district"], first["province"]) == ("Quán Thánh", "Ba Đình", "Hà Nội")
    assert (first["inferred"], first["era"]) == ("province", "old")
    assert (second["status"], second["commune_code"], second["floor"]) == ("partial", "", "Tầng 3")


@pytest.mark.parametrize("verb", ["parse", "convert", "validate", "geocode"])
def test_parquet_and_csv_say_the_same_and_null_is_an_empty_text(verb: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", [*ADDRESSES, ""])
    run(verb, source, tmp_path / "want.csv")
    texts = pa.array([*ADDRESSES, None], pa.large_string())
    pq.write_table(pa.table({"id": pa.array(range(len(texts))), "address": texts}), tmp_path / "in.parquet")
    run(verb, tmp_path / "in.parquet", tmp_path / "out.parquet")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (rows[-1]["status"], rows[-1]["error"]) == ("not_found", None)
    as_csv = [{n: "" if v is None else str(v) for n, v in row.items()} for row in rows]
    assert [{**row, "confidence": ""} for row in as_csv] == [
        {**row, "confidence": ""} for row in read(tmp_path / "want.csv")
    ]


def test_a_bom_another_delimiter_and_a_vietnamese_heading(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("\ufeffĐịa chỉ;status\nQuán Thánh, Ba Đình, Hà Nội;mine\n", encoding="utf-8")
    run("convert", path, tmp_path / "out.csv")
    (row,) = read(tmp_path / "out.csv")
    assert (row["status"], row["geoaddr_status"], row["commune"]) == ("mine", "ok", "Ba Đình")


def test_a_file_that_went_through_before(source: Path, tmp_path: Path) -> None:
    run("parse", source, tmp_path / "1.csv")
    run("convert", tmp_path / "1.csv", tmp_path / "2.csv")
    run("convert", tmp_path / "2.csv", tmp_path / "3.csv", text="address")
    (row, *_) = read(tmp_path / "3.csv")
    assert {row[name] for name in ("commune_code", "geoaddr_commune_code", "geoaddr_2_commune_code")} == {
        "00013",
        "00004",
    }
    assert row["geoaddr_new_address"] == row["new_address"]


@pytest.mark.parametrize("verb", ["parse", "convert", "validate"])
def test_an_empty_file_has_the_columns(verb: str, tmp_path: Path) -> None:
    report = run(verb, write_csv(tmp_path / "in.csv", []), tmp_path / "out.csv")
    heading = (tmp_path / "out.csv").read_text(encoding="utf-8").strip().replace('"', "").split(",")
    assert heading == ["id", "address", *ANSWER_COLUMNS[verb]]
    assert report.rows == 0


def test_back_to_the_old_units(tmp_path: Path) -> None:
    texts = ["112 Quán Thánh, Phường Ba Đình, Hà Nội", "Đặc khu Phú Quốc, An Giang"]
    source = write_csv(tmp_path / "in.csv", texts)
    run("convert", source, tmp_path / "out.csv", to="old")
    row = read(tmp_path / "out.csv")[0]
    assert "00013" in row["candidates"]
    assert (row["district"], row["inferred"]) == ("Ba Đình", "district")
    with pytest.raises(InvalidInput, match="must be new or old"):
        run("convert", source, tmp_path / "no.csv", to="today")
    with pytest.raises(InvalidInput, match="before 1 July 2025; use to=old"):
        run("convert", source, tmp_path / "no.csv", as_of="2025-06-30")
    assert not (tmp_path / "no.csv").exists()


def test_convert_answers_with_the_units_of_a_day(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ["12 Hùng Vương, Phường Long Thành, Đồng Nai"])
    run("convert", source, tmp_path / "now.csv")
    run("convert", source, tmp_path / "then.csv", as_of="2025-07-01")
    now, then = (read(tmp_path / f"{name}.csv")[0]["new_address"] for name in ("now", "then"))
    assert now == "12 Hùng Vương, Phường Long Thành, Thành phố Đồng Nai"
    assert then == "12 Hùng Vương, Xã Long Thành, Tỉnh Đồng Nai"


@pytest.mark.parametrize("ending", [".gpkg", ".geojson"])
def test_points_of_a_geometry_are_used_unless_columns_are_named(tmp_path: Path, ending: str) -> None:
    """A point in the middle of Hà Nội, none at all, and one in the sea off Vũng Tàu."""
    features = pa.table(
        {
            "address": ["12 Hàng Trống"] * 3,
            "y": ["21.03", "21.03", "21.03"],
            "x": ["105.85", "105.85", "105.85"],
            "geometry": pa.array(
                [shapely.to_wkb(shapely.Point(105.85, 21.03)), None, shapely.to_wkb(shapely.Point(108.5, 9.5))],
                pa.binary(),
            ),
        }
    )
    source = tmp_path / f"in{ending}"
    how = {"geometry_name": "geometry", "geometry_type": "Point", "crs": "EPSG:4326"}
    pyogrio.raw.write_arrow(features, source, **how)
    run("validate", source, tmp_path / "by_geometry.csv")
    run("validate", source, tmp_path / "by_columns.csv", lat="y", lon="x")
    assert [row["commune_code"] for row in read(tmp_path / "by_geometry.csv")] == ["00070", "", ""]
    assert [row["commune_code"] for row in read(tmp_path / "by_columns.csv")] == ["00070"] * 3
    run("convert", source, tmp_path / "convert.csv")
    assert [row["error"] for row in read(tmp_path / "convert.csv")] == [""] * 3


UNCLOSED = r"""
what                            | file                                          | rows | wrong
the next quote closes it        | id;address\n1;"10 Lê Lợi\n2;"Hà Nội"\n3;Huế\n | 1 3  | 1
nothing closes it               | id;address\n1;Huế\n2;"Hà Nội\n3;Huế\n         | 1 2  | 2
a cell of two lines             | id;address\n1;"10 Lê Lợi\nHà Nội"\n2;Huế\n    | 1 2  |
quotes in a cell of two lines   | id;address\n1;"Quán ""Lê""\nHà Nội"\n2;Huế\n  | 1 2  |
one quote in a cell of two lines | id;address\n1;"ống 21"" dài\nHà Nội"\n2;Huế\n  | 1 2  |
inches, and a line that is open | id;address\n1;ống 21"\n2;"Huế\n"\n           | 1 2  |
inches, and nothing closes it   | id;address\n1;ống 21"\n2;"Huế\n3;Hà Nội\n     | 1 2  | 2
two that pair up                | id;address\n1;"10 Lê Lợi\n2;Huế\n3;"Hà Nội\n4;Huế\n | 1 4 | 1
as many commas as a row has     | id;address\n1;"Lê Lợi\nHuế; Hà Nội"\n2;Huế\n   | 1 2  |
"""


@pytest.mark.parametrize("line", UNCLOSED.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_a_quote_that_nothing_closes_is_told(tmp_path: Path, line: str) -> None:
    """The lines that it swallowed are in its cell, and the row says so instead of an answer."""
    _, text, rows, wrong = (cell.strip() for cell in line.split("|"))
    (tmp_path / "in.csv").write_text(text.replace("\\n", "\n"), encoding="utf-8")
    run("convert", tmp_path / "in.csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file, delimiter=","))
    assert [row["id"] for row in found] == rows.split()
    told = [row["id"] for row in found if "a quote is opened and not closed" in row["error"]]
    assert told == wrong.split()
    assert all(row["status"] == "error" for row in found if row["id"] in told)


@pytest.mark.parametrize("verb", ["validate", "convert"])
def test_columns_with_the_usual_names_are_the_point(verb: str, tmp_path: Path) -> None:
    """As if they had been named; ``x`` and ``y`` may be anything, and are read only where they are."""
    rows = "12 Hàng Trống,21.03,105.85\n12 Hàng Trống,,\n"
    for name, head in (("usual", "address,vi_do,kinh_do"), ("bare", "address,y,x")):
        (tmp_path / f"{name}.csv").write_text(f"{head}\n{rows}", encoding="utf-8")
    report = run(verb, tmp_path / "usual.csv", tmp_path / "found.csv")
    run(verb, tmp_path / "usual.csv", tmp_path / "named.csv", lat="vi_do", lon="kinh_do")
    assert read(tmp_path / "found.csv") == read(tmp_path / "named.csv")
    assert any("WGS 84" in line for line in report.lines())
    bare = run(verb, tmp_path / "bare.csv", tmp_path / "bare_out.csv")
    assert bare.system is None
    if verb == "validate":  # the address alone names no commune
        assert [row["commune_code"] for row in read(tmp_path / "found.csv")] == ["00070", ""]


def test_texts_in_a_wrong_encoding_are_counted(tmp_path: Path) -> None:
    """Vietnamese written in UTF-8 and read in another encoding, beside names with the same letters."""
    lines = ["Lê Lợi, Huế", "Đường Bưởi", "Phường Láng"]
    broken = [line.encode().decode(encoding, "replace") for line in lines for encoding in ("latin-1", "cp1252")]
    sound = [*lines, "XÃ LONG HÒA", "Ấp Ã", "Á»", "10 Rue du Café"]
    report = run("parse", write_csv(tmp_path / "in.csv", [*broken, *sound]), tmp_path / "out.csv")
    assert report.misread == len(broken)
    assert any("Latin-1" in line and line.endswith(": 6") for line in report.lines())
    clean = run("parse", write_csv(tmp_path / "clean.csv", sound), tmp_path / "clean_out.csv")
    assert "Latin-1" not in "".join(clean.lines())


def test_reasons_are_parted_exactly(tmp_path: Path) -> None:
    """Whatever the address says, each piece is one of the sentences."""
    texts = ["12 Lê Lợi; xyz; abc, Phường Bến Thành, Hà Nội", "Phường Láng Hạ, Quận Đống Đa, Hà Nội 99999; 1"]
    source, out = write_csv(tmp_path / "in.csv", texts), tmp_path / "out.csv"
    run("validate", source, out)
    with geoaddr.open(store="memory:") as ga:
        for text, row in zip(texts, read(out), strict=True):
            said = ga.validate(text)
            whole = {sentence.replace(";", ",") for sentence in reasons(said, "en")}
            assert set(row["reasons"].split(PARTED)) == whole


SPOKEN = [
    ("12 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh {}", "vpostcode"),
    ("{}, 5 Lê Duẩn, Phường Sài Gòn, TP.HCM", "ndas"),
]


@pytest.mark.parametrize(("text", "system"), SPOKEN)
def test_a_code_in_the_text_is_no_part_of_the_address(text: str, system: str) -> None:
    with geoaddr.open(store="memory:") as ga:
        found = ga.locate(lat=10.776, lon=106.701).vpostcode
        text = text.format(found if system == "vpostcode" else "71016 12345")
        parsed, converted, said = ga.parse(text), ga.convert(text), ga.validate(text)
        assert [code.system for code in parsed.codes] == [system]
        assert converted.components == parsed.components
        assert parsed.components.rest == ""
        assert said.normalised.new == converted.address
        (column,) = ga.convert_table(pa.array([text]))["new_address"].to_pylist()
        assert column == converted.address
        given = [part.given for part in said.components if part.name == "code"]
        assert [str(one).replace(" ", "") for one in given] == [parsed.codes[0].code]


def test_the_day_decides_what_parse_reads(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ["Phường Sài Gòn, Thành phố Hồ Chí Minh"])
    run("parse", source, tmp_path / "now.csv")
    run("parse", source, tmp_path / "then.csv", as_of="2024-06-30")
    (now,), (then,) = read(tmp_path / "now.csv"), read(tmp_path / "then.csv")
    assert (now["commune"], now["era"]) == ("Sài Gòn", "new")
    assert then["commune_code"] != now["commune_code"] or then["commune"] != "Sài Gòn"


def test_validate_gives_verdicts_and_counts_them(source: Path, tmp_path: Path) -> None:
    report = run("validate", source, tmp_path / "out.csv", lang="vi")
    rows = read(tmp_path / "out.csv")
    assert [*rows[0]] == ["id", "address", *VALIDATE_COLUMNS]
    assert (rows[0]["status"], rows[0]["normalised_new"], rows[7]["normalised_old"]) == (
        "ok",
        "112 P. Quán Thánh, Phường Ba Đình, Thành phố Hà Nội",
        "98 P. Quán Thánh, Phường Quán Thánh, Quận Ba Đình, Thành phố Hà Nội",
    )
    assert (rows[1]["verdict"], rows[1]["next_action"], rows[1]["normalised_new"]) == (
        "fix",
        "choose_candidate",
        "",
    )
    assert (rows[2]["verdict"], rows[3]["status"], rows[3]["verdict"]) == ("reject", "error", "")
    assert "chưa ghi xã, phường" in rows[5]["reasons"]
    assert sum(report.counts["verdict"].values()) == len(ADDRESSES) - 1
    assert "kết luận: " in "\n".join(report.lines("vi"))


def test_validate_reads_codes_without_addresses(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ["7P28QRJV+JQ", "1102499999"], "ndas")
    run("validate", source, tmp_path / "out.csv", code="ndas")
    one, other = read(tmp_path / "out.csv")
    assert (other["verdict"], other["next_action"]) == ("fix", "correct_code")
    assert one["verdict"] != "reject"


def test_no_column_is_known(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", ["a"], "where")
    with pytest.raises(DataError, match="--text"):
        run("convert", source, tmp_path / "out.csv")
    run("convert", source, tmp_path / "out.csv", text="where")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stopped_run_goes_on_to_the_same_bytes(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "TEXT_ROWS", 10)
    texts = [f"{n} P. Quán Thánh, Quán Thánh, Ba Đình, Hà Nội" for n in range(1, 60)]
    source = write_csv(tmp_path / "in.csv", texts)
    run("convert", source, tmp_path / "want.csv")

    class Stop(Exception):
        pass

    def stop(done: int, total: int | None) -> None:
        if done >= 30:
            raise Stop

    job = BatchJob(verb="convert", source=source, out=tmp_path / "out.csv", store="memory:", workers=1)
    with pytest.raises(Stop):
        batch(job, stop)
    assert not (tmp_path / "out.csv").exists()
    report = run("convert", source, tmp_path / "out.csv", resume=True, workers=workers)
    assert report.resumed_rows == 30
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "want.csv").read_bytes()
    with pytest.raises(InvalidInput):  # another direction is another job
        run("convert", source, tmp_path / "out.csv", resume=True, to="old")


def test_a_run_of_some_thousand_rows_tells_how_far_it_is_and_can_go_on(tmp_path: Path) -> None:
    """Texts are answered one by one, so a piece of them is some seconds of work, not minutes."""
    source = write_csv(tmp_path / "in.csv", ["Hải Châu, Đà Nẵng"] * 10_000)
    told: list[int] = []
    job = BatchJob(verb="convert", source=source, out=tmp_path / "out.parquet", store="memory:")
    batch(job, lambda done, total: told.append(done))
    assert told == [4096, 8192, 10_000]
    assert pq.ParquetFile(tmp_path / "out.parquet").num_row_groups == 1


def test_communes_that_have_had_one_code_are_two_candidates(tmp_path: Path) -> None:
    """11581 was Xã Lê Lợi and is Xã An Dương; the names of both times are read, each as what it was."""
    ga = geoaddr.open(store="memory:")
    readings = ga.parse("Xã An Dương").interpretations
    units = {(r.commune.code, r.commune.valid_from) for r in readings if r.commune}
    shares = [pair.split(":") for pair in (communes(readings) or "").split("; ")]
    assert len(shares) <= len(units)
    assert sum(round(100 * float(share)) for _, share in shares) == 100
    assert [float(share) for _, share in shares] == sorted((float(share) for _, share in shares), reverse=True)


def test_parse_answers_with_its_best_reading_whatever_the_candidates(tmp_path: Path) -> None:
    """A name that is first of all a district's leaves the commune open, and its communes stand as candidates."""
    run("parse", write_csv(tmp_path / "in.csv", ["12 Lê Lợi, Ngọc Hồi", ADDRESSES[1]]), tmp_path / "out.csv")
    ga = geoaddr.open(store="memory:")
    for row in read(tmp_path / "out.csv"):
        best = ga.parse(row["address"])
        assert row["commune_code"] == (best.commune.code if best.commune else "")
        assert row["candidates"] == (communes(best.interpretations) or "")


def test_tables_in_memory() -> None:
    ga = geoaddr.open(store="memory:")
    table = pa.table({"status": ["a", "b"], "where": ADDRESSES[:2], "y": [21.0137, None], "x": [105.8127, None]})
    found = ga.convert_table(table, "where", lat="y", lon="x")
    assert found.column_names[:5] == ["status", "where", "y", "x", "geoaddr_status"]
    assert found["commune_code"].to_pylist() == ga.convert_table(table["where"])["commune_code"].to_pylist()
    assert ga.parse_table(table["where"])["house_number"].to_pylist() == ["112", "57"]
    assert ga.parse_table(table.to_batches()[0], "where", as_of="2024-06-30").num_rows == 2
    judged = ga.validate_table(table, "where", lat="y", lon="x")
    assert judged["verdict"].to_pylist() == [
        ga.validate(ADDRESSES[0], lat=21.0137, lon=105.8127).verdict,
        ga.validate(ADDRESSES[1]).verdict,
    ]
    with pytest.raises(DataError, match="no such column"):
        ga.parse_table(table, "nowhere")
