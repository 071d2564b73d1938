"""Files that are wrong, and disks that are full: one line says so, nothing is half-written, memory is bounded."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geoaddr.bulk import ragged
from geoaddr.bulk.job import BatchJob
from geoaddr.errors import DataError
from geoaddr.platform import batch
from tests.command_lines import Lines
from tests.tables import read

HERE = {"type": "Point", "coordinates": [105.8542, 21.0285]}
SQUARE = {"type": "Polygon", "coordinates": [[[105, 21], [106, 21], [106, 22], [105, 21]]]}
MIB = 2**20
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def locate(source: Path, out: Path, **how: Any) -> list[dict[str, str]]:
    batch(BatchJob(verb="locate", source=source, out=out, store="memory:", **how))
    return read(out) if out.suffix == ".csv" else []


@pytest.fixture
def line(tmp_path: Path) -> Lines:
    return Lines(tmp_path)


def features(*geometries: Any) -> bytes:
    listed = [{"type": "Feature", "properties": {"n": n}, "geometry": g} for n, g in enumerate(geometries)]
    return json.dumps({"type": "FeatureCollection", "features": listed}).encode()


POINT_ROW = b"1,21.0285,105.8542\n"
REFUSED = {
    "nothing.csv": (b"", "the file is empty"),
    "nothing.parquet": (b"", "the file is empty"),
    "nothing.xlsx": (b"", "the file is empty"),
    "nothing.geojson": (b"", "the file is empty"),
    "utf16.csv": (
        "id,lat,lon\n1,21,105\n".encode("utf-16"),
        "line 1: not UTF-8: byte 1 is 0xff, as in UTF-16; save it as 'CSV UTF-8'",
    ),
    "late.csv": (
        b"id,lat,lon\n" + POINT_ROW * 100_000 + b"\xff,21,105\n",
        "line 100002: not UTF-8: byte 1900012 is 0xff, as in Latin-1; save it as 'CSV UTF-8'",
    ),
    "utf16 without a mark.csv": (
        "id,lat,lon\n1,21,105\n".encode("utf-16-le"),
        "line 1: not UTF-8: byte 2 is 0x00, as in UTF-16; save it as 'CSV UTF-8'",
    ),
    "viet.csv": (
        "id,địa chỉ,lat,lon\n1,Lê Lợi,21,105\n".replace("ợ", "ơ\u0323")
        .replace("ị", "i\u0323")
        .replace("ỉ", "i\u0309")
        .encode("cp1258"),
        "line 1: not UTF-8: byte 4 is 0xf0, as in Windows-1258; save it as 'CSV UTF-8'",
    ),
    "row.csv": (b"id,lat,lon\n" + POINT_ROW + b"x" * 5_000_000 + b",21,105\n", "a row is longer than a megabyte"),
    "quote.csv": (b"id,lat,lon\n" + POINT_ROW + b'"' + POINT_ROW * 200_000, "a row is longer than a megabyte"),
    "header.csv": (b"x" * 5_000_000 + b",lat,lon\n1,21,105\n", "a row is longer than a megabyte"),
    "twice.csv": (b"lat,lat,lon\n21,21,105\n", "column lat: two columns have this name"),
    "object.geojson": (b'{"a": 1}', "cannot be read: it is not of the format that its ending names"),
    "deep.geojson": (b'{"type":"FeatureCollection","features":' + b"[" * 1_000_000, "Too many nested objects"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_one_line_in_both_languages(tmp_path: Path, name: str) -> None:
    content, reason = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        locate(tmp_path / name, tmp_path / "out.csv")
    assert reason in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value) + caught.value.message("vi")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("content", [b"id,lat,lon\n", b"id,lat,lon", b"\xef\xbb\xbfid;lat;lon\r\n"])
def test_a_header_alone_is_a_file_of_no_rows(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    assert locate(tmp_path / "in.csv", tmp_path / "out.csv") == []
    assert (tmp_path / "out.csv").read_text().startswith('"id","lat","lon","status"')


def test_a_parquet_file_whose_pages_are_damaged_is_said_of_the_input(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"lat": [21.0285] * 50, "lon": [105.8542] * 50}), source)
    raw = bytearray(source.read_bytes())
    raw[4:60] = bytes(56)
    source.write_bytes(raw)
    with pytest.raises(DataError, match=r"in.parquet: cannot be read"):
        locate(source, tmp_path / "out.csv")


def test_a_small_parquet_file_of_large_rows_is_refused_in_bounded_memory(line: Lines, tmp_path: Path) -> None:
    """Twenty gigabytes of text in some kilobytes: one value, which all rows share."""
    rows, source = 65_536, tmp_path / "in.parquet"
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 300_000]))
    table = pa.table({"lat": pa.repeat(21.0, rows), "lon": pa.repeat(105.8, rows), "note": shared})
    pq.write_table(table, source, store_schema=False)
    assert source.stat().st_size < MIB
    code, most_mib, said = measured(line, "batch", "locate", source, "-o", tmp_path / "out.csv")
    assert (code, most_mib < 2048) == (2, True)
    assert "in.parquet: its rows are too large" in said


@pytest.mark.parametrize(
    ("content", "statuses"),
    [
        (features({"type": "GeometryCollection", "geometries": [HERE]}, HERE), ["error", "partial"]),
        (features(SQUARE, HERE), ["error", "partial"]),
        (features(None, HERE), ["error", "partial"]),
        (features(SQUARE), ["error"]),
        (features(), []),
        (json.dumps(HERE).encode(), ["partial"]),
    ],
    ids=["a collection", "a polygon", "no geometry", "polygons alone", "no features", "a bare point"],
)
def test_geojson_of_other_kinds(tmp_path: Path, content: bytes, statuses: list[str]) -> None:
    (tmp_path / "in.geojson").write_bytes(content)
    rows = locate(tmp_path / "in.geojson", tmp_path / "out.csv")
    assert [row["status"] for row in rows] == statuses


def test_a_nul_and_columns_of_one_name_are_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"id,id,lat,lon\n1\x00,x,21.0285,105.8542\n")
    locate(tmp_path / "in.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().split(b"\n")[1].startswith(b'"1\x00","x"')


class TestSheets:
    """Excel, which people make by hand."""

    def test_formulas_have_no_value_that_was_never_computed(self, tmp_path: Path) -> None:
        rows = self.located(tmp_path, ["id", "lat", "lon"], [1, "=21+0.0285", 105.8542], [2, 21.0285, 105.8542])
        assert [row["status"] for row in rows] == ["error", "partial"]
        assert rows[0]["error"] == "lat: empty or not a finite number"

    def test_a_merged_title_above_the_header_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"no column is known to hold the latitude; .* one of: Toạ độ"):
            self.located(tmp_path, ["Toạ độ", None, None], ["id", "lat", "lon"], [1, 21, 105])

    def test_cells_beyond_the_header_and_short_rows_are_kept(self, tmp_path: Path) -> None:
        rows = self.located(tmp_path, ["lat", "lon"], [21.0285], [21.0285, 105.8542, None, "a note"])
        assert [row["status"] for row in rows] == ["error", "partial"]
        assert (tmp_path / "out.csv").read_text().splitlines()[2].startswith('21.0285,105.8542,,"a note"')

    @pytest.mark.parametrize(
        ("values", "want"),
        [
            ([1, 2], ["1", "2"]),
            ([1, 2.5], ["1", "2.5"]),
            ([1, "b"], ["1", "b"]),
            ([True, 2], ["True", "2"]),
        ],
    )
    def test_a_column_is_of_numbers_when_all_its_cells_are(
        self, tmp_path: Path, values: list[Any], want: list[str]
    ) -> None:
        rows = self.located(tmp_path, ["v", "lat", "lon"], *([v, 21.0285, 105.8542] for v in values))
        assert [row["v"] for row in rows] == want

    @pytest.mark.parametrize("member", ["rows", "one cell", "shared texts"])
    def test_a_bomb_is_refused_before_it_unpacks(self, tmp_path: Path, member: str) -> None:
        """Hundreds of megabytes in some hundred kilobytes."""
        sheet = f"<worksheet {MAIN}><sheetData>"
        inside = {
            "rows": ("xl/worksheets/sheet1.xml", sheet, "<row><c><v>21</v></c><c><v>105</v></c></row>"),
            "one cell": ("xl/worksheets/sheet1.xml", sheet + '<row><c t="inlineStr"><is><t>', "lat "),
            "shared texts": ("xl/sharedStrings.xml", f"<sst {MAIN}>", "<si><t>aaaaaaaaaaaaaaaaaaaaaaaa</t></si>"),
        }
        self.put(tmp_path / "bomb.xlsx", *inside[member], times=200)
        with pytest.raises(DataError, match="unpacks to far more than a sheet of its size holds"):
            locate(tmp_path / "bomb.xlsx", tmp_path / "out.csv")

    def test_a_row_without_an_end_is_refused_however_badly_it_packs(self, tmp_path: Path) -> None:
        noise = os.urandom(600_000).hex()  # packs to half its size
        head = f'<worksheet {MAIN}><sheetData><row><c t="inlineStr"><is><t>'
        self.put(tmp_path / "long.xlsx", "xl/worksheets/sheet1.xml", head, noise, times=20)
        with pytest.raises(DataError, match="unpacks to far more than a sheet of its size holds"):
            locate(tmp_path / "long.xlsx", tmp_path / "out.csv")

    @staticmethod
    def located(folder: Path, *rows: list[Any]) -> list[dict[str, str]]:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / "in.xlsx")
        return locate(folder / "in.xlsx", folder / "out.csv")

    @staticmethod
    def put(path: Path, name: str, head: str, unit: str, times: int) -> None:
        """A sound workbook with one member that is a megabyte so many times."""
        openpyxl.Workbook().save(path.with_suffix(".sound"))
        with zipfile.ZipFile(path.with_suffix(".sound")) as sound, zipfile.ZipFile(path, "w", 8) as bomb:
            for other in sound.namelist():
                if other != name:
                    bomb.writestr(other, sound.read(other))
            with bomb.open(name, "w") as member:
                member.write(head.encode())
                block = (unit * (MIB // len(unit) + 1)).encode()
                for _ in range(times):
                    member.write(block)


def test_rows_of_another_width_alone_go_through_in_lots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ragged, "MOST_TOGETHER", 10)
    lines = [f"{n},21.0285" + (",105.8542" if n in (37, 38, 99) else "") for n in range(123)]
    (tmp_path / "in.csv").write_text("id,lat,lon\n" + "\n".join(lines))
    rows = locate(tmp_path / "in.csv", tmp_path / "out.csv")
    assert [row["id"] for row in rows] == [str(n) for n in range(123)]
    assert [n for n, row in enumerate(rows) if row["status"] == "partial"] == [37, 38, 99]


def test_a_header_of_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ragged, "MOST_HELD", 100)
    (tmp_path / "in.csv").write_text("id,lat,lon\n" + "1,21\n" * 200)
    with pytest.raises(DataError, match=r"this row has 2 columns, the header 3"):
        locate(tmp_path / "in.csv", tmp_path / "out.csv")


def points(path: Path, rows: int) -> Path:
    lines = [f"{n},{9 + n * 7 % 1400 / 100},{103 + n * 11 % 600 / 100}" for n in range(rows)]
    path.write_text("id,lat,lon\n" + "\n".join(lines) + "\n")
    return path


def same(one: Path, other: Path) -> bool:
    """The same bytes or, in Parquet, the same rows."""
    if one.suffix == ".parquet":
        return bool(pq.read_table(one).equals(pq.read_table(other)))
    return one.read_bytes() == other.read_bytes()


def files_up_to(size: int) -> Any:
    """As a disk that is full once a file has so many bytes."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize(("ending", "full_for"), [("csv", "pieces"), ("csv", "output"), ("parquet", "pieces")])
