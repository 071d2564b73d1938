"""Archives from strangers."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from geoaddr.errors import DataError
from geoaddr.importing import archive
from geoaddr.importing.archive import unpack


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inside"
    made.mkdir()
    return made


def test_plain_files_in_folders(zipped: Path, folder: Path) -> None:
    with zipfile.ZipFile(zipped, "w") as made:
        made.mkdir("a")
        made.writestr("a/b.geojson", "{}")
    unpack(zipped, folder)
    assert (folder / "a" / "b.geojson").read_text() == "{}"


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "C:\\x", "a\\..\\x", "c:x"])
def test_names_that_lead_outside(zipped: Path, folder: Path, name: str) -> None:
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("good.geojson", "{}")
        made.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(DataError, match="leads outside the archive"):
        unpack(zipped, folder)
    assert list(folder.iterdir()) == []
    assert not (folder.parent / "x").exists()


def test_links(zipped: Path, folder: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="'link' is not a plain file"):
        unpack(zipped, folder)


def test_two_members_of_one_name(zipped: Path, folder: Path) -> None:
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("a", "1")
        made.writestr("b", "2")
    zipped.write_bytes(zipped.read_bytes().replace(b"b", b"a"))
    with pytest.raises(DataError, match="two members of one name"):
        unpack(zipped, folder)


def test_a_bomb_is_not_unpacked(zipped: Path, folder: Path) -> None:
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as made, made.open("zeros", "w") as member:
        for _ in range(80):
            member.write(bytes(2**20))
    with pytest.raises(DataError, match="shrunk more than 200 times"):
        unpack(zipped, folder)
    assert list(folder.iterdir()) == []


def test_limits(zipped: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(zipped, "w") as made:
        for n in range(3):
            made.writestr(f"{n}", "x" * 100)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    with pytest.raises(DataError, match="more than 2 members"):
        unpack(zipped, folder)
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 299)
    with pytest.raises(DataError, match="unpacks to more than"):
        unpack(zipped, folder)


def test_a_member_that_is_larger_than_it_said(zipped: Path, folder: Path) -> None:
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a", "x" * 5000)
    told = zipped.read_bytes().replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    zipped.write_bytes(told)
    with pytest.raises(DataError, match="damaged"):
        unpack(zipped, folder)


def test_a_damaged_archive(zipped: Path, folder: Path) -> None:
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("a", "x" * 5000)
    zipped.write_bytes(zipped.read_bytes()[:3000])
    with pytest.raises(DataError, match="damaged zip"):
        unpack(zipped, folder)
