"""A data folder that is not what it says is refused with file, line and column."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from geoaddr.errors import DataError
from geoaddr.importing.sources import read_sources
from geoaddr.importing.tables import DataFolder

DATA = Path(__file__).resolve().parents[2] / "data"
COLUMNS = ("code", "name")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small data folder without sums: two units and no correction."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "manifest.csv").write_text("file,sha256\nsources/t.csv,\nsources/corrections.csv,\n")
    (tmp_path / "sources" / "t.csv").write_text("code,name\n01,Hà Nội\n02,Hà Giang\n")
    return tmp_path


def correct(folder: Path, row: str) -> None:
    header = "file,key,column,old,new,reason,source\n"
    (folder / "sources" / "corrections.csv").write_text(header + row + "\n")


def names(folder: Path) -> dict[str, str]:
    return {line["code"]: line["name"] for line in DataFolder(folder).table("t.csv", COLUMNS, ("code",))}


@pytest.mark.parametrize(
    ("correction", "result"),
    [
        ("t.csv,01,name,Hà Nội,Thăng Long,why,who", {"01": "Thăng Long", "02": "Hà Giang"}),
        ("t.csv,01,code,01,03,why,who", {"03": "Hà Nội", "02": "Hà Giang"}),
        ("t.csv,01,(row),present,absent,why,who", {"02": "Hà Giang"}),
        ("t.csv,04,(row),absent,name=Cao Bằng,why,who", {"01": "Hà Nội", "02": "Hà Giang", "04": "Cao Bằng"}),
    ],
)
def test_a_correction_changes_drops_or_adds_a_row(folder: Path, correction: str, result: dict[str, str]) -> None:
    correct(folder, correction)
    assert names(folder) == result


@pytest.mark.parametrize(
    "correction",
    ["t.csv,01,name,Hà Tây,x,why,who", "t.csv,09,name,a,b,why,who", "t.csv,01,(row),absent,name=x,why,who"],
)
def test_a_correction_that_no_longer_fits_is_an_error(folder: Path, correction: str) -> None:
    correct(folder, correction)
    with pytest.raises(DataError, match=r"corrections.csv, line 2, column key: .*not there"):
        names(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"code\n01\n", "columns are missing: name"),
        (b"code,name\n01\n", "line 2: more or fewer fields"),
        (b"code,name\n01,a,b\n", "line 2: more or fewer fields"),
        (b"code,name\n01,a\n01,b\n", "two rows have the same key"),
        (b"code,name\n01,\xff\n", "not UTF-8"),
        ("code,name\n01,Ha\u0300\n".encode(), "not in NFC"),
    ],
)
def test_a_broken_table_is_refused(folder: Path, content: bytes, message: str) -> None:
    (folder / "sources" / "t.csv").write_bytes(content)
    with pytest.raises(DataError, match=message):
        names(folder)


def test_a_table_that_the_manifest_does_not_know_is_refused(folder: Path) -> None:
    (folder / "sources" / "u.csv").write_text("code,name\n")
    with pytest.raises(DataError, match="not listed in the manifest"):
        DataFolder(folder).table("u.csv", COLUMNS)


def test_an_altered_source_is_refused(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("*.pyc"))
    file = tmp_path / "data" / "sources" / "provinces.csv"
    file.write_text(file.read_text().replace("Hà Nội", "Thăng Long"))
    with pytest.raises(DataError, match=r"provinces\.csv: .*SHA-256 differs"):
        read_sources(tmp_path / "data")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_sources(tmp_path / "nothing")