def test_a_disk_that_is_full_stops_the_run_and_it_goes_on(
    line: Lines, tmp_path: Path, ending: str, full_for: str
) -> None:
    source, out, want = (
        points(tmp_path / "in.csv", 150_000),
        tmp_path / f"out.{ending}",
        tmp_path / f"want.{ending}",
    )
    assert line.real("batch", "locate", source, "-o", want).code == 0
    most = MIB if full_for == "pieces" else want.stat().st_size - 1
    words = [sys.executable, "-m", "geoaddr.cli", "batch", "locate", str(source), "-o", str(out), "--workers", "1"]
    ran = subprocess.run(
        words, env=line.whole_environment, capture_output=True, text=True, preexec_fn=files_up_to(most)
    )
    assert ran.returncode == 2
    (complaint,) = [said for said in ran.stderr.splitlines() if said.startswith("geoaddr: ")]
    assert f"{out.name}: cannot be written: File too large" in complaint
    assert {path.name for path in tmp_path.iterdir()} == {source.name, want.name, f".{out.name}.parts"}
    assert line.real(*words[3:], "--resume").code == 0
    assert same(out, want)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_run_that_was_killed_goes_on_to_the_same(line: Lines, tmp_path: Path, ending: str) -> None:
    source, out, want = (
        points(tmp_path / "in.csv", 400_000),
        tmp_path / f"out.{ending}",
        tmp_path / f"want.{ending}",
    )
    run = line.start("batch", "locate", source, "-o", out, "--workers", "2")
    until = time.monotonic() + 60
    while not [*tmp_path.glob(".out.*.parts/*.arrow")] and run.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)
    assert not out.exists()
    assert line.real("batch", "locate", source, "-o", out, "--resume", "--json").answer["resumed_rows"] > 0
    assert line.real("batch", "locate", source, "-o", want).code == 0
    assert same(out, want)


