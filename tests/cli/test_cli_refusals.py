"""Bad lines: one clear line on standard error, an exit code, nothing on standard output, nothing written."""

from __future__ import annotations

import shlex
import sqlite3
from pathlib import Path

import pytest

from tests.command_lines import Lines

BAD = """\
code | line                                                    | says
2    | locate                                                  | Missing argument 'LAT'
2    | locate 21                                               | Missing argument 'LON'
2    | locate 21 105 7                                         | unexpected extra argument (7)
2    | locate 21 105 --asof 2025-01-01                         | '--asof'; did you mean --as-of?
2    | locat 21 105                                            | did you mean locate?
2    | units lst                                               | did you mean list?
2    | --lang fr locate 21 105                                 | 'fr' is not one of
2    | locate 105.85 21.03                                     | did you swap latitude and longitude?
2    | locate -- nan 105                                       | not a finite number
2    | locate 21 inf                                           | lon 'inf': not a finite number
2    | locate -inf 105                                         | lat '-inf': not a finite number
2    | locate 21 1e400                                         | not a finite number
2    | locate 21,03 105                                        | write a decimal point
2    | locate ２１ 105                                          | lat '２１': not a number
2    | locate '' 105                                           | lat '': not a number
2    | locate 0x15 105                                         | not a number
2    | locate 21 181                                           | longitude is outside -180 to 180
2    | locate 21 105 --uncertainty-m -1                        | uncertainty_m '-1.0': not 0 to 10,000 metres
2    | locate 21 105 --uncertainty-m 10000.1                   | not 0 to 10,000 metres
2    | locate 21 105 --uncertainty-m nan                       | not a finite number
2    | locate 21 105 --uncertainty-m 5m                        | uncertainty_m '5m': not a number
2    | batch resolve in.csv -o out.csv --uncertainty acc       | resolve does not use it
2    | locate 21 105 --as-of 2017-12-31                        | begins on 2018-01-01
2    | locate 21 105 --as-of 31/12/2025                        | write YYYY-MM-DD
2    | locate 21 105 --pack /nowhere/vn.gapack                 | /nowhere/vn.gapack: no such pack
2    | resolve 1102412345 --store mysql://host/db              | not a registry's URL
1    | resolve ''                                              | empty
1    | resolve 11024                                           | code '11024'
1    | resolve １１０２４１２３４５                              | full-width
1    | resolve 11024-1234                                      | code '11024-1234'
1    | unit 99999                                              | no administrative unit has this code
1    | unit 1                                                  | 2, 3 or 5 digits
1    | unit 760                                                | Quận 1 had it during
2    | unit 00070 --boundary --tolerance-m -1                  | tolerance_m '-1.0': not a number from
2    | unit 00070 --boundary --zoom 3                          | zoom '3': not a whole number from 4 to 22
2    | unit 00070 --boundary --tolerance-m 1_0                 | tolerance_m '1_0': not a number
2    | unit 00070 --boundary --zoom nine                       | '--zoom'
2    | unit 00070 --zoom 9                                     | zoom '9': goes with --boundary
2    | data export                                             | '--out'
2    | data export -o out.shp                                  | out.shp: not one of: .geojson, .json, .gpkg
2    | data export -o out.gpkg --level district                | 'district' is not one of
2    | data export -o out.gpkg --unit 00070 --level province   | unit '00070': Phường Hoàn Kiếm is no province
2    | data export -o out.gpkg --zoom 9 --tolerance-m 9        | give either zoom or tolerance_m
2    | data export -o out.gpkg --as-of 2025-06-30              | as_of '2025-06-30': no boundaries of this day
1    | data export -o out.gpkg --unit 99999                    | no administrative unit has this code
1    | units list --parent 77                                  | parent '77': no unit had this code
1    | units list --parent 999                                 | parent '999'
2    | units list --level ward                                 | 'ward' is not one of
2    | assign --lat 21 --lon 105                               | commune: required
2    | assign --lon 105 --commune 00070                        | '--lat'
2    | assign --lat 15.0 --lon 112.9 --commune 00070           | no commune holds this point
2    | assign --lat 21.03 --lon 105.85 --commune 99999         | no such commune
2    | assign --lat 21.03 --lon 105.85 --commune 26740         | km from the point
2    | assign --lat 21.03 --lon 105.85 --commune 'Tân An'      | communes have this name
2    | assign --lat 21.03 --lon 105.85 --components '[1]'      | not a JSON object
2    | assign --lat 21.03 --lon 105.85 --components '{'        | not JSON
2    | assign --lat 21.03 --lon 105.85 --components '{"a":1}'  | a '1': not a field of an address
2    | assign --lat 21.03 --lon 105.85 --commune 00070 --uncertainty-m -5   | uncertainty_m
2    | assign --lat 21.03 --lon 105.85 --commune 00070 --poi 'gọi 0912345678' | telephone number
1    | registry history 1102412345                             | no registry yet
2    | registry confirm 1102412345 --round 0                   | '--round'
2    | registry confirm 1102412345 --round 4                   | '--round'
2    | registry supersede 1102412345                           | '--by'
2    | registry load /nowhere.csv                              | /nowhere.csv: no such file
1    | registry export -o /nowhere/x.csv                       | no registry yet
1    | registry backup /nowhere/copy.db                        | no registry yet
2    | data import /nowhere.gpkg -o x.gapack                   | /nowhere.gpkg: no such file
2    | data fetch ftp://host/file -o x.gapack                  | not an http or https address
2    | data fetch http://host/f --sha256 12 -o x.gapack        | not a SHA-256
2    | data check --links /nowhere                             | holds 0 files
2    | batch guess in.csv -o out.csv                           | 'guess' is not one of
2    | batch locate /nowhere.csv -o out.csv                    | /nowhere.csv: no such file
2    | batch locate in.csv                                     | '-o'
2    | serve --host 0.0.0.0 --open                             | loopback
2    | serve --workers 0                                       | workers
"""