PEAK = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "geoaddr.cli", *sys.argv[1:]])
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def measured(line: Lines, *words: object) -> tuple[int, int, str]:
    """How a command ended, the most that it held, MiB, and what it complained of."""
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, *map(str, words)], env=line.whole_environment, capture_output=True, text=True
    )
    code, most = map(int, ran.stdout.splitlines()[-1].split())
    return code, most, ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("row", ["{n},north,x", "{n},21"], ids=["no points", "another width"])
def test_a_million_bad_rows_have_an_error_each(line: Lines, tmp_path: Path, row: str) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,lat,lon\n" + "\n".join(row.format(n=n) for n in range(1_000_000)) + "\n")
    code, most_mib, said = measured(line, "batch", "locate", source, "-o", out, "--workers", 2)
    assert (code, most_mib < 700) == (0, True), said
    rows = read(out)
    assert [row["id"] for row in rows] == [str(n) for n in range(1_000_000)]
    assert {row["status"] for row in rows} == {"error"}


@pytest.mark.slow
def test_ten_million_rows_take_less_than_a_gibibyte(line: Lines, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    lot = points(tmp_path / "lot.csv", 100_000).read_text().partition("\n")
    with source.open("w") as file:
        file.write(lot[0] + "\n")
        for _ in range(100):
            file.write(lot[2])
    code, most_mib, said = measured(line, "batch", "locate", source, "-o", tmp_path / "out.csv", "--workers", 2)
    assert (code, most_mib < 1024) == (0, True), said
    print(f"{most_mib} MiB")