IN_A_REGISTRY = """\
code | line                                         | says
1    | registry history 123                         | code '123'
1    | registry confirm 11024-1234                  | code '11024-1234'
1    | registry retire 'x y'                        | code 'x y'
1    | registry supersede 1102412345 --by 12        | code '12'
1    | registry history 1102412345                  | never issued
1    | registry retire 1102412345                   | never issued
2    | registry export -o /nowhere/x.csv            | /nowhere/x.csv: cannot be written
"""


def rows_of(table: str) -> list[list[str]]:
    return [[part.strip() for part in row.split(" | ")] for row in table.splitlines()[1:]]


ROWS = rows_of(BAD)


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_bad_lines(line: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    code, words, says = row
    ran = line(*shlex.split(words))
    assert says in ran.complaint
    assert (ran.code, ran.out) == (int(code), "")
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("registry.db")] == []


@pytest.mark.parametrize("row", rows_of(IN_A_REGISTRY), ids=lambda row: row[1])
def test_bad_lines_about_a_registry(line: Lines, row: list[str]) -> None:
    line("registry", "init")
    code, words, says = row
    ran = line(*shlex.split(words))
    assert says in ran.complaint
    assert (ran.code, ran.out) == (int(code), "")


VIETNAMESE = """\
locate                      | thiếu tham số 'LAT'
locat 21 105                | không có lệnh 'locat'; có phải locate?
locate 21 105 --bogus       | không có tùy chọn '--bogus'
locate 21 105 --asof 2025-01-01 | không có tùy chọn '--asof'; có phải --as-of?
locate 21 105 --json=1      | tùy chọn '--json' không nhận giá trị
locate 21 105 7             | thừa tham số: 7
units list --level ward     | giá trị không hợp lệ cho '--level': 'ward' không thuộc các giá trị
registry confirm 1 --round 4 | giá trị không hợp lệ cho '--round': phải là số từ 1 đến 3
serve --port x              | giá trị không hợp lệ cho '--port': phải là số nguyên
data check --addresses x    | phải đi cùng --against
assign --lat 21.03 --lon 105.85 --components '{"a":1}' | không phải trường của địa chỉ
registry load /nowhere.csv  | không có tệp này
assign --lat 21.03 --lon 105.85 --commune 00070 --poi 'gọi 0912345678' | poi: bản ghi địa chỉ không được chứa
locate 105.85 21.03         | có phải vĩ độ và kinh độ bị đổi chỗ?
locate x 105                | không phải là số
locate 21 105 --uncertainty-m 20000 | phải từ 0 đến 10.000 mét
resolve ''                  | trống
unit 99999                  | không có đơn vị hành chính nào mang mã này
registry history 1102412345 | chưa có sổ đăng ký
"""


@pytest.mark.parametrize("row", VIETNAMESE.splitlines())
def test_bad_lines_in_vietnamese(line: Lines, row: str) -> None:
    words, says = (part.strip() for part in row.split(" | "))
    for placed in (["--lang", "vi", *shlex.split(words)], [*shlex.split(words), "--lang=vi"]):
        assert says in line(*placed).complaint
    assert says in line(*shlex.split(words), LC_ALL="vi_VN.UTF-8").complaint


def test_an_option_without_its_value_in_vietnamese(line: Lines) -> None:
    assert line("--lang", "vi", "locate", "21", "105", "--as-of").complaint == "tùy chọn '--as-of' cần một giá trị"


def test_an_enormous_code_is_refused_in_a_short_line(line: Lines) -> None:
    ran = line("resolve", "9" * 100_000)
    assert ran.code == 1
    assert len(ran.complaint) < 400


def test_json_goes_with_the_same_one_line(line: Lines) -> None:
    ran = line("unit", "99999", "--json")
    assert (ran.code, ran.out) == (1, "")
    assert "99999" in ran.complaint


def test_a_group_alone_shows_its_commands_and_says_that_one_is_missing(line: Lines) -> None:
    for words in ([], ["registry"], ["data"], ["units"]):
        ran = line(*words)
        assert ran.code == 2
        assert "Commands:" in ran.out
        assert "a command is missing" in ran.complaint


def test_a_broken_pack_and_a_registry_that_is_none(line: Lines, tmp_path: Path) -> None:
    whole = line("data", "info", "--json").answer["file"]
    cut, other = tmp_path / "cut.gapack", tmp_path / "other.db"
    cut.write_bytes(Path(whole).read_bytes()[:10_000])
    other.write_text("not a database")
    assert "truncated" in line("locate", "21", "105", "--pack", cut).complaint
    ran = line("registry", "stats", "--store", f"sqlite:///{other}")
    assert (ran.code, other.read_text()) == (2, "not a database")
    assert "other.db" in ran.complaint


def test_a_registry_of_a_newer_schema(line: Lines, tmp_path: Path) -> None:
    line("registry", "init")
    with sqlite3.connect(tmp_path / "registry.db") as database:
        database.execute("PRAGMA user_version = 99")
    for words in (["resolve", "1102412345"], ["registry", "stats"], ["registry", "init"]):
        ran = line(*words)
        assert (ran.code, "schema 99" in ran.complaint) == (2, True)
    assert line("doctor").code == 1


def test_deeply_nested_components_are_refused(line: Lines) -> None:
    nested = "[" * 100_000
    ran = line("assign", "--lat", "21", "--lon", "105", "--components", "-", stdin=nested)
    assert (ran.code, ran.complaint.startswith("components")) == (2, True)
